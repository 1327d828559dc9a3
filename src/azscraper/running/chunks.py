"""Chunks of a job while it runs: claim one, end it. (``jobs`` is what callers ask for, ``save`` what comes of a chunk.)

A job has a few lanes; each lane has at most one chunk in the queue, and a chunk's end puts the lane's next one there.
Two fences make a crash harmless. ``jobs.lane_runs`` numbers a lane's chunks, so that a chunk that runs twice ends once.
``targets.claim`` numbers the claims of a target, so that what a lost worker brings late is refused. Every write first
locks the job's row: counters stay exact and no two writers can deadlock.

Ordinals are given as arrays, never joined: before a large new job is analyzed the planner would read all of it for a join.
No index of ``targets`` tells a status, so that updates of targets leave the indexes alone. What is to be claimed is found
by ``jobs.next_ordinal`` (targets from there on nobody has claimed yet) and ``waiting_targets`` (pending ones that were
claimed before); what a lane has claimed stands in ``lane_claims``.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Self

import structlog

from azscraper import marketplaces
from azscraper.jobs import dispatch, fairness, gtins, jobs
from azscraper.jobs.dispatch import Turn
from azscraper.jobs.jobs import CHUNK_SIZE, COLUMNS, Job
from azscraper.jobs.limits import UNLIMITED, Limits, room
from azscraper.kinds.auto import AUTO, auto
from azscraper.kinds.kind import Asked, Kind, Target
from azscraper.kinds.registry import kinds
from azscraper.marketplaces.isbn import is_gtin
from azscraper.records.options import Options
from azscraper.store.db import Conn, fetch_all
from azscraper.store.sent import Later, Sent, send
from azscraper.webhooks import endpoints
from azscraper.wire.crawls import JobConfig
from azscraper.words import EventType

_BEHIND_ALL = 2**31 - 1
"""An ordinal that no target has."""
_FIRST = Turn()
_CROWDED_PAUSE = timedelta(seconds=1)
"""How long a lane waits that a limit left no room for."""
_LACKING_PAUSE = timedelta(minutes=1)
"""How long a chunk waits whose kind the worker lacks."""

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class ClaimedTarget:
    """A target that this worker may fetch."""

    ordinal: int
    claim: int
    value: str
    marketplace: str
    key: str | None
    """What the kind made of the value; None of a keyword that a release before wrote."""
    attempts: int
    """Tries made before."""
    step: str | None = None
    """Where its walk went wrong last; None where it has one step, or none went wrong."""
    step_attempts: int | None = None
    """Tries of that step."""
    index: int = 0
    """Pages that the targets before it in its chunk take, at most."""
    kind: str | None = None
    """Its type, None of what a release before wrote: the job's."""
    known: tuple[str, ...] = ()
    """Products that the organization found lately under it, where it is a code."""


@dataclass(frozen=True, slots=True)
class Chunk:
    """Targets of one job, claimed together."""

    job_id: str
    lane: int
    run: int
    type: str
    config: JobConfig
    options: Mapping[str, Options]
    """The same config as each kind of its targets has it."""
    started_at: datetime
    targets: tuple[ClaimedTarget, ...]
    reparse_of: str | None = None
    """The job whose archived pages are read instead of fetching any."""
    turn: Turn = _FIRST
    crowded: bool = False
    """Whether a limit on what may be in work left no room."""
    organization_id: str = ""
    is_ask: bool = False
    """Whether somebody waits for it."""
    steps: int = 0
    """Pages that all its targets take, at most."""

    def options_of(self, kind: Kind[Any]) -> Options:
        """The config as that kind has it."""
        return self.options.get(kind.name) or self.config.as_options(kind.options)[0]

    def asked(self, target: ClaimedTarget) -> Asked[Any]:
        """What its kind is told of the target."""
        kind = target.kind or self.type
        key = target.key or target.value.strip()  # releases before keys were kept wrote that of products alone
        return Asked(Target(kind, key, marketplaces.by_host(target.marketplace)), self.options[kind], target.known)

    def counted(self) -> Self:
        """The same, with what each target takes at most."""
        steps = 0
        targets = []
        for target in self.targets:
            targets.append(replace(target, index=steps))
            steps += self.kind_of(target).steps(self.asked(target))
        return replace(self, targets=tuple(targets), steps=steps)

    def kind_of(self, target: ClaimedTarget) -> Kind[Any]:
        """The target's own."""
        return _kind(target.kind or self.type)


def _kind(name: str) -> Kind[Any]:
    """That this worker has: it is looked for before targets are claimed."""
    return auto(kinds()) if name == AUTO else kinds()[name]


@dataclass(frozen=True, slots=True)
class JobLock:
    """A job's row, locked until the transaction ends: what a chunk needs of it."""

    type: str
    organization_id: str
    project_id: str
    started_at: datetime | None
    next_ordinal: int
    reparse_of: str | None
    next_turn: int
    invalid: int
    alerts: int | None
    """Version of the project's rules of alerts; None where it has none."""
    is_ask: bool
    kinds: list[str] | None
    run: int | None
    concurrency: int | None
    """Targets that the organization's plan lets its jobs have in work."""
    is_heard: bool
    """Whether the project has endpoints that are told of it."""
    is_referred: bool
    """Whether somebody is paid for having brought the organization, when a job completes."""

    @property
    def queue(self) -> str:
        """Where its chunks wait."""
        return dispatch.queue_of(self.type, reparses=self.reparse_of is not None, is_ask=self.is_ask)


async def claim(conn: Conn, job_id: str, *, lane: int, run: int, now: datetime, **rest: Any) -> Chunk | None:
    """As ``begin_claim``, read at once."""
    claimed = await begin_claim(conn, job_id, lane=lane, run=run, now=now, **rest)
    return await claimed() if claimed else None


async def begin_claim(
    conn: Conn,
    job_id: str,
    *,
    lane: int,
    run: int,
    now: datetime,
    size: int = CHUNK_SIZE,
    limits: Limits = UNLIMITED,
    turn: Turn = _FIRST,
) -> Later[Chunk] | None:
    """Claim the lane's next chunk: first what its dead predecessor left, then up to ``size`` pending targets that are due.

    None when the job is over or this run of the lane has ended before.
    """
    job = await lock(conn, job_id, lane=lane)
    if job is None or job.run != run:
        return None
    if any(name not in {*kinds(), AUTO} for name in (job.type, *(job.kinds or ()))):
        await _leave_to_others(conn, job, job_id, lane=lane, run=run, turn=turn, now=now)
        return None
    if job.is_ask:  # its caller waits, and a claim that is lost with the database's memory is made again
        await conn.execute("SET LOCAL synchronous_commit = off")
    is_new = job.next_ordinal == 0
    left = [] if is_new else await _claim_left_over(conn, job_id, lane)
    free = await room(conn, job.organization_id, job.concurrency, limits, most=size, is_ask=job.is_ask)
    most = max(min(size - len(left), free), 0)
    again = [] if is_new else await _claim_waiting(conn, job_id, lane=lane, limit=most, now=now)
    end = await _end_of_fresh(conn, job_id, job, most - len(again))
    fresh = again + await _claim_fresh(conn, job_id, lane=lane, first=job.next_ordinal, end=end)
    in_order = await _with_known(conn, job, sorted(left + fresh, key=lambda target: target.ordinal), now=now)
    await _note_claims(conn, job_id, lane, in_order)
    sent = await _set_running(conn, job_id, fresh=len(fresh), end=end, turn=turn, now=now)
    heard = await sent.existing() if job.started_at is None and job.is_heard else None
    if heard is not None:
        await endpoints.emit(conn, job.project_id, job_id, [jobs.event(EventType.JOB_STARTED, heard)])

    async def claimed() -> Chunk:
        running = heard or await sent.existing()
        return Chunk(
            job_id,
            lane,
            run,
            running.type,
            running.config,
            _options(running, in_order),
            job.started_at or now,
            tuple(in_order),
            job.reparse_of,
            turn=turn,
            crowded=free <= 0,
            organization_id=job.organization_id,
            is_ask=job.is_ask,
        ).counted()

    return claimed


async def _set_running(conn: Conn, job_id: str, *, fresh: int, end: int, turn: Turn, now: datetime) -> Sent[Job]:
    """The job with so many targets more in work, and none left before ``end``."""
    return await send(
        conn,
        Job,
        f"""UPDATE jobs SET status = 'running', started_at = coalesce(started_at, %s), updated_at = now(),
                pending = pending - %s, running = running + %s, next_ordinal = least(%s, total), turn = %s
            WHERE id = %s RETURNING {COLUMNS}""",
        [now, fresh, fresh, end, turn.at, job_id],
    )


async def _with_known(
    conn: Conn, job: JobLock, targets: Sequence[ClaimedTarget], *, now: datetime
) -> list[ClaimedTarget]:
    codes = {(one.marketplace, one.key) for one in targets if one.key and is_gtin(one.key)}
    known = await gtins.find(conn, job.organization_id, codes, now=now)
    return (
        [replace(one, known=known.get((one.marketplace, one.key or ""), ())) for one in targets]
        if known
        else [*targets]
    )


def _options(job: Job, claimed: Sequence[ClaimedTarget]) -> dict[str, Options]:
    names = {job.type, *(target.kind or job.type for target in claimed)}
    return {name: job.config.as_options(_kind(name).options)[0] for name in names}


async def _leave_to_others(
    conn: Conn, job: JobLock, job_id: str, *, lane: int, run: int, turn: Turn, now: datetime
) -> None:
    """Put the chunk back for a while, as no package of this worker offers its kind; that is no try."""
    _log.warning("this worker lacks the kind of page, which waits for one that has it", type=job.type, job_id=job_id)
    await dispatch.defer_chunk(conn, job_id, lane=lane, run=run, turn=turn, due=now + _LACKING_PAUSE, queue=job.queue)


async def lock(conn: Conn, job_id: str, *, lane: int) -> JobLock | None:
    """Lock the job's row, as every write to its targets does first; None when the job is over."""
    return await (await send_lock(conn, job_id, lane=lane))()


async def send_lock(conn: Conn, job_id: str, *, lane: int) -> Later[JobLock | None]:
    """As ``lock``, for who sends what comes to nothing when the job is over."""
    sent = await send(
        conn,
        JobLock,
        """SELECT type, organization_id, project_id, started_at, next_ordinal, reparse_of, next_turn, invalid, is_ask,
                  kinds, lane_runs[%s] AS run,
                  (SELECT version FROM alert_sets s JOIN projects p ON p.id = s.project_id
                   WHERE s.project_id = jobs.project_id AND s.rules > 0 AND NOT p.archived) AS alerts,
                  (SELECT concurrency FROM organizations o JOIN plans p ON p.name = o.plan
                   WHERE o.id = jobs.organization_id) AS concurrency,
                  EXISTS (SELECT FROM webhooks w WHERE w.project_id = jobs.project_id AND w.enabled) AS is_heard,
                  EXISTS (SELECT FROM referrals r WHERE r.referred_id = jobs.organization_id AND r.paid_at IS NULL) AS is_referred
           FROM jobs WHERE id = %s AND status IN ('queued', 'running') FOR UPDATE""",
        [lane + 1, job_id],
    )
    return sent.one


async def _claim_left_over(conn: Conn, job_id: str, lane: int) -> list[ClaimedTarget]:
    # The crash counts as a try: a page that kills its worker must not be fetched for ever.
    return await fetch_all(
        conn,
        ClaimedTarget,
        """UPDATE targets SET claim = claim + 1, attempts = attempts + 1, step_attempts = step_attempts + 1
           WHERE job_id = %(job_id)s AND lane = %(lane)s AND status = 'running' AND ordinal = ANY
               ((SELECT ordinals FROM lane_claims WHERE job_id = %(job_id)s AND lane = %(lane)s)::int[])
           RETURNING ordinal, claim, value, marketplace, coalesce(key, asin) AS key, kind, attempts, step, step_attempts""",
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
           RETURNING t.ordinal, t.claim, t.value, t.marketplace, coalesce(t.key, t.asin) AS key, t.kind, t.attempts,
               t.step, t.step_attempts""",
        {"job_id": job_id, "lane": lane, "limit": max(limit, 0), "now": now},
    )


async def _claim_fresh(conn: Conn, job_id: str, *, lane: int, first: int, end: int) -> list[ClaimedTarget]:
    return await fetch_all(
        conn,
        ClaimedTarget,
        """UPDATE targets SET status = 'running', claim = claim + 1, lane = %s
           WHERE job_id = %s AND ordinal >= %s AND ordinal < %s AND status = 'pending'
           RETURNING ordinal, claim, value, marketplace, coalesce(key, asin) AS key, kind, attempts, step, step_attempts""",
        [lane, job_id, first, end],
    )


async def _end_of_fresh(conn: Conn, job_id: str, job: JobLock, count: int) -> int:
    """The ordinal behind the next ``count`` targets that nobody has claimed, passing over those that are none."""
    if not job.invalid or count <= 0:
        return job.next_ordinal + count
    cursor = await conn.execute(
        """SELECT max(ordinal) + 1, count(*) FROM (
               SELECT ordinal FROM targets WHERE job_id = %s AND ordinal >= %s AND status = 'pending'
               ORDER BY ordinal LIMIT %s) fresh""",
        [job_id, job.next_ordinal, count],
    )
    row = await cursor.fetchone()
    return int(row[0]) if row and row[1] == count else _BEHIND_ALL


async def _note_claims(conn: Conn, job_id: str, lane: int, claimed: Sequence[ClaimedTarget]) -> None:
    await conn.execute(
        """INSERT INTO lane_claims (job_id, lane, ordinals) VALUES (%s, %s, %s)
           ON CONFLICT (job_id, lane) DO UPDATE SET ordinals = excluded.ordinals""",
        [job_id, lane, [target.ordinal for target in claimed]],
    )


async def end(conn: Conn, chunk: Chunk, *, now: datetime) -> None:
    """Hand back what the chunk did not finish, and put the lane's next chunk into the queue while targets are pending.

    Does nothing when the job is over or another worker ended this run of the lane.
    """
    job = await lock(conn, chunk.job_id, lane=chunk.lane)
    if job is None or job.run != chunk.run:
        return
    cursor = await conn.execute(
        """WITH unfinished AS (
               UPDATE targets SET status = 'pending', lane = NULL
               WHERE job_id = %(job_id)s AND lane = %(lane)s AND status = 'running' AND ordinal = ANY
                   ((SELECT ordinals FROM lane_claims WHERE job_id = %(job_id)s AND lane = %(lane)s)::int[])
               RETURNING ordinal)
           INSERT INTO waiting_targets (job_id, retry_at, ordinal)
           SELECT %(job_id)s, '-infinity', ordinal FROM unfinished""",
        {"job_id": chunk.job_id, "lane": chunk.lane},
    )
    left = cursor.rowcount
    standing = await dispatch.standing(
        conn, job.organization_id, chunk.job_id, weight=chunk.config.weight or 1, is_ask=job.is_ask
    )
    ended = max(len(chunk.targets) - left, 0)
    used = chunk.steps * ended // len(chunk.targets) if chunk.targets else 0
    turn = fairness.next_turn(job.next_turn, standing, used=used, slept=chunk.turn.slept)
    cursor = await conn.execute(
        """UPDATE jobs SET lane_runs[%s] = %s, pending = pending + %s, running = running - %s, next_turn = %s,
               updated_at = now() WHERE id = %s RETURNING pending > 0, next_ordinal < total""",
        [chunk.lane + 1, chunk.run + 1, left, left, turn, chunk.job_id],
    )
    more = await cursor.fetchone()
    if more is not None and more[0]:
        due = None if more[1] else await _next_due(conn, chunk.job_id, now)
        due = now + _CROWDED_PAUSE if chunk.crowded else due
        await dispatch.defer_chunk(
            conn,
            chunk.job_id,
            lane=chunk.lane,
            run=chunk.run + 1,
            turn=Turn(turn, standing.step),
            due=due,
            queue=job.queue,
        )


async def _next_due(conn: Conn, job_id: str, now: datetime) -> datetime | None:
    """When the first waiting target is due; None is at once."""
    cursor = await conn.execute(
        "SELECT nullif(min(retry_at), '-infinity') FROM waiting_targets WHERE job_id = %s", [job_id]
    )
    row = await cursor.fetchone()
    return row[0] if row and row[0] is not None and row[0] > now else None
