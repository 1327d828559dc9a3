"""``azscraper backup`` and ``azscraper restore``: everything of an installation in one file, and back."""

from pathlib import Path
from typing import Annotated

import typer

from azscraper.cli.local.serve import DataDir


def backup(
    file: Annotated[
        Path, typer.Argument(help="File to write; one of that name is replaced once the new one is whole.")
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
