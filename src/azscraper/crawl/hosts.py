"""What all workers share about a marketplace: its robots text, its pace, its breaker. One row a host.

The rules are pure (:mod:`pacing`, :mod:`robots`); here they meet the row, one short transaction each.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from azscraper.crawl import pacing
from azscraper.crawl.robots import RobotsText
from azscraper.db import Conn, fetch_one

PROBE_SECONDS = 35.0
"""How long a half-open breaker waits for its probe before it lets another go: longer than any fetch may take."""


@dataclass(frozen=True, slots=True)
class Reservation:
    """Slots to fetch in, or word that the breaker is open."""

    slots: tuple[datetime, ...]
    """When each fetch may begin; ascending."""
    open_until: datetime | None
    """Set when the marketplace is paused; then there are no slots."""
    troubled: bool
    """Whether the marketplace is slowed down or was blocked last: then good answers are worth reporting too."""
    probing: bool = False
    """Whether the one slot is a half-open breaker's probe: everybody waits for what comes of it."""


@dataclass(frozen=True, slots=True)
class _Pace:
    next_slot_at: datetime | None
    slowdown: float
    blocks: int
    open_until: datetime | None
    probe_until: datetime | None


@dataclass(frozen=True, slots=True)
class _Robots:
    robots_status: int | None
    robots_body: str | None
    robots_fetched_at: datetime | None


async def reserve(conn: Conn, host: str, *, wanted: int, rate: float, crawl_delay: float, now: datetime) -> Reservation:
    """Reserve up to ``wanted`` slots, about a second's worth, at ``rate`` requests per second over all workers."""
    pace = await _lock(conn, host)
    troubled = pace.blocks > 0 or pace.slowdown > 1
    paused_until = max(pace.open_until or now, pace.probe_until or now)
    if paused_until > now:
        return Reservation((), paused_until, troubled)
    probing = pace.open_until is not None
    interval = pacing.interval_seconds(rate, crawl_delay, pace.slowdown)
    count = 1 if probing else pacing.batch_size(interval, wanted)
    first = max(pace.next_slot_at or now, now)
    slots = tuple(first + timedelta(seconds=interval * n) for n in range(count))
    await conn.execute(
        "UPDATE hosts SET next_slot_at = %s, probe_until = %s WHERE host = %s",
        [
            first + timedelta(seconds=interval * count),
            first + timedelta(seconds=PROBE_SECONDS) if probing else None,
            host,
        ],
    )
    return Reservation(slots, None, troubled, probing)


async def observe(conn: Conn, host: str, *, blocked: bool, now: datetime, breaker_seconds: float) -> None:
    """Tell the shared state how the marketplace answered: robot checks slow down and open the breaker."""
    pace = await _lock(conn, host)
    breaker = pacing.Breaker(pace.blocks, pace.open_until)
    after = (
        pacing.after_block(breaker, now=now, base_seconds=breaker_seconds) if blocked else pacing.after_answer(breaker)
    )
    await conn.execute(
        "UPDATE hosts SET slowdown = %s, blocks = %s, open_until = %s, probe_until = NULL WHERE host = %s",
        [pacing.slowdown_after(pace.slowdown, blocked=blocked), after.failures, after.open_until, host],
    )


async def end_probe(conn: Conn, host: str) -> None:
    """A probe that told nothing (no connection, half a page) is over: another may go at once."""
    await conn.execute("UPDATE hosts SET probe_until = NULL WHERE host = %s", [host])


async def _lock(conn: Conn, host: str) -> _Pace:
    sql = """SELECT nullif(next_slot_at, '-infinity') AS next_slot_at, slowdown, blocks, open_until,
                    probe_until FROM hosts WHERE host = %s FOR UPDATE"""
    pace = await fetch_one(conn, _Pace, sql, [host])
    if pace is None:
        await conn.execute("INSERT INTO hosts (host) VALUES (%s) ON CONFLICT DO NOTHING", [host])
        pace = await fetch_one(conn, _Pace, sql, [host])
    assert pace is not None  # noqa: S101 - the row was just made
    return pace


async def robots(conn: Conn, host: str) -> RobotsText | None:
    """The robots text that was stored last, fresh or not."""
    row = await fetch_one(
        conn, _Robots, "SELECT robots_status, robots_body, robots_fetched_at FROM hosts WHERE host = %s", [host]
    )
    if row is None or row.robots_fetched_at is None:
        return None
    return RobotsText(row.robots_status, row.robots_body or "", row.robots_fetched_at)


async def store_robots(conn: Conn, host: str, text: RobotsText) -> None:
    """Keep a robots text for all workers."""
    await conn.execute(
        """INSERT INTO hosts (host, robots_status, robots_body, robots_fetched_at) VALUES (%s, %s, %s, %s)
           ON CONFLICT (host) DO UPDATE SET robots_status = excluded.robots_status,
               robots_body = excluded.robots_body, robots_fetched_at = excluded.robots_fetched_at""",
        [host, text.status, text.body.replace("\x00", ""), text.fetched_at],
    )
