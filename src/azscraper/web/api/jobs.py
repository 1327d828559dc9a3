"""Jobs, their targets, their rows and their files over HTTP."""

import asyncio
from typing import Annotated, Any, Literal

import orjson
from fastapi import APIRouter, Query, Request, Response

from azscraper.errors import RateLimitedError, UnavailableError
from azscraper.jobs import jobs, labels, options, plan, reparses, targets
from azscraper.jobs.jobs import TARGETS_SHOWN, Job, Label
from azscraper.jobs.labels import Filter
from azscraper.jobs.targets import Target, TargetStatus
from azscraper.kinds.registry import find_kind
from azscraper.results import formats, stored, summaries
from azscraper.store.db import Conn, transaction
from azscraper.tenants.principal import Principal
from azscraper.web import waiting
from azscraper.web.api.results import cursor_of
from azscraper.web.deps import KeyCaller, Limit, LongLimit, NameText, Offset, Services, ServicesDep, TagText, errors
from azscraper.web.guards.limits import MAX_BODY_BYTES, StrictJson, takes
from azscraper.web.once import OnceDep
from azscraper.web.warnings import warn
from azscraper.wire.base import Moment, Open
from azscraper.wire.crawls import NewJob
from azscraper.wire.envelopes import Envelope, ListEnvelope, Meta, listed
from azscraper.wire.jobs import (
    FinishedJob,
    FinishedMeta,
    JobBrief,
    JobOut,
    SummaryOut,
    TargetBrief,
    TargetError,
    TargetOut,
)
from azscraper.wire.requests import JobChange
from azscraper.words import JobStatus, JobType

router = APIRouter(tags=["jobs"], route_class=StrictJson)

_Cursor = Annotated[str | None, Query(max_length=40, pattern=r"^\d{1,9}(\.\d{1,9})?$")]


@router.post(
    "/projects/{project_id}/jobs",
    status_code=201,
    operation_id="createJob",
    response_model=Envelope[JobOut],
    responses=errors(400, 401, 402, 403, 404, 409, 413)
    | {200: {"model": FinishedJob, "description": "The job was over within waitSeconds"}},
)
@takes(MAX_BODY_BYTES)
async def create_job(
    *, request: Request, project_id: str, body: NewJob, caller: KeyCaller, services: ServicesDep, once: OnceDep
) -> Response:
    """Create a crawl job. It is queued and safely stored when you get the response.

    With waitSeconds the response waits for its end. A job that is over by then is 200, with its first 1,000 rows; else it runs on
    and the response is 201. A request that is sent again with the same idempotency key waits for the same job.

    `meta.warnings` names options that have no effect.
    """
    config = plan.checked(body.type, body.config)
    warn(request, options.without_effect(body.type, config.as_sent, body.targets))
    # 100,000 targets take a second: others must not wait for it
    planned = await asyncio.to_thread(
        plan.plan_targets, body.type, body.targets, body.config, on_invalid=body.on_invalid
    )
    async with transaction(services.pool) as conn:
        if (answer := await once.answered(conn)) is None:
            job = await jobs.submit(
                conn,
                caller,
                project_id,
                kind=find_kind(body.type),
                targets=planned,
                config=config,
                now=services.clock(),
                label=Label(body.name, tuple(body.tags)),
            )
            answer = await once.answer(conn, await with_targets(conn, job), exclude_none=True)
    return await _waited(services, caller, answer, body.wait_seconds) if body.wait_seconds else answer


async def _waited(services: Services, caller: Principal, answer: Response, seconds: int) -> Response:
    """The answer with the job's end and its rows, if it comes in time; where too many wait already, or nobody can look, as it is."""
    job_id = orjson.loads(answer.body)["data"]["id"]
    try:
        job = await waiting.until_over(services, caller, job_id, seconds=seconds)
    except (RateLimitedError, UnavailableError):
        return answer
    if not job.is_over:
        return answer
    async with transaction(services.pool) as conn:
        await stored.snapshot(conn)
        data = await with_targets(conn, job)
        first = await stored.first_batch(conn, job_id)
    rows = stored.Rows(services.pool, job_id, limit=stored.PAGE_ROWS, first=first)
    body = data.model_dump_json(by_alias=True, exclude_none=True).encode()[:-1] + b',"rows":'
    async for block in formats.json_array(rows):
        body += block
    meta = FinishedMeta(total=job.result_count, next_cursor=cursor_of(rows))
    body += b',"meta":' + meta.model_dump_json(by_alias=True).encode() + b"}"
    return Response(body, 200, {**answer.headers, "content-length": str(len(body))}, "application/json")


@router.get(
    "/projects/{project_id}/jobs",
    operation_id="listJobs",
    responses=errors(400, 401, 404),
    response_model_exclude_none=True,
)
async def list_jobs(
    *,
    project_id: str,
    caller: KeyCaller,
    services: ServicesDep,
    status: JobStatus | None = None,
    type: Open[JobType] | None = None,  # noqa: A002 - the parameter's name on the wire
    q: NameText = "",
    tag: TagText = None,
    created_after: Annotated[Moment | None, Query(alias="createdAfter", description="Or then, in ISO 8601")] = None,
    created_before: Annotated[Moment | None, Query(alias="createdBefore", description="Not then")] = None,
    limit: Limit = 20,
    offset: Offset = 0,
) -> ListEnvelope[JobBrief]:
    """A project's jobs, newest first, without their targets; limit is capped at 100."""
    kind = type and find_kind(type).name
    wanted = Filter(status, kind, q, tag, created_after, created_before)
    async with transaction(services.pool) as conn:
        page = await labels.find_slice(conn, caller, project_id, wanted, limit=limit, offset=offset)
    return listed(JobBrief, page, limit=limit, offset=offset)


@router.get("/jobs/{job_id}", operation_id="getJob", responses=errors(401, 404), response_model_exclude_none=True)
async def get_job(job_id: str, caller: KeyCaller, services: ServicesDep) -> Envelope[JobOut]:
    """A job with its progress and its first 1,000 targets."""
    async with transaction(services.pool) as conn:
        return await with_targets(conn, await jobs.get(conn, caller, job_id))


@router.patch(
    "/jobs/{job_id}", operation_id="changeJob", responses=errors(400, 401, 404), response_model_exclude_none=True
)
async def change_job(job_id: str, body: JobChange, caller: KeyCaller, services: ServicesDep) -> Envelope[JobOut]:
    """Give a job another name or other tags."""
    async with transaction(services.pool) as conn:
        return await with_targets(conn, await labels.change(conn, caller, job_id, name=body.name, tags=body.tags))


@router.get("/jobs/{job_id}/targets", operation_id="listTargets", responses=errors(400, 401, 404))
async def list_targets(
    *,
    job_id: str,
    caller: KeyCaller,
    services: ServicesDep,
    status: TargetStatus | None = None,
    limit: LongLimit = 100,
    cursor: _Cursor = None,
) -> ListEnvelope[TargetOut]:
    """Every target with its status, tries and error; limit is capped at 1,000."""
    after = int(cursor.split(".")[0]) if cursor else -1
    async with transaction(services.pool) as conn:
        job = await jobs.get_kept(conn, caller, job_id)
        found = await targets.find_slice(conn, job_id, status=status, after=after, limit=limit + 1)
        coverage = await summaries.coverages(conn, job_id, [target.ordinal for target in found])
    more = str(found[limit - 1].ordinal) if len(found) > limit else None
    meta = Meta(total=_count(job, status), limit=limit, next_cursor=more)
    return ListEnvelope(data=[_target(one, job.type, coverage.get(one.ordinal)) for one in found[:limit]], meta=meta)


def _target(target: Target, job_type: str, coverage: dict[str, Any] | None) -> TargetOut:
    error = None
    if target.error_code is not None and target.status != "success":
        error = TargetError(code=target.error_code, message=target.error_message or "")
    return TargetOut.of(target, error=error, coverage=coverage, type=target.kind or job_type)


@router.get("/jobs/{job_id}/summaries", operation_id="listSummaries", responses=errors(400, 401, 404))
async def list_summaries(
    *, job_id: str, caller: KeyCaller, services: ServicesDep, limit: LongLimit = 100, cursor: _Cursor = None
) -> ListEnvelope[SummaryOut]:
    """What the pages of each target say about themselves, in target order; limit is capped at 1,000.

    Targets without a summary are left out: those that failed, and those of kinds that have none. Where a kind has a summary
    for each page, it is that of the first page.
    """
    after = int(cursor.split(".")[0]) if cursor else -1
    async with transaction(services.pool) as conn:
        await jobs.get_kept(conn, caller, job_id)
        found = await summaries.find_slice(conn, job_id, after=after, limit=limit + 1)
        total = await summaries.count(conn, job_id)
    more = str(found[limit - 1].ordinal) if len(found) > limit else None
    data = [SummaryOut.of(one) for one in found[:limit]]
    return ListEnvelope(data=data, meta=Meta(total=total, limit=limit, next_cursor=more))


def _count(job: Job, status: TargetStatus | None) -> int:
    """How many targets the whole list has."""
    counts = {
        None: job.total,
        TargetStatus.PENDING: job.pending,
        TargetStatus.RUNNING: job.running,
        TargetStatus.SUCCESS: job.succeeded,
        TargetStatus.FAILED: job.failed,
        TargetStatus.CANCELLED: job.cancelled,
    }
    return counts[status]


@router.post(
    "/jobs/{job_id}/retry",
    status_code=201,
    operation_id="retryJob",
    response_model=Envelope[JobOut],
    responses=errors(400, 401, 402, 403, 404, 409),
)
async def retry_job(
    *, job_id: str, caller: KeyCaller, services: ServicesDep, once: OnceDep, only: Literal["failed"] | None = None
) -> Response:
    """A new queued job with the same type, config and targets; only=failed takes the failed ones, without invalid."""
    async with transaction(services.pool) as conn:
        if (answer := await once.answered(conn)) is not None:
            return answer
        job = await jobs.retry(conn, caller, job_id, only_failed=only == "failed", now=services.clock())
        return await once.answer(conn, await with_targets(conn, job), exclude_none=True)


@router.post(
    "/jobs/{job_id}/reparse",
    status_code=201,
    operation_id="reparseJob",
    response_model=Envelope[JobOut],
    responses=errors(400, 401, 404, 409, 429),
)
async def reparse_job(*, job_id: str, caller: KeyCaller, services: ServicesDep, once: OnceDep) -> Response:
    """A new queued job with the same targets, which reads the archived pages of this one again and fetches nothing.

    This job and its rows stay as they are. Costs neither quota nor credits; one at a time, and three per day.
    """
    async with transaction(services.pool) as conn:
        if (answer := await once.answered(conn)) is not None:
            return answer
        job = await reparses.reparse(conn, caller, job_id, now=services.clock())
        return await once.answer(conn, await with_targets(conn, job), exclude_none=True)


@router.post(
    "/jobs/{job_id}/cancel",
    operation_id="cancelJob",
    responses=errors(401, 404, 409),
    response_model_exclude_none=True,
)
async def cancel_job(job_id: str, caller: KeyCaller, services: ServicesDep) -> Envelope[JobOut]:
    """Cancel a job: waiting targets stop at once, running ones within two seconds. Stored rows stay."""
    async with transaction(services.pool) as conn:
        return await with_targets(conn, await jobs.cancel(conn, caller, job_id))


async def with_targets(conn: Conn, job: Job) -> Envelope[JobOut]:
    """The job with its first targets."""
    found = await targets.find_slice(conn, job.id, status=None, after=-1, limit=TARGETS_SHOWN)
    brief = [TargetBrief.of(target) for target in found]
    return Envelope(data=JobOut.of(job, targets=brief))
