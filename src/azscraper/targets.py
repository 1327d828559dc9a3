"""Targets of a job while it runs: claim a chunk, record what came, end the chunk. (``jobs`` is what callers ask for.)

A job has a few lanes; each lane has at most one chunk in the queue, and a chunk's end puts the lane's next one there.
Two fences make a crash harmless. ``jobs.lane_runs`` numbers a lane's chunks, so that a chunk that runs twice ends once.
``targets.claim`` numbers the claims of a target, so that what a lost worker brings late is refused. Every write first
locks the job's row: counters stay exact and no two writers can deadlock.

No index of ``targets`` tells a status, so that updates of targets leave the indexes alone. What is to be claimed is found
by ``jobs.next_ordinal`` (targets from there on nobody has claimed yet) and ``waiting_targets`` (pending ones that were
claimed before); what a lane has claimed stands in ``lane_claims``.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from azscraper import credits, fairness, fill_rates, history, jobs, pages, plans, referrals, turns, webhooks
from azscraper.db import Conn, fetch_all, fetch_one
from azscraper.fill_rates import Filled
from azscraper.history import Source
from azscraper.ids import new_id
from azscraper.jobs import CHUNK_SIZE, COLUMNS, Job, JobStatus, JobType
from azscraper.observations import ProductObservation, Ranking
from azscraper.pages import ArchivedPage
from azscraper.turns import Limits
from azscraper.webhooks import Event, EventType


class TargetStatus(StrEnum):
    """Where a target stands."""

    PENDING = "pending"
    RUNNING = "running"
    SUCCESS = "success"
    FAILED = "failed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Target:
    """A target as callers see it."""

    ordinal: int
    value: str
    status: str
    attempts: int
    error_code: str | None
    error_message: str | None
    result_count: int
    http_status: int | None
    fetched_at: datetime | None


@dataclass(frozen=True, slots=True)
class ClaimedTarget:
    """A target that this worker may fetch."""

    ordinal: int
    claim: int
    value: str
    marketplace: str
    asin: str | None
    attempts: int
    """Tries made before."""


@dataclass(frozen=True, slots=True)
class Chunk:
    """Targets of one job, claimed together."""

    job_id: str
    lane: int
    run: int
    type: JobType
    config: dict[str, Any]
    started_at: datetime
    targets: tuple[ClaimedTarget, ...]
    reparse_of: str | None = None
    """The job whose archived pages are read instead of fetching any."""
    turn: int = 0
    """Virtual time at which it begins (see ``fairness``)."""
    step: int = 1
    """What a fetch costs in virtual time."""
    slept: bool = False
    """Whether it had to wait for a time before it could begin."""
    crowded: bool = False
    """Whether a limit on what may be in work left no room."""

    @property
    def pages(self) -> int:
        """Fetches that a target takes, at most."""
        return int(self.config.get("pages") or 1) if self.type is JobType.SEARCH else 1


_CROWDED_PAUSE = timedelta(seconds=1)
"""How long a lane waits that a limit left no room for."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a claimed target. ``status`` is success, failed, or pending when it is to be tried again."""

    ordinal: int
    claim: int
    status: str
    attempts: int
    retry_at: datetime | None = None
    error_code: str | None = None
    error_message: str | None = None
    http_status: int | None = None
    fetched_at: datetime | None = None
    rows: tuple[bytes, ...] = ()
    """The records, as JSON; their order is their position."""
    summaries: tuple[tuple[int, bytes], ...] = ()
    """Page number and page summary as JSON."""
    filled: tuple[Filled, ...] = ()
    """Of each record, which fields have a value."""
    products: tuple[ProductObservation, ...] = ()
    """What is followed over time of the products that the records are."""
    rankings: tuple[Ranking, ...] = ()
    """The order in which a keyword's tiles stood."""
    pages: tuple[ArchivedPage, ...] = ()
    """Those that are in the archive, of failed tries as well."""


@dataclass(frozen=True, slots=True)
class _JobLock:
    organization_id: str
    project_id: str
    type: JobType
    config: dict[str, Any]
    started_at: datetime | None
    next_ordinal: int
    reparse_of: str | None
    next_turn: int
    run: int | None


async def find_page(conn: Conn, job_id: str, *, status: str | None, after: int, limit: int) -> list[Target]:
    """Targets in order, from behind ordinal ``after`` (-1 is the start). The caller has checked whose job it is."""
    return await fetch_all(
        conn,
        Target,
        """SELECT ordinal, value, status, attempts, error_code, error_message, result_count, http_status, fetched_at
           FROM targets WHERE job_id = %(job_id)s AND ordinal > %(after)s
             AND (%(status)s::text IS NULL OR status = %(status)s) ORDER BY ordinal LIMIT %(limit)s""",
        {"job_id": job_id, "after": after, "status": status, "limit": limit},
    )


async def count_errors(conn: Conn, job_id: str) -> list[tuple[str, int]]:
    """Error codes of the failed targets with their counts, the most frequent first. The caller has checked whose job it is."""
    cursor = await conn.execute(
        """SELECT coalesce(error_code, ''), count(*) FROM targets WHERE job_id = %s AND status = 'failed'
           GROUP BY 1 ORDER BY 2 DESC, 1""",
        [job_id],
    )
    return [(row[0], row[1]) for row in await cursor.fetchall()]


async def claim(
    conn: Conn,
    job_id: str,
    *,
    lane: int,
    run: int,
    now: datetime,
    size: int = CHUNK_SIZE,
    limits: Limits = turns.UNLIMITED,
    turn: int = 0,
    step: int = 1,
    slept: bool = False,
) -> Chunk | None:
    """Claim the lane's next chunk: first what its dead predecessor left, then up to ``size`` pending targets that are due.

    None when the job is over or this run of the lane has ended before.
    """
    job = await _lock(conn, job_id, lane=lane)
    if job is None or job.run != run:
        return None
    left = await _claim_left_over(conn, job_id, lane)
    room = await turns.room(conn, job.organization_id, await plans.of(conn, job.organization_id), limits, most=size)
    most = max(min(size - len(left), room), 0)
    again = await _claim_waiting(conn, job_id, lane=lane, limit=most, now=now)
    end = job.next_ordinal + most - len(again)
    fresh = again + await _claim_fresh(conn, job_id, lane=lane, first=job.next_ordinal, end=end)
    claimed = tuple(sorted(left + fresh, key=lambda target: target.ordinal))
    await _note_claims(conn, job_id, lane, claimed)
    running = await fetch_one(
        conn,
        Job,
        f"""UPDATE jobs SET status = 'running', started_at = coalesce(started_at, %s), updated_at = now(),
                pending = pending - %s, running = running + %s, next_ordinal = least(%s, total), turn = %s
            WHERE id = %s RETURNING {COLUMNS}""",
        [now, len(fresh), len(fresh), end, turn, job_id],
    )
    if job.started_at is None and running is not None:
        await webhooks.emit(conn, job.project_id, job_id, [jobs.event(EventType.JOB_STARTED, running)])
    return Chunk(
        job_id,
        lane,
        run,
        JobType(job.type),
        job.config,
        job.started_at or now,
        claimed,
        job.reparse_of,
        turn=turn,
        step=step,
        slept=slept,
        crowded=room <= 0,
    )


async def _lock(conn: Conn, job_id: str, *, lane: int) -> _JobLock | None:
    return await fetch_one(
        conn,
        _JobLock,
        """SELECT organization_id, project_id, type,
                  config, started_at, next_ordinal, reparse_of, next_turn, lane_runs[%s] AS run
           FROM jobs WHERE id = %s AND status IN ('queued', 'running') FOR UPDATE""",
        [lane + 1, job_id],
    )


async def _claim_left_over(conn: Conn, job_id: str, lane: int) -> list[ClaimedTarget]:
    # The crash counts as a try: a page that kills its worker must not be fetched for ever.
    return await fetch_all(
        conn,
        ClaimedTarget,
        """UPDATE targets SET claim = claim + 1, attempts = attempts + 1
           WHERE job_id = %(job_id)s AND lane = %(lane)s AND status = 'running' AND ordinal IN
               (SELECT unnest(ordinals) FROM lane_claims WHERE job_id = %(job_id)s AND lane = %(lane)s)
           RETURNING ordinal, claim, value, marketplace, asin, attempts""",
        {"job_id": job_id, "lane": lane},
    )


async def _claim_waiting(conn: Conn, job_id: str, *, lane: int, limit: int, now: datetime) -> list[ClaimedTarget]:
    return await fetch_all(
        conn,
        ClaimedTarget,
        """WITH due AS (
               DELETE FROM waiting_targets WHERE (job_id, retry_at, ordinal) IN
                   (SELECT job_id, retry_at, ordinal FROM waiting_targets
                    WHERE job_id = %(job_id)s AND retry_at <= %(now)s ORDER BY retry_at, ordinal LIMIT %(limit)s)
               RETURNING ordinal)
           UPDATE targets t SET status = 'running', claim = t.claim + 1, lane = %(lane)s FROM due
           WHERE t.job_id = %(job_id)s AND t.ordinal = due.ordinal
           RETURNING t.ordinal, t.claim, t.value, t.marketplace, t.asin, t.attempts""",
        {"job_id": job_id, "lane": lane, "limit": max(limit, 0), "now": now},
    )


async def _claim_fresh(conn: Conn, job_id: str, *, lane: int, first: int, end: int) -> list[ClaimedTarget]:
    return await fetch_all(
        conn,
        ClaimedTarget,
        """UPDATE targets SET status = 'running', claim = claim + 1, lane = %s
           WHERE job_id = %s AND ordinal >= %s AND ordinal < %s AND status = 'pending'
           RETURNING ordinal, claim, value, marketplace, asin, attempts""",
        [lane, job_id, first, end],
    )


async def _note_claims(conn: Conn, job_id: str, lane: int, claimed: Sequence[ClaimedTarget]) -> None:
    await conn.execute(
        """INSERT INTO lane_claims (job_id, lane, ordinals) VALUES (%s, %s, %s)
           ON CONFLICT (job_id, lane) DO UPDATE SET ordinals = excluded.ordinals""",
        [job_id, lane, [target.ordinal for target in claimed]],
    )


async def record(conn: Conn, chunk: Chunk, outcomes: Sequence[Outcome]) -> bool:
    """Store outcomes, their rows and the counters; close the job after its last target. All or nothing.

    False when the job is over: nothing was stored, and the chunk may stop. An outcome of a claim that is no longer
    the target's is left out.
    """
    job = await _lock(conn, chunk.job_id, lane=chunk.lane)
    if job is None:
        return False
    accepted = await _end_targets(conn, chunk.job_id, outcomes)
    kept = [outcome for outcome in outcomes if outcome.ordinal in accepted]
    await _put_back(conn, chunk.job_id, [outcome for outcome in kept if outcome.status == TargetStatus.PENDING])
    await _insert_rows(conn, chunk.job_id, kept)
    await _insert_summaries(conn, chunk.job_id, kept)
    await pages.add(conn, chunk.job_id, [(outcome.ordinal, page) for outcome in kept for page in outcome.pages])
    await fill_rates.add(conn, chunk.job_id, [record for outcome in kept for record in outcome.filled])
    events = [*await _observe(conn, job, chunk, kept), *_failures(chunk, kept)]
    if await _count(conn, chunk.job_id, kept):
        events.append(await _close(conn, chunk.job_id))
    if events:
        await webhooks.emit(conn, job.project_id, chunk.job_id, events)
    return True


async def _observe(conn: Conn, job: _JobLock, chunk: Chunk, outcomes: Sequence[Outcome]) -> list[Event]:
    """Add to the history; what has changed. A page that is read again was observed when it was fetched."""
    if job.reparse_of is not None:
        return []
    source = Source(job.organization_id, job.project_id, chunk.job_id)
    await history.add_rankings(conn, source, [one for outcome in outcomes for one in outcome.rankings])
    return await history.add_products(conn, source, [one for outcome in outcomes for one in outcome.products])


async def _end_targets(conn: Conn, job_id: str, outcomes: Sequence[Outcome]) -> set[int]:
    cursor = await conn.execute(
        """UPDATE targets t SET status = o.status, attempts = o.attempts, lane = NULL,
               error_code = o.error_code, error_message = o.error_message, http_status = o.http_status,
               fetched_at = o.fetched_at, result_count = o.result_count
           FROM unnest(%s::int[], %s::int[], %s::text[], %s::int[], %s::text[], %s::text[], %s::int[],
                       %s::timestamptz[], %s::int[])
                AS o (ordinal, claim, status, attempts, error_code, error_message, http_status, fetched_at,
                      result_count)
           WHERE t.job_id = %s AND t.ordinal = o.ordinal AND t.claim = o.claim AND t.status = 'running'
           RETURNING t.ordinal""",
        [
            [o.ordinal for o in outcomes],
            [o.claim for o in outcomes],
            [o.status for o in outcomes],
            [o.attempts for o in outcomes],
            [o.error_code for o in outcomes],
            [o.error_message for o in outcomes],
            [o.http_status for o in outcomes],
            [o.fetched_at for o in outcomes],
            [len(o.rows) for o in outcomes],
            job_id,
        ],
    )
    return {row[0] for row in await cursor.fetchall()}


async def _put_back(conn: Conn, job_id: str, outcomes: Sequence[Outcome]) -> None:
    if outcomes:
        await conn.execute(
            """INSERT INTO waiting_targets (job_id, retry_at, ordinal)
               SELECT %s, coalesce(o.retry_at, '-infinity'), o.ordinal
               FROM unnest(%s::timestamptz[], %s::int[]) AS o (retry_at, ordinal)""",
            [job_id, [o.retry_at for o in outcomes], [o.ordinal for o in outcomes]],
        )


async def _insert_rows(conn: Conn, job_id: str, outcomes: Sequence[Outcome]) -> None:
    rows = [(o.ordinal, position, row.decode()) for o in outcomes for position, row in enumerate(o.rows, 1)]
    if not rows:
        return
    ordinals, positions, records = zip(*rows, strict=True)
    await conn.execute(
        """INSERT INTO results (job_id, ordinal, position, record)
           SELECT %s, * FROM unnest(%s::int[], %s::int[], %s::json[])""",
        [job_id, list(ordinals), list(positions), list(records)],
    )


async def _insert_summaries(conn: Conn, job_id: str, outcomes: Sequence[Outcome]) -> None:
    rows = [(o.ordinal, page, summary.decode()) for o in outcomes for page, summary in o.summaries]
    if not rows:
        return
    ordinals, pages, summaries = zip(*rows, strict=True)
    await conn.execute(
        """INSERT INTO page_summaries (job_id, ordinal, page, summary)
           SELECT %s, * FROM unnest(%s::int[], %s::int[], %s::json[])""",
        [job_id, list(ordinals), list(pages), list(summaries)],
    )


def _failures(chunk: Chunk, outcomes: Sequence[Outcome]) -> list[Event]:
    values = {target.ordinal: target.value for target in chunk.targets}
    return [
        Event(
            EventType.TARGET_FAILED,
            {
                "jobId": chunk.job_id,
                "target": values[outcome.ordinal],
                "error": {"code": outcome.error_code, "message": outcome.error_message},
                "httpStatus": outcome.http_status,
                "attempts": outcome.attempts,
            },
        )
        for outcome in outcomes
        if outcome.status == TargetStatus.FAILED
    ]


async def _count(conn: Conn, job_id: str, outcomes: Sequence[Outcome]) -> bool:
    """Whether the job's last target has ended."""
    by_status = Counter(outcome.status for outcome in outcomes)
    cursor = await conn.execute(
        """UPDATE jobs SET running = running - %s, pending = pending + %s, succeeded = succeeded + %s,
               failed = failed + %s, result_count = result_count + %s, updated_at = now()
           WHERE id = %s RETURNING pending + running = 0""",
        [
            len(outcomes),
            by_status["pending"],
            by_status["success"],
            by_status["failed"],
            sum(len(outcome.rows) for outcome in outcomes),
            job_id,
        ],
    )
    over = await cursor.fetchone()
    return over is not None and bool(over[0])


async def _close(conn: Conn, job_id: str) -> Event:
    await conn.execute(
        """UPDATE jobs SET status = CASE WHEN succeeded > 0 THEN 'completed' ELSE 'failed' END,
               result_set_id = %s, completed_at = now() WHERE id = %s""",
        [new_id(), job_id],
    )
    await conn.execute(  # a failed job names the error that most of its targets had
        """UPDATE jobs SET error_code = worst.code, error_message = 'No target succeeded. ' || worst.message
           FROM (SELECT error_code AS code, max(error_message) AS message FROM targets
                 WHERE job_id = %s AND status = 'failed' GROUP BY error_code ORDER BY count(*) DESC LIMIT 1) worst
           WHERE id = %s AND status = 'failed'""",
        [job_id, job_id],
    )
    await conn.execute("DELETE FROM lane_claims WHERE job_id = %s", [job_id])
    await credits.settle(conn, job_id)
    await referrals.reward(conn, job_id)
    job = await jobs.find(conn, job_id)
    assert job is not None  # noqa: S101 - its row is locked
    return jobs.event(EventType.JOB_FAILED if job.status == JobStatus.FAILED else EventType.JOB_COMPLETED, job)


async def end_chunk(conn: Conn, chunk: Chunk, *, now: datetime) -> None:
    """Hand back what the chunk did not finish, and put the lane's next chunk into the queue while targets are pending.

    Does nothing when the job is over or another worker ended this run of the lane.
    """
    job = await _lock(conn, chunk.job_id, lane=chunk.lane)
    if job is None or job.run != chunk.run:
        return
    cursor = await conn.execute(
        """WITH unfinished AS (
               UPDATE targets SET status = 'pending', lane = NULL
               WHERE job_id = %(job_id)s AND lane = %(lane)s AND status = 'running' AND ordinal IN
                   (SELECT unnest(ordinals) FROM lane_claims WHERE job_id = %(job_id)s AND lane = %(lane)s)
               RETURNING ordinal)
           INSERT INTO waiting_targets (job_id, retry_at, ordinal)
           SELECT %(job_id)s, '-infinity', ordinal FROM unfinished""",
        {"job_id": chunk.job_id, "lane": chunk.lane},
    )
    left = cursor.rowcount
    place = await turns.standing(conn, job.organization_id, chunk.job_id, chunk.config)
    used = max(len(chunk.targets) - left, 0) * chunk.pages
    turn = fairness.next_turn(job.next_turn, place, used=used, slept=chunk.slept)
    cursor = await conn.execute(
        """UPDATE jobs SET lane_runs[%s] = %s, pending = pending + %s, running = running - %s, next_turn = %s,
               updated_at = now() WHERE id = %s RETURNING pending > 0, next_ordinal < total""",
        [chunk.lane + 1, chunk.run + 1, left, left, turn, chunk.job_id],
    )
    more = await cursor.fetchone()
    if more is not None and more[0]:
        at = None if more[1] else await _next_due(conn, chunk.job_id, now)
        at = now + _CROWDED_PAUSE if chunk.crowded else at
        await turns.defer_chunk(
            conn,
            chunk.job_id,
            lane=chunk.lane,
            run=chunk.run + 1,
            turn=turn,
            step=place.step,
            at=at,
            reparses=job.reparse_of is not None,
        )


async def _next_due(conn: Conn, job_id: str, now: datetime) -> datetime | None:
    """When the first waiting target is due; None is at once."""
    cursor = await conn.execute(
        "SELECT nullif(min(retry_at), '-infinity') FROM waiting_targets WHERE job_id = %s", [job_id]
    )
    row = await cursor.fetchone()
    return row[0] if row and row[0] is not None and row[0] > now else None
