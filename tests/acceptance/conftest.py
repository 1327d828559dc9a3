"""Real processes: the built-in marketplace and ``azscraper up``, each ended by its own process id."""

import atexit
import itertools
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory, mkdtemp
from typing import Any

import httpx
import orjson
import psycopg
import pytest
from typer.testing import CliRunner

from acceptance.json_client import JsonClient
from azscraper.cli import app
from azscraper.demo.server import base_urls
from azscraper.errors import ServiceError
from azscraper.store.embedded.server import embedded_server

DEADLINE_SECONDS = 120
SECRET = "a master secret of at least thirty-two characters"


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A module's tests go to one of several test processes, so that its service is started once; all modules of the plain one together."""
    here = [item for item in items if item.path.parent == Path(__file__).parent]
    together = {item.path for item in here if "plain_service" in item.fixturenames}
    for item in here:
        item.add_marker(pytest.mark.xdist_group("service" if item.path in together else item.path.stem))


def read(done):
    """What a command printed as JSON."""
    return json.loads(done.stdout)


def wait_until(condition: Callable[[], object], what: str, seconds: float = DEADLINE_SECONDS) -> None:
    deadline = time.monotonic() + seconds
    for pause in itertools.chain((0.02, 0.04, 0.08), itertools.repeat(0.15)):  # each look takes the service's time
        if condition():
            return
        assert time.monotonic() < deadline, f"{what} did not happen within {seconds} s"
        time.sleep(pause)


_ports = itertools.cycle(range(20_000 + os.getpid() * 37 % 10_000, 32_000))
"""Below those that the system hands out itself, and in each test process from another one on."""


def free_port() -> int:
    for port in _ports:
        with closing(socket.socket()) as probe, suppress(OSError):
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as the service does
            probe.bind(("127.0.0.1", port))
            return port
    raise AssertionError("unreachable: the ports come round again")


@contextmanager
def running(command: list[str], environ: dict[str, str], **options) -> Iterator[subprocess.Popen]:
    process = subprocess.Popen([sys.executable, "-m", *command], env=environ, **options)
    try:
        yield process
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
        try:
            process.wait(60)
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


def stats(marketplace: str) -> Any:
    """What the marketplace was asked for."""
    return httpx.get(f"{marketplace}/__stats", trust_env=False, timeout=60).json()


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


@cache
def prepared_database() -> Path:
    """A database folder at this release's schema, to copy: made once a test process, where each service would make its own."""
    folder = Path(mkdtemp(prefix="azscraper-prepared-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    subprocess.run([sys.executable, "-m", "azscraper", "migrate"], env=clean_environ(DATA_DIR=str(folder)), check=True)
    return folder / "postgres"


@contextmanager
def prepared_data_dir() -> Iterator[str]:
    with TemporaryDirectory(prefix="azscraper-data-") as data_dir:
        subprocess.run(["cp", "-a", prepared_database(), data_dir], check=True)  # keeps the owner, who runs the server
        yield data_dir


@contextmanager
def running_service(*arguments: str, **settings: str) -> Iterator[Service]:
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    with (
        prepared_data_dir() as data_dir,
        running(
            ["azscraper", "up", "--port", str(port), *arguments], clean_environ(DATA_DIR=data_dir, **settings)
        ) as process,
        JsonClient(url) as client,
    ):
        wait_until(lambda: client.is_healthy() or process.poll() is not None, "the start of the service")
        assert process.poll() is None, "the service did not start"
        yield signed_up(Service(url, process, client, "", "", Path(data_dir)), "ann@example.com")


def signed_up(service: Service, email: str) -> Service:
    token = service.client.register(email, "correct horse")["accessToken"]
    return replace(service, token=token, project_id=service.client.create_project("EU keywords")["id"])


def forget_sign_ups(service: Service) -> None:
    """Tests do not all sign up within one hour from one address."""
    with embedded_server(service.data_dir) as server, psycopg.connect(server.url) as conn:
        conn.execute("DELETE FROM sign_up_tries")


@contextmanager
def running_api(database_url: str, **settings: str) -> Iterator[tuple[str, subprocess.Popen]]:
    """The HTTP service alone on a database; its URL and its process."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    environ = clean_environ(DATABASE_URL=database_url, JWT_SECRET=SECRET, **settings)
    with running(["azscraper", "api", "--port", str(port)], environ) as process, JsonClient(url) as client:
        wait_until(client.is_healthy, "the start of the service")
        yield url, process


@pytest.fixture(scope="session")
def marketplace() -> Iterator[str]:
    with running_marketplace() as url:
        yield url


@pytest.fixture(scope="session")
def plain_service(marketplace: str) -> Iterator[Service]:
    urls = orjson.dumps(base_urls(marketplace)).decode()
    with running_service(MARKETPLACE_BASE_URL=urls, CRAWL_RATE="0") as service:
        yield service


@pytest.fixture(scope="module")
def service(plain_service: Service, request: pytest.FixtureRequest) -> Iterator[Service]:
    """The one of all modules that take it, with an account of each module's own."""
    forget_sign_ups(plain_service)
    with JsonClient(plain_service.url) as client:
        yield signed_up(replace(plain_service, client=client), f"{request.path.stem}@example.com")


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def environ(home):
    return {"XDG_CONFIG_HOME": str(home), "HOME": str(home), "COLUMNS": "160", "TERM": "dumb"}


@pytest.fixture(scope="module")
def seller(request):
    """Who is logged in."""
    return f"seller-{request.path.stem}@example.com"


@pytest.fixture(scope="module")
def cli(service, environ, seller):
    """Runs a command in this process, as the user who is logged in."""
    runner = CliRunner()

    def run(*arguments, stdin="", exit_code=0, **more):
        done = runner.invoke(app, [str(a) for a in arguments], input=stdin, env=environ | more)
        if isinstance(done.exception, ServiceError):
            done.exit_code = 2
        assert exit_code in {None, done.exit_code}, (arguments, done.output, done.exception)
        return done

    with pytest.MonkeyPatch.context() as patch:
        for name, value in environ.items():
            patch.setenv(name, value)
        run("login", "--url", service.url, "--email", seller, "--register", stdin="correct horse\n")
        yield run
