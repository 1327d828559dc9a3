"""A chunk from plan to rows: attempt each target's pages, archive, save. The walk of docs/architecture.md."""

import asyncio
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing, nullcontext
from dataclasses import dataclass, replace
from datetime import datetime

import structlog

from azscraper import metrics, tracing
from azscraper.crawl.archive import Location
from azscraper.crawl.archive_index import ArchivedPage
from azscraper.crawl.policy import Accept, GiveUp
from azscraper.jobs.dispatch import Turn
from azscraper.jobs.jobs import CHUNK_SIZE
from azscraper.jobs.targets import TargetStatus
from azscraper.kinds.kind import Done, Step
from azscraper.running import chunks, outcomes
from azscraper.running.ask import Ask, ask_for
from azscraper.running.attempt import Attempt, RetryRule, attempt
from azscraper.running.chunks import Chunk, ClaimedTarget
from azscraper.running.process import Capacity, Process
from azscraper.running.save import Outcome, Saved, save
from azscraper.running.sources import Sources
from azscraper.running.walk import Walk
from azscraper.store.db import Pool, batched, transaction
from azscraper.store.shared_clock import SharedClock

SLICE_SECONDS = 1.0
"""How long a chunk may wait for its pace while others wait for capacity."""

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Scraper:
    """What a worker process needs to turn chunks into rows."""

    pool: Pool
    clock: SharedClock
    process: Process
    rule: RetryRule
    sources: Sources


@dataclass(frozen=True, slots=True)
class _Crawled:
    """A target's outcome, and the attempts that it came from."""

    outcome: Outcome
    attempts: tuple[Attempt, ...]


async def run_chunk(scraper: Scraper, job_id: str, *, lane: int, run: int, **turn: int) -> None:
    """Claim the lane's chunk, crawl its targets, store each as it comes, end the chunk. ``turn`` is a ``Turn``'s ``args``.

    Whatever is interrupted stays claimed, and the run of this chunk that follows takes it up again.
    """
    async with scraper.process.alone, batched(scraper.pool) as conn:
        claimed = await chunks.begin_claim(
            conn,
            job_id,
            lane=lane,
            run=run,
            now=scraper.clock(),
            size=scraper.process.capacity.size,
            limits=scraper.process.limits,
            turn=Turn.of(turn),
        )
    if claimed is None:
        return
    chunk = await claimed()
    with (
        structlog.contextvars.bound_contextvars(job_id=job_id, lane=lane, run=run),
        scraper.process.readings.chunk(chunk),
        _capacity(scraper, chunk) if chunk.reparse_of is None else nullcontext(),
    ):
        await _run(scraper, chunk)
    scraper.process.capacity.size = min(2 * scraper.process.capacity.size, CHUNK_SIZE)


def _capacity(scraper: Scraper, chunk: Chunk) -> Capacity:
    return scraper.process.asks if chunk.is_ask else scraper.process.capacity


async def _run(scraper: Scraper, chunk: Chunk) -> None:
    async with aclosing(_outcomes(scraper, chunk)) as batches:
        async for crawled in batches:
            outcomes = await _archived(scraper, crawled)
            with tracing.span("store", targets=len(outcomes)), metrics.STORE_SECONDS.time():
                async with scraper.process.alone, batched(scraper.pool) as conn:
                    saved = await save(conn, chunk, outcomes)
            if saved is not Saved.NOTHING:
                _tell(chunk, outcomes)
            if saved is not Saved.JOB_GOES_ON:
                return
    async with scraper.process.alone, transaction(scraper.pool) as conn:
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
    """The outcomes with where their pages are, which is durable now; without pages that could not be kept."""
    came = [attempt.got for one in crawled for attempt in one.attempts if attempt.got is not None]
    fetched = [got.page for got in came if got.location is None and got.keeping is None]
    location_of = dict(zip(map(id, fetched), await scraper.sources.kept.add(fetched), strict=False))
    for got in came:
        for location in await got.keeping if got.keeping else ():
            location_of[id(got.page)] = location
    return [replace(one.outcome, pages=_pages(one.attempts, location_of)) for one in crawled]


def _pages(attempts: tuple[Attempt, ...], location_of: Mapping[int, Location]) -> tuple[ArchivedPage, ...]:
    return tuple(
        ArchivedPage(
            got.ask.step.name,
            got.ask.number,
            got.ask.key,
            isinstance(one.decision, Accept),
            got.page.fetched_at,
            location,
        )
        for one in attempts
        if (got := one.got) is not None and (location := got.location or location_of.get(id(got.page))) is not None
    )


async def _outcomes(scraper: Scraper, chunk: Chunk) -> AsyncGenerator[list[_Crawled], None]:
    """Outcomes as they come; those that end while the caller stores a batch make up the next one."""
    running = {asyncio.create_task(_crawl(scraper, chunk, target)) for target in chunk.targets}
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
    await scraper.process.stop.wait()
    await asyncio.sleep(scraper.process.grace_seconds)
    for task in running:
        task.cancel()


async def _give_way(scraper: Scraper, chunk: Chunk) -> None:
    """After a second make room for others who wait for capacity: what still stands in line goes back to the queue."""
    await asyncio.sleep(SLICE_SECONDS)
    capacity = _capacity(scraper, chunk)
    await capacity.full.wait()
    waiting = scraper.sources.fetched.gate.call_off(chunk)
    if waiting:  # the next chunks claim about as many as they can use
        capacity.size = max(len(chunk.targets) - waiting, 1)


async def _crawl(scraper: Scraper, chunk: Chunk, target: ClaimedTarget) -> _Crawled:
    """All pages of one target, or the first thing that went wrong."""
    walk = Walk.begin(chunk, target)
    attempts: list[Attempt] = []
    again = target.step is not None
    while isinstance(step := walk.next(), Step):
        again = again and step.name != target.step
        ask = ask_for(walk, target, step, again=again)
        made = await attempt(ask, scraper.sources, scraper.rule)
        attempts.append(made)
        taken = _taken(ask, made, scraper.clock())
        if taken is None:
            return _Crawled(outcomes.ended(target, made, ask), tuple(attempts))
        further = walk.after(taken)
        if isinstance(further, GiveUp):
            return _Crawled(outcomes.ended(target, Attempt(further)), tuple(attempts))
        walk = further
    last = next((one.got for one in reversed(attempts) if isinstance(one.decision, Accept)), None)
    if isinstance(step, GiveUp) or last is None:
        ending = step if isinstance(step, GiveUp) else attempts[-1].decision
        return _Crawled(outcomes.ended(target, Attempt(ending)), tuple(attempts))
    cached = chunk.reparse_of is None and all(one.got and one.got.location for one in attempts)
    return _Crawled(outcomes.success(walk, target, last, cached=cached), tuple(attempts))


def _taken(ask: Ask, made: Attempt, now: datetime) -> Done | None:
    """The step, if the walk goes on behind it."""
    got, decision = made.got, made.decision
    if got is not None and isinstance(decision, Accept):
        return Done(ask.step, got.parsed.read, None, got.page.url, got.page.fetched_at)
    if ask.step.optional and isinstance(decision, GiveUp):
        return Done(ask.step, None, decision.code, ask.step.url, got.page.fetched_at if got else now)
    return None
