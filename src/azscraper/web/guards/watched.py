"""Every request counted, timed and traced, by its route and not by its path; refused ones are in the log."""

import asyncio
import time

import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from azscraper import metrics, tracing

_REFUSED = {"401", "403", "429"}
_LINES_A_MINUTE = 300

_log = structlog.get_logger(__name__)


class Watched:
    """ASGI middleware. Streams count until their last byte."""

    def __init__(self, app: ASGIApp, *, cut_off: ASGIApp) -> None:
        """``cut_off`` answers what the end of the process cuts off: the server's own answer would be a bare 500."""
        self._app = app
        self._cut_off = cut_off
        self._refusals = _Refusals()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began, status, has_begun = time.monotonic(), "500", False

        async def watch(message: Message) -> None:
            nonlocal status, has_begun
            if message["type"] == "http.response.start":
                status, has_begun = str(message["status"]), True
            await send(message)

        try:
            with tracing.span(f"{scope['method']} {scope['path']}"):
                await self._app(scope, receive, watch)
        except asyncio.CancelledError:
            if has_begun:
                raise
            await self._cut_off(scope, receive, watch)
        finally:
            route = getattr(scope.get("route"), "path", "")  # unknown paths share one label: anybody can make them up
            metrics.REQUESTS.labels(scope["method"], route, status).observe(time.monotonic() - began)
            if status in _REFUSED:
                self._refusals.log(scope, route, int(status))


class _Refusals:
    """Lines about refused requests, for fail2ban and the like: anybody can cause them, so each minute has so many."""

    def __init__(self) -> None:
        self._minute, self._lines, self._left_out = 0, 0, 0

    def log(self, scope: Scope, route: str, status: int) -> None:
        minute = int(time.monotonic() // 60)
        if minute != self._minute:
            if self._left_out:
                _log.warning("more requests were refused than the log names", left_out=self._left_out)
            self._minute, self._lines, self._left_out = minute, 0, 0
        if self._lines >= _LINES_A_MINUTE:
            self._left_out += 1
            return
        self._lines += 1
        address = scope["client"][0] if scope.get("client") else None
        path = scope.get("root_path", "") + route
        _log.info("request refused", status=status, method=scope["method"], route=path, address=address)
