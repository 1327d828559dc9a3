"""What one's own products cost over time, for rules that compare others with them: the cheapest of each list at each time."""

from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from itertools import groupby

from azscraper.store.db import Conn, fetch_all
from azscraper.tracking.alerts.own_prices import NONE, Corner, Prices, highest
from azscraper.tracking.alerts.previews.replay import Dot, Then
from azscraper.tracking.lists.product_items import FIND_OWN
from azscraper.words import SeriesField

MOST_POINTS = 20_000


@dataclass(frozen=True, slots=True)
class Priced:
    """A point of the price of an own product that is in a list."""

    list_id: str
    marketplace: str
    place: str
    asin: str
    observed_at: datetime
    amount: Decimal | None
    currency: str | None

    @property
    def corner(self) -> Corner:
        """Where it counts."""
        return self.list_id, self.marketplace, self.place


async def look_up(
    conn: Conn, project_id: str, list_ids: Collection[str], *, since: datetime
) -> tuple[Mapping[Corner, Sequence[Then]], bool]:
    """Of these lists, since then and with what held then; whether that is all of it."""
    points = await fetch_all(
        conn,
        Priced,
        f"""WITH own AS MATERIALIZED ({FIND_OWN})
            SELECT k.list_id, k.marketplace, k.place, k.asin, p.* FROM (
                SELECT DISTINCT i.list_id, s.marketplace, s.place, s.asin
                FROM lists l JOIN list_items i ON i.list_id = l.id JOIN own ON own.asin = i.key
                    JOIN series_states s ON s.project_id = l.project_id AND s.asin = i.key
                        AND (i.marketplace = s.marketplace OR i.marketplace = '' AND s.marketplace = ANY(l.marketplaces))
                WHERE l.project_id = %(project_id)s AND l.id = ANY(%(list_ids)s)) k,
            LATERAL (
                (SELECT s.observed_at, s.value_number AS amount, s.value_text AS currency FROM product_series s
                 WHERE s.project_id = %(project_id)s AND s.asin = k.asin AND s.marketplace = k.marketplace AND s.place = k.place
                   AND s.field = 'price' AND s.observed_at > %(since)s)
                UNION ALL
                (SELECT s.observed_at, s.value_number, s.value_text FROM product_series s
                 WHERE s.project_id = %(project_id)s AND s.asin = k.asin AND s.marketplace = k.marketplace AND s.place = k.place
                   AND s.field = 'price' AND s.observed_at <= %(since)s ORDER BY s.observed_at DESC LIMIT 1)) p
            LIMIT %(most)s""",
        {"project_id": project_id, "list_ids": list(list_ids), "since": since, "most": MOST_POINTS + 1},
    )
    kept = sorted(points[:MOST_POINTS], key=lambda one: one.corner)
    lowest = {corner: list(_lowest(own)) for corner, own in groupby(kept, key=lambda one: one.corner)}
    return lowest, len(points) <= MOST_POINTS


def _lowest(points: Iterable[Priced]) -> Iterator[Then]:
    """The cheapest at each time at which that changes. Pure."""
    costs: dict[str, Priced] = {}
    told: Prices = NONE
    for at, together in groupby(sorted(points, key=lambda one: one.observed_at), key=lambda one: one.observed_at):
        costs |= {one.asin: one for one in together}
        prices = _cheapest(costs.values())
        if prices != told:
            told = prices
            yield Then(at, prices)


def _cheapest(costs: Iterable[Priced]) -> Prices:
    found: dict[str, Decimal] = {}
    for one in costs:
        if one.amount is not None and one.currency is not None:
            found[one.currency] = min(one.amount, found.get(one.currency, one.amount))
    return found


def beside(known: Mapping[Corner, Sequence[Then]], corners: Sequence[Corner]) -> list[Then]:
    """What a product that is in these lists was compared with. Pure."""
    steps = sorted(
        ((then.at, corner, then.prices) for corner in corners for then in known.get(corner, ())), key=lambda one: one[0]
    )
    now: dict[Corner, Prices] = {}
    found: list[Then] = []
    for at, corner, prices in steps:
        now[corner] = prices
        found.append(Then(at, highest(now.values())))
    return found


def looked_at_again(dots: Sequence[Dot], own: Sequence[Then], *, until: datetime) -> Sequence[Dot]:
    """The points of a product, and its price once more whenever what it is compared with changed: its next check is then another one. Pure."""
    if not own:
        return dots
    prices = [dot for dot in dots if dot.field == SeriesField.PRICE]
    times = {dot.at for dot in dots}
    again = []
    for then in own:
        place = bisect_right(prices, then.at, key=lambda dot: dot.at)
        if place and then.at not in times and then.at <= until:
            again.append(replace(prices[place - 1], at=then.at, fires=True))
    return sorted([*dots, *again], key=lambda dot: dot.at)
