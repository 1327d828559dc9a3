"""What changed in a project since a time, counted by kind: beside ``changes``, which tells one by one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import LiteralString

from azscraper.store.db import Conn, fetch_all, fetch_existing
from azscraper.tracking.finding.changes import FIELDS, KINDS, folded

_COUNTED: LiteralString = ", ".join(f"count(*) FILTER (WHERE {kind.sql}) AS {name}" for name, kind in KINDS.items())


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
    lost: int
    """Buy boxes of the project's own sellers that went to others."""
    won: int

    @property
    def all(self) -> int:
        """Each change once."""
        return self.price + self.stock + self.seller + self.offer + self.listing


async def count(
    conn: Conn,
    project_id: str,
    *,
    since: datetime,
    asins: Sequence[str] | None = None,
    sellers: Sequence[str] = (),
    marketplace: str | None = None,
) -> Counts:
    """Of these products and on this marketplace, None: of all. ``sellers`` are the project's own. The caller has found the project among its own."""
    return await fetch_existing(
        conn,
        Counts,
        f"""SELECT {_COUNTED} FROM product_series c
            WHERE project_id = %(project_id)s AND is_change AND field = ANY(%(fields)s) AND observed_at >= %(since)s
              AND (%(asins)s::text[] IS NULL OR asin = ANY(%(asins)s))
              AND (%(marketplace)s::text IS NULL OR marketplace = %(marketplace)s)""",
        {
            "project_id": project_id,
            "fields": list(FIELDS),
            "since": since,
            "asins": asins,
            "marketplace": marketplace,
            "sellers": folded(sellers),
        },
    )


@dataclass(frozen=True, slots=True)
class OfList:
    """What changed among the products of a list, on its marketplaces."""

    list_id: str
    fell: int
    rose: int
    out: int
    lost: int


async def count_by_list(
    conn: Conn, project_id: str, *, since: datetime, sellers: Sequence[str] = ()
) -> dict[str, OfList]:
    """By the list's id; none of lists of which nothing changed. The caller has found the project among its own."""
    found = await fetch_all(
        conn,
        OfList,
        f"""SELECT i.list_id, count(*) FILTER (WHERE {KINDS["fell"].sql}) AS fell,
                   count(*) FILTER (WHERE {KINDS["rose"].sql}) AS rose,
                   count(*) FILTER (WHERE {KINDS["out"].sql}) AS out,
                   count(*) FILTER (WHERE {KINDS["lost"].sql}) AS lost
            FROM product_series c
            JOIN lists l ON l.project_id = c.project_id AND c.marketplace = ANY(l.marketplaces)
            JOIN list_items i ON i.list_id = l.id AND i.key = c.asin
            WHERE c.project_id = %(project_id)s AND c.is_change AND c.field IN ('price', 'availability', 'seller')
              AND c.observed_at >= %(since)s
            GROUP BY 1""",
        {"project_id": project_id, "since": since, "sellers": folded(sellers)},
    )
    return {one.list_id: one for one in found}
