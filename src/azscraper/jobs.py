"""Jobs: what a caller asks for. Submit, look up, list, retry, cancel. What happens to targets is in ``targets``."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any, Literal, LiteralString

import orjson
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, field_validator, model_validator
from pydantic.alias_generators import to_camel

from azscraper import audit, credits, marketplaces, plans, projects, queue, turns, webhooks
from azscraper.audit import Action
from azscraper.db import Conn, fetch_all, fetch_one
from azscraper.errors import ConflictError, Detail, InvalidInputError, NotFoundError
from azscraper.ids import new_id, require_id
from azscraper.principal import Principal
from azscraper.webhooks import Event, EventType

CHUNK_SIZE = 25
"""Targets that a worker claims at once (architecture: The walk)."""
LANES = 4
"""Chunks of one job that are in the queue at a time: a large job can't starve a small one."""
TARGETS_SHOWN = 1000
"""Targets that ``GET /jobs/:id`` carries; the rest is behind its targets route."""


class JobType(StrEnum):
    """What the targets are: keywords or products."""

    SEARCH = "search"
    DETAILS = "details"


class JobStatus(StrEnum):
    """Where a job stands."""

    QUEUED = "queued"
    RUNNING = "running"
    COMPLETED = "completed"
    """Every target ended and at least one succeeded."""
    FAILED = "failed"
    """Every target ended and none succeeded."""
    CANCELLED = "cancelled"


def _whole(value: object) -> object:
    """2.0 is an integer in JSON Schema; "2" and true are none."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


class JobConfig(BaseModel):
    """How to crawl. Unknown keys are kept and returned."""

    model_config = ConfigDict(
        frozen=True, extra="allow", alias_generator=to_camel, populate_by_name=True, use_attribute_docstrings=True
    )

    lang: Annotated[str, Field(pattern=r"^[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8})*$")] | None = None
    """Language to ask for, BCP 47."""
    marketplace: Annotated[str, Field(json_schema_extra={"format": "amazon-marketplace"})] | None = None
    """Host or country code; www.amazon.com when left out."""
    pages: Annotated[int, Field(ge=1, le=20, strict=True), BeforeValidator(_whole)] | None = None
    """Search: result pages a keyword."""
    sort: str | None = None
    """Search: price-asc, price-desc, reviews, newest, bestsellers, or the marketplace's own sort key."""
    min_price: Annotated[float, Field(ge=0, allow_inf_nan=False, strict=True)] | None = None
    """Search: in the marketplace's currency."""
    max_price: Annotated[float, Field(ge=0, allow_inf_nan=False, strict=True)] | None = None
    """Search: in the marketplace's currency."""
    category: str | None = None
    """Search: the search alias, for example ``electronics``."""
    currency: Annotated[str, Field(pattern="^[A-Z]{3}$")] | None = None
    """ISO 4217: asks the marketplace to show prices in it."""
    postal_code: str | None = None
    """Reserved: kept and returned. Prices are those of the place that the marketplace takes the crawler to be at."""
    variant: Literal["as-given", "auto"] | None = None
    """Details: ``auto`` asks for the selected variant's own price (th=1&psc=1)."""
    max_age: Annotated[int, Field(ge=0, strict=True), BeforeValidator(_whole)] | None = None
    """Seconds: a page that the organization has had so lately is used again instead of fetched."""
    max_retries: Annotated[int, Field(ge=0, le=20, strict=True), BeforeValidator(_whole)] | None = None
    """Tries after the first; the server's setting when left out."""
    weight: Annotated[int, Field(ge=1, le=10, strict=True), BeforeValidator(_whole)] | None = None
    """Share of the crawl beside the organization's other jobs: 2 gets twice what 1 gets, which is the default."""

    @model_validator(mode="before")
    @classmethod
    def _storable(cls, data: object) -> object:
        if _has_nul(data):
            raise ValueError("must not hold NUL characters")
        return data

    @field_validator("marketplace")
    @classmethod
    def _known(cls, value: str | None) -> str | None:
        if value is not None:
            try:
                marketplaces.find(value)
            except InvalidInputError as exc:
                raise ValueError(exc.message) from exc
        return value


def _has_nul(value: object) -> bool:
    """PostgreSQL can't give a NUL back out of JSON."""
    if isinstance(value, dict):
        return any(_has_nul(part) for item in value.items() for part in item)
    if isinstance(value, list):
        return any(_has_nul(part) for part in value)
    return isinstance(value, str) and "\x00" in value


@dataclass(frozen=True, slots=True)
class PlannedTarget:
    """A target that was checked."""

    value: str
    """As sent."""
    marketplace: str
    """Host."""
    asin: str | None
    """Of a details target."""


@dataclass(frozen=True, slots=True)
class Job:
    """A job's row, without its targets."""

    id: str
    organization_id: str
    project_id: str
    type: JobType
    status: JobStatus
    config: dict[str, Any]
    total: int
    pending: int
    running: int
    succeeded: int
    failed: int
    cancelled: int
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

    @property
    def is_over(self) -> bool:
        """Whether nothing more will happen to it."""
        return self.status not in {JobStatus.QUEUED, JobStatus.RUNNING}


@dataclass(frozen=True, slots=True)
class Page:
    """A slice of a list, and how long the whole is."""

    jobs: list[Job]
    total: int


COLUMNS: LiteralString = """id, organization_id, project_id, type, status, config, total, pending, running, succeeded,
    failed, cancelled, result_count, result_set_id, error_code, error_message, created_at, updated_at, started_at,
    completed_at, revision, reparse_of, pruned_at"""
"""Of a Job."""


def plan_targets(kind: JobType, values: Sequence[str], config: JobConfig) -> list[PlannedTarget]:
    """Check the targets and keep each once, in first order.

    Raises InvalidInputError naming the index of the first target that does not resolve.
    """
    default = marketplaces.find(config.marketplace or "www.amazon.com")
    planned: dict[tuple[str, str], PlannedTarget] = {}
    for index, value in enumerate(values):
        target = _plan(kind, value, default, index)
        planned.setdefault((target.marketplace, target.asin or target.value.strip()), target)
    return list(planned.values())


def _plan(kind: JobType, value: str, default: marketplaces.Marketplace, index: int) -> PlannedTarget:
    if not value.strip():
        raise _bad_target(index, "is empty")
    if kind is JobType.SEARCH:
        return PlannedTarget(value, default.host, None)
    try:
        resolved = marketplaces.resolve_target(value, default)
    except InvalidInputError as exc:
        raise _bad_target(index, exc.message) from exc
    return PlannedTarget(value, resolved.marketplace.host, resolved.asin)


def _bad_target(index: int, message: str) -> InvalidInputError:
    field = f"targets.{index}"
    return InvalidInputError(f"{field}: {message}", [Detail(field, message)])


async def submit(
    conn: Conn,
    principal: Principal,
    project_id: str,
    *,
    kind: JobType,
    targets: Sequence[PlannedTarget],
    config: dict[str, Any],
    now: datetime,
) -> Job:
    """Store a job, its targets and its first tasks; charge plan and credits. All in the caller's transaction.

    Raises NotFoundError, ConflictError for an archived project, QuotaExceededError, InsufficientCreditsError.
    """
    job = await _store(conn, principal, project_id, kind=kind, targets=targets, config=config, now=now)
    await audit.record(conn, principal, Action.JOB_CREATED, job.id, details=summary(job))
    return job


def summary(job: Job) -> dict[str, object]:
    """What the audit says of a new job."""
    return {"projectId": job.project_id, "type": job.type, "targets": job.total}


async def _store(
    conn: Conn,
    principal: Principal,
    project_id: str,
    *,
    kind: JobType,
    targets: Sequence[PlannedTarget],
    config: dict[str, Any],
    now: datetime,
) -> Job:
    await projects.require_open(conn, principal, project_id)
    await plans.charge_job(conn, principal.organization_id, targets=len(targets), now=now)
    lanes = lanes_of(len(targets))
    job = await fetch_one(
        conn,
        Job,
        f"""INSERT INTO jobs (id, organization_id, project_id, type, config, total, pending, lane_runs)
            VALUES (%s, %s, %s, %s, %s, %s, %s, %s) RETURNING {COLUMNS}""",
        [
            new_id(),
            principal.organization_id,
            project_id,
            kind,
            orjson.dumps(config).decode(),
            len(targets),
            len(targets),
            [0] * lanes,
        ],
    )
    assert job is not None  # noqa: S101 - RETURNING gives the row
    await credits.reserve(conn, principal.organization_id, job_id=job.id, job_type=kind, targets=len(targets))
    await _copy_targets(conn, job.id, targets)
    await begin(conn, job)
    return job


async def begin(conn: Conn, job: Job) -> None:
    """Put the first chunks of a new job into the queue."""
    pages_each = 1 if job.type is JobType.DETAILS else job.config.get("pages") or 1
    fetches = min(CHUNK_SIZE, job.total) * pages_each
    await turns.begin(
        conn,
        job.organization_id,
        job.id,
        config=job.config,
        lanes=lanes_of(job.total),
        fetches=fetches,
        reparses=job.reparse_of is not None,
    )


def lanes_of(targets: int) -> int:
    """Lanes of a job with so many targets."""
    return min(LANES, -(-targets // CHUNK_SIZE))


async def _copy_targets(conn: Conn, job_id: str, targets: Iterable[PlannedTarget]) -> None:
    sql = "COPY targets (job_id, ordinal, value, marketplace, asin) FROM STDIN"
    async with conn.cursor() as cursor, cursor.copy(sql) as copy:
        for ordinal, target in enumerate(targets):
            await copy.write_row((job_id, ordinal, target.value, target.marketplace, target.asin))


async def get(conn: Conn, principal: Principal, job_id: str) -> Job:
    """The job. Raises NotFoundError when the principal reaches none of that id."""
    require_id(job_id, "Job")
    job = await fetch_one(
        conn,
        Job,
        f"""SELECT {COLUMNS} FROM jobs
            WHERE organization_id = %s AND id = %s AND project_id = coalesce(%s, project_id)""",
        [principal.organization_id, job_id, principal.project_id],
    )
    if job is None:
        raise NotFoundError("Job not found")
    return job


async def get_kept(conn: Conn, principal: Principal, job_id: str) -> Job:
    """The job, for whoever wants its targets or rows. Raises NotFoundError also when they were removed with age."""
    job = await get(conn, principal, job_id)
    if job.pruned_at is not None:
        raise NotFoundError(
            f"The targets and rows of this job were removed on {job.pruned_at:%Y-%m-%d}, as old ones are here; its counters stay"
        )
    return job


async def find_page(
    conn: Conn,
    principal: Principal,
    project_id: str,
    *,
    status: JobStatus | None,
    kind: JobType | None,
    limit: int,
    offset: int,
) -> Page:
    """A project's jobs, newest first. Raises NotFoundError when the principal reaches no such project."""
    await projects.get(conn, principal, project_id)
    where: LiteralString = """organization_id = %(organization_id)s AND project_id = %(project_id)s
        AND (%(status)s::text IS NULL OR status = %(status)s) AND (%(type)s::text IS NULL OR type = %(type)s)"""
    params = {
        "organization_id": principal.organization_id,
        "project_id": project_id,
        "status": status,
        "type": kind,
    }
    rows = await fetch_all(
        conn,
        Job,
        f"SELECT {COLUMNS} FROM jobs WHERE {where} ORDER BY id DESC LIMIT %(limit)s OFFSET %(offset)s",
        {**params, "limit": limit, "offset": offset},
    )
    cursor = await conn.execute(f"SELECT count(*) FROM jobs WHERE {where}", params)
    total = await cursor.fetchone()
    return Page(rows, total[0] if total else 0)


async def retry(conn: Conn, principal: Principal, job_id: str, *, only_failed: bool, now: datetime) -> Job:
    """A new queued job with the same type, config and targets, or only the targets that failed.

    Raises NotFoundError, ConflictError when no target failed, and what ``submit`` raises.
    """
    job = await get_kept(conn, principal, job_id)
    targets = await fetch_all(
        conn,
        PlannedTarget,
        """SELECT value, marketplace, asin FROM targets
           WHERE job_id = %s AND (status = 'failed' OR NOT %s) ORDER BY ordinal""",
        [job_id, only_failed],
    )
    if not targets:
        raise ConflictError("No target of this job failed")
    again = await _store(conn, principal, job.project_id, kind=job.type, targets=targets, config=job.config, now=now)
    details = {**summary(again), "retryOf": job_id, "onlyFailed": only_failed}
    await audit.record(conn, principal, Action.JOB_RETRIED, again.id, details=details)
    return again


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
    await audit.record(conn, principal, Action.JOB_CANCELLED, job_id, details=details)
    cancelled = await get(conn, principal, job_id)
    await webhooks.emit(conn, job.project_id, job_id, [event(EventType.JOB_CANCELLED, cancelled)])
    return cancelled


def event(kind: EventType, job: Job) -> Event:
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
    return Event(kind, data)


async def find(conn: Conn, job_id: str) -> Job | None:
    """The job of whatever organization: for the operator, never for a caller."""
    return await fetch_one(conn, Job, f"SELECT {COLUMNS} FROM jobs WHERE id = %s", [job_id])
