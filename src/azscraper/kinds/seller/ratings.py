"""What a seller's page counts: stars, shares and numbers of ratings, for each time."""

import re
from typing import Literal, NamedTuple, get_args

from azscraper.parse.dig import dig
from azscraper.parse.document import Document, Node, first, select, text
from azscraper.parse.sources import Field
from azscraper.parse.values import integer, percent, plain_digits
from azscraper.parse.values import rating as stars
from azscraper.records.seller import FeedbackPeriod

Period = Literal["30d", "90d", "12m", "lifetime"]
PERIODS: tuple[Period, ...] = get_args(Period)
_STATES = ("oneMonth", "threeMonth", "twelveMonth", "lifetime")
_WORDS = ("thirty", "ninety", "year", "lifetime")
_NUMBERS = ("thirty", "90", "365d", "lifetime")
_STARS = ("5", "4", "3", "2", "1")
_IN_WORDS = ("Five", "Four", "Three", "Two", "One")
_ROWS_OF_TABLE = 4
_HEADS = ("seller-info-feedback-summary", "seller-feedback-summary-rd", "seller-feedback-summary")
_COUNT = re.compile(r"[(（]([^)）]*)[)）]")
_TWELVE = re.compile(r"(?<!\d)12(?!\d)")


class _Head(NamedTuple):
    """The line under the name."""

    rating: float | None
    percent: int | None
    ratings: int | None
    says_twelve: bool


feedback = Field[Document, tuple[FeedbackPeriod, ...], tuple[FeedbackPeriod, ...]](
    "Each time that the page tells; none where nobody ever rated the seller.", empty=()
)


@feedback.source("twelveMonthRatingsData and its like, #rating-year and its like")
def _since_2021(page: Document) -> tuple[FeedbackPeriod, ...]:
    found = tuple(filter(None, (_period(page, place) for place in range(len(PERIODS)))))
    return found if any(one.count for one in found) else ()


@feedback.ids("feedback-summary-table", era="until 2021")
def _until_2021(_: Document, node: Node) -> tuple[FeedbackPeriod, ...]:
    """Rows for positive, neutral, negative and the number; a column for each time."""
    cells = [[text(cell) for cell in select(row, "td")][1:] for row in select(node, "tr")]
    table = [row for row in cells if len(row) == len(PERIODS)]
    if len(table) != _ROWS_OF_TABLE:
        return ()
    found = tuple(_of_column(period, *column) for period, column in zip(PERIODS, zip(*table, strict=True), strict=True))
    return found if any(one.count for one in found) else ()


def _of_column(period: Period, positive: str, neutral: str, negative: str, count: str) -> FeedbackPeriod:
    return FeedbackPeriod(
        period=period,
        count=integer(count),
        positive_percent=percent(positive),
        neutral_percent=percent(neutral),
        negative_percent=percent(negative),
    )


def _period(page: Document, place: int) -> FeedbackPeriod | None:
    told = page.state(f"{_STATES[place]}RatingsData")
    number = dig(told, "ratingCount")
    count = number if isinstance(number, int) else _printed_count(page, place)
    if count is None:
        return None
    shown = text(page.by_id(f"effective-timeperiod-rating-{_WORDS[place]}-description"))
    return FeedbackPeriod(
        period=PERIODS[place],
        rating=stars(shown) or None if count else None,
        count=count,
        histogram=_histogram(told) if count else None,
    )


def _printed_count(page: Document, place: int) -> int | None:
    node = first(page.by_id(f"rating-{_NUMBERS[place]}-num"), ".ratings-reviews-count")
    return integer(text(node))


def _histogram(told: object) -> dict[str, int] | None:
    shares = {star: share for star in _STARS if isinstance(share := dig(told, f"star{star}"), int)}
    return shares if len(shares) == len(_STARS) and any(shares.values()) else None


rating_histogram = Field[Document, dict[str, int], dict[str, int] | None]("Of all ratings of the seller.")


@rating_histogram.source("lifetimeRatingsData")
def _of_lifetime(page: Document) -> dict[str, int] | None:
    return next((one.histogram for one in page.once(feedback) if one.period == "lifetime"), None)


@rating_histogram.source("#percentFiveStar and its like")
def _drawn(page: Document) -> dict[str, int] | None:
    shares = [percent(text(page.by_id(f"percent{word}Star"))) for word in _IN_WORDS]
    known = {star: share for star, share in zip(_STARS, shares, strict=True) if share is not None}
    return known if len(known) == len(_STARS) and any(known.values()) else None


def _head(page: Document) -> _Head | None:
    node = page.by_id(*_HEADS)
    star = first(node, ".a-icon-alt")
    said = plain_digits(text(node))
    share = percent(said)
    if star is None and share is None:
        return None
    count = _COUNT.search(said)
    return _Head(
        rating=stars(text(star)),
        percent=share,
        ratings=integer(count[1]) if count else None,
        says_twelve=_TWELVE.search(_COUNT.sub("", said).replace(plain_digits(text(star)), "")) is not None,
    )


rating_period = Field[Document, Period, Period | None](
    "The time whose number of ratings the head of the page prints; twelve months where it prints a twelve."
)


@rating_period.source("head of the page")
def _headed_period(page: Document) -> Period | None:
    head = page.once(_head)
    if head is None or not head.ratings:
        return None
    if head.says_twelve:
        return "12m"
    told = [one.period for one in page.once(feedback) if one.count == head.ratings]
    return "lifetime" if "lifetime" in told or not told else told[0]


@rating_period.source("times of the page")
def _told_period(page: Document) -> Period | None:
    rated = [
        one.period for one in page.once(feedback) if one.count and (one.rating or one.positive_percent is not None)
    ]
    return next((period for period in ("12m", "lifetime") if period in rated), None)


rating = Field[Document, float, float | None]("Stars of the rated time. A seller that nobody rated has none, not zero.")
rating_count = Field[Document, int, int | None]("Ratings of the rated time.")
positive_percent = Field[Document, int, int | None]("The share that the head of the page prints, or the old table.")


@rating.source("#effective-timeperiod-rating-year-description and its like")
def _rating_of_period(page: Document) -> float | None:
    found = _rated(page)
    return found.rating if found else None


@rating.source("head of the page")
def _headed_rating(page: Document) -> float | None:
    head = page.once(_head)
    return head.rating if head and head.ratings else None


@rating_count.source("twelveMonthRatingsData and its like")
def _count_of_period(page: Document) -> int | None:
    found = _rated(page)
    return found.count if found else None


@rating_count.source("head of the page")
def _headed_count(page: Document) -> int | None:
    head = page.once(_head)
    return head.ratings if head else None


@positive_percent.source("head of the page")
def _headed_percent(page: Document) -> int | None:
    head = page.once(_head)
    return head.percent if head and head.ratings else None


@positive_percent.source("#feedback-summary-table")
def _percent_of_period(page: Document) -> int | None:
    found = _rated(page)
    return found.positive_percent if found else None


def _rated(page: Document) -> FeedbackPeriod | None:
    period = page.once(rating_period)
    return next((one for one in page.once(feedback) if one.period == period), None)
