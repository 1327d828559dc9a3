"""Times that a worker with a wrong clock left behind stop nobody."""

import asyncio
import itertools
from datetime import UTC, datetime, timedelta

import pytest
from procrastinate import utils

from azscraper.crawl import hosts, robots
from azscraper.crawl.robots import RobotsText
from azscraper.store import queue
from azscraper.store.db import scalar, transaction
from azscraper.store.shared_clock import SharedClock

HOST = "www.amazon.com"
NOW = datetime(2026, 3, 29, 0, 59, 59, 900_000, tzinfo=UTC)


async def reserve(pool, now, rate=1.0):
    async with transaction(pool) as conn:
        return await hosts.reserve(conn, HOST, wanted=5, rate=rate, crawl_delay=0, now=now, breaker_seconds=60)


@pytest.mark.parametrize("column", ["next_slot_at", "open_until", "paused_until", "probe_until"])
async def test_what_a_clock_three_hours_ahead_wrote_is_taken_for_now(pool, column):
    await reserve(pool, NOW)
    async with transaction(pool) as conn:
        await conn.execute(f"UPDATE hosts SET {column} = %s", [NOW + timedelta(hours=3)])
    reservation = await reserve(pool, NOW + timedelta(seconds=10))
    assert reservation.slots == (NOW + timedelta(seconds=10),)


@pytest.mark.parametrize(
    ("column", "seconds"), [("open_until", 16 * 60), ("paused_until", 3600), ("probe_until", 30), ("next_slot_at", 1.4)]
)
async def test_what_the_rules_write_holds(pool, column, seconds):
    await reserve(pool, NOW)
    now = NOW + timedelta(seconds=10)
    async with transaction(pool) as conn:
        await conn.execute(f"UPDATE hosts SET {column} = %s", [now + timedelta(seconds=seconds)])
    assert (await reserve(pool, now)).slots == ()


@pytest.mark.parametrize(
    ("column", "seconds", "is_shut"),
    [
        ("open_until", 3 * 3600, False),
        ("probe_until", 3 * 3600, False),
        ("open_until", 16 * 60, True),
        ("probe_until", 30, True),
    ],
)
async def test_a_proxys_breaker_is_held_against_the_same_rules(pool, column, seconds, is_shut):
    async with transaction(pool) as conn:
        await hosts.observe_route(conn, HOST, "p", refused=True, now=NOW - timedelta(hours=1), breaker_seconds=60)
        await conn.execute("UPDATE routes SET open_until = %s", [NOW - timedelta(minutes=1)])
        await conn.execute(f"UPDATE routes SET {column} = %s", [NOW + timedelta(seconds=seconds)])
        routes = await hosts.reserve_routes(conn, HOST, now=NOW, breaker_seconds=60)
    assert (routes.shut.keys(), routes.probes) == (({"p"}, ()) if is_shut else (set(), ("p",)))


@pytest.mark.parametrize("back", [timedelta(hours=1), timedelta(days=31)])
async def test_a_clock_that_was_put_back_keeps_the_pace(pool, back):
    """As on a machine whose clock runs in local time on the day on which summer ends, or at a wrong month."""
    first = (await reserve(pool, NOW)).slots
    again = [(await reserve(pool, NOW - back + timedelta(seconds=n))).slots for n in range(4)]
    slots = [slot for reserved in again for slot in reserved]
    assert first
    assert len(slots) >= 3
    gaps = {later - earlier for earlier, later in itertools.pairwise(slots)}
    assert min(gaps) >= timedelta(seconds=1)


@pytest.mark.parametrize("age", [timedelta(minutes=-2), timedelta(hours=-3)])
def test_a_robots_text_of_the_future_is_asked_for_again(age):
    text = RobotsText(200, "", NOW - age)
    assert not robots.is_fresh(text, NOW)


async def test_what_a_dead_worker_held_is_due_at_once_whatever_the_clock_of_who_takes_it_over(pool, monkeypatch):
    monkeypatch.setattr(utils, "utcnow", lambda: datetime.now(UTC) + timedelta(hours=3))
    async with transaction(pool) as conn:
        await queue.defer(conn, "some", job_id="j")
        await conn.execute("UPDATE procrastinate_jobs SET status = 'doing'")
    done = asyncio.Event()

    async def some(**_):
        done.set()

    stop = asyncio.Event()
    working = asyncio.create_task(queue.run_worker(pool, {"some": some}, stop=stop, concurrency=1, grace_seconds=0))
    async with asyncio.timeout(30):
        await done.wait()
    stop.set()
    await working


async def test_the_shared_clock_is_the_databases(pool):
    clock = SharedClock(lambda: datetime.now(UTC) + timedelta(hours=3))
    async with transaction(pool) as conn:
        await clock.measure(conn)
        now = await scalar(conn, datetime, "SELECT clock_timestamp()")
    assert abs(clock() - now) < timedelta(seconds=5)
