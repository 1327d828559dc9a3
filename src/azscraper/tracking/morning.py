"""What changed in a project since a time: counted, and told one by one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import LiteralString

from azscraper.store.db import Conn, fetch_all, fetch_existing
from azscraper.words import SeriesField

KINDS: Mapping[str, Sequence[SeriesField]] = {
    "price": (SeriesField.PRICE,),
    "stock": (SeriesField.AVAILABILITY,),
    "seller": (SeriesField.SELLER,),
    "listing": (SeriesField.TITLE, SeriesField.IMAGE, SeriesField.BULLETS),
    "offer": (SeriesField.COUPON, SeriesField.DEAL),
}
"""What is told: each kind of change with its fields."""
_FIELDS = [field for fields in KINDS.values() for field in fields]
_GONE: LiteralString = "('out_of_stock', 'unavailable')"


@dataclass(frozen=True, slots=True)
class Counts:
    """How many changes of each kind, of one product on one marketplace several times where it changed so often."""

    fell: int
    rose: int
    out: int
    back: int
    sellers: int
    listing: int
    price: int
    stock: int
    seller: int
    offer: int


@dataclass(frozen=True, slots=True)
class Change:
    """One change of one field."""

    asin: str
    marketplace: str
    field: str
    observed_at: datetime
    number: Decimal | None
    text: str | None
    before_number: Decimal | None
    before_text: str | None
    title: str | None
    image: str | None

    @property
    def share(self) -> float | None:
        """By how much a number changed, as a share of what it was; None where that can't be said."""
        if self.number is None or not self.before_number or self.text != self.before_text:
            return None
        return float(self.number / self.before_number - 1)


_TOLD: LiteralString = """product_series p WHERE p.project_id = %(project_id)s AND p.is_change AND p.field = ANY(%(fields)s)
    AND p.observed_at >= %(since)s
    AND (p.field <> 'price' OR p.value_number IS NOT NULL AND p.before_number IS NOT NULL)
    AND (p.field <> 'seller' OR p.value_text IS NOT NULL AND p.before_text IS NOT NULL)"""


async def count(conn: Conn, project_id: str, *, since: datetime) -> Counts:
    """The caller has found the project among its own."""
    return await fetch_existing(
        conn,
        Counts,
        f"""SELECT count(*) FILTER (WHERE field = 'price' AND value_number < before_number) AS fell,
                   count(*) FILTER (WHERE field = 'price' AND value_number > before_number) AS rose,
                   count(*) FILTER (WHERE field = 'availability' AND value_text IN {_GONE} AND before_text NOT IN {_GONE}) AS out,
                   count(*) FILTER (WHERE field = 'availability' AND value_text NOT IN {_GONE} AND before_text IN {_GONE}) AS back,
                   count(*) FILTER (WHERE field = 'seller') AS sellers,
                   count(*) FILTER (WHERE field IN ('title', 'image', 'bullets')) AS listing,
                   count(*) FILTER (WHERE field = 'price') AS price,
                   count(*) FILTER (WHERE field = 'availability') AS stock,
                   count(*) FILTER (WHERE field = 'seller') AS seller,
                   count(*) FILTER (WHERE field IN ('coupon', 'deal')) AS offer
            FROM {_TOLD}""",
        {"project_id": project_id, "fields": _FIELDS, "since": since},
    )


async def find(conn: Conn, project_id: str, *, since: datetime, kind: str = "", limit: int) -> list[Change]:
    """The changes, newest first; of one kind, or all. The caller has found the project among its own."""
    return await fetch_all(
        conn,
        Change,
        f"""SELECT c.*, s.texts ->> 'title' AS title, s.texts ->> 'image' AS image FROM (
                SELECT project_id, place, asin, marketplace, field, observed_at, value_number AS number, value_text AS text,
                       before_number, before_text FROM {_TOLD}
                ORDER BY observed_at DESC, asin, field LIMIT %(limit)s) p
            JOIN series_states s USING (project_id, marketplace, place, asin),
            LATERAL (SELECT p.asin, p.marketplace, p.field, p.observed_at, p.number, p.text, p.before_number, p.before_text) c
            ORDER BY c.observed_at DESC, c.asin, c.field""",
        {"project_id": project_id, "fields": list(KINDS.get(kind, _FIELDS)), "since": since, "limit": limit},
    )
