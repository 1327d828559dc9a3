"""What the commands for kept pages and rows do. A module of its own because it imports everything, which takes a second."""

import asyncio
import multiprocessing
import signal
from datetime import datetime, timedelta
from pathlib import Path
from typing import BinaryIO

import typer
import uvloop
from rich.console import Console

from azscraper import worker as worker_process
from azscraper.cli.local.serving.logs import log_to_stderr
from azscraper.cli.local.serving.processes import existing_database, settings_of, stop_on_signals
from azscraper.cli.progress import job_progress
from azscraper.client.models import JobState
from azscraper.clock import utc_now
from azscraper.config import Settings
from azscraper.errors import InvalidInputError, NotFoundError, UnavailableError
from azscraper.jobs import jobs, reparses
from azscraper.jobs.jobs import Job
from azscraper.operate import retention
from azscraper.results import exports, stored
from azscraper.results.exports import Shape
from azscraper.results.formats import Format
from azscraper.running import overseer
from azscraper.running.readings import Readings
from azscraper.store.db import Conn, Pool, open_pool, transaction
from azscraper.tenants.principal import Principal

_LOOK_SECONDS = 0.25


def replay(job_id: str, data_dir: Path | None) -> None:
    """Read a job's archived pages again into a new job, and wait for its end. Raises NotFoundError, ConflictError."""
    settings = settings_of(data_dir)
    with existing_database(settings) as url:
        typer.echo(uvloop.run(_replay(settings, url, job_id)).id)


async def _replay(settings: Settings, url: str, job_id: str) -> Job:
    async with open_pool(url, size=2) as pool:
        async with transaction(pool) as conn:
            job = await _found(conn, job_id)
            principal = Principal(job.organization_id, project_id=job.project_id)
            again = await reparses.reparse(conn, principal, job_id, now=utc_now(), a_day=None)
        working = asyncio.create_task(_keep_reading(settings, url))
        watching = asyncio.create_task(_watch(pool, again.id))
        try:
            await asyncio.wait([working, watching], return_when=asyncio.FIRST_COMPLETED)
            if not watching.done():
                await working  # it broke: raises why
            return await watching
        finally:
            watching.cancel()
            working.cancel()
            await asyncio.gather(watching, working, return_exceptions=True)


async def _keep_reading(settings: Settings, url: str) -> None:
    """Read in a process of its own, which is started again where its overseer ended it. Raises UnavailableError."""
    while True:
        process = multiprocessing.get_context("spawn").Process(target=_read, args=(settings, url), daemon=True)
        process.start()
        try:
            await asyncio.to_thread(process.join)
        finally:
            process.terminate()
        if process.exitcode != -signal.SIGKILL:
            raise UnavailableError("The process that reads the pages has ended; the log says why")


def _read(settings: Settings, url: str) -> None:
    log_to_stderr(settings)
    readings = Readings()
    overseer.start(readings)
    uvloop.run(_run(settings, url, readings))


async def _run(settings: Settings, url: str, readings: Readings) -> None:
    await worker_process.run_reparses(settings, url, stop=stop_on_signals(), readings=readings)


def prune(days: int, export_to: Path | None, data_dir: Path | None) -> None:
    """Remove what is older; say what that was."""
    settings = settings_of(data_dir)
    with existing_database(settings) as url:
        before = utc_now() - timedelta(days=days)
        pruned = asyncio.run(_prune(url, before, export_to))
    typer.echo(f"{pruned.jobs} jobs pruned, {pruned.months} months dropped, {pruned.files} files written")


async def _prune(url: str, before: datetime, export_to: Path | None) -> retention.Pruned:
    async with open_pool(url, size=2) as pool:
        try:
            return await retention.prune(pool, before=before, export_to=export_to)
        except OSError as exc:
            raise InvalidInputError(f"--export {export_to}: {exc.strerror}; nothing of that job was removed") from exc


async def _watch(pool: Pool, job_id: str) -> Job:
    with job_progress(Console(stderr=True), "replay") as seen:
        while True:
            async with transaction(pool) as conn:
                job = await _found(conn, job_id)
            seen(JobState.of(job))
            if job.is_over:
                return job
            await asyncio.sleep(_LOOK_SECONDS)


async def _found(conn: Conn, job_id: str) -> Job:
    job = await jobs.find(conn, job_id)
    if job is None:
        raise NotFoundError(f"There is no job {job_id}; azscraper jobs lists them")
    return job


def export(
    job_id: str, output: Path, file_format: Format, data_dir: Path | None, *, guard: bool, partial: bool
) -> None:
    """Write a job's rows to a file. Raises NotFoundError, InvalidInputError, ConflictError while the job runs."""
    with existing_database(settings_of(data_dir)) as url:
        asyncio.run(_export(url, job_id, output, file_format, guard=guard, partial=partial))


async def _export(url: str, job_id: str, output: Path, file_format: Format, *, guard: bool, partial: bool) -> None:
    async with open_pool(url, size=2) as pool:
        async with transaction(pool) as conn:
            job = await _found(conn, job_id)
        if not partial:
            exports.require_over(job, how_partial="with --partial")
        with _opened(output) as file:
            async for block in exports.stream(stored.Rows(pool, job.id), job, file_format, Shape(guard=guard)):
                file.write(block)


def _opened(output: Path) -> BinaryIO:
    try:
        return output.open("wb")
    except OSError as exc:
        raise InvalidInputError(f"{output} can't be written: {exc.strerror}; choose another --output") from exc
