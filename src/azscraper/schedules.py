"""Schedules: what to crawl again and again, and when; and the run of those that are due.

Each slot runs once however many workers look: the row is locked, and the next slot is written in the transaction that
submits the job. Slots that passed while no worker ran are made up for by one run.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, LiteralString

import orjson

from azscraper import audit, job_plan, jobs, projects, webhooks
from azscraper.audit import Action
from azscraper.cron import next_runs
from azscraper.db import Conn, fetch_all, fetch_one, scalar
from azscraper.errors import CallerError, ConflictError, InvalidInputError, NotFoundError
from azscraper.ids import new_id, require_id
from azscraper.job_plan import JobConfig, JobType, OnInvalid
from azscraper.jobs import Job
from azscraper.principal import Principal
from azscraper.webhooks import Event, EventType, stamp

MOST_PER_PROJECT = 100
"""So that the list of a project's schedules needs no pages."""


@dataclass(frozen=True, slots=True)
class CrawlConfig:
    """The job to submit."""

    type: JobType
    targets: Sequence[str]
    """As sent; checked by ``job_plan.plan_targets`` before they come here."""
    config: dict[str, Any]
    on_invalid: OnInvalid = OnInvalid.FAIL


@dataclass(frozen=True, slots=True)
class Schedule:
    """A schedule's row."""

    id: str
    organization_id: str
    project_id: str
    cron: str
    timezone: str
    enabled: bool
    type: JobType
    targets: list[str]
    config: dict[str, Any]
    on_invalid: OnInvalid
    next_run_at: datetime | None
    """None when it is not enabled."""
    last_run_at: datetime | None
    """When the last slot ran, whether or not it brought a job."""
    last_job_id: str | None
    last_error: str | None
    """Why the last slot brought no job; None when it brought one."""
    created_at: datetime
    updated_at: datetime


_COLUMNS: LiteralString = """id, organization_id, project_id, cron, timezone, enabled, type, targets, config, on_invalid,
    next_run_at, last_run_at, last_job_id, last_error, created_at, updated_at"""


async def create(
    conn: Conn,
    principal: Principal,
    project_id: str,
    *,
    cron: str,
    timezone: str,
    enabled: bool,
    crawl: CrawlConfig,
    now: datetime,
) -> Schedule:
    """A new schedule. Raises NotFoundError, InvalidInputError for ``cron`` or ``timezone``.

    ConflictError when the project is archived or has 100 schedules.
    """
    await projects.lock(conn, principal, project_id)
    await projects.require_open(conn, principal, project_id)
    count = await scalar(
        conn,
        int,
        "SELECT count(*) FROM schedules WHERE organization_id = %s AND project_id = %s",
        [principal.organization_id, project_id],
    )
    if (count or 0) >= MOST_PER_PROJECT:
        raise ConflictError(f"A project has at most {MOST_PER_PROJECT} schedules")
    schedule = await fetch_one(
        conn,
        Schedule,
        f"""INSERT INTO schedules
                (id, organization_id, project_id, cron, timezone, enabled, type, targets, config, on_invalid, next_run_at)
            VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s) RETURNING {_COLUMNS}""",
        [
            new_id(),
            principal.organization_id,
            project_id,
            cron,
            timezone,
            enabled,
            crawl.type,
            list(crawl.targets),
            orjson.dumps(crawl.config).decode(),
            crawl.on_invalid,
            _next_run(cron, timezone, enabled=enabled, now=now),
        ],
    )
    assert schedule is not None  # noqa: S101 - RETURNING gives the row
    details = {"projectId": project_id, "after": _facts(schedule)}
    await audit.record(conn, principal, Action.SCHEDULE_CREATED, schedule.id, details=details)
    return schedule


def _facts(schedule: Schedule) -> dict[str, object]:
    """What the audit tells: of the targets only how many."""
    return {
        "cron": schedule.cron,
        "timezone": schedule.timezone,
        "enabled": schedule.enabled,
        "type": schedule.type,
        "targets": len(schedule.targets),
        "config": schedule.config,
        "onInvalid": schedule.on_invalid,
    }


def coming_runs(schedule: Schedule, *, now: datetime, count: int) -> list[datetime]:
    """When the schedule will run next; nothing while it is switched off, or can't be read any more."""
    if schedule.next_run_at is None or count == 1:
        return [at for at in (schedule.next_run_at,) if at is not None]
    try:
        following = next_runs(schedule.cron, schedule.timezone, after=max(now, schedule.next_run_at), count=count - 1)
    except InvalidInputError:
        return [schedule.next_run_at]
    return [schedule.next_run_at, *following]


def _next_run(cron: str, timezone: str, *, enabled: bool, now: datetime) -> datetime | None:
    following = next_runs(cron, timezone, after=now, count=1)[0]
    return following if enabled else None


async def find_all(conn: Conn, principal: Principal, project_id: str) -> list[Schedule]:
    """The project's schedules, newest first. Raises NotFoundError when the organization has no such project."""
    await projects.get(conn, principal, project_id)
    return await fetch_all(
        conn,
        Schedule,
        f"SELECT {_COLUMNS} FROM schedules WHERE organization_id = %s AND project_id = %s ORDER BY id DESC",
        [principal.organization_id, project_id],
    )


@dataclass(frozen=True, slots=True)
class Brief:
    """A schedule from afar: how many targets it has, not which."""

    id: str
    project_id: str
    cron: str
    timezone: str
    enabled: bool
    type: str
    targets: int
    next_run_at: datetime | None
    last_run_at: datetime | None


async def find_of_organization(conn: Conn, organization_id: str, *, limit: int) -> list[Brief]:
    """An organization's schedules in all its projects, newest first: for the operator, never for a caller."""
    return await fetch_all(
        conn,
        Brief,
        """SELECT id, project_id, cron, timezone, enabled, type, cardinality(targets) AS targets, next_run_at, last_run_at
           FROM schedules WHERE organization_id = %s ORDER BY id DESC LIMIT %s""",
        [organization_id, limit],
    )


async def get(conn: Conn, principal: Principal, schedule_id: str) -> Schedule:
    """The schedule. Raises NotFoundError when the organization has none of that id."""
    return await _one(
        conn,
        f"SELECT {_COLUMNS} FROM schedules WHERE organization_id = %s AND id = %s AND project_id = coalesce(%s, project_id)",
        principal,
        schedule_id,
    )


async def _one(conn: Conn, sql: LiteralString, principal: Principal, schedule_id: str) -> Schedule:
    require_id(schedule_id, "Schedule")
    schedule = await fetch_one(conn, Schedule, sql, [principal.organization_id, schedule_id, principal.project_id])
    if schedule is None:
        raise NotFoundError("Schedule not found")
    return schedule


async def change(
    conn: Conn,
    principal: Principal,
    schedule_id: str,
    *,
    cron: str | None,
    timezone: str | None,
    enabled: bool | None,
    crawl: CrawlConfig | None,
    now: datetime,
) -> Schedule:
    """Change what is not None. Another time or zone, or switching on, counts the next run from ``now``.

    Raises NotFoundError, and InvalidInputError for ``cron`` or ``timezone``.
    """
    old = await _one(
        conn,
        f"SELECT {_COLUMNS} FROM schedules WHERE organization_id = %s AND id = %s AND project_id = coalesce(%s, project_id) FOR UPDATE",
        principal,
        schedule_id,
    )
    when = (
        old.cron if cron is None else cron,
        old.timezone if timezone is None else timezone,
        old.enabled if enabled is None else enabled,
    )
    next_run_at = old.next_run_at
    if when != (old.cron, old.timezone, old.enabled):
        next_run_at = _next_run(when[0], when[1], enabled=when[2], now=now)
    crawl = crawl or CrawlConfig(old.type, old.targets, old.config, old.on_invalid)
    await conn.execute(
        """UPDATE schedules SET cron = %s, timezone = %s, enabled = %s, next_run_at = %s, type = %s, targets = %s,
               config = %s, on_invalid = %s, updated_at = now() WHERE organization_id = %s AND id = %s""",
        [
            *when,
            next_run_at,
            crawl.type,
            list(crawl.targets),
            orjson.dumps(crawl.config).decode(),
            crawl.on_invalid,
            principal.organization_id,
            schedule_id,
        ],
    )
    new = await get(conn, principal, schedule_id)
    details = {"projectId": new.project_id, **audit.changes(_facts(old), _facts(new))}
    await audit.record(conn, principal, Action.SCHEDULE_CHANGED, schedule_id, details=details)
    return new


async def delete(conn: Conn, principal: Principal, schedule_id: str) -> None:
    """Delete the schedule; its jobs stay. Raises NotFoundError."""
    gone = await _one(
        conn,
        f"DELETE FROM schedules WHERE organization_id = %s AND id = %s AND project_id = coalesce(%s, project_id) RETURNING {_COLUMNS}",
        principal,
        schedule_id,
    )
    details = {"projectId": gone.project_id, "before": _facts(gone)}
    await audit.record(conn, principal, Action.SCHEDULE_DELETED, schedule_id, details=details)


async def run_due(conn: Conn, *, now: datetime) -> Schedule | None:
    """Run the slot that has been due longest, and write the schedule's next one; None when nothing is due.

    A slot whose job is refused (archived project, quota, credits) leaves its reason in ``last_error`` and is over; a
    schedule whose time or zone can't be read any more is switched off with the reason; either emits schedule.failed.
    Schedules that another worker is busy with are left to it, those of a suspended organization wait for its return.
    """
    schedule = await fetch_one(
        conn,
        Schedule,
        f"""SELECT {_COLUMNS} FROM schedules WHERE enabled AND next_run_at <= %s
              AND NOT EXISTS (SELECT 1 FROM organizations o
                              WHERE o.id = schedules.organization_id AND o.suspended_at IS NOT NULL)
            ORDER BY next_run_at LIMIT 1 FOR UPDATE OF schedules SKIP LOCKED""",
        [now],
    )
    if schedule is None:
        return None
    try:
        next_run_at = _next_run(schedule.cron, schedule.timezone, enabled=True, now=now)
        async with conn.transaction():  # a savepoint: what a refused job has written goes, the slot stays run
            job = await _submit(conn, schedule, now)
    except CallerError as error:
        following = None if _names_time(error) else next_run_at
        await _record(conn, schedule, next_run_at=following, job_id=None, error=error, now=now)
        await webhooks.emit(conn, schedule.project_id, schedule.id, [_failure(schedule, error, following)])
    else:
        await _record(conn, schedule, next_run_at=next_run_at, job_id=job.id, error=None, now=now)
    return schedule


def _names_time(error: CallerError) -> bool:
    """Whether the schedule itself is what can't be read: zones are renamed, rules of a later release may be stricter."""
    return isinstance(error, InvalidInputError) and any(d.field in {"cron", "timezone"} for d in error.details)


def _failure(schedule: Schedule, error: CallerError, next_run_at: datetime | None) -> Event:
    data = {
        "scheduleId": schedule.id,
        "projectId": schedule.project_id,
        "slot": stamp(schedule.next_run_at) if schedule.next_run_at else None,
        "error": {"code": error.code, "message": error.message},
        "nextRunAt": stamp(next_run_at) if next_run_at else None,
    }
    return Event(EventType.SCHEDULE_FAILED, data)


async def _submit(conn: Conn, schedule: Schedule, now: datetime) -> Job:
    config = JobConfig.model_validate(schedule.config)
    on_invalid = OnInvalid(schedule.on_invalid)
    planned = job_plan.plan_targets(JobType(schedule.type), schedule.targets, config, on_invalid=on_invalid)
    return await jobs.submit(
        conn,
        Principal(schedule.organization_id, project_id=schedule.project_id),
        schedule.project_id,
        kind=JobType(schedule.type),
        targets=planned,
        config=schedule.config,
        now=now,
    )


async def _record(
    conn: Conn,
    schedule: Schedule,
    *,
    next_run_at: datetime | None,
    job_id: str | None,
    error: CallerError | None,
    now: datetime,
) -> None:
    await conn.execute(
        """UPDATE schedules SET enabled = %(next)s::timestamptz IS NOT NULL, next_run_at = %(next)s,
               last_run_at = %(now)s, last_job_id = coalesce(%(job_id)s, last_job_id), last_error = %(error)s,
               updated_at = now()
           WHERE organization_id = %(organization_id)s AND id = %(id)s""",
        {
            "next": next_run_at,
            "now": now,
            "job_id": job_id,
            "error": None if error is None else error.message,
            "organization_id": schedule.organization_id,
            "id": schedule.id,
        },
    )
