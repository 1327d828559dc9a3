"""The worker process: takes tasks from the queue and runs them until told to stop."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

import structlog

import azscraper
from azscraper.clock import utc_now
from azscraper.config import Settings
from azscraper.crawl.archive import Archive
from azscraper.crawl.fetcher import Fetcher
from azscraper.crawl.gate import Gate
from azscraper.crawl.proxies import parse_proxies
from azscraper.heartbeats import Heartbeats
from azscraper.jobs import dispatch
from azscraper.jobs.dispatch import REPARSE_QUEUE, SCRAPE_TASK
from azscraper.jobs.limits import Limits
from azscraper.operate import retention
from azscraper.operate.upkeep import Loop, keep, record
from azscraper.running.attempt import Places, Scraper
from azscraper.running.readings import Readings
from azscraper.running.run_chunk import run_chunk
from azscraper.store import partitions, queue
from azscraper.store.db import Pool, open_pool, transaction
from azscraper.store.queue import TaskFunction
from azscraper.store.shared_clock import SharedClock
from azscraper.tenants.keyring import Keyring
from azscraper.tracking import schedule_runs
from azscraper.webhooks import delivering, endpoints, secrets
from azscraper.webhooks.delivering import Deliverer
from azscraper.webhooks.endpoints import DELIVER_TASK
from azscraper.webhooks.outbound import Outbound

CHUNKS_AT_ONCE = 8
"""Chunks that one process runs side by side; one that waits for its pace makes room for others after a second."""
REPARSES_AT_ONCE = 2
"""Chunks of archived pages that one process reads again side by side: parsing alone, which more would not speed up."""
_GRACE_SECONDS = 5.0
"""What runs at SIGTERM may finish in this time; then it is handed back, so that the process ends within 10 s."""
DELIVERIES_AT_ONCE = 8
"""Webhook endpoints that one process talks to side by side: one that is slow does not hold up the others."""
_POOL_SIZE = 12
_REVIVE_SECONDS = 30.0
_SCHEDULES_SECONDS = 5.0
"""How late a schedule's slot may run: a minute is the finest that cron can say."""
_TIDY_SECONDS = 3600.0
_IDLE = timedelta(minutes=1)
"""An open job that nothing was written to for this long is looked at: has the queue lost its tasks?"""

Clock = Callable[[], datetime]

_log = structlog.get_logger(__name__)


@asynccontextmanager
async def _opened(
    settings: Settings, database_url: str, stop: asyncio.Event, readings: Readings
) -> AsyncIterator[Scraper]:
    readings.tell_database(database_url)
    async with (
        open_pool(database_url, size=_POOL_SIZE, part="azscraper-worker") as pool,
        Fetcher(
            user_agent=settings.user_agent,
            base_urls=settings.marketplace_base_url,
            proxies=settings.proxies,
            connections=settings.crawl_concurrency,
            ca_file=settings.ca_file,
        ) as fetcher,
        Archive(settings.archive, software=f"azscraper/{azscraper.__version__}", clock=utc_now) as archive,
    ):
        clock = SharedClock()
        async with transaction(pool) as conn:
            await clock.measure(conn)
        yield replace(_scraper(settings, pool, fetcher, archive, stop, clock=clock), readings=readings)


async def run_reparses(settings: Settings, database_url: str, *, stop: asyncio.Event, readings: Readings) -> None:
    """Read archived pages again, as ``run`` does beside its other work, until ``stop`` is set."""
    async with _opened(settings, database_url, stop, readings) as scraper:
        tasks = {SCRAPE_TASK: partial(run_chunk, scraper)}
        await queue.run_worker(
            scraper.pool,
            tasks,
            stop=stop,
            concurrency=REPARSES_AT_ONCE,
            grace_seconds=_GRACE_SECONDS + 3,
            queue=REPARSE_QUEUE,
        )


async def run(
    settings: Settings,
    database_url: str,
    *,
    keys: Keyring,
    stop: asyncio.Event,
    readings: Readings | None = None,
    heartbeats: Heartbeats | None = None,
) -> None:
    """Work until ``stop`` is set; then finish or hand back what runs, within 10 s. ``keys`` are the HTTP service's."""
    async with (
        _opened(settings, database_url, stop, readings or Readings()) as scraper,
        Outbound(allow_loopback=settings.webhook_allow_loopback) as outbound,
    ):
        pool = scraper.pool

        async def scrape(job_id: str, **turn: int) -> None:
            await run_chunk(scraper, job_id, **turn)

        deliverer = Deliverer(pool, outbound, stop, _GRACE_SECONDS, scraper.clock, keys)

        async def deliver(webhook_id: str, subject: str) -> None:
            await delivering.deliver(deliverer, webhook_id, subject)

        try:
            async with asyncio.TaskGroup() as group:  # whichever breaks ends the other
                upkeep = group.create_task(keep(_upkeep(settings, database_url, scraper, keys), partial(_note, pool)))
                await _run_workers(scraper, scrape, deliver, stop, heartbeats or Heartbeats())
                upkeep.cancel()
        finally:
            await scraper.gate.close()


async def _run_workers(
    scraper: Scraper, scrape: TaskFunction, deliver: TaskFunction, stop: asyncio.Event, heartbeats: Heartbeats
) -> None:
    """All queues until ``stop`` is set; when one of them breaks, the other ends as well."""
    run_worker = partial(
        queue.run_worker,
        scraper.pool,
        stop=stop,
        grace_seconds=_GRACE_SECONDS + 3,
        heartbeats=heartbeats,
        clock=scraper.clock,
    )
    async with asyncio.TaskGroup() as workers:
        workers.create_task(run_worker({SCRAPE_TASK: scrape}, concurrency=CHUNKS_AT_ONCE))
        workers.create_task(run_worker({SCRAPE_TASK: scrape}, concurrency=REPARSES_AT_ONCE, queue=REPARSE_QUEUE))
        workers.create_task(run_worker({DELIVER_TASK: deliver}, concurrency=DELIVERIES_AT_ONCE, queue=endpoints.QUEUE))


def _scraper(
    settings: Settings, pool: Pool, fetcher: Fetcher, archive: Archive, stop: asyncio.Event, *, clock: SharedClock
) -> Scraper:
    gate = Gate(
        pool,
        fetcher,
        user_agent=settings.user_agent,
        rate=settings.crawl_rate,
        obey_robots=settings.obey_robots,
        breaker_seconds=settings.breaker_seconds,
        clock=clock,
        measure=clock.measure,
        concurrency=settings.crawl_concurrency,
        proxies=parse_proxies(settings.proxies),
    )
    return Scraper(
        pool=pool,
        fetcher=fetcher,
        gate=gate,
        archive=archive,
        archiving=settings.archive_days > 0,
        max_retries=settings.crawl_retries,
        retry_base_seconds=settings.retry_base_seconds,
        stop=stop,
        grace_seconds=_GRACE_SECONDS,
        clock=clock,
        measure=clock.measure,
        places=Places(CHUNKS_AT_ONCE),
        limits=Limits(settings.total_concurrency or None, settings.organization_concurrency or None),
    )


def _upkeep(settings: Settings, database_url: str, scraper: Scraper, keys: Keyring) -> dict[str, Loop]:
    """By each worker, since doing it twice does no harm."""
    pool, clock = scraper.pool, scraper.clock
    hourly: dict[str, Callable[[], Awaitable[object]]] = {
        "partitions": lambda: asyncio.to_thread(partitions.ensure, database_url, now=clock()),
        "archive": lambda: retention.expire_pages(pool, scraper.archive, days=settings.archive_days, now=clock()),
        "expired": lambda: retention.forget_expired(pool, now=clock()),
        "retention": partial(_expire, settings, pool, clock),
    }
    return {
        "schedules": Loop(_SCHEDULES_SECONDS, partial(_run_schedules, scraper)),
        "revive": Loop(_REVIVE_SECONDS, partial(_revive, pool, clock)),
        **{name: Loop(_TIDY_SECONDS, run) for name, run in hourly.items()},
        # not at the start: workers of the release before may still need them in clear
        "seal": Loop(_TIDY_SECONDS, partial(_seal, pool, keys), at_once=False),
    }


async def _revive(pool: Pool, clock: Clock) -> None:
    async with transaction(pool) as conn:
        revived = await dispatch.revive(conn, idle_since=clock() - _IDLE)
    async with transaction(pool) as conn:
        lanes = await delivering.revive(conn, due_before=clock() - _IDLE)
    async with transaction(pool) as conn:
        await queue.forget_ended(conn)
    if lanes:
        _log.warning("put lost deliveries back into the queue", lanes=lanes)
    if revived:
        _log.warning("put lost tasks of open jobs back into the queue", job_ids=revived)


async def _note(pool: Pool, name: str, loop: Loop, error: str | None) -> None:
    async with transaction(pool) as conn:
        await record(conn, name, loop, error)


async def _seal(pool: Pool, keys: Keyring) -> None:
    while True:
        async with transaction(pool) as conn:
            if await secrets.seal_again(conn, keys, now=utc_now()) == 0:
                return


async def _expire(settings: Settings, pool: Pool, clock: Clock) -> None:
    """Let go of what is older than the settings say."""
    now = clock()
    if settings.event_days:
        await retention.expire_events(pool, before=now - timedelta(days=settings.event_days))
    if settings.history_days:
        await retention.expire_history(pool, before=now - timedelta(days=settings.history_days))
    if settings.retention_days:
        pruned = await retention.prune(pool, before=now - timedelta(days=settings.retention_days))
        if pruned.jobs or pruned.months:
            _log.info("old rows removed", jobs=pruned.jobs, months=pruned.months)


async def _run_schedules(scraper: Scraper) -> None:
    """By the database's clock, which is measured anew for all that this worker does."""
    async with transaction(scraper.pool) as conn:
        await scraper.measure(conn)
    while await _run_schedule(scraper):
        pass


async def _run_schedule(scraper: Scraper) -> bool:
    async with transaction(scraper.pool) as conn:
        schedule = await schedule_runs.run_due(conn, now=scraper.clock())
    return schedule is not None
