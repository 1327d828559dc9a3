"""One target, answered in the response: a job of one target that is waited for."""

from time import monotonic

import orjson
from fastapi import APIRouter, Request, Response

from azscraper.clock import stamp
from azscraper.errors import (
    ConflictError,
    Detail,
    InvalidInputError,
    NotFoundError,
    RateLimitedError,
    ServiceError,
    TargetFailedError,
    TargetRefusedError,
    UnavailableError,
)
from azscraper.jobs import jobs, options, plan, targets
from azscraper.jobs.jobs import Job
from azscraper.jobs.plan import PlannedTarget
from azscraper.jobs.targets import Target, TargetStatus
from azscraper.kinds.registry import find_kind
from azscraper.results import formats, stored
from azscraper.store.db import Conn, transaction
from azscraper.tenants.principal import Principal
from azscraper.web import waiting
from azscraper.web.api.jobs import with_targets
from azscraper.web.deps import KeyCaller, Services, ServicesDep, errors
from azscraper.web.guards.limits import StrictJson
from azscraper.web.once import OnceDep
from azscraper.web.warnings import as_json, given, warn
from azscraper.wire.crawls import NewAsk
from azscraper.wire.envelopes import Envelope
from azscraper.wire.jobs import Asked, JobOut

router = APIRouter(tags=["jobs"], route_class=StrictJson)

_JOB_ID = "X-Job-Id"
_REFUSED = frozenset({"robots_disallowed", "sign_in_required"})


@router.post(
    "/projects/{project_id}/ask",
    operation_id="ask",
    response_model=Asked,
    responses=errors(400, 401, 402, 403, 404, 409, 413, 422, 502, 503)
    | {202: {"model": Envelope[JobOut], "description": "It takes longer than waitSeconds: the job goes on"}},
)
async def ask(
    *, request: Request, project_id: str, body: NewAsk, caller: KeyCaller, services: ServicesDep, once: OnceDep
) -> Response:
    """Fetch one target now, and answer with its rows.

    It is a job of one target, with the same quotas, credits, pace and history: X-Job-Id names it. What is not there within
    waitSeconds is 202 with the job, which goes on; the same request with the same Idempotency-Key waits for it again. A target
    that failed is an error: NOT_FOUND 404, TARGET_REFUSED 422 (robots.txt, sign-in), TARGET_FAILED 502, and UNAVAILABLE 503
    where the marketplace answered with robot checks; details says why.
    """
    began = monotonic()
    config = plan.checked(body.type, body.config)
    warn(request, options.without_effect(body.type, config.as_sent))
    planned = _planned(body)
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
            )
            answer = await once.answer(conn, await with_targets(conn, job), exclude_none=True)
    job_id = request.state.asked_job = orjson.loads(answer.body)["data"]["id"]
    job = await _ended(services, caller, job_id, body.wait_seconds)
    if not job.is_over:
        async with transaction(services.pool) as conn:
            content = (await with_targets(conn, job)).model_dump_json(by_alias=True, exclude_none=True)
        return Response(content, 202, {_JOB_ID: job_id}, "application/json")
    return await _answer(request, services, job, began)


def _planned(body: NewAsk) -> list[PlannedTarget]:
    """Raises InvalidInputError that names the target."""
    try:
        return plan.plan_targets(body.type, [body.target], body.config)
    except InvalidInputError as exc:
        message = exc.details[0].message
        raise InvalidInputError(f"target: {message}", [Detail("target", message, jobs.INVALID)]) from exc


async def _ended(services: Services, caller: Principal, job_id: str, seconds: int) -> Job:
    """The job at its end, or as it is when the time is up or too many wait already."""
    try:
        return await waiting.until_over(services, caller, job_id, seconds=seconds)
    except RateLimitedError:
        async with transaction(services.pool) as conn:
            return await jobs.get(conn, caller, job_id)


async def _answer(request: Request, services: Services, job: Job, began: float) -> Response:
    """Raises the error that the target ended with."""
    async with transaction(services.pool) as conn:
        await stored.snapshot(conn)
        (target,) = await targets.find_slice(conn, job.id, status=None, after=-1, limit=1)
        if target.status != TargetStatus.SUCCESS:
            raise _error_of(target)
        summary = await _summary(conn, job.id)
        first = await stored.first_batch(conn, job.id)
    rows = stored.Rows(services.pool, job.id, limit=stored.PAGE_ROWS, first=first)
    meta = {
        "jobId": job.id,
        "target": target.value,
        "status": target.status,
        "cached": False,
        "fetchedAt": stamp(target.fetched_at) if target.fetched_at else None,
        "tookMs": round((monotonic() - began) * 1000),
        "warnings": as_json(given(request)),
    }
    request.state.warnings = []  # they are in the answer
    body = b'{"data":' + b"".join([block async for block in formats.json_array(rows)])
    body += b',"summary":' + summary if summary else b""
    return Response(body + b',"meta":' + orjson.dumps(meta) + b"}", 200, {_JOB_ID: job.id}, "application/json")


async def _summary(conn: Conn, job_id: str) -> bytes | None:
    """Of the target, or of its first page."""
    cursor = await conn.execute(
        "SELECT summary::text FROM page_summaries WHERE job_id = %s AND ordinal = 0 ORDER BY page LIMIT 1", [job_id]
    )
    row = await cursor.fetchone()
    return row[0].encode() if row else None


def _error_of(target: Target) -> ServiceError:
    """What the caller is told of a target that did not succeed."""
    code, message = target.error_code, target.error_message or "The target failed"
    details = [Detail("target", message, code)]
    if target.status == TargetStatus.CANCELLED:
        return ConflictError("The job was cancelled")
    if code == "not_found":
        return NotFoundError(message, details)
    if code == jobs.INVALID:
        return InvalidInputError(message, details)
    if code == "blocked":
        return UnavailableError(message, details)
    return (TargetRefusedError if code in _REFUSED else TargetFailedError)(message, details)
