"""Real processes: the built-in marketplace and ``azscraper up``, each ended by its own process id."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import orjson
import pytest

from acceptance.json_client import JsonClient
from azscraper.demo.server import base_urls

DEADLINE_SECONDS = 120


def wait_until(condition: Callable[[], object], what: str, seconds: float = DEADLINE_SECONDS) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"{what} did not happen within {seconds} s"
        time.sleep(0.05)


def free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def running(command: list[str], environ: dict[str, str], **options) -> Iterator[subprocess.Popen]:
    process = subprocess.Popen([sys.executable, "-m", *command], env=environ, **options)
    try:
        yield process
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            raise
        finally:
            if process.stdout is not None:
                process.stdout.close()


def clean_environ(**settings: str) -> dict[str, str]:
    environ = {name: value for name, value in os.environ.items() if not name.startswith("AZSCRAPER_")}
    return environ | {f"AZSCRAPER_{name}": value for name, value in settings.items()}


@contextmanager
def running_marketplace(*arguments: str) -> Iterator[str]:
    with running(["azscraper.demo", *arguments], clean_environ(), stdout=subprocess.PIPE, text=True) as process:
        yield process.stdout.readline().strip()


@dataclass
class Service:
    """A running ``azscraper up`` and a client that is logged in to it."""

    url: str
    process: subprocess.Popen
    client: JsonClient
    token: str
    project_id: str
    data_dir: Path

    def finish(self, job_id: str) -> dict:
        """Wait for the job's end."""
        wait_until(lambda: self.client.job(job_id)["status"] not in {"queued", "running"}, f"the end of job {job_id}")
        return self.client.job(job_id)


@contextmanager
def running_service(*arguments: str, **settings: str) -> Iterator[Service]:
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    with (
        TemporaryDirectory(prefix="azscraper-data-") as data_dir,
        running(
            ["azscraper", "up", "--port", str(port), *arguments], clean_environ(DATA_DIR=data_dir, **settings)
        ) as process,
        JsonClient(url) as client,
    ):
        wait_until(client.is_healthy, "the start of the service")
        token = client.register("ann@example.com", "correct horse")["accessToken"]
        project_id = client.create_project("EU keywords")["id"]
        yield Service(url, process, client, token, project_id, Path(data_dir))


@pytest.fixture(scope="session")
def marketplace() -> Iterator[str]:
    with running_marketplace() as url:
        yield url


@pytest.fixture(scope="module")
def service(marketplace: str) -> Iterator[Service]:
    urls = orjson.dumps(base_urls(marketplace)).decode()
    with running_service(MARKETPLACE_BASE_URL=urls, CRAWL_RATE="0") as service:
        yield service
