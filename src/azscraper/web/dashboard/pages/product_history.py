"""A product's history as a file."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import StreamingResponse

from azscraper import marketplaces
from azscraper.errors import NotFoundError
from azscraper.results import formats
from azscraper.results.formats import Format, Names
from azscraper.store.db import transaction
from azscraper.tenants import projects
from azscraper.tracking import series_history
from azscraper.tracking.alerts import wording
from azscraper.web.attachments import attachment
from azscraper.web.dashboard.pages.product import FIELDS, RANGES, Asin, Row, rows_of
from azscraper.web.dashboard.render import reader_of
from azscraper.web.dashboard.session import PageRoute, User_
from azscraper.web.deps import ServicesDep
from azscraper.words import TEXT_FIELDS, SeriesField

router = APIRouter(route_class=PageRoute)


@router.get("/projects/{project_id}/products/{asin}/history.csv")
async def download_history(
    *,
    request: Request,
    project_id: str,
    asin: Asin,
    session: User_,
    services: ServicesDep,
    marketplace: Annotated[str, Query(max_length=100)] = "us",
    days: int = 90,
) -> Response:
    """All values of the chart as CSV in the reader's words, newest first. Raises NotFoundError where the project has not seen it there."""
    now, host = services.clock(), marketplaces.find(marketplace).host
    start = now - timedelta(days=days if days in RANGES else 90)
    async with transaction(services.pool) as conn:
        await projects.get(conn, session.principal, project_id)
        within = replace(session.principal, project_id=project_id)
        states = await series_history.find_states(conn, within, asin, marketplace=host, place="")
        if not states:
            raise NotFoundError("This product was not seen in this project yet")
        found = await series_history.find_series(conn, states, FIELDS, start=start, end=now)
    reader = reader_of(request)
    name = f"{asin}-{host.removeprefix('www.')}-{now.astimezone(reader.zone):%Y-%m-%d}.csv"
    headers = {"Content-Disposition": attachment(name), "Cache-Control": "no-store"}
    lines = _lines(rows_of({one.field: one for one in found}), reader.language)
    file = formats.csv_file(lines, COLUMNS, names=Names.LABELS, reader=reader)
    return StreamingResponse(file, media_type=formats.MEDIA_TYPES[Format.CSV], headers=headers)


COLUMNS = ("time", "currency", *FIELDS)


async def _lines(rows: Sequence[Row], language: str) -> AsyncIterator[bytes]:
    for row in rows:
        yield orjson.dumps(_told(row, language)) + b"\n"


def _told(row: Row, language: str) -> dict[str, Any]:
    values = {str(name): point.value for name, point in row.values.items()}
    told = {
        name: _in_words(name, value.text, language) if name in TEXT_FIELDS else _number(name, value.number)
        for name, value in values.items()
    }
    price = values.get(SeriesField.PRICE)
    return {"time": row.at.isoformat(), "currency": price.text if price else None, **told}


def _in_words(name: str, text: str | None, language: str) -> str | None:
    return text and wording.value(text, language, field=name)


def _number(name: str, number: Decimal | None) -> float | None:
    """Ranks are whole."""
    if number is None:
        return None
    return int(number) if name == SeriesField.RANK else float(number)
