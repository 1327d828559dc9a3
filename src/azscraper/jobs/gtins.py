"""Which products an organization found under a code (EAN, UPC, ISBN-13): a code is searched for once in sixty days."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from azscraper.store.db import Conn

KEPT = timedelta(days=60)


async def find(
    conn: Conn, organization_id: str, codes: Iterable[tuple[str, str]], *, now: datetime
) -> dict[tuple[str, str], tuple[str, ...]]:
    """The products by marketplace and code, of those that were found lately."""
    wanted = list(codes)
    if not wanted:
        return {}
    cursor = await conn.execute(
        """SELECT g.marketplace, g.gtin, g.asins FROM gtins g
           JOIN unnest(%s::text[], %s::text[]) AS w (marketplace, gtin) USING (marketplace, gtin)
           WHERE g.organization_id = %s AND g.found_at > %s""",
        [[host for host, _ in wanted], [code for _, code in wanted], organization_id, now - KEPT],
    )
    return {(row[0], row[1]): tuple(row[2]) for row in await cursor.fetchall()}


async def keep(
    conn: Conn, organization_id: str, found: Iterable[tuple[str, str, tuple[str, ...]]], *, now: datetime
) -> None:
    """Remember the products of these codes: marketplace, code, ASINs. What was found of a code before is replaced."""
    for host, code, asins in sorted(set(found)):
        await conn.execute(
            """INSERT INTO gtins (organization_id, marketplace, gtin, asins, found_at) VALUES (%s, %s, %s, %s, %s)
               ON CONFLICT (organization_id, marketplace, gtin)
               DO UPDATE SET asins = excluded.asins, found_at = excluded.found_at""",
            [organization_id, host, code, list(asins), now],
        )


async def forget(conn: Conn, *, now: datetime, most: int) -> int:
    """Remove what was found sixty days ago or earlier; how many."""
    cursor = await conn.execute(
        """DELETE FROM gtins WHERE (organization_id, marketplace, gtin) IN
               (SELECT organization_id, marketplace, gtin FROM gtins WHERE found_at <= %s LIMIT %s)""",
        [now - KEPT, most],
    )
    return cursor.rowcount
