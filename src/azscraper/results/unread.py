"""How many pages of each layout show a region that no source reads, by day: counted by each worker, kept for all.

Looking takes several times as long as reading a page, so a worker looks at the first pages of a kind and marketplace on a
day and then at one in five hundred.
"""

from collections import Counter
from datetime import date, datetime, timedelta

from azscraper.kinds.unread import Unread, unread
from azscraper.parse.page import Page
from azscraper.store.db import Conn

KEPT = timedelta(days=90)
_FIRST = 2
_EVERY = 500
_LOOKED_AT = ""
"""In the place of a region: counts the pages."""
_MOST = 20_000
"""Counts between two writes; a page has two hundred regions at most."""


class UnreadCounts:
    """What a worker process has seen and not yet written."""

    def __init__(self) -> None:
        self._seen: Counter[tuple[date, str, str]] = Counter()
        self._counts: Counter[tuple[date, str, str, str, str]] = Counter()

    def look(self, page: Page, type_: str | None, host: str, now: datetime) -> None:
        """Count the regions of a page that is of a kind, if it is one of those that are looked at. Never raises."""
        if type_ is None:
            return
        key = (now.date(), type_, host)
        self._seen[key] += 1
        if self._seen[key] <= _FIRST or self._seen[key] % _EVERY == 0:
            self.add(unread(page), now.date())

    def add(self, found: Unread | None, day: date) -> None:
        """Count a page that was looked at."""
        if found is None or len(self._counts) > _MOST:
            return
        layout = (day, found.kind, found.device, found.title)
        self._counts.update((*layout, region) for region in (_LOOKED_AT, *(one.name for one in found.regions)))

    def take(self) -> dict[tuple[date, str, str, str, str], int]:
        """What is to be written, and from now on is no longer here; days that are over are forgotten."""
        taken, self._counts = dict(self._counts), Counter()
        latest = max((day for day, _, _ in self._seen), default=None)
        self._seen = Counter({key: count for key, count in self._seen.items() if key[0] == latest})
        return taken


async def store(conn: Conn, counts: dict[tuple[date, str, str, str, str], int]) -> None:
    """Add the counts to those of all workers, in the order of their keys, so that no two workers wait for each other."""
    if not counts:
        return
    days, kinds, devices, titles, regions = zip(*sorted(counts), strict=True)
    await conn.execute(
        """INSERT INTO unread_regions AS u (day, kind, device, title, region, pages)
           SELECT * FROM unnest(%s::date[], %s::text[], %s::text[], %s::text[], %s::text[], %s::int[])
           ON CONFLICT (day, kind, device, title, region) DO UPDATE SET pages = u.pages + excluded.pages""",
        [list(days), list(kinds), list(devices), list(titles), list(regions), [counts[key] for key in sorted(counts)]],
    )


async def forget_expired(conn: Conn, *, now: datetime, most: int) -> int:
    """Remove counts of days that ended more than 90 days ago, and when drops were told by then; how many rows."""
    before = now - KEPT
    counts = await conn.execute(
        "DELETE FROM unread_regions WHERE ctid IN (SELECT ctid FROM unread_regions WHERE day < %s LIMIT %s)",
        [before.date(), most],
    )
    drops = await conn.execute(
        "DELETE FROM quality_drops WHERE ctid IN (SELECT ctid FROM quality_drops WHERE told_at < %s LIMIT %s)",
        [before, most],
    )
    return max(counts.rowcount, drops.rowcount)
