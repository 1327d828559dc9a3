"""What changed in a project since a time, counted by kind: beside ``changes``, which tells one by one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import LiteralString

from azscraper.store.db import Conn, fetch_all, fetch_existing
from azscraper.words import SeriesField

KINDS: Mapping[str, Sequence[SeriesField]] = {
    "price": (SeriesField.PRICE,),
    "stock": (SeriesField.AVAILABILITY,),
    "seller": (SeriesField.SELLER,),
    "offer": (SeriesField.COUPON, SeriesField.DEAL),
    "listing": (SeriesField.TITLE, SeriesField.IMAGE, SeriesField.BULLETS),
}
"""Each kind of change with its fields."""
FIELDS = tuple(field for fields in KINDS.values() for field in fields)
_GONE: LiteralString = "('out_of_stock', 'unavailable')"


@dataclass(frozen=True, slots=True)
class Counts:
    """How many changes of each kind; of one product on one marketplace several, where it changed so often."""

    fell: int
    rose: int
    out: int
    back: int
    seller: int
    listing: int
    price: int
    stock: int
    offer: int


async def count(conn: Conn, project_id: str, *, since: datetime) -> Counts:
    """A price or a seller that comes or goes counts as stock alone. The caller has found the project among its own."""
    return await fetch_existing(
        conn,
        Counts,
        f"""SELECT count(*) FILTER (WHERE field = 'price' AND value_number < before_number) AS fell,
                   count(*) FILTER (WHERE field = 'price' AND value_number > before_number) AS rose,
                   count(*) FILTER (WHERE field = 'availability' AND value_text IN {_GONE} AND before_text NOT IN {_GONE}) AS out,
                   count(*) FILTER (WHERE field = 'availability' AND value_text NOT IN {_GONE} AND before_text IN {_GONE}) AS back,
                   count(*) FILTER (WHERE field = 'seller' AND value_text <> before_text) AS seller,
                   count(*) FILTER (WHERE field IN ('title', 'image', 'bullets')) AS listing,
                   count(*) FILTER (WHERE field = 'price' AND value_number <> before_number) AS price,
                   count(*) FILTER (WHERE field = 'availability') AS stock,
                   count(*) FILTER (WHERE field IN ('coupon', 'deal')) AS offer
            FROM product_series WHERE project_id = %(project_id)s AND is_change AND field = ANY(%(fields)s)
              AND observed_at >= %(since)s""",
        {"project_id": project_id, "fields": list(FIELDS), "since": since},
    )


@dataclass(frozen=True, slots=True)
class OfList:
    """What changed among the products of a list, on its marketplaces."""

    list_id: str
    fell: int
    rose: int
    out: int


async def count_by_list(conn: Conn, project_id: str, *, since: datetime) -> dict[str, OfList]:
    """By the list's id; none of lists of which nothing changed. The caller has found the project among its own."""
    found = await fetch_all(
        conn,
        OfList,
        f"""SELECT i.list_id, count(*) FILTER (WHERE p.field = 'price' AND p.value_number < p.before_number) AS fell,
                   count(*) FILTER (WHERE p.field = 'price' AND p.value_number > p.before_number) AS rose,
                   count(*) FILTER (WHERE p.field = 'availability' AND p.value_text IN {_GONE} AND p.before_text NOT IN {_GONE}) AS out
            FROM product_series p
            JOIN lists l ON l.project_id = p.project_id AND p.marketplace = ANY(l.marketplaces)
            JOIN list_items i ON i.list_id = l.id AND i.key = p.asin
            WHERE p.project_id = %s AND p.is_change AND p.field IN ('price', 'availability') AND p.observed_at >= %s
            GROUP BY 1""",
        [project_id, since],
    )
    return {one.list_id: one for one in found}
