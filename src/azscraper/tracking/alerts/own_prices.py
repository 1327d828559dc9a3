"""What one's own products cost: the cheapest of each list, which a rule compares the other products of the list with."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from azscraper.store.db import Conn, fetch_all
from azscraper.tracking.alerts.items import Item
from azscraper.tracking.lists.product_items import FIND_OWN

Prices = Mapping[str, Decimal]
"""By currency. There is one each, but where a marketplace shows another currency at times."""
Corner = tuple[str, str, str]
"""A list's id, a host, a place."""
NONE: Prices = {}


@dataclass(frozen=True, slots=True)
class OwnPrices:
    """The lowest price of one's own products in each list, by marketplace and place."""

    lowest: Mapping[Corner, Prices] = field(default_factory=dict)

    def beside(self, items: Sequence[Item], marketplace: str, place: str) -> Prices:
        """What a product of these items is compared with: in several lists the highest, which is undercut first."""
        return highest(self.lowest.get((one.list_id, marketplace, place), NONE) for one in items)


def highest(prices: Iterable[Prices]) -> Prices:
    """The highest of each currency."""
    found: dict[str, Decimal] = {}
    for each in prices:
        for currency, amount in each.items():
            found[currency] = max(amount, found.get(currency, amount))
    return found


@dataclass(frozen=True, slots=True)
class _Row:
    list_id: str
    marketplace: str
    place: str
    currency: str
    amount: Decimal


async def look_up(conn: Conn, project_id: str, list_ids: Collection[str]) -> OwnPrices:
    """Of these lists, as the products' pages said last."""
    rows = await fetch_all(
        conn,
        _Row,
        f"""WITH own AS MATERIALIZED ({FIND_OWN})
            SELECT i.list_id, s.marketplace, s.place, s.texts ->> 'price' AS currency, min((s.numbers ->> 'price')::numeric) AS amount
            FROM lists l JOIN list_items i ON i.list_id = l.id JOIN own ON own.asin = i.key
                JOIN series_states s ON s.project_id = l.project_id AND s.asin = i.key
                    AND (i.marketplace = s.marketplace OR i.marketplace = '' AND s.marketplace = ANY(l.marketplaces))
            WHERE l.project_id = %(project_id)s AND l.id = ANY(%(list_ids)s)
              AND s.numbers ->> 'price' IS NOT NULL AND s.texts ->> 'price' IS NOT NULL GROUP BY 1, 2, 3, 4""",
        {"project_id": project_id, "list_ids": list(list_ids)},
    )
    lowest: dict[Corner, dict[str, Decimal]] = {}
    for row in rows:
        lowest.setdefault((row.list_id, row.marketplace, row.place), {})[row.currency] = row.amount
    return OwnPrices(lowest)
