"""A list of products as a table: its items with what each is now, and how its price moved."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from azscraper.slices import Slice
from azscraper.store.db import Conn, fetch_all, like
from azscraper.tracking.finding import finder
from azscraper.tracking.lists.items import Item
from azscraper.tracking.lists.lists import ProductList
from azscraper.tracking.product_table import Line as Product
from azscraper.words import SeriesField

_SORTS: Mapping[str, str] = {
    "added": "s.id",
    "title": "s.title",
    "price": "s.number",
    "target": "CASE WHEN s.unit = s.target_currency THEN s.number / nullif(s.target_amount, 0) END",
    "d1": finder.change(1),
    "d7": finder.change(7),
    "d30": finder.change(30),
    "stock": "s.availability",
    "checked": "s.checked_at",
}
SORTS = frozenset(_SORTS)
_LAST_JOBS = 200
"""Of a project, in which is looked for what a list failed at: several checks of each of its lists."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which items, and in which order."""

    marketplace: str
    """Host: items without one of their own are shown as they are there."""
    text: str = ""
    """In the target, the note or the title."""
    tag: str = ""
    """Empty: all."""
    sort: str = "added"
    """One of ``SORTS``, with a minus in front for the greatest first. What is not known comes last."""


@dataclass(frozen=True, slots=True)
class Line:
    """An item, and its product where it was seen."""

    item: Item
    host: str
    product: Product | None
    error: str | None = None
    """Why the last check found no product; None of a target that was not checked yet."""

    @property
    def is_reached(self) -> bool:
        """Whether the price is down at the target price, or below."""
        target, product = self.item.target_price, self.product
        if target is None or product is None or product.price is None or product.currency != target.currency:
            return False
        return product.price <= target.amount


@dataclass(frozen=True, slots=True)
class _Row(Item):
    host: str
    total: int


async def find(conn: Conn, one: ProductList, wanted: Wanted, *, now: datetime, limit: int, offset: int) -> Slice[Line]:
    """The items. The caller has found the list among its own."""
    params = {
        "list_id": one.id,
        "project_id": one.project_id,
        "host": wanted.marketplace,
        "text": like(wanted.text) if wanted.text else None,
        "tag": wanted.tag or None,
        "change_of": SeriesField.PRICE,
        "limit": limit,
        "offset": offset,
        **finder.since(now),
    }
    rows = await fetch_all(conn, _Row, _statement(wanted.sort), params)
    keys = {(row.key, row.host) for row in rows}
    known = await finder.look_up(conn, one.project_id, keys, now=now) if keys else {}
    errors = await _errors(conn, one, [key for key, host in keys if (key, host) not in known])
    lines = [
        Line(row, row.host, _product(known.get((row.key, row.host))), errors.get((row.key, row.host))) for row in rows
    ]
    return Slice(lines, rows[0].total if rows else 0)


async def _errors(conn: Conn, one: ProductList, keys: Sequence[str]) -> dict[tuple[str, str], str]:
    """By key and host, the code of what the list's jobs, among the project's last ones, failed at."""
    if not keys:
        return {}
    cursor = await conn.execute(
        """SELECT coalesce(t.key, t.asin), t.marketplace, coalesce(t.error_code, '')
           FROM (SELECT id, list_id FROM jobs WHERE project_id = %s ORDER BY id DESC LIMIT %s) j JOIN targets t ON t.job_id = j.id
           WHERE j.list_id = %s AND t.status = 'failed' AND coalesce(t.key, t.asin) = ANY(%s) ORDER BY t.job_id""",
        [one.project_id, _LAST_JOBS, one.id, list(keys)],
    )
    return {(key, host): code for key, host, code in await cursor.fetchall()}


def _product(found: finder.Found | None) -> Product | None:
    return None if found is None else Product(found, None, None, [found.marketplace])


def _statement(sort: str) -> str:
    name = sort.removeprefix("-")
    order = f"{_SORTS[name]} {'DESC' if sort.startswith('-') else 'ASC'} NULLS LAST, s.id"
    moves = finder.own_moves(int(name[1:])) if name in {"d1", "d7", "d30"} else ""
    return f"""SELECT s.id, s.value, s.key, s.kind, s.own AS marketplace, s.note, s.tags, s.target_amount, s.target_currency, s.host,
               count(*) OVER () AS total
        FROM (SELECT i.id, i.value, i.key, i.kind, i.marketplace AS own, i.note, i.tags, i.target_amount, i.target_currency, h.host,
                     s.project_id, s.asin, s.marketplace, s.place, s.first_at, s.checked_at, s.texts ->> 'title' AS title,
                     s.texts ->> 'availability' AS availability, {finder.NUMBER} AS number, {finder.UNIT} AS unit
              FROM list_items i CROSS JOIN LATERAL (SELECT coalesce(nullif(i.marketplace, ''), %(host)s) AS host) h
              LEFT JOIN series_states s ON s.project_id = %(project_id)s AND s.asin = i.key AND s.marketplace = h.host AND s.place = ''
              WHERE i.list_id = %(list_id)s AND (%(tag)s::text IS NULL OR %(tag)s = ANY(i.tags))
                AND (%(text)s::text IS NULL OR i.value ILIKE %(text)s OR i.note ILIKE %(text)s OR s.texts ->> 'title' ILIKE %(text)s)) s
        {moves} ORDER BY {order} LIMIT %(limit)s OFFSET %(offset)s"""


async def tags(conn: Conn, list_id: str) -> Sequence[str]:
    """Those of the list's items, at most 100. The caller has found the list among its own."""
    cursor = await conn.execute(
        "SELECT DISTINCT unnest(tags) AS tag FROM list_items WHERE list_id = %s ORDER BY tag LIMIT 100", [list_id]
    )
    return [row[0] for row in await cursor.fetchall()]
