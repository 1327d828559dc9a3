"""A job of one target that is waited for: made, or found again by its idempotency key, and answered with its rows."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from time import monotonic
from typing import Any

import orjson
from fastapi import Request, Response

from azscraper import marketplaces
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
from azscraper.jobs import jobs, options, plan, prices, targets
from azscraper.jobs.jobs import Job
from azscraper.jobs.plan import PlannedTarget
from azscraper.jobs.targets import Target, TargetStatus
from azscraper.kinds.auto import AUTO
from azscraper.kinds.kind import Kind
from azscraper.kinds.registry import find_kind
from azscraper.results import formats, stored
from azscraper.results.selection import EVERYTHING, Fields
from azscraper.results.stored import Batch, Wanted
from azscraper.running import kept
from azscraper.store.db import Conn, batched, transaction
from azscraper.tenants.principal import Principal
from azscraper.web import selecting, waiting
from azscraper.web.api.jobs import with_targets
from azscraper.web.api.results import cursor_of
from azscraper.web.deps import Services
from azscraper.web.once import Once
from azscraper.web.warnings import as_json, given, warn
from azscraper.wire.crawls import NewAsk
from azscraper.wire.envelopes import Envelope
from azscraper.wire.jobs import JobOut, TargetBrief

_JOB_ID = "X-Job-Id"
_RETRY_AFTER_SECONDS = 5
_LOST = "The database went away before it kept what was asked for. Ask again."
_REFUSED = frozenset({"robots_disallowed", "sign_in_required"})


@dataclass(frozen=True, slots=True)
class View:
    """What of the rows is wanted, as the query says it."""

    fields: str | None
    where: str | None
    meta: bool


@dataclass(frozen=True, slots=True)
class _Ended:
    """A job that is over, and what its answer takes of it."""

    target: Target
    chosen: Fields
    wanted: Wanted
    summary: bytes | None = None
    """Of a target that succeeded, or of its first page, as JSON."""
    first: Batch | None = None
    """Its first rows, where they can be read beside all that."""


@dataclass(frozen=True, slots=True)
class _Seen:
    """A job, and what came of it once it is over."""

    job: Job
    ended: _Ended | None = None
    pause: int = 0
    """Seconds after which to ask again, where it could not be waited for."""


@dataclass(frozen=True, slots=True)
class Asking:
    """A request for one target."""

    request: Request
    services: Services
    caller: Principal
    once: Once
    project_id: str


async def answered(asking: Asking, body: NewAsk, view: View) -> Response:
    """200 with the rows, or 202 with the job when ``waitSeconds`` are over. Raises what ``jobs.submit`` does, and the error
    that the target ended with.
    """
    began = monotonic()
    wanted = _wanted(asking, body)
    kinds_of_rows = prices.kinds_of_rows(body.type, [wanted.of_target.name], wanted.config) or [body.type]
    selecting.of_job(kinds_of_rows, fields=view.fields, where=view.where, meta=view.meta)
    job = await _posted(asking, wanted, waits=body.wait_seconds > 0)
    asking.request.state.asked_job = job.id
    seen = await _seen(asking, job, body.wait_seconds, view)
    if seen.ended is not None:
        return await _answer(asking, seen.job, seen.ended, began)
    await _secure(asking, seen.job)
    return _goes_on(seen, wanted.target)


def kind_of(url: str) -> Kind[Any]:
    """What an address is of; of a short link that is not known before it was followed. Raises InvalidInputError."""
    target = find_kind(AUTO).resolve(url, marketplaces.find("www.amazon.com"))
    return find_kind(target.kind)


def _wanted(asking: Asking, body: NewAsk) -> kept.Wanted:
    config = plan.checked(body.type, body.config)
    warn(asking.request, options.without_effect(body.type, config.as_sent, [body.target]))
    return kept.Wanted(find_kind(body.type), _planned(body), config)


async def _posted(asking: Asking, wanted: kept.Wanted, *, waits: bool) -> Job:
    """The new job, or the one that the same request made before.

    Who waits for it does not wait for the disk as well: the end of the job, which is durable, makes its beginning so, and
    of one that the database loses before nobody was told.
    """
    async with batched(asking.services.pool) as conn:
        if (answer := await asking.once.answered(conn)) is not None:
            return await jobs.get(conn, asking.caller, orjson.loads(answer.body)["data"]["id"])
        job = await _made(conn, asking, wanted)
        if asking.once.key is not None:
            await asking.once.answer(conn, await with_targets(conn, job), exclude_none=True)
        if waits and not job.is_over:
            await conn.execute("SET LOCAL synchronous_commit = off")
        return job


async def _secure(asking: Asking, job: Job) -> None:
    """See to it that the job is durable before somebody is told of it. Raises UnavailableError where the database lost it."""
    async with transaction(asking.services.pool) as conn:  # its commit waits for the disk, and for all that came before
        cursor = await conn.execute(
            "UPDATE jobs SET updated_at = updated_at WHERE organization_id = %s AND id = %s",
            [asking.caller.organization_id, job.id],
        )
        if not cursor.rowcount:
            raise UnavailableError(_LOST)


async def _made(conn: Conn, asking: Asking, wanted: kept.Wanted) -> Job:
    """A job that is over already where what is kept answers it."""
    whose, now = (asking.caller, asking.project_id), asking.services.clock()
    job = await kept.answer(conn, *whose, wanted, now=now)
    if job is not None:
        return job
    target, config = [wanted.target], wanted.config
    return await jobs.submit(conn, *whose, kind=wanted.kind, targets=target, config=config, now=now, is_ask=True)


def _planned(body: NewAsk) -> PlannedTarget:
    """Raises InvalidInputError that names the target."""
    try:
        return plan.plan_targets(body.type, [body.target], body.config)[0]
    except InvalidInputError as exc:
        message = exc.details[0].message
        raise InvalidInputError(f"target: {message}", [Detail("target", message, jobs.INVALID)]) from exc


async def _seen(asking: Asking, job: Job, seconds: int, view: View) -> _Seen:
    """The job at its end, or as it is when the time is up; as it was where too many wait already, or nobody can look."""

    async def look(conn: Conn) -> _Seen:
        await stored.snapshot(conn)
        found = await jobs.get(conn, asking.caller, job.id)
        return _Seen(found, await _ended(conn, found, view) if found.is_over else None)

    if job.is_over:
        async with batched(asking.services.pool) as conn:
            return await look(conn)
    if not seconds:
        return _Seen(job)
    try:
        return await waiting.seen_over(asking.services, asking.caller, job.id, look, seconds=seconds)
    except RateLimitedError as exc:
        return _Seen(job, pause=exc.retry_after_seconds)
    except UnavailableError:
        return _Seen(job, pause=_RETRY_AFTER_SECONDS)
    except NotFoundError:
        raise UnavailableError(_LOST) from None


async def _ended(conn: Conn, job: Job, view: View) -> _Ended:
    (target,) = await targets.find_slice(conn, job.id, status=None, after=-1, limit=1)
    chosen, where = selecting.of_job(job.kind_names, fields=view.fields, where=view.where, meta=view.meta)
    wanted = Wanted(where, meta=view.meta)
    if target.status != TargetStatus.SUCCESS:
        return _Ended(target, chosen, wanted)
    summary = await _summary(conn, job.id)
    return _Ended(target, chosen, wanted, summary, None if view.meta else await stored.few(conn, job.id, wanted))


def _goes_on(seen: _Seen, target: PlannedTarget) -> Response:
    job, pause = seen.job, seen.pause
    brief = TargetBrief(value=target.value, status=TargetStatus.PENDING if job.pending else TargetStatus.RUNNING)
    content = Envelope(data=JobOut.of(job, targets=[brief])).model_dump_json(by_alias=True, exclude_none=True)
    headers = {_JOB_ID: job.id} | ({"Retry-After": str(pause)} if pause else {})
    return Response(content, 202, headers, "application/json")


async def _answer(asking: Asking, job: Job, ended: _Ended, began: float) -> Response:
    """Raises the error that the target ended with."""
    target, summary, chosen = ended.target, ended.summary, ended.chosen
    if target.status != TargetStatus.SUCCESS:
        raise _error_of(target)
    rows = stored.Rows(asking.services.pool, job.id, limit=stored.PAGE_ROWS, first=ended.first, wanted=ended.wanted)
    data = await _joined(formats.json_array(aiter(rows) if chosen == EVERYTHING else chosen.of_blocks(rows)))
    meta = _meta(target, job, summary) | {
        "nextCursor": cursor_of(rows),
        "tookMs": round((monotonic() - began) * 1000),
        "warnings": as_json(given(asking.request)),
    }
    asking.request.state.warnings = []  # they are in the answer
    parts = [b'{"data":', data, b',"summary":' + summary if summary else b"", b',"meta":', orjson.dumps(meta), b"}"]
    return Response(b"".join(parts), 200, {_JOB_ID: job.id}, "application/json")


async def _joined(blocks: AsyncIterator[bytes]) -> bytes:
    return b"".join([block async for block in blocks])


def _meta(target: Target, job: Job, summary: bytes | None) -> dict[str, object]:
    coverage = orjson.loads(summary).get("coverage") if summary else None
    return {
        "jobId": job.id,
        "target": target.value,
        "type": target.kind or job.type,
        "status": target.status,
        "cached": target.cached,
        "credits": target.credits or 0,
        "fetchedAt": stamp(target.fetched_at) if target.fetched_at else None,
        **({"coverage": coverage} if coverage else {}),
    }


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
