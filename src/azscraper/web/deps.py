"""What routes need: the services, and who is calling."""

import asyncio
import ipaddress
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Annotated, Any, cast

from fastapi import Depends, Query, Request
from fastapi.security import APIKeyHeader, HTTPAuthorizationCredentials, HTTPBearer
from pydantic import AfterValidator

from azscraper.channels.services import Hosts
from azscraper.crawl.archive import Archive
from azscraper.errors import ForbiddenError, UnauthenticatedError
from azscraper.jobs import list_files
from azscraper.jobs.changes import JobChanges
from azscraper.store.db import Pool, at_once
from azscraper.tenants import accounts, api_keys, credentials
from azscraper.tenants.keyring import Keyring
from azscraper.tenants.principal import Principal
from azscraper.tenants.referrals import Rewards
from azscraper.tenants.sign_ups import Registration
from azscraper.web.guards.hashing import Hashing
from azscraper.web.guards.slots import Slots
from azscraper.web.pictures import Pictures
from azscraper.web.readiness import Readiness
from azscraper.wire.base import Text

_PARSED_AT_A_TIME = 2
"""Large bodies read as JSON at once by one process: each takes some ten times its size for a moment."""


@dataclass(frozen=True, slots=True)
class Services:
    """What the application was built with."""

    pool: Pool
    keys: Keyring
    default_plan: str
    clock: Callable[[], datetime]
    registration_credits: int = 0
    referral_rewards: Rewards = field(default_factory=Rewards)
    stopping: Callable[[], bool] = lambda: False
    """Whether the service is about to end: streams that go on and on then end first."""
    recheck_seconds: float = 15.0
    """How often such a stream looks at its credential again, and so how long it outlives it at most."""
    public_url: str | None = None
    """Scheme, host and port at which people open the service; None: what each request says."""
    trusted_proxies: tuple[str, ...] = ()
    """Addresses and networks whose ``X-Forwarded-*`` headers are believed."""
    login_wait_seconds: float = 5.0
    """How long a log-in that came too soon after failed ones waits here; one that had to wait longer is refused."""
    hashing: Hashing = field(default_factory=Hashing)
    registration: Registration = Registration.OPEN
    """Who may sign up."""
    parsing: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(_PARSED_AT_A_TIME))
    """Held while a large body is read as JSON."""
    changes: JobChanges = field(default_factory=JobChanges)
    """Wakes the streams of jobs."""
    readiness: Readiness | None = None
    """Over a connection that no caller can take; without it by those of all."""
    large_bodies: Slots = field(default_factory=partial(Slots, "large requests", each=2, most=8, retry_after_seconds=5))
    """Held from before a body over 64 KiB is read until its request is answered.

    Each has up to 16 MiB, and some hundred while it is parsed and its targets are stored.
    """
    uploads: Slots = field(
        default_factory=partial(Slots, "uploads", each=2, most=list_files.MOST_HELD, retry_after_seconds=5)
    )
    """Held while a file is read, or waits to be read."""
    downloads: Slots = field(default_factory=partial(Slots, "downloads", each=3, most=16, retry_after_seconds=5))
    """Held while more than a page of rows is sent: two pages of them are in memory."""
    streams: Slots = field(default_factory=partial(Slots, "event streams", each=100, most=500, retry_after_seconds=5))
    """Held while the events of a job are sent. They are half of the connections that a process takes, which leaves as many for requests."""
    filters: Slots = field(default_factory=partial(Slots, "filters", each=2, most=6, retry_after_seconds=2))
    """Held while the rows of a job, or the products of a project, are filtered or sorted, for which all of them are read."""
    user_agent: str = ""
    """As which the workers crawl."""
    webhook_allow_loopback: bool = False
    sends_mail: bool = False
    """Whether there is a mail server for alerts."""
    channel_hosts: Hosts = Hosts.SERVICES
    """What channels may reach."""
    archive: Callable[[], Archive] | None = None
    """Of the fetched pages, opened when it is first asked for: an API process may run where it is not reached."""
    pictures: Pictures | None = None
    """Fetches products' pictures for the dashboard; without it there are none."""
    metrics_token: str | None = field(default=None, repr=False)
    """Opens GET /metrics; None is closed."""
    crawl_rate: float = 1.0
    """Requests per second and marketplace, where an operator set no other rate."""


def _services(request: Request) -> Services:
    return cast("Services", request.app.state.services)


async def _services_dependency(request: Request) -> Services:
    """Not the function itself, which FastAPI would call in a thread, as it does with all that are not coroutines."""
    return _services(request)


def address_of(request: Request) -> str | None:
    """Of the client; behind a proxy the one that the proxy tells, if it is named (``proxies``).

    None where there is none (a Unix socket) or the proxy passes on what is no address.
    """
    host = request.client.host if request.client else ""
    try:
        return str(ipaddress.ip_address(host.partition("%")[0]))  # without the zone, which may be any text
    except ValueError:
        return None


async def _address(request: Request) -> str | None:
    return address_of(request)


ServicesDep = Annotated[Services, Depends(_services_dependency)]
Address = Annotated[str | None, Depends(_address)]
_KEY_HEADER = "X-API-Key"
_NO_CREDENTIAL = (
    f"Send an access token or a project's key in a header: Authorization: Bearer <it>, or {_KEY_HEADER}: <key>"
)
_bearer = HTTPBearer(auto_error=False, description="The accessToken of register or login, or a project API key")
_key_header = APIKeyHeader(name=_KEY_HEADER, auto_error=False, description="A project API key")
Authenticate = Callable[[], Awaitable[Principal]]
"""Looks at a credential again. Raises UnauthenticatedError once it is not good any more."""
BearerDep = Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]


async def caller(request: Request) -> Principal:
    """Who calls, by the headers alone; asked once per request. Raises UnauthenticatedError."""
    if not hasattr(request.state, "caller"):
        request.state.caller = await _identified(request)
    return cast("Principal", request.state.caller)


async def _identified(request: Request) -> Principal:
    services, address = _services(request), address_of(request)
    bearer = await _bearer(request)
    key = request.headers.get(_KEY_HEADER) if bearer is None else None
    credential = bearer.credentials if bearer else key
    if credential is None:
        raise UnauthenticatedError(_NO_CREDENTIAL)
    check = partial(authenticate, services, credential, as_key=key is not None, address=address)
    request.state.authenticate = check
    return await check()


async def authenticate(services: Services, credential: str, *, as_key: bool, address: str | None) -> Principal:
    """Who an access token or a project key (``as_key``: nothing else) speaks for now. Raises UnauthenticatedError."""
    now = services.clock()
    if as_key or credentials.is_key(credential):
        async with at_once(services.pool) as conn:
            return await api_keys.principal_of(conn, credential, address=address, now=now)
    claims = credentials.read_token(services.keys, credential, now=now)
    async with at_once(services.pool) as conn:
        return (await accounts.user_of(conn, claims)).principal(address)


async def _principal(principal: Annotated[Principal, Depends(caller)], _: BearerDep) -> Principal:
    return principal


async def _authenticate(request: Request, _: Annotated[Principal, Depends(_principal)]) -> Authenticate:
    return cast("Authenticate", request.state.authenticate)


AuthenticateDep = Annotated[Authenticate, Depends(_authenticate)]
AnyCaller = Annotated[Principal, Depends(_principal)]
"""Whoever calls: for what stands beside a route's own question of who may, and does not answer it."""


async def _user(principal: AnyCaller) -> Principal:
    if principal.user_id is None:
        raise ForbiddenError(
            "An API key can't do this. Log in; commands take a log-in only while AZSCRAPER_API_KEY is not set"
        )
    return principal


async def _admin(principal: Annotated[Principal, Depends(_user)]) -> Principal:
    if not principal.is_admin:
        raise ForbiddenError("Only an operator of this installation can do this")
    return principal


async def _user_or_key(principal: AnyCaller, _: Annotated[str | None, Depends(_key_header)]) -> Principal:
    return principal


Caller = Annotated[Principal, Depends(_user)]
"""A logged-in user; a project's key is 403. What a route takes unless keys are meant to reach it."""
KeyCaller = Annotated[Principal, Depends(_user_or_key)]
"""A user, or a project's key: give it whole to what looks objects up, so that the key stays in its project."""
Admin = Annotated[Principal, Depends(_admin)]
"""An operator; everybody else is 403."""


async def _until_sent() -> AsyncIterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


UntilSent = Annotated[ExitStack, Depends(_until_sent, scope="request")]
"""What is entered here is left once the answer is sent, or breaks off."""


Limit = Annotated[int, Query(ge=1), AfterValidator(partial(min, 100))]
"""How many items of a list: the most that are asked for is what there is at most, and no error."""
LongLimit = Annotated[int, Query(ge=1), AfterValidator(partial(min, 1000))]
Offset = Annotated[int, Query(ge=0, le=2**31 - 1)]
IdCursor = Annotated[str | None, Query(pattern=r"^[0-9a-f]{24}$")]
NameText = Annotated[Text, Query(max_length=120, description="In the name, whatever the case, or how the id begins")]
TagText = Annotated[Text | None, Query(max_length=40), AfterValidator(lambda tag: tag or None)]
"""An empty one asks for no tag: forms send it so."""


FILE_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            media_type: {"schema": {"type": "string", "format": "binary"}}
            for media_type in ("text/csv", "application/octet-stream")
        },
    }
}
"""A file as the body, for the OpenAPI document. Generators that do not know CSV know octets."""


def errors(*statuses: int) -> dict[int | str, dict[str, object]]:
    """The error answers of a route, for the OpenAPI document, whose last touch adds the schema (``web.openapi.document``).

    Given as a ``model``, FastAPI would make a validator of each, a tenth of the service's start.
    """
    return {status: {"description": _MEANING[status], "content": _content(status)} for status in statuses}


def _content(status: int) -> dict[str, object]:
    schema = {"$ref": "#/components/schemas/ErrorEnvelope"}
    return {"application/json": {"schema": schema, "example": _EXAMPLES[status]}}


def _example(code: str, message: str, *, field: str | None = None) -> dict[str, object]:
    details = [{"field": field, "message": message.partition(": ")[2]}] if field else []
    return {"success": False, "error": {"code": code, "message": message, "details": details}}


_EXAMPLES = {
    400: _example("VALIDATION_ERROR", "targets.0: is empty", field="targets.0"),
    401: _example("UNAUTHORIZED", "The access token has expired; log in again"),
    402: _example("INSUFFICIENT_CREDITS", "The job costs 50 credits; the balance is 20"),
    403: _example("FORBIDDEN", "Job limit reached for this month"),
    404: _example("NOT_FOUND", "Job not found"),
    409: _example("CONFLICT", "This Idempotency-Key was used with another request"),
    413: _example("PAYLOAD_TOO_LARGE", "The body is over 65536 bytes"),
    429: _example("RATE_LIMIT_EXCEEDED", "Too many failed log-ins; try again later"),
    500: _example("INTERNAL_ERROR", "Something went wrong here; request id 0d9a60f1"),
    422: _example("TARGET_REFUSED", "robots.txt forbids the page", field="target"),
    502: _example("TARGET_FAILED", "No whole answer within the time limits", field="target"),
    503: _example("UNAVAILABLE", "The database does not answer"),
}


_MEANING = {
    400: "The request is wrong; details names each bad field",
    401: "No valid credential",
    402: "The credits do not cover the job",
    403: "Not allowed, or a limit of the plan is reached",
    404: "No such object in this organization",
    409: "The object's state does not allow it",
    413: "The body is too large",
    429: "Too many requests; Retry-After says when to try again",
    500: "An error of the service; the message has a request id",
    422: "The marketplace does not give the page",
    502: "The page could not be fetched or read",
    503: "The database does not answer",
}
