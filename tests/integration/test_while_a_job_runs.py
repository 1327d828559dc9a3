"""What is done to the database while a worker crawls: a newer release migrates it, retention lets go of what is old."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from azscraper.crawl.archive import Archive
from azscraper.operate import retention
from azscraper.store import migrations, queue
from azscraper.store.db import scalar, transaction
from integration.crawling import ended, opened_shop, running, states, submit

TARGETS = 30
RATE = 15.0
OF_THE_NEXT_RELEASE = [
    *(
        f"ALTER TABLE {table} ADD COLUMN of_the_next_release text"
        for table in ("jobs", "targets", "results", "hosts", "pages", "webhook_deliveries")
    ),
    "CREATE INDEX of_the_next_release_idx ON jobs (of_the_next_release)",
    "CREATE TABLE of_the_next_release (id text PRIMARY KEY)",
    "UPDATE alembic_version SET version_num = '9999'",
]


@pytest.fixture
async def shop():
    async with opened_shop() as shop:
        yield shop


async def some_done(pool, job_id):
    while sum(status == "success" for status, *_ in await states(pool, job_id)) < TARGETS / 6:
        await asyncio.sleep(0.02)


async def require_whole(pool, job_id):
    """Each target succeeded, with one row."""
    assert [state for state in await ended(pool, job_id) if state[0] != "success"] == []
    async with transaction(pool) as conn:
        assert await scalar(conn, int, "SELECT count(*)::int FROM results WHERE job_id = %s", [job_id]) == TARGETS
        assert await scalar(conn, str, "SELECT status FROM jobs WHERE id = %s", [job_id]) == "completed"


async def test_a_worker_goes_on_while_the_next_release_migrates(pool, database_url, shop):
    """The migration holds all its locks for longer than a heartbeat, as one over a large table does."""
    job_id = await submit(pool, TARGETS, retries=3)
    async with running(database_url, shop.url, crawl_rate=RATE, obey_robots=False):
        await some_done(pool, job_id)
        async with transaction(pool) as conn:
            for statement in OF_THE_NEXT_RELEASE:
                await conn.execute(statement)
            await conn.execute("SELECT pg_sleep(%s)", [queue.HEARTBEAT_SECONDS * 1.5])
        await asyncio.to_thread(migrations.migrate, database_url)  # as the worker does when it is started again
        await require_whole(pool, job_id)


async def test_retention_leaves_a_job_alone_that_runs_for_longer_than_rows_are_kept(pool, database_url, shop, tmp_path):
    """A month's end lies between the job's rows and now, too, so that their partitions are old."""
    later = datetime.now(UTC) + timedelta(days=70)
    job_id = await submit(pool, TARGETS, retries=3)
    async with (
        running(database_url, shop.url, crawl_rate=RATE, obey_robots=False),
        Archive(tmp_path.as_uri(), software="test", clock=lambda: later) as archive,
    ):
        await some_done(pool, job_id)
        pruned = await retention.prune(pool, before=later)
        await retention.expire_pages(pool, archive, days=1, now=later)
        await retention.forget_expired(pool, now=later)
        assert pruned.jobs == 0
        await require_whole(pool, job_id)
