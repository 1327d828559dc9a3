"""Sellers: a profile with the feedback that it prints, and the options of jobs that ask for them."""

from typing import Literal

from pydantic import Field

from azscraper.records.base import PageRecord
from azscraper.records.options import Options
from azscraper.records.parts import Coverage, IsoDate, Record


class BusinessAddress(Record):
    """Where a business is."""

    lines: tuple[str, ...]
    """As printed, without the country."""
    country: str | None = None
    """ISO 3166 code."""


class FeedbackPeriod(Record):
    """What buyers said of a seller within a time."""

    period: Literal["30d", "90d", "12m", "lifetime"]
    rating: float | None = None
    """Stars, 0 to 5; None where nobody rated."""
    count: int | None = None
    """Ratings."""
    positive_percent: int | None = None
    """Pages since 2021 print stars instead of these three."""
    neutral_percent: int | None = None
    negative_percent: int | None = None
    histogram: dict[str, int] | None = None
    """Percent of ratings by stars, ``5`` to ``1``."""


class SellerFeedback(Record):
    """What one buyer wrote of a seller."""

    rating: float | None = None
    body: str | None = None
    author: str | None = None
    date: IsoDate | None = None
    """ISO 8601 date."""
    is_struck: bool = False
    """Amazon struck it through: it answers for the delivery."""
    note: str | None = None
    """What Amazon says of a feedback that it struck through."""
    response: str | None = None
    """Of the seller."""


class SellerProfile(PageRecord):
    """A seller (job type ``seller``)."""

    seller_id: str | None = None
    name: str | None = None
    rating: float | None = None
    """Stars of ``ratingPeriod``, 0 to 5. A seller that nobody rated has none."""
    rating_count: int | None = None
    """Ratings of ``ratingPeriod``."""
    positive_percent: int | None = None
    """Share of ratings of four and five stars, as the head of the page prints it: not the average of stars."""
    rating_period: Literal["30d", "90d", "12m", "lifetime"] | None = None
    """What the head of the page counts: the last twelve months, or all time where these have few ratings."""
    feedback: tuple[FeedbackPeriod, ...] = ()
    """One entry for each time that the page tells."""
    rating_histogram: dict[str, int] | None = None
    """Percent of all ratings by stars, ``5`` to ``1``."""
    recent_feedback: tuple[SellerFeedback, ...] = ()
    """What the page prints, newest first: five at most."""
    coverage: Coverage | None = None
    """How much of all written feedback ``recentFeedback`` is."""
    business_name: str | None = None
    business_type: str | None = None
    """As printed: "Privately-owned business"."""
    address: BusinessAddress | None = None
    """Of the business."""
    customer_service_address: BusinessAddress | None = None
    vat_id: str | None = None
    trade_register_number: str | None = None
    share_capital: str | None = None
    """As printed."""
    representative: str | None = None
    phone: str | None = None
    """As printed."""
    email: str | None = None
    business_details: dict[str, str] = Field(default_factory=dict)
    """Each line of the block about the business, by its label as printed: countries have lines of their own."""
    about: str | None = None
    """What the seller says of itself."""
    logo: str | None = None
    storefront_url: str | None = None
    shipping_policy: str | None = None
    return_policy: str | None = None
    other_policies: str | None = None
    privacy_policy: str | None = None
    record: Literal["SellerProfile"] = "SellerProfile"
    """What the row is; the last column of a table."""


class SellerOptions(Options):
    """Options of jobs of type ``seller``."""
