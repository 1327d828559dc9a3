"""A job's progress as server-sent events (WHATWG HTML, section 9.2)."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import ExitStack
from time import monotonic
from typing import Annotated

from fastapi import APIRouter, Header, Response
from fastapi.responses import StreamingResponse

from azscraper.errors import NotFoundError, UnauthenticatedError, UnavailableError
from azscraper.jobs import jobs
from azscraper.jobs.jobs import Job
from azscraper.store.db import transaction
from azscraper.tenants.principal import Principal
from azscraper.web import waiting
from azscraper.web.deps import Authenticate, AuthenticateDep, KeyCaller, Services, ServicesDep, UntilSent, errors
from azscraper.web.guards.limits import StrictJson
from azscraper.wire.jobs import JobBrief

router = APIRouter(tags=["jobs"], route_class=StrictJson)

_TOGETHER_SECONDS = 1.0
"""Changes within it are one event, but for the end, which is told at once."""
_LOOK_SECONDS = 15.0
"""How late a change may be told whose notification was lost."""
_HEARTBEAT_SECONDS = 15.0
"""The section's own advice: proxies drop connections that are silent for longer."""
_SILENT_SECONDS = 60.0
"""So long a stream goes on while the database does not answer, whose restart takes less."""
_AGAIN_SECONDS = 1.0
_RECONNECT_MS = 2000
_EVENT_ID = re.compile("[0-9]{1,18}")
_HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
"""The second keeps nginx from holding events back."""


@router.get(
    "/jobs/{job_id}/events",
    operation_id="streamEvents",
    response_class=StreamingResponse,
    responses=errors(401, 404, 429)
    | {
        200: {
            "content": {"text/event-stream": {"schema": {}}},
            "description": "Events until the job ends",
        },
        204: {"description": "The job is over and Last-Event-ID was its last event: do not reconnect"},
    },
)
async def stream_events(
    job_id: str,
    caller: KeyCaller,
    services: ServicesDep,
    authenticate: AuthenticateDep,
    *,
    until_sent: UntilSent,
    last_event_id: Annotated[str | None, Header()] = None,
) -> Response:
    """The job's progress: an event `progress` for each change seen, then `end`; the data is the job without targets.

    Event ids grow: send Last-Event-ID to receive only what is new. Changes within a second are one event; the end comes at once. If the
    credential becomes invalid, the stream ends within 15 seconds, without `end`.
    """
    return await follow(job_id, caller, services, authenticate, last_event_id, until_sent=until_sent)


async def follow(
    job_id: str,
    caller: Principal,
    services: Services,
    authenticate: Authenticate,
    last_event_id: str | None,
    *,
    until_sent: ExitStack,
) -> Response:
    """The stream of a job, from behind what the client has seen.

    Raises NotFoundError, and RateLimitedError when the organization has as many streams as it may.
    """
    async with transaction(services.pool) as conn:
        job = await jobs.get(conn, caller, job_id)
    seen = _revision(last_event_id, job)
    if job.is_over and seen == job.revision:
        return Response(status_code=204)
    until_sent.enter_context(services.streams.taken(caller.organization_id))
    events = _events(services, caller, authenticate, job, seen)
    return StreamingResponse(events, media_type="text/event-stream", headers=_HEADERS)


def _revision(last_event_id: str | None, job: Job) -> int:
    """What the client has seen; -1 for nothing, and for an id that this job never had."""
    if last_event_id is None or _EVENT_ID.fullmatch(last_event_id) is None:
        return -1
    return int(last_event_id) if int(last_event_id) <= job.revision else -1


async def _events(
    services: Services, caller: Principal, authenticate: Authenticate, job: Job, seen: int
) -> AsyncIterator[bytes]:
    """Ends with the job, with the credential, with the service, or when the database has not answered for a minute.

    The client then comes again.
    """
    yield b"retry: %d\n\n" % _RECONNECT_MS
    checked = answered = monotonic()
    told = checked - _TOGETHER_SECONDS
    with services.changes.of(job.id) as changed:
        while not services.stopping():
            now = monotonic()
            if job.revision > seen and (job.is_over or seen < 0 or now - told >= _TOGETHER_SECONDS):
                yield _event(job)
                seen, told = job.revision, now
            elif now - told >= _HEARTBEAT_SECONDS:
                yield b": the job goes on\n\n"
                told = now
            if job.is_over:
                return
            await waiting.change(services, changed, _patience(told, checked + services.recheck_seconds, now))
            try:
                if monotonic() - checked >= services.recheck_seconds:
                    await authenticate()
                    checked = monotonic()
                async with transaction(services.pool) as conn:
                    job = await jobs.get(conn, caller, job.id)
                answered = monotonic()
            except UnavailableError:
                if monotonic() - answered >= _SILENT_SECONDS:
                    return
                await asyncio.sleep(_AGAIN_SECONDS)
            except (NotFoundError, UnauthenticatedError):
                return


def _patience(told: float, check_at: float, now: float) -> float:
    """Seconds to the next look without a notification: soon once behind an event, as those behind it may be left out."""
    due = told + _TOGETHER_SECONDS if now < told + _TOGETHER_SECONDS else now + _LOOK_SECONDS
    return max(min(due, check_at, told + _HEARTBEAT_SECONDS) - now, 0.0)


def _event(job: Job) -> bytes:
    name = "end" if job.is_over else "progress"
    data = JobBrief.of(job).model_dump_json(by_alias=True, exclude_none=True)
    return f"id: {job.revision}\nevent: {name}\ndata: {data}\n\n".encode()
