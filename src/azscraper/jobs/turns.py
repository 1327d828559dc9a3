"""Turns: which chunk of which job the workers take next, and how much may be in work at a time.

The rule is pure (:mod:`fairness`); here it meets the jobs' rows and the queue's priorities. Beside ``jobs`` and below
it because both submitting a job and ending a chunk put chunks into the queue.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from azscraper.jobs import fairness
from azscraper.jobs.fairness import Standing
from azscraper.store import queue
from azscraper.store.db import Conn, fetch_one, scalar
from azscraper.tenants.plans import Plan

SCRAPE_TASK = "scrape"
REPARSE_QUEUE = "reparse"
"""Of jobs that read archived pages again: they need no pace, and must not hold up those that fetch."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Targets that may be in work at a time over all workers; None is unlimited."""

    total: int | None = None
    organization: int | None = None
    """Of one organization; its plan may say less."""


UNLIMITED = Limits()


@dataclass(frozen=True, slots=True)
class _Standing:
    weight: int
    open_jobs: int
    floor: int


async def begin(
    conn: Conn,
    organization_id: str,
    job_id: str,
    *,
    config: Mapping[str, Any],
    lanes: int,
    fetches: int,
    reparses: bool = False,
) -> None:
    """Put the first chunks of a new job into the queue, one a lane; ``fetches`` is what each may take."""
    place = await standing(conn, organization_id, job_id, config)
    turn = fairness.first_turn(place, fetches=fetches)
    await conn.execute("UPDATE jobs SET turn = %s, next_turn = %s WHERE id = %s", [turn, turn, job_id])
    for lane in range(lanes):
        begins = turn + lane * fetches * place.step
        await defer_chunk(conn, job_id, lane=lane, run=0, turn=begins, step=place.step, reparses=reparses)


async def defer_chunk(
    conn: Conn,
    job_id: str,
    *,
    lane: int,
    run: int,
    turn: int,
    step: int,
    at: datetime | None = None,
    reparses: bool = False,
) -> None:
    """Put a lane's next chunk into the queue at its virtual time, to run at once or, after a sleep, from ``at`` on."""
    await queue.defer(
        conn,
        SCRAPE_TASK,
        at=at,
        queue=REPARSE_QUEUE if reparses else queue.DEFAULT_QUEUE,
        priority=fairness.priority(turn),
        job_id=job_id,
        lane=lane,
        run=run,
        turn=turn,
        step=step,
        slept=int(at is not None),
    )


async def standing(conn: Conn, organization_id: str, job_id: str, config: Mapping[str, Any]) -> Standing:
    """Where a job of the organization stands beside all others that are open."""
    row = await fetch_one(
        conn,
        _Standing,
        """SELECT p.weight, (SELECT count(*) FROM jobs WHERE organization_id = o.id AND status IN ('queued', 'running'))
                              AS open_jobs, others.floor
           FROM organizations o JOIN plans p ON p.name = o.plan, (SELECT coalesce(min(turn) FILTER (WHERE running > 0), min(turn), 0) AS floor
                                  FROM jobs WHERE status IN ('queued', 'running') AND id <> %s) others
           WHERE o.id = %s""",
        [job_id, organization_id],
    )
    assert row is not None  # noqa: S101 - the job has an organization
    return Standing(row.weight * int(config.get("weight") or 1), row.open_jobs, row.floor)


async def room(conn: Conn, organization_id: str, plan: Plan, limits: Limits, *, most: int) -> int:
    """How many more targets may be taken into work, at most ``most``.

    Who asks under a limit waits until those who asked before have committed, so that no two take the same room.
    """
    of_organization = min((n for n in (limits.organization, plan.concurrency) if n is not None), default=None)
    for scope, limit in ((None, limits.total), (organization_id, of_organization)):
        if limit is not None:
            await conn.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"in work {scope or ''}"])
            most = min(most, limit - await _in_work(conn, scope))
    return max(most, 0)


async def _in_work(conn: Conn, organization_id: str | None) -> int:
    sql = """SELECT coalesce(sum(running), 0)::int FROM jobs WHERE status IN ('queued', 'running')
               AND (%(id)s::text IS NULL OR organization_id = %(id)s)"""
    return await scalar(conn, int, sql, {"id": organization_id}) or 0


async def revive(conn: Conn, *, idle_since: datetime) -> list[str]:
    """Put lanes of open jobs back into the queue that have no task left there; the ids of these jobs.

    Can only be needed after the queue gave a task up (see ``queue``); a job must not wait for ever because of it.
    """
    cursor = await conn.execute(
        """SELECT id, lane_runs, next_turn, reparse_of IS NOT NULL FROM jobs WHERE status IN ('queued', 'running') AND updated_at < %s
           ORDER BY updated_at LIMIT 100 FOR UPDATE SKIP LOCKED""",
        [idle_since],
    )
    revived = []
    for job_id, lane_runs, turn, reparses in await cursor.fetchall():
        await conn.execute("UPDATE jobs SET updated_at = now() WHERE id = %s", [job_id])
        if await queue.has_tasks(conn, job_id):
            continue
        for lane, run in enumerate(lane_runs):
            await defer_chunk(conn, job_id, lane=lane, run=run, turn=turn, step=1, reparses=reparses)
        revived.append(job_id)
    return revived
