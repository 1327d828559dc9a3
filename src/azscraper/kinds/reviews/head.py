"""What a list of reviews says about itself and its product."""

import re
from collections.abc import Sequence
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from azscraper.kinds.details.opinions.ratings import meters
from azscraper.kinds.reviews.listed import single_in
from azscraper.marketplaces import asin_from_url, is_asin
from azscraper.parse.delivery import deliver_to
from azscraper.parse.document import Document, Node, attr, first, select, text
from azscraper.parse.sources import Field
from azscraper.parse.values import integer, percent, plain_digits
from azscraper.parse.values import rating as stars_said
from azscraper.records.parts import Coverage
from azscraper.records.reviews import ReviewRow, ReviewsSummary

REVIEWS_A_PAGE = 10
_INFO = "cm_cr-product_info"
_OLD_INFO = "productSummary"
_BAR = "cm_cr-pagination_bar"
_PAGE = re.compile(r"[?&;]pageNumber=(\d{1,5})(?!\d)")  # 3837 was seen
_CANONICAL = re.compile(rb"<link[^>]{0,300}rel=[\"']canonical[\"'][^>]{0,300}>")
_HREF = re.compile(rb"href=[\"']([^\"'>]{1,300})")
_COUNTED = '[data-hook="cr-filter-info-review-rating-count"], [data-hook="cr-filter-info-review-count"]'
_NUMBERS = re.compile(r"\d{1,3}(?:[.,\s]\d{3})+|\d+")
_OLD_ROWS = "td[title]"
_STARS = "54321"
_FILTERS = ("filterByStar", "sortBy", "reviewerType", "mediaType", "formatType", "filterByKeyword")
_ALL = frozenset({"all_stars", "all_reviews", "all_formats", "all_contents"})

title = Field[Document, str, str | None]("The name of the product in the list's head.")


@title.source("link to the product")
def _linked_title(document: Document) -> str:
    return text(first(document.by_id(_INFO), '[data-hook="product-link"]'))


@title.source("heading before 2016")
def _old_title(document: Document) -> str:
    return text(next(iter(document.whole('h1 a[href*="/dp/"]')), None)) if _is_old(document) else ""


rating = Field[Document, str, float | None]("Average stars of the product.")


@rating.ids(_INFO)
def _average(_: Document, node: Node) -> str:
    return text(first(node, '[data-hook="average-star-rating"]')) or text(
        first(node, '[data-hook="rating-out-of-text"]')
    )


@rating.ids(_OLD_INFO)
def _old_average(_: Document, node: Node) -> str:
    return attr(first(node, ".crAvgStars [title]"), "title") or ""


@rating.settle
def _stars(_: Document, said: str | None) -> float | None:
    return stars_said(said) if said else None


rating_count = Field[Document, str, int | None](
    "How many rated the product; of lists before 2020 how many reviewed it."
)


@rating_count.ids(_INFO)
def _total(_: Document, node: Node) -> str:
    return text(first(node, '[data-hook="total-review-count"]'))


@rating_count.ids(_OLD_INFO)
def _old_total(_: Document, node: Node) -> str:
    links = select(node, ".crAvgStars > a, .crAvgStars a")
    return text(links[-1]) if links else ""


@rating_count.settle
def _ratings(_: Document, said: str | None) -> int | None:
    return integer(said) if said else None


review_count = Field[Document, int, int | None](
    'Reviews that match the filters: the last number of "Showing 21-30 of 4,574", the least of "1,140 total ratings, 212 with reviews".'
)


@review_count.source("line of the filters")
def _matching(document: Document) -> int | None:
    """Where a page counts ratings and reviews, each review is a rating; where it names a range, the total is the greatest."""
    node = first(document.by_id("filter-info-section"), _COUNTED)
    said = plain_digits(text(node))
    numbers = [found for part in _NUMBERS.findall(said) if (found := integer(part)) is not None]
    is_range = (attr(node, "data-hook") or "").endswith("review-count")
    return (max(numbers) if is_range else min(numbers)) if numbers else None


@review_count.source("count before 2016")
def _old_count(document: Document) -> int | None:
    said = text(first(document.by_id(_OLD_INFO), "b"))
    return integer(said) if said else None


rating_histogram = Field[Document, dict[str, int], dict[str, int] | None]("Percent by stars, five first.")


@rating_histogram.ids(_INFO)
def _shares(document: Document, node: Node) -> dict[str, int] | None:
    return meters(document, node)


@rating_histogram.ids(_OLD_INFO)
def _old_shares(_: Document, node: Node) -> dict[str, int] | None:
    shares = [share for cell in select(node, _OLD_ROWS) if (share := percent(attr(cell, "title") or "")) is not None]
    return dict(zip(_STARS, shares, strict=True)) if len(shares) == len(_STARS) and any(shares) else None


FIELDS: dict[str, Field[Document, Any, Any]] = {
    "title": title,
    "rating": rating,
    "rating_count": rating_count,
    "review_count": review_count,
    "rating_histogram": rating_histogram,
}


def read_head(
    document: Document, asin: str | None, rows: Sequence[ReviewRow], tops: Sequence[ReviewRow], url: str
) -> ReviewsSummary:
    """What the page says; of the page of one review little more than the review."""
    values = {name: field(document) for name, field in FIELDS.items()}
    by_kind = {row.kind: row for row in tops}
    positive, critical = _opposed(document)
    have, total = len(rows), values["review_count"]
    return ReviewsSummary(
        asin=asin,
        source="review_list",
        positive_count=positive,
        critical_count=critical,
        top_positive=by_kind.get("top_positive"),
        top_critical=by_kind.get("top_critical"),
        filters_applied=_filters(url),
        coverage=Coverage(have=have, total=total, complete=total is not None and have >= total),
        deliver_to=document.once(deliver_to.deliver_to),
        **values,
    )


def product_of(document: Document, url: str) -> str | None:
    """The product of the list: by its address, else by the link in its head, else by what the page calls its own address."""
    own = None if single_in(url) else asin_from_url(url)
    linked = attr(first(document.by_id(_INFO), '[data-hook="product-link"]'), "href") or ""
    named = attr(first(document.by_id(_OLD_INFO), ".asinReviewsSummary[name]"), "name") or ""
    return (
        own or asin_from_url(linked) or (named if is_asin(named) else None) or asin_from_url(document.once(_canonical))
    )


def page_of(document: Document, url: str) -> int:
    """The page of the list that is shown: a script goes on to others without a new address, so the ways from it count first."""
    bar = document.by_id(_BAR)
    before, behind = _linked(first(bar, "li:first-child a")), _linked(first(bar, "li.a-last a"))
    if behind is not None:
        return max(behind - 1, 1)
    if before is not None:
        return before + 1
    if _is_old(document):
        return integer(text(next(iter(document.whole(".paging .on")), None))) or 1
    return _number_in(url) or _number_in(document.once(_canonical)) or 1


def _is_old(document: Document) -> bool:
    return document.by_id("productReviews") is not None


def _canonical(document: Document) -> str:
    """Browsers that save a page put it into the body."""
    link = _CANONICAL.search(document.source)
    href = _HREF.search(link[0]) if link else None
    return href[1].decode("ascii", "replace") if href else ""


def _linked(link: Node | None) -> int | None:
    return _number_in(attr(link, "href") or "") if link is not None else None


def _number_in(url: str) -> int | None:
    found = _PAGE.search(url)
    return int(found[1]) if found else None


def last_page_of(document: Document, page: int) -> int | None:
    """This one where the way to the next is shut, else the highest number of the list of pages; None where neither tells."""
    bar = document.by_id(_BAR)
    following = first(bar, "li.a-last")
    if following is not None and "a-disabled" in (attr(following, "class") or ""):
        return page
    listed = [*document.whole(".paging a"), *document.whole(".paging .on")] if _is_old(document) else select(bar, "li")
    numbers = [number for node in listed if (number := integer(text(node)))]
    return max(numbers, default=None) if len(numbers) > 1 else None


def _opposed(document: Document) -> tuple[int | None, int | None]:
    """The counts of "See all 3,904 positive reviews" and of its neighbour."""
    links = select(document.by_id("cm_cr-rvw_summary-viewpoints"), "a.see-all")
    counts = {}
    for link in links:
        said = f"{attr(link, 'data-reviews-state-param') or ''} {attr(link, 'href') or ''}"
        kind = next((kind for kind in ("positive", "critical") if kind in said), None)
        if kind:
            counts[kind] = integer(text(link))
    return counts.get("positive"), counts.get("critical")


def _filters(url: str) -> tuple[str, ...]:
    query = parse_qsl(urlsplit(url).query) if "?" in url else []
    return tuple(f"{name}={value}" for name, value in query if name in _FILTERS and value not in _ALL)
