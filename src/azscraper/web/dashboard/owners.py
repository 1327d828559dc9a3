"""Whose it is what an address names: of which project, and that strangers find nothing before a form of theirs is read."""

from collections.abc import Mapping
from typing import LiteralString, cast

from fastapi import Request

from azscraper.errors import NotFoundError
from azscraper.store.db import Conn, scalar, transaction
from azscraper.tenants import projects
from azscraper.tenants.principal import Principal
from azscraper.web.dashboard.session import visitor
from azscraper.web.deps import Services

_OF_ONE: LiteralString = "SELECT project_id FROM {} WHERE id = %s AND organization_id = %s"
_WHOSE: Mapping[str, LiteralString] = {
    "job_id": _OF_ONE.format("jobs"),
    "list_id": _OF_ONE.format("lists"),
    "schedule_id": _OF_ONE.format("schedules"),
    "webhook_id": _OF_ONE.format("webhooks"),
    "alert_id": _OF_ONE.format("alerts"),
    "channel_id": _OF_ONE.format("channels"),
}
"""By a path's parameter, the query for the project that the named object is of."""


async def project_of(conn: Conn, principal: Principal, named: Mapping[str, str]) -> str:
    """The project's id; empty of pages that are of no project, and of what belongs to others."""
    if "project_id" in named:
        return named["project_id"]
    name = next((name for name in _WHOSE if name in named), None)
    if name is None:
        return ""
    return await scalar(conn, str, _WHOSE[name], [named[name], principal.organization_id]) or ""


async def require(request: Request) -> None:
    """Before a form is read: the project, or the object of one, is the user's. Raises NotFoundError."""
    named = request.path_params
    is_of_project = "project_id" in named or any(name in named for name in _WHOSE)
    session = await visitor(request) if request.method == "POST" and is_of_project else None
    if session is None:
        return
    services = cast("Services", request.app.state.services)
    async with transaction(services.pool) as conn:
        project_id = await project_of(conn, session.principal, named)
        if not project_id:
            raise NotFoundError("There is nothing here")
        await projects.get(conn, session.principal, project_id)
