"""Keywords over time: those that a project follows, and the charts of one."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from azscraper import marketplaces
from azscraper.errors import NotFoundError
from azscraper.store.db import transaction
from azscraper.tenants import projects
from azscraper.tracking import history, overviews
from azscraper.tracking.history import KeywordPoint, Window
from azscraper.web.dashboard.render import render
from azscraper.web.dashboard.session import PageRoute, User_
from azscraper.web.deps import ServicesDep

router = APIRouter(route_class=PageRoute)

_POINTS = 1000
_Host = Annotated[str, Query(max_length=100)]


@router.get("/projects/{project_id}/keywords")
async def list_keywords(request: Request, project_id: str, session: User_, services: ServicesDep) -> Response:
    """What the project's search jobs have searched."""
    async with transaction(services.pool) as conn:
        project = await projects.get(conn, session.principal, project_id)
        found = await overviews.find_keywords(conn, session.principal, project_id)
    return render(request, "keywords.html", project=project, keywords=found)


@router.get("/projects/{project_id}/keywords/rank")
async def show_keyword(
    *,
    request: Request,
    project_id: str,
    session: User_,
    services: ServicesDep,
    keyword: Annotated[str, Query(min_length=1, max_length=500)],
    marketplace: _Host = "www.amazon.com",
    asin: Annotated[str, Query(pattern="^([A-Za-z0-9]{10})?$")] = "",
) -> Response:
    """What the keyword's last search showed, and where one product stood over time: the one asked for, or the first."""
    host = marketplaces.find(marketplace).host
    async with transaction(services.pool) as conn:
        project = await projects.get(conn, session.principal, project_id)
        within = replace(session.principal, project_id=project_id)
        last = await overviews.last_ranking(conn, within, project_id, marketplace=host, keyword=keyword)
        if last is None:
            raise NotFoundError("This keyword was not searched in this project yet")
        chosen = asin.upper() or next(iter(last.asins), "")
        tiles = await overviews.tiles(conn, last.job_id, marketplace=host, keyword=keyword)
        positions = await history.find_positions(conn, within, keyword, chosen, Window(_POINTS, host))
    return render(
        request,
        "keyword.html",
        project=project,
        keyword=keyword,
        host=host,
        last=last,
        tiles={tile["asin"]: tile for tile in reversed(tiles)},
        chosen=chosen,
        points=positions.items,
        chart=_rank_chart(positions.items),
    )


def _rank_chart(points: Sequence[KeywordPoint]) -> list[list[Any]]:
    ordered = points[::-1]
    return [[point.observed_at.timestamp() for point in ordered], [point.position.overall for point in ordered]]
