"""Exports: a job's rows as a file."""

from collections.abc import AsyncIterable, AsyncIterator, Sequence

import orjson
from pydantic import BaseModel

from azscraper.errors import ConflictError
from azscraper.jobs.jobs import Job
from azscraper.kinds.registry import kinds
from azscraper.results import formats
from azscraper.results.formats import Format


def require_over(job: Job, *, how_partial: str) -> None:
    """A file of a job that still runs would look whole. Raises ConflictError that says how to have it all the same."""
    if not job.is_over:
        raise ConflictError(f"The job is still {job.status}; wait for its end, or take the rows so far {how_partial}")


def file_name(job: Job, file_format: Format) -> str:
    """The name that the download suggests."""
    return f"job-{job.id}{'' if job.is_over else '-partial'}.{file_format}"


def stream(
    rows: AsyncIterable[bytes], job: Job, file_format: Format, *, guard: bool = True, keys: Sequence[str] = ()
) -> AsyncIterator[bytes]:
    """The file in blocks, in constant memory, of the job's ``rows`` (see ``stored``).

    ``guard`` is of CSV alone (see ``formats.csv_file``). Of a job that still runs JSON lines say so in their last line.
    ``keys`` are those of the record that the rows have, in their order; without any they have all.
    """
    record: type[BaseModel] = kinds()[job.type].record
    if keys:
        record = formats.narrowed(record, tuple(keys))
    match file_format:
        case Format.JSON:
            return formats.json_array(rows)
        case Format.NDJSON:
            return _lines(rows, job)
        case Format.CSV:
            return formats.csv_file(rows, formats.columns(record), guard=guard)
        case Format.PARQUET:
            from azscraper.results.formats_parquet import parquet_file  # noqa: PLC0415 - 60 MB that few processes need

            return parquet_file(rows, record)
        case Format.XLSX:
            from azscraper.results.formats_xlsx import xlsx_file  # noqa: PLC0415 - the same

            return xlsx_file(rows, record)


async def _lines(rows: AsyncIterable[bytes], job: Job) -> AsyncIterator[bytes]:
    async for block in rows:
        yield block
    if not job.is_over:
        yield orjson.dumps({"_status": job.status}) + b"\n"
