"""What a record tells that is worth following over time, and when that has changed. Pure.

Apart from ``history``, which keeps it, so that the rules can be read, and tested, without a database.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from azscraper.records import Product, SearchRow
from azscraper.records.parts import AvailabilityStatus, OfferState

KEPT_AT_LEAST_EVERY = timedelta(hours=24)
"""An observation that says what the one before said is kept once a day: a flat line is a line too."""
_TOLD_BY_NO_OFFER = {OfferState.UNAVAILABLE, OfferState.SEE_ALL_BUYING_OPTIONS}
"""Where a page without a price says that there is none; elsewhere it only does not show one to this visitor."""
_EXACT = 1e-9
"""Ratings are floats: 4.6 - 4.5 must count as 0.1."""


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
class Reference:
    """What was known of a product when a change of it was last told: what the next page is compared with.

    Not the page before: many small steps together are a change as well.
    """

    price: Price | None = None
    knows_price: bool = False
    rating: float | None = None
    availability: str | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that changed; None before or after is a price that was not there."""

    name: str
    """price, rating or availability."""
    before: Price | float | str | None
    after: Price | float | str | None


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


@dataclass(frozen=True, slots=True)
class Position:
    """Where a product stands for a keyword; None: not on the pages that were read."""

    overall: int | None
    """The first tile that shows it, sponsored or not."""
    organic: int | None
    """The same among the tiles that nobody paid for."""
    sponsored: bool | None
    """Whether the first tile that shows it was paid for."""


def of_product(product: Product, *, marketplace: str, observed_at: datetime) -> ProductObservation | None:
    """What the record tells; None for one without an ASIN. Fields that could not be read tell nothing."""
    asin = product.asin or product.requested_asin
    if asin is None:
        return None
    availability = product.availability.status if product.availability else AvailabilityStatus.UNKNOWN
    first_rank = product.bestseller_ranks[0] if product.bestseller_ranks else None
    return ProductObservation(
        marketplace=marketplace,
        asin=asin,
        observed_at=observed_at,
        price=Price(product.price.amount, product.price.currency) if product.price else None,
        rating=product.rating,
        rating_count=product.rating_count,
        rank=first_rank.rank if first_rank else None,
        rank_category=first_rank.category if first_rank else None,
        availability=None if availability is AvailabilityStatus.UNKNOWN else availability.value,
        tells_price="price" not in product.warnings
        and (product.price is not None or product.offer_state in _TOLD_BY_NO_OFFER),
    )


def of_rows(
    rows: Sequence[SearchRow],
    *,
    marketplace: str,
    keyword: str,
    sort: str | None,
    category: str | None,
    pages: int,
    observed_at: datetime,
) -> Ranking:
    """The ranking that the rows of one keyword, over all its pages, are."""
    return Ranking(
        marketplace=marketplace,
        keyword=spelling(keyword),
        sort=sort or "",
        category=category or "",
        pages=pages,
        observed_at=observed_at,
        asins=tuple(row.asin for row in rows),
        sponsored=tuple(row.sponsored for row in rows),
    )


def spelling(keyword: str) -> str:
    """One spelling for what a marketplace takes as the same keyword: lower case, single spaces."""
    return " ".join(keyword.lower().split())


def is_kept(before: ProductObservation | None, seen: ProductObservation) -> bool:
    """Whether the observation goes into the history: it differs from the one before, or that is a day old."""
    return (
        before is None or seen.values != before.values or seen.observed_at - before.observed_at >= KEPT_AT_LEAST_EVERY
    )


def changes(reference: Reference, seen: ProductObservation, *, price_percent: Decimal, rating: Decimal) -> list[Change]:
    """What changed by at least so much since the reference; nothing that either of the two does not tell.

    A price that appears, goes away or changes its amount in the same currency; a rating; an availability.
    """
    found = []
    if reference.knows_price and seen.tells_price and _price_moved(reference.price, seen.price, price_percent):
        found.append(Change("price", reference.price, seen.price))
    if reference.rating is not None and seen.rating is not None:
        step = abs(seen.rating - reference.rating)
        if step > 0 and step + _EXACT >= float(rating):
            found.append(Change("rating", reference.rating, seen.rating))
    if None not in (reference.availability, seen.availability) and reference.availability != seen.availability:
        found.append(Change("availability", reference.availability, seen.availability))
    return found


def _price_moved(before: Price | None, after: Price | None, percent: Decimal) -> bool:
    if before is None or after is None:
        return before is not after
    if before.currency != after.currency or before.amount == after.amount:
        return False
    return abs(after.amount - before.amount) * 100 >= before.amount * percent


def next_reference(reference: Reference, seen: ProductObservation, told: Sequence[Change]) -> Reference:
    """The reference after an observation: it moves with what was told, and takes up what was not known before."""
    names = {change.name for change in told}
    new_currency = (
        reference.price is not None and seen.price is not None and reference.price.currency != seen.price.currency
    )
    moves_price = seen.tells_price and ("price" in names or not reference.knows_price or new_currency)
    moves_rating = "rating" in names or reference.rating is None
    return Reference(
        price=seen.price if moves_price else reference.price,
        knows_price=reference.knows_price or seen.tells_price,
        rating=seen.rating if moves_rating else reference.rating,
        availability=seen.availability or reference.availability,
    )


def position_of(asins: Sequence[str], sponsored: Sequence[bool], asin: str) -> Position:
    """Where the product stands among the tiles."""
    first = next((index for index, one in enumerate(asins) if one == asin), None)
    organic = [one for one, paid in zip(asins, sponsored, strict=True) if not paid]
    return Position(
        overall=None if first is None else first + 1,
        organic=organic.index(asin) + 1 if asin in organic else None,
        sponsored=None if first is None else sponsored[first],
    )
