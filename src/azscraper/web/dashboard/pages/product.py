"""A product: as it is by now on each marketplace, and its price, sellers, stock and rank over time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response

from azscraper import marketplaces
from azscraper.errors import NotFoundError
from azscraper.store.db import Conn, transaction
from azscraper.tenants import projects
from azscraper.tenants.principal import Principal
from azscraper.tracking import overviews, product_table, series_history
from azscraper.tracking.product_table import Line, Wanted
from azscraper.tracking.series_history import Product, Series
from azscraper.tracking.statistics import Numbers, Span
from azscraper.web.dashboard.charts import price_chart
from azscraper.web.dashboard.charts.price_chart import NARROW, WIDE, History
from azscraper.web.dashboard.charts.sparklines import Spark, spark
from azscraper.web.dashboard.render import render
from azscraper.web.dashboard.session import PageRoute, User_
from azscraper.web.deps import ServicesDep
from azscraper.words import SeriesField

router = APIRouter(route_class=PageRoute)

RANGES = (7, 30, 90, 365, 3650)
"""Days that a chart can show; the last one stands for all."""
_FIELDS = (
    SeriesField.PRICE,
    SeriesField.LIST_PRICE,
    SeriesField.SELLER,
    SeriesField.AVAILABILITY,
    SeriesField.RANK,
    SeriesField.RATING,
)
_FEW = 3
"""Checks, below which words say more than a chart."""
_SPARK_DAYS = timedelta(days=30)
_MOST_ROWS = 400
_Asin = Annotated[str, Path(pattern="^[A-Z0-9]{10}$")]


@dataclass(frozen=True, slots=True)
class Row:
    """What was so from a time on: a row of the table of all values."""

    at: datetime
    values: Mapping[str, object]


@router.get("/projects/{project_id}/products/{asin}")
async def show_product(
    *,
    request: Request,
    project_id: str,
    asin: _Asin,
    session: User_,
    services: ServicesDep,
    marketplace: Annotated[str, Query(max_length=100)] = "",
    days: int = 90,
) -> Response:
    """One product. Raises NotFoundError where the project has not seen it on that marketplace."""
    now, days = services.clock(), days if days in RANGES else 90
    async with transaction(services.pool) as conn:
        project = await projects.get(conn, session.principal, project_id)
        within = replace(session.principal, project_id=project_id)
        states = [one for one in await series_history.find_states(conn, within, asin) if not one.place]
        host = marketplaces.find(marketplace).host if marketplace else next((one.marketplace for one in states), "")
        product = next((one for one in states if one.marketplace == host), None)
        if product is None:
            raise NotFoundError("This product was not seen in this project yet")
        record = await overviews.last_record(conn, within, project_id, marketplace=host, asin=asin)
        found = await series_history.find_series(conn, [product], _FIELDS, start=now - timedelta(days=days), end=now)
        told = await series_history.find_statistics(conn, [product], _FIELDS, days=[days], now=now)
        lines = [line for one in states if (line := await _line(conn, within, one, now))]
        sparks = {line.marketplace: await _spark(conn, project_id, line, now) for line in lines}
    series = {one.field: one for one in found}
    start = max(now - timedelta(days=days), _first(found, now))
    history = _history(series, start, now)
    return render(
        request,
        "product.html",
        project=project,
        asin=asin,
        host=host,
        days=days,
        ranges=RANGES,
        record=record or {},
        lines=sorted(lines, key=lambda line: (line.marketplace != host, line.marketplace)),
        line=next(line for line in lines if line.marketplace == host),
        sparks=sparks,
        fields=product.fields,
        numbers=_numbers(told),
        window=told[0].windows[0],
        current=next((one for one in told[0].currents if one.field == SeriesField.PRICE), None),
        charts=[price_chart.draw(history, frame, start=start, end=now) for frame in (WIDE, NARROW)],
        colours=price_chart.colours(history.seller),
        checks=_checks(found),
        is_new=_checks(found) < _FEW,
        rows=_rows(series)[:_MOST_ROWS],
    )


async def _line(conn: Conn, within: Principal, product: Product, now: datetime) -> Line | None:
    wanted = Wanted(product.marketplace, asins=[product.asin])
    found = await product_table.find(conn, within, product.project_id, wanted, now=now, limit=1, offset=0)
    return next(iter(found.items), None)


async def _spark(conn: Conn, project_id: str, line: Line, now: datetime) -> Spark | None:
    since = now - _SPARK_DAYS
    points = await product_table.prices(conn, project_id, marketplace=line.marketplace, asins=[line.asin], since=since)
    return spark(points.get(line.asin, []), start=since, end=max(line.checked_at, now - _SPARK_DAYS / 2))


def _first(found: Sequence[Series], now: datetime) -> datetime:
    return min((one.points[0].at for one in found if one.points), default=now)


def _history(series: Mapping[str, Series], start: datetime, now: datetime) -> History:
    def spans(field: SeriesField) -> Sequence[Span]:
        return series[field].spans(start, now) if field in series else []

    return History(
        spans(SeriesField.PRICE),
        spans(SeriesField.LIST_PRICE),
        spans(SeriesField.SELLER),
        spans(SeriesField.AVAILABILITY),
        spans(SeriesField.RANK),
    )


def _numbers(told: Sequence[series_history.ProductStatistics]) -> Numbers | None:
    fields = told[0].windows[0].fields
    return next((one.numbers for one in fields if one.field == SeriesField.PRICE), None)


def _checks(found: Sequence[Series]) -> int:
    """Times at which something was new, of all fields."""
    return len({point.at for one in found for point in one.points})


def _rows(series: Mapping[str, Series]) -> list[Row]:
    """Newest first: at each time at which something changed, what then was so."""
    changes = sorted((point.at, field, point) for field, one in series.items() for point in one.points)
    held: dict[str, object] = {}
    rows: dict[datetime, Row] = {}
    for at, field, point in changes:
        held[field] = point
        rows[at] = Row(at, dict(held))
    return [rows[at] for at in sorted(rows, reverse=True)]
