"""A running job on the terminal."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from azscraper.cli.show import counted
from azscraper.client.models import JobState


class Seen(Protocol):
    """Takes each look at the job."""

    def __call__(self, job: JobState) -> None:
        """Show it."""


@contextmanager
def job_progress(console: Console, title: str) -> Iterator[Seen]:
    """A bar of the targets that ended, with rows, pace and errors beside it."""
    progress = Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("targets · {task.fields[rows]} · {task.fields[pace]:.1f}/s · {task.fields[errors]}"),
        TimeElapsedColumn(),
        console=console,
    )
    with progress:
        task = progress.add_task(title, total=None, rows=counted(0, "row"), pace=0.0, errors=counted(0, "error"))

        def seen(job: JobState) -> None:
            counts = job.progress
            progress.update(
                task,
                completed=counts.ended,
                total=counts.total,
                rows=counted(job.result_count, "row"),
                pace=counts.ended / (progress.tasks[task].elapsed or 1),
                errors=counted(counts.failed, "error"),
            )

        yield seen
