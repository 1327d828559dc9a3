"""One application for all tests of a process: FastAPI works its routes out at the first request of each application, for half a second."""

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


@cache
def _application() -> FastAPI:
    return make_app(_Services())  # type: ignore[arg-type]


class App:
    """The application as these services would have it, but for its hosts and its proxies, which it asks for once."""

    def __init__(self, services: Services) -> None:
        self._services = services

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        _of_request.set(self._services)
        await _application()(scope, receive, send)
