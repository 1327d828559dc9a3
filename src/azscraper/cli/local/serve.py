"""Commands that run the service: everything at once, or a part of it."""

from pathlib import Path
from typing import Annotated

import typer

DataDir = Annotated[
    Path | None, typer.Option("--data-dir", help="Folder of the embedded database. Default: AZSCRAPER_DATA_DIR.")
]
Host = Annotated[str, typer.Option(help="Address to listen on.")]
Port = Annotated[int, typer.Option(min=1, max=65535, help="Port to listen on.")]


def migrate(data_dir: DataDir = None) -> None:
    """Bring the database to this release's schema."""
    from azscraper.cli.local.serving import processes  # noqa: PLC0415 - takes a second, which --help need not wait for

    processes.migrate(data_dir)


def api(host: Host = "127.0.0.1", port: Port = 8000, data_dir: DataDir = None) -> None:
    """Run the HTTP service alone. Stateless: run as many as you like behind a load balancer."""
    from azscraper.cli.local.serving import api_process  # noqa: PLC0415 - the same

    api_process.api(host, port, data_dir)


def worker(data_dir: DataDir = None) -> None:
    """Run one worker process alone. Holds nothing that a crash loses: run as many as you like."""
    from azscraper.cli.local.serving import worker_process  # noqa: PLC0415 - the same

    worker_process.worker(data_dir)


def up(
    host: Host = "127.0.0.1",
    port: Port = 8000,
    data_dir: DataDir = None,
    workers: Annotated[int, typer.Option(min=1, max=64, help="Worker processes.")] = 1,
    demo: Annotated[  # noqa: FBT002 - Typer reads options so
        bool,
        typer.Option("--demo", help="Use the built-in marketplace instead of Amazon: offline, with made-up products."),
    ] = False,
) -> None:
    """Run everything in one process group: database, HTTP service, workers."""
    from azscraper.cli.local.serving import processes  # noqa: PLC0415 - the same

    processes.up(host, port, data_dir, workers, demo=demo)
