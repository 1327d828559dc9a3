"""When what is followed over time has changed. Pure.

Apart from ``history``, which keeps it, so that the rules can be read, and tested, without a database.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from azscraper.kinds.observations import Price, ProductObservation

KEPT_AT_LEAST_EVERY = timedelta(hours=24)
"""An observation that says what the one before said is kept once a day: a flat line is a line too."""
_EXACT = 1e-9
"""Ratings are floats: 4.6 - 4.5 must count as 0.1."""


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
class Position:
    """Where a product stands for a keyword; None: not on the pages that were read."""

    overall: int | None
    """The first tile that shows it, sponsored or not."""
    organic: int | None
    """The same among the tiles that nobody paid for."""
    sponsored: bool | None
    """Whether the first tile that shows it was paid for."""


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
