"""Which pages are lists of reviews, what they say, and what the pages of a target come to."""

from collections.abc import Sequence
from typing import Any

from azscraper.kinds.kind import Asked, Done, Found
from azscraper.kinds.reviews.commands import drawn, is_answer
from azscraper.kinds.reviews.head import last_page_of
from azscraper.kinds.reviews.listed import LISTS, anchored_in, single_in
from azscraper.kinds.reviews.read import parse_reviews, row_of
from azscraper.kinds.walks import incomplete
from azscraper.kinds.whole import is_whole
from azscraper.parse.document import Document
from azscraper.parse.page import Page
from azscraper.records import PageKind, Product
from azscraper.records.pages import Read
from azscraper.records.parts import Coverage
from azscraper.records.reviews import ReviewRow, ReviewsOptions, ReviewsSummary

_AFTER = ("cm_cr-pagination_bar",)


def recognises(page: Page) -> bool:
    """Whether it is a list of reviews, the page of one review, or what a script draws a list of."""
    if is_answer(page):
        return True
    if page.is_json:  # has no element
        return False
    document = page.document
    if document.by_id(*LISTS) is not None:
        return True
    return single_in(page.url) is not None and bool(anchored_in(document))


def reads(page: Page, _: Asked[Any] | None) -> Read:
    """Its rows and its summary. Never raises."""
    document = document_of(page)
    if not is_whole(document, _AFTER):
        return Read(wrong=PageKind.TRUNCATED)
    rows, summary = parse_reviews(document, page.url)
    number = rows[0].page if rows else 1
    return Read(rows, summary, 1 if single_in(page.url) else last_page_of(document, number))


def document_of(page: Page) -> Document:
    """The page, or what the commands of an answer draw."""
    if not is_answer(page):
        return page.document
    return Document(drawn(page.body), page.url, page.fetched_at.date() if page.fetched_at else None)


def rows(asked: Asked[ReviewsOptions], done: tuple[Done, ...]) -> Found:
    """The reviews of the list's pages, each once, and behind them what the product page alone prints."""
    lists = [one for one in done if one.read and isinstance(one.read.summary, ReviewsSummary)]
    product, printed = _printed(done)
    listed = [row for one in lists for row in _rows_in(one)]
    seen = {row.id: row for row in reversed((*listed, *printed))}
    ordered = dict.fromkeys(row.id for row in (*listed, *printed))
    found = tuple(
        seen[key].model_copy(update={"position": place, "asin": seen[key].asin or _asin(asked)})
        for place, key in enumerate(ordered, 1)
    )
    summary = _summary(asked, lists, product, found, done)
    return Found(found, done[-1].fetched_at, summary)


def _printed(done: tuple[Done, ...]) -> tuple[Product | None, tuple[ReviewRow, ...]]:
    """The product page, and the reviews on it."""
    for step in done:
        for one in step.read.records if step.read else ():
            if isinstance(one, Product):
                base = {"asin": one.asin, "marketplace": one.marketplace, "language": one.language}
                rows = (
                    row_of(dict(review), None, None, fetched_at=step.fetched_at, **base) for review in one.top_reviews
                )
                return one, tuple(rows)
    return None, ()


def _rows_in(step: Done) -> tuple[ReviewRow, ...]:
    records = step.read.records if step.read else ()
    fetched = {"fetched_at": step.fetched_at}
    return tuple(one.model_copy(update=fetched) for one in records if isinstance(one, ReviewRow))


def _asin(asked: Asked[ReviewsOptions]) -> str:
    return asked.target.key.partition("?")[0]


def _summary(
    asked: Asked[ReviewsOptions],
    lists: Sequence[Done],
    product: Product | None,
    found: tuple[ReviewRow, ...],
    done: tuple[Done, ...],
) -> ReviewsSummary:
    first = lists[0].read.summary if lists and lists[0].read else None
    own = first if isinstance(first, ReviewsSummary) else ReviewsSummary()
    beside = _of_product(product) if product else {}
    lacking = {name: value for name, value in beside.items() if value and not getattr(own, name)}
    source = "both" if lists and product else "review_list" if lists else "product_page"
    update = lacking | {
        "asin": own.asin or (product.asin if product else None) or _asin(asked),
        "source": source,
        "coverage": _coverage(lists, own, product, found, done),
    }
    return own.model_copy(update=update)


def _of_product(product: Product) -> dict[str, Any]:
    return {
        "title": product.title,
        "rating": product.rating,
        "rating_count": product.rating_count,
        "rating_histogram": product.rating_histogram,
        "customers_say": product.customers_say,
        "feature_ratings": product.feature_ratings,
        "deliver_to": product.deliver_to,
    }


def _coverage(
    lists: Sequence[Done],
    own: ReviewsSummary,
    product: Product | None,
    found: tuple[ReviewRow, ...],
    done: tuple[Done, ...],
) -> Coverage:
    """A product page prints a part; a list that was read to its end is whole, whatever it claims."""
    total = own.review_count if lists else product.review_count if product else None
    failed = next((one.failure for one in done if one.failure), None)
    if failed or not lists:
        return incomplete(len(found), total, failed)
    last = lists[-1].read.last_page if lists[-1].read else None
    at_end = last is not None and len(lists) >= last
    return Coverage(have=len(found), total=total, complete=at_end or (total is not None and len(found) >= total))
