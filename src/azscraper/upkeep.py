"""What a worker does again and again beside crawling. Each round stands alone: one that fails is told, counted, and tried again."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

import structlog

from azscraper import metrics
from azscraper.errors import UnavailableError

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Loop:
    """One thing to do again and again."""

    seconds: float
    """Between the end of a round and the next."""
    run: Callable[[], Awaitable[object]]
    at_once: bool = True
    """Whether the first round comes without a wait."""


async def keep(loops: Mapping[str, Loop]) -> None:
    """Run all loops, by name, until cancelled. No error ends any of them."""
    async with asyncio.TaskGroup() as group:
        for name, loop in loops.items():
            metrics.LOOP_FAILURES.labels(name)
            group.create_task(_keep(name, loop))


async def _keep(name: str, loop: Loop) -> None:
    if not loop.at_once:
        await asyncio.sleep(loop.seconds)
    while True:
        try:
            await loop.run()
        except UnavailableError as exc:  # soon over; the parts that need the database log it too
            metrics.LOOP_FAILURES.labels(name).inc()
            _log.warning("a round of upkeep failed", loop=name, error=exc.message)
        except Exception:  # noqa: BLE001 - the worker loop: logged with its trace, and tried again
            metrics.LOOP_FAILURES.labels(name).inc()
            _log.exception("a round of upkeep failed", loop=name)
        else:
            metrics.LOOP_SUCCESS.labels(name).set(time.time())
        await asyncio.sleep(loop.seconds)
