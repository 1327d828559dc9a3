"""The products of a project over HTTP: the finder, and what changed."""

import asyncio
from datetime import timedelta
from decimal import Decimal
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request, Response
from pydantic import Field, WithJsonSchema

from azscraper.results import formats
from azscraper.results.formats import Format
from azscraper.results.selection import read_where
from azscraper.store.db import transaction
from azscraper.tenants import projects
from azscraper.tracking import series_history
from azscraper.tracking.finding import changes, finder
from azscraper.tracking.finding.finder import Condition
from azscraper.tracking.history import Cursor
from azscraper.tracking.importing import imports
from azscraper.web.api import change_files
from azscraper.web.api.history import MarketplaceName, host_of
from azscraper.web.deps import FILE_BODY, KeyCaller, Limit, LongLimit, Offset, ServicesDep, UntilSent, errors
from azscraper.web.guards.limits import MAX_BODY_BYTES, StrictJson, takes
from azscraper.web.series_answers import change_out, found_out
from azscraper.wire.base import Moment, Text
from azscraper.wire.envelopes import Envelope, ListEnvelope, Meta
from azscraper.wire.history import CursorText
from azscraper.wire.series import ChangeOut, FoundProductOut, ImportedOut

router = APIRouter(tags=["history"], route_class=StrictJson)

_Since = Annotated[
    Moment | None, Query(description="Not before this time, or this day, in ISO 8601; a day ago when left out")
]
_Percent = Annotated[
    Annotated[
        Decimal, Field(ge=0, le=1_000_000), WithJsonSchema({"type": "number", "minimum": 0, "maximum": 1_000_000})
    ]
    | None,
    Query(description="Only numbers that moved by so many percent or more, up or down", examples=[5]),
]


_FILES = {
    formats.MEDIA_TYPES[kind]: {"schema": {"type": "string", "format": "binary"}} for kind in (Format.CSV, Format.XLSX)
}


@router.get(
    "/projects/{project_id}/changes",
    operation_id="listChanges",
    response_model=ListEnvelope[ChangeOut],
    responses={200: {"content": _FILES}, **errors(400, 401, 404, 429)},
)
async def list_changes(
    *,
    project_id: str,
    caller: KeyCaller,
    services: ServicesDep,
    until_sent: UntilSent,
    since: _Since = None,
    kind: Annotated[
        Annotated[Text, Field(max_length=2000, json_schema_extra={"format": "series-fields"})] | None,
        Query(description="Fields, with commas between; all when left out", examples=["price,availability"]),
    ] = None,
    least: Annotated[_Percent, Query(alias="min")] = None,
    marketplace: MarketplaceName = None,
    limit: LongLimit = 100,
    cursor: Annotated[CursorText | None, Query()] = None,
    format: Literal["json", "csv", "xlsx"] = "json",  # noqa: A002 - the parameter's name on the wire
) -> ListEnvelope[ChangeOut] | Response:
    """What changed in a project's products, newest first, each field on its own, before and after.

    From jobs of all kinds; what was seen for the first time is no change. limit is capped at 1,000. format=csv and format=xlsx
    are a file of the newest 10,000, a row each; limit and cursor have no effect on it. It counts as an export of the month.
    """
    wanted = changes.Wanted(
        since or services.clock() - timedelta(days=1),
        series_history.read_fields(kind, field="kind") if kind else None,
        least,
        host_of(marketplace),
    )
    if format != "json":
        until_sent.enter_context(services.downloads.taken(caller.organization_id))
        async with transaction(services.pool) as conn:
            now = services.clock()
            rows = await change_files.find(conn, caller, project_id, wanted, now=now)
        return change_files.answer(rows, Format(format), now=now)
    at = Cursor.read(cursor) if cursor else None
    async with transaction(services.pool) as conn:
        page = await changes.find_changes(conn, caller, project_id, wanted, limit=limit, cursor=at)
    return ListEnvelope(
        data=[change_out(one) for one in page.items],
        meta=Meta(total=page.total, limit=limit, next_cursor=page.cursor),
    )


@router.get("/projects/{project_id}/products", operation_id="findProducts", responses=errors(400, 401, 404, 429, 503))
async def find_products(
    *,
    project_id: str,
    caller: KeyCaller,
    services: ServicesDep,
    where: Annotated[
        Annotated[str, Field(max_length=500, json_schema_extra={"format": "product-where"})] | None,
        Query(
            description='Products for which all of up to five terms hold: `price<20,rating>=4.5,change.7<=-10,title~"kettle"`.'
            " change.1, change.7 and change.30 are in percent. What is missing does not fit.",
        ),
    ] = None,
    sort: Annotated[
        Annotated[str, Field(max_length=100, json_schema_extra={"format": "product-sort"})],
        Query(description="A value, with - in front from the largest on", examples=["-change.7"]),
    ] = "-checkedAt",
    change_of: Annotated[
        Annotated[Text, Field(max_length=100, json_schema_extra={"format": "series-number"})],
        Query(alias="changeOf", description="The number whose changes are told"),
    ] = "price",
    limit: Limit = 50,
    offset: Offset = 0,
) -> ListEnvelope[FoundProductOut]:
    """Every product that a project ever saw, with its values now and how one of them changed over 1, 7 and 30 days."""
    terms = read_where(where, finder.KNOWN).terms if where else ()
    conditions = [Condition(term.path, term.operator, term.literal) for term in terms]
    wanted = finder.Wanted(conditions, sort, change_of)
    with services.filters.taken(caller.organization_id):  # all products of the project are read
        async with transaction(services.pool) as conn:
            page = await finder.find(conn, caller, project_id, wanted, now=services.clock(), limit=limit, offset=offset)
    return ListEnvelope(
        data=[found_out(one) for one in page.items], meta=Meta(total=page.total, limit=limit, offset=offset)
    )


@router.post(
    "/projects/{project_id}/imports",
    status_code=201,
    operation_id="importHistory",
    openapi_extra=FILE_BODY,
    responses=errors(400, 401, 404, 409, 413),
)
@takes(MAX_BODY_BYTES)
async def import_history(
    *,
    request: Request,
    project_id: str,
    caller: KeyCaller,
    services: ServicesDep,
    at: Annotated[
        Moment | None, Query(description="Time of the values of a Keepa export, which names none; now when left out")
    ] = None,
    marketplace: Annotated[
        Annotated[Text, Field(max_length=100, json_schema_extra={"format": "amazon-marketplace"})] | None,
        Query(description="Host or country code, of rows that name none"),
    ] = None,
) -> Envelope[ImportedOut]:
    """Import history from elsewhere, up to 16 MiB: CSV with the columns asin, marketplace, time, field, value and unit, or the export of
    Keepa's product viewer.

    Its points have the source `imported`. Nothing is sent to webhooks or alerts.
    """
    now = services.clock()
    async with transaction(services.pool) as conn:
        await projects.get(conn, caller, project_id)
    with services.uploads.taken(caller.organization_id):
        body = await request.body()
        seen = await asyncio.to_thread(
            imports.read, body, now=now, at=at and min(at, now), marketplace=host_of(marketplace)
        )
        async with transaction(services.pool) as conn:
            done = await imports.store(conn, caller, project_id, seen)
    return Envelope(data=ImportedOut.of(done))
