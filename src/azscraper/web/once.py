"""The header Idempotency-Key: routes that create ask for the answer there was, and have theirs kept."""

import asyncio
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Header, Request, Response

from azscraper import idempotency
from azscraper.db import Conn
from azscraper.idempotency import Answer, Key
from azscraper.web.deps import KeyCaller, Services, ServicesDep
from azscraper.web.schemas import Wire


@dataclass(frozen=True, slots=True)
class Once:
    """A request that is to have its effect once; without the header, one like any other."""

    key: Key | None
    services: Services

    async def answered(self, conn: Conn) -> Response | None:
        """The first answer to this request, None when it is the first. Raises ConflictError for another request."""
        if self.key is None:
            return None
        answer = await idempotency.claim(conn, self.key, now=self.services.clock())
        return _response(answer, {"Idempotent-Replayed": "true"}) if answer else None

    async def answer(self, conn: Conn, body: Wire) -> Response:
        """201 with the body; kept in the caller's transaction."""
        answer = Answer(201, body.model_dump_json(by_alias=True, exclude_none=True).encode())
        if self.key is not None:
            await idempotency.keep(conn, self.key, answer)
        return _response(answer)


def _response(answer: Answer, headers: dict[str, str] | None = None) -> Response:
    return Response(answer.body, answer.status, headers, "application/json")


async def _once(
    request: Request,
    caller: KeyCaller,
    services: ServicesDep,
    idempotency_key: Annotated[
        str | None,
        Header(
            min_length=1,
            max_length=255,
            description="The same key and request get the first answer again for 24 hours; another request is 409",
        ),
    ] = None,
) -> Once:
    if idempotency_key is None:
        return Once(None, services)
    route = f"{request.method} {request.url.path}"
    # 16 MiB take a moment: others must not wait for it
    fingerprint = await asyncio.to_thread(idempotency.fingerprint, request.url.query, await request.body())
    return Once(Key(caller.organization_id, route, idempotency_key, fingerprint), services)


OnceDep = Annotated[Once, Depends(_once)]
