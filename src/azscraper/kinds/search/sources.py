"""Where the fields of rows and summaries come from: what ``explain`` and ``unread`` ask."""

from azscraper.kinds.kind import Heard
from azscraper.kinds.search import summary
from azscraper.kinds.search.blocks import elements
from azscraper.kinds.search.read import heard_of, parse_search
from azscraper.kinds.search.tiles import tiles_of
from azscraper.parse.document import Document, select
from azscraper.parse.page import Page

_LISTS = ("s-results-list-atf", "atfResults", "mainResults", "search")


def ask_all(document: Document) -> str:
    """Every source of every field; the id of the list. What a tile, a filter and a block hold is read as a whole."""
    for field, _ in summary.FIELDS.values():
        field.heard(document)
    summary.summarize(document, document.url, organic=0)
    filters = select(document.by_id("s-refinements", "leftNavContainer", "refinements"), "[id]")
    blocks = [part for block in elements(document) for part in select(block, "[id]")]
    document.asked += [tile.node for tile in tiles_of(document)] + filters + blocks
    return next((name for name in _LISTS if name in document.ids), "")


def hear_tiles(page: Page, name: str) -> Heard:
    """All sources of a field of each tile."""
    document = page.document
    for tile, row in zip(document.once(tiles_of), parse_search(document, page.url).rows, strict=True):
        yield row, heard_of(tile, name)


def hear_page(page: Page, name: str) -> Heard:
    """All sources of a field of the summary."""
    yield parse_search(page.document, page.url).summary, summary.heard_of(page.document, name)
