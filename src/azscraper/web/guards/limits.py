"""Limits on what comes in: the credential is asked for first, then no more of the body is read than the route takes."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AbstractContextManager, nullcontext
from typing import ParamSpec, Protocol, TypeVar, cast

import orjson
from fastapi import Request, Response
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException
from starlette.types import Message, Receive

from azscraper.web.deps import Services, caller
from azscraper.web.warnings import unknown_keys, warn, warned

P = ParamSpec("P")
T = TypeVar("T")
Endpoint = TypeVar("Endpoint", bound=Callable[..., object])
_Handler = Callable[[Request], Awaitable[Response]]

MAX_BODY_BYTES = 16 * 1024 * 1024
"""Of routes that take lists of targets: 100,000 targets of 100 characters and some room."""
SMALL_BODY_BYTES = 64 * 1024
"""Of all other routes. A body up to this size is also parsed at once: that takes less than a millisecond."""
LOGIN_BODY_BYTES = 8 * 1024
"""Of routes that anybody may call: a name, an address and a password, each at its longest and escaped."""
_MOST_LISTS = 250_000
_MOST_MEMBERS = 500_000
_MOST_ITEMS = 1_000_000
"""Brackets, colons and commas in a body. The longest list of targets has a few of each per target. A million empty lists
take seconds to make, in which no other thread runs; four million short texts take 300 MB."""


class _Who(Protocol):
    @property
    def organization_id(self) -> str: ...


def takes(most: int) -> Callable[[Endpoint], Endpoint]:
    """Mark an endpoint whose body may have another size than ``SMALL_BODY_BYTES``."""

    def mark(endpoint: Endpoint) -> Endpoint:
        endpoint.most_body_bytes = most  # type: ignore[attr-defined] # read by guarded
        return endpoint

    return mark


def guarded(
    handler: _Handler, route: APIRoute, credential: Callable[[Request], Awaitable[_Who]], kind: type[Request]
) -> _Handler:
    """The handler behind both checks: it gets a request of that kind, and reads the body only when it asks for it.

    ``credential`` is the dependency that routes with a credential have; it needs the headers alone.
    """
    most = getattr(route.endpoint, "most_body_bytes", SMALL_BODY_BYTES)
    closed = _depends_on(route.dependant, credential)

    async def asks_first(request: Request) -> Response:
        who = await credential(request) if closed else None
        with _place(request, who):
            return await handler(kind(request.scope, _limited(request, most)))

    return asks_first


def _place(request: Request, who: _Who | None) -> AbstractContextManager[None]:
    """Held while a body that may be large is in memory: some for each organization, not for each connection."""
    small = int(announced) <= SMALL_BODY_BYTES if (announced := _announced(request)) else not _is_chunked(request)
    if small or who is None:
        return nullcontext()
    return cast("Services", request.app.state.services).large_bodies.taken(who.organization_id)


def _is_chunked(request: Request) -> bool:
    return "transfer-encoding" in request.headers


def _announced(request: Request) -> str:
    announced = request.headers.get("content-length", "")
    return announced if announced.isdecimal() else ""


def _depends_on(dependant: Dependant, call: Callable[..., object]) -> bool:
    return dependant.call is call or any(_depends_on(below, call) for below in dependant.dependencies)


def _limited(request: Request, most: int) -> Receive:
    """The body, if it is announced with at most so many bytes; what comes beyond them is refused as well."""
    if int(_announced(request) or 0) > most:
        raise _too_large(most)
    received = 0

    async def receive() -> Message:
        nonlocal received
        message = await request.receive()
        received += len(message.get("body", b""))
        if received > most:
            raise _too_large(most)
        return message

    return receive


def _too_large(most: int) -> HTTPException:
    return HTTPException(413, f"The body is over {most} bytes")  # FastAPI lets no other exception through


async def off_loop(request: Request, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """What reading a large body returns: done in a thread, two at a time in this process."""
    async with cast("Services", request.app.state.services).parsing:
        return await asyncio.to_thread(work, *args, **kwargs)


class StrictJson(APIRoute):
    """Guards a route of the API, looks at its query, and reads bodies by RFC 8259 alone: no NaN, no lone surrogates, no decoding by guess."""

    def get_route_handler(self):  # type: ignore[no-untyped-def] # noqa: ANN201, D102 - FastAPI's own signature
        return guarded(warned(super().get_route_handler(), self), self, caller, _StrictRequest)


class _StrictRequest(Request):
    async def json(self) -> object:
        body = await self.body()
        parsed = orjson.loads(body) if len(body) <= SMALL_BODY_BYTES else await off_loop(self, _parsed, body)
        warn(self, unknown_keys(parsed, self.scope["route"]))
        return parsed


def _parsed(body: bytes) -> object:
    if body.count(b"[") + body.count(b"{") > _MOST_LISTS or body.count(b":") > _MOST_MEMBERS:
        raise HTTPException(400, "The body holds more lists and objects than any list of targets needs")
    if body.count(b",") > _MOST_ITEMS:
        raise HTTPException(400, "The body holds more items than any list of targets needs")
    return orjson.loads(body)
