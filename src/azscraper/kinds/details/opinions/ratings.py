"""What buyers say: stars, counts, histogram, questions, sales of the month."""

import re

from azscraper.errors import ParseError
from azscraper.parse import values
from azscraper.parse.document import Document, Node, attr, first, select, text
from azscraper.parse.sources import Field

_RATING_BLOCKS = (
    "acrPopover",
    "averageCustomerReviews",
    "averageCustomerReviews_feature_div",
    "avgRating",
    "acrCustomerReviewLink",
    "reviewStars",
    "reviewLinkPopover",
)
_BOUGHT = (
    "social-proofing-faceout-title-tk_bought",
    "socialProofingAsinFaceout_feature_div",
    "social-proofing-faceout-title-tk_bought_last_month",
)
_COUNT_IDS = ("acrCustomerReviewText", "acrCustomerReviewLink", "customer-ucc-review-link", "reviewLink")
_COUNT_BLOCKS = ("averageCustomerReviews", "averageCustomerReviews_feature_div", "avgRating")
_HISTOGRAMS = (
    "histogramTable",
    "cm_cr_dp_mb_rating_histogram",
    "cm_cr_dp_d_rating_histogram",
    "customerReviews_histogram_div",
    "reviewsMedley",
    "customerReviews",
)
_SECTION = "reviewsMedley"
_COUNTS = re.compile(r"\d{1,3}(?:[.,\s]\d{3})+|\d+")
_STARS = "54321"
_IN_BRACKETS = re.compile(r"\(([\d.,\s\u066b\u066c]{1,14}[^\W\d_]{0,6}\+?)\)")
_SHORTENED = re.compile(r"\d\s?[^\W\d_]")
_WIDTH = re.compile(r"width:\s?(\d{1,3}(?:\.\d{1,20})?)%")
_AT_LEAST = re.compile(r"\d[\d.,]*\s?[^\W\d_]{0,6}\+")
_ROUNDING = 0.1  # how far a shortened number may be from the whole one

rating = Field[Document, str, float | None](
    "Average stars: the popover's title, else the alternative text of the star icon beside the title."
)


@rating.ids(*_RATING_BLOCKS)
def _stars_said(_: Document, block: Node) -> str | None:
    return (
        attr(block, "title")
        or text(first(block, ".a-icon-alt, .a-icon-star"))
        or attr(first(block, "[title]"), "title")
    )


@rating.source("stars of 2011 to 2014")
def _legacy_rating(document: Document) -> str | None:
    return attr(first(_legacy_stars(document), "[title]"), "title")


@rating.ids(_SECTION)
def _section_rating(_: Document, node: Node) -> str:
    """Pages for companies print no stars beside the title, the section of reviews does."""
    return text(first(node, '[data-hook="average-star-rating"]'))


@rating.settle
def _average(_: Document, said: str | None) -> float | None:
    if said is None:
        return None
    found = values.rating(said)
    if found is None:
        raise ParseError(f"unreadable rating {said[:40]!r}")
    return found or None  # a product that nobody has rated says "0.0 out of 5 stars"


rating_count = Field[Document, str, int | None](
    "The number behind the stars; older pages count customer reviews there. "
    'Where that is shortened ("1.9L"), the whole number from the head of the reviews.'
)


@rating_count.ids(*_COUNT_IDS)
def _counted(_: Document, node: Node) -> str:
    return text(node)


@rating_count.ids(*_COUNT_BLOCKS)
def _linked_count(_: Document, node: Node) -> str:
    return text(first(node, 'a[href*="customerReviews"], a[href*="product-reviews"]'))


@rating_count.source("stars of 2011 to 2014")
def _legacy_count(document: Document) -> str | None:
    """The last link of the summary: "28 customer reviews"."""
    stars = _legacy_stars(document)
    links = select(stars, ".review-count") or select(stars, "a")
    return text(links[-1]) if links else None


@rating_count.ids(_SECTION)
def _section_count(_: Document, node: Node | None) -> str:
    return text(first(node, '[data-hook="total-review-count"]'))


@rating_count.settle
def _count(document: Document, said_behind_stars: str | None) -> int | None:
    line = values.plain_digits(said_behind_stars or "")
    bracketed = _IN_BRACKETS.search(line)
    said = bracketed[1] if bracketed else line
    found = values.integer(said)
    if found is None and any(char.isdigit() for char in line):
        raise ParseError(f"unreadable count {line[:40]!r}")
    return _whole_count(document, found) if found and _SHORTENED.search(said) else found


def _whole_count(document: Document, found: int) -> int:
    """What the section of reviews counts, if the shortened number can stand for it."""
    whole = values.integer(_section_count(document, document.by_id(_SECTION)))
    return whole if whole and abs(whole - found) <= _ROUNDING * found else found


review_count = Field[Document, str, int | None]("Written reviews, only where the page tells them apart from ratings.")


@review_count.ids("filter-info-section", "cr-pagination-footer-0", "reviews-medley-footer")
def _review_line(_: Document, node: Node) -> str:
    return text(node)


@review_count.settle
def _written(document: Document, line: str | None) -> int | None:
    numbers = [
        found
        for part in _COUNTS.findall(values.plain_digits(line or ""))
        if (found := values.integer(part)) is not None
    ]
    ratings = document.once(rating_count) if numbers else None
    return next((found for found in numbers if found < (ratings or 0)), None) if ratings in numbers else None


rating_histogram = Field[Document, dict[str, int], dict[str, int] | None](
    "Percent by stars, five first, from the five meters; none for a product that nobody has rated."
)


@rating_histogram.ids(*_HISTOGRAMS)
def meters(document: Document, node: Node) -> dict[str, int] | None:
    """The shares that the five meters in an element say; None where there are not five, or all say nothing."""
    foreign = {meter.mem_id for meter in select(document.by_id("fitRecommendationHistogramTable"), ".a-meter")}
    meters = [meter for meter in select(node, ".a-meter") if meter.mem_id not in foreign]
    shares = [share for meter in meters if (share := _share(meter)) is not None][: len(_STARS)]
    return dict(zip(_STARS, shares, strict=True)) if len(shares) == len(_STARS) and any(shares) else None


@rating_histogram.source("rows of 2011 to 2013, whose titles say their share")
def _titled_rows(document: Document) -> dict[str, int] | None:
    rows = [row for _, node in document.by_prefix("revHist-") for row in select(node, '[class*="histoRow"]')]
    shares = [values.percent(attr(row, "title") or "") or 0 for row in rows]
    return dict(zip(_STARS, shares, strict=True)) if len(shares) == len(_STARS) and any(shares) else None


answered_questions = Field[Document, str, int | None]("The number of the link beside the stars.")


@answered_questions.ids("askATFLink")
def _questions(_: Document, node: Node) -> str:
    return text(node)


@answered_questions.ids("ask_feature_div", era="2015")
def _asked(_: Document, node: Node) -> str:
    """Before the link had an id of its own."""
    return text(first(node, "a"))


@answered_questions.source("link beside the stars, 2011 to 2014")
def _old_questions(document: Document) -> str:
    return text(next(iter(document.whole("a.CDAsk")), None)) if document.by_id("btAsinTitle") is not None else ""


@answered_questions.settle
def _answered(_: Document, line: str | None) -> int | None:
    return values.integer(line or "")


bought_past_month = Field[Document, str, int | None]('The number of "2K+ bought in past month".')


@bought_past_month.ids(*_BOUGHT)
def _bought_line(_: Document, node: Node) -> str:
    return text(node)


@bought_past_month.settle
def _bought(_: Document, said: str | None) -> int | None:
    """The Japanese and Turkish lines begin with the month's own number."""
    line = values.plain_digits(said or "")
    at_least = _AT_LEAST.search(line)
    return values.integer(at_least[0] if at_least else re.sub(r"過去\s?\d+\s?か月で", "", line)) if line else None


def _share(meter: Node) -> int | None:
    """Until 2020 a meter says its percentage in words alone: ``aria-label="74%"``; in 2014 it is only drawn."""
    now, said = attr(meter, "aria-valuenow"), attr(meter, "aria-label")
    if now or said:
        return values.integer(now) if now else values.percent(said or "")
    drawn = _WIDTH.search(attr(first(meter, ".a-meter-bar"), "style") or "")
    return round(float(drawn[1])) if drawn else None


def _legacy_stars(document: Document) -> Node | None:
    """2011 to 2014 the summary has a class alone."""
    if document.by_id("btAsinTitle", "udp") is None:
        return None
    found = document.by_id("rating-stars")
    return found or next(iter(document.whole(".crAvgStars")), None)
