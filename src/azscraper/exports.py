"""Exports: a job's rows as a file."""

from collections.abc import AsyncIterator

from azscraper import formats, results
from azscraper.db import Conn
from azscraper.formats import Format
from azscraper.jobs import Job, JobType
from azscraper.records import PageRecord, Product, SearchRow

_RECORDS: dict[JobType, type[PageRecord]] = {JobType.DETAILS: Product, JobType.SEARCH: SearchRow}


def file_name(job: Job, file_format: Format) -> str:
    """The name that the download suggests."""
    return f"job-{job.id}.{file_format}"


def stream(conn: Conn, job: Job, file_format: Format) -> AsyncIterator[bytes]:
    """The file in blocks, in constant memory."""
    lines = results.stream(conn, job.id)
    if file_format is Format.CSV:
        return formats.csv_file(lines, formats.columns(_RECORDS[JobType(job.type)]))
    return formats.json_array(lines)
