"""Products as a table: found, sorted, chosen, and what is done with those that were chosen."""

import asyncio
import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request, Response

from azscraper import marketplaces
from azscraper.errors import Detail, InvalidInputError
from azscraper.jobs import jobs, plan
from azscraper.kinds.registry import find_kind
from azscraper.store.db import transaction
from azscraper.tenants import projects
from azscraper.tracking import product_table
from azscraper.tracking.lists import items as list_items
from azscraper.tracking.lists import lists
from azscraper.tracking.lists.items import NewItem
from azscraper.tracking.lists.lists import Asked
from azscraper.tracking.lists.refresh import Refresh
from azscraper.tracking.product_table import SORTS, Line, Wanted
from azscraper.web.dashboard.charts.sparklines import Spark, spark
from azscraper.web.dashboard.forms import text, texts
from azscraper.web.dashboard.once import OnceDep
from azscraper.web.dashboard.render import PageNumber, go, render
from azscraper.web.dashboard.session import Form, PageRoute, User_
from azscraper.web.deps import ServicesDep
from azscraper.wire.crawls import JobConfig
from azscraper.words import JobType

router = APIRouter(route_class=PageRoute)

_PAGE = 50
_MOST_CHOSEN = 1000
_LONGEST_NAME = 120
_DAILY = Refresh(every="day", at="08:00")
_SPARK_DAYS = timedelta(days=30)
STOCK = ("in", "few", "out")
MOVED = ("fell", "rose")


@dataclass(frozen=True, slots=True)
class Filters:
    """What the address asks for; what makes no sense is left out."""

    marketplace: str = ""
    q: str = ""
    stock: str = ""
    moved: str = ""
    sort: str = "d7"
    list: str = ""
    """Id of a list: only its products."""

    def query(self, **changes: str | int) -> str:
        """An address's query with something changed."""
        pairs = {name: getattr(self, name) for name in ("marketplace", "q", "stock", "moved", "sort", "list")} | changes
        return urlencode({name: value for name, value in pairs.items() if value})

    def by(self, column: str) -> str:
        """The query that sorts by a column; by the one that it is sorted by, the other way round."""
        return self.query(sort=f"-{column}" if self.sort == column else column)

    def direction(self, column: str) -> str:
        """For ``aria-sort``; empty of a column that it is not sorted by."""
        return {column: "ascending", f"-{column}": "descending"}.get(self.sort, "")

    @property
    def narrows(self) -> bool:
        """Whether it leaves products out."""
        return bool(self.q or self.stock or self.moved)


def _filters(*, q: str, stock: str, moved: str, sort: str) -> Filters:
    return Filters(
        q=q.replace("\0", "").strip(),
        stock=stock if stock in STOCK else "",
        moved=moved if moved in MOVED else "",
        sort=sort if sort.removeprefix("-") in SORTS else "d7",
    )


@router.get("/projects/{project_id}/products")
async def list_products(
    *,
    request: Request,
    project_id: str,
    session: User_,
    services: ServicesDep,
    marketplace: Annotated[str, Query(max_length=100)] = "",
    q: Annotated[str, Query(max_length=100)] = "",
    stock: Annotated[str, Query(max_length=10)] = "",
    moved: Annotated[str, Query(max_length=10)] = "",
    sort: Annotated[str, Query(max_length=20)] = "",
    list_id: Annotated[str, Query(alias="list", max_length=24)] = "",
    page: PageNumber = 1,
) -> Response:
    """The project's products on one marketplace: what fell most in the last week first."""
    now, filters = services.clock(), _filters(q=q, stock=stock, moved=moved, sort=sort)
    async with transaction(services.pool) as conn:
        project = await projects.get(conn, session.principal, project_id)
        places = await product_table.places(conn, project_id)
        hosts = [place.marketplace for place in places]
        followed = await lists.find_all(conn, session.principal, project_id)
        chosen = next((one for one in followed if one.id == list_id), None)
        own = [host for host in chosen.marketplaces if host in hosts] if chosen else hosts
        host = marketplace if marketplace in hosts else next(iter([*own, *hosts]), "")
        filters = replace(filters, marketplace=host, list=chosen.id if chosen else "")
        only = [item.key for item in await list_items.find_all(conn, chosen.id)] if chosen else None
        wanted = Wanted(host, filters.q, filters.stock, filters.moved, only, filters.sort)
        found = await product_table.find(
            conn, session.principal, project_id, wanted, now=now, limit=_PAGE, offset=_PAGE * (page - 1)
        )
        asins = [line.asin for line in found.items]
        points = await product_table.prices(
            conn, project_id, marketplace=filters.marketplace, asins=asins, since=now - _SPARK_DAYS
        )
    return render(
        request,
        "products.html",
        project=project,
        lines=found.items,
        sparks={line.asin: _spark(points.get(line.asin, []), line, now) for line in found.items},
        places=places,
        place_options=[(host, host.removeprefix("www.")) for host in hosts],
        of_place=next((place.products for place in places if place.marketplace == filters.marketplace), 0),
        filters=filters,
        lists=[one for one in followed if one.type != JobType.SEARCH],
        chosen=chosen,
        total=found.total,
        first=_PAGE * (page - 1) + 1,
        page=page,
        pages=found.pages(_PAGE),
    )


def _spark(points: Sequence[tuple[datetime, float | None]], line: Line, now: datetime) -> Spark | None:
    return spark(points, start=now - _SPARK_DAYS, end=max(line.checked_at, now - _SPARK_DAYS / 2))


@router.post("/projects/{project_id}/products/check")
async def check_products(
    *, request: Request, project_id: str, form: Form, session: User_, services: ServicesDep, once: OnceDep
) -> Response:
    """A job that reads the chosen products now; on to it."""
    host, asins = _chosen(texts(form, "asin"), text(form, "marketplace"))
    config = plan.checked(JobType.DETAILS, JobConfig.model_validate({"marketplace": host}))
    planned = await asyncio.to_thread(plan.plan_targets, JobType.DETAILS, asins, config)
    kind = find_kind(JobType.DETAILS)
    async with transaction(services.pool) as conn:
        if (url := await once.led_to(conn)) is None:
            job = await jobs.submit(
                conn, session.principal, project_id, kind=kind, targets=planned, config=config, now=services.clock()
            )
            url = await once.leads_to(conn, f"/app/jobs/{job.id}")
    return go(request, url)


@router.post("/projects/{project_id}/products/list")
async def list_chosen(
    *, request: Request, project_id: str, form: Form, session: User_, services: ServicesDep
) -> Response:
    """Put the chosen products into a list: into that of the name, or into a new one that is checked daily."""
    host, asins = _chosen(texts(form, "asin"), text(form, "marketplace"))
    name = text(form, "list_name")[:_LONGEST_NAME]
    if not name:
        raise InvalidInputError("Name a list", [Detail("list_name", "is needed")])
    async with transaction(services.pool) as conn:
        known = await lists.find_all(conn, session.principal, project_id)
        one = next((each for each in known if each.name == name and each.type == JobType.DETAILS), None)
        if one is None:
            asked = Asked(name, JobType.DETAILS, [host], JobConfig(), _DAILY)
            one = await lists.create(conn, session.principal, project_id, asked, now=services.clock())
        items = list_items.check(one, [NewItem(asin) for asin in asins])
        await list_items.put(conn, session.principal, one.id, items)
    return go(request, f"/app/projects/{project_id}/products?list={one.id}", notice="saved")


@router.post("/projects/{project_id}/products/export")
async def export_products(project_id: str, form: Form, session: User_, services: ServicesDep) -> Response:
    """The chosen products as they stand in the table, as CSV."""
    host, asins = _chosen(texts(form, "asin"), text(form, "marketplace"))
    async with transaction(services.pool) as conn:
        await projects.get(conn, session.principal, project_id)
        wanted = Wanted(host, asins=asins, sort="title")
        found = await product_table.find(
            conn, session.principal, project_id, wanted, now=services.clock(), limit=_MOST_CHOSEN, offset=0
        )
    headers = {"Content-Disposition": 'attachment; filename="products.csv"', "Cache-Control": "no-store"}
    return Response("".join(_csv(found.items)), media_type="text/csv; charset=utf-8", headers=headers)


_COLUMNS = (
    "asin",
    "marketplace",
    "title",
    "price",
    "currency",
    "rank",
    "rating",
    "rating_count",
    "seller",
    "availability",
)


def _csv(lines: Sequence[Line]) -> Iterator[str]:
    """A text that a spreadsheet would take as a formula gets an apostrophe in front."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([*_COLUMNS, "change_1d", "change_7d", "change_30d", "checked_at"])
    for line in lines:
        values = [_plain(getattr(line, name)) for name in _COLUMNS]
        changes = [None if (change := line.change(days)) is None else round(change, 4) for days in (1, 7, 30)]
        writer.writerow([*values, *changes, line.checked_at.isoformat()])
    yield out.getvalue()


def _plain(value: object) -> object:
    return f"'{value}" if isinstance(value, str) and value[:1] in {"=", "+", "-", "@", "\t", "\r"} else value


def _chosen(asins: Sequence[str], host: str) -> tuple[str, list[str]]:
    """Raises InvalidInputError where nothing was chosen, or too much."""
    if not 1 <= len(asins) <= _MOST_CHOSEN:
        raise InvalidInputError("Choose products first", [Detail("asin", f"takes 1 to {_MOST_CHOSEN:,} products")])
    return marketplaces.find(host).host, list(asins)
