"""Keywords over time: those that a project follows, and the charts of one."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from azscraper import marketplaces
from azscraper.errors import NotFoundError
from azscraper.store.db import transaction
from azscraper.tenants import projects
from azscraper.tracking import overviews
from azscraper.tracking.overviews import Ranking
from azscraper.web.dashboard import positions
from azscraper.web.dashboard.render import render
from azscraper.web.dashboard.session import PageRoute, User_
from azscraper.web.deps import ServicesDep

router = APIRouter(route_class=PageRoute)

RANGES = (7, 30, 90, 365)
"""Days that a chart can show."""
_CHANGES_DAYS = 30
_LINES = 4
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
    days: int = 30,
) -> Response:
    """Where the project's products stand for the keyword over time, who moved, and the page as it last stood."""
    now, days = services.clock(), days if days in RANGES else 30
    host = marketplaces.find(marketplace).host
    async with transaction(services.pool) as conn:
        project = await projects.get(conn, session.principal, project_id)
        within = replace(session.principal, project_id=project_id)
        last = await overviews.last_ranking(conn, within, project_id, marketplace=host, keyword=keyword)
        if last is None:
            raise NotFoundError("This keyword was not searched in this project yet")
        since = now - timedelta(days=max(days, _CHANGES_DAYS) + 1)
        rankings = await overviews.rankings(conn, within, project_id, marketplace=host, keyword=keyword, since=since)
        own = await overviews.followed(conn, within, project_id, marketplace=host, asins=last.asins)
        tiles = await overviews.tiles(conn, last.job_id, marketplace=host, keyword=keyword)
    found = {tile["asin"]: tile for tile in reversed(tiles)}
    rankings = rankings or [last]
    start = max(now - timedelta(days=days), rankings[0].observed_at)
    chosen = list(dict.fromkeys([*([asin.upper()] if asin else []), *(own or last.asins)]))[:_LINES]
    before = _a_day_before(rankings, now)
    return render(
        request,
        "keyword.html",
        project=project,
        keyword=keyword,
        host=host,
        days=days,
        ranges=RANGES,
        last=last,
        tiles=found,
        own=set(own),
        chosen=asin.upper(),
        checks=len(rankings),
        chart=positions.draw([one for one in rankings if one.observed_at >= start], chosen, start=start, end=now),
        movers=positions.movers(rankings, now),
        before=before,
    )


def _a_day_before(rankings: Sequence[Ranking], now: datetime) -> dict[str, int]:
    """The first place of each product, a day ago."""
    then = next((one for one in reversed(rankings) if one.observed_at <= now - timedelta(hours=20)), None)
    places: dict[str, int] = {}
    for place, each in enumerate(then.asins if then else (), 1):
        places.setdefault(each, place)
    return places
