"""Proxies in front of the service: whose ``X-Forwarded-*`` headers are believed, and what becomes of the others'."""

import ipaddress
from collections.abc import Callable, Iterable

import structlog
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

_FORWARDED = {b"x-forwarded-for", b"x-forwarded-proto", b"x-forwarded-host", b"forwarded"}
_UNNAMED = "unnamed_proxy"
_TOLD_AT_MOST = 20
"""Addresses that the log names: anybody can send such a header."""

_log = structlog.get_logger(__name__)


class Proxies:
    """ASGI middleware. Takes the client's address and scheme from a named proxy; marks requests of an unnamed one."""

    def __init__(self, app: ASGIApp, trusted: Callable[[], Iterable[str]]) -> None:
        hosts = list(trusted())  # with the first request: the application is also made without services, for its routes
        self._app = app
        self._believing = ProxyHeadersMiddleware(app, hosts)  # type: ignore[arg-type] # uvicorn's own names of the same types
        self._trusts_all = "*" in hosts
        self._networks = [ipaddress.ip_network(host) for host in hosts if host != "*"]
        self._told: set[str] = set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        peer = scope["client"][0] if scope.get("client") else ""
        if self._trusts(peer):
            await self._believing(scope, receive, send)  # type: ignore[arg-type] # the same
            return
        if any(name in _FORWARDED for name, _ in scope["headers"]):
            scope.setdefault("state", {})[_UNNAMED] = True
            self._tell(peer)
        await self._app(scope, receive, send)

    def _trusts(self, peer: str) -> bool:
        try:
            address = ipaddress.ip_address(peer)
        except ValueError:
            return self._trusts_all
        return self._trusts_all or any(address in network for network in self._networks)

    def _tell(self, peer: str) -> None:
        if peer in self._told or len(self._told) >= _TOLD_AT_MOST:
            return
        self._told.add(peer)
        _log.warning(
            "a proxy that AZSCRAPER_TRUSTED_PROXIES does not name sent X-Forwarded headers: they are ignored, and its"
            " clients can't be told apart",
            address=peer,
        )


def comes_from_unnamed_proxy(scope: Scope) -> bool:
    """Whether many clients may stand behind the address of this request."""
    return bool(scope.get("state", {}).get(_UNNAMED))
