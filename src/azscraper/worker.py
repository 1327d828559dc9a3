"""The worker process: takes tasks from the queue and runs them until told to stop."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import replace
from functools import partial

import azscraper
from azscraper.channels import channels, sending
from azscraper.channels.channels import SEND_TASK
from azscraper.channels.links import DEFAULT_URL, Links
from azscraper.channels.mail import MailServer
from azscraper.channels.outgoing import Outgoing
from azscraper.channels.sending import Sender
from azscraper.channels.services import Hosts
from azscraper.clock import utc_now
from azscraper.config import Settings
from azscraper.crawl.archive import Archive
from azscraper.crawl.fetcher import Fetcher
from azscraper.crawl.gate import Gate
from azscraper.crawl.proxies import parse_proxies
from azscraper.heartbeats import Heartbeats
from azscraper.jobs.dispatch import ASK_QUEUE, KINDS_QUEUE, REPARSE_KINDS_QUEUE, REPARSE_QUEUE, SCRAPE_TASK
from azscraper.jobs.limits import Limits
from azscraper.operate.loops import Loop, keep, note
from azscraper.operate.upkeep import Upkeep
from azscraper.running.attempt import RetryRule
from azscraper.running.process import Capacity, Process
from azscraper.running.readings import Readings
from azscraper.running.run_chunk import Scraper, run_chunk
from azscraper.running.sources import Fetched, Kept, Sources
from azscraper.store import queue
from azscraper.store.db import WORKER_WAITS, Pool, open_pool, transaction
from azscraper.store.queue import TaskFunction
from azscraper.store.shared_clock import SharedClock
from azscraper.tenants.keyring import Keyring
from azscraper.tracking.alerts import outbox
from azscraper.webhooks import delivering, endpoints
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
MESSAGES_AT_ONCE = 8
"""Channels that one process sends by side by side, for the same reason."""
_POOL_SIZE = 8
_QUEUE_POOL_SIZE = 3
_QUEUE_WAITS = replace(WORKER_WAITS, disk=False)
"""What the queue notes of its tasks need not be durable: after a crash they are taken up again, as those of a worker that died."""
_CHUNKS = (queue.DEFAULT_QUEUE, KINDS_QUEUE)
_REPARSES = (REPARSE_QUEUE, REPARSE_KINDS_QUEUE)


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
        yield _scraper(settings, pool, fetcher, archive, clock=clock, stop=stop, readings=readings)


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
            queues=_REPARSES,
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
        _queue_pool(database_url) as queue_pool,
        Outbound(allow_loopback=settings.webhook_allow_loopback) as outbound,
    ):
        pool = scraper.pool

        async def scrape(job_id: str, **turn: int) -> None:
            await run_chunk(scraper, job_id, **turn)

        deliverer = Deliverer(pool, outbound, stop, _GRACE_SECONDS, scraper.clock, keys)

        async def deliver(webhook_id: str, subject: str) -> None:
            await delivering.deliver(deliverer, webhook_id, subject)

        sender = _sender(settings, pool, stop, scraper.clock, keys)

        async def send(channel_id: str) -> None:
            await sending.send(sender, channel_id)

        upkeep = Upkeep(
            settings, database_url, pool, scraper.sources.kept.archive, scraper.clock, keys, scraper.process.unread
        )
        try:
            async with asyncio.TaskGroup() as group:  # whichever breaks ends the other
                upkeeping = group.create_task(keep(upkeep.loops(), partial(_note, pool)))
                await _run_workers(
                    scraper,
                    queue_pool,
                    {SCRAPE_TASK: scrape, DELIVER_TASK: deliver, SEND_TASK: send},
                    stop,
                    heartbeats or Heartbeats(),
                )
                upkeeping.cancel()
        finally:
            await scraper.sources.fetched.gate.close()


async def _note(pool: Pool, name: str, loop: Loop, error: str | None) -> None:
    async with transaction(pool) as conn:
        await note(conn, name, loop, error)


def _queue_pool(database_url: str) -> AbstractAsyncContextManager[Pool]:
    """Whatever the engine does there is one statement."""
    return open_pool(database_url, size=_QUEUE_POOL_SIZE, waits=_QUEUE_WAITS, part="azscraper-worker", autocommit=True)


async def _run_workers(
    scraper: Scraper,
    queue_pool: Pool,
    tasks: Mapping[str, TaskFunction],
    stop: asyncio.Event,
    heartbeats: Heartbeats,
) -> None:
    """All queues until ``stop`` is set; when one of them breaks, the other ends as well."""
    scrape, tell = {SCRAPE_TASK: tasks[SCRAPE_TASK]}, {name: tasks[name] for name in (DELIVER_TASK, SEND_TASK)}
    queues = (
        (scrape, CHUNKS_AT_ONCE, _CHUNKS),
        (scrape, scraper.process.asks.total, (ASK_QUEUE,)),
        (scrape, REPARSES_AT_ONCE, _REPARSES),
        (tell, DELIVERIES_AT_ONCE + MESSAGES_AT_ONCE, (endpoints.QUEUE, channels.QUEUE)),
    )
    every = [name for _, _, names in queues for name in names]
    async with queue.Bell().listening(queue_pool, every) as bell, asyncio.TaskGroup() as workers:
        run_worker = partial(
            queue.run_worker,
            queue_pool,
            stop=stop,
            grace_seconds=_GRACE_SECONDS + 3,
            bell=bell,
            heartbeats=heartbeats,
            clock=scraper.clock,
        )
        for run, concurrency, names in queues:
            workers.create_task(run_worker(run, concurrency=concurrency, queues=names))


def _sender(settings: Settings, pool: Pool, stop: asyncio.Event, clock: SharedClock, keys: Keyring) -> Sender:
    url, links = settings.smtp_url, Links(settings.public_url or DEFAULT_URL, keys)
    return Sender(
        pool,
        Outgoing(Hosts(settings.channel_hosts)),
        MailServer.of(url.get_secret_value(), settings.smtp_from) if url else None,
        links,
        stop,
        _GRACE_SECONDS,
        clock,
        outbox.alerts(links),
    )


def _scraper(
    settings: Settings,
    pool: Pool,
    fetcher: Fetcher,
    archive: Archive,
    *,
    clock: SharedClock,
    stop: asyncio.Event,
    readings: Readings,
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
    process = Process(
        Capacity(CHUNKS_AT_ONCE),
        stop,
        _GRACE_SECONDS,
        Limits(settings.total_concurrency or None, settings.organization_concurrency or None),
        Capacity(settings.ask_concurrency),
        readings,
    )
    kept = Kept(pool, archive, process, clock, archiving=settings.archive_days > 0)
    sources = Sources(kept, Fetched(gate, fetcher, process, clock, kept.add))
    rule = RetryRule(settings.crawl_retries, settings.retry_base_seconds, clock)
    return Scraper(pool, clock, process, rule, sources)
