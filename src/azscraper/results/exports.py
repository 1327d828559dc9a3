"""Exports: a job's rows as a file."""

import re
from collections.abc import AsyncIterable, AsyncIterator, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from enum import StrEnum
from functools import cache
from typing import Annotated

import orjson
from pydantic import BaseModel, create_model

from azscraper.errors import ConflictError, InvalidInputError
from azscraper.jobs.jobs import Job
from azscraper.kinds.auto import AUTO
from azscraper.kinds.kind import Column, ColumnType, schema_name
from azscraper.kinds.registry import find_kind, kinds
from azscraper.records import PageRecord
from azscraper.records.parts import InTables
from azscraper.results import formats
from azscraper.results.formats import ANYBODY, Columns, Format, Names, Reader
from azscraper.results.selection import EVERYTHING, Fields
from azscraper.wire.rows import RowMeta


class Shown(StrEnum):
    """Which columns a table has."""

    ALL = "all"
    TABLE = "table"
    """Those that the dashboard's table of such rows shows, in its order."""


def require_over(job: Job, *, how_partial: str) -> None:
    """A file of a job that still runs would look whole. Raises ConflictError that says how to have it all the same."""
    if not job.is_over:
        raise ConflictError(f"The job is still {job.status}; wait for its end, or take the rows so far {how_partial}")


def file_name(job: Job, file_format: Format, names: Names = Names.DOTTED, zone: tzinfo = UTC) -> str:
    """The name that the download suggests; of a file for people the job's name and day: ``kettles-2026-11-30.xlsx``."""
    partial = "" if job.is_over else "-partial"
    if names is Names.LABELS:
        return named(job.name or job.type, job.completed_at or job.created_at, f"{partial}.{file_format}", zone)
    return f"job-{job.id}{partial}.{file_format}"


def named(text: str, day: datetime, suffix: str, zone: tzinfo = UTC) -> str:
    """A file's name of what it is called and its day in the zone: letters, digits and hyphens, at most 80."""
    words = re.sub(r"[^\w]+", "-", text.casefold().replace("_", "-")).strip("-")[:_NAME_CHARACTERS].strip("-")
    return f"{words or 'rows'}-{day.astimezone(zone):%Y-%m-%d}{suffix}"


_NAME_CHARACTERS = 80


@dataclass(frozen=True, slots=True)
class Shape:
    """How a file is to be."""

    fields: Fields = EVERYTHING
    """Of each row."""
    meta: bool = False
    """Whether the rows say where they came from."""
    guard: bool = True
    """Of CSV alone, see ``formats.csv_file``."""
    names: Names = Names.DOTTED
    """Of CSV and workbooks."""
    record: str | None = None
    """The type of records that a table has, where the job has several. None: of CSV and Parquet the main one, and a
    workbook has a sheet for each."""
    table: tuple[Column, ...] | None = None
    """Of CSV and workbooks: these columns of a table for people, of rows of the main type alone. None: all columns."""
    reader: Reader = ANYBODY
    """Of a file for people."""


AS_STORED = Shape()


def stream(rows: AsyncIterable[bytes], job: Job, file_format: Format, shape: Shape = AS_STORED) -> AsyncIterator[bytes]:
    """The file in blocks, in constant memory, of the job's ``rows`` (see ``stored``), which have ``meta`` where the shape has.

    Of a job that still runs JSON lines say so in their last line. Raises what ``records_of`` raises.
    """
    if file_format in {Format.JSON, Format.NDJSON}:
        chosen = rows if shape.fields == EVERYTHING else shape.fields.of_blocks(rows)
        return formats.json_array(chosen) if file_format is Format.JSON else _lines(chosen, job)
    records = records_of(job, shape.record)
    tables = {record.__name__: _table(record, shape, file_format) for record in records}
    name, table = next(iter(tables.items()))
    shown = None if shape.table is None else columns_of(shape.table)
    if file_format is Format.XLSX:
        from azscraper.results.formats_xlsx import xlsx_file  # noqa: PLC0415 - 60 MB that few processes need

        sheets = tables if shape.record is None else {name: table}
        return xlsx_file(
            rows, sheets if shown is None else {**sheets, name: shown}, names=shape.names, reader=shape.reader
        )
    if len(tables) > 1:
        rows = _of_one(rows, name)
    if file_format is Format.CSV:
        return formats.csv_file(
            rows, shown or formats.columns(table), guard=shape.guard, names=shape.names, reader=shape.reader
        )
    from azscraper.results.formats_parquet import parquet_file  # noqa: PLC0415 - the same

    return parquet_file(rows, table)


def columns_of(table: Iterable[Column]) -> Columns:
    """The columns of a table for people as those of a file: a picture has no text, a price has its currency beside it."""
    found: dict[str, Sequence[str]] = {}
    for one in table:
        if one.type is ColumnType.MONEY:
            found |= {f"{one.name}.{part}": (*one.path, part) for part in ("amount", "currency")}
        elif one.type is not ColumnType.PICTURE:
            found[one.name] = one.path
    return found


def table_of(job: Job) -> tuple[Column, ...]:
    """The columns that the dashboard's table of the job's main type of rows shows, without pictures."""
    return tuple(one for one in find_kind(job.kind_names[0]).columns if one.shown)


def require_names(names: Names, file_format: Format) -> None:
    """Raises InvalidInputError for names that the format does not have."""
    takes = {Names.DOTTED: set(Format), Names.SNAKE: {Format.CSV}, Names.LABELS: {Format.CSV, Format.XLSX}}[names]
    if file_format not in takes:
        raise InvalidInputError.of("names", f"is for format={' or '.join(sorted(takes))}")


def table_file(
    rows: AsyncIterable[bytes], record: type[BaseModel], file_format: Format, names: Names, reader: Reader = ANYBODY
) -> AsyncIterator[bytes]:
    """Rows of one type as a file; what ``require_names`` refuses is not asked for."""
    match file_format:
        case Format.JSON:
            return formats.json_array(rows)
        case Format.NDJSON:
            return aiter(rows)
        case Format.CSV:
            return formats.csv_file(rows, formats.columns(record), names=names, reader=reader)
        case Format.XLSX:
            from azscraper.results.formats_xlsx import xlsx_file  # noqa: PLC0415 - 60 MB that few processes need

            return xlsx_file(rows, {record.__name__: record}, names=names, reader=reader)
        case Format.PARQUET:
            from azscraper.results.formats_parquet import parquet_file  # noqa: PLC0415 - the same

            return parquet_file(rows, record)


def _table(record: type[PageRecord], shape: Shape, file_format: Format) -> type[BaseModel]:
    table = _with_meta(record) if shape.meta else record
    if shape.fields != EVERYTHING:
        table = formats.narrowed(table, shape.fields)
    return table if file_format is Format.PARQUET or shape.fields.trees[0] else formats.in_tables(table)


@cache
def _with_meta(record: type[PageRecord]) -> type[BaseModel]:
    return create_model(record.__name__, __base__=record, meta=(Annotated[RowMeta, InTables.LAST], ...))


def records_of(job: Job, first: str | None = None) -> list[type[PageRecord]]:
    """What the job's rows are; the main one first, or the one of that name, or whose schema has that name.

    Raises InvalidInputError for a name that is none of them, ConflictError where the job's kind is not installed.
    """
    if lacking := [name for name in job.kind_names if name not in {*kinds(), AUTO}]:
        raise ConflictError(f"The kind of page {lacking[0]} is not installed here: take the rows as JSON")
    named = {record.__name__: record for name in job.kind_names for record in find_kind(name).records}
    by_schema = {schema_name(record): name for name, record in named.items()}
    wanted = next(iter(named)) if first is None else by_schema.get(first, first)
    if wanted not in named:
        raise InvalidInputError.of("record", f"must be {' or '.join(map(repr, named))}")
    main = named.pop(wanted)
    return [main, *named.values()]


def lossless_format(job: Job) -> Format:
    """Of one file with all rows of the job: a table where they are of one type."""
    is_known = all(name in {*kinds(), AUTO} for name in job.kind_names)
    return Format.PARQUET if is_known and len(records_of(job)) == 1 else Format.NDJSON


async def _of_one(rows: AsyncIterable[bytes], name: str) -> AsyncIterator[bytes]:
    """Of a job with several types of records: each row says what it is."""
    async for block in rows:
        kept = [line for line in block.splitlines(keepends=True) if orjson.loads(line).get("record") == name]
        if kept:
            yield b"".join(kept)


async def _lines(rows: AsyncIterable[bytes], job: Job) -> AsyncIterator[bytes]:
    async for block in rows:
        yield block
    if not job.is_over:
        yield orjson.dumps({"_status": job.status}) + b"\n"
