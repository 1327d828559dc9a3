"""What browsers may do with answers: keep none, guess no type, frame nothing; and which hosts they may ask by."""

from collections.abc import Callable, Mapping
from typing import cast
from urllib.parse import urlsplit

import orjson
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

API_HEADERS = {
    "Cache-Control": "no-store",  # tokens, keys and a tenant's data
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",  # "no-referrer" would take the Origin from our own forms
}
DOCS_POLICY = (
    "default-src 'none'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "font-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
"""Of the API's reference page, whose library writes its script and its styles into the page."""
_HTTPS_ALONE = {"Strict-Transport-Security": "max-age=31536000"}
_LOOPBACK = {"localhost", "127.0.0.1", "::1"}
_FOR_MACHINES = {"/health", "/health/ready", "/metrics"}
"""Probes ask by whatever address they have."""


def api_headers(public_url: str | None) -> dict[str, str]:
    """Of each answer that does not bring its own."""
    return API_HEADERS | (_HTTPS_ALONE if (public_url or "").startswith("https:") else {})


class BrowserPolicy:
    """ASGI middleware that adds headers to each answer which does not bring its own."""

    def __init__(self, app: ASGIApp, headers: Callable[[], Mapping[str, str]]) -> None:
        self._app = app
        self._headers = headers()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Run the application; its answer's first message gets the headers."""

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, with_headers if scope["type"] == "http" else send)


class Hosts:
    """ASGI middleware: answers by the public name and this machine's own alone, so that no other name can be bound to it."""

    def __init__(self, app: ASGIApp, public_url: Callable[[], str | None]) -> None:
        self._app = app
        url = public_url()
        self._allowed = {cast("str", urlsplit(url).hostname)} | _LOOPBACK if url else None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or refuse it with 400."""
        checked = scope["type"] == "http" and self._allowed is not None and scope["path"] not in _FOR_MACHINES
        if checked and _name(Headers(scope=scope).get("host", "")) not in (self._allowed or ()):
            await _refusal()(scope, receive, send)
            return
        await self._app(scope, receive, send)


def _name(host: str) -> str | None:
    try:
        return urlsplit(f"//{host}").hostname
    except ValueError:
        return None


def _refusal() -> Response:
    message = "This host is not served here; open AZSCRAPER_PUBLIC_URL, and let your proxy pass the header Host on"
    details = [{"field": "Host", "message": message}]
    error = {"code": "VALIDATION_ERROR", "message": message, "details": details}
    return Response(orjson.dumps({"success": False, "error": error}), 400, media_type="application/json")
