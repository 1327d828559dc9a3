"""The project that whoever signs up first under ``up --demo`` finds: its history is the marketplace's."""

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from psycopg import sql

from azscraper.demo import seeding
from azscraper.demo.goods.catalogue import product_at
from azscraper.demo.goods.locales import EN_US
from azscraper.demo.goods.moves import moment_at
from azscraper.demo.reading import offers_of
from azscraper.demo.seeding import Watch
from azscraper.errors import ConflictError
from azscraper.operate import demo_projects
from azscraper.store.db import fetch_all, scalar, transaction
from azscraper.tenants import accounts, projects
from azscraper.tracking.alerts import alerts
from azscraper.tracking.lists import lists
from azscraper.tracking.lists.refresh import Refresh
from azscraper.words import JobType

pytestmark = pytest.mark.usefixtures("little")
START = datetime(2026, 1, 1, tzinfo=UTC)
DAILY = Refresh(every="day")
NOW = datetime(2026, 11, 30, 8, 30, tzinfo=UTC)


@dataclass
class _Posted:
    name: str
    status: str
    total: int


@pytest.fixture
def little(monkeypatch):
    """A week of three products and a keyword."""
    targets = ("B0DEMO0001", "B0DEMO0002", "B0DEMO0003")
    watches = [
        Watch("Kettles", (EN_US,), JobType.DETAILS, targets, DAILY, targets[1:2]),
        Watch("Sellers", (EN_US,), "offers", targets[1:2], DAILY),
        Watch("Keywords", (EN_US,), JobType.SEARCH, ("kettle",), DAILY),
    ]
    monkeypatch.setattr(seeding, "watches", lambda: watches)
    monkeypatch.setattr(seeding, "DAYS", 7)


async def test_the_history_is_what_was_true(pool):
    async with transaction(pool) as conn:
        user = await accounts.register(conn, email="ann@example.com", password_hash="-", name=None, plan="unlimited")
    project_id = await seeding.seed(pool, user.principal(), now=NOW)
    async with transaction(pool) as conn:
        project = await projects.get(conn, user.principal(), project_id)
        cursor = await conn.execute(
            "SELECT asin, observed_at, value_number FROM product_series WHERE field = 'price' AND project_id = %s",
            [project_id],
        )
        prices = await cursor.fetchall()
        cursor = await conn.execute("SELECT count(*), min(cardinality(asins)) FROM keyword_observations")
        searches = await cursor.fetchone()
        cursor = await conn.execute("SELECT asin, observed_at, sellers, is_whole FROM offer_observations")
        sold = await cursor.fetchall()

    assert (project.name, project.is_demo) == ("Demo", True)
    assert len(prices) >= 5
    for asin, at, price in prices:
        assert price == product_at(EN_US, asin, moment_at(at)).offer.price
    assert searches == (7, 13)
    assert len(sold) >= 7
    for asin, at, sellers, is_whole in sold:
        rows, _ = offers_of(product_at(EN_US, asin, moment_at(at)), moment_at(at))
        assert (sellers, is_whole) == ([row.seller.name for row in rows], True)


async def test_who_signs_up_first_gets_it_and_jobs_that_read_what_is_true_now(pool):
    waiting = asyncio.create_task(seeding.seed_first(pool, since=START))
    while not waiting.done():
        async with transaction(pool) as conn:
            if await scalar(
                conn, bool, "SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND classid = 0)"
            ):
                break
    async with transaction(pool) as conn:
        ann = await accounts.register(conn, email="ann@example.com", password_hash="-", name=None, plan="unlimited")
    led = await demo_projects.arrival(pool, ann.organization_id)  # as the page after sign-up asks
    await asyncio.wait_for(waiting, 30)
    assert await demo_projects.arrival(pool, "another") is None
    await asyncio.wait_for(
        seeding.seed_first(pool, since=datetime.now(UTC)), 30
    )  # the next start: too late to be first

    async with transaction(pool) as conn:
        found = await projects.find_all(conn, ann.principal())
        posted = await fetch_all(conn, _Posted, "SELECT name, status, total FROM jobs ORDER BY name")
        followed = await lists.find_all(conn, ann.principal(), found[0].id)
        rules = await alerts.find_all(conn, ann.principal(), found[0].id)
    assert [(project.name, project.id) for project in found] == [("Demo", led)]
    assert {(one.name, one.items) for one in followed} == {("Kettles", 3), ("Sellers", 1), ("Keywords", 1)}
    assert [rule.name for rule in rules] == ["A price drops by 10% in a week"]
    assert posted == [
        _Posted("Kettles", "queued", 3),
        _Posted("Keywords", "queued", 1),
        _Posted("Sellers", "queued", 1),
    ]


async def test_its_owner_goes_on_while_the_history_is_stored(pool, monkeypatch):
    async with transaction(pool) as conn:
        ann = await accounts.register(conn, email="ann@example.com", password_hash="-", name=None, plan="unlimited")
    store, own = seeding.store_days, []

    async def meanwhile(conn, *values):
        await store(conn, *values)
        async with transaction(pool) as other:
            await other.execute("SET LOCAL lock_timeout = '2s'")
            own.append(await projects.create(other, ann.principal(), f"Mine {len(own)}"))

    monkeypatch.setattr(seeding, "store_days", meanwhile)
    project_id = await seeding.seed(pool, ann.principal(), now=NOW)
    async with transaction(pool) as conn:
        cursor = await conn.execute(
            "SELECT count(*) FROM product_series s WHERE project_id = %s AND NOT EXISTS (SELECT FROM jobs WHERE id = s.job_id)",
            [project_id],
        )
        assert await cursor.fetchone() == (0,)
    assert [project.name for project in own] == ["Mine 0", "Mine 1", "Mine 2"]


async def test_the_demo_can_be_deleted_whole_and_nothing_else(pool):
    async with transaction(pool) as conn:
        ann = await accounts.register(conn, email="ann@example.com", password_hash="-", name=None, plan="unlimited")
    project_id = await seeding.seed(pool, ann.principal(), now=NOW)
    async with transaction(pool) as conn:
        other = await projects.create(conn, ann.principal(), "Mine")
        with pytest.raises(ConflictError):
            await demo_projects.delete(conn, ann.principal(), other.id)
        await demo_projects.delete(conn, ann.principal(), project_id)
        cursor = await conn.execute(
            """SELECT table_name FROM information_schema.columns WHERE column_name = 'project_id' AND table_schema = 'public'"""
        )
        for (table,) in await cursor.fetchall():
            left = await conn.execute(
                sql.SQL("SELECT count(*) FROM {} WHERE project_id = %s").format(sql.Identifier(table)), [project_id]
            )
            assert await left.fetchone() == (0,), table
        found = await projects.find_all(conn, ann.principal())
    assert [project.name for project in found] == ["Mine"]
