"""Projects: all of them, and one with what changed and its jobs."""

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from azscraper.jobs import labels
from azscraper.jobs.labels import Filter
from azscraper.operate import demo_projects
from azscraper.store.db import transaction
from azscraper.tenants import projects
from azscraper.tracking import overviews
from azscraper.web.api import projects as api
from azscraper.web.dashboard.forms import number, read, text
from azscraper.web.dashboard.once import OnceDep
from azscraper.web.dashboard.render import PageNumber, go, render
from azscraper.web.dashboard.session import Form, PageRoute, User_
from azscraper.web.deps import ServicesDep
from azscraper.wire.requests import NewProject, ProjectChange
from azscraper.words import JobStatus, JobType

router = APIRouter(route_class=PageRoute)

_PAGE = 25
_A_DAY = timedelta(days=1)
_CHANGES = 30
_LAST_JOBS = 6
_NOTICES = 5
_CARDS = 8
_TREND = timedelta(days=30)
_MOST_OF_TREND = 200
"""Products of a list whose prices are looked at for its card."""


@router.get("/projects")
async def list_projects(request: Request, session: User_, services: ServicesDep) -> Response:
    """The organization's projects, open ones first."""
    async with transaction(services.pool) as conn:
        found = await projects.find_all(conn, session.principal)
        summaries = await overviews.summaries(conn, session.principal)
    found.sort(key=lambda project: project.archived)
    return render(request, "projects.html", projects=found, summaries=summaries)


@router.post("/projects")
async def create_project(
    request: Request, form: Form, session: User_, services: ServicesDep, once: OnceDep
) -> Response:
    """Make a project, and go there."""
    body = read(NewProject, {"name": text(form, "name")})
    async with transaction(services.pool) as conn:
        if (url := await once.led_to(conn)) is None:
            project = await projects.create(conn, session.principal, body.name)
            url = await once.leads_to(conn, f"/app/projects/{project.id}")
    return go(request, url)


@router.get("/projects/{project_id}/jobs")
async def list_jobs(
    *,
    request: Request,
    project_id: str,
    session: User_,
    services: ServicesDep,
    status: JobStatus | None = None,
    type: JobType | None = None,  # noqa: A002 - the parameter's name in addresses
    q: Annotated[str, Query(max_length=120)] = "",
    tag: Annotated[str, Query(max_length=40)] = "",
    page: PageNumber = 1,
) -> Response:
    """The project's jobs, newest first."""
    async with transaction(services.pool) as conn:
        project = await projects.get(conn, session.principal, project_id)
        wanted = Filter(status, type, q.replace("\0", "").strip(), tag.replace("\0", "") or None)
        found = await labels.find_slice(
            conn, session.principal, project_id, wanted, limit=_PAGE, offset=_PAGE * (page - 1)
        )
        first = await overviews.first_targets(conn, [job.id for job in found.items])
    return render(
        request,
        "jobs.html",
        first=first,
        project=project,
        jobs=found.items,
        total=found.total,
        page=page,
        pages=found.pages(_PAGE),
        status=status,
        type=type,
        q=q,
        tag=tag,
        statuses=list(JobStatus),
    )


@router.get("/projects/{project_id}/settings")
async def project_settings(request: Request, project_id: str, session: User_, services: ServicesDep) -> Response:
    """Name and archive."""
    async with transaction(services.pool) as conn:
        project = await projects.get(conn, session.principal, project_id)
    return render(request, "project_settings.html", project=project)


@router.post("/projects/{project_id}/settings")
async def change_project(
    request: Request, project_id: str, form: Form, session: User_, services: ServicesDep
) -> Response:
    """Rename, archive or reopen, delete a demonstration; set from where on the project is told of a product's change."""
    action = text(form, "action")
    if action == "delete":
        async with transaction(services.pool) as conn:
            await demo_projects.delete(conn, session.principal, project_id)
        return go(request, "/app/projects", notice="deleted")
    if action in {"archive", "reopen"}:
        body = ProjectChange(archived=action == "archive")
    elif action == "sellers":
        names = [name for line in text(form, "own_sellers").splitlines() if (name := line.strip())]
        body = read(ProjectChange, {"own_sellers": names})
    elif action == "thresholds":
        body = read(ProjectChange, {"change_thresholds": number(form, "price_percent") | number(form, "rating")})
    else:
        body = read(ProjectChange, {"name": text(form, "name")})
    await api.change_project(project_id, body, session.principal, services)
    notice = {"archive": "archived", "reopen": "reopened"}.get(action, "saved")
    return go(request, f"/app/projects/{project_id}/settings", notice=notice)
