"""Loops that a worker keeps going. Each round stands alone: one that fails is logged, counted, and tried again."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass

import structlog

from azscraper import metrics
from azscraper.errors import UnavailableError
from azscraper.store.db import Conn

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Loop:
    """One thing to do again and again."""

    seconds: float
    """Between the end of a round and the next."""
    run: Callable[[], Awaitable[object]]
    at_once: bool = True
    """Whether the first round comes without a wait."""


Note = Callable[[str, Loop, str | None], Awaitable[None]]
"""Keeps where all can see it how a loop's round ended: its error, or None for one that ended well."""


async def keep(loops: Mapping[str, Loop], noted: Note) -> None:
    """Run all loops, by name, until cancelled. No error ends any of them."""
    async with asyncio.TaskGroup() as group:
        for name, loop in loops.items():
            metrics.LOOP_FAILURES.labels(name)
            group.create_task(_keep(name, loop, noted))


async def note(conn: Conn, name: str, loop: Loop, error: str | None) -> None:
    """Write down how a round ended. A success a few seconds after another worker's changes nothing."""
    if error is None:
        await conn.execute(
            """INSERT INTO upkeep AS u (loop, seconds, succeeded_at) VALUES (%s, %s, now())
               ON CONFLICT (loop) DO UPDATE SET seconds = excluded.seconds, succeeded_at = now()
               WHERE u.succeeded_at IS NULL OR u.succeeded_at < now() - interval '10 s' OR u.failed_at > u.succeeded_at""",
            [name, loop.seconds],
        )
    else:
        await conn.execute(
            """INSERT INTO upkeep (loop, seconds, failed_at, error) VALUES (%s, %s, now(), %s)
               ON CONFLICT (loop) DO UPDATE SET seconds = excluded.seconds, failed_at = now(), error = excluded.error""",
            [name, loop.seconds, error],
        )


async def _keep(name: str, loop: Loop, noted: Note) -> None:
    if not loop.at_once:
        await asyncio.sleep(loop.seconds)
    while True:
        await _run_round(name, loop, noted)
        if _is_cancelled():
            return
        await asyncio.sleep(loop.seconds)


def _is_cancelled() -> bool:
    """A round may lose the word to end, as Python 3.11's ``wait_for`` does when it meets a result, and nobody says it twice."""
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0


async def _run_round(name: str, loop: Loop, noted: Note) -> None:
    try:
        await loop.run()
        await noted(name, loop, None)
    except UnavailableError as exc:  # soon over; the parts that need the database log it too
        metrics.LOOP_FAILURES.labels(name).inc()
        _log.warning("a round of upkeep failed", loop=name, error=exc.message)
        await _note_failure(name, loop, noted, exc.message)
    except Exception as exc:  # noqa: BLE001 - the worker loop: logged with its trace, and tried again
        metrics.LOOP_FAILURES.labels(name).inc()
        _log.exception("a round of upkeep failed", loop=name)
        await _note_failure(name, loop, noted, f"{type(exc).__name__}; the log says more")
    else:
        metrics.LOOP_SUCCESS.labels(name).set(time.time())


async def _note_failure(name: str, loop: Loop, noted: Note, error: str) -> None:
    """As well as it goes: the failure is logged and counted, and may be the database's."""
    with suppress(Exception):
        await noted(name, loop, error)
