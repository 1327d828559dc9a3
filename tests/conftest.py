"""One PostgreSQL for the run; a migrated database for each test that asks for one."""

import os
import signal
from collections.abc import AsyncIterator, Iterator
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

import hypothesis
import psycopg
import pytest
import structlog

from azscraper.store import db
from azscraper.store.embedded.server import embedded_server
from databases import Databases, create, drop, url_of

for name in [
    name
    for name in os.environ
    if name.startswith("AZSCRAPER_") and name not in {"AZSCRAPER_PAGES", "AZSCRAPER_MUTANTS"}
]:
    del os.environ[name]

# a shell lets what it starts in the background ignore the signal, and every process below inherits that
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)
hypothesis.settings.register_profile("azscraper", deadline=None)  # no test fails because the machine is busy
hypothesis.settings.load_profile("azscraper")
structlog.configure(  # its own way draws each frame of an error with all its values, which takes seconds
    processors=[
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback),
    ]
)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--whole", action="store_true", help="give the fuzzer its whole budget: minutes (make fuzz)")


@pytest.fixture(scope="session")
def server_url() -> Iterator[str]:
    with TemporaryDirectory(prefix="azscraper-pg-") as folder, embedded_server(Path(folder)) as server:
        url = server.url
        with psycopg.connect(url, autocommit=True) as conn:  # halves the time of a clone; no test cuts the power
            for setting in ("fsync", "full_page_writes", "synchronous_commit"):
                conn.execute(f"ALTER SYSTEM SET {setting} = off")
            conn.execute("SELECT pg_reload_conf()")
        yield url


@pytest.fixture(scope="session")
def databases(server_url: str) -> Iterator[Databases]:
    with closing(Databases(server_url)) as databases:
        yield databases


@pytest.fixture
def database_url(databases: Databases) -> Iterator[str]:
    with databases.lend() as url:
        yield url


@pytest.fixture
def empty_database_url(server_url: str) -> Iterator[str]:
    """Without a schema, for what tests the migrations."""
    name = create(server_url, "template1")
    yield url_of(server_url, name)
    drop(server_url, name)


@pytest.fixture
async def pool(database_url: str) -> AsyncIterator[db.Pool]:
    async with db.open_pool(database_url, size=4) as pool:
        yield pool


@pytest.fixture(scope="session")
def pages_dir() -> Path:
    folder = Path(os.environ.get("AZSCRAPER_PAGES", Path(__file__).parents[2] / "shared" / "pages"))
    if not (folder / "manifest.jsonl").exists():
        pytest.skip("the folder of real pages is absent")
    return folder
