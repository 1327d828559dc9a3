"""Every request counted, timed and traced, by its route and not by its path."""

import time

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from azscraper import metrics, tracing


class Watched:
    """ASGI middleware. Streams count until their last byte."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began, status = time.monotonic(), "500"

        async def watch(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = str(message["status"])
            await send(message)

        try:
            with tracing.span(f"{scope['method']} {scope['path']}"):
                await self._app(scope, receive, watch)
        finally:
            route = getattr(scope.get("route"), "path", "")  # unknown paths share one label: anybody can make them up
            metrics.REQUESTS.labels(scope["method"], route, status).observe(time.monotonic() - began)
