"""What operators do with an installation: back it up and restore it, remove what is old, read pages again, examine it."""

import re
from pathlib import Path
from typing import Annotated

import typer

from azscraper.cli.local.serve import DataDir
from azscraper.errors import InvalidInputError

_DAYS = re.compile(r"([0-9]{1,5})d")


def backup(
    file: Annotated[
        Path, typer.Argument(help="File to write. An existing file is replaced once the new one is complete.")
    ],
    data_dir: DataDir = None,
) -> None:
    """Write database, kept pages and secrets to one file, while everything runs. Keep it as safe as a password."""
    from azscraper.cli.local import installation_backup  # noqa: PLC0415 - takes a second, which --help need not wait for

    installation_backup.backup(file, data_dir)


def restore(
    file: Annotated[Path, typer.Argument(help="File that azscraper backup wrote.")], data_dir: DataDir = None
) -> None:
    """Restore a backup into an empty data folder, or into the empty database of AZSCRAPER_DATABASE_URL. Start the service afterwards."""
    from azscraper.cli.local import installation_backup  # noqa: PLC0415 - the same

    installation_backup.restore(file, data_dir)


def prune(
    older_than: Annotated[str, typer.Option("--older-than", help="Age in days, for example 90d.")],
    export: Annotated[
        Path | None, typer.Option(help="Folder: each job's rows are written there as Parquet before they are removed.")
    ] = None,
    data_dir: DataDir = None,
) -> None:
    """Remove targets and rows of old jobs that are over, and old webhook events. Jobs and their counters stay.

    If you interrupt it, the next call continues. Files that already exist are not written again.
    """
    days = _DAYS.fullmatch(older_than)
    if days is None:
        raise InvalidInputError(f"--older-than {older_than}: write days, for example 90d")
    from azscraper.cli.local import archives  # noqa: PLC0415 - takes a second, which --help need not wait for

    archives.prune(int(days[1]), export, data_dir)


def replay(
    job_id: Annotated[str, typer.Argument(help="The job whose pages are read again.")], data_dir: DataDir = None
) -> None:
    """Read a job's archived pages again with this release's parser, into a new job, without fetching anything.

    The old job and its rows stay as they are. Prints the new job's id.
    """
    from azscraper.cli.local import archives  # noqa: PLC0415 - takes a second, which --help need not wait for

    archives.replay(job_id, data_dir)


def doctor(
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    ask_robots: Annotated[
        bool, typer.Option("--ask-robots", help="Fetch robots.txt of each marketplace in use, once, from the shop.")
    ] = False,
    data_dir: DataDir = None,
) -> None:
    """Report what is wrong with this installation, and what to do. Run it with the settings of the service.

    The exit code is 0 if all is well, 1 if somebody should look soon, and 2 if something does not work. The command starts
    nothing, sends nothing to marketplaces without --ask-robots, and leaves nothing behind.
    """
    from azscraper.cli.local import examining  # noqa: PLC0415 - takes a second, which --help need not wait for

    examining.examine(data_dir, as_json=as_json, ask_robots=ask_robots)
