"""Why a field has its value: which source gave it, and what the others say. For people, so slower than reading the page.

A product's field knows its sources; all of them are asked. A tile of a result list has too
many forms for a list of sources, so what gave its value is found by leaving parts out and reading again.
"""

from collections.abc import Iterator
from datetime import date
from typing import Any, NamedTuple

from pydantic_core import to_jsonable_python

from azscraper.errors import Detail, InvalidInputError
from azscraper.kinds.details import attributes
from azscraper.kinds.details.read import FIELDS, parse_product
from azscraper.kinds.recognise import classify
from azscraper.kinds.search.read import parse_search, read_tile, tiles_of
from azscraper.kinds.search.tile import Tile
from azscraper.parse.document import Document, Node, attr
from azscraper.records import PageKind, Product, SearchRow

_OF_THE_FETCH = {"fetched_at", "requested_asin", "parser_version", "warnings"}
_MOST_SOURCES = 6
_SHALLOW = 2
_EMPTY: tuple[object, ...] = (None, (), {}, "", False)


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


def explain(body: bytes, url: str, field: str, fetched_on: date | None = None) -> tuple[PageKind, list[Explanation]]:
    """What the page is, and the field of its product or of each of its tiles; empty where its kind has no such field.

    ``field`` is a JSON name (``listPrice``). Raises InvalidInputError for a name that neither record has.
    """
    names = _names(field)
    document = Document(body, url, fetched_on)
    kind = classify(document, body, url)
    if kind is PageKind.PRODUCT and names[0]:
        return kind, [_product(document, names[0])]
    if kind is PageKind.SEARCH and names[1]:
        return kind, list(_rows(document, url, names[1]))
    return kind, []


def sources_of(name: str) -> list[str]:
    """The sources of a product's field by name, best first; none for what the address, the fetch or the page as a whole says."""
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
        message = f"{field[:60]!r} is no field that is read from a page; fields are {', '.join(known)}"
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
        said = list(_origins(tile, name)) or [("page, address or place in the page", value)]
        yield Explanation(_json(value), _marked(said, has_value=value not in _EMPTY), row.position, row.asin)


def _origins(tile: Tile, name: str) -> Iterator[tuple[str, Any]]:
    """The smallest part of a tile without which the field says something else, and so on without that part."""
    html = tile.node.html or ""
    gone: list[tuple[int, ...]] = []
    for _ in range(_MOST_SOURCES):
        value = _without(html, tile, name, gone)
        if value in _EMPTY:
            return
        place = _decisive(html, tile, name, gone, value)
        if not place:
            return
        yield _described(html, place), value
        gone.append(place[:-1] if len(place) > _SHALLOW else place)  # half a price is none: its other half goes as well


def _decisive(html: str, tile: Tile, name: str, gone: list[tuple[int, ...]], value: Any) -> tuple[int, ...]:
    place: tuple[int, ...] = ()
    while True:
        children = range(len(_elements(_at(_copy(html), place))))
        step = next((n for n in children if _without(html, tile, name, [*gone, (*place, n)]) != value), None)
        if step is None:
            return place
        place = (*place, step)


def _without(html: str, tile: Tile, name: str, gone: list[tuple[int, ...]]) -> Any:
    copy = _copy(html)
    for node in [_at(copy, place) for place in gone]:
        node.decompose()
    return getattr(read_tile(Tile(copy, tile.asin, tile.site, tile.language, tile.served)), name)


def _copy(html: str) -> Node:
    """A tile alone, in a page of its own."""
    root = Document(f"<html><body>{html}</body></html>".encode(), "").root
    return _elements(_elements(root)[-1])[0]


def _at(node: Node, place: tuple[int, ...]) -> Node:
    for number in place:
        node = _elements(node)[number]
    return node


def _elements(node: Node | None) -> list[Node]:
    child = node.first_child if node is not None else None
    found = []
    while child is not None:
        if child.is_element_node:
            found.append(child)
        child = child.next
    return found


def _described(html: str, place: tuple[int, ...]) -> str:
    """The way to an element: of what stands around it the parts that have a name."""
    copy = _copy(html)
    steps = [_step(_at(copy, place[:depth])) for depth in range(1, len(place) + 1)]
    named = [step for step in steps[:-1] if "[" in step or "#" in step]
    return " ".join([*named[-2:], steps[-1]])


def _step(node: Node) -> str:
    marks = [f"[{name}={attr(node, name)}]" for name in ("data-cy", "data-component-type") if attr(node, name)]
    classes = [f".{name}" for name in (attr(node, "class") or "").split()[:2]]
    return f"{node.tag}{f'#{node.id}' if node.id else ''}{''.join(marks or classes)}"


def _json(value: Any) -> Any:
    return to_jsonable_python(value, by_alias=True)
