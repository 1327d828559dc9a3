"""Products as a table: found, sorted, chosen, and taken away as a file. ``product_actions`` has what else is done with them."""

from collections.abc import AsyncIterator, Collection, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Annotated

import orjson
from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import StreamingResponse

from azscraper import marketplaces
from azscraper.results import exports, formats
from azscraper.results.formats import Format, Names, Reader
from azscraper.store.db import Conn, transaction
from azscraper.tenants import projects
from azscraper.tenants.projects import Project
from azscraper.tracking import product_table
from azscraper.tracking.alerts import wording
from azscraper.tracking.lists import items as list_items
from azscraper.tracking.lists import lists, product_items
from azscraper.tracking.lists.lists import ProductList
from azscraper.tracking.product_table import Line, Wanted
from azscraper.web.api import list_tables
from azscraper.web.attachments import attachment
from azscraper.web.dashboard.charts.sparklines import Spark, spark
from azscraper.web.dashboard.pages.product_actions import MOST_CHOSEN, chosen
from azscraper.web.dashboard.pages.product_filters import COLUMNS, EVERYWHERE, Filters, asked
from azscraper.web.dashboard.render import PageNumber, reader_of, render
from azscraper.web.dashboard.session import Form, PageRoute, User_
from azscraper.web.deps import ServicesDep
from azscraper.words import JobType

router = APIRouter(route_class=PageRoute)

_PAGE = 50
_SPARK_DAYS = timedelta(days=30)


@router.get("/projects/{project_id}/products")
async def list_products(
    *,
    request: Request,
    project_id: str,
    session: User_,
    services: ServicesDep,
    filters: Annotated[Filters, Depends(asked)],
    page: PageNumber = 1,
) -> Response:
    """The project's products on one marketplace: what fell most in the last week first."""
    now = services.clock()
    async with transaction(services.pool) as conn:
        project = await projects.get(conn, session.principal, project_id)
        places = await product_table.places(conn, project_id)
        products = await product_table.count(conn, project_id)
        hosts = [place.marketplace for place in places]
        followed = await lists.find_all(conn, session.principal, project_id)
        of_list = next((one for one in followed if one.id == filters.list), None)
        filters = replace(filters, marketplace=_host(filters, of_list, hosts), list=of_list.id if of_list else "")
        if filters.is_everywhere and len({marketplaces.find(host).currency for host in hosts}) > 1:
            filters = filters.mixed()
        tags = await product_items.find_tags(conn, project_id)
        own, others = await product_items.find_marked(conn, project_id)
        wanted = await _wanted(conn, project, filters, own)
        found = await product_table.find(
            conn, session.principal, project_id, wanted, now=now, limit=_PAGE, offset=_PAGE * (page - 1)
        )
        sparks = await _sparks(conn, project_id, found.items, now)
    return render(
        request,
        "products.html",
        project=project,
        lines=found.items,
        own=own,
        others=others,
        sparks=sparks,
        places=places,
        products=products,
        place_options=[(one.marketplace, f"{one.marketplace.removeprefix('www.')} ({one.products})") for one in places],
        rows=sum(place.products for place in places),
        of_place=next((place.products for place in places if place.marketplace == filters.marketplace), 0),
        filters=filters,
        all_columns=COLUMNS,
        lists=[one for one in followed if one.type != JobType.SEARCH],
        chosen=of_list,
        tags=tags,
        tag_options=[(tag, tag) for tag in tags],
        total=found.total,
        first=_PAGE * (page - 1) + 1,
        page=page,
        pages=found.pages(_PAGE),
    )


def _host(filters: Filters, of_list: ProductList | None, hosts: Sequence[str]) -> str:
    """The marketplace asked for, or all of several; else the list's first one, else that with most products."""
    if filters.is_everywhere and len(hosts) > 1:
        return EVERYWHERE
    own = [host for host in of_list.marketplaces if host in hosts] if of_list else hosts
    return filters.marketplace if filters.marketplace in hosts else next(iter([*own, *hosts]), "")


async def _wanted(conn: Conn, project: Project, filters: Filters, own: Collection[str]) -> Wanted:
    return Wanted(
        "" if filters.is_everywhere else filters.marketplace,
        filters.q,
        filters.stock,
        filters.moved,
        await _only(conn, project.id, filters, own),
        filters.conditions,
        project.own_sellers if filters.box == "mine" else None,
        project.own_sellers if filters.box == "others" else None,
        filters.sort,
    )


async def _only(conn: Conn, project_id: str, filters: Filters, own: Collection[str]) -> list[str] | None:
    """The products of the list that have the tag and are one's own; None for all."""
    sets = []
    if filters.list:
        sets.append({item.key for item in await list_items.find_all(conn, filters.list)})
    if filters.tag:
        sets.append(set(await product_items.find_tagged(conn, project_id, name=filters.tag)))
    if filters.mine:
        sets.append(set(own))
    return sorted(set.intersection(*sets)) if sets else None


async def _sparks(
    conn: Conn, project_id: str, lines: Sequence[Line], now: datetime
) -> dict[tuple[str, str], Spark | None]:
    """By marketplace and ASIN."""
    start, found = now - _SPARK_DAYS, {}
    for host in {line.marketplace for line in lines}:
        of_host = [line for line in lines if line.marketplace == host]
        asins = [line.asin for line in of_host]
        points = await product_table.prices(conn, project_id, marketplace=host, asins=asins, since=start)
        for line in of_host:
            end = max(line.checked_at, now - _SPARK_DAYS / 2)
            found[host, line.asin] = spark(points.get(line.asin, []), start=start, end=end)
    return found


@router.post("/projects/{project_id}/products/export")
async def export_products(
    request: Request, project_id: str, form: Form, session: User_, services: ServicesDep
) -> Response:
    """The chosen products as they stand in the table, as CSV in the reader's words."""
    found: list[Line] = []
    async with transaction(services.pool) as conn:
        await projects.get(conn, session.principal, project_id)
        for host, asins in chosen(form).by_host.items():
            wanted = Wanted(host, asins=asins, sort="title")
            page = await product_table.find(
                conn, session.principal, project_id, wanted, now=services.clock(), limit=MOST_CHOSEN, offset=0
            )
            found += page.items
    reader = reader_of(request)
    name = exports.named("products", services.clock(), ".csv", reader.zone)
    headers = {"Content-Disposition": attachment(name), "Cache-Control": "no-store"}
    file = formats.csv_file(_rows(found, reader), list_tables.PRODUCT_COLUMNS, names=Names.LABELS, reader=reader)
    return StreamingResponse(file, media_type=formats.MEDIA_TYPES[Format.CSV], headers=headers)


async def _rows(lines: Sequence[Line], reader: Reader) -> AsyncIterator[bytes]:
    """JSON lines, the stock in words."""
    for line in lines:
        row = list_tables.of_product(line).model_dump(mode="json", by_alias=True)
        stock = wording.value(line.availability, reader.language, field="availability") if line.availability else None
        yield orjson.dumps(row | {"availability": stock}) + b"\n"
