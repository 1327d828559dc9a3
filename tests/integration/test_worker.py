"""What the worker process does beside crawling."""

import asyncio
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import procrastinate

from azscraper import worker
from azscraper.config import Settings
from azscraper.jobs import labels
from azscraper.operate import upkeep
from azscraper.store import queue
from azscraper.store.db import scalar, transaction
from azscraper.tenants import accounts, projects
from azscraper.tenants.keyring import Keyring
from azscraper.tenants.principal import Principal
from azscraper.tracking import schedules
from azscraper.tracking.schedules import CrawlConfig
from azscraper.webhooks import endpoints
from azscraper.webhooks.endpoints import Event
from azscraper.wire.crawls import JobConfig
from azscraper.words import EventType
from integration.badserver import BadServer, plain

KEYS = Keyring("a secret of at least thirty-two characters")
SECRET = "whsec_" + "c2VjcmV0" * 5


@asynccontextmanager
async def running_worker(database_url, **settings):
    stop = asyncio.Event()
    settings = Settings(obey_robots=False, crawl_rate=1e-9, archive_url="memory:///", **settings)
    running = asyncio.create_task(worker.run(settings, database_url, keys=KEYS, stop=stop))
    try:
        async with asyncio.timeout(20):
            yield running
    finally:
        stop.set()
        await running


async def some_organization(pool):
    async with transaction(pool) as conn:
        user = await accounts.register(conn, email="a@example.com", password_hash="-", name=None, plan="free")
        project = await projects.create(conn, user.principal(), "P")
    return user.principal(), project.id


async def last_job_id(pool, schedule):
    async with transaction(pool) as conn:
        return (await schedules.get(conn, Principal(schedule.organization_id), schedule.id)).last_job_id


async def test_one_connection_of_a_worker_listens_for_all_its_queues(pool, database_url, monkeypatch):
    monkeypatch.setattr(queue, "_POLL_SECONDS", 60.0)  # what is not announced is not seen in this test's time
    listening = (
        "SELECT count(*)::int FROM pg_stat_activity WHERE datname = current_database() AND starts_with(query, 'LISTEN')"
    )
    async with running_worker(database_url):
        for _ in range(2):  # the first tasks may be found by the engines' first look
            async with transaction(pool) as conn:
                for name in ("default", "kinds", "ask", "reparse"):
                    await queue.defer(conn, "scrape", queue=name, job_id="x", lane=0, run=0)
                await queue.defer(conn, "deliver", queue=endpoints.QUEUE, webhook_id="x", subject="x")
            while await scalar_of(pool, "SELECT count(*)::int FROM procrastinate_jobs"):
                await asyncio.sleep(0.05)
        assert await scalar_of(pool, listening) == 1


async def test_the_worker_runs_schedules_that_are_due(pool, database_url, monkeypatch):
    monkeypatch.setattr(upkeep, "SCHEDULES_SECONDS", 0.05)
    organization = await some_organization(pool)
    long_ago = datetime.now(UTC) - timedelta(days=2)
    crawl = CrawlConfig("search", ["mug"], JobConfig())
    async with transaction(pool) as conn:
        schedule = await schedules.create(
            conn, *organization, cron="@hourly", timezone="UTC", enabled=True, crawl=crawl, now=long_ago
        )
    async with running_worker(database_url):
        while await last_job_id(pool, schedule) is None:
            await asyncio.sleep(0.05)
    async with transaction(pool) as conn:
        page = await labels.find_slice(conn, *organization, labels.Filter(), limit=9, offset=0)
    assert page.total == 1


async def test_a_task_whose_fetch_nobody_heard_of_is_put_back(pool, monkeypatch):
    """The database went away between giving a task to the worker and telling it."""
    monkeypatch.setattr(queue, "STALLED_SECONDS", 1.0)
    monkeypatch.setattr(queue, "_SWEEP_SECONDS", 0.05)
    stop, ran = asyncio.Event(), asyncio.Event()

    async def task(**_):
        ran.set()

    working = asyncio.create_task(queue.run_worker(pool, {"scrape": task}, stop=stop, concurrency=1, grace_seconds=1))
    try:
        async with asyncio.timeout(20):
            while await scalar_of(pool, "SELECT count(*)::int FROM procrastinate_workers") == 0:
                await asyncio.sleep(0.05)
            async with transaction(pool) as conn:
                await queue.defer(conn, "scrape", job_id="x")
                await conn.execute(
                    "UPDATE procrastinate_jobs SET status = 'doing', worker_id = (SELECT id FROM procrastinate_workers)"
                )
            await ran.wait()
    finally:
        stop.set()
        await working


async def test_a_task_that_runs_again_is_left_to_who_runs_it(pool):
    """Two workers saw it stalled; the slower one comes when a third runs it already."""
    app = procrastinate.App(connector=procrastinate.PsycopgConnector())
    taken = "UPDATE procrastinate_jobs SET status = 'doing'"
    async with app.open_async(pool):
        async with transaction(pool) as conn:
            await queue.defer(conn, "scrape", job_id="x")
            await conn.execute(taken)
        [stalled] = await app.job_manager.list_jobs_async(status="doing")
        await queue.put_back(app, stalled, datetime.now(UTC), "the faster one")
        async with transaction(pool) as conn:
            await conn.execute(taken)
        await queue.put_back(app, stalled, datetime.now(UTC), "the slower one")
        [running] = await app.job_manager.list_jobs_async()
    assert (running.status, running.attempts) == ("doing", 1)


async def test_a_task_is_put_back_by_one_of_two_that_saw_it_stalled(pool):
    """The slower one looks before the faster one's transaction ends, and comes when the task runs again."""
    app = procrastinate.App(connector=procrastinate.PsycopgConnector())
    async with app.open_async(pool):
        async with transaction(pool) as conn:
            await queue.defer(conn, "scrape", job_id="x")
            await conn.execute("UPDATE procrastinate_jobs SET status = 'doing'")
        [stalled] = await app.job_manager.list_jobs_async(status="doing")
        async with transaction(pool) as conn:
            await conn.execute("UPDATE procrastinate_jobs SET attempts = attempts + 1")  # put back, taken, under way
            slower = asyncio.create_task(queue.put_back(app, stalled, datetime.now(UTC), "the slower one"))
            async with asyncio.timeout(20):
                while not await scalar_of(pool, "SELECT count(*)::int FROM pg_locks WHERE NOT granted"):
                    await asyncio.sleep(0.02)
        await slower
        [running] = await app.job_manager.list_jobs_async()
    assert (running.status, running.attempts) == ("doing", 1)


async def scalar_of(pool, sql):
    async with transaction(pool) as conn:
        return await scalar(conn, int, sql)


async def test_the_worker_sends_what_webhooks_are_told(pool, database_url):
    organization = await some_organization(pool)
    async with BadServer(otherwise=plain(b"ok")) as receiver:
        async with transaction(pool) as conn:
            await endpoints.create(
                conn, *organization, url=receiver.url + "/hook", events=list(EventType), secret=SECRET, keys=KEYS
            )
            await endpoints.emit(conn, organization[1], "a" * 24, [Event(EventType.JOB_STARTED, {})])
        async with running_worker(database_url, webhook_allow_loopback=True):
            while not receiver.asked:
                await asyncio.sleep(0.05)
    [asked] = receiver.asked
    assert (asked.method, asked.target) == ("POST", "/hook")
    assert asked.headers["webhook-signature"].startswith("v1,")
