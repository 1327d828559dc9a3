"""Why a field has its value: which source gave it, and what the others say. For people, so slower than reading the page.

A field of a product, and of a tile of a result list, knows its sources; all of them are asked.
"""

from collections.abc import Iterator
from datetime import date
from typing import Any, NamedTuple

from pydantic_core import to_jsonable_python

from azscraper.errors import Detail, InvalidInputError
from azscraper.kinds.details import attributes
from azscraper.kinds.details.read import FIELDS, parse_product
from azscraper.kinds.recognise import parse
from azscraper.kinds.search.read import heard_of, parse_search, tile_sources, tiles_of
from azscraper.parse.document import Document
from azscraper.records import PageKind, Product, SearchRow
from azscraper.records.base import PageRecord

_OF_THE_FETCH = {"fetched_at", "requested_asin", "parser_version", "warnings"}
_EMPTY: tuple[object, ...] = (None, (), [], {}, "", False)


class Said(NamedTuple):
    """What one source says; of the first that says something the field has its value."""

    source: str
    value: Any
    used: bool


class Explanation(NamedTuple):
    """A field of one record: the product's, or of the tile at a position."""

    value: Any
    sources: list[Said]
    position: int | None = None
    asin: str | None = None

    def as_json(self) -> dict[str, Any]:
        """For the wire: the place of a tile first, where it is one."""
        place = {"position": self.position, "asin": self.asin} if self.position is not None else {}
        return place | {"value": self.value, "sources": [said._asdict() for said in self.sources]}


def explain(body: bytes, url: str, field: str, fetched_on: date | None = None) -> tuple[str, list[Explanation]]:
    """What the page is, and the field of its product or of each of its tiles; empty where its kind has no such field.

    ``field`` is a JSON name (``listPrice``). Raises InvalidInputError for a name that neither record has.
    """
    names = _names(field)
    parsed = parse(body, url, fetched_on)
    document = Document(body, url, fetched_on)
    if parsed.kind == PageKind.PRODUCT and names[0]:
        return parsed.kind, [_product(document, names[0])]
    if parsed.kind == PageKind.SEARCH and names[1]:
        return parsed.kind, list(_rows(document, url, names[1]))
    return parsed.kind, []


def sources_of(record: type[PageRecord], name: str) -> list[str]:
    """The sources of a record's field by name, best first; none for what the address, the fetch or the page as a whole says."""
    if record is SearchRow:
        return tile_sources(name)
    return [source.name for source in FIELDS[name].sources] if name in FIELDS else attributes.row_sources(name)


def _names(field: str) -> tuple[str | None, str | None]:
    """The attribute of a product and of a row behind a JSON name."""
    product, row = (
        next((name for name, info in model.model_fields.items() if field in {name, info.alias}), None)
        for model in (Product, SearchRow)
    )
    if (product or row) is None or field in _OF_THE_FETCH or (product or row) in _OF_THE_FETCH:
        known = sorted({
            str(info.alias or name)
            for model in (Product, SearchRow)
            for name, info in model.model_fields.items()
            if name not in _OF_THE_FETCH
        })  # fmt: skip
        message = f"{field[:60]!r} is not a field that is read from a page; fields are {', '.join(known)}"
        raise InvalidInputError(message, [Detail("explain", message)])
    return product, row


def _product(document: Document, name: str) -> Explanation:
    value = getattr(parse_product(document), name)
    field = FIELDS.get(name)
    said = field.heard(document) if field else attributes.heard_in_rows(document, name)
    said = said or [("chosen variant, page or address", value)]
    return Explanation(_json(value), _marked(said, has_value=value not in _EMPTY))


def _marked(said: list[tuple[str, Any]], *, has_value: bool) -> list[Said]:
    first = next((place for place, (_, value) in enumerate(said) if value not in _EMPTY), None)
    return [
        Said(source, None if value in _EMPTY else _json(value), has_value and place == first)
        for place, (source, value) in enumerate(said)
    ]


def _rows(document: Document, url: str, name: str) -> Iterator[Explanation]:
    for tile, row in zip(tiles_of(document), parse_search(document, url).rows, strict=True):
        value = getattr(row, name)
        said = heard_of(tile, name) or [("page, address or place in the page", value)]
        yield Explanation(_json(value), _marked(said, has_value=value not in _EMPTY), row.position, row.asin)


def _json(value: Any) -> Any:
    return to_jsonable_python(value, by_alias=True)
