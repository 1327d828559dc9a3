"""Which pages are of a category, and what they say."""

from typing import Any

from azscraper.kinds.category import listing_of, lists_of
from azscraper.kinds.category.address import of_list, of_page
from azscraper.kinds.category.shelves import folded_results
from azscraper.kinds.category.summary import canonical, of_results, of_shelves
from azscraper.kinds.kind import Asked, Done, Found
from azscraper.kinds.search.page import listed, shows_list
from azscraper.kinds.search.page import reads as reads_list
from azscraper.kinds.search.read import parse_search
from azscraper.kinds.whole import is_whole
from azscraper.marketplaces.addresses import address_of
from azscraper.parse.page import Page
from azscraper.records import PageKind, PageSummary
from azscraper.records.category import CategoryOptions, CategoryPage
from azscraper.records.pages import Read
from azscraper.records.parts import Coverage

_MARKS = (b"apb-browse", b"merchandised-search", b"browse-node")
"""Of pages with shelves, since 2021; of those before."""


def recognises(page: Page) -> bool:
    """A result list by node, or the page of a node."""
    if of_list(page.url) is not None:
        return shows_list(page)
    return _is_of_node(page) and (shows_list(page) or page.document.holds(*_MARKS))


def _is_of_node(page: Page) -> bool:
    address = address_of(page.url)
    if address is not None and address.path != "":
        return of_page(address) is not None
    own = address_of(canonical(page.document) or "")
    return own is not None and of_page(own) is not None


def reads(page: Page, asked: Asked[Any] | None) -> Read:
    """Its rows and what it says about itself. Never raises."""
    document = page.document
    if shows_list(page):
        read = reads_list(page, asked)
        if not isinstance(read.summary, PageSummary):
            return read
        said = of_results(document, page.url, read.summary)
        own = tuple(one.model_copy(update={"node": said.node}) for one in read.records)
        return Read(own, said, read.last_page, read.warnings)
    if not is_whole(document):
        return Read(wrong=PageKind.TRUNCATED)
    folded = folded_results(document)
    results = parse_search(folded, folded.url) if folded is not None else None
    said = of_shelves(document, page.url, results.summary if results else None)
    rows = tuple(row.model_copy(update={"node": said.node, "keyword": None}) for row in results.rows) if results else ()
    warnings = tuple(dict.fromkeys(name for row in rows for name in row.warnings))
    return Read(rows, said.model_copy(update={"coverage": _coverage(len(rows), said)}), None, warnings)


def _coverage(have: int, said: CategoryPage) -> Coverage:
    total = None if said.total_is_estimate else said.total_results
    return Coverage(have=have, total=total, complete=total is not None and have >= total)


def rows(asked: Asked[CategoryOptions], done: tuple[Done, ...]) -> Found:
    """The rows of the list, else those that the page of the node holds; what that page says, else the first of the list."""
    read = tuple(one for one in done if one.read is not None)
    lists = tuple(one for one in lists_of(read) if one.read and one.read.records)
    found = listed(lists or read, listing_of(asked))
    said = [one.read.summary for one in read if one.read and isinstance(one.read.summary, CategoryPage)]
    pages = tuple(enumerate(said, 1))
    if not said:
        return found
    first = said[0]
    if len(said) > 1 and first.layout == "shelves":
        later = said[1]
        taken = (
            "total_results",
            "total_is_estimate",
            "last_page",
            "result_from",
            "result_to",
            "page_size",
            "sort",
            "sort_options",
        )
        first = first.model_copy(update={name: getattr(later, name) for name in taken})
    whole = first.model_copy(update={"coverage": _coverage(len(found.records), first)})
    return Found(found.records, found.fetched_at, whole, pages=pages)
