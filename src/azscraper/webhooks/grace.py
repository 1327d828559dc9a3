"""What a process that ends gives to a message that is on its way."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


async def before_the_end(work: Coroutine[Any, Any, T], *, stop: asyncio.Event, grace_seconds: float) -> T | None:
    """What the work gives; None where ``stop`` was set and the time after it was over first: the work is cancelled then."""
    working, ending = asyncio.create_task(work), asyncio.create_task(stop.wait())
    try:
        await asyncio.wait([working, ending], return_when=asyncio.FIRST_COMPLETED)
        await asyncio.wait([working], timeout=grace_seconds)
        return working.result() if working.done() else None
    finally:
        for task in (working, ending):
            task.cancel()
        await asyncio.gather(working, ending, return_exceptions=True)
