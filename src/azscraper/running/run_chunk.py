"""A chunk from plan to rows: visit each target's pages, archive, store. The walk of docs/architecture.md."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing, nullcontext
from dataclasses import dataclass, replace

import structlog

from azscraper import metrics, tracing
from azscraper.crawl.archive_index import ArchivedPage
from azscraper.crawl.policy import Accept
from azscraper.jobs.dispatch import Turn
from azscraper.jobs.jobs import CHUNK_SIZE
from azscraper.jobs.plan import JobConfig
from azscraper.jobs.targets import TargetStatus
from azscraper.records import PageKind
from azscraper.running import chunks, outcomes
from azscraper.running.attempt import Scraper, Visit, visit
from azscraper.running.chunks import Chunk, ClaimedTarget
from azscraper.running.save import Outcome, save
from azscraper.store.db import transaction

SLICE_SECONDS = 1.0
"""How long a chunk may wait for its pace while others wait for its place."""

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class _Crawled:
    """A target's outcome, and the pages that it came from."""

    outcome: Outcome
    visits: tuple[Visit, ...]


async def run_chunk(scraper: Scraper, job_id: str, *, lane: int, run: int, **turn: int) -> None:
    """Claim the lane's chunk, crawl its targets, store each as it comes, end the chunk. ``turn`` is a ``Turn``'s ``args``.

    Whatever is interrupted stays claimed, and the run of this chunk that follows takes it up again.
    """
    async with scraper.alone, transaction(scraper.pool) as conn:
        chunk = await chunks.claim(
            conn,
            job_id,
            lane=lane,
            run=run,
            now=scraper.clock(),
            size=scraper.places.size,
            limits=scraper.limits,
            turn=Turn.of(turn),
        )
    if chunk is None:
        return
    with (
        structlog.contextvars.bound_contextvars(job_id=job_id, lane=lane, run=run),
        scraper.readings.chunk(chunk),
        scraper.places if chunk.reparse_of is None else nullcontext(),
    ):
        await _run(scraper, chunk)
    scraper.places.size = min(2 * scraper.places.size, CHUNK_SIZE)


async def _run(scraper: Scraper, chunk: Chunk) -> None:
    async with aclosing(_outcomes(scraper, chunk)) as batches:
        async for crawled in batches:
            outcomes = await _archived(scraper, crawled)
            with tracing.span("store", targets=len(outcomes)), metrics.STORE_SECONDS.time():
                async with scraper.alone, transaction(scraper.pool) as conn:
                    if not await save(conn, chunk, outcomes):
                        return
            _tell(chunk, outcomes)
    async with scraper.alone, transaction(scraper.pool) as conn:
        await chunks.end(conn, chunk, now=scraper.clock())


def _tell(chunk: Chunk, outcomes: list[Outcome]) -> None:
    for outcome in outcomes:
        retry = outcome.status == TargetStatus.PENDING
        metrics.target_ended(chunk.type, "retry" if retry else outcome.status, outcome.error_code)
        if outcome.status == TargetStatus.FAILED:
            _log.info("target failed", target=outcome.ordinal, code=outcome.error_code, attempts=outcome.attempts)
        else:
            _log.debug("target worked on", target=outcome.ordinal, status=outcome.status, code=outcome.error_code)


async def _archived(scraper: Scraper, crawled: list[_Crawled]) -> list[Outcome]:
    """The outcomes with the places of their pages, which are durable now; without those that could not be kept."""
    fresh = [visit for one in crawled for visit in one.visits if visit.place is None]
    fetched = [visit.page for visit in fresh if visit.page is not None]
    places = (await scraper.archive.store(fetched) if scraper.archiving else None) or []
    place_of = dict(zip(map(id, fetched), places, strict=False))
    return [
        replace(
            one.outcome,
            pages=tuple(
                ArchivedPage(
                    visit.number, visit.request, isinstance(visit.decision, Accept), visit.page.fetched_at, place
                )
                for visit in one.visits
                if visit.page is not None and (place := visit.place or place_of.get(id(visit.page))) is not None
            ),
        )
        for one in crawled
    ]


async def _outcomes(scraper: Scraper, chunk: Chunk) -> AsyncGenerator[list[_Crawled], None]:
    """Outcomes as they come; those that end while the caller stores a batch make up the next one."""
    config = JobConfig.model_validate(chunk.config)
    running = {asyncio.create_task(_crawl(scraper, chunk, config, target)) for target in chunk.targets}
    minders = {
        asyncio.create_task(_cancel_after_grace(scraper, frozenset(running))),
        asyncio.create_task(_give_way(scraper, chunk)),
    }
    try:
        while running:
            done, running = await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
            outcomes = [task.result() for task in done if not task.cancelled()]
            if outcomes:
                yield outcomes
    finally:
        for task in minders | running:
            task.cancel()
        await asyncio.gather(*minders, *running, return_exceptions=True)


async def _cancel_after_grace(scraper: Scraper, running: frozenset[asyncio.Task[_Crawled]]) -> None:
    await scraper.stop.wait()
    await asyncio.sleep(scraper.grace_seconds)
    for task in running:
        task.cancel()


async def _give_way(scraper: Scraper, chunk: Chunk) -> None:
    """After a second make room for others who wait for a place: what still stands in line goes back to the queue."""
    await asyncio.sleep(SLICE_SECONDS)
    await scraper.places.full.wait()
    waiting = scraper.gate.withdraw(chunk)
    if waiting:  # the next chunks claim about as many as they can use
        scraper.places.size = max(len(chunk.targets) - waiting, 1)


async def _crawl(scraper: Scraper, chunk: Chunk, config: JobConfig, target: ClaimedTarget) -> _Crawled:
    """All pages of one target, or the first thing that went wrong."""
    visits: list[Visit] = []
    for number in range(1, chunk.pages + 1):
        seen = await visit(scraper, chunk, config, target, number)
        if not isinstance(seen.decision, Accept):
            return _Crawled(outcomes.ended(target, seen), (*visits, seen))
        visits.append(seen)
        if _is_last(seen, number):
            break
    return _Crawled(outcomes.success(chunk.type, config, target, visits), tuple(visits))


def _is_last(seen: Visit, number: int) -> bool:
    if seen.parsed is None or seen.parsed.kind is not PageKind.SEARCH:
        return True
    last_page = seen.parsed.summary.last_page if seen.parsed.summary else None
    return not seen.parsed.rows or (last_page is not None and number >= last_page)
