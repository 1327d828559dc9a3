"""A product's history as a file."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Query, Response
from fastapi.responses import StreamingResponse

from azscraper import marketplaces
from azscraper.errors import NotFoundError
from azscraper.results import formats
from azscraper.results.formats import Format
from azscraper.store.db import transaction
from azscraper.tenants import projects
from azscraper.tracking import series_history
from azscraper.web.attachments import attachment
from azscraper.web.dashboard.pages.product import FIELDS, RANGES, Asin, Row, rows_of
from azscraper.web.dashboard.session import PageRoute, User_
from azscraper.web.deps import ServicesDep
from azscraper.words import TEXT_FIELDS, SeriesField

router = APIRouter(route_class=PageRoute)


@router.get("/projects/{project_id}/products/{asin}/history.csv")
async def download_history(
    *,
    project_id: str,
    asin: Asin,
    session: User_,
    services: ServicesDep,
    marketplace: Annotated[str, Query(max_length=100)] = "us",
    days: int = 90,
) -> Response:
    """All values of the chart as CSV, newest first. Raises NotFoundError where the project has not seen it there."""
    now, host = services.clock(), marketplaces.find(marketplace).host
    start = now - timedelta(days=days if days in RANGES else 90)
    async with transaction(services.pool) as conn:
        await projects.get(conn, session.principal, project_id)
        within = replace(session.principal, project_id=project_id)
        states = await series_history.find_states(conn, within, asin, marketplace=host, place="")
        if not states:
            raise NotFoundError("This product was not seen in this project yet")
        found = await series_history.find_series(conn, states, FIELDS, start=start, end=now)
    name = f"{asin}-{host.removeprefix('www.')}-{now:%Y-%m-%d}.csv"
    headers = {"Content-Disposition": attachment(name), "Cache-Control": "no-store"}
    lines = _lines(rows_of({one.field: one for one in found}))
    file = formats.csv_file(lines, ["time", "currency", *FIELDS])
    return StreamingResponse(file, media_type=formats.MEDIA_TYPES[Format.CSV], headers=headers)


async def _lines(rows: Sequence[Row]) -> AsyncIterator[bytes]:
    for row in rows:
        yield orjson.dumps(_told(row)) + b"\n"


def _told(row: Row) -> dict[str, Any]:
    values = {str(name): point.value for name, point in row.values.items()}
    told = {name: value.text if name in TEXT_FIELDS else _float(value.number) for name, value in values.items()}
    price = values.get(SeriesField.PRICE)
    return {"time": row.at.isoformat(), "currency": price.text if price else None, **told}


def _float(number: Decimal | None) -> float | None:
    return None if number is None else float(number)
