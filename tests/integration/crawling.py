"""A worker that crawls a shop of the test's, and what became of a job's targets."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime

from azscraper import worker
from azscraper.config import Settings
from azscraper.jobs import jobs
from azscraper.jobs.plan import PlannedTarget
from azscraper.kinds.details import DETAILS
from azscraper.store.db import transaction
from azscraper.tenants import accounts, projects
from azscraper.tenants.keyring import Keyring
from azscraper.wire.crawls import JobConfig
from integration.badserver import BadServer, plain

KEYS = Keyring("a secret of at least thirty-two characters")
HOST = "www.amazon.com"
DEADLINE_SECONDS = 40
PAGE = """<!doctype html><html lang="en-us"><head><title>Kettle</title></head><body><div id="dp"><div id="ppd">
<span id="productTitle">Kettle</span><form><input type="hidden" id="ASIN" value="B000000001"></form></div></div></body></html>"""


@asynccontextmanager
async def opened_shop() -> AsyncIterator[BadServer]:
    async with BadServer(otherwise=plain(PAGE.encode(), "Content-Type: text/html")) as shop:
        shop.answers["/robots.txt"] = plain(b"User-agent: *\nAllow: /\n", "Content-Type: text/plain")
        yield shop


@asynccontextmanager
async def running(database_url, base_url, *, proxies=(), **settings):
    stop = asyncio.Event()
    settings = Settings(
        proxies=tuple(proxies),
        **{
            "marketplace_base_url": {HOST: base_url},
            "crawl_rate": 100,
            "breaker_seconds": 0.1,
            "retry_base_seconds": 0.05,
            "archive_url": "memory:///",
        }
        | settings,
    )
    working = asyncio.create_task(worker.run(settings, database_url, keys=KEYS, stop=stop))
    try:
        async with asyncio.timeout(DEADLINE_SECONDS):
            yield
    finally:
        stop.set()
        await working


async def submit(pool, count, retries):
    async with transaction(pool) as conn:
        user = await accounts.register(conn, email="a@example.com", password_hash="-", name=None, plan="unlimited")
        project = await projects.create(conn, user.principal(), "P")
        planned = [PlannedTarget(f"B{n:09}", HOST, f"B{n:09}") for n in range(count)]
        job = await jobs.submit(
            conn,
            user.principal(),
            project.id,
            kind=DETAILS,
            targets=planned,
            config=JobConfig(max_retries=retries),
            now=datetime.now(UTC),
        )
    return job.id


async def states(pool, job_id):
    """Of each target: status, code, message."""
    async with transaction(pool) as conn:
        cursor = await conn.execute(
            "SELECT status, error_code, error_message FROM targets WHERE job_id = %s ORDER BY ordinal", [job_id]
        )
        return await cursor.fetchall()


async def ended(pool, job_id):
    while {status for status, *_ in await states(pool, job_id)} & {"pending", "running"}:
        await asyncio.sleep(0.05)
    return await states(pool, job_id)
