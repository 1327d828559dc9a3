"""What became of a chunk's targets, saved: rows, counters, history, the job's end. (See ``chunks`` for the fences.)"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import astuple, dataclass
from datetime import datetime
from enum import IntEnum

from psycopg import AsyncCursor
from psycopg.rows import TupleRow

from azscraper.crawl import archive_index
from azscraper.crawl.archive_index import ArchivedPage
from azscraper.ids import new_id
from azscraper.jobs import gtins, jobs
from azscraper.jobs.jobs import COLUMNS, Job
from azscraper.jobs.targets import TargetStatus
from azscraper.kinds.observations import NOTHING, Observations
from azscraper.results import feed, fill_rates, quality
from azscraper.results.fill_rates import Filled
from azscraper.running import chunks
from azscraper.running.chunks import Chunk, JobLock
from azscraper.store.db import Conn, fetch_existing
from azscraper.store.sent import Sent, send
from azscraper.tenants import credits, referrals
from azscraper.tracking import observed, series
from azscraper.tracking.alerts import runs, watching
from azscraper.tracking.alerts.watching import Told
from azscraper.tracking.observed import Source
from azscraper.tracking.offers import looks
from azscraper.webhooks import endpoints
from azscraper.webhooks.endpoints import Event
from azscraper.words import EventType, JobStatus


@dataclass(frozen=True, slots=True)
class Row:
    """A record as it is stored."""

    json: bytes
    record: str | None = None
    """Its type; None is the main one of its kind."""


@dataclass(frozen=True, slots=True)
class FailedAt:
    """Where the walk of a target that is tried again went wrong."""

    step: str
    tries: int
    """Of this step."""


@dataclass(frozen=True, slots=True)
class Landed:
    """What a short link led to."""

    kind: str
    key: str
    marketplace: str


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
    cached: bool = False
    """Whether all of its pages were kept ones."""
    fetched_at: datetime | None = None
    failed_at: FailedAt | None = None
    """Of a target of more than one page."""
    rows: tuple[Row, ...] = ()
    """Their order is their position."""
    summaries: tuple[tuple[int, bytes], ...] = ()
    """Page number and summary as JSON; ``summaries.OF_TARGET`` is no page."""
    filled: tuple[Filled, ...] = ()
    """Of each record, which fields have a value."""
    observed: Observations = NOTHING
    """What is followed over time."""
    credits: int | None = None
    """Of what was fetched."""
    code: tuple[str, str, tuple[str, ...]] | None = None
    """Of a target that is a code: marketplace, code, and the products that it was found to be."""
    landed: Landed | None = None
    """Of a target that was a short link."""
    pages: tuple[ArchivedPage, ...] = ()
    """Those that are in the archive, of failed tries as well."""


class Saved(IntEnum):
    """What became of outcomes that were to be saved."""

    NOTHING = 0
    """The job was over: nothing was saved, and the chunk may stop."""
    JOB_GOES_ON = 1
    JOB_CLOSED = 2
    """With its last target: of its chunks there is nothing to end."""


async def save(conn: Conn, chunk: Chunk, outcomes: Sequence[Outcome]) -> Saved:
    """Save outcomes, their rows and the counters; close the job after its last target. All or nothing.

    An outcome of a claim that is no longer the target's is left out.
    """
    locked = await chunks.send_lock(conn, chunk.job_id, lane=chunk.lane)
    ended = await _end_targets(conn, chunk.job_id, outcomes)  # none, where the job is over
    if (job := await locked()) is None:
        return Saved.NOTHING
    accepted = {row[0] for row in await ended.fetchall()}
    kept = [outcome for outcome in outcomes if outcome.ordinal in accepted]
    await _note_landings(conn, chunk.job_id, [outcome for outcome in kept if outcome.landed])
    await _put_back(conn, chunk.job_id, [outcome for outcome in kept if outcome.status == TargetStatus.PENDING])
    await _insert_rows(conn, chunk.job_id, kept)
    await _insert_summaries(conn, chunk.job_id, kept)
    await archive_index.add(conn, chunk.job_id, [(outcome.ordinal, page) for outcome in kept for page in outcome.pages])
    await fill_rates.add(conn, chunk.job_id, [record for outcome in kept for record in outcome.filled])
    found = [(outcome.code, outcome.fetched_at) for outcome in kept if outcome.code and outcome.fetched_at]
    if found and job.reparse_of is None:
        await gtins.keep(conn, job.organization_id, [code for code, _ in found], now=max(at for _, at in found))
    counted = await _count(conn, chunk.job_id, kept)
    events = [*await _observe(conn, job, chunk, kept), *_failures(chunk, kept)]
    now = await counted.existing()
    if now.is_over:
        closed = await _close(conn, chunk.job_id, job, now)
        events += closed
        if job.reparse_of is None and not job.is_ask:
            source = Source(job.organization_id, job.project_id, chunk.job_id, chunk.type)
            fell = any(event.type == EventType.JOB_QUALITY for event in closed)
            events += await runs.watch_end(conn, source, job.alerts, quality_fell=fell)
    if events and job.is_heard:
        await endpoints.emit(conn, job.project_id, chunk.job_id, events)
    # last: the project's feed stays locked to the commit, so that its numbers become visible in order
    await feed.add(
        conn,
        job.project_id,
        chunk.job_id,
        rows={outcome.ordinal: len(outcome.rows) for outcome in kept},
        failed=[outcome.ordinal for outcome in kept if outcome.status == TargetStatus.FAILED],
    )
    return Saved.JOB_CLOSED if now.is_over else Saved.JOB_GOES_ON


async def _observe(conn: Conn, job: JobLock, chunk: Chunk, outcomes: Sequence[Outcome]) -> list[Event]:
    """Add to the history, and judge by the project's rules; what has changed, and what fired.

    A page that is read again was observed when it was fetched.
    """
    if job.reparse_of is not None:
        return []
    source = Source(job.organization_id, job.project_id, chunk.job_id, chunk.type)
    seen = [outcome.observed for outcome in outcomes]
    rankings = await observed.add_rankings(conn, source, [one for each in seen for one in each.rankings])
    observing = await observed.begin_products(conn, source, [one for each in seen for one in each.products])
    sighting = await series.begin(conn, source, [one for each in seen for one in each.sightings])
    events, products = await observing(), await sighting()
    await looks.add(conn, source, [one for each in seen for one in each.offers])
    told = Told(products, rankings, [one for each in seen for one in each.reviews])
    return [*events, *await watching.watch(conn, source, job.alerts, told)]


async def _end_targets(conn: Conn, job_id: str, outcomes: Sequence[Outcome]) -> AsyncCursor[TupleRow]:
    """The ordinals of those that took it."""
    return await conn.execute(
        """UPDATE targets t SET status = o.status, attempts = o.attempts, lane = NULL,
               error_code = o.error_code, error_message = o.error_message, http_status = o.http_status,
               fetched_at = o.fetched_at, result_count = o.result_count, cached = o.cached, credits = o.credits
           FROM unnest(%s::int[], %s::int[], %s::text[], %s::int[], %s::text[], %s::text[], %s::int[],
                       %s::timestamptz[], %s::int[], %s::boolean[], %s::int[])
                AS o (ordinal, claim, status, attempts, error_code, error_message, http_status, fetched_at,
                      result_count, cached, credits)
           WHERE t.job_id = %s AND t.ordinal = ANY(%s) AND t.ordinal = o.ordinal AND t.claim = o.claim
             AND t.status = 'running'
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
            [o.cached for o in outcomes],
            [o.credits for o in outcomes],
            job_id,
            [o.ordinal for o in outcomes],
        ],
    )


async def _note_landings(conn: Conn, job_id: str, outcomes: Sequence[Outcome]) -> None:
    """A target is from now on what its link led to, on whichever marketplace."""
    for outcome in outcomes:
        assert outcome.landed is not None  # noqa: S101 - the caller asked
        await conn.execute(
            "UPDATE targets SET kind = %s, key = %s, marketplace = %s WHERE job_id = %s AND ordinal = %s",
            [*astuple(outcome.landed), job_id, outcome.ordinal],
        )


async def _put_back(conn: Conn, job_id: str, outcomes: Sequence[Outcome]) -> None:
    if outcomes:
        await _note_steps(conn, job_id, outcomes)
        await conn.execute(
            """INSERT INTO waiting_targets (job_id, retry_at, ordinal)
               SELECT %s, coalesce(o.retry_at, '-infinity'), o.ordinal
               FROM unnest(%s::timestamptz[], %s::int[]) AS o (retry_at, ordinal)""",
            [job_id, [o.retry_at for o in outcomes], [o.ordinal for o in outcomes]],
        )


async def _note_steps(conn: Conn, job_id: str, outcomes: Sequence[Outcome]) -> None:
    """Where the walks of these targets go on."""
    failed = [(o.ordinal, o.failed_at.step, o.failed_at.tries) for o in outcomes if o.failed_at]
    if not failed:
        return
    ordinals, steps, tries = zip(*failed, strict=True)
    await conn.execute(
        """UPDATE targets t SET step = o.step, step_attempts = o.tries
           FROM unnest(%s::int[], %s::text[], %s::int[]) AS o (ordinal, step, tries)
           WHERE t.job_id = %s AND t.ordinal = ANY(%s) AND t.ordinal = o.ordinal""",
        [list(ordinals), list(steps), list(tries), job_id, list(ordinals)],
    )


async def _insert_rows(conn: Conn, job_id: str, outcomes: Sequence[Outcome]) -> None:
    rows = [(o.ordinal, at, row.json.decode(), row.record) for o in outcomes for at, row in enumerate(o.rows, 1)]
    if not rows:
        return
    ordinals, positions, records, types = zip(*rows, strict=True)
    await conn.execute(
        # %b: as text each record would be escaped for the array in Python, which takes longer than reading its page
        """INSERT INTO results (job_id, ordinal, position, record, type)
           SELECT %s, o.ordinal, o.position, o.record::json, o.type
           FROM unnest(%s::int[], %s::int[], %b::text[], %s::text[]) AS o (ordinal, position, record, type)""",
        [job_id, list(ordinals), list(positions), list(records), list(types)],
    )


async def _insert_summaries(conn: Conn, job_id: str, outcomes: Sequence[Outcome]) -> None:
    rows = [(o.ordinal, page, summary.decode()) for o in outcomes for page, summary in o.summaries]
    if not rows:
        return
    ordinals, pages, summaries = zip(*rows, strict=True)
    await conn.execute(
        """INSERT INTO page_summaries (job_id, ordinal, page, summary)
           SELECT %s, o.ordinal, o.page, o.summary::json
           FROM unnest(%s::int[], %s::int[], %b::text[]) AS o (ordinal, page, summary)""",
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


@dataclass(frozen=True, slots=True)
class _Counted:
    status: str
    result_count: int
    is_over: bool


async def _count(conn: Conn, job_id: str, outcomes: Sequence[Outcome]) -> Sent[_Counted]:
    """The job with these outcomes: with its last target it ends."""
    by_status = Counter(outcome.status for outcome in outcomes)
    return await send(
        conn,
        _Counted,
        """UPDATE jobs SET running = running - %(all)s, pending = pending + %(pending)s, succeeded = succeeded + %(success)s,
               failed = failed + %(failed)s, result_count = result_count + %(rows)s, updated_at = now(),
               (status, result_set_id, completed_at) = (
                   SELECT CASE WHEN NOT is_over THEN status WHEN succeeded + %(success)s > 0 THEN 'completed' ELSE 'failed' END,
                       CASE WHEN is_over THEN %(result_set_id)s ELSE result_set_id END,
                       CASE WHEN is_over THEN now() ELSE completed_at END
                   FROM (SELECT pending + running - %(all)s + %(pending)s = 0 AS is_over) AS ending)
           WHERE id = %(id)s RETURNING status, result_count, pending + running = 0 AS is_over""",
        {
            "id": job_id,
            "all": len(outcomes),
            "pending": by_status["pending"],
            "success": by_status["success"],
            "failed": by_status["failed"],
            "rows": sum(len(outcome.rows) for outcome in outcomes),
            "result_set_id": new_id(),
        },
    )


async def _close(conn: Conn, job_id: str, lock: JobLock, counted: _Counted) -> list[Event]:
    """What is told of the job's end, where anybody hears it."""
    failed = counted.status == JobStatus.FAILED
    if failed:
        await _give_reason(conn, job_id)
    await conn.execute("DELETE FROM lane_claims WHERE job_id = %s", [job_id])
    await credits.settle(conn, job_id)
    if lock.is_referred and not failed:
        await referrals.reward(conn, job_id)
    drops = await quality.told(conn, job_id) if counted.result_count >= quality.LEAST_RECORDS else []
    if not lock.is_heard:
        return drops
    job = await fetch_existing(conn, Job, f"SELECT {COLUMNS} FROM jobs WHERE id = %s", [job_id])
    return [jobs.event(EventType.JOB_FAILED if failed else EventType.JOB_COMPLETED, job), *drops]


async def _give_reason(conn: Conn, job_id: str) -> None:
    """A failed job names the error that most of its targets had."""
    await conn.execute(
        """UPDATE jobs SET error_code = worst.code, error_message = 'No target succeeded. ' || worst.message
           FROM (SELECT error_code AS code, max(error_message) AS message FROM targets
                 WHERE job_id = %(id)s AND status = 'failed' GROUP BY error_code
                 ORDER BY error_code = %(invalid)s, count(*) DESC LIMIT 1) worst
           WHERE id = %(id)s""",
        {"id": job_id, "invalid": jobs.INVALID},
    )
