"""A project's products as a table: each as it is by now on one marketplace, with its price of the days before."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import LiteralString

from azscraper.slices import Slice
from azscraper.store.db import Conn, count_rows, fetch_all, like

DAYS = (1, 7, 30)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which products, and in which order."""

    marketplace: str
    text: str = ""
    """In the title or the ASIN."""
    stock: str = ""
    """``in``, ``few``, ``out``; empty for all."""
    moved: str = ""
    """``fell`` or ``rose`` within 7 days; empty for all."""
    asins: Sequence[str] | None = None
    """Only these."""
    sort: str = "-checked"
    """One of ``SORTS``, with a minus in front for the greatest first. What is not known comes last."""


@dataclass(frozen=True, slots=True)
class Line:
    """A product on one marketplace."""

    asin: str
    marketplace: str
    checked_at: datetime
    price: Decimal | None
    currency: str | None
    before_1: Decimal | None
    """The price a day ago; None where it had none, or had it in another currency."""
    before_7: Decimal | None
    before_30: Decimal | None
    rank: int | None
    rank_before: int | None
    """Seven days ago."""
    rank_category: str | None
    rating: float | None
    rating_count: int | None
    title: str | None
    image: str | None
    seller: str | None
    seller_before: str | None
    """Who had the buy box until today; None where nobody else had."""
    availability: str | None
    elsewhere: list[str]
    """All marketplaces on which the project follows it."""

    def change(self, days: int) -> float | None:
        """Of the price since so many days ago, as a share of it; None where one of the two is not known."""
        before = {1: self.before_1, 7: self.before_7, 30: self.before_30}[days]
        return float(self.price / before - 1) if self.price is not None and before else None


_SORTS: Mapping[str, LiteralString] = {
    "title": "title",
    "price": "price",
    "d1": "price / nullif(before_1, 0)",
    "d7": "price / nullif(before_7, 0)",
    "d30": "price / nullif(before_30, 0)",
    "rank": "rank",
    "rating": "rating",
    "seller": "seller",
    "stock": "availability",
    "checked": "checked_at",
}
SORTS = frozenset(_SORTS)
_STOCK = {
    "in": ["in_stock"],
    "few": ["low_stock"],
    "out": ["out_of_stock", "unavailable"],
}


def _ago(name: LiteralString, field: LiteralString, days: LiteralString) -> LiteralString:
    return (
        """LEFT JOIN LATERAL (SELECT value_number AS n, value_text AS t FROM product_series p
    WHERE p.project_id = s.project_id AND p.asin = s.asin AND p.marketplace = s.marketplace AND p.place = s.place
      AND p.field = '"""
        + field
        + "' AND p.observed_at <= %(now)s - interval '"
        + days
        + " days' ORDER BY p.observed_at DESC LIMIT 1) "
        + name
        + " ON true\n"
    )


_NOW: LiteralString = """s.project_id, s.asin, s.marketplace, s.place, s.checked_at,
    (s.numbers ->> 'price')::numeric AS price, s.texts ->> 'price' AS currency,
    (s.numbers ->> 'rank')::float8::int AS rank, s.texts ->> 'rank' AS rank_category,
    (s.numbers ->> 'rating')::float8 AS rating, (s.numbers ->> 'ratingCount')::float8::int AS rating_count,
    s.texts ->> 'title' AS title, s.texts ->> 'image' AS image, s.texts ->> 'seller' AS seller,
    s.texts ->> 'availability' AS availability"""
_OF: LiteralString = """series_states s WHERE s.project_id = %(project_id)s AND s.marketplace = %(marketplace)s AND s.place = ''
    AND (%(text)s::text IS NULL OR s.asin ILIKE %(text)s OR s.texts ->> 'title' ILIKE %(text)s)
    AND (%(stock)s::text[] IS NULL OR s.texts ->> 'availability' = ANY(%(stock)s))
    AND (%(asins)s::text[] IS NULL OR s.asin = ANY(%(asins)s))"""
_PRICED: LiteralString = (
    "SELECT s.*, "
    + ", ".join(f"CASE WHEN b{days}.t = s.currency THEN b{days}.n END AS before_{days}" for days in ("1", "7", "30"))
    + f" FROM (SELECT {_NOW} FROM {_OF}) s\n"
    + "".join(_ago(f"b{days}", "price", days) for days in ("1", "7", "30"))
)
_MOVED: Mapping[str, LiteralString] = {"fell": "price < before_7", "rose": "price > before_7", "": "true"}


async def find(conn: Conn, project_id: str, wanted: Wanted, *, now: datetime, limit: int, offset: int) -> Slice[Line]:
    """The products. The caller has found the project among its own."""
    params = {
        "project_id": project_id,
        "marketplace": wanted.marketplace,
        "text": f"%{like(wanted.text)}%" if wanted.text else None,
        "stock": _STOCK.get(wanted.stock),
        "asins": None if wanted.asins is None else list(wanted.asins),
        "now": now,
        "limit": limit,
        "offset": offset,
    }
    order = _SORTS[wanted.sort.removeprefix("-")] + (" DESC" if wanted.sort.startswith("-") else "")
    moved = _MOVED[wanted.moved]
    lines = await fetch_all(
        conn,
        Line,
        f"""SELECT s.asin, s.marketplace, s.checked_at, s.price, s.currency, s.before_1, s.before_7, s.before_30, s.rank,
                   CASE WHEN r.t = s.rank_category THEN r.n::int END AS rank_before, s.rank_category, s.rating,
                   s.rating_count, s.title, s.image, s.seller, c.before_text AS seller_before, s.availability,
                   ARRAY(SELECT e.marketplace FROM series_states e WHERE e.project_id = s.project_id AND e.asin = s.asin
                         GROUP BY 1 ORDER BY 1) AS elsewhere
            FROM (SELECT * FROM ({_PRICED}) s WHERE {moved}
                  ORDER BY {order} NULLS LAST, asin LIMIT %(limit)s OFFSET %(offset)s) s
            {_ago("r", "rank", "7")}
            LEFT JOIN LATERAL (SELECT before_text FROM product_series p
                WHERE p.project_id = s.project_id AND p.asin = s.asin AND p.marketplace = s.marketplace
                  AND p.place = s.place AND p.field = 'seller' AND p.is_change
                  AND p.observed_at > %(now)s - interval '1 day' ORDER BY p.observed_at DESC LIMIT 1) c ON true
            ORDER BY {order} NULLS LAST, s.asin""",
        params,
    )
    counted: LiteralString = (
        f"SELECT count(*) FROM ({_PRICED}) s WHERE {moved}" if wanted.moved else f"SELECT count(*) FROM {_OF}"
    )
    return Slice(lines, await count_rows(conn, counted, params))


@dataclass(frozen=True, slots=True)
class Marketplaces:
    """On which marketplace a project follows how many products."""

    marketplace: str
    products: int


async def marketplaces(conn: Conn, project_id: str) -> list[Marketplaces]:
    """The one with most products first."""
    return await fetch_all(
        conn,
        Marketplaces,
        """SELECT marketplace, count(*) AS products FROM series_states
           WHERE project_id = %s AND place = '' GROUP BY 1 ORDER BY 2 DESC, 1""",
        [project_id],
    )


@dataclass(frozen=True, slots=True)
class _Priced:
    asin: str
    observed_at: datetime
    value_number: Decimal | None


async def prices(
    conn: Conn, project_id: str, *, marketplace: str, asins: Sequence[str], since: datetime
) -> dict[str, list[tuple[datetime, float | None]]]:
    """By ASIN, the points of the price since then in time's order, with the last one before; None: there was no price."""
    rows = await fetch_all(
        conn,
        _Priced,
        """SELECT asin, observed_at, value_number FROM product_series
           WHERE project_id = %(project_id)s AND asin = ANY(%(asins)s) AND marketplace = %(marketplace)s AND place = ''
             AND field = 'price' AND observed_at >= %(since)s
           UNION ALL
           SELECT last.* FROM unnest(%(asins)s::text[]) AS a (asin), LATERAL (
               SELECT p.asin, observed_at, value_number FROM product_series p
               WHERE project_id = %(project_id)s AND p.asin = a.asin AND marketplace = %(marketplace)s AND place = ''
                 AND field = 'price' AND observed_at < %(since)s ORDER BY observed_at DESC LIMIT 1) last
           ORDER BY asin, observed_at""",
        {"project_id": project_id, "asins": list(asins), "marketplace": marketplace, "since": since},
    )
    found: dict[str, list[tuple[datetime, float | None]]] = defaultdict(list)
    for row in rows:
        found[row.asin].append((row.observed_at, None if row.value_number is None else float(row.value_number)))
    return found
