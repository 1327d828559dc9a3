"""``azscraper prune``: what is old leaves, for the operator."""

import re
from pathlib import Path
from typing import Annotated

import typer

from azscraper.cli.local.serve import DataDir
from azscraper.errors import InvalidInputError

_DAYS = re.compile(r"([0-9]{1,5})d")


def prune(
    older_than: Annotated[str, typer.Option("--older-than", help="Days, as in 90d.")],
    export: Annotated[
        Path | None, typer.Option(help="Folder: each job's rows are written there as Parquet before they are removed.")
    ] = None,
    data_dir: DataDir = None,
) -> None:
    """Remove targets and rows of old jobs that are over, and what webhooks were told then. Jobs and their counters stay.

    What is interrupted goes on at the next call; files that are there already are not written again.
    """
    days = _DAYS.fullmatch(older_than)
    if days is None:
        raise InvalidInputError(f"--older-than {older_than}: say days, as in 90d")
    from azscraper.cli.local import archives  # noqa: PLC0415 - takes a second, which --help need not wait for

    archives.prune(int(days[1]), export, data_dir)
