"""``azscraper export``: a job's rows to a file, for the operator."""

from pathlib import Path
from typing import Annotated

import typer

from azscraper.cli.serve import DataDir
from azscraper.client.jobs import format_of
from azscraper.formats import Format


def export(
    job_id: Annotated[str, typer.Argument(help="The job's id.")],
    output: Annotated[Path, typer.Option("--output", "-o", help="File to write.")],
    *,
    file_format: Annotated[
        Format | None, typer.Option("--format", help="Format of the file; the one that its suffix names when left out.")
    ] = None,
    guard: Annotated[
        bool, typer.Option(help="CSV: an apostrophe before texts that a spreadsheet would run as formulas.")
    ] = True,
    partial: Annotated[bool, typer.Option("--partial", help="Take the rows so far of a job that still runs.")] = False,
    data_dir: DataDir = None,
) -> None:
    """Write a job's rows to a file, straight from the database."""
    from azscraper.cli import archives  # noqa: PLC0415 - takes a second, which --help need not wait for

    archives.export(job_id, output, file_format or Format(format_of(output)), data_dir, guard=guard, partial=partial)
