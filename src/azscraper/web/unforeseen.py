"""Errors that nobody foresaw: in the log once, under an id that their answer names."""

import uuid

import structlog
from fastapi import FastAPI, Request, Response
from starlette.requests import ClientDisconnect

_CLIENT_LEFT = 499
"""As nginx counts requests whose client closed the connection before the answer."""
_log = structlog.get_logger(__name__)


def logged(request: Request, exc: Exception) -> str:
    """The id under which the error is in the log from now on.

    The dashboard is an application within the service's: both see its errors, so the id is kept with the request.
    """
    if not hasattr(request.state, "error_id"):
        request.state.error_id = uuid.uuid4().hex
        _log.error("unhandled error", request_id=request.state.error_id, path=request.url.path, exc_info=exc)
    return str(request.state.error_id)


def expect_who_leaves(app: FastAPI) -> None:
    """Anybody can hang up before the last byte of what is sent: that is no error of ours, and nobody reads an answer."""
    app.add_exception_handler(ClientDisconnect, _left)


async def _left(_request: Request, _exc: Exception) -> Response:
    return Response(status_code=_CLIENT_LEFT)
