"""Products side by side: each with what it is by now, its series of the last days, and what they come to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from azscraper.kinds.observations import Value
from azscraper.store.db import Conn
from azscraper.tenants.principal import Principal
from azscraper.tracking import series_history
from azscraper.tracking.series_history import Product, Series, Window
from azscraper.tracking.statistics import Numbers
from azscraper.words import SeriesField

MOST = 6
"""Products of one comparison: as many as a screen shows beside each other."""
FIELDS = (
    SeriesField.PRICE,
    SeriesField.RANK,
    SeriesField.RATING,
    SeriesField.SELLER,
    SeriesField.AVAILABILITY,
)


@dataclass(frozen=True, slots=True)
class Pick:
    """A product on one marketplace."""

    asin: str
    marketplace: str
    """Host."""


@dataclass(frozen=True, slots=True)
class Compared:
    """One of them."""

    product: Product
    series: Mapping[str, Series]
    window: Window
    elsewhere: Sequence[str]
    """Other marketplaces on which the project saw it."""

    @property
    def pick(self) -> Pick:
        """Which it is."""
        return Pick(self.product.asin, self.product.marketplace)

    def value(self, field: str) -> Value:
        """By now; ``ABSENT`` where it is not known."""
        known = self.product.fields.get(field)
        return known.value if known else Value()

    @property
    def numbers(self) -> Numbers | None:
        """Of the price, over the days."""
        return next((one.numbers for one in self.window.fields if one.field == SeriesField.PRICE), None)


async def find(conn: Conn, within: Principal, picks: Sequence[Pick], *, days: int, now: datetime) -> list[Compared]:
    """In the order asked for; without those that the principal's project has not seen. Asks a few statements a product."""
    found = [await _one(conn, within, pick, days, now) for pick in picks[:MOST]]
    return [one for one in found if one]


async def _one(conn: Conn, within: Principal, pick: Pick, days: int, now: datetime) -> Compared | None:
    states = [one for one in await series_history.find_states(conn, within, pick.asin) if not one.place]
    product = next((one for one in states if one.marketplace == pick.marketplace), None)
    if product is None:
        return None
    start = now - timedelta(days=days)
    found = await series_history.find_series(conn, [product], FIELDS, start=start, end=now)
    told = await series_history.find_statistics(conn, [product], FIELDS, days=[days], now=now)
    elsewhere = [one.marketplace for one in states if one is not product]
    return Compared(product, {one.field: one for one in found}, told[0].windows[0], elsewhere)
