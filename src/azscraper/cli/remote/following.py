"""A job followed to its end, and what is said about it then."""

from pathlib import Path
from typing import Any

import typer
from rich.console import Console

from azscraper.cli import show
from azscraper.cli.progress import job_progress
from azscraper.cli.remote.connection import EXIT_UNFINISHED
from azscraper.cli.row_tables import row_table
from azscraper.cli.show import counted
from azscraper.client import Job, Sync
from azscraper.client.models import JobState, Target

_ROWS = 20
_FAILURES = 10


def follow(job: Job[Sync]) -> None:
    """Name the job, and wait for its end behind a bar on standard error."""
    try:
        show.note(f"following job {job.id}")
        with job_progress(Console(stderr=True), f"{job.type} job") as seen:
            job.wait(seen=seen, check=False)
    except KeyboardInterrupt:
        show.note(f"The job goes on: azscraper job {job.id} --watch, or azscraper cancel {job.id}")
        raise


def write(job: Job[Sync], files: list[Path], **chosen: Any) -> None:
    """The job's rows in each of the files, by their suffixes; ``chosen`` as ``Job.export`` takes it."""
    for path in files:
        job.export(path, **chosen)
        show.note(f"wrote {path} ({path.stat().st_size:,} bytes)")


def print_rows(
    job: Job[Sync], most: int = _ROWS, *, where: str | None = None, fields: str | None = None, meta: bool = False
) -> None:
    """The first rows that fit, with the fields, or with the columns that a person looks at first."""
    if not job.state.is_over:
        show.note(f"The job is still {job.status}: these are its rows so far")
    found = list(job.objects(most=most, partial=True, where=where, fields=fields, meta=meta))
    paths = [path.strip() for path in (fields or "").split(",") if path.strip() and not path.strip().startswith("-")]
    show.Out().print(row_table(job.type, found, paths))
    if where is None and job.state.result_count > most:
        show.note(f"{counted(job.state.result_count - most, 'more row')}: azscraper results {job.id} --output rows.csv")


def print_end(job: Job[Sync]) -> None:
    """How the job ended, and why targets failed."""
    counts = job.progress
    show.note(
        f"{job.status}: {counts.succeeded} of {counts.total} targets, {counted(job.state.result_count, 'row')} · job {job.id}"
    )
    if counts.failed:
        failures = list(job.targets(status="failed"))
        for target in failures[:_FAILURES]:
            show.note(f"  {target.value}: {reason(target)}")
        if len(failures) > _FAILURES:
            show.note(f"  and {len(failures) - _FAILURES} more: azscraper job {job.id} --targets --status failed")


def reason(target: Target) -> str | None:
    """Why it failed or waits."""
    return f"{target.error.code}: {target.error.message}" if target.error else None


def end_with(state: JobState) -> None:
    """Exit by how the job ended: 0 when every target succeeded."""
    if state.is_over and state.progress.succeeded < state.progress.total:
        raise typer.Exit(EXIT_UNFINISHED)
