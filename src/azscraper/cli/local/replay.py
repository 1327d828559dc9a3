"""``azscraper replay``: a job's archived pages are read again, for the operator."""

from typing import Annotated

import typer

from azscraper.cli.local.serve import DataDir


def replay(
    job_id: Annotated[str, typer.Argument(help="The job whose pages are read again.")], data_dir: DataDir = None
) -> None:
    """Read a job's archived pages again with this release's parser, into a new job, without fetching anything.

    The old job and its rows stay as they are. Prints the new job's id.
    """
    from azscraper.cli.local import archives  # noqa: PLC0415 - takes a second, which --help need not wait for

    archives.replay(job_id, data_dir)
