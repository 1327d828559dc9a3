"""The application, assembled in one place: routes, limits, and one error envelope for every failure there is."""

import threading
from collections.abc import Mapping
from importlib import resources
from typing import Any

import orjson
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.openapi.docs import get_swagger_ui_html
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from fastapi.staticfiles import StaticFiles
from starlette.exceptions import HTTPException
from starlette.routing import Match, Route
from starlette_compress import CompressMiddleware, add_compress_type

import azscraper
from azscraper import errors
from azscraper.errors import Detail, ServiceError
from azscraper.kinds.registry import kinds
from azscraper.records.options import elsewhere
from azscraper.web import unforeseen
from azscraper.web.api import (
    about,
    admin,
    alerts,
    api_keys,
    ask,
    audit,
    auth,
    channels,
    events,
    health,
    history,
    invitations,
    jobs,
    keywords,
    list_tables,
    lists,
    me,
    metrics,
    pages,
    products,
    projects,
    referrals,
    results,
    rows,
    schedules,
    sellers,
    usage,
    webhooks,
)
from azscraper.web.dashboard import make_dashboard
from azscraper.web.deps import Services
from azscraper.web.guards.browsers import API_HEADERS, DOCS_POLICY, BrowserPolicy, Hosts, api_headers
from azscraper.web.guards.proxies import Proxies
from azscraper.web.guards.watched import Watched
from azscraper.web.openapi import document
from azscraper.wire.requests import in_words

STATUS_OF_CODE = {
    "VALIDATION_ERROR": 400,
    "UNAUTHORIZED": 401,
    "INSUFFICIENT_CREDITS": 402,
    "FORBIDDEN": 403,
    "NOT_FOUND": 404,
    "METHOD_NOT_ALLOWED": 405,
    "CONFLICT": 409,
    "PAYLOAD_TOO_LARGE": 413,
    "RATE_LIMIT_EXCEEDED": 429,
    "TARGET_REFUSED": 422,
    "INTERNAL_ERROR": 500,
    "TARGET_FAILED": 502,
    "UNAVAILABLE": 503,
}
_GZIP_LEVEL = 1
"""Level 4 packs a quarter better and costs half as much again; clients that take Zstandard get that, which costs least."""
_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
_CODE_OF_STATUS = {status: code for code, status in STATUS_OF_CODE.items()}
_RETRY_AFTER_SECONDS = 5
"""What a client is told while the database does not answer: about a restart of PostgreSQL."""


_DOCUMENTS: dict[tuple[str, ...], dict[str, Any]] = {}
"""By the kinds of pages that there are."""
_DOCUMENT_LOCK = threading.Lock()


class _Application(FastAPI):
    def openapi(self) -> dict[str, Any]:
        """The document, finished by what FastAPI can't know. It says nothing of the services, and takes a second: made once a process."""
        names = tuple(kinds())
        with _DOCUMENT_LOCK:
            if names not in _DOCUMENTS:
                _DOCUMENTS[names] = document.finish(super().openapi())
        return _DOCUMENTS[names]


for _kind in ("application/x-ndjson", "text/csv"):
    add_compress_type(_kind)


def make_app(services: Services) -> FastAPI:
    """The HTTP service."""
    app = _Application(
        title="AzScraper",
        version=azscraper.__version__,
        description="Self-hosted Amazon data service: post crawl jobs, get clean, typed rows back.",
        openapi_url=None,  # served below
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,  # a redirect would name the host that the request named
        contact={"name": "AzScraper", "url": "https://github.com/azscraper/azscraper"},
        license_info={"name": "Apache-2.0", "identifier": "Apache-2.0"},
    )
    app.state.services = services
    for part in (
        health,
        metrics,
        about,
        auth,
        me,
        projects,
        jobs,
        ask,
        results,
        pages,
        rows,
        events,
        schedules,
        lists,
        list_tables,
        webhooks,
        channels,
        alerts,
        history,
        keywords,
        sellers,
        products,
        usage,
        referrals,
    ):
        app.include_router(part.router)
    for part in (api_keys, audit, admin, invitations):
        app.include_router(part.router)
    app.include_router(api_keys.router, prefix="/private", include_in_schema=False)
    _add_docs(app)
    dashboard = make_dashboard(services, STATUS_OF_CODE)
    app.mount("/app", dashboard)
    app.router.routes.append(Route("/", dashboard, methods=["GET"]))  # its landing page
    app.router.routes.append(Route("/app", RedirectResponse("/app/", 307)))
    app.add_middleware(CompressMiddleware, brotli=False, gzip_level=_GZIP_LEVEL)
    app.add_middleware(Hosts, public_url=lambda: services.public_url)
    app.add_middleware(BrowserPolicy, headers=lambda: api_headers(services.public_url))
    app.add_middleware(Watched, cut_off=_cut_off())
    app.add_middleware(Proxies, trusted=lambda: services.trusted_proxies)
    app.add_exception_handler(ServiceError, _service_error)
    app.add_exception_handler(RequestValidationError, _validation_error)
    app.add_exception_handler(HTTPException, _http_error)
    unforeseen.expect_who_leaves(app)
    app.add_exception_handler(Exception, _unforeseen)
    return app


def _add_docs(app: FastAPI) -> None:
    assets = resources.files("fastapi_swagger") / "resources"
    files = BrowserPolicy(StaticFiles(directory=str(assets)), lambda: {"Cache-Control": "no-cache"})
    app.mount("/static/swagger", files)

    @app.get("/openapi.json", include_in_schema=False)
    def openapi() -> Response:
        """In a thread: other requests go on while the first one is made."""
        return Response(orjson.dumps(app.openapi()), media_type="application/json")

    @app.get("/api/docs", include_in_schema=False)
    async def docs() -> HTMLResponse:
        page = get_swagger_ui_html(
            openapi_url="/openapi.json",
            title="AzScraper API",
            swagger_js_url="/static/swagger/swagger-ui-bundle.js",
            swagger_css_url="/static/swagger/swagger-ui.css",
            swagger_favicon_url="/static/swagger/favicon-32x32.png",
        )
        page.headers["Content-Security-Policy"] = DOCS_POLICY
        return page


def envelope(
    code: str, message: str, details: tuple[Detail, ...] = (), headers: dict[str, str] | None = None
) -> Response:
    """The one error answer."""
    body = {
        "success": False,
        "error": {
            "code": code,
            "message": message,
            "details": [
                {"field": detail.field, "message": detail.message} | ({"code": detail.code} if detail.code else {})
                for detail in details
            ],
        },
    }
    return Response(orjson.dumps(body), STATUS_OF_CODE[code], headers, "application/json")


def _cut_off() -> Response:
    retry = {"Retry-After": str(_RETRY_AFTER_SECONDS), "Connection": "close"}
    return envelope("UNAVAILABLE", "This process of the service ends; ask again", headers=retry)


async def _service_error(request: Request, exc: Exception) -> Response:
    assert isinstance(exc, ServiceError)  # noqa: S101 - registered for it
    headers = {}
    if hasattr(request.state, "asked_job"):
        headers["X-Job-Id"] = request.state.asked_job
    if isinstance(exc, errors.RateLimitedError):
        headers["Retry-After"] = str(exc.retry_after_seconds)
    if isinstance(exc, errors.UnavailableError):
        headers["Retry-After"] = str(_RETRY_AFTER_SECONDS)
    if isinstance(exc, errors.UnauthenticatedError):
        headers["WWW-Authenticate"] = "Bearer"
    return envelope(exc.code, exc.message, exc.details, headers)


async def _validation_error(request: Request, exc: Exception) -> Response:
    assert isinstance(exc, RequestValidationError)  # noqa: S101 - registered for it
    details = tuple(Detail(_field(error["loc"]), in_words(error) + _sent_as(request, error)) for error in exc.errors())
    first = details[0]
    return envelope("VALIDATION_ERROR", f"{first.field}: {first.message}", details)


def _sent_as(request: Request, error: Mapping[str, Any]) -> str:
    """That the parameter which is missing was sent under the name that other services have for it."""
    if error["type"] != "missing" or error["loc"][0] != "query":
        return ""
    sent = next((name for name in request.query_params if elsewhere(name) == error["loc"][-1]), None)
    return f"; {sent!r} is called {error['loc'][-1]!r} here" if sent else ""


def _field(location: tuple[int | str, ...]) -> str:
    """``targets.0`` of ``("body", "targets", 0)``; the body itself is ``body``."""
    where = [str(part) for part in location[1:]] or ["body"]
    return ".".join(where) if location[0] != "body" or not _is_offset(location) else "body"


def _is_offset(location: tuple[int | str, ...]) -> bool:
    """Malformed JSON is reported at a place in the text, not at a field."""
    return len(location) == 2 and isinstance(location[1], int)  # noqa: PLR2004 - "body" and the offset


async def _http_error(request: Request, exc: Exception) -> Response:
    assert isinstance(exc, HTTPException)  # noqa: S101 - registered for it
    if exc.status_code == 405:  # noqa: PLR2004 - Method Not Allowed
        exc.headers = {"Allow": ", ".join(_allowed(request))}
    code = _CODE_OF_STATUS.get(exc.status_code, "VALIDATION_ERROR")
    message = {404: "No such route", 405: "This route does not take that method"}.get(exc.status_code, str(exc.detail))
    return envelope(code, message, headers=dict(exc.headers or {}))


def _allowed(request: Request) -> list[str]:
    """Every method of this path (RFC 9110, 15.5.6): Starlette tells those of the first route that fits alone."""
    app: FastAPI = request.app
    tries = {method: {**request.scope, "method": method} for method in _METHODS}
    return [method for method, scope in tries.items() if any(r.matches(scope)[0] is Match.FULL for r in app.routes)]


async def _unforeseen(request: Request, exc: Exception) -> Response:
    return envelope(
        "INTERNAL_ERROR",
        f"Something went wrong here; request id {unforeseen.logged(request, exc)}",
        headers=API_HEADERS,
    )
