"""Products as a table: found, sorted, chosen, and taken away as a file. ``product_actions`` has what else is done with them."""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request, Response

from azscraper.store.db import Conn, transaction
from azscraper.tenants import projects
from azscraper.tracking import product_table
from azscraper.tracking.lists import items as list_items
from azscraper.tracking.lists import lists, product_items
from azscraper.tracking.product_table import SORTS, Line, Wanted
from azscraper.web.dashboard.charts.sparklines import Spark, spark
from azscraper.web.dashboard.pages.product_actions import MOST_CHOSEN, chosen
from azscraper.web.dashboard.render import PageNumber, render
from azscraper.web.dashboard.session import Form, PageRoute, User_
from azscraper.web.deps import ServicesDep
from azscraper.words import JobType

router = APIRouter(route_class=PageRoute)

_PAGE = 50
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
    tag: str = ""
    """Only products that have it in some list."""

    def query(self, **changes: str | int) -> str:
        """An address's query with something changed."""
        pairs = {
            name: getattr(self, name) for name in ("marketplace", "q", "stock", "moved", "sort", "list", "tag")
        } | changes
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
        return bool(self.q or self.stock or self.moved or self.tag)


def _filters(*, q: str, stock: str, moved: str, sort: str, tag: str) -> Filters:
    return Filters(
        tag=tag.replace("\0", "").strip(),
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
    tag: Annotated[str, Query(max_length=40)] = "",
    page: PageNumber = 1,
) -> Response:
    """The project's products on one marketplace: what fell most in the last week first."""
    now, filters = services.clock(), _filters(q=q, stock=stock, moved=moved, sort=sort, tag=tag)
    async with transaction(services.pool) as conn:
        project = await projects.get(conn, session.principal, project_id)
        places = await product_table.places(conn, project_id)
        hosts = [place.marketplace for place in places]
        followed = await lists.find_all(conn, session.principal, project_id)
        of_list = next((one for one in followed if one.id == list_id), None)
        own = [host for host in of_list.marketplaces if host in hosts] if of_list else hosts
        host = marketplace if marketplace in hosts else next(iter([*own, *hosts]), "")
        filters = replace(filters, marketplace=host, list=of_list.id if of_list else "")
        tags = await product_items.find_tags(conn, project_id)
        only = await _only(conn, project_id, filters)
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
        chosen=of_list,
        tags=tags,
        tag_options=[(tag, tag) for tag in tags],
        total=found.total,
        first=_PAGE * (page - 1) + 1,
        page=page,
        pages=found.pages(_PAGE),
    )


async def _only(conn: Conn, project_id: str, filters: Filters) -> list[str] | None:
    """The products of the list and of the tag; None for all."""
    of_list = [item.key for item in await list_items.find_all(conn, filters.list)] if filters.list else None
    tagged = await product_items.find_tagged(conn, project_id, name=filters.tag) if filters.tag else None
    if of_list is None or tagged is None:
        return tagged if of_list is None else of_list
    return sorted(set(of_list) & set(tagged))


def _spark(points: Sequence[tuple[datetime, float | None]], line: Line, now: datetime) -> Spark | None:
    return spark(points, start=now - _SPARK_DAYS, end=max(line.checked_at, now - _SPARK_DAYS / 2))


@router.post("/projects/{project_id}/products/export")
async def export_products(project_id: str, form: Form, session: User_, services: ServicesDep) -> Response:
    """The chosen products as they stand in the table, as CSV."""
    host, asins = chosen(form)
    async with transaction(services.pool) as conn:
        await projects.get(conn, session.principal, project_id)
        wanted = Wanted(host, asins=asins, sort="title")
        found = await product_table.find(
            conn, session.principal, project_id, wanted, now=services.clock(), limit=MOST_CHOSEN, offset=0
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
