"""What a list of offers tells that is worth following over time: the featured offer, and the others where all were read. Pure."""

from collections.abc import Iterator

from azscraper.kinds.kind import Asked, Found
from azscraper.kinds.observations import ABSENT, NOTHING, Observations, Sighting, Value, number, text
from azscraper.records.offers import OfferRow, OffersOptions, OffersSummary
from azscraper.records.parts import Money
from azscraper.words import SeriesField


def follow(asked: Asked[OffersOptions], found: Found) -> Observations:
    """Of a job that limits conditions only what its featured offer tells: it has not read the others."""
    summary = found.summary
    if not isinstance(summary, OffersSummary) or summary.asin is None:
        return NOTHING
    values = dict(_of_product(summary))
    if summary.featured is not None:
        values |= dict(_of_featured(summary.featured))
    if not asked.options.conditions and summary.coverage is not None and summary.coverage.complete:
        values |= dict(_of_all(summary))
    if not values:
        return NOTHING
    host = asked.target.marketplace.host
    return Observations(sightings=(Sighting(host, summary.asin, found.fetched_at, values),))


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
