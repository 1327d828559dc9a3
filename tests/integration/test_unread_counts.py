"""What workers count of regions that no source reads: in the database by day and layout, in the metrics, gone after 90 days."""

from datetime import UTC, datetime, timedelta

from azscraper import metrics
from azscraper.kinds.unread import Region, Unread
from azscraper.operate import gauges, retention
from azscraper.parse.page import Page
from azscraper.results import unread
from azscraper.results.unread import UnreadCounts
from azscraper.store.db import transaction

NOW = datetime.now(UTC)
SEEN = Unread("details", "desktop", "productTitle", (Region("expertPicks", 80, "Recommended"),))
PAGE = Page(
    b"""<html class="a-mobile"><body><div id="dp"><span id="productTitle">Kettle</span><input id="ASIN" value="B000000001">
    <div id="askTheExpert">Recommended by experts for kitchens of all sizes.</div></div></body></html>""",
    "https://www.amazon.com/dp/B000000001",
)


async def stored(pool, *counts):
    for each in counts:
        async with transaction(pool) as conn:
            await unread.store(conn, each.take())


async def test_counts_of_all_workers_add_up_and_are_shares_in_the_metrics(pool):
    one, other = UnreadCounts(), UnreadCounts()
    for counts in (one, other, other):
        counts.add(SEEN, NOW.date())
    other.add(Unread("details", "desktop", "productTitle", ()), NOW.date())
    await stored(pool, one, other, one)
    async with transaction(pool) as conn:
        found = [sample for sample in await gauges.read(conn) if "unread" in sample.gauge]
    layout = ("details", "desktop", "productTitle")
    assert found == [
        metrics.Sample("azscraper_unread_pages", 4, layout),
        metrics.Sample("azscraper_unread_share", 0.75, (*layout, "expertPicks")),
    ]


def test_the_first_pages_of_a_day_are_looked_at_then_few():
    counts = UnreadCounts()
    for _ in range(500):
        counts.look(PAGE, "details", "www.amazon.com", NOW)
    taken = counts.take()
    assert {key[1:]: count for key, count in taken.items()} == {
        ("details", "phone", "productTitle", ""): 3,
        ("details", "phone", "productTitle", "askTheExpert"): 3,
    }
    counts.look(PAGE, "details", "www.amazon.com", NOW + timedelta(days=1))
    counts.look(PAGE, None, "www.amazon.com", NOW)
    assert sorted(counts.take().values()) == [1, 1]


async def test_counts_leave_after_90_days(pool):
    counts = UnreadCounts()
    counts.add(SEEN, (NOW - timedelta(days=91)).date())
    counts.add(SEEN, (NOW - timedelta(days=89)).date())
    await stored(pool, counts)
    await retention.forget_expired(pool, now=NOW)
    async with transaction(pool) as conn:
        cursor = await conn.execute("SELECT DISTINCT day FROM unread_regions")
        assert [row[0] for row in await cursor.fetchall()] == [(NOW - timedelta(days=89)).date()]
