"""The header Idempotency-Key: routes that create ask for the answer there was, and have theirs kept."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Header, Request, Response

from azscraper.store.db import Conn
from azscraper.tenants import idempotency
from azscraper.tenants.idempotency import Answer, Key
from azscraper.web.deps import AnyCaller, Services, ServicesDep
from azscraper.web.guards import limits
from azscraper.wire.base import Wire

_REPLAYED = {"Idempotent-Replayed": "true"}


@dataclass(frozen=True, slots=True)
class Once:
    """A request that is to have its effect once; without the header, one like any other."""

    key: Key | None
    services: Services

    async def answered(self, conn: Conn) -> Response | None:
        """The first answer to this request, None when it is the first. Raises ConflictError for another request."""
        kept = await self.kept(conn)
        return _response(kept, replayed=True) if kept else None

    async def kept(self, conn: Conn) -> Answer | None:
        """What was kept of the first answer, None when it is the first. Raises ConflictError for another request."""
        if self.key is None:
            return None
        return await idempotency.claim(conn, self.key, now=self.services.clock())

    async def answer(self, conn: Conn, body: Wire, *, exclude_none: bool = False, kept: Wire | None = None) -> Response:
        """201 with the body; it, or ``kept`` in its stead, is kept in the caller's transaction."""
        if self.key is not None:
            await idempotency.keep(conn, self.key, _answer(kept or body, exclude_none=exclude_none))
        return _response(_answer(body, exclude_none=exclude_none))


def _answer(body: Wire, *, exclude_none: bool) -> Answer:
    return Answer(201, body.model_dump_json(by_alias=True, exclude_none=exclude_none).encode())


def _response(answer: Answer, *, replayed: bool = False) -> Response:
    return Response(answer.body, answer.status, _REPLAYED if replayed else None, "application/json")


def again(body: Wire) -> Response:
    """The first answer, put together anew from what was kept of it."""
    return _response(_answer(body, exclude_none=False), replayed=True)


async def _once(
    request: Request,
    caller: AnyCaller,
    services: ServicesDep,
    idempotency_key: Annotated[
        str | None,
        Header(
            min_length=1,
            max_length=255,
            description="For 24 hours, the same key and request get the first response again; another request gets 409",
        ),
    ] = None,
) -> Once:
    if idempotency_key is None:
        return Once(None, services)
    # a key's requests are kept apart: it must not be answered what a user, or another project's key, was
    route = f"{caller.project_id or ''} {request.method} {request.url.path}".strip()
    body = await request.body()
    fingerprint = await limits.off_loop(request, idempotency.fingerprint, request.url.query, body)
    return Once(Key(caller.organization_id, route, idempotency_key, fingerprint), services)


OnceDep = Annotated[Once, Depends(_once)]
