"""``azscraper export``: a job's rows to a file, from a service or, for the operator, from the database."""

import os
from pathlib import Path
from typing import Annotated

import typer

from azscraper.cli.local.serve import DataDir
from azscraper.cli.remote.connection import is_named, service
from azscraper.client.jobs import format_of
from azscraper.results.formats import Format


def export(
    job_id: Annotated[str, typer.Argument(help="The job's id.")],
    output: Annotated[Path, typer.Option("--output", "-o", help="File to write.")],
    *,
    file_format: Annotated[
        Format | None, typer.Option("--format", help="Format of the file. Default: the one that its suffix names.")
    ] = None,
    guard: Annotated[
        bool, typer.Option(help="CSV: put an apostrophe before texts that a spreadsheet would run as formulas.")
    ] = True,
    partial: Annotated[bool, typer.Option("--partial", help="If the job still runs, take its rows so far.")] = False,
    data_dir: DataDir = None,
) -> None:
    """Write a job's rows to a file.

    The rows come from the service of AZSCRAPER_URL or of your log-in. With --data-dir, or without a service, they come from the database.
    """
    chosen = file_format or Format(format_of(output))
    if data_dir is None and is_named(os.environ):
        with service() as client:
            client.job(job_id).export(output, chosen.value, guard=guard, partial=partial)
        return
    from azscraper.cli.local import archives  # noqa: PLC0415 - takes a second, which --help need not wait for

    archives.export(job_id, output, chosen, data_dir, guard=guard, partial=partial)
