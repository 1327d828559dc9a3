"""What ``azscraper worker`` does. A module of its own because what it imports takes a second, which other parts need not wait for."""

import asyncio
import gc
import os
from contextlib import suppress
from pathlib import Path

import structlog
import uvloop

from azscraper import worker as worker_process
from azscraper.cli.local.serving.processes import (
    PATIENCE_SECONDS,
    RESTART_AFTER_SECONDS,
    database,
    settings_of,
    stop_on_signals,
)
from azscraper.cli.local.serving.secret import keyring
from azscraper.cli.local.serving.watch import watch
from azscraper.config import Settings
from azscraper.errors import InvalidInputError
from azscraper.heartbeats import Heartbeats
from azscraper.heartbeats import watch as watch_heartbeats
from azscraper.launch import NOBODY_ELSE
from azscraper.running import overseer
from azscraper.running.readings import Readings

_YOUNG_OBJECTS = 10_000
"""That are made before the collector looks at them: some pages' worth."""

_log = structlog.get_logger("azscraper")


def worker(data_dir: Path | None) -> None:
    """Run one worker process alone. Holds nothing that a crash loses: run as many as you like."""
    os.umask(NOBODY_ELSE)
    settings = settings_of(data_dir)
    readings, heartbeats = Readings(), Heartbeats()
    overseer.start(readings)
    watch(settings, "azscraper-worker", heartbeats)
    _collect_less()
    with database(settings, patience=PATIENCE_SECONDS) as url:
        uvloop.run(_work(settings, url, readings, heartbeats))


def _collect_less() -> None:
    """Modules are never garbage, and a page makes some thousand short-lived objects: looking through them at each 700 costs a twentieth."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(_YOUNG_OBJECTS)


async def _work(settings: Settings, url: str, readings: Readings, heartbeats: Heartbeats) -> None:
    stop, keys = stop_on_signals(), keyring(settings)
    watch_heartbeats(heartbeats)
    stopping = asyncio.create_task(_tell_stop(stop, heartbeats))
    while not stop.is_set():
        heartbeats.begin()
        try:
            await worker_process.run(settings, url, keys=keys, stop=stop, readings=readings, heartbeats=heartbeats)
        except InvalidInputError:
            raise
        except Exception:  # noqa: BLE001 - the worker loop: logged with its trace, and started again
            _log.exception("the worker failed and starts again")
        with suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), RESTART_AFTER_SECONDS)
    await stopping


async def _tell_stop(stop: asyncio.Event, heartbeats: Heartbeats) -> None:
    await stop.wait()
    heartbeats.stopping()
