"""A product: as it is by now on each marketplace, and its price, sellers, stock and rank over time."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request, Response

from azscraper import marketplaces
from azscraper.errors import NotFoundError
from azscraper.store.db import Conn, transaction
from azscraper.tenants import projects
from azscraper.tenants.principal import Principal
from azscraper.tracking import overviews, product_table, series_history
from azscraper.tracking.finding.changes import folded
from azscraper.tracking.lists import product_items
from azscraper.tracking.offers import looks
from azscraper.tracking.offers.looks import ProductSellers
from azscraper.tracking.overviews import LastOffers
from azscraper.tracking.product_table import Line, Wanted
from azscraper.tracking.series_history import Point, Product, ProductStatistics, Series
from azscraper.tracking.statistics import Span
from azscraper.web.dashboard.charts import price_chart
from azscraper.web.dashboard.charts.price_chart import NARROW, WIDE, History
from azscraper.web.dashboard.charts.sparklines import Spark, spark
from azscraper.web.dashboard.pages.jobs import running
from azscraper.web.dashboard.render import render
from azscraper.web.dashboard.session import PageRoute, User_
from azscraper.web.deps import ServicesDep
from azscraper.words import SeriesField

router = APIRouter(route_class=PageRoute)

RANGES = (7, 30, 90, 365, 3650)
"""Days that a chart can show; the last one stands for all."""
FIELDS = (
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
_MOST_READINGS = 1000
"""That a pointer finds on the chart."""
_FLEETING = {SeriesField.RANK, SeriesField.RATING}
"""What changes at nearly every check."""
_MOST_VARIANTS = 24
Asin = Annotated[str, Path(pattern="^[A-Z0-9]{10}$")]


@dataclass(frozen=True, slots=True)
class Row:
    """What was so from a time on: a row of the table of all values."""

    at: datetime
    values: Mapping[str, Point]


def _charts(history: History, goal: float | None, *, start: datetime, end: datetime) -> list[price_chart.Chart]:
    """For screens that are wide, and for others."""
    return [price_chart.draw(history, frame, start=start, end=end, goal=goal) for frame in (WIDE, NARROW)]


@router.get("/projects/{project_id}/products/{asin}")
async def show_product(
    *,
    request: Request,
    project_id: str,
    asin: Asin,
    session: User_,
    services: ServicesDep,
    marketplace: Annotated[str, Query(max_length=100)] = "",
    days: int = 90,
    job: Annotated[str, Query(max_length=64)] = "",
) -> Response:
    """One product. Raises NotFoundError where the project has not seen it on that marketplace."""
    now, days = services.clock(), days if days in RANGES else 90
    since = now - timedelta(days=days)
    async with transaction(services.pool) as conn:
        project = await projects.get(conn, session.principal, project_id)
        within = replace(session.principal, project_id=project_id)
        states = [one for one in await series_history.find_states(conn, within, asin) if not one.place]
        host = marketplaces.find(marketplace).host if marketplace else next((one.marketplace for one in states), "")
        product = next((one for one in states if one.marketplace == host), None)
        if product is None:
            raise NotFoundError("This product was not seen in this project yet")
        check = await running(conn, session.principal, job) if job else None
        beside = await _beside(conn, within, product, start=since, end=now)
        found = await series_history.find_series(conn, [product], FIELDS, start=since, end=now)
        (told,) = await series_history.find_statistics(conn, [product], FIELDS, days=[days], now=now)
        lines = [line for one in states if (line := await _line(conn, within, one, now))]
        sparks = {line.marketplace: await _spark(conn, project_id, line, now) for line in lines}
    line = next(line for line in lines if line.marketplace == host)
    return render(
        request,
        "product.html",
        project=project,
        asin=asin,
        host=host,
        check=check,
        days=days,
        ranges=RANGES,
        **beside.shown,
        goal=beside.goal(marketplaces.find(host).currency),
        lines=sorted(lines, key=lambda line: (line.marketplace != host, line.marketplace)),
        line=line,
        above=_above_lowest(lines),
        sparks=sparks,
        fields=product.fields,
        more_places=[one for one in marketplaces.MARKETPLACES if one not in {line.marketplace for line in lines}],
        is_unchanged=line.checked_at > _first(found, now),
        **_figures(told, folded(project.own_sellers)),
        **_drawn(found, beside.goal_in(line.currency), since=since, now=now),
    )


def _figures(told: ProductStatistics, own: Sequence[str]) -> dict[str, Any]:
    """What the template says of the time that is shown, by numbers. ``own`` are the project's sellers."""
    window = told.windows[0]
    return {
        "sellers": own,
        "own_box": _own_share(window, own),
        "numbers": next((one.numbers for one in window.fields if one.field == SeriesField.PRICE), None),
        "window": window,
        "current": next((one for one in told.currents if one.field == SeriesField.PRICE), None),
    }


def _drawn(found: Sequence[Series], goal: float | None, *, since: datetime, now: datetime) -> dict[str, Any]:
    """What the template draws and lists of the series."""
    series = {one.field: one for one in found}
    start = max(since, _first(found, now))
    history, rows = _history(series, start, now), rows_of(series)
    return {
        "charts": _charts(history, goal, start=start, end=now),
        "colours": price_chart.colours(history.seller),
        "checks": len(rows),
        "is_new": len(rows) < _FEW,
        "rows": rows[:_MOST_ROWS],
        "told": _told(rows, start)[-_MOST_READINGS:],
    }


@dataclass(frozen=True, slots=True)
class Beside:
    """What is known of a product beside its series."""

    record: Mapping[str, Any]
    """Of its page, as last read."""
    offers: LastOffers | None
    sold: ProductSellers
    """Who sold it in the time that is shown."""
    in_lists: Sequence[product_items.Place]
    own: frozenset[str]
    """Variants that the project follows too."""
    is_mine: bool
    is_of_others: bool

    @property
    def shown(self) -> dict[str, Any]:
        """As the template knows it."""
        return {field.name: getattr(self, field.name) for field in fields(self)}

    def goal(self, currency: str | None) -> product_items.Place | None:
        """The list that says which price to wait for: if any does, one that says it in this currency."""
        said = [place for place in self.in_lists if place.target_amount is not None]
        return min(said, key=lambda place: place.target_currency not in {currency, None}, default=None)

    def goal_in(self, currency: str | None) -> float | None:
        """That price, where it is in this currency."""
        goal = self.goal(currency)
        fits = goal is not None and goal.target_currency in {currency, None}
        return float(goal.target_amount or 0) if goal is not None and fits else None


async def _beside(conn: Conn, within: Principal, product: Product, *, start: datetime, end: datetime) -> Beside:
    project_id, host, asin = product.project_id, product.marketplace, product.asin
    (sold,) = await looks.find(conn, [product], start=start, end=end)
    record = await overviews.last_record(conn, within, project_id, marketplace=host, asin=asin)
    offers = await overviews.last_offers(conn, within, project_id, marketplace=host, asin=asin)
    in_lists = await product_items.find(conn, project_id, asin, marketplace=host)
    family = [item["asin"] for item in ((record or {}).get("variants") or {}).get("items") or []][:_MOST_VARIANTS]
    own = await overviews.followed(conn, within, project_id, marketplace=host, asins=family)
    told = None if offers is None else replace(offers, records=[_lenient(each) for each in offers.records])
    mine, others = await product_items.find_marked(conn, project_id)
    return Beside(_lenient(record), told, sold, in_lists, frozenset(own), asin in mine, asin in others)


def _own_share(window: series_history.Window, sellers: Sequence[str]) -> float:
    """What part of the time with a seller was one's own."""
    return sum(share for name, share in window.buy_box.items() if name.lower() in sellers)


def _above_lowest(lines: Sequence[Line]) -> dict[str, float]:
    """By marketplace, how far the price is above the lowest in its currency; nothing where no two have the same one."""
    prices = defaultdict(list)
    for line in lines:
        if line.price is not None and line.price > 0:
            prices[line.currency].append(line.price)
    return {
        line.marketplace: float(line.price / min(prices[line.currency]) - 1)
        for line in lines
        if line.price is not None and len(prices[line.currency]) > 1
    }


def _lenient(record: Mapping[str, Any] | None) -> dict[str, Any]:
    """None for what it does not have: its job may be gone, or older than the field."""
    return defaultdict(lambda: None, record or {})


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


def rows_of(series: Mapping[str, Series]) -> list[Row]:
    """Newest first: at each time at which something changed, what then was so."""
    changes = sorted((point.at, field, point) for field, one in series.items() for point in one.points)
    held: dict[str, Point] = {}
    rows: dict[datetime, Row] = {}
    for at, field, point in changes:
        held[field] = point
        rows[at] = Row(at, dict(held))
    return [rows[at] for at in sorted(rows, reverse=True)]


def _told(rows: Sequence[Row], start: datetime) -> list[Row]:
    """What a pointer on the chart says, oldest first: where it is too much, what is fleeting is told with other changes."""
    shown = [row for row in reversed(rows) if row.at >= start]
    before = next((row for row in rows if row.at < start), None)
    shown = [*([Row(start, before.values)] if before else []), *shown]
    if len(shown) <= _MOST_READINGS:
        return shown
    lasting = [{name: value for name, value in row.values.items() if name not in _FLEETING} for row in shown]
    return [row for place, row in enumerate(shown) if place == 0 or lasting[place] != lasting[place - 1]]
