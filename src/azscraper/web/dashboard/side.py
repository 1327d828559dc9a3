"""The bar at the side: the projects to change to, what the project of the page has and what is new; the way to any of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, cast

from fastapi import APIRouter, Query, Request, Response

from azscraper.store.db import transaction
from azscraper.tenants import projects
from azscraper.tenants.projects import Project
from azscraper.tracking import morning, overviews
from azscraper.tracking.alerts import notices
from azscraper.tracking.overviews import Contents
from azscraper.web.dashboard import owners
from azscraper.web.dashboard.render import is_fragment, render
from azscraper.web.dashboard.session import PageRoute, User_, visitor
from azscraper.web.deps import Services, ServicesDep

router = APIRouter(route_class=PageRoute)

_A_DAY = timedelta(days=1)
_MOST_FOUND = 6
"""Of each kind of thing."""


@dataclass(frozen=True, slots=True)
class Side:
    """What the bar shows beside the page's own project."""

    projects: Sequence[Project]
    contents: Contents


async def find(request: Request) -> None:
    """For whole pages of a user: kept in ``request.state.side``, where ``page.html`` finds it."""
    session = await visitor(request) if request.method == "GET" and not is_fragment(request) else None
    if session is None:
        return
    services = cast("Services", request.app.state.services)
    async with transaction(services.pool) as conn:
        project_id = await owners.project_of(conn, session.principal, request.path_params)
        request.state.side = Side(
            await projects.find_all(conn, session.principal, archived=False),
            await overviews.contents(conn, session.principal, project_id),
        )


@router.get("/projects/{project_id}/news")
async def show_news(request: Request, project_id: str, session: User_, services: ServicesDep) -> Response:
    """The number at the bell, and beside each list how much changed since yesterday."""
    async with transaction(services.pool) as conn:
        unread = await notices.count_unread(conn, session.principal, project_id)
        moved = await morning.count_by_list(conn, project_id, since=services.clock() - _A_DAY)
    return render(request, "_news.html", unread=unread, moved=moved)


@router.get("/projects/{project_id}/find")
async def jump(
    *,
    request: Request,
    project_id: str,
    session: User_,
    services: ServicesDep,
    q: Annotated[str, Query(max_length=100)] = "",
) -> Response:
    """Products, keywords and lists whose name holds the text; the template adds pages."""
    wanted = q.replace("\0", "").strip()
    async with transaction(services.pool) as conn:
        project = await projects.get(conn, session.principal, project_id)
        contents = await overviews.contents(conn, session.principal, project_id)
        products = await overviews.find_named(conn, project_id, wanted, limit=_MOST_FOUND) if wanted else []
        keywords = await overviews.find_keywords(conn, session.principal, project_id) if wanted else []
    fitting = [one for one in keywords if wanted.casefold() in one.keyword.casefold()]
    lists = [one for one in contents.lists if wanted.casefold() in one.name.casefold()]
    return render(
        request,
        "_found.html",
        project=project,
        q=wanted,
        products=products,
        keywords=fitting[:_MOST_FOUND],
        lists=lists[:_MOST_FOUND],
    )
