"""A job of one target that is waited for: made, or found again by its idempotency key, and answered with its rows."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from functools import partial
from time import monotonic
from typing import Any, Self

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
from azscraper.ids import new_id
from azscraper.jobs import jobs, options, plan, prices, targets
from azscraper.jobs.jobs import Job, NewJob
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
from azscraper.store.sent import Later
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
class _Shown:
    """What of the rows the answer has."""

    fields: Fields
    rows: Wanted

    @classmethod
    def of(cls, view: View, wanted: kept.Wanted) -> Self:
        """Raises InvalidInputError for fields that such rows lack."""
        kinds_of_rows = prices.kinds_of_rows(wanted.kind.name, [wanted.of_target.name], wanted.config)
        chosen, where = selecting.of_job(
            kinds_of_rows or [wanted.kind.name], fields=view.fields, where=view.where, meta=view.meta
        )
        return cls(chosen, Wanted(where, meta=view.meta))


@dataclass(frozen=True, slots=True)
class _Ended:
    """What of a job that is over its answer takes."""

    target: Target
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
class Call:
    """A request for one target."""

    request: Request
    services: Services
    caller: Principal
    once: Once
    project_id: str


@dataclass(frozen=True, slots=True)
class _Asking:
    call: Call
    wanted: kept.Wanted
    shown: _Shown
    job_id: str
    """Of the job, if it is a new one that has to be waited for."""


async def answered(call: Call, body: NewAsk, view: View) -> Response:
    """200 with the rows, or 202 with the job when ``waitSeconds`` are over. Raises what ``jobs.submit`` does, and the error
    that the target ended with.
    """
    began = monotonic()
    wanted = _wanted(call, body)
    asking = _Asking(call, wanted, _Shown.of(view, wanted), new_id())
    with call.services.changes.of(asking.job_id) as changed:
        changed.clear()
        seen = await _posted(asking, waits=body.wait_seconds > 0)
        call.request.state.asked_job = seen.job.id
        if seen.ended is None and body.wait_seconds:
            heard = changed if seen.job.id == asking.job_id else None
            seen = await _waited(asking, seen.job, body.wait_seconds, heard)
    if seen.ended is not None:
        return await _answer(asking, seen.job, seen.ended, began)
    await _secure(call, seen.job)
    return _goes_on(seen, wanted.target)


def kind_of(url: str) -> Kind[Any]:
    """What an address is of; of a short link that is not known before it was followed. Raises InvalidInputError."""
    target = find_kind(AUTO).resolve(url, marketplaces.find("www.amazon.com"))
    return find_kind(target.kind)


def _wanted(call: Call, body: NewAsk) -> kept.Wanted:
    config = plan.checked(body.type, body.config)
    warn(call.request, options.without_effect(body.type, config.as_sent, [body.target]))
    return kept.Wanted(find_kind(body.type), _planned(body), config)


async def _posted(asking: _Asking, *, waits: bool) -> _Seen:
    """The new job, or the one that the same request made before.

    Who waits for it does not wait for the disk as well: the end of the job, which is durable, makes its beginning so, and
    of one that the database loses before nobody was told.
    """
    call = asking.call
    async with batched(call.services.pool) as conn:
        if (answer := await call.once.answered(conn)) is not None:
            seen = await _look(conn, asking, orjson.loads(answer.body)["data"]["id"])
        else:
            seen = await _made(conn, asking, waits=waits)
    return await seen()


async def _made(conn: Conn, asking: _Asking, *, waits: bool) -> Later[_Seen]:
    """A job that is over already where what is kept answers it."""
    whose, now = (asking.call.caller, asking.call.project_id), asking.call.services.clock()
    job = await kept.answer(conn, *whose, asking.wanted, now=now)
    if job is not None:
        await _note(conn, asking.call.once, job)
        ended = await _ended(conn, job.id, asking.shown)
        return partial(_over, job, ended)
    new = NewJob(asking.job_id, asking.wanted.kind, [asking.wanted.target], asking.wanted.config, is_ask=True)
    made = await jobs.store(conn, *whose, new, now=now)
    if waits:
        await conn.execute("SET LOCAL synchronous_commit = off")
    if asking.call.once.key is None:
        return partial(_begun, made)
    begun = await _begun(made)
    await _note(conn, asking.call.once, begun.job)
    return partial(_same, begun)


async def _note(conn: Conn, once: Once, job: Job) -> None:
    if once.key is not None:
        await once.answer(conn, await with_targets(conn, job), exclude_none=True)


async def _same(seen: _Seen) -> _Seen:
    return seen


async def _begun(made: Later[Job]) -> _Seen:
    return _Seen(await made())


async def _over(job: Job, ended: Later[_Ended]) -> _Seen:
    return _Seen(job, await ended())


async def _secure(call: Call, job: Job) -> None:
    """See to it that the job is durable before somebody is told of it. Raises UnavailableError where the database lost it."""
    async with transaction(call.services.pool) as conn:  # its commit waits for the disk, and for all that came before
        cursor = await conn.execute(
            "UPDATE jobs SET updated_at = updated_at WHERE organization_id = %s AND id = %s",
            [call.caller.organization_id, job.id],
        )
        if not cursor.rowcount:
            raise UnavailableError(_LOST)


def _planned(body: NewAsk) -> PlannedTarget:
    """Raises InvalidInputError that names the target."""
    try:
        return plan.plan_targets(body.type, [body.target], body.config)[0]
    except InvalidInputError as exc:
        message = exc.details[0].message
        raise InvalidInputError(f"target: {message}", [Detail("target", message, jobs.INVALID)]) from exc


async def _waited(asking: _Asking, job: Job, seconds: int, heard: asyncio.Event | None) -> _Seen:
    """The job at its end, or as it is when the time is up; as it was where too many wait already, or nobody can look."""
    call = asking.call

    async def look(conn: Conn) -> Later[_Seen]:
        return await _look(conn, asking, job.id)

    try:
        return await waiting.seen_over(call.services, call.caller, job.id, look, seconds=seconds, heard=heard)
    except RateLimitedError as exc:
        return _Seen(job, pause=exc.retry_after_seconds)
    except UnavailableError:
        return _Seen(job, pause=_RETRY_AFTER_SECONDS)
    except NotFoundError:
        raise UnavailableError(_LOST) from None


async def _look(conn: Conn, asking: _Asking, job_id: str) -> Later[_Seen]:
    """The job comes first: what is seen behind it of one that is over does not change any more."""
    found = await jobs.look_up(conn, asking.call.caller, job_id)
    ended = await _ended(conn, job_id, asking.shown)

    async def seen() -> _Seen:
        job = await found()
        return _Seen(job, await ended() if job.is_over else None)

    return seen


async def _ended(conn: Conn, job_id: str, shown: _Shown) -> Later[_Ended]:
    sent = await targets.send_slice(conn, job_id, status=None, after=-1, limit=1)
    summary = await _summary(conn, job_id)
    first = None if shown.rows.meta else await stored.few(conn, job_id, shown.rows)

    async def ended() -> _Ended:
        target = await sent.existing()
        if target.status != TargetStatus.SUCCESS:
            return _Ended(target)
        return _Ended(target, await summary(), await first() if first else None)

    return ended


def _goes_on(seen: _Seen, target: PlannedTarget) -> Response:
    job, pause = seen.job, seen.pause
    brief = TargetBrief(value=target.value, status=TargetStatus.PENDING if job.pending else TargetStatus.RUNNING)
    content = Envelope(data=JobOut.of(job, targets=[brief])).model_dump_json(by_alias=True, exclude_none=True)
    headers = {_JOB_ID: job.id} | ({"Retry-After": str(pause)} if pause else {})
    return Response(content, 202, headers, "application/json")


async def _answer(asking: _Asking, job: Job, ended: _Ended, began: float) -> Response:
    """Raises the error that the target ended with."""
    target, summary, shown, request = ended.target, ended.summary, asking.shown, asking.call.request
    if target.status != TargetStatus.SUCCESS:
        raise _error_of(target)
    rows = stored.Rows(asking.call.services.pool, job.id, limit=stored.PAGE_ROWS, first=ended.first, wanted=shown.rows)
    blocks = aiter(rows) if shown.fields == EVERYTHING else shown.fields.of_blocks(rows)
    data = await _joined(formats.json_array(blocks))
    meta = _meta(target, job, summary) | {
        "nextCursor": cursor_of(rows),
        "tookMs": round((monotonic() - began) * 1000),
        "warnings": as_json(given(request)),
    }
    request.state.warnings = []  # they are in the answer
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


async def _summary(conn: Conn, job_id: str) -> Later[bytes | None]:
    """Of the target, or of its first page."""
    cursor = await conn.execute(
        "SELECT summary::text FROM page_summaries WHERE job_id = %s AND ordinal = 0 ORDER BY page LIMIT 1", [job_id]
    )

    async def found() -> bytes | None:
        row = await cursor.fetchone()
        return row[0].encode() if row else None

    return found


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
