"""One application for all tests of a process that have the same address and proxies: FastAPI works its routes out at the first request of each application, for half a second."""

from contextvars import ContextVar
from functools import cache
from typing import Any

from fastapi import FastAPI
from starlette.types import Receive, Scope, Send

from azscraper.web.app import make_app
from azscraper.web.deps import Services

_of_request: ContextVar[Services] = ContextVar("services")


class _Services:
    """Those of the request that is answered."""

    def __getattr__(self, name: str) -> Any:
        return getattr(_of_request.get(), name)


def plain() -> FastAPI:
    """Its routes and its document."""
    return _application(None, ())


@cache
def _application(_public_url: str | None, _trusted_proxies: tuple[str, ...]) -> FastAPI:
    """For services that have these, which it asks for once."""
    return make_app(_Services())  # type: ignore[arg-type]


class App:
    """The application as these services would have it."""

    def __init__(self, services: Services) -> None:
        self._services = services

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        _of_request.set(self._services)
        await _application(self._services.public_url, self._services.trusted_proxies)(scope, receive, send)
