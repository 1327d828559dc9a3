"""Where the fields of ranks and of lists come from: what ``explain`` asks."""

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from azscraper.kinds.bestsellers import summary, tile
from azscraper.kinds.bestsellers.page import reads
from azscraper.kinds.bestsellers.tiles import Named, Tile, shelves_of
from azscraper.kinds.kind import Heard
from azscraper.parse import places
from azscraper.parse.document import Document
from azscraper.parse.page import Page
from azscraper.parse.sources import Source
from azscraper.records.bestsellers import ChartPage, ChartRow


class _Rank(NamedTuple):
    """A rank: what the data of the list say of it, and its tile where it is drawn."""

    named: Named
    tile: Tile | None
    place: int


def _data(name: str) -> Source[_Rank, object]:
    return Source("data of the list", lambda rank: getattr(rank.named, name))


def _drawn(*sources: Source[Tile, Any]) -> tuple[Source[_Rank, object], ...]:
    return tuple(Source(one.name, _of_tile(one)) for one in sources)


def _of_tile(source: Source[Tile, Any]) -> Callable[[_Rank], object]:
    return lambda rank: source.read(rank.tile) if rank.tile is not None else None


_ROWS: places.Places = {
    "rank": (
        _data("rank"),
        *_drawn(Source("badge of the tile", lambda one: one.rank)),
        Source("place in the list", lambda rank: rank.place),
    ),
    "asin": (_data("asin"),),
    "title": _drawn(*tile.title.sources),
    "contributors": _drawn(*tile.byline.sources),
    "format": _drawn(*tile.format_of.sources),
    "image": _drawn(*tile.image_of.sources),
    "price": _drawn(*tile.prices.sources),
    "price_range": _drawn(*tile.prices.sources),
    "rating": _drawn(*places.of(tile.stars, 0)),
    "rating_count": _drawn(*places.of(tile.stars, 1)),
    "offers_from": _drawn(*places.of(tile.offers, "least")),
    "offer_count": _drawn(*places.of(tile.offers, "number")),
    "release_date": _drawn(*tile.release_date.sources),
    "is_prime": _drawn(Source("badge of the tile", tile.is_prime)),
    "sales_rank": (_data("sales_rank"), *_drawn(*places.of(tile.movement, "now"))),
    "prior_sales_rank": (_data("prior_sales_rank"), *_drawn(*places.of(tile.movement, "before"))),
    "rank_change_percent": (_data("change"), *_drawn(*places.of(tile.movement, "change"))),
}


def _listed(document: Document) -> str | None:
    return summary.chart_of(document).list


def _tree(document: Document, place: int) -> object:
    return summary.categories(document, summary.chart_of(document))[place]


_MARKS = Source("mark of the list, selected tab, else address", _listed)
_PAGE: places.Places = {
    "list": (_MARKS,),
    "department": places.of(summary.chart_of, "department"),
    "node": places.of(summary.chart_of, "node"),
    "title": places.of(summary.title),
    "page": places.of(summary.page_number),
    "last_page": (Source("strip of pages", summary.last_page),),
    "updated_text": places.of(summary.updated_text),
    "current_category": (Source("tree of categories", lambda document: _tree(document, 0)),),
    "name": (Source("tree of categories", lambda document: _tree(document, 0)),),
    "parent_category": (Source("tree of categories", lambda document: _tree(document, 1)),),
    "child_categories": (Source("tree of categories", lambda document: _tree(document, 2)),),
    "tabs": (Source("tabs of the lists", summary.tabs),),
}


def row_sources(name: str) -> list[str]:
    """Of a field of a rank."""
    return places.names(_ROWS, name)


def hear_rows(page: Page, name: str) -> Heard:
    """All sources of a field of each rank."""
    rows = (one for one in reads(page, None).records if isinstance(one, ChartRow))
    for row, rank in zip(rows, _ranks(page.document), strict=False):
        yield row, places.heard(_ROWS, name, rank)


def _ranks(document: Document) -> Iterator[_Rank]:
    for shelf in document.once(shelves_of):
        yield from (_Rank(named, drawn, place) for place, (named, drawn) in enumerate(shelf.ranks, 1))


def page_sources(name: str) -> list[str]:
    """Of a field of the list itself."""
    return places.names(_PAGE, name)


def hear_page(page: Page, name: str) -> Heard:
    """All sources of a field of the list itself."""
    said = reads(page, None).summary
    if isinstance(said, ChartPage):
        yield said, places.heard(_PAGE, name, page.document)
