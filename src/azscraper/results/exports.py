"""Exports: a job's rows as a file."""

from collections.abc import AsyncIterable, AsyncIterator
from dataclasses import dataclass
from functools import cache

import orjson
from pydantic import BaseModel, create_model

from azscraper.errors import ConflictError
from azscraper.jobs.jobs import Job
from azscraper.kinds.registry import find_kind
from azscraper.results import formats
from azscraper.results.formats import Format, Names
from azscraper.results.selection import EVERYTHING, Fields
from azscraper.wire.rows import RowMeta


def require_over(job: Job, *, how_partial: str) -> None:
    """A file of a job that still runs would look whole. Raises ConflictError that says how to have it all the same."""
    if not job.is_over:
        raise ConflictError(f"The job is still {job.status}; wait for its end, or take the rows so far {how_partial}")


def file_name(job: Job, file_format: Format) -> str:
    """The name that the download suggests."""
    return f"job-{job.id}{'' if job.is_over else '-partial'}.{file_format}"


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
    """The same."""


AS_STORED = Shape()


def stream(rows: AsyncIterable[bytes], job: Job, file_format: Format, shape: Shape = AS_STORED) -> AsyncIterator[bytes]:
    """The file in blocks, in constant memory, of the job's ``rows`` (see ``stored``), which have ``meta`` where the shape has.

    Of a job that still runs JSON lines say so in their last line.
    """
    record = record_of(job.type, meta=shape.meta)
    if shape.fields != EVERYTHING:
        record = formats.narrowed(record, shape.fields)
        if file_format in {Format.JSON, Format.NDJSON}:
            rows = shape.fields.of_blocks(rows)
    match file_format:
        case Format.JSON:
            return formats.json_array(rows)
        case Format.NDJSON:
            return _lines(rows, job)
        case Format.CSV:
            return formats.csv_file(rows, formats.columns(record), guard=shape.guard, names=shape.names)
        case Format.PARQUET:
            from azscraper.results.formats_parquet import parquet_file  # noqa: PLC0415 - 60 MB that few processes need

            return parquet_file(rows, record)
        case Format.XLSX:
            from azscraper.results.formats_xlsx import xlsx_file  # noqa: PLC0415 - the same

            return xlsx_file(rows, record)


@cache
def record_of(kind: str, *, meta: bool) -> type[BaseModel]:
    """What the rows of a job of the kind are."""
    record = find_kind(kind).record
    return create_model(record.__name__, __base__=record, meta=(RowMeta, ...)) if meta else record


async def _lines(rows: AsyncIterable[bytes], job: Job) -> AsyncIterator[bytes]:
    async for block in rows:
        yield block
    if not job.is_over:
        yield orjson.dumps({"_status": job.status}) + b"\n"
