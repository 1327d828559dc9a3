"""A project's API keys; a new one is shown once."""

import os

from fastapi import APIRouter, Request, Response

from azscraper.store.db import transaction
from azscraper.tenants import api_keys, credentials, projects
from azscraper.web.dashboard.forms import read, text
from azscraper.web.dashboard.render import go, render, show_once
from azscraper.web.dashboard.session import Form, PageRoute, User_
from azscraper.web.deps import ServicesDep
from azscraper.web.guards import origin
from azscraper.wire.requests import NewApiKey

router = APIRouter(route_class=PageRoute)


@router.get("/projects/{project_id}/api-keys")
async def list_keys(request: Request, project_id: str, session: User_, services: ServicesDep) -> Response:
    """The project's keys, and the form of a new one."""
    async with transaction(services.pool) as conn:
        project = await projects.get(conn, session.principal, project_id)
        found = await api_keys.find_all(conn, session.principal, project_id)
    return render(request, "api_keys.html", project=project, keys=found)


@router.post("/projects/{project_id}/api-keys")
async def create_key(request: Request, project_id: str, form: Form, session: User_, services: ServicesDep) -> Response:
    """Make a key; the answer shows it, and nothing will show it again."""
    body = read(NewApiKey, {"name": text(form, "name")})
    key = credentials.new_key(os.urandom(credentials.KEY_BYTES))
    async with transaction(services.pool) as conn:
        project = await projects.get(conn, session.principal, project_id)
        await api_keys.create(conn, session.principal, project_id, name=body.name, key=key)
    next_ = f"/app/projects/{project_id}/api-keys"
    return show_once(request, project=project, kind="key", secret=key, next_=next_, origin=origin.of(request))


@router.post("/projects/{project_id}/api-keys/{key_id}")
async def change_key(
    *, request: Request, project_id: str, key_id: str, form: Form, session: User_, services: ServicesDep
) -> Response:
    """Disable, enable or delete."""
    action = text(form, "action")
    async with transaction(services.pool) as conn:
        if action == "delete":
            await api_keys.delete(conn, session.principal, project_id, key_id=key_id)
        else:
            await api_keys.change(
                conn, session.principal, project_id, key_id=key_id, name=None, disabled=action == "disable"
            )
    return go(request, f"/app/projects/{project_id}/api-keys", notice="deleted" if action == "delete" else "saved")
