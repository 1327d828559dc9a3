"""What a target tells that is worth following over time: what a kind's ``follow`` gives. Pure values."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

LONGEST_TEXT = 500
"""Characters of a text that is followed."""


@dataclass(frozen=True, slots=True)
class Price:
    """An amount in a currency (ISO 4217)."""

    amount: Decimal
    currency: str


@dataclass(frozen=True, slots=True)
class ProductObservation:
    """What one page told of one product."""

    marketplace: str
    """Host."""
    asin: str
    """Of the page that was served, which may be another variant than was asked for."""
    observed_at: datetime
    price: Price | None = None
    rating: float | None = None
    rating_count: int | None = None
    rank: int | None = None
    rank_category: str | None = None
    availability: str | None = None
    tells_price: bool = True
    """Whether no price means that there is none."""

    @property
    def values(self) -> tuple[object, ...]:
        """What is compared to tell whether anything changed."""
        return (self.price, self.rating, self.rating_count, self.rank, self.rank_category, self.availability)


@dataclass(frozen=True, slots=True)
class Value:
    """What a field of a product holds: a number with its unit, or a text; neither where the page says that there is none."""

    number: Decimal | None = None
    text: str | None = None
    """The unit of a number (the currency of an amount, the category of a rank), else the value itself."""


ABSENT = Value()
"""The page says that there is none."""


def number(value: float | Decimal, unit: str | None = None) -> Value:
    """A number as it is compared and kept: to 15 digits, whatever it was computed from."""
    return Value(Decimal(f"{value:.15g}"), unit)


def text(value: str) -> Value:
    """A text as it is compared and kept."""
    return Value(text=value[:LONGEST_TEXT])


@dataclass(frozen=True, slots=True)
class Sighting:
    """What one page tells of one product, field by field (``words.SeriesField``). What it does not tell is not there."""

    marketplace: str
    """Host."""
    asin: str
    observed_at: datetime
    values: Mapping[str, Value]
    place: str = ""
    """Where to deliver, as the job asked for; empty where it asked for none."""


@dataclass(frozen=True, slots=True)
class Ranking:
    """The tiles of one keyword, in order; a tile's position is its place in the list, from 1 on."""

    marketplace: str
    keyword: str
    """As ``spelling`` writes it."""
    sort: str
    """As the job asked for; empty for the marketplace's own order."""
    category: str
    """The search alias; empty for all."""
    pages: int
    """How many were read."""
    observed_at: datetime
    asins: tuple[str, ...]
    sponsored: tuple[bool, ...]
    brands: tuple[str | None, ...] = ()
    """As the tiles print them; empty where the kind tells none."""
    tile_pages: tuple[int, ...] = ()
    """The page of each tile, from 1."""


@dataclass(frozen=True, slots=True)
class ReviewSeen:
    """A review that a page printed, with its stars and its day."""

    marketplace: str
    """Host."""
    asin: str
    id: str
    stars: Decimal
    written_on: date
    title: str | None
    observed_at: datetime


@dataclass(frozen=True, slots=True)
class OfferSeen:
    """An offer of a list of offers."""

    seller: str
    seller_id: str | None
    condition: str | None
    """new, used, renewed or collectible; None where the list names none."""
    price: Decimal | None
    """Without delivery, in the currency of the list."""
    is_featured: bool = False


@dataclass(frozen=True, slots=True)
class OffersSeen:
    """Who offered a product at one time."""

    marketplace: str
    """Host."""
    asin: str
    observed_at: datetime
    is_whole: bool
    """Whether all offers were read: whoever is not among them did not sell the product then."""
    currency: str | None
    offers: tuple[OfferSeen, ...]
    place: str = ""


@dataclass(frozen=True, slots=True)
class Observations:
    """What one target tells."""

    products: tuple[ProductObservation, ...] = ()
    """Of product pages alone: what ``product.changed`` and the points without ``fields`` are made of."""
    rankings: tuple[Ranking, ...] = ()
    sightings: tuple[Sighting, ...] = ()
    """What is known of products by now, of pages of any kind."""
    reviews: tuple[ReviewSeen, ...] = ()
    """Those whose stars and day are printed."""
    offers: tuple[OffersSeen, ...] = ()


NOTHING = Observations()


def review(
    marketplace: str,
    asin: str,
    review_id: str,
    *,
    rating: float | None,
    day: str | None,
    title: str | None,
    at: datetime,
) -> ReviewSeen | None:
    """The review; None without stars or a day, of which nothing can be told."""
    if rating is None or day is None:
        return None
    try:
        written_on = date.fromisoformat(day)
    except ValueError:
        return None
    short = title[:LONGEST_TEXT] if title else None
    return ReviewSeen(marketplace, asin, review_id, Decimal(str(rating)), written_on, short, at)


def spelling(keyword: str) -> str:
    """One spelling for what a marketplace takes as the same keyword: lower case, single spaces."""
    return " ".join(keyword.lower().split())
