"""What workers share about a marketplace: robots.txt asked once, one pace, one breaker."""

import asyncio
import itertools
from datetime import UTC, datetime, timedelta

import pytest

from azscraper.crawl import hosts
from azscraper.crawl.gate import Gate
from azscraper.crawl.robots import RobotsText
from azscraper.db import transaction
from azscraper.errors import RobotsDeniedError, RobotsUnreadableError

HOST = "www.amazon.com"
URL = f"https://{HOST}/dp/B000000001"
NOW = datetime(2026, 1, 1, tzinfo=UTC)


class Shop:
    """Plays the fetcher: answers for robots.txt, and counts who asks."""

    def __init__(self, status=200, body=""):
        self.answer = (status, body)
        self.asked = 0

    async def robots(self, _host):
        self.asked += 1
        return RobotsText(*self.answer, datetime.now(UTC))


def gate(pool, shop, rate=0.0, **options):
    settings = {"user_agent": "AzScraper/0.1", "obey_robots": True, "breaker_seconds": 60.0} | options
    return Gate(pool, shop, rate=rate, clock=lambda: datetime.now(UTC), **settings)


async def reserve(pool, now=NOW, rate=2.0, wanted=25, crawl_delay=0.0):
    async with transaction(pool) as conn:
        return await hosts.reserve(conn, HOST, wanted=wanted, rate=rate, crawl_delay=crawl_delay, now=now)


async def observe(pool, blocked, now=NOW, times=1):
    for _ in range(times):
        async with transaction(pool) as conn:
            await hosts.observe(conn, HOST, blocked=blocked, now=now, breaker_seconds=60)


async def test_reservations_never_overlap_and_keep_the_interval(pool):
    batches = await asyncio.gather(*(reserve(pool) for _ in range(6)))
    slots = sorted(slot for batch in batches for slot in batch.slots)
    assert len(slots) == 12  # a second's worth each
    gaps = {later - earlier for earlier, later in itertools.pairwise(slots)}
    assert gaps == {timedelta(seconds=0.5)}


async def test_unused_time_is_not_saved_up(pool):
    await reserve(pool)
    later = NOW + timedelta(hours=1)
    assert (await reserve(pool, later)).slots[0] == later


async def test_a_crawl_delay_is_kept(pool):
    first = (await reserve(pool, rate=0, crawl_delay=10)).slots
    second = (await reserve(pool, rate=0, crawl_delay=10)).slots
    assert second[0] - first[0] == timedelta(seconds=10)


async def test_five_robot_checks_open_the_breaker_and_one_probe_goes_when_it_is_over(pool):
    await observe(pool, blocked=True, times=4)
    assert (await reserve(pool)).open_until is None
    await observe(pool, blocked=True)
    closed = await reserve(pool)
    assert closed.slots == ()
    assert closed.open_until == NOW + timedelta(seconds=60)
    probe = await reserve(pool, closed.open_until)
    assert len(probe.slots) == 1
    assert (await reserve(pool, closed.open_until)).slots == ()
    await observe(pool, blocked=False, now=closed.open_until)
    again = await reserve(pool, closed.open_until)
    assert again.open_until is None
    assert again.slots


async def test_a_probe_that_is_refused_doubles_the_pause(pool):
    await observe(pool, blocked=True, times=5)
    now, pauses = NOW, []
    for _ in range(6):
        closed = await reserve(pool, now)
        pauses.append((closed.open_until - now).total_seconds())
        now = closed.open_until
        assert len((await reserve(pool, now)).slots) == 1
        await observe(pool, blocked=True, now=now)
    assert pauses == [60, 120, 240, 480, 960, 960]


async def test_robot_checks_slow_down_and_answers_bring_the_pace_back(pool):
    await observe(pool, blocked=True, times=2)
    slots = (await reserve(pool, rate=10)).slots
    assert slots[1] - slots[0] == timedelta(seconds=0.4)
    await observe(pool, blocked=False, times=200)
    after = await reserve(pool, rate=10, now=NOW + timedelta(hours=1))
    assert after.slots[1] - after.slots[0] == timedelta(seconds=0.1)
    assert not after.troubled


async def test_robots_txt_is_asked_once_for_all_workers(pool):
    shop = Shop(body="User-agent: *\nDisallow: /gp/")
    first, second = gate(pool, shop), gate(pool, shop)
    await asyncio.gather(*(one.enter(HOST, URL) for one in (first, first, first)))
    await second.enter(HOST, URL)
    assert shop.asked == 1
    with pytest.raises(RobotsDeniedError):
        await second.enter(HOST, f"https://{HOST}/gp/product/B000000001")


@pytest.mark.parametrize("status", [500, 503, None])
async def test_robots_txt_that_can_not_be_read_forbids_everything(pool, status):
    with pytest.raises(RobotsUnreadableError):
        await gate(pool, Shop(status)).enter(HOST, URL)


@pytest.mark.parametrize("status", [401, 403, 404, 410])
async def test_no_robots_txt_allows_everything(pool, status):
    assert await gate(pool, Shop(status, "User-agent: *\nDisallow: /")).enter(HOST, URL) is None


async def test_robots_txt_may_be_left_unasked(pool):
    shop = Shop(body="User-agent: *\nDisallow: /")
    assert await gate(pool, shop, obey_robots=False).enter(HOST, URL) is None
    assert shop.asked == 0


async def test_an_open_breaker_says_until_when(pool):
    shop = Shop()
    worker = gate(pool, shop)
    for _ in range(5):
        await worker.observe(HOST, blocked=True)
    until = await worker.enter(HOST, URL)
    assert until is not None
    assert until > datetime.now(UTC)
    assert await gate(pool, shop).enter(HOST, URL) == until


async def test_a_probe_that_tells_nothing_lets_the_next_one_go_at_once(pool):
    worker = gate(pool, Shop(), breaker_seconds=0.001)
    for _ in range(5):
        await worker.observe(HOST, blocked=True)
    for _ in range(3):  # each enter would wait 35 s for the probe before it
        while await worker.enter(HOST, URL) is not None:
            await asyncio.sleep(0)
        assert await gate(pool, Shop()).enter(HOST, URL) is not None
        await worker.observe(HOST, blocked=None)
    await worker.observe(HOST, blocked=False)
    assert await gate(pool, Shop()).enter(HOST, URL) is None
