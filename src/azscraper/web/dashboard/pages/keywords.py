"""Keywords over time: those that a project follows, and the charts of one."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from azscraper import marketplaces
from azscraper.errors import NotFoundError
from azscraper.jobs import jobs, plan
from azscraper.kinds.registry import find_kind
from azscraper.store.db import Conn, transaction
from azscraper.tenants import projects
from azscraper.tenants.principal import Principal
from azscraper.tracking import overviews
from azscraper.tracking.keywords import searches
from azscraper.tracking.keywords.searched import searched
from azscraper.tracking.keywords.searches import Which
from azscraper.tracking.keywords.shelf import Search
from azscraper.tracking.lists import product_items
from azscraper.web.dashboard.charts import positions
from azscraper.web.dashboard.forms import text
from azscraper.web.dashboard.once import OnceDep
from azscraper.web.dashboard.render import go, render
from azscraper.web.dashboard.session import Form, PageRoute, User_
from azscraper.web.deps import ServicesDep
from azscraper.wire.crawls import JobConfig

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
        own = await product_items.find_own(conn, project_id)
        best = await overviews.best_places(conn, session.principal, project_id, own) if own else {}
    return render(request, "keywords.html", project=project, keywords=found, best=best)


@router.post("/projects/{project_id}/keywords/check")
async def check_keyword(
    *, request: Request, project_id: str, form: Form, session: User_, services: ServicesDep, once: OnceDep
) -> Response:
    """A job that searches for the keyword, or reads the list, now; on to it."""
    one = searched(text(form, "keyword"))
    host = marketplaces.find(text(form, "marketplace") or "us").host
    config = plan.checked(one.kind, JobConfig.model_validate({"marketplace": host}))
    planned = await asyncio.to_thread(plan.plan_targets, one.kind, [one.target], config)
    kind = find_kind(one.kind)
    async with transaction(services.pool) as conn:
        if (url := await once.led_to(conn)) is None:
            job = await jobs.submit(
                conn, session.principal, project_id, kind=kind, targets=planned, config=config, now=services.clock()
            )
            url = await once.leads_to(conn, f"/app/jobs/{job.id}")
    return go(request, url)


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
    show: Annotated[str, Query(pattern="^(organic|sponsored|own)?$")] = "",
    by: Annotated[str, Query(pattern="^(position)?$")] = "",
) -> Response:
    """Where the project's products stand for the keyword over time, who moved, and the page as it last stood."""
    now, days = services.clock(), days if days in RANGES else 30
    host = marketplaces.find(marketplace).host
    async with transaction(services.pool) as conn:
        project = await projects.get(conn, session.principal, project_id)
        within = replace(session.principal, project_id=project_id)
        found = await _searches(conn, within, keyword, host, now - timedelta(days=max(days, _CHANGES_DAYS) + 1))
        last = found[0]
        looked = await overviews.last_ranking(conn, within, project_id, marketplace=host, keyword=keyword)
        asins = [tile.asin for tile in last.tiles]
        one = searched(keyword)
        followed_in = await product_items.find_following(
            conn, project_id, one.kind, [one.target, *one.targets], marketplace=host
        )
        owned = await product_items.find_own(conn, project_id)
        own = _seen(owned, found)
        followed = await overviews.followed(conn, within, project_id, marketplace=host, asins=[*asins, *own])
        tiles = await overviews.tiles(conn, last.job_id, marketplace=host, keyword=keyword, also=one.targets)
    ordered = found[::-1]
    chosen = list(dict.fromkeys([*([asin.upper()] if asin else []), *(own or followed or asins)]))[:_LINES]
    moved = positions.movers(ordered, now)
    return render(
        request,
        "keyword.html",
        project=project,
        keyword=keyword,
        host=host,
        days=days,
        show=show,
        ranges=RANGES,
        last=last,
        checked_at=looked.observed_at if looked else last.observed_at,
        tiles={tile["asin"]: tile for tile in reversed(tiles)},
        own=set(own),
        has_own=bool(owned),
        followed=set(followed),
        by=by,
        share=positions.own_share(ordered, own, now, weighted=bool(by)),
        own_brands={tile.brand for tile in last.tiles if tile.asin in own and tile.brand},
        followed_in=followed_in,
        chosen=asin.upper(),
        checks=len(found),
        charts=_charts(ordered, chosen, now, days),
        movers=positions.shown(moved, ordered, now),
        moved={move.asin: move for move in moved},
        brands=positions.brands(ordered, now, weighted=bool(by)),
    )


def _charts(ordered: Sequence[Search], asins: Sequence[str], now: datetime, days: int) -> list[positions.Chart]:
    """The lines of the last days, drawn for wide screens and for phones."""
    start = max(now - timedelta(days=days), ordered[0].observed_at)
    return [positions.draw(ordered, asins, frame, start=start, end=now) for frame in (positions.WIDE, positions.NARROW)]


async def _searches(conn: Conn, within: Principal, keyword: str, host: str, since: datetime) -> list[Search]:
    """Newest first; where there is none since then, the last one."""
    found = await searches.find(conn, within, Which(keyword, host, start=since, limit=searches.MOST))
    found = found or await searches.find(conn, within, Which(keyword, host, limit=1))
    if not found:
        raise NotFoundError("This keyword was not searched in this project yet")
    return found


def _seen(own: Sequence[str], found: Sequence[Search]) -> list[str]:
    """Those that any of the searches, newest first, showed: by their last places, advertisements after the others."""
    wanted = set(own)
    tiles = (tile for one in found for tile in sorted(one.tiles, key=lambda tile: tile.sponsored))
    return [asin for asin in dict.fromkeys(tile.asin for tile in tiles) if asin in wanted]
