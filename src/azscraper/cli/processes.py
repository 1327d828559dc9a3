"""What the serving commands do. A module of its own because it imports everything, which takes a second."""

import asyncio
import logging
import os
import signal
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, suppress
from pathlib import Path

import structlog
import uvicorn
import uvloop

from azscraper import db, exports, jobs, migrations, plans, results
from azscraper import worker as worker_process
from azscraper.cli.secret import jwt_secret
from azscraper.config import PREFIX, Settings, load_settings
from azscraper.db import open_pool, transaction
from azscraper.errors import InvalidInputError, NotFoundError
from azscraper.formats import Format
from azscraper.referrals import Rewards
from azscraper.web.app import make_app
from azscraper.web.deps import Services

_API_POOL_SIZE = 20
_KILL_AFTER_SECONDS = 12.0
"""A part that has not ended by then is killed: parts promise to end within 10 s."""
_RESTART_AFTER_SECONDS = 1.0

_log = structlog.get_logger("azscraper")


def settings_of(data_dir: Path | None = None) -> Settings:
    """The settings of the environment; a folder named on the command line wins. Also sets logging up."""
    _log_to_stderr()
    settings = load_settings(os.environ)
    plans.by_name(settings.default_plan)
    return settings.model_copy(update={"data_dir": data_dir}) if data_dir else settings


def _log_to_stderr() -> None:
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.LogfmtRenderer(key_order=["timestamp", "level", "event"]),
        ],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
    )


@contextmanager
def database(settings: Settings) -> Iterator[str]:
    """The URL of the database, which is started where none is named, and brought to this release's schema."""
    external = settings.database_url
    with nullcontext(external.get_secret_value()) if external else db.embedded_server(settings.data_dir) as url:
        migrations.migrate(url)
        yield url


def _require_free(host: str, port: int) -> None:
    """Say it in one line before anything is started. Raises InvalidInputError."""
    try:
        with socket.create_server((host, port)):
            pass
    except OSError as exc:
        raise InvalidInputError(f"{host}:{port} can't be listened on: {exc.strerror}; choose another --port") from exc


def migrate(data_dir: Path | None) -> None:
    """Bring the database to this release's schema."""
    with database(settings_of(data_dir)):
        _log.info("the schema is up to date")


def api(host: str, port: int, data_dir: Path | None) -> None:
    """Run the HTTP service alone. Stateless: run as many as you like behind a load balancer."""
    settings = settings_of(data_dir)
    _require_free(host, port)
    with database(settings) as url:
        uvloop.run(_serve(settings, url, host, port))


async def _serve(settings: Settings, url: str, host: str, port: int) -> None:
    async with open_pool(url, size=_API_POOL_SIZE) as pool:
        services = Services(
            pool,
            jwt_secret(settings),
            settings.default_plan,
            worker_process.utc_now,
            registration_credits=settings.registration_credits,
            referral_rewards=Rewards(settings.referrer_credits, settings.referred_credits),
            stopping=lambda: server.should_exit,
            webhook_allow_loopback=settings.webhook_allow_loopback,
        )
        config = uvicorn.Config(
            make_app(services), host=host, port=port, log_level="warning", timeout_graceful_shutdown=5, http="httptools"
        )
        server = _Server(config)
        ending = asyncio.create_task(_end_on(_stop_on_signals(), server))
        await server.serve()
        ending.cancel()


class _Server(uvicorn.Server):
    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Signals are ours: uvicorn raises them again at its end, and the process would die before its database ends."""
        yield


async def _end_on(stop: asyncio.Event, server: uvicorn.Server) -> None:
    await stop.wait()
    server.should_exit = True


def worker(data_dir: Path | None) -> None:
    """Run one worker process alone. Holds nothing that a crash loses: run as many as you like."""
    settings = settings_of(data_dir)
    with database(settings) as url:
        uvloop.run(_work(settings, url))


async def _work(settings: Settings, url: str) -> None:
    stop = _stop_on_signals()
    while not stop.is_set():
        try:
            await worker_process.run(settings, url, stop=stop)
        except InvalidInputError:
            raise
        except Exception:  # noqa: BLE001 - the worker loop: logged with its trace, and started again
            _log.exception("the worker failed and starts again")
        with suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), _RESTART_AFTER_SECONDS)


def _stop_on_signals() -> asyncio.Event:
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    return stop


def up(host: str, port: int, data_dir: Path | None, workers: int) -> None:
    """Run everything in one process group: database, HTTP service, workers."""
    settings = settings_of(data_dir)
    _require_free(host, port)
    with database(settings) as url:
        environ = dict(os.environ) | {
            f"{PREFIX}DATABASE_URL": url,
            f"{PREFIX}DATA_DIR": str(settings.data_dir),
            f"{PREFIX}JWT_SECRET": jwt_secret(settings),
        }
        parts = [["api", "--host", host, "--port", str(port)], *[["worker"]] * workers]
        _log.info("starting", url=f"http://{host}:{port}", docs=f"http://{host}:{port}/api/docs", workers=workers)
        uvloop.run(_supervise(parts, environ))


async def _supervise(parts: list[list[str]], environ: dict[str, str]) -> None:
    """Keep the parts running until a signal comes; then end them."""
    stop = _stop_on_signals()
    await asyncio.gather(*(_keep_running(part, environ, stop) for part in parts))


async def _keep_running(part: list[str], environ: dict[str, str], stop: asyncio.Event) -> None:
    stopping = asyncio.create_task(stop.wait())
    while not stop.is_set():
        process = await asyncio.create_subprocess_exec(sys.executable, "-m", "azscraper", *part, env=environ)
        ended = asyncio.create_task(process.wait())
        await asyncio.wait([ended, stopping], return_when=asyncio.FIRST_COMPLETED)
        if stop.is_set():
            await _end(process)
        else:
            _log.error("a part ended and is started again", part=part[0], exit_code=process.returncode)
            with suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), _RESTART_AFTER_SECONDS)


async def _end(process: asyncio.subprocess.Process) -> None:
    with suppress(ProcessLookupError):
        process.terminate()
    try:
        await asyncio.wait_for(process.wait(), _KILL_AFTER_SECONDS)
    except TimeoutError:
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()


def export(job_id: str, output: Path, file_format: Format, data_dir: Path | None, *, guard: bool) -> None:
    """Write a job's rows to a file. Raises NotFoundError."""
    with database(settings_of(data_dir)) as url:
        asyncio.run(_export(url, job_id, output, file_format, guard=guard))


async def _export(url: str, job_id: str, output: Path, file_format: Format, *, guard: bool) -> None:
    async with open_pool(url, size=1) as pool, transaction(pool) as conn:
        await results.snapshot(conn)
        job = await jobs.find(conn, job_id)
        if job is None:
            raise NotFoundError(f"There is no job {job_id}; GET /projects/:id/jobs lists them")
        with output.open("wb") as file:
            async for block in exports.stream(conn, job, file_format, guard=guard):
                file.write(block)
