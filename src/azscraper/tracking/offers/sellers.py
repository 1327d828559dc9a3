"""What looks at a list of offers and the buy box come to over a time: who sold, who is new, who left, the price gap. Pure.

``docs/howto/sellers-of-a-listing.md`` has the definitions for users.
"""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from itertools import zip_longest

from azscraper.kinds.observations import OfferSeen
from azscraper.tracking import statistics
from azscraper.tracking.statistics import Span


@dataclass(frozen=True, slots=True)
class Look:
    """A list of offers from a time on."""

    observed_at: datetime
    checked_at: datetime
    """The last look that showed the same."""
    is_whole: bool
    """Whether all offers were read."""
    currency: str | None
    offers: tuple[OfferSeen, ...]

    @property
    def sellers(self) -> frozenset[str]:
        """By name."""
        return frozenset(one.seller for one in self.offers)


@dataclass(frozen=True, slots=True)
class Known:
    """When sellers were seen first, of all the history that is kept."""

    first_listed: Mapping[str, datetime] = field(default_factory=dict)
    """In a list of offers, by name."""
    first_whole: datetime | None = None
    """When all offers were read first."""
    first_buy_box: Mapping[str, datetime] = field(default_factory=dict)
    """In the buy box, by name."""

    def first(self, name: str) -> datetime | None:
        """When the seller was seen first, in either."""
        found = [each for each in (self.first_listed.get(name), self.first_buy_box.get(name)) if each is not None]
        return min(found, default=None)

    def begins_with(self, name: str) -> bool:
        """Whether nobody looked before the seller was seen first: then it is not known whether the seller was new."""
        first = self.first(name)
        before = [self.first_whole] if self.first_whole else []
        if first == self.first_buy_box.get(name):
            before += self.first_buy_box.values()
        return first is None or all(each >= first for each in before)


@dataclass(frozen=True, slots=True)
class SellerSeen:
    """A seller over the time."""

    seller: str
    seller_id: str | None
    first_seen_at: datetime
    """Of all the history that is kept."""
    last_seen_at: datetime
    left_at: datetime | None
    """The first time at which all offers were read and the seller's was not among them any more."""
    is_new: bool
    """Seen first in the time, and somebody had looked before."""
    is_listed: bool
    """In the last look at all offers, or seen after it."""
    has_buy_box: bool
    buy_box_share: float
    """Of the time in which there was a seller, 0 to 1."""
    offers: int
    """In the last look that shows the seller; 0 of one that was seen in the buy box alone."""
    condition: str | None
    price: Decimal | None
    """Of its lowest offer in that look; of a new item, where it has one."""
    currency: str | None

    @property
    def is_lost(self) -> bool:
        """Whether the seller left."""
        return self.left_at is not None


@dataclass(frozen=True, slots=True)
class Gap:
    """The price in the buy box beside the lowest price of a new item, from a time on."""

    at: datetime
    until: datetime
    buy_box: Decimal
    lowest_new: Decimal
    currency: str | None

    @property
    def worth(self) -> tuple[Decimal, Decimal, str | None]:
        """What holds."""
        return self.buy_box, self.lowest_new, self.currency

    @property
    def amount(self) -> Decimal:
        """By how much the buy box is dearer."""
        return self.buy_box - self.lowest_new

    @property
    def percent(self) -> float | None:
        """Of the lowest price."""
        return float(self.amount / self.lowest_new * 100) if self.lowest_new else None


@dataclass(frozen=True, slots=True)
class Told:
    """What is told of a product's sellers from a time on."""

    start: datetime
    looks: Sequence[Look] = ()
    """In time's order, from the last whole one before the start on."""
    buy_box: Sequence[Span] = ()
    """Of its seller."""
    known: Known = Known()


def sellers(told: Told) -> list[SellerSeen]:
    """Who sold in the time, or just before it began: the buy box's largest shares first, then who is listed, cheapest first."""
    shares = statistics.shares_by_text(told.buy_box)
    names = {name for look in told.looks for name in look.sellers}
    names |= {span.value.text for span in told.buy_box if span.value.text is not None}
    return sorted((_seller(name, told, shares.get(name, 0.0)) for name in names), key=_order)


def _order(one: SellerSeen) -> tuple[object, ...]:
    return -one.buy_box_share, not one.is_listed, one.price is None, one.price or 0, one.seller


def _seller(name: str, told: Told, share: float) -> SellerSeen:
    shown = [look for look in told.looks if name in look.sellers]
    last = _last_seen(name, shown, told.buy_box)
    first = told.known.first(name) or last
    left = next((look.observed_at for look in told.looks if look.is_whole and look.observed_at > last), None)
    offer, count = _lowest(name, shown[-1]) if shown else (None, 0)
    return SellerSeen(
        seller=name,
        seller_id=next((one.seller_id for look in reversed(shown) for one in look.offers if one.seller == name), None),
        first_seen_at=first,
        last_seen_at=last,
        left_at=left,
        is_new=first >= told.start and not told.known.begins_with(name),
        is_listed=left is None and bool(shown),
        has_buy_box=bool(told.buy_box) and told.buy_box[-1].value.text == name,
        buy_box_share=share,
        offers=count,
        condition=offer.condition if offer else None,
        price=offer.price if offer else None,
        currency=shown[-1].currency if offer and offer.price is not None else None,
    )


def _last_seen(name: str, shown: Sequence[Look], buy_box: Sequence[Span]) -> datetime:
    """Lists know it to the look. Of the buy box alone it is the time at which another was seen there."""
    times = [shown[-1].checked_at] if shown else []
    for place, span in enumerate(buy_box, 1):
        if span.value.text == name:
            times.append(span.end if place == len(buy_box) or not shown else span.start)
    return max(times)


def _lowest(name: str, look: Look) -> tuple[OfferSeen, int]:
    own = [one for one in look.offers if one.seller == name]
    return min(own, key=lambda one: (one.condition != "new", one.price is None, one.price or 0)), len(own)


def gaps(price: Sequence[Span], lowest_new: Sequence[Span]) -> list[Gap]:
    """While both are known in one currency, in time's order; a gap ends where either changes."""
    found: list[Gap] = []
    times = sorted({span.start for span in (*price, *lowest_new)})
    for at, following in zip_longest(times, times[1:]):
        gap = _gap(_at(price, at), _at(lowest_new, at), at, following)
        if gap is None:
            continue
        if found and found[-1].until == at and found[-1].worth == gap.worth:
            gap = replace(found.pop(), until=gap.until)
        found.append(gap)
    return found


def _at(spans: Sequence[Span], at: datetime) -> Span | None:
    """What held then; the last span with its end."""
    place = bisect_right(spans, at, key=lambda span: span.start) - 1
    if place < 0:
        return None
    span = spans[place]
    return span if at < span.end or (at == span.end and place == len(spans) - 1) else None


def _gap(price: Span | None, lowest: Span | None, at: datetime, following: datetime | None) -> Gap | None:
    if price is None or lowest is None or price.value.text != lowest.value.text:
        return None
    here, least = price.value.number, lowest.value.number
    if here is None or least is None:
        return None
    until = min(each for each in (price.end, lowest.end, following) if each is not None)
    return Gap(at, until, here, least, price.value.text)


def mean_gap(found: Sequence[Gap]) -> float | None:
    """By time, in the currency of the last one; None where there is none."""
    alike = [gap for gap in found if gap.currency == found[-1].currency]
    weights = [(float(gap.amount), (gap.until - gap.at).total_seconds()) for gap in alike]
    total = sum(seconds for _, seconds in weights)
    if not weights:
        return None
    return sum(amount * seconds for amount, seconds in weights) / total if total else weights[-1][0]
