"""Reviews of a product: a row for each, what the list says about itself, and the options of jobs that ask for them."""

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from azscraper.records.base import PageRecord
from azscraper.records.options import Options, whole
from azscraper.records.page_parts import CustomersSay, FeatureRating
from azscraper.records.parts import Coverage, DeliverTo, IsoDate, Record


class ReviewRow(PageRecord):
    """One review (job type ``reviews``). ``url`` is its own address."""

    id: str
    asin: str | None = None
    """What the target asked for, or the product of the list."""
    variant_asin: str | None = None
    """The member of the family that was reviewed, where the list links it."""
    position: int = 1
    """Place among all reviews that were read, from 1."""
    page: int = 1
    """Of the list; 1 for those of a product page."""
    kind: Literal["local", "foreign", "top_positive", "top_critical"] = "local"
    """Foreign: written on another country's site. Top: what the list shows above its rows."""
    title: str | None = None
    body: str | None = None
    rating: float | None = None
    """Stars, 1 to 5."""
    date: IsoDate | None = None
    """ISO 8601 date."""
    country: str | None = None
    """ISO 3166 code or the country's name as printed."""
    author: str | None = None
    author_id: str | None = None
    author_url: str | None = None
    author_image: str | None = None
    """None for the marketplace's stand-in."""
    author_badges: tuple[str, ...] = ()
    """As printed: "VINE VOICE", "Top Contributor: Babies"."""
    verified: bool = False
    is_vine: bool = False
    """Written for a free sample."""
    helpful: int | None = None
    """How many found it helpful."""
    variant: str | None = None
    """Of the product that was reviewed, as printed: "Color: Black"."""
    images: tuple[str, ...] = ()
    videos: tuple[str, ...] = ()
    record: Literal["ReviewRow"] = "ReviewRow"
    """What the row is; the last column of a table."""


class ReviewsSummary(Record):
    """What a list of reviews says about itself and its product."""

    asin: str | None = None
    title: str | None = None
    """Of the product."""
    source: Literal["review_list", "product_page", "both"] | None = None
    """Where the rows are from."""
    rating: float | None = None
    rating_count: int | None = None
    review_count: int | None = None
    """Written reviews that match the filters, where the page counts them apart from ratings."""
    rating_histogram: dict[str, int] | None = None
    """Percent by stars, five first."""
    positive_count: int | None = None
    critical_count: int | None = None
    top_positive: ReviewRow | None = None
    """What the list shows beside each other above its rows."""
    top_critical: ReviewRow | None = None
    customers_say: CustomersSay | None = None
    feature_ratings: tuple[FeatureRating, ...] = ()
    filters_applied: tuple[str, ...] = ()
    """``key=value`` of each filter of the address."""
    coverage: Coverage | None = None
    deliver_to: DeliverTo | None = None
    """The place that the page says its prices are for."""


class ReviewsOptions(Options):
    """Options of jobs of type ``reviews``. Each of them asks for the review list: the product page can't answer it."""

    stars: Literal["1", "2", "3", "4", "5", "positive", "critical"] | None = None
    """Stars of the reviews; positive is 4 and 5, critical 1 to 3."""
    sort: Literal["helpful", "recent"] | None = None
    """Order of the list."""
    verified_only: bool | None = None
    """Only reviews of those who bought the product here."""
    pages: Annotated[int, Field(ge=1, le=10, strict=True), BeforeValidator(whole)] | None = None
    """Pages of the review list, ten reviews each. Default: 1."""
