"""Exports: a job's rows as a file."""

from collections.abc import AsyncIterator

from azscraper import formats, results
from azscraper.db import Conn
from azscraper.formats import Format
from azscraper.job_plan import JobType
from azscraper.jobs import Job
from azscraper.records import PageRecord, Product, SearchRow

_RECORDS: dict[JobType, type[PageRecord]] = {JobType.DETAILS: Product, JobType.SEARCH: SearchRow}


def file_name(job: Job, file_format: Format) -> str:
    """The name that the download suggests."""
    return f"job-{job.id}.{file_format}"


def stream(conn: Conn, job: Job, file_format: Format, *, guard: bool = True) -> AsyncIterator[bytes]:
    """The file in blocks, in constant memory; ``guard`` is of CSV alone (see ``formats.csv_file``)."""
    lines = results.stream(conn, job.id)
    record = _RECORDS[JobType(job.type)]
    match file_format:
        case Format.JSON:
            return formats.json_array(lines)
        case Format.NDJSON:
            return lines
        case Format.CSV:
            return formats.csv_file(lines, formats.columns(record), guard=guard)
        case Format.PARQUET:
            from azscraper.formats_parquet import parquet_file  # noqa: PLC0415 - 60 MB that few processes need

            return parquet_file(lines, record)
        case Format.XLSX:
            from azscraper.formats_xlsx import xlsx_file  # noqa: PLC0415 - the same

            return xlsx_file(lines, record)
