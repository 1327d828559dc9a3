"""Which pages are pages of deals, and what they say."""

import re
from collections import Counter
from typing import Any

from azscraper.bytesearch import find
from azscraper.kinds.deals import collection, goldbox, grid, shelves
from azscraper.kinds.kind import Asked, Done, Found
from azscraper.kinds.whole import is_whole
from azscraper.marketplaces import by_host, of_url
from azscraper.parse.delivery.deliver_to import deliver_to
from azscraper.parse.dig import dig, items, whole
from azscraper.parse.document import Document, attr, first, text
from azscraper.parse.page import Page
from azscraper.records import PageKind
from azscraper.records.deals import DealRow, DealsOptions, DealsPage, Shelf
from azscraper.records.pages import Read
from azscraper.records.parts import Category, Coverage

_ISLANDS = (grid.KEY, collection.KEY, goldbox.KEY)
_ADDRESS = re.compile(r"https?://[^/]+/(?:-/[a-z_A-Z]+/)?(?:deals|events/|gp/goldbox|gp/deals?|goldbox)")


def recognises(page: Page) -> bool:
    """Whether it shows deals: an answer of the shop's service, a widget with deals, or what home pages have as well, at the address of deals."""
    if page.is_json:
        return collection.is_collection(page.json) or bool(_of_2013(page))
    document = page.document
    if document.holds(grid.KEY, collection.KEY):
        return True
    is_at_deals = _ADDRESS.match(_own_address(document)) is not None
    return is_at_deals and document.holds(goldbox.KEY, shelves.MARK)


def reads(page: Page, _: Asked[Any] | None) -> Read:
    """Its deals and its summary. Never raises."""
    if page.is_json:
        return _read(_of_json(page), DealsPage(coverage=Coverage(have=0, complete=False)))
    document = page.document
    if not is_whole(document):
        return Read(wrong=PageKind.TRUNCATED)
    found = _in_page_order(document)
    if not found and not _is_empty(document):
        return Read(wrong=PageKind.UNKNOWN)
    return _read(found, _summary(document, found))


def _read(found: list[DealRow], summary: DealsPage) -> Read:
    placed = tuple(row.model_copy(update={"position": place}) for place, row in enumerate(found, 1))
    coverage = summary.coverage.model_copy(update={"have": len(placed)})
    return Read(placed, summary.model_copy(update={"coverage": coverage}))


def _in_page_order(document: Document) -> list[DealRow]:
    """The grid, or what older pages have, and the shelves before or behind it."""
    drawn = document.once(shelves.tiles)
    main = _main(document)
    island = max(map(document.place, _ISLANDS))
    before = island < 0 or 0 <= find(document.source, b"data-csa-c-item-id") < island
    return [*drawn.beside, *main] if before else [*main, *drawn.beside]


def _main(document: Document) -> list[DealRow]:
    """What the page's data hold; else what its scripts drew before somebody saved it."""
    data = document.once(grid.products) or document.once(collection.of_page) or document.once(goldbox.of_page)
    return data or document.once(shelves.tiles).grid


def _is_empty(document: Document) -> bool:
    """The grid came, and has nothing: so it was served."""
    found = dig(document.once(grid.response), "products")
    return isinstance(found, list) and not found


def _summary(document: Document, found: list[DealRow]) -> DealsPage:
    response = document.once(grid.response)
    names = Counter(row.shelf for row in document.once(shelves.tiles).beside)
    size = len(items(response, "products")) or len(found) - sum(names.values())
    return DealsPage(
        title=_title(document),
        url=_own_address(document) or None,
        departments=tuple(_departments(document)),
        shelves=tuple(Shelf(title=name, count=count) for name, count in names.items()),
        page_size=size or None,
        coverage=Coverage(have=len(found), complete=False, reason="not_served" if _has_more(response) else None),
        deliver_to=document.once(deliver_to),
    )


def _has_more(response: object) -> bool:
    return whole(response, "nextIndex") is not None


def _title(document: Document) -> str | None:
    return text(first(document.head, "title")) or None


def _departments(document: Document) -> list[Category]:
    return document.once(grid.departments) or collection.departments(document)


def _own_address(document: Document) -> str:
    return attr(first(document.head, "link[rel=canonical]"), "href") or document.url


def _of_json(page: Page) -> list[DealRow]:
    if collection.is_collection(page.json):
        site = of_url(page.url) or by_host("www.amazon.com")
        return collection.rows(items(page.json, "entities"), site, None)
    return _of_2013(page)


def _of_2013(page: Page) -> list[DealRow]:
    return goldbox.of_answer(page.json, of_url(page.url) or by_host("www.amazon.com"))


def rows(asked: Asked[DealsOptions], done: tuple[Done, ...]) -> Found:
    """The deals, those of the department where one was asked for, and what the page says about itself."""
    department, last = asked.options.department, done[-1]
    read = last.read
    found = [row for row in (read.records if read else ()) if isinstance(row, DealRow)]
    wanted = [row for row in found if department is None or department in row.department_ids]
    made = tuple(row.model_copy(update={"fetched_at": last.fetched_at}) for row in wanted)
    return Found(made, last.fetched_at, _covered(read.summary if read else None, len(made)))


def _covered(summary: object, have: int) -> DealsPage | None:
    if not isinstance(summary, DealsPage):
        return None
    return summary.model_copy(update={"coverage": summary.coverage.model_copy(update={"have": have})})
