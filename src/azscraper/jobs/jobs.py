"""Jobs: what a caller asks for. Submit, look up, list, retry, cancel. What happens to targets is in ``running``."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property, partial
from types import MappingProxyType
from typing import Any, LiteralString

import orjson

from azscraper.errors import ConflictError, NotFoundError
from azscraper.ids import new_id, require_id
from azscraper.jobs import dispatch, prices
from azscraper.jobs.dispatch import Turn
from azscraper.jobs.plan import PlannedTarget
from azscraper.kinds.kind import Kind
from azscraper.kinds.registry import find_kind
from azscraper.store import queue
from azscraper.store.db import Conn, fetch_all, fetch_one
from azscraper.store.sent import Later, Sent, send
from azscraper.tenants import audit, credits, plans, projects
from azscraper.tenants.audit import Action
from azscraper.tenants.principal import Principal
from azscraper.webhooks import endpoints
from azscraper.webhooks.endpoints import Event
from azscraper.wire.crawls import JobConfig
from azscraper.words import EventType, JobStatus, JobType

CHUNK_SIZE = 25
"""Targets that a worker claims at once (architecture: The walk)."""
LANES = 4
"""Chunks of one job that are in the queue at a time: a large job can't starve a small one."""
INVALID = "invalid"
"""The error code of what is no target."""
_MANY_TARGETS = 10_000
"""To store more takes as long as it takes."""
TARGETS_SHOWN = 1000
"""Targets that ``GET /jobs/:id`` carries; the rest is behind its targets route."""


_COUNTERS = ("total", "pending", "running", "succeeded", "failed", "cancelled")


@dataclass(frozen=True, slots=True)
class Label:
    """What people call a job, and what posts it."""

    name: str | None = None
    tags: tuple[str, ...] = ()
    schedule_id: str | None = None
    list_id: str | None = None


NO_LABEL = Label()
NO_DETAILS: Mapping[str, object] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Job:
    """A job's row, without its targets."""

    id: str
    organization_id: str
    project_id: str
    type: str
    status: JobStatus
    config: JobConfig
    total: int
    pending: int
    running: int
    succeeded: int
    failed: int
    cancelled: int
    invalid: int
    """Of those that failed: how many were no targets from the start."""
    result_count: int
    result_set_id: str | None
    error_code: str | None
    error_message: str | None
    created_at: datetime
    updated_at: datetime
    started_at: datetime | None
    completed_at: datetime | None
    revision: int
    """Grows with every change."""
    reparse_of: str | None = None
    """The job whose archived pages this one reads instead of fetching any."""
    pruned_at: datetime | None = None
    """When its targets and rows were removed because they were old."""
    name: str | None = None
    """What people call it."""
    tags: list[str] = field(default_factory=list)
    is_ask: bool = False
    """Whether somebody waits for it: it has a line of its own."""
    kinds: list[str] | None = None
    """Whose records its rows are, where these are several or not those of its type; the main one first."""

    @property
    def kind_names(self) -> list[str]:
        """Whose records its rows are."""
        return self.kinds or [self.type]

    @property
    def progress(self) -> dict[str, int]:
        """How many of its targets stand where."""
        return {name: getattr(self, name) for name in _COUNTERS}

    @property
    def error(self) -> dict[str, str] | None:
        """Code and message of a failed job."""
        return {"code": self.error_code, "message": self.error_message or ""} if self.error_code else None

    @property
    def bull_job_id(self) -> str:
        """The same id, under the name that older clients read."""
        return self.id

    @property
    def is_over(self) -> bool:
        """Whether nothing more will happen to it."""
        return self.status not in {JobStatus.QUEUED, JobStatus.RUNNING}


COLUMNS: LiteralString = """id, organization_id, project_id, type, status, config, total, pending, running, succeeded,
    failed, cancelled, invalid, result_count, result_set_id, error_code, error_message, created_at, updated_at, started_at,
    completed_at, revision, reparse_of, pruned_at, name, tags, is_ask, kinds"""
"""Of a Job."""


async def submit(
    conn: Conn,
    principal: Principal,
    project_id: str,
    *,
    kind: Kind[Any],
    targets: Sequence[PlannedTarget],
    config: JobConfig,
    now: datetime,
    label: Label = NO_LABEL,
    is_ask: bool = False,
) -> Job:
    """Store a job, its targets and its first tasks; charge plan and credits. All in the caller's transaction.

    Raises NotFoundError, ConflictError for an archived project, QuotaExceededError, InsufficientCreditsError.
    """
    new = NewJob(new_id(), kind, targets, config, label, is_ask)
    return await (await store(conn, principal, project_id, new, now=now))()


@dataclass(frozen=True)
class NewJob:
    """A job that is about to be stored."""

    id: str
    kind: Kind[Any]
    targets: Sequence[PlannedTarget]
    config: JobConfig
    label: Label = NO_LABEL
    is_ask: bool = False

    @cached_property
    def asked(self) -> Counter[str]:
        """How many of its targets are of which kind, without those that are none."""
        return Counter(target.kind or self.kind.name for target in self.targets if target.problem is None)

    @cached_property
    def kinds_of_rows(self) -> list[str] | None:
        """As a Job's ``kinds``."""
        return prices.kinds_of_rows(self.kind.name, self.asked, self.config)


async def store(
    conn: Conn,
    principal: Principal,
    project_id: str,
    new: NewJob,
    *,
    now: datetime,
    action: Action = Action.JOB_CREATED,
    details: Mapping[str, object] = NO_DETAILS,
) -> Later[Job]:
    """As ``submit``, with what else the audit is to say. The job may be read when the caller has nothing more to send."""
    opened = await projects.ask_whether_open(conn, principal, project_id)
    counted = sum(prices.counts_of(find_kind(name), new.config) * count for name, count in new.asked.items())
    charged = await plans.charge_job(conn, principal.organization_id, targets=counted, now=now)
    valid = new.asked.total()
    fetches = min(CHUNK_SIZE, valid) * prices.most_steps_of(new.kinds_of_rows or [new.kind.name], new.config)
    turned = await dispatch.first_turn(
        conn, principal.organization_id, weight=new.config.weight or 1, fetches=fetches, is_ask=new.is_ask
    )
    await opened()
    plan, turn = await charged(), await turned()
    sent = await _insert(conn, principal.organization_id, project_id, new, turn)
    price = prices.of_all(new.asked, new.config)
    await credits.reserve(conn, principal.organization_id, plan, job_id=new.id, price=price)
    await _store_targets(conn, new.id, new.kind, new.targets)
    queue = dispatch.queue_of(new.kind.name, reparses=False, is_ask=new.is_ask)
    await dispatch.begin(conn, new.id, turn, lanes=lanes_of(valid), fetches=fetches, queue=queue)
    if valid < len(new.targets):
        await endpoints.emit(conn, project_id, new.id, [_invalid(new.id, one) for one in new.targets if one.problem])
    details = {**summary(project_id, new.kind.name, len(new.targets)), **details}
    await audit.note(conn, principal, action, new.id, details=details)
    return sent.existing


def summary(project_id: str, job_type: str, targets: int) -> dict[str, object]:
    """What the audit says of a new job."""
    return {"projectId": project_id, "type": job_type, "targets": targets}


async def _insert(conn: Conn, organization_id: str, project_id: str, new: NewJob, turn: Turn) -> Sent[Job]:
    """An ask's beginning need not be told: nobody waits for it but who asked."""
    invalid = len(new.targets) - new.asked.total()
    return await send(
        conn,
        Job,
        f"""INSERT INTO jobs (id, organization_id, project_id, type, config, total, pending, failed, invalid, lane_runs,
                schedule_id, list_id, name, tags, is_ask, kinds, turn, next_turn, told_at)
            VALUES (%(id)s, %(organization_id)s, %(project_id)s, %(type)s, %(config)s, %(total)s, %(pending)s, %(invalid)s,
                %(invalid)s, %(lane_runs)s, %(schedule_id)s, %(list_id)s, %(name)s, %(tags)s, %(is_ask)s, %(kinds)s,
                %(turn)s, %(turn)s, CASE WHEN %(is_ask)s THEN now() END) RETURNING {COLUMNS}""",
        {
            "id": new.id,
            "organization_id": organization_id,
            "project_id": project_id,
            "type": new.kind.name,
            "config": orjson.dumps(new.config.as_sent).decode(),
            "total": len(new.targets),
            "pending": len(new.targets) - invalid,
            "invalid": invalid,
            "lane_runs": [0] * lanes_of(len(new.targets) - invalid),
            "schedule_id": new.label.schedule_id,
            "list_id": new.label.list_id,
            "name": new.label.name,
            "tags": list(new.label.tags),
            "is_ask": new.is_ask,
            "kinds": new.kinds_of_rows,
            "turn": turn.at,
        },
    )


def _invalid(job_id: str, target: PlannedTarget) -> Event:
    """What webhooks are told of a target that is none."""
    error = {"code": INVALID, "message": target.problem}
    data = {"jobId": job_id, "target": target.value, "error": error, "httpStatus": None, "attempts": 0}
    return Event(EventType.TARGET_FAILED, data)


def lanes_of(targets: int) -> int:
    """Lanes of a job with so many targets."""
    return min(LANES, -(-targets // CHUNK_SIZE))


_TARGET: LiteralString = "job_id, ordinal, value, marketplace, asin, key, kind, status, error_code, error_message"


async def _store_targets(conn: Conn, job_id: str, kind: Kind[Any], targets: Sequence[PlannedTarget]) -> None:
    rows = (_row(job_id, ordinal, kind, target) for ordinal, target in enumerate(targets))
    if len(targets) == 1:  # goes with the statements around it, as no COPY does
        await conn.execute(
            f"INSERT INTO targets ({_TARGET}) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)", next(rows)
        )
        return
    if len(targets) > _MANY_TARGETS:
        await conn.execute("SET LOCAL statement_timeout = 0")
    async with conn.cursor() as cursor, cursor.copy(f"COPY targets ({_TARGET}) FROM STDIN") as copy:
        for row in rows:
            await copy.write_row(row)


def _row(job_id: str, ordinal: int, kind: Kind[Any], target: PlannedTarget) -> tuple[str | int | None, ...]:
    """With what workers of the version before look for: products under their ASIN."""
    of = target.kind or kind.name
    names = (target.key if of == JobType.DETAILS else None, target.key, of)
    state = ("pending", None) if target.problem is None else ("failed", INVALID)
    return (job_id, ordinal, target.value, target.marketplace, *names, *state, target.problem)


async def get(conn: Conn, principal: Principal, job_id: str) -> Job:
    """The job. Raises NotFoundError when the principal reaches none of that id."""
    return await (await look_up(conn, principal, job_id))()


async def look_up(conn: Conn, principal: Principal, job_id: str) -> Later[Job]:
    """As ``get``, for who sends more before the answer is needed."""
    require_id(job_id, "Job")
    sent = await send(
        conn,
        Job,
        f"""SELECT {COLUMNS} FROM jobs
            WHERE organization_id = %s AND id = %s AND project_id = coalesce(%s, project_id)""",
        [principal.organization_id, job_id, principal.project_id],
    )
    return partial(sent.found, "Job")


async def get_kept(conn: Conn, principal: Principal, job_id: str) -> Job:
    """The job, for whoever wants its targets or rows. Raises NotFoundError also when they were removed with age."""
    job = await get(conn, principal, job_id)
    if job.pruned_at is not None:
        raise NotFoundError(
            f"The targets and rows of this job were removed on {job.pruned_at:%Y-%m-%d}, as old ones are here; its counters stay"
        )
    return job


HOPELESS = ("not_found", INVALID)
"""Error codes of targets that fail again whenever they are tried."""


async def retry(
    conn: Conn,
    principal: Principal,
    job_id: str,
    *,
    only_failed: bool,
    now: datetime,
    left_out: Sequence[str] = (INVALID,),
) -> Job:
    """A new queued job with the same type, config and targets, or only the failed targets, without those of some error codes.

    Targets that are none stay so. Raises NotFoundError, ConflictError when there is no such target, and what ``submit``
    raises.
    """
    job = await get_kept(conn, principal, job_id)
    targets = await fetch_all(
        conn,
        PlannedTarget,
        """SELECT value, marketplace, coalesce(key, asin) AS key, CASE WHEN error_code = %(invalid)s THEN error_message END AS problem,
               kind
           FROM targets WHERE job_id = %(job_id)s
             AND (NOT %(only)s OR status = 'failed' AND coalesce(error_code, '') <> ALL(%(left_out)s)) ORDER BY ordinal""",
        {"job_id": job_id, "only": only_failed, "invalid": INVALID, "left_out": list(left_out)},
    )
    if all(target.problem for target in targets):
        raise ConflictError("No target of this job failed in a way that another try can mend")
    new = NewJob(new_id(), find_kind(job.type), targets, job.config, Label(job.name, tuple(job.tags)))
    details = {"retryOf": job_id, "onlyFailed": only_failed}
    again = await store(conn, principal, job.project_id, new, now=now, action=Action.JOB_RETRIED, details=details)
    return await again()


async def cancel(conn: Conn, principal: Principal, job_id: str) -> Job:
    """Stop what waits and what runs; stored rows stay. Raises NotFoundError, and ConflictError when the job is over.

    A worker that is in the middle of a target is stopped once the caller's transaction commits; what it might still
    bring is refused by the target's row.
    """
    job = await get(conn, principal, job_id)
    locked = await conn.execute(
        "SELECT 1 FROM jobs WHERE organization_id = %s AND id = %s AND status IN ('queued', 'running') FOR UPDATE",
        [principal.organization_id, job_id],
    )
    if await locked.fetchone() is None:
        raise ConflictError(f"The job is already {job.status}")
    await conn.execute(
        "UPDATE targets SET status = 'cancelled' WHERE job_id = %s AND status IN ('pending', 'running')", [job_id]
    )
    await conn.execute("DELETE FROM waiting_targets WHERE job_id = %s", [job_id])
    await conn.execute("DELETE FROM lane_claims WHERE job_id = %s", [job_id])
    await conn.execute(
        """UPDATE jobs SET status = 'cancelled', cancelled = pending + running, pending = 0, running = 0,
               result_set_id = %s, completed_at = now(), updated_at = now() WHERE organization_id = %s AND id = %s""",
        [new_id(), principal.organization_id, job_id],
    )
    await credits.settle(conn, job_id)
    await queue.abort(conn, job_id)
    details = audit.changes({"status": job.status}, {"status": JobStatus.CANCELLED})
    await audit.note(conn, principal, Action.JOB_CANCELLED, job_id, details=details)
    cancelled = await get(conn, principal, job_id)
    await endpoints.emit(conn, job.project_id, job_id, [event(EventType.JOB_CANCELLED, cancelled)])
    return cancelled


def event(event_type: EventType, job: Job) -> Event:
    """What webhooks are told of a job: where it stands, not what it brought."""
    data: dict[str, Any] = {
        "jobId": job.id,
        "projectId": job.project_id,
        "type": job.type,
        "status": job.status,
        "total": job.total,
        "succeeded": job.succeeded,
        "failed": job.failed,
        "cancelled": job.cancelled,
        "resultCount": job.result_count,
    }
    if job.error_code is not None:
        data["error"] = {"code": job.error_code, "message": job.error_message}
    return Event(event_type, data)


async def find(conn: Conn, job_id: str) -> Job | None:
    """The job of whatever organization: for the operator, never for a caller."""
    return await fetch_one(conn, Job, f"SELECT {COLUMNS} FROM jobs WHERE id = %s", [job_id])
