"""Which pages are result lists, and what they say."""

from typing import Any

from azscraper.kinds.kind import Asked, Done, Found
from azscraper.kinds.search.address import Listing, of_key, with_options
from azscraper.kinds.search.read import parse_search
from azscraper.kinds.whole import is_whole
from azscraper.parse.document import Document, first
from azscraper.parse.page import Page
from azscraper.records import PageKind, PageSummary, SearchRow
from azscraper.records.pages import Read
from azscraper.records.parts import Record
from azscraper.records.search import SearchOptions

_RESULTS = ("s-results-list-atf", "atfResults", "resultsCol", "mainResults", "s-result-list")
_AFTER = ("pagn", "bottomBar", "pagnNextLink")
_TILE_MARK = b"s-search-result"
_TILE_OF_2019 = ".s-result-list .s-result-item[data-asin]"


def recognises(page: Page) -> bool:
    """As ``shows_list``."""
    return shows_list(page)


def shows_list(page: Page) -> bool:
    """Whether it shows results, whole or not, or says that there are none."""
    document = page.document
    return _has_results(document) or document.by_id("noResultsTitle") is not None or _says_no_results(document)


def _has_results(document: Document) -> bool:
    results = document.by_id(*_RESULTS)
    if results is not None or document.by_id("result_0") is not None:
        return True
    if not document.holds(_TILE_MARK):  # saves a walk of the tree, of pages of all other kinds
        return False
    if document.components("s-search-result"):
        return True
    return any(first(found, _TILE_OF_2019) is not None for found in document.components("s-search-results"))


def _says_no_results(document: Document) -> bool:
    slot = first(document.by_id("search"), ".s-main-slot, .s-no-outline")
    return slot is not None and is_whole(document, _AFTER)


def reads(page: Page, _: Asked[Any] | None) -> Read:
    """Its rows and its summary. Never raises.

    A page that counts results and has no tile that can be read is not taken for one without results, unless it is past the last one.
    """
    document = page.document
    if _has_results(document) and not is_whole(document, _AFTER):
        return Read(wrong=PageKind.TRUNCATED)
    found = parse_search(document, page.url)
    if not found.rows and found.summary.total_results and not found.summary.is_past_end:
        return Read(wrong=PageKind.UNKNOWN)
    warnings = tuple(dict.fromkeys(name for row in found.rows for name in row.warnings))
    return Read(found.rows, found.summary, found.summary.last_page, warnings)


def rows(asked: Asked[SearchOptions], done: tuple[Done, ...]) -> Found:
    """The rows of all pages of the target."""
    listing = with_options(of_key(asked.target.key), asked.options)
    return listed(done, listing)


def listed(done: tuple[Done, ...], listing: Listing) -> Found:
    """The rows of all pages of a list, over which positions run on."""
    named = {"keyword": listing.keyword, "node": listing.node, "seller_id": listing.seller}
    found: list[SearchRow] = []
    pages: list[tuple[int, Record]] = []
    organic = 0
    for number, step in enumerate(done, 1):
        for row in step.read.records if step.read else ():
            assert isinstance(row, SearchRow)  # noqa: S101 - its reader gives no other
            organic += not row.sponsored
            update = {
                **named,
                "page": number,
                "position": len(found) + 1,
                "organic_position": None if row.sponsored else organic,
                "fetched_at": step.fetched_at,
            }
            found.append(row.model_copy(update=update))
        if step.read and isinstance(step.read.summary, PageSummary):
            pages.append((number, step.read.summary.model_copy(update={"keyword": listing.keyword, "page": number})))
    return Found(tuple(found), done[-1].fetched_at, pages=tuple(pages))
