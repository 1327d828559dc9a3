"""Why a field has its value: which source gave it, and what the others say. For people, so slower than reading the page.

A field of a product, of a tile of a result list and of what such a page says about itself knows its sources; all of them are asked.
"""

from collections.abc import Iterator
from dataclasses import asdict
from datetime import date, datetime, time
from typing import Any, NamedTuple

from pydantic_core import to_jsonable_python

from azscraper.errors import Detail, InvalidInputError
from azscraper.kinds.details import attributes
from azscraper.kinds.details.read import FIELDS, parse_product
from azscraper.kinds.recognise import parse
from azscraper.kinds.search import summary
from azscraper.kinds.search.read import heard_of, parse_search, tile_sources
from azscraper.kinds.search.tiles import tiles_of
from azscraper.kinds.unread import unread
from azscraper.parse.document import Document
from azscraper.parse.page import Page
from azscraper.records import PageKind, PageSummary, Product, SearchRow
from azscraper.records.parts import Record

_OF_THE_FETCH = {"record", "fetched_at", "requested_asin", "parser_version", "warnings"}
_MODELS: tuple[type[Record], ...] = (Product, SearchRow, PageSummary)
_EMPTY: tuple[object, ...] = (None, (), [], {}, "", False)


class Said(NamedTuple):
    """What one source says; of the first that says something the field has its value."""

    source: str
    value: Any
    used: bool


class Explanation(NamedTuple):
    """A field of one record: the product's, of the tile at a position, or of the summary of a page of results."""

    value: Any
    sources: list[Said]
    position: int | None = None
    asin: str | None = None

    def as_json(self) -> dict[str, Any]:
        """For the wire: the place of a tile first, where it is one."""
        place = {"position": self.position, "asin": self.asin} if self.position is not None else {}
        return place | {"value": self.value, "sources": [said._asdict() for said in self.sources]}


def explain(body: bytes, url: str, field: str, fetched_on: date | None = None) -> tuple[str, list[Explanation]]:
    """What the page is, and the field of its product, of each of its tiles or of its summary; empty where its kind has no such field.

    ``field`` is a JSON name (``listPrice``). Raises InvalidInputError for a name that no record has.
    """
    product, row, of_page = _names(field)
    parsed = parse(body, url, fetched_on)
    document = Document(body, url, fetched_on)
    if parsed.kind == PageKind.PRODUCT and product:
        return parsed.kind, [_product(document, product)]
    if parsed.kind == PageKind.SEARCH and row:
        return parsed.kind, list(_rows(document, url, row))
    if parsed.summary is not None and of_page:
        return parsed.kind, [_summary(document, url, of_page)]
    return parsed.kind, []


def explain_all(body: bytes, url: str, fetched_on: date | None = None) -> tuple[str, dict[str, Any]]:
    """What the page is, each field of its records by JSON name as ``explain`` has it, its layout, and the named regions that no source asks for."""
    parsed = parse(body, url, fetched_on)
    models = (
        {PageKind.PRODUCT: (Product,), PageKind.SEARCH: (PageSummary, SearchRow)}.get(PageKind(parsed.kind), ())
        if parsed.type
        else ()
    )
    fields = {
        name: [one.as_json() for one in explain(body, url, name, fetched_on)[1]]
        for model in models
        for name in _fields(model)
    }
    found = unread(Page(body, url, fetched_at=datetime.combine(fetched_on, time.min) if fetched_on else None))
    layout = {"kind": found.kind, "device": found.device, "title": found.title} if found else None
    return parsed.kind, {
        "fields": fields,
        "layout": layout,
        "unread": [asdict(one) for one in found.regions] if found else [],
    }


def _fields(model: type[Record]) -> list[str]:
    return [str(info.alias or name) for name, info in model.model_fields.items() if name not in _OF_THE_FETCH]


def sources_of(record: type[Record], name: str) -> list[str]:
    """The sources of a record's field by name, best first; none for what the address, the fetch or the page as a whole says."""
    if record is SearchRow:
        return tile_sources(name)
    if record is PageSummary:
        return summary.field_sources(name)
    return [source.name for source in FIELDS[name].sources] if name in FIELDS else attributes.row_sources(name)


def _names(field: str) -> tuple[str | None, str | None, str | None]:
    """The attribute of a product, of a row and of a summary behind a JSON name."""
    product, row, of_page = (
        next((name for name, info in model.model_fields.items() if field in {name, info.alias}), None)
        for model in _MODELS
    )
    if (product or row or of_page) is None or field in _OF_THE_FETCH or (product or row) in _OF_THE_FETCH:
        known = sorted({
            str(info.alias or name)
            for model in _MODELS
            for name, info in model.model_fields.items()
            if name not in _OF_THE_FETCH
        })  # fmt: skip
        message = f"{field[:60]!r} is not a field that is read from a page; fields are {', '.join(known)}"
        raise InvalidInputError(message, [Detail("explain", message)])
    return product, row, of_page


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


def _summary(document: Document, url: str, name: str) -> Explanation:
    value = getattr(parse_search(document, url).summary, name)
    said = summary.heard_of(document, name) or [("page or address", value)]
    return Explanation(_json(value), _marked(said, has_value=value not in _EMPTY))


def _json(value: Any) -> Any:
    return to_jsonable_python(value, by_alias=True)
