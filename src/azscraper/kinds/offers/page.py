"""Which pages are lists of offers, what they say, and what the pages of a target come to."""

from collections.abc import Iterator
from typing import Any

from azscraper.kinds.kind import Asked, Done, Found
from azscraper.kinds.offers.from_product import offers_of, summary_of
from azscraper.kinds.offers.head import last_page_of
from azscraper.kinds.offers.listed import is_list
from azscraper.kinds.offers.read import merged, page_of, parse_offers
from azscraper.kinds.offers.sums import group_of, summed
from azscraper.kinds.walks import incomplete
from azscraper.kinds.whole import is_whole
from azscraper.parse.page import Page
from azscraper.records import PageKind, Product
from azscraper.records.offers import OfferRow, OffersOptions, OffersSummary
from azscraper.records.pages import Read


def recognises(page: Page) -> bool:
    """Whether it is a list of offers, with or without any."""
    return is_list(page.document)


def reads(page: Page, _: Asked[Any] | None) -> Read:
    """Its rows and its summary. Never raises."""
    document = page.document
    if not is_whole(document):
        return Read(wrong=PageKind.TRUNCATED)
    rows, summary = parse_offers(document, page.url)
    total = summary.coverage.total if summary.coverage else None
    if not rows and total and page_of(page.url) <= (last_page_of(document) or 1):
        return Read(wrong=PageKind.UNKNOWN)
    warnings = tuple(dict.fromkeys(name for row in rows for name in row.warnings))
    return Read(rows, summary, last_page_of(document), warnings)


def rows(asked: Asked[OffersOptions], done: tuple[Done, ...]) -> Found:
    """The offers of all pages, each once; where the list could not be read, those of the product page."""
    lists = [one for one in done if one.read and isinstance(one.read.summary, OffersSummary)]
    product = next((one for step in done if step.read for one in step.read.records if isinstance(one, Product)), None)
    if lists or product is None:
        return _of_lists(asked, lists, done)
    return _of_product(asked, product, done)


def _of_lists(asked: Asked[OffersOptions], lists: list[Done], done: tuple[Done, ...]) -> Found:
    seen = merged([row for one in lists for row in _offers_in(one)])
    kept = _kept(asked, seen)
    first = lists[0].read if lists else None
    head = first.summary if first and isinstance(first.summary, OffersSummary) else OffersSummary()
    total = head.coverage.total if head.coverage else None
    last = first.last_page if first else None
    summary = summed(head, kept, total=total, has_more=last is not None and len(lists) < last)
    failed = next((one.failure for one in done if one.failure), None)
    if failed and summary.coverage and not summary.coverage.complete:
        summary = summary.model_copy(
            update={"coverage": incomplete(summary.coverage.have, summary.coverage.total, failed)}
        )
    return _found(asked, kept, summary, done)


def _of_product(asked: Asked[OffersOptions], product: Product, done: tuple[Done, ...]) -> Found:
    seen = offers_of(product)
    kept = _kept(asked, seen)
    claimed = summary_of(product)
    total = claimed.coverage.total if claimed.coverage else None
    summary = summed(claimed, kept, total=total)
    failed = next((one.failure for one in done if one.failure), None)
    coverage = incomplete(len(kept), total, failed)
    return _found(asked, kept, summary.model_copy(update={"coverage": coverage}), done)


def _offers_in(step: Done) -> Iterator[OfferRow]:
    for one in step.read.records if step.read else ():
        if isinstance(one, OfferRow):
            yield one.model_copy(update={"fetched_at": step.fetched_at})


def _kept(asked: Asked[OffersOptions], seen: tuple[OfferRow, ...]) -> tuple[OfferRow, ...]:
    """The offers of the conditions that the job asks for, numbered among themselves."""
    wanted = frozenset(asked.options.conditions or ())
    kept = [row for row in seen if not wanted or _is_wanted(row, wanted)]
    return tuple(row.model_copy(update={"position": place}) for place, row in enumerate(kept, 1))


def _is_wanted(row: OfferRow, wanted: frozenset[str]) -> bool:
    return row.condition is not None and (row.condition.state.value in wanted or group_of(row) in wanted)


def _found(
    asked: Asked[OffersOptions], kept: tuple[OfferRow, ...], summary: OffersSummary, done: tuple[Done, ...]
) -> Found:
    key, fetched_at = asked.target.key, done[-1].fetched_at
    update = {"requested_asin": key}
    offers = tuple(row.model_copy(update=update | {"fetched_at": row.fetched_at or fetched_at}) for row in kept)
    told = summary.model_copy(
        update={
            "asin": summary.asin or key,
            "filters_applied": tuple(asked.options.conditions or ()),
            "featured": next((row for row in offers if row.is_featured), None),
        }
    )
    return Found(offers, fetched_at, told)
