"""Errors that nobody foresaw: in the log once, under an id that their answer names."""

import uuid

import structlog
from fastapi import Request

_log = structlog.get_logger(__name__)


def logged(request: Request, exc: Exception) -> str:
    """The id under which the error is in the log from now on.

    The dashboard is an application within the service's: both see its errors, so the id is kept with the request.
    """
    if not hasattr(request.state, "error_id"):
        request.state.error_id = uuid.uuid4().hex
        _log.error("unhandled error", request_id=request.state.error_id, path=request.url.path, exc_info=exc)
    return str(request.state.error_id)
