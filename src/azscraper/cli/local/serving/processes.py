"""What every serving command begins with, and ``up``, which runs the others. What a part needs, its own module imports."""

import asyncio
import os
import signal
import sys
import time
from asyncio.subprocess import DEVNULL
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from dataclasses import dataclass
from pathlib import Path

import orjson
import structlog
import uvloop

from azscraper.cli.local.serving.logs import log_to_stderr
from azscraper.cli.local.serving.ports import free_port, require_free
from azscraper.cli.local.serving.secret import jwt_secret
from azscraper.clock import utc_now
from azscraper.config import PREFIX, Settings, load_settings
from azscraper.errors import InvalidInputError
from azscraper.launch import NOBODY_ELSE, ending_with_us
from azscraper.marketplaces import HOSTS
from azscraper.store import migrations, roles
from azscraper.store.db import open_pool, transaction
from azscraper.store.embedded.server import Server, embedded_server, pause_after
from azscraper.tenants import plans

_KILL_AFTER_SECONDS = 12.0
"""A part that has not ended by then is killed: parts promise to end within 10 s."""
RESTART_AFTER_SECONDS = 1.0
"""Between the end of a worker's loop that failed and its next start."""
PATIENCE_SECONDS = 10.0
"""What serves and is told to end keeps its database so long for a command that uses it."""

_log = structlog.get_logger("azscraper")


def settings_of(data_dir: Path | None = None) -> Settings:
    """The settings of the environment; a folder named on the command line wins. Also sets logging up."""
    settings = load_settings(os.environ)
    log_to_stderr(settings)
    return settings.model_copy(update={"data_dir": data_dir}) if data_dir else settings


@dataclass(frozen=True, slots=True)
class Urls:
    """Of the database, for its two roles; the same where one role does both."""

    owner: str
    """Migrates and is backed up."""
    service: str
    """Reads and writes rows."""


@contextmanager
def database(settings: Settings, *, patience: float = float("inf")) -> Iterator[str]:
    """The URL for the service of the database, brought to this release's schema; see ``connected``."""
    with connected(settings, patience=patience) as urls:
        _bring_up_to_date(urls)
        yield urls.service


def _bring_up_to_date(urls: Urls) -> None:
    migrations.migrate(urls.owner)
    roles.grant(urls.owner, urls.service)


@contextmanager
def connected(settings: Settings, *, patience: float = float("inf")) -> Iterator[Urls]:
    """The URLs of the database, which is started where none is named.

    A database that was started here stays ``patience`` seconds for others that use it. Raises InvalidInputError when there
    can be no data folder, UnavailableError when the database does not start.
    """
    end_on_signals()
    external = _external(settings)
    started = nullcontext() if external else embedded_server(settings.data_dir, patience=patience)
    with started as server:
        yield external or _embedded(server)


def _external(settings: Settings) -> Urls | None:
    if settings.database_url is None:
        return None
    owner = settings.database_owner_url or settings.database_url
    return Urls(owner.get_secret_value(), settings.database_url.get_secret_value())


def _embedded(server: Server | None) -> Urls:
    assert server is not None  # noqa: S101 - there is one where there is no external one
    return Urls(*roles.prepare(server.url))


def existing_database(settings: Settings) -> AbstractContextManager[str]:
    """As ``database``, for commands that only use what is there: raises InvalidInputError where no database was made yet."""
    if settings.database_url is None and not (settings.data_dir / "postgres").exists():
        message = f"There is no database in {settings.data_dir}, so no jobs and no accounts; name its folder with --data-dir, or start one: azscraper up"
        raise InvalidInputError(message)
    return database(settings)


def end_on_signals() -> None:
    """SIGTERM ends the process in order from now on, as Ctrl-C does: what it started is ended too."""

    def end(number: int, _frame: object) -> None:
        raise SystemExit(128 + number)

    signal.signal(signal.SIGTERM, end)


def require_plan(settings: Settings, url: str) -> None:
    """Say it before anybody registers. Raises InvalidInputError when there is no such plan."""
    asyncio.run(_require_plan(url, settings.default_plan))


async def _require_plan(url: str, name: str) -> None:
    async with open_pool(url, size=1) as pool, transaction(pool) as conn:
        await plans.require(conn, name)


def migrate(data_dir: Path | None) -> None:
    """Bring the database to this release's schema."""
    with database(settings_of(data_dir)):
        _log.info("the schema is up to date")


def stop_on_signals() -> asyncio.Event:
    """Set by SIGTERM and SIGINT from now on."""
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    return stop


@dataclass(frozen=True, slots=True)
class _Part:
    """A process that ``up`` keeps running."""

    name: str
    command: list[str]
    """What stands behind ``python -m``."""
    serves_others: bool = False
    """Whether it ends when the others have, and what it prints is nobody's business."""
    once: bool = False
    """Whether it has done its work when it ends well."""


def up(host: str, port: int, data_dir: Path | None, workers: int, *, demo: bool) -> None:
    """Run everything in one process group: database, HTTP service, workers; with ``demo`` the built-in marketplace too."""
    end_on_signals()
    os.umask(NOBODY_ELSE)
    settings = settings_of(data_dir)
    external = _external(settings)
    started = nullcontext() if external else embedded_server(settings.data_dir, alone=True, patience=PATIENCE_SECONDS)
    with started as server:
        require_free(host, port)
        urls = external or _embedded(server)
        _bring_up_to_date(urls)
        require_plan(settings, urls.service)
        environ = dict(os.environ) | {
            f"{PREFIX}DATABASE_URL": urls.service,
            f"{PREFIX}DATA_DIR": str(settings.data_dir),
            f"{PREFIX}JWT_SECRET": jwt_secret(settings),
        }
        environ.pop(f"{PREFIX}DATABASE_OWNER_URL", None)  # what is to be migrated was
        parts = [_Part("api", ["azscraper", "api", "--host", host, "--port", str(port)])]
        parts += [_Part("worker", ["azscraper", "worker"])] * workers
        if demo:
            marketplace = free_port()
            environ |= played_by(f"http://127.0.0.1:{marketplace}", environ)
            parts += [
                _Part("marketplace", ["azscraper.demo", "--moves", "--port", str(marketplace)], serves_others=True),
                _Part("seeding", ["azscraper.demo.seeding", utc_now().isoformat()], once=True),
            ]
        _log.info("starting", url=f"http://{host}:{port}", docs=f"http://{host}:{port}/api/docs", workers=workers)
        uvloop.run(_supervise(parts, environ, settings.metrics_port, lock=server.lock if server else None))


def played_by(marketplace: str, environ: Mapping[str, str]) -> dict[str, str]:
    """Settings that send all fetches to the built-in marketplace, which need not be spared.

    It has pages of all marketplaces, so that nothing leaves the machine.
    """
    return {
        f"{PREFIX}MARKETPLACE_BASE_URL": orjson.dumps(dict.fromkeys(HOSTS, marketplace)).decode(),
        f"{PREFIX}CRAWL_RATE": environ.get(f"{PREFIX}CRAWL_RATE", "50"),
    }


async def _supervise(parts: list[_Part], environ: dict[str, str], metrics_port: int, *, lock: int | None) -> None:
    """Keep the parts running until a signal comes; then end them. Each has a metrics port of its own."""
    stop, others_ended = stop_on_signals(), asyncio.Event()
    running = [
        asyncio.create_task(
            _keep_running(
                part,
                environ | ({f"{PREFIX}METRICS_PORT": str(metrics_port + number)} if metrics_port else {}),
                others_ended if part.serves_others else stop,
                lock,
            )
        )
        for number, part in enumerate(parts)
    ]
    await asyncio.gather(*(task for task, part in zip(running, parts, strict=True) if not part.serves_others))
    others_ended.set()
    await asyncio.gather(*running)


async def _keep_running(part: _Part, environ: dict[str, str], stop: asyncio.Event, lock: int | None) -> None:
    """The part inherits the data folder's lock, so that the next ``up`` begins when the last part of a killed one has ended."""
    stopping = asyncio.create_task(stop.wait())
    command = [sys.executable, "-m", *part.command]
    pause = 0.0
    while not stop.is_set():
        began = time.monotonic()
        process = await asyncio.create_subprocess_exec(
            *ending_with_us(command),
            env=environ,
            stdout=DEVNULL if part.serves_others else None,
            pass_fds=() if lock is None else (lock,),
        )
        ended = asyncio.create_task(process.wait())
        await asyncio.wait([ended, stopping], return_when=asyncio.FIRST_COMPLETED)
        if stop.is_set():
            await _end(process)
        elif part.once and process.returncode == 0:
            return
        else:
            pause = pause_after(time.monotonic() - began, pause)
            _log.error(
                "a part ended and is started again", part=part.name, exit_code=process.returncode, pause_seconds=pause
            )
            with suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), pause)


async def _end(process: asyncio.subprocess.Process) -> None:
    with suppress(ProcessLookupError):
        process.terminate()
    try:
        await asyncio.wait_for(process.wait(), _KILL_AFTER_SECONDS)
    except TimeoutError:
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()
