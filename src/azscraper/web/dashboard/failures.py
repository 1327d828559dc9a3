"""Failures as pages; to a form that htmx sent, as an alert above it, so that nobody types anything twice."""

from urllib.parse import quote, urlsplit

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from azscraper.errors import Detail, RateLimitedError, ServiceError
from azscraper.store.db import SILENT
from azscraper.web import unforeseen
from azscraper.web.dashboard.headers import HEADERS
from azscraper.web.dashboard.language import marked as _
from azscraper.web.dashboard.render import is_fragment, render
from azscraper.web.dashboard.session import LoginRequiredError

_UNAUTHENTICATED = 401
_TOO_LARGE = 413
TOO_LARGE = _("A file or a list may have up to 16 MB, all other forms 64 KB. Send less at once.")


def add_handlers(app: FastAPI) -> None:
    """For every failure there is."""
    app.add_exception_handler(LoginRequiredError, _login_required)
    app.add_exception_handler(ServiceError, _service_error)
    app.add_exception_handler(RequestValidationError, _bad_address)
    app.add_exception_handler(HTTPException, _http_error)
    unforeseen.expect_who_leaves(app)
    app.add_exception_handler(Exception, _unforeseen)


async def _login_required(request: Request, _: Exception) -> Response:
    """To the log-in, and from there back; a page that is open stays so, because somebody may have typed into it."""
    if not is_fragment(request):
        here = _address(str(request.url)) if request.method == "GET" else _before(request)
        return Response(status_code=303, headers={"Location": f"/app/login?next={quote(here)}"})
    here = _address(request.headers.get("hx-current-url", ""))
    response = render(request, "_ended.html", answer=_UNAUTHENTICATED, url=f"/app/login?next={quote(here)}")
    response.headers["HX-Retarget"] = "#connection"
    response.headers["HX-Reswap"] = "innerHTML"
    return response


def _before(request: Request) -> str:
    """Where the form was that the browser sent by itself."""
    here = _address(request.headers.get("referer", ""))
    return here if here.startswith("/app/") else "/app/projects"


def _address(url: str) -> str:
    """Path and query, without the site."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return "/app/projects"
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


async def _service_error(request: Request, exc: Exception) -> Response:
    assert isinstance(exc, ServiceError)  # noqa: S101 - registered for it
    readiness = request.app.state.services.readiness
    if exc.message == SILENT and readiness is not None:
        readiness.suspect()
    response = failure(request, request.app.state.statuses[exc.code], exc.message, exc.details)
    if isinstance(exc, RateLimitedError):
        response.headers["Retry-After"] = str(exc.retry_after_seconds)
    return response


async def _bad_address(request: Request, _: Exception) -> Response:
    """A query or path that no page of ours leads to."""
    return failure(request, 404, None)


async def _http_error(request: Request, exc: Exception) -> Response:
    assert isinstance(exc, HTTPException)  # noqa: S101 - registered for it
    return failure(request, exc.status_code, TOO_LARGE if exc.status_code == _TOO_LARGE else None)


async def _unforeseen(request: Request, exc: Exception) -> Response:
    response = failure(request, 500, None, request_id=unforeseen.logged(request, exc))
    response.headers.update(HEADERS)  # such an answer comes from outside of the middleware that adds them
    return response


def failure(
    request: Request,
    status: int,
    message: str | None,
    details: tuple[Detail, ...] = (),
    *,
    request_id: str | None = None,
) -> Response:
    """The page, or the alert, of a failure; without a message the page's own words for the status."""
    template = "_alert.html" if is_fragment(request) else "error.html"
    response = render(
        request, template, answer=status, status=status, message=message, details=details, request_id=request_id
    )
    if not is_fragment(request):
        return response
    response.headers["HX-Retarget"] = "#alert"
    response.headers["HX-Reswap"] = "innerHTML"
    return response
