"""What a list of offers tells that is worth following over time: the featured offer, and the others where all were read, and who sells. Pure."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from azscraper.kinds.kind import Asked, Found
from azscraper.kinds.observations import (
    ABSENT,
    LONGEST_TEXT,
    NOTHING,
    Observations,
    OfferSeen,
    OffersSeen,
    Sighting,
    Value,
    number,
    text,
)
from azscraper.kinds.offers.sums import group_of
from azscraper.records.offers import OfferRow, OffersOptions, OffersSummary
from azscraper.records.parts import Money
from azscraper.words import SeriesField


def follow(asked: Asked[OffersOptions], found: Found) -> Observations:
    """Of a job that limits conditions only what its featured offer tells: it has not read the others."""
    if not isinstance(found.summary, OffersSummary):
        return NOTHING
    rows = [row for row in found.records if isinstance(row, OfferRow)]
    host, limited = asked.target.marketplace.host, bool(asked.options.conditions)
    return observations_of(rows, found.summary, marketplace=host, observed_at=found.fetched_at, limited=limited)


def observations_of(
    rows: Sequence[OfferRow], summary: OffersSummary, *, marketplace: str, observed_at: datetime, limited: bool = False
) -> Observations:
    """What is followed of these offers; ``limited``: those of some conditions were asked for."""
    asin = summary.asin
    if asin is None:
        return NOTHING
    values = dict(_of_product(summary))
    if summary.featured is not None:
        values |= dict(_of_featured(summary.featured))
    is_whole = not limited and summary.coverage is not None and summary.coverage.complete
    if is_whole:
        values |= dict(_of_all(summary))
    own = [row for row in rows if row.asin == asin and row.seller]
    currency = next((row.price.currency for row in own if row.price), None)
    offers = tuple(_offer(row, currency) for row in own)
    return Observations(
        sightings=(Sighting(marketplace, asin, observed_at, values),) if values else (),
        offers=(OffersSeen(marketplace, asin, observed_at, is_whole, currency, offers),) if offers or is_whole else (),
    )


def _offer(row: OfferRow, currency: str | None) -> OfferSeen:
    assert row.seller is not None  # noqa: S101 - the caller asked
    price = row.price.amount if row.price and row.price.currency == currency else None
    return OfferSeen(row.seller.name[:LONGEST_TEXT], row.seller.id, group_of(row), price, row.is_featured)


def _of_product(summary: OffersSummary) -> Iterator[tuple[str, Value]]:
    if summary.rating is not None:
        yield SeriesField.RATING, number(summary.rating)
    if summary.rating_count is not None:
        yield SeriesField.RATING_COUNT, number(summary.rating_count)


def _of_featured(offer: OfferRow) -> Iterator[tuple[str, Value]]:
    if offer.price is not None:
        yield SeriesField.PRICE, _amount(offer.price)
        yield SeriesField.LANDED_PRICE, _amount(offer.landed_price)
    if offer.seller is not None:
        yield SeriesField.SELLER, text(offer.seller.name)
    if offer.ships_from:
        yield SeriesField.SHIPS_FROM, text(offer.ships_from)


def _of_all(summary: OffersSummary) -> Iterator[tuple[str, Value]]:
    """Where the whole list was read, no offer of a condition means that there is none."""
    yield SeriesField.NEW_COUNT, number(summary.counts.new)
    yield SeriesField.NEW_FROM, _amount(summary.lowest.new)
    yield SeriesField.USED_COUNT, number(summary.counts.used)
    yield SeriesField.USED_FROM, _amount(summary.lowest.used)


def _amount(money: Money | None) -> Value:
    return ABSENT if money is None else number(money.amount, money.currency)
