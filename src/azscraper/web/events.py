"""A job's progress as server-sent events (WHATWG HTML, section 9.2)."""

import asyncio
import re
from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Header, Response
from fastapi.responses import StreamingResponse

from azscraper import jobs
from azscraper.db import transaction
from azscraper.errors import NotFoundError, UnauthenticatedError, UnavailableError
from azscraper.jobs import Job
from azscraper.principal import Principal
from azscraper.web.deps import Authenticate, AuthenticateDep, KeyCaller, Services, ServicesDep, errors
from azscraper.web.limits import StrictJson
from azscraper.web.schemas_jobs import JobBrief

router = APIRouter(tags=["jobs"], route_class=StrictJson)

_POLL_SECONDS = 1.0
_HEARTBEAT_SECONDS = 15.0
"""The section's own advice: proxies drop connections that are silent for longer."""
_RECONNECT_MS = 2000
_EVENT_ID = re.compile("[0-9]{1,18}")
_HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
"""The second keeps nginx from holding events back."""


@router.get(
    "/jobs/{job_id}/events",
    operation_id="streamEvents",
    response_class=StreamingResponse,
    responses=errors(401, 404)
    | {
        200: {
            "content": {"text/event-stream": {"schema": {"type": "string"}}},
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
    last_event_id: Annotated[str | None, Header()] = None,
) -> Response:
    """The job's progress: an event `progress` for each change seen, then `end`; the data is the job without targets.

    Event ids grow; with Last-Event-ID nothing is told again. Changes within a second are told together. Once the
    credential is not valid any more, the stream ends within 15 seconds, without `end`.
    """
    return await follow(job_id, caller, services, authenticate, last_event_id)


async def follow(
    job_id: str, caller: Principal, services: Services, authenticate: Authenticate, last_event_id: str | None
) -> Response:
    """The stream of a job, from behind what the client has seen. Raises NotFoundError."""
    async with transaction(services.pool) as conn:
        job = await jobs.get(conn, caller, job_id)
    seen = _revision(last_event_id, job)
    if job.is_over and seen == job.revision:
        return Response(status_code=204)
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
    """Ends with the job, with the credential, with the service, or when the database does not answer.

    The client then comes again.
    """
    yield b"retry: %d\n\n" % _RECONNECT_MS
    quiet_seconds = unchecked_seconds = 0.0
    while not services.stopping():
        if job.revision > seen:
            yield _event(job)
            seen, quiet_seconds = job.revision, 0.0
        elif quiet_seconds >= _HEARTBEAT_SECONDS:
            yield b": the job goes on\n\n"
            quiet_seconds = 0.0
        if job.is_over:
            return
        await asyncio.sleep(_POLL_SECONDS)
        quiet_seconds += _POLL_SECONDS
        unchecked_seconds += _POLL_SECONDS
        try:
            if unchecked_seconds >= services.recheck_seconds:
                await authenticate()
                unchecked_seconds = 0.0
            async with transaction(services.pool) as conn:
                job = await jobs.get(conn, caller, job.id)
        except (UnavailableError, NotFoundError, UnauthenticatedError):
            return


def _event(job: Job) -> bytes:
    name = "end" if job.is_over else "progress"
    data = JobBrief.of(job).model_dump_json(by_alias=True, exclude_none=True)
    return f"id: {job.revision}\nevent: {name}\ndata: {data}\n\n".encode()
