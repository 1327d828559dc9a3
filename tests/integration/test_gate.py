"""What workers share about a marketplace: robots.txt asked once, one pace, one breaker."""

import asyncio
import itertools
from datetime import UTC, datetime, timedelta

import pytest

from azscraper.crawl import hosts
from azscraper.crawl.gate import Gate, Party, Paused, Permit, Report
from azscraper.crawl.pacing import Pulse
from azscraper.crawl.proxies import parse_proxies
from azscraper.crawl.robots import RobotsText
from azscraper.errors import RobotsDeniedError, RobotsUnreadableError
from azscraper.store.db import transaction

HOST = "www.amazon.com"
URL = f"https://{HOST}/dp/B000000001"
NOW = datetime(2026, 1, 1, tzinfo=UTC)
REFUSED, ANSWERED, NOTHING = Report(blocked=True), Report(blocked=False, seconds=0.1), Report(None)


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
    pulse = Pulse(refusals=1) if blocked else Pulse(answers=1, seconds=0.1)
    for _ in range(times):
        async with transaction(pool) as conn:
            await hosts.observe(conn, HOST, pulse, now=now, breaker_seconds=60)


async def fetch(gate, report, url=URL, **line):
    """Enter and, with a permit, report."""
    permit = await gate.enter(HOST, url, **line)
    if isinstance(permit, Permit):
        await gate.end(HOST, permit, report)
    return permit


async def test_reservations_never_overlap_and_keep_the_interval(pool):
    batches = await asyncio.gather(*(reserve(pool, rate=40) for _ in range(6)))
    slots = sorted(slot for batch in batches for slot in batch.slots)
    assert len(slots) == 20  # a quarter of a second ahead, and a quarter of a second's worth once more
    gaps = {later - earlier for earlier, later in itertools.pairwise(slots)}
    assert gaps == {timedelta(seconds=0.025)}
    assert {batch.ask_again for batch in batches} == {None, NOW + timedelta(seconds=0.25)}


async def test_the_rate_of_the_hosts_row_comes_before_the_setting(pool):
    await reserve(pool)
    async with transaction(pool) as conn:
        await conn.execute("UPDATE hosts SET rate = 100")
    slots = (await reserve(pool, NOW + timedelta(seconds=1))).slots
    assert slots[1] - slots[0] == timedelta(seconds=0.01)


async def test_an_unlimited_pace_is_asked_for_once_a_second(pool):
    reservation = await reserve(pool, rate=0)
    assert (reservation.slots, reservation.free_until) == ((), NOW + timedelta(seconds=1))


async def test_unused_time_is_not_saved_up(pool):
    await reserve(pool)
    later = NOW + timedelta(hours=1)
    assert (await reserve(pool, later)).slots[0] == later


async def test_a_crawl_delay_is_kept(pool):
    first = (await reserve(pool, rate=0, crawl_delay=10)).slots
    waiting = await reserve(pool, rate=0, crawl_delay=10)
    second = (await reserve(pool, waiting.ask_again, rate=0, crawl_delay=10)).slots
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
    again = await reserve(pool, closed.open_until + timedelta(seconds=10))
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
    slots = (await reserve(pool, rate=100)).slots
    assert slots[1] - slots[0] == timedelta(seconds=0.04)
    await observe(pool, blocked=False, times=200)
    after = await reserve(pool, rate=100, now=NOW + timedelta(hours=1))
    assert after.slots[1] - after.slots[0] == timedelta(seconds=0.01)
    assert not after.refused
    assert not after.slowed


async def test_robots_txt_is_asked_once_for_all_workers(pool):
    shop = Shop(body="User-agent: *\nDisallow: /gp/")
    first, second = gate(pool, shop), gate(pool, shop)
    await asyncio.gather(*(fetch(one, ANSWERED) for one in (first, first, first)))
    await fetch(second, ANSWERED)
    assert shop.asked == 1
    with pytest.raises(RobotsDeniedError):
        await second.enter(HOST, f"https://{HOST}/gp/product/B000000001")


@pytest.mark.parametrize("status", [500, 503, None])
async def test_robots_txt_that_can_not_be_read_forbids_everything(pool, status):
    with pytest.raises(RobotsUnreadableError):
        await gate(pool, Shop(status)).enter(HOST, URL)


@pytest.mark.parametrize("status", [401, 403, 404, 410])
async def test_no_robots_txt_allows_everything(pool, status):
    assert await gate(pool, Shop(status, "User-agent: *\nDisallow: /")).enter(HOST, URL) == Permit()


async def test_robots_txt_may_be_left_unasked(pool):
    shop = Shop(body="User-agent: *\nDisallow: /")
    assert await gate(pool, shop, obey_robots=False).enter(HOST, URL) == Permit()
    assert shop.asked == 0


async def test_an_open_breaker_says_until_when(pool):
    shop = Shop()
    worker = gate(pool, shop)
    for _ in range(5):
        await fetch(worker, REFUSED)
    paused = await worker.enter(HOST, URL)
    assert isinstance(paused, Paused)
    assert paused.until > datetime.now(UTC)
    assert await gate(pool, shop).enter(HOST, URL) == paused


async def test_a_probe_that_tells_nothing_lets_the_next_one_go_at_once(pool):
    worker = gate(pool, Shop(), breaker_seconds=0.001)
    for _ in range(5):
        await fetch(worker, REFUSED)
    for report in (NOTHING, NOTHING, None, ANSWERED):  # each enter would wait 35 s for the probe before it
        while isinstance(permit := await worker.enter(HOST, URL), Paused):
            await asyncio.sleep(0)
        assert permit.probing
        assert isinstance(await gate(pool, Shop()).enter(HOST, URL), Paused)
        await worker.end(HOST, permit, report)
    assert await gate(pool, Shop()).enter(HOST, URL) == Permit()


async def test_a_retry_after_holds_for_all_workers(pool):
    worker, other = gate(pool, Shop(), rate=1000), gate(pool, Shop(), rate=1000)
    until = datetime.now(UTC) + timedelta(minutes=1)
    await fetch(worker, Report(blocked=True, pause_until=until))
    assert await worker.enter(HOST, URL) == Paused(until)
    assert await other.enter(HOST, URL) == Paused(until)


async def test_the_line_is_served_by_place_and_not_by_arrival(pool):
    worker = gate(pool, Shop(), rate=50)
    order = []

    async def go(place):
        permit = await worker.enter(HOST, URL, order=place)
        order.append(place)
        await worker.end(HOST, permit, ANSWERED)

    await asyncio.gather(*(go(place) for place in (5, 3, 9, 1, 7)))
    assert order == [1, 3, 5, 7, 9]


async def test_at_the_turn_of_an_organization_it_is_that_of_its_ask(pool):
    worker = gate(pool, Shop(), rate=50)
    served = []

    async def go(name, place, party):
        permit = await worker.enter(HOST, URL, order=place, party=party)
        served.append(name)
        await worker.end(HOST, permit, ANSWERED)

    mine, others = Party("ann"), Party("bob")
    await asyncio.gather(
        go("batch 1", 1, mine),
        go("other 2", 2, others),
        go("batch 3", 3, mine),
        go("ask 8", 8, Party("ann", is_ask=True)),
        go("ask 9", 9, Party("ann", is_ask=True)),
        go("other 4", 4, others),
    )
    assert served == ["ask 8", "other 2", "ask 9", "other 4", "batch 1", "batch 3"]


async def test_who_is_called_off_leaves_the_line_and_takes_no_slot(pool):
    worker = gate(pool, Shop(), rate=1)
    await fetch(worker, ANSWERED)
    mine = [asyncio.create_task(worker.enter(HOST, URL, chunk="mine")) for _ in range(3)]
    other = asyncio.create_task(worker.enter(HOST, URL, order=9, chunk="other"))
    while not worker.call_off("mine"):
        await asyncio.sleep(0)
    assert {type(end) for end in await asyncio.gather(*mine, return_exceptions=True)} == {asyncio.CancelledError}
    assert await other == Permit()
    assert worker.call_off("mine") == 0


async def test_no_more_leaves_are_out_than_the_process_may_have_in_flight(pool):
    worker = gate(pool, Shop(), concurrency=2)
    first, second = await worker.enter(HOST, URL), await worker.enter(HOST, URL)
    third = asyncio.create_task(worker.enter(HOST, URL))
    done, _ = await asyncio.wait([third], timeout=0.4)  # so long that its slot is stale
    assert not done
    await worker.end(HOST, first, None)
    assert await third == Permit()
    await worker.end(HOST, second, ANSWERED)


async def test_what_waits_is_called_off_when_the_gate_closes(pool):
    worker = gate(pool, Shop(), rate=0.01)
    await fetch(worker, ANSWERED)
    waiting = asyncio.create_task(worker.enter(HOST, URL))
    await asyncio.sleep(0.05)
    await worker.close()
    with pytest.raises(asyncio.CancelledError):
        await waiting


PROXIES = parse_proxies(["http://one:1", "http://user:secret@two:2"])


async def test_a_proxy_that_is_refused_is_left_out_and_the_marketplace_stays_open(pool):
    worker = gate(pool, Shop(), proxies=PROXIES)
    refused = 0
    while refused < 5:
        permit = await worker.enter(HOST, URL)
        refused += permit.proxy == PROXIES[0]
        await worker.end(HOST, permit, REFUSED if permit.proxy == PROXIES[0] else ANSWERED)
    for one in (worker, gate(pool, Shop(), proxies=PROXIES)):
        assert {(await fetch(one, ANSWERED)).proxy for _ in range(4)} == {PROXIES[1]}


async def test_a_proxy_comes_back_after_one_good_probe(pool):
    worker = gate(pool, Shop(), proxies=PROXIES, breaker_seconds=0.001)
    failures = 0
    while failures < 5:
        permit = await worker.enter(HOST, URL)
        failures += permit.proxy == PROXIES[1]
        await worker.end(HOST, permit, Report(None, proxy_failed=True) if permit.proxy == PROXIES[1] else ANSWERED)
    while (await fetch(worker, ANSWERED)).proxy != PROXIES[1]:
        await asyncio.sleep(0)
    assert {(await fetch(worker, ANSWERED)).proxy for _ in range(4)} == set(PROXIES)


async def test_the_marketplace_waits_when_every_proxy_is_shut(pool):
    worker = gate(pool, Shop(), proxies=PROXIES)
    permit = await worker.enter(HOST, URL)
    while isinstance(permit, Permit):
        await worker.end(HOST, permit, REFUSED)
        permit = await worker.enter(HOST, URL)
    assert permit.until > datetime.now(UTC) + timedelta(seconds=50)
    async with transaction(pool) as conn:
        stored = await (await conn.execute("SELECT proxy FROM routes ORDER BY 1")).fetchall()
    assert len(stored) == 2
    assert "secret" not in str(stored)
