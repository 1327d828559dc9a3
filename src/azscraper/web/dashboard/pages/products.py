"""A product and keywords over time: the charts of one, and the keywords that a project follows."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from itertools import takewhile
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request, Response

from azscraper import marketplaces
from azscraper.errors import NotFoundError
from azscraper.store.db import transaction
from azscraper.tenants import projects
from azscraper.tracking import history, overviews
from azscraper.tracking.history import KeywordPoint, ProductPoint, Window
from azscraper.web.dashboard.render import render
from azscraper.web.dashboard.session import PageRoute, User_
from azscraper.web.deps import ServicesDep

router = APIRouter(route_class=PageRoute)

_POINTS = 1000
_Asin = Annotated[str, Path(pattern="^[A-Z0-9]{10}$")]
_Host = Annotated[str, Query(max_length=100)]


@router.get("/projects/{project_id}/products/{asin}")
async def show_product(
    *,
    request: Request,
    project_id: str,
    asin: _Asin,
    session: User_,
    services: ServicesDep,
    marketplace: _Host = "www.amazon.com",
) -> Response:
    """One product: as it was last seen, and price, rank and rating over time."""
    host = marketplaces.find(marketplace).host
    async with transaction(services.pool) as conn:
        project = await projects.get(conn, session.principal, project_id)
        within = replace(session.principal, project_id=project_id)
        found = await history.find_products(conn, within, asin, Window(_POINTS, host))
        if not found.items:
            raise NotFoundError("This product was not seen in this project yet")
        record = await overviews.last_record(conn, within, project_id, marketplace=host, asin=asin)
        checked_at = await overviews.last_check(conn, within, project_id, marketplace=host, asin=asin)
    return render(
        request,
        "product.html",
        project=project,
        asin=asin,
        host=host,
        record=record or {},
        points=found.items,
        last=found.items[0],
        checked_at=checked_at or found.items[0].observed_at,
        last_change=_last_change(found.items),
        charts=_charts(found.items),
    )


def _last_change(points: Sequence[ProductPoint]) -> datetime | None:
    """When a point first said what the last one says; points that say the same are kept once a day."""
    first, *others = [(each.price, each.currency, each.rating, each.rank, each.availability) for each in points]
    same = sum(1 for _ in takewhile(lambda values: values == first, others))
    return points[same].observed_at if same < len(others) else None


def _charts(points: Sequence[ProductPoint]) -> dict[str, list[list[Any]]]:
    """Seconds and values in time's order, as the chart library takes them."""
    ordered = points[::-1]
    times = [point.observed_at.timestamp() for point in ordered]
    prices = [None if point.price is None else float(point.price) for point in ordered]
    return {
        "price": [times, prices],
        "rank": [times, [point.rank for point in ordered]],
        "rating": [times, [point.rating for point in ordered]],
    }


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
