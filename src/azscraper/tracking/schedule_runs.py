"""The run of schedules that are due: each due time brings one job, and no schedule keeps another from running.

Each due time runs once however many workers look: the row is locked, and the next one is written in the transaction that
submits the job. Due times that passed while no worker ran are made up for by one run.
"""

from datetime import datetime

import structlog

from azscraper.clock import stamp
from azscraper.errors import InvalidInputError, ServiceError
from azscraper.jobs import jobs, plan
from azscraper.jobs.jobs import Job, Label
from azscraper.kinds.registry import find_kind
from azscraper.store.db import Conn, fetch_one
from azscraper.tenants.principal import Principal
from azscraper.tracking import due
from azscraper.tracking.cron import next_runs
from azscraper.tracking.due import MOST_FAILURES, after_failure
from azscraper.tracking.schedules import COLUMNS, Schedule
from azscraper.webhooks import endpoints
from azscraper.webhooks.endpoints import Event
from azscraper.words import EventType, OnInvalid

_log = structlog.get_logger(__name__)


async def run_due(conn: Conn, *, now: datetime) -> Schedule | None:
    """Run the schedule that has been due longest, and write when it is due next; None when nothing is due.

    A run that brings no job leaves its reason in ``last_error``, is over, and emits schedule.failed; no error of one schedule
    keeps the others from running. After failures in a row the next due times are left out, for an hour at most. A schedule is
    switched off after ten, or where its time or zone can't be read any more. Schedules that another worker is busy with are left
    to it, those of a suspended organization wait for its return. Raises only what the database itself does.
    """
    schedule = await fetch_one(
        conn,
        Schedule,
        f"""SELECT {COLUMNS} FROM schedules WHERE enabled AND next_run_at <= %s
              AND NOT EXISTS (SELECT 1 FROM organizations o
                              WHERE o.id = schedules.organization_id AND o.suspended_at IS NOT NULL)
            ORDER BY next_run_at LIMIT 1 FOR UPDATE OF schedules SKIP LOCKED""",
        [now],
    )
    if schedule is None:
        return None

    async def run() -> None:
        next_run_at = next_runs(schedule.cron, schedule.timezone, after=now, count=1)[0]
        job = await _submit(conn, schedule, now)
        await _note_run(conn, schedule, next_run_at=next_run_at, job_id=job.id, now=now)

    async def fail(error: ServiceError) -> None:
        await _fail(conn, schedule, error, now)

    await due.attempt(conn, run, fail, event="a schedule failed", schedule_id=schedule.id)
    return schedule


async def _fail(conn: Conn, schedule: Schedule, error: ServiceError, now: datetime) -> None:
    """The run brought no job: the reason, and when the next one runs, if any."""
    failures = schedule.failures + 1
    message = error.message
    following = None if _names_time(error) else _after_failure(schedule, failures, now)
    if failures >= MOST_FAILURES:
        following = None
        message += f". It has failed {failures} times in a row and is switched off."
    await _note_run(conn, schedule, next_run_at=following, error=message, failures=failures, now=now)
    event = _failure(schedule, error.code, message, following)
    try:
        async with conn.transaction():
            await endpoints.emit(conn, schedule.project_id, schedule.id, [event])
    except Exception:
        if conn.closed:
            raise
        _log.exception("a schedule's failure was not told", schedule_id=schedule.id)


def _after_failure(schedule: Schedule, failures: int, now: datetime) -> datetime | None:
    try:
        return next_runs(schedule.cron, schedule.timezone, after=after_failure(failures, now), count=1)[0]
    except InvalidInputError:
        return None


def _names_time(error: ServiceError) -> bool:
    """Whether the schedule itself is what can't be read: zones are renamed, rules of a later release may be stricter."""
    return isinstance(error, InvalidInputError) and any(d.field in {"cron", "timezone"} for d in error.details)


def _failure(schedule: Schedule, code: str, message: str, next_run_at: datetime | None) -> Event:
    data = {
        "scheduleId": schedule.id,
        "projectId": schedule.project_id,
        "slot": stamp(schedule.next_run_at) if schedule.next_run_at else None,
        "error": {"code": code, "message": message},
        "nextRunAt": stamp(next_run_at) if next_run_at else None,
    }
    return Event(EventType.SCHEDULE_FAILED, data)


async def _submit(conn: Conn, schedule: Schedule, now: datetime) -> Job:
    _require_valid(schedule)
    on_invalid = OnInvalid(schedule.on_invalid)
    planned = plan.plan_targets(schedule.type, schedule.targets, schedule.config, on_invalid=on_invalid)
    return await jobs.submit(
        conn,
        Principal(schedule.organization_id, project_id=schedule.project_id),
        schedule.project_id,
        kind=find_kind(schedule.type),
        targets=planned,
        config=schedule.config,
        now=now,
        label=Label(schedule.name, tuple(schedule.tags), schedule_id=schedule.id),
    )


def _require_valid(schedule: Schedule) -> None:
    """Rules of a later release may be stricter than those that it was made by. Raises InvalidInputError."""
    problems = schedule.config.as_options(find_kind(schedule.type).options)[1]
    if problems:
        said = "; ".join(f"{problem.field}: {problem.message}" for problem in problems)
        raise InvalidInputError(f"The schedule's config is no longer valid: {said}", problems)


async def _note_run(
    conn: Conn,
    schedule: Schedule,
    *,
    next_run_at: datetime | None,
    now: datetime,
    job_id: str | None = None,
    error: str | None = None,
    failures: int = 0,
) -> None:
    await conn.execute(
        """UPDATE schedules SET enabled = %(next)s::timestamptz IS NOT NULL, next_run_at = %(next)s,
               last_run_at = %(now)s, last_job_id = coalesce(%(job_id)s, last_job_id), last_error = %(error)s,
               failures = %(failures)s, updated_at = now()
           WHERE organization_id = %(organization_id)s AND id = %(id)s""",
        {
            "next": next_run_at,
            "now": now,
            "job_id": job_id,
            "error": error,
            "failures": failures,
            "organization_id": schedule.organization_id,
            "id": schedule.id,
        },
    )
