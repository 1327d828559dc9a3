"""What a job brought, over HTTP: its rows, files of them, how often each field has a value."""

from collections.abc import AsyncIterator
from contextlib import ExitStack
from dataclasses import replace
from typing import Annotated

import orjson
from fastapi import APIRouter, Query, Request
from fastapi.responses import StreamingResponse
from pydantic import Field

from azscraper.errors import InvalidInputError
from azscraper.jobs import jobs
from azscraper.jobs.jobs import Job
from azscraper.results import exports, fill_rates, formats, stored, tables
from azscraper.results.exports import Shape, Shown
from azscraper.results.formats import ANYBODY, Format, Names, Reader
from azscraper.results.selection import EVERYTHING
from azscraper.results.stored import Wanted
from azscraper.store.db import Pool, transaction
from azscraper.tenants import audit, plans
from azscraper.tenants.audit import Action
from azscraper.tenants.principal import Principal
from azscraper.web import selecting
from azscraper.web.attachments import attachment
from azscraper.web.deps import KeyCaller, Services, ServicesDep, UntilSent, errors
from azscraper.web.guards.limits import StrictJson
from azscraper.web.selecting import FieldsText, Include, WhereText
from azscraper.web.warnings import as_json, given
from azscraper.wire.base import Text
from azscraper.wire.envelopes import Envelope
from azscraper.wire.jobs import FillRateOut, Rows
from azscraper.words import JobStatus

router = APIRouter(tags=["jobs"], route_class=StrictJson)

_ROWS_LIMIT = 10**9
_ROWS = {
    "items": {"anyOf": [{"$ref": f"#/components/schemas/{one}"} for one in ("Row", "PartOfRow")]},
    "title": "Data",
    "type": "array",
}
_FILES = {
    media_type: {"schema": {"type": "string", "format": "binary"}} for media_type in formats.MEDIA_TYPES.values()
} | {formats.MEDIA_TYPES[Format.JSON]: {"schema": _ROWS}}
_FILE_HEADERS = {
    "X-Job-Status": {"description": "Status of the job", "schema": {"type": "string", "enum": list(JobStatus)}},
    "X-Other-Records": {"description": "Records of the job that the file does not have", "schema": {"type": "string"}},
}
_Cursor = Annotated[str | None, Query(max_length=40, pattern=r"^\d{1,9}(\.\d{1,9})?$")]


@router.get("/jobs/{job_id}/fill-rates", operation_id="getFillRates", responses=errors(401, 404))
async def get_fill_rates(job_id: str, caller: KeyCaller, services: ServicesDep) -> Envelope[list[FillRateOut]]:
    """How often each field of the job's records has a value, per type of record, marketplace and parser version."""
    async with transaction(services.pool) as conn:
        await jobs.get(conn, caller, job_id)
        rates = await fill_rates.of_job(conn, job_id)
    return Envelope(data=[FillRateOut.of(rate, filled=rate.shares) for rate in rates])


@router.get(
    "/jobs/{job_id}/results",
    operation_id="getResults",
    responses=errors(400, 401, 404, 429, 503) | {200: {"model": Rows, "description": "The rows"}},
)
async def get_results(
    *,
    request: Request,
    job_id: str,
    caller: KeyCaller,
    services: ServicesDep,
    until_sent: UntilSent,
    limit: Annotated[int, Query(ge=1)] | None = None,
    cursor: _Cursor = None,
    fields: FieldsText = None,
    where: WhereText = None,
    include: Include = None,
) -> StreamingResponse:
    """All rows, streamed, in target order, then position; or a page of them where limit is given, at most a billion.

    While the job runs, these are the rows so far: then meta.partial is true. Three answers of more than 1,000 rows at once
    for an organization; a client that does not take what is sent for 30 seconds is cut off.
    """
    limit = None if limit is None else min(limit, _ROWS_LIMIT)
    after = _row_key(cursor)
    async with transaction(services.pool) as conn:
        await stored.snapshot(conn)
        job = await jobs.get_kept(conn, caller, job_id)
        chosen, fitting = selecting.of_job(job.kind_names, fields=fields, where=where, meta=include == "meta")
        if fitting:
            until_sent.enter_context(services.filters.taken(caller.organization_id))
        wanted = Wanted(fitting, meta=include == "meta")
        with tables.in_time():
            first = await stored.first_batch(conn, job_id, after=after, limit=limit, wanted=wanted)
            total = await stored.count(conn, job_id, fitting) if fitting else None
    if first.next is not None and (limit is None or limit > stored.PAGE_ROWS):
        until_sent.enter_context(services.downloads.taken(caller.organization_id))
    rows = stored.Rows(services.pool, job_id, after=after, limit=limit, first=first, wanted=wanted)
    blocks = aiter(rows) if chosen == EVERYTHING else chosen.of_blocks(rows)
    warnings = as_json(given(request))
    answer = _results(services.pool, caller, job, rows, blocks, limit=limit, total=total, warnings=warnings)
    return StreamingResponse(answer, media_type="application/json")


@router.get(
    "/jobs/{job_id}/export",
    operation_id="exportJob",
    response_class=StreamingResponse,
    responses=errors(400, 401, 403, 404, 409, 429, 503)
    | {200: {"content": _FILES, "description": "The file, as an attachment", "headers": _FILE_HEADERS}},
)
async def export_job(
    *,
    job_id: str,
    caller: KeyCaller,
    services: ServicesDep,
    until_sent: UntilSent,
    format: Format = Format.JSON,  # noqa: A002 - the parameter's name on the wire
    guard: bool = True,
    partial: bool = False,
    fields: FieldsText = None,
    where: WhereText = None,
    include: Include = None,
    names: Names = Names.DOTTED,
    columns: Annotated[
        Shown, Query(description="Of CSV and workbooks: all, or those that the dashboard's table of such rows shows")
    ] = Shown.ALL,
    record: Annotated[Text, Field(json_schema_extra={"format": "record-name"})] | None = None,
) -> StreamingResponse:
    """The job's rows as a file. CSV: guard=false leaves texts that a spreadsheet would run as formulas as they are, and
    names=snake calls the column of price.amount price_amount. For people, as CSV (with a byte-order mark) or XLSX: names=labels calls
    it Price, columns=table has what the dashboard's table shows, and the file is named by the job and its day
    (kettles-2026-11-30.xlsx).

    Of a job with several types of records, CSV and Parquet have the main one or `record` (SearchRow, or search-row as its schema is
    called), and X-Other-Records names the others; a workbook has a sheet for each.

    A job that still runs is 409 unless partial=true: then the file has the rows so far, `-partial` in its name, and as
    NDJSON a last line {"_status":"running"}. X-Job-Status says where the job stood.
    """
    return await job_file(
        job_id=job_id,
        caller=caller,
        services=services,
        until_sent=until_sent,
        format=format,
        guard=guard,
        partial=partial,
        fields=fields,
        where=where,
        include=include,
        names=names,
        columns=columns,
        record=record,
    )


async def job_file(
    *,
    job_id: str,
    caller: Principal,
    services: Services,
    until_sent: ExitStack,
    format: Format,  # noqa: A002 - the parameter's name on the wire
    guard: bool = True,
    partial: bool = False,
    fields: str | None = None,
    where: str | None = None,
    include: str | None = None,
    names: Names = Names.DOTTED,
    columns: Shown = Shown.ALL,
    record: str | None = None,
    reader: Reader = ANYBODY,
) -> StreamingResponse:
    """The file that ``export_job`` answers with; one for people is the reader's, and so are the names of the columns of a table."""
    async with transaction(services.pool) as conn:
        job = await jobs.get_kept(conn, caller, job_id)
    if not partial:
        exports.require_over(job, how_partial="with partial=true")
    _require_fitting(format, names, columns, fields)
    chosen, fitting = selecting.of_job(job.kind_names, fields=fields, where=where, meta=include == "meta")
    if fitting:
        until_sent.enter_context(services.filters.taken(caller.organization_id))
    is_one_table = format in {Format.CSV, Format.PARQUET} or (format is Format.XLSX and record is not None)
    records = exports.records_of(job, record) if is_one_table or record is not None else []
    others = records[1:] if is_one_table else []
    if job.result_count > stored.PAGE_ROWS:
        until_sent.enter_context(services.downloads.taken(caller.organization_id))
    async with transaction(services.pool) as conn:
        await plans.charge_export(conn, caller.organization_id, now=services.clock())
        await audit.note(conn, caller, Action.JOB_EXPORTED, job_id, details={"format": format})
    wanted = Wanted(fitting, meta=include == "meta")
    table = exports.table_of(job) if columns is Shown.TABLE else None
    async with transaction(services.pool) as conn:
        await stored.snapshot(conn)
        with tables.in_time():
            first = await stored.first_batch(conn, job_id, wanted=wanted)
    headers = {
        "Content-Disposition": attachment(exports.file_name(job, format, names, reader.zone)),
        "X-Job-Status": job.status,
        **({"X-Other-Records": ", ".join(one.__name__ for one in others)} if others else {}),
    }
    rows = stored.Rows(services.pool, job_id, first=first, wanted=wanted)
    reader = reader if table else replace(reader, say=str)
    file = exports.stream(rows, job, format, Shape(chosen, wanted.meta, guard, names, record, table, reader))
    return StreamingResponse(file, media_type=formats.MEDIA_TYPES[format], headers=headers)


def _require_fitting(file_format: Format, names: Names, columns: Shown, fields: str | None) -> None:
    """Raises InvalidInputError for what the format does not have."""
    exports.require_names(names, file_format)
    if columns is Shown.TABLE and file_format not in {Format.CSV, Format.XLSX}:
        raise InvalidInputError.of("columns", "is for format=csv or xlsx")
    if columns is Shown.TABLE and fields is not None:
        raise InvalidInputError.of("columns", "and fields both choose the columns; take one of them")


def _row_key(cursor: str | None) -> stored.Key:
    if cursor is None:
        return stored.START
    ordinal, _, position = cursor.partition(".")
    return (int(ordinal), int(position or 0))


async def _results(
    pool: Pool,
    caller: Principal,
    job: Job,
    rows: stored.Rows,
    blocks: AsyncIterator[bytes],
    *,
    limit: int | None,
    total: int | None,
    warnings: list[dict[str, str]],
) -> AsyncIterator[bytes]:
    yield b'{"data":'
    async for block in formats.json_array(blocks):
        yield block
    meta: dict[str, object] = {"total": await _total(pool, caller, job) if total is None else total}
    if limit is not None:
        meta |= {"limit": limit, "nextCursor": cursor_of(rows)}
    meta |= {"status": job.status} | ({} if job.is_over else {"partial": True})
    meta |= {"warnings": warnings} if warnings else {}
    yield b',"meta":' + orjson.dumps(meta) + b"}"


async def _total(pool: Pool, caller: Principal, job: Job) -> int:
    """At least as many as were sent: those of a job that runs grow meanwhile."""
    if job.is_over:
        return job.result_count
    async with transaction(pool) as conn:
        return (await jobs.get(conn, caller, job.id)).result_count


def cursor_of(rows: stored.Rows) -> str | None:
    """Where the rows go on that the limit left out, once they are read."""
    return f"{rows.next[0]}.{rows.next[1]}" if rows.next else None
