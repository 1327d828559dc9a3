"""Schedules: what to crawl again and again, and when. (``schedule_runs`` runs those that are due.)"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import LiteralString

import orjson

from azscraper.errors import ConflictError, InvalidInputError
from azscraper.ids import new_id
from azscraper.store.db import Conn, columns_of, count_rows, fetch_all, fetch_existing, like, look_up
from azscraper.tenants import audit, projects
from azscraper.tenants.audit import Action
from azscraper.tenants.principal import Principal
from azscraper.tracking.cron import next_runs
from azscraper.wire.admin import ScheduleBrief
from azscraper.wire.crawls import JobConfig
from azscraper.words import OnInvalid

MOST_PER_PROJECT = 100
"""So that the list of a project's schedules needs no pages."""


@dataclass(frozen=True, slots=True)
class CrawlConfig:
    """The job to submit."""

    type: str
    targets: Sequence[str]
    """As sent; checked by ``plan.plan_targets`` before they come here."""
    config: JobConfig
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
    type: str
    targets: list[str]
    config: JobConfig
    on_invalid: OnInvalid
    name: str | None
    """What people call it, and the jobs that it posts."""
    tags: list[str]
    """Of it, and of the jobs that it posts."""
    next_run_at: datetime | None
    """None when it is not enabled."""
    last_run_at: datetime | None
    """When it ran last, whether or not that brought a job."""
    last_job_id: str | None
    last_error: str | None
    """Why the last run brought no job; None when it brought one."""
    failures: int
    """Runs in a row that brought no job."""
    created_at: datetime
    updated_at: datetime

    @property
    def crawl_config(self) -> CrawlConfig:
        """The job that it submits."""
        return CrawlConfig(self.type, self.targets, self.config, self.on_invalid)


COLUMNS = columns_of(Schedule)
_IS_REACHED: LiteralString = "organization_id = %s AND id = %s AND project_id = coalesce(%s, project_id)"


async def create(
    conn: Conn,
    principal: Principal,
    project_id: str,
    *,
    cron: str,
    timezone: str,
    enabled: bool,
    crawl: CrawlConfig,
    name: str | None = None,
    tags: Sequence[str] = (),
    now: datetime,
) -> Schedule:
    """A new schedule. Raises NotFoundError, InvalidInputError for ``cron`` or ``timezone``.

    ConflictError when the project is archived or has 100 schedules.
    """
    await projects.lock_open(conn, principal, project_id)
    sql: LiteralString = "SELECT count(*) FROM schedules WHERE organization_id = %s AND project_id = %s"
    if await count_rows(conn, sql, [principal.organization_id, project_id]) >= MOST_PER_PROJECT:
        raise ConflictError(f"A project has at most {MOST_PER_PROJECT} schedules; delete one that you no longer need")
    schedule = await fetch_existing(
        conn,
        Schedule,
        f"""INSERT INTO schedules
                (id, organization_id, project_id, cron, timezone, enabled, type, targets, config, on_invalid, name, tags,
                 next_run_at)
            VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, nullif(%s, ''), %s, %s) RETURNING {COLUMNS}""",
        [
            new_id(),
            principal.organization_id,
            project_id,
            cron,
            timezone,
            enabled,
            crawl.type,
            list(crawl.targets),
            orjson.dumps(crawl.config.as_sent).decode(),
            crawl.on_invalid,
            name,
            list(tags),
            _next_run(cron, timezone, enabled=enabled, now=now),
        ],
    )
    details = {"projectId": project_id, "after": _facts(schedule)}
    await audit.note(conn, principal, Action.SCHEDULE_CREATED, schedule.id, details=details)
    return schedule


def _facts(schedule: Schedule) -> dict[str, object]:
    """What the audit tells: of the targets only how many."""
    return {
        "cron": schedule.cron,
        "timezone": schedule.timezone,
        "enabled": schedule.enabled,
        "type": schedule.type,
        "targets": len(schedule.targets),
        "config": schedule.config.as_sent,
        "onInvalid": schedule.on_invalid,
        "name": schedule.name,
        "tags": schedule.tags,
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


async def find_all(
    conn: Conn, principal: Principal, project_id: str, *, text: str = "", tag: str | None = None
) -> list[Schedule]:
    """The project's schedules, newest first; ``text`` is in the name, whatever the case, or begins the id.

    Raises NotFoundError when the organization has no such project.
    """
    await projects.get(conn, principal, project_id)
    return await fetch_all(
        conn,
        Schedule,
        f"""SELECT {COLUMNS} FROM schedules WHERE organization_id = %(organization_id)s AND project_id = %(project_id)s
              AND (%(text)s = '' OR name ILIKE %(pattern)s OR starts_with(id, %(text)s))
              AND (%(tag)s::text IS NULL OR tags @> ARRAY[%(tag)s]::text[])
            ORDER BY id DESC""",
        {
            "organization_id": principal.organization_id,
            "project_id": project_id,
            "text": text,
            "pattern": like(text),
            "tag": tag,
        },
    )


async def find_of_organization(conn: Conn, organization_id: str, *, limit: int) -> list[ScheduleBrief]:
    """An organization's schedules in all its projects, newest first: for the operator, never for a caller."""
    return await fetch_all(
        conn,
        ScheduleBrief,
        """SELECT id, project_id, cron, timezone, enabled, type, cardinality(targets) AS targets, next_run_at, last_run_at
           FROM schedules WHERE organization_id = %s ORDER BY id DESC LIMIT %s""",
        [organization_id, limit],
    )


async def get(conn: Conn, principal: Principal, schedule_id: str) -> Schedule:
    """The schedule. Raises NotFoundError when the organization has none of that id."""
    return await _one(conn, f"SELECT {COLUMNS} FROM schedules WHERE {_IS_REACHED}", principal, schedule_id)


async def _one(conn: Conn, sql: LiteralString, principal: Principal, schedule_id: str) -> Schedule:
    params = [principal.organization_id, schedule_id, principal.project_id]
    return await look_up(conn, Schedule, sql, params, what="Schedule", named=schedule_id)


async def change(
    conn: Conn,
    principal: Principal,
    schedule_id: str,
    *,
    cron: str | None,
    timezone: str | None,
    enabled: bool | None,
    crawl: CrawlConfig | None,
    name: str | None = None,
    tags: Sequence[str] | None = None,
    now: datetime,
) -> Schedule:
    """Change what is not None; an empty name takes it away. Another time or zone, or switching on, counts the next run from ``now``.

    Raises NotFoundError, and InvalidInputError for ``cron`` or ``timezone``.
    """
    old = await _one(conn, f"SELECT {COLUMNS} FROM schedules WHERE {_IS_REACHED} FOR UPDATE", principal, schedule_id)
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
               config = %s, on_invalid = %s, name = nullif(%s, ''), tags = %s, failures = 0, updated_at = now()
           WHERE organization_id = %s AND id = %s""",
        [
            *when,
            next_run_at,
            crawl.type,
            list(crawl.targets),
            orjson.dumps(crawl.config.as_sent).decode(),
            crawl.on_invalid,
            old.name if name is None else name,
            old.tags if tags is None else list(tags),
            principal.organization_id,
            schedule_id,
        ],
    )
    new = await get(conn, principal, schedule_id)
    details = {"projectId": new.project_id, **audit.changes(_facts(old), _facts(new))}
    await audit.note(conn, principal, Action.SCHEDULE_CHANGED, schedule_id, details=details)
    return new


async def delete(conn: Conn, principal: Principal, schedule_id: str) -> None:
    """Delete the schedule; its jobs stay. Raises NotFoundError."""
    gone = await _one(conn, f"DELETE FROM schedules WHERE {_IS_REACHED} RETURNING {COLUMNS}", principal, schedule_id)
    details = {"projectId": gone.project_id, "before": _facts(gone)}
    await audit.note(conn, principal, Action.SCHEDULE_DELETED, gone.id, details=details)
