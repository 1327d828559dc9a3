"""The rows of a project over HTTP, in the order of storing."""

from collections.abc import AsyncIterator
from typing import Annotated, Literal

from fastapi import APIRouter, Query
from fastapi.responses import StreamingResponse

from azscraper.errors import InvalidInputError
from azscraper.results import feed, formats, stored
from azscraper.results.feed import Feed, Place
from azscraper.results.formats import Format
from azscraper.results.selection import EVERYTHING
from azscraper.store.db import transaction
from azscraper.tenants import projects
from azscraper.web import selecting
from azscraper.web.deps import KeyCaller, ServicesDep, UntilSent, errors
from azscraper.web.guards.limits import StrictJson
from azscraper.web.selecting import FieldsText, WhereText
from azscraper.wire.base import Moment, Open
from azscraper.wire.rows import FeedMeta, FeedPage
from azscraper.words import JobType

router = APIRouter(tags=["jobs"], route_class=StrictJson)

MOST_ROWS = 10_000
MOST_LINES = 50_000
"""With format=ndjson: nobody reads these as one JSON text."""
_Cursor = Annotated[str | None, Query(max_length=60, pattern=r"^\d{1,18}\.\d{1,9}\.\d{1,9}$")]
_LINES = {formats.MEDIA_TYPES[Format.NDJSON]: {"schema": {"type": "string", "format": "binary"}}}
_Since = Annotated[Moment | None, Query(description="Stored at this time, or on this day, or later, in ISO 8601")]


@router.get(
    "/projects/{project_id}/rows",
    operation_id="listRows",
    responses=errors(400, 401, 404, 429, 503)
    | {200: {"model": FeedPage, "description": "The rows", "content": _LINES}},
)
async def list_rows(
    *,
    project_id: str,
    caller: KeyCaller,
    services: ServicesDep,
    until_sent: UntilSent,
    type: Open[JobType] | None = None,  # noqa: A002 - the parameter's name on the wire
    since: _Since = None,
    cursor: _Cursor = None,
    limit: Annotated[int, Query(ge=1)] = 1000,
    failures: bool = False,
    fields: FieldsText = None,
    where: WhereText = None,
    format: Literal["json", "ndjson"] = "json",  # noqa: A002 - the same
) -> StreamingResponse:
    """Every row of a project, of whatever job, in the order in which they were stored; limit is capped at 10,000, with format=ndjson at 50,000.

    An answer ends after about 32 MiB, whatever its limit.

    Keep meta.nextCursor: with it the next answer begins where this one ended, tomorrow or in a year. No row comes twice and
    none is left out, whatever is stored meanwhile; meta.skipped counts rows that were removed because they were old.
    meta.hasMore says whether rows follow already. Without cursor and since it begins with the oldest row. failures=true lists
    the targets that failed, with cursors of their own. type leaves out the jobs of other types. format=ndjson is a row a
    line, and meta as {"_meta": …} in the last one.
    """
    if cursor is not None and since is not None:
        raise InvalidInputError.of("since", "can't be combined with a cursor")
    if failures and where is not None:
        raise InvalidInputError.of("where", "can't be combined with failures")
    chosen, fitting = selecting.of_project(type, fields=fields, where=where, failures=failures)
    if fitting:
        until_sent.enter_context(services.filters.taken(caller.organization_id))
    limit = min(limit, MOST_LINES if format == "ndjson" else MOST_ROWS)
    if limit > stored.PAGE_ROWS:
        until_sent.enter_context(services.downloads.taken(caller.organization_id))
    async with transaction(services.pool) as conn:
        await projects.get(conn, caller, project_id)
        place = Place()
        if cursor is not None:
            place = await feed.place_of(conn, project_id, cursor, failed=failures)
        elif since is not None:
            place = await feed.place_at(conn, project_id, failed=failures, since=since)
    rows = Feed(services.pool, project_id, place, limit=limit, failed=failures, kind=type, where=fitting)
    blocks = aiter(rows if chosen == EVERYTHING else chosen.of_blocks(rows))
    first = await anext(blocks, b"")  # what goes wrong at once is an answer of its own
    answer = _lines if format == "ndjson" else _answer
    return StreamingResponse(
        answer(rows, _joined(first, blocks), limit), media_type=formats.MEDIA_TYPES[Format(format)]
    )


async def _answer(rows: Feed, blocks: AsyncIterator[bytes], limit: int) -> AsyncIterator[bytes]:
    yield b'{"data":'
    async for block in formats.json_array(blocks):
        yield block
    yield b',"meta":' + _meta(rows, limit) + b"}"


async def _lines(rows: Feed, blocks: AsyncIterator[bytes], limit: int) -> AsyncIterator[bytes]:
    async for block in blocks:
        yield block
    yield b'{"_meta":' + _meta(rows, limit) + b"}\n"


def _meta(rows: Feed, limit: int) -> bytes:
    meta = FeedMeta(limit=limit, next_cursor=rows.place.cursor, has_more=rows.has_more, skipped=rows.skipped)
    return meta.model_dump_json(by_alias=True).encode()


async def _joined(first: bytes, rest: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    if first:
        yield first
    async for block in rest:
        yield block
