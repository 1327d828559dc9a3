"""Limits on what comes in, before any of it is read as JSON."""

import orjson
from fastapi import Request, Response
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

MAX_BODY_BYTES = 16 * 1024 * 1024
"""api.md, Jobs: 100,000 targets of 100 characters and some room."""


class BodyLimit:
    """Refuses a body over the limit, by its announced length or as soon as more has come."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Run the application on the limited body."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        received = 0

        async def limited() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > MAX_BODY_BYTES:
                raise HTTPException(413, f"The body is over {MAX_BODY_BYTES} bytes")  # FastAPI lets no other through
            return message

        await self._app(scope, limited, send)


class StrictJson(APIRoute):
    """Reads bodies by RFC 8259 alone: no NaN, no lone surrogates, no duplicate decoding by guess."""

    def get_route_handler(self):  # type: ignore[no-untyped-def] # noqa: ANN201, D102 - FastAPI's own signature
        handler = super().get_route_handler()

        async def strict(request: Request) -> Response:
            return await handler(_StrictRequest(request.scope, request.receive))

        return strict


class _StrictRequest(Request):
    async def json(self) -> object:
        return orjson.loads(await self.body())
