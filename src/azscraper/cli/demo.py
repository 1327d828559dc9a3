"""``azscraper demo``: the main job, offline, from nothing to files, and nothing left running."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import orjson
import typer
from rich.console import Console

from azscraper.cli.local.serving.ports import free_port
from azscraper.cli.progress import job_progress
from azscraper.cli.row_tables import row_table
from azscraper.client import AzScraper, Job, Sync
from azscraper.config import PREFIX
from azscraper.errors import UnavailableError
from azscraper.launch import ending_with_us

_KEYWORDS = ["coffee", "kettle", "dress"]
_PRODUCTS = 40
_ROWS = 16
_LOOK_SECONDS = 0.2
_START_SECONDS = 60.0
_END_SECONDS = 20.0


def demo(
    output: Annotated[Path, typer.Option("--output", "-o", help="Folder for the JSON and CSV files.")] = Path(
        "demo-output"
    ),
) -> None:
    """Run a search job and a details job on the built-in marketplace; print the rows, write JSON and CSV."""
    console = Console()
    output.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="azscraper-demo-") as folder, _service(Path(folder)) as url:
        console.print(f"AzScraper runs on {url}, the built-in marketplace plays Amazon.")
        with AzScraper(url) as service:
            service.register("demo@example.com", "a demo password")
            found = _finished(service.run("search", _KEYWORDS, lang="en-US"), console, output)
            rows = list(found.search_rows())
            console.print(row_table("search", rows[:_ROWS]))
            asins = list(dict.fromkeys(row.asin for row in rows))[:_PRODUCTS]
            found = _finished(service.run("details", asins, lang="en-US"), console, output)
            console.print(row_table("details", list(found.products(most=_ROWS))))
    for path in sorted(output.iterdir()):
        console.print(f"wrote {path} ({path.stat().st_size:,} bytes)", soft_wrap=True)


def _finished(job: Job[Sync], console: Console, output: Path) -> Job[Sync]:
    with job_progress(console, f"{job.type} job") as seen:
        job.wait(seen=seen)
    for file_format in ("json", "csv"):
        job.export(output / f"{job.type}.{file_format}")
    return job


@contextmanager
def _service(data_dir: Path) -> Iterator[str]:
    """Everything a user would start, and the marketplace; ended with all its processes when the block ends."""
    from azscraper.demo.server import base_urls  # noqa: PLC0415 - half a second, which --help need not wait for

    with built_in_marketplace() as marketplace:
        port = free_port()
        environ = {key: value for key, value in os.environ.items() if not key.startswith(PREFIX)} | {
            f"{PREFIX}DATA_DIR": str(data_dir),
            f"{PREFIX}MARKETPLACE_BASE_URL": orjson.dumps(base_urls(marketplace)).decode(),
            f"{PREFIX}CRAWL_RATE": "50",
        }
        url = f"http://127.0.0.1:{port}"
        with _process(["up", "--port", str(port)], environ, stdout=None):
            _wait_until_healthy(url)
            yield url


@contextmanager
def built_in_marketplace() -> Iterator[str]:
    """The built-in marketplace as a process of its own; its base URL. It ends with the block."""
    with _process([], dict(os.environ), module="azscraper.demo", stdout=subprocess.PIPE) as process:
        assert process.stdout is not None  # noqa: S101 - asked for
        yield process.stdout.readline().decode().strip()


@contextmanager
def _process(
    arguments: list[str], environ: dict[str, str], *, module: str = "azscraper", stdout: int | None
) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(  # noqa: S603 - ours
        ending_with_us([sys.executable, "-m", module, *arguments]), env=environ, stdout=stdout
    )
    try:
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(_END_SECONDS)
        if process.stdout is not None:
            process.stdout.close()


def _wait_until_healthy(url: str) -> None:
    deadline = time.monotonic() + _START_SECONDS
    with AzScraper(url) as service:
        while not service.is_healthy():
            if time.monotonic() > deadline:
                raise UnavailableError(
                    f"The service did not start within {_START_SECONDS:.0f} s; see its messages above"
                )
            time.sleep(_LOOK_SECONDS)
