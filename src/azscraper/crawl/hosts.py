"""What all workers share about a marketplace: its robots text, its pace, its breakers. One row a host, one a route.

The rules are pure (:mod:`pacing`, :mod:`robots`); here they meet the rows, one short transaction each. A route is a
proxy to one marketplace: what is shut for one may be open for another.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from azscraper.crawl import pacing
from azscraper.crawl.pacing import Pulse
from azscraper.crawl.policy import LONGEST_WAIT
from azscraper.crawl.robots import RobotsText
from azscraper.store.db import Conn, fetch_all, fetch_existing, fetch_one

PROBE_SECONDS = 35.0
"""How long a half-open breaker waits for its probe before it lets another go: longer than any fetch may take."""
_CLOCKS_DIFFER = timedelta(minutes=1)
"""How far the clocks of workers may be apart before their word counts as an error."""
PROBE_LOOK = timedelta(seconds=2)
"""When those who wait for a probe look again: most are answered by then."""


@dataclass(frozen=True, slots=True)
class Reservation:
    """Slots to fetch in, or word of why there are none."""

    slots: tuple[datetime, ...] = ()
    """When each fetch may begin; ascending."""
    free_until: datetime | None = None
    """Set when the pace is unlimited: fetches may begin whenever they like until then."""
    ask_again: datetime | None = None
    """Set when the slots of the near future are taken: nothing is to be had before."""
    open_until: datetime | None = None
    """Set when the marketplace is paused."""
    refused: bool = False
    """Whether the marketplace refused last: then the next good answer is worth reporting at once."""
    slowed: bool = False
    """Whether the marketplace is slowed down: then good answers are worth reporting now and then."""
    probing: bool = False
    """Whether the one slot is a half-open breaker's probe: everybody waits for what comes of it."""
    usual_seconds: float | None = None
    """The marketplace's usual latency."""


@dataclass(frozen=True, slots=True)
class Routes:
    """What is known of the ways to a marketplace; proxies that are not named here are open."""

    shut: dict[str, datetime]
    """Key of a proxy: until when its breaker is open."""
    probes: tuple[str, ...] = ()
    """Keys of proxies whose breaker is half-open: the caller may send one probe through each."""
    troubled: frozenset[str] = frozenset()
    """Keys of proxies that were refused last: then a good answer is worth reporting."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How a marketplace is asked at present."""

    host: str
    rate: float | None
    """Requests per second that an operator set; None: the service's setting."""
    slowdown: float
    """Factor on the time between two requests, 1 unless there were robot checks."""
    open_until: datetime | None
    """Until when nothing is asked."""


@dataclass(frozen=True, slots=True)
class _Pace:
    next_slot_at: datetime | None
    rate: float | None
    slowdown: float
    blocks: int
    open_until: datetime | None
    probe_until: datetime | None
    paused_until: datetime | None
    usual_seconds: float | None


@dataclass(frozen=True, slots=True)
class _Route:
    proxy: str
    blocks: int
    open_until: datetime | None
    probe_until: datetime | None


@dataclass(frozen=True, slots=True)
class _Robots:
    robots_status: int | None
    robots_body: str | None
    robots_fetched_at: datetime | None


async def reserve(
    conn: Conn,
    host: str,
    *,
    wanted: int,
    rate: float,
    crawl_delay: float,
    now: datetime,
    breaker_seconds: float = 3600.0,
) -> Reservation:
    """Reserve up to ``wanted`` slots of the next quarter of a second, at one pace over all workers.

    ``rate`` is in requests per second; one that the host's row names comes before it.
    """
    pace = _possible(await _lock(conn, host), now, breaker_seconds)
    standing = Reservation(refused=pace.blocks > 0, slowed=pace.slowdown > 1, usual_seconds=pace.usual_seconds)
    probed_until = min(pace.probe_until or now, now + PROBE_LOOK)
    paused_until = max(pace.open_until or now, probed_until, pace.paused_until or now)
    if paused_until > now:
        return Reservation(open_until=paused_until)
    probing = pace.open_until is not None
    interval = pacing.interval_seconds(rate if pace.rate is None else pace.rate, crawl_delay, pace.slowdown)
    near = timedelta(seconds=pacing.HORIZON_SECONDS)
    first = max(pace.next_slot_at or now, now)
    if first > now + 2 * near + timedelta(seconds=interval):  # no reservation reaches so far: written by a wrong clock
        first = now
    if first > now + near:
        return Reservation(ask_again=first - near)
    if interval == 0 and not probing:
        return replace(standing, free_until=now + timedelta(seconds=pacing.LEASE_SECONDS))
    count = 1 if probing else pacing.batch_size(interval, wanted)
    slots = tuple(first + timedelta(seconds=interval * n) for n in range(count))
    await conn.execute(
        "UPDATE hosts SET next_slot_at = %s, probe_until = %s WHERE host = %s",
        [
            first + timedelta(seconds=interval * count),
            first + timedelta(seconds=PROBE_SECONDS) if probing else None,
            host,
        ],
    )
    return replace(standing, slots=slots, probing=probing)


def _possible(pace: _Pace, now: datetime, breaker_seconds: float) -> _Pace:
    """Without times further ahead than any rule sets them: they were written by a wrong clock, and would stop all crawling."""
    return replace(
        pace,
        open_until=_within(pace.open_until, now, _longest_pause(breaker_seconds)),
        probe_until=_within(pace.probe_until, now, timedelta(seconds=PROBE_SECONDS)),
        paused_until=_within(pace.paused_until, now, LONGEST_WAIT),
    )


def _longest_pause(breaker_seconds: float) -> timedelta:
    return timedelta(seconds=breaker_seconds * 2.0**pacing.PAUSE_DOUBLINGS)


def _within(until: datetime | None, now: datetime, most: timedelta) -> datetime | None:
    return None if until is None or until > now + most + _CLOCKS_DIFFER else until


async def observe(
    conn: Conn,
    host: str,
    pulse: Pulse,
    *,
    now: datetime,
    breaker_seconds: float,
    pause_until: datetime | None = None,
) -> None:
    """Tell the shared state how the marketplace answered.

    Refusals, failures and late answers slow the pace down; refusals in a row open the breaker; ``pause_until`` is what
    a Retry-After asked for, and holds for all workers.
    """
    pace = await _lock(conn, host)
    breaker = _breaker_after(pacing.Breaker(pace.blocks, pace.open_until), pulse, now, breaker_seconds)
    await conn.execute(
        """UPDATE hosts SET slowdown = %s, blocks = %s, open_until = %s, usual_seconds = %s,
               probe_until = CASE WHEN %s THEN NULL ELSE probe_until END, paused_until = greatest(paused_until, %s)
           WHERE host = %s""",
        [
            pacing.slowdown_after(pace.slowdown, pulse, pace.usual_seconds),
            breaker.failures,
            breaker.open_until,
            pacing.usual_after(pace.usual_seconds, pulse),
            pulse.answers + pulse.refusals > 0,
            pause_until,
            host,
        ],
    )


def _breaker_after(breaker: pacing.Breaker, pulse: Pulse, now: datetime, base_seconds: float) -> pacing.Breaker:
    if pulse.answers:
        breaker = pacing.after_answer(breaker)
    for _ in range(pulse.refusals):
        breaker = pacing.after_block(breaker, now=now, base_seconds=base_seconds)
    return breaker


async def end_probe(conn: Conn, host: str) -> None:
    """A probe that told nothing (no connection, half a page) is over: another may go at once."""
    await conn.execute("UPDATE hosts SET probe_until = NULL WHERE host = %s", [host])


async def _lock(conn: Conn, host: str) -> _Pace:
    sql = """SELECT nullif(next_slot_at, '-infinity') AS next_slot_at, rate, slowdown, blocks, open_until,
                    probe_until, paused_until, usual_seconds FROM hosts WHERE host = %s FOR UPDATE"""
    pace = await fetch_one(conn, _Pace, sql, [host])
    if pace is None:
        await conn.execute("INSERT INTO hosts (host) VALUES (%s) ON CONFLICT DO NOTHING", [host])
        return await fetch_existing(conn, _Pace, sql, [host])
    return pace


async def reserve_routes(conn: Conn, host: str, *, now: datetime, breaker_seconds: float = 3600.0) -> Routes:
    """The breakers of the proxies to a marketplace; those that are half-open let this caller alone send a probe.

    A time further ahead than any rule sets it was written by a wrong clock: that proxy gets a probe at once.
    """
    stored = await fetch_all(
        conn,
        _Route,
        "SELECT proxy, blocks, open_until, probe_until FROM routes WHERE host = %s ORDER BY proxy FOR UPDATE",
        [host],
    )
    rows = [_possible_route(row, now, breaker_seconds) for row in stored]
    look = now + PROBE_LOOK
    shut = {
        row.proxy: until
        for row in rows
        if (until := max(row.open_until or now, min(row.probe_until or now, look))) > now
    }
    probes = tuple(row.proxy for row in rows if row.open_until is not None and row.proxy not in shut)
    if probes:
        await conn.execute(
            "UPDATE routes SET probe_until = %s WHERE host = %s AND proxy = ANY(%s)",
            [now + timedelta(seconds=PROBE_SECONDS), host, list(probes)],
        )
    return Routes(shut, probes, frozenset(row.proxy for row in rows if row.blocks))


def _possible_route(route: _Route, now: datetime, breaker_seconds: float) -> _Route:
    open_until = _within(route.open_until, now, _longest_pause(breaker_seconds))
    probe_until = _within(route.probe_until, now, timedelta(seconds=PROBE_SECONDS))
    return replace(route, open_until=(open_until or now) if route.open_until else None, probe_until=probe_until)


async def observe_route(
    conn: Conn, host: str, proxy: str, *, refused: bool, now: datetime, breaker_seconds: float
) -> datetime | None:
    """Tell what came through a proxy: a refusal, or that the proxy itself failed, against a real answer.

    Until when its breaker is open now; None when it is closed.
    """
    await conn.execute("INSERT INTO routes (host, proxy) VALUES (%s, %s) ON CONFLICT DO NOTHING", [host, proxy])
    route = await fetch_existing(
        conn,
        _Route,
        "SELECT proxy, blocks, open_until, probe_until FROM routes WHERE host = %s AND proxy = %s FOR UPDATE",
        [host, proxy],
    )
    breaker = pacing.Breaker(route.blocks, route.open_until)
    after = (
        pacing.after_block(breaker, now=now, base_seconds=breaker_seconds) if refused else pacing.after_answer(breaker)
    )
    await conn.execute(
        "UPDATE routes SET blocks = %s, open_until = %s, probe_until = NULL WHERE host = %s AND proxy = %s",
        [after.failures, after.open_until, host, proxy],
    )
    return after.open_until


async def find_paces(conn: Conn) -> list[Pace]:
    """Of the hosts that were ever asked or have a rate of their own."""
    return await fetch_all(conn, Pace, "SELECT host, rate, slowdown, open_until FROM hosts ORDER BY host")


async def set_rate(conn: Conn, host: str, rate: float | None) -> float | None:
    """Ask the host ``rate`` times a second from now on, 0 for no limit, None for the service's setting; what it was."""
    before = (await _lock(conn, host)).rate
    await conn.execute("UPDATE hosts SET rate = %s WHERE host = %s", [rate, host])
    return before


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
