"""Requests that wait for a job: woken by its changes, without a connection to the database meanwhile."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import nullcontext, suppress
from dataclasses import dataclass
from time import monotonic
from typing import Protocol, TypeVar

from azscraper.errors import UnavailableError
from azscraper.jobs import jobs
from azscraper.jobs.jobs import Job
from azscraper.store.db import Conn, looking
from azscraper.store.sent import Later
from azscraper.tenants.principal import Principal
from azscraper.web.deps import Services

_LOOK_SECONDS = 15.0
"""How late a change may be seen whose notification was lost."""
_STOPPING_SECONDS = 1.0
_AGAIN_SECONDS = 1.0
"""Between two looks while the database does not answer."""


class Seen(Protocol):
    """What a look at a job brings."""

    @property
    def job(self) -> Job:
        """As it is."""


_Seen = TypeVar("_Seen", bound=Seen)


@dataclass(frozen=True, slots=True)
class _JobAlone:
    job: Job


async def until_over(services: Services, caller: Principal, job_id: str, *, seconds: float) -> Job:
    """The job as ``seen_over`` has it."""

    async def look(conn: Conn) -> Later[_JobAlone]:
        found = await jobs.look_up(conn, caller, job_id)

        async def seen() -> _JobAlone:
            return _JobAlone(await found())

        return seen

    return (await seen_over(services, caller, job_id, look, seconds=seconds)).job


async def seen_over(
    services: Services,
    caller: Principal,
    job_id: str,
    look: Callable[[Conn], Awaitable[Later[_Seen]]],
    *,
    seconds: float,
    heard: asyncio.Event | None = None,
) -> _Seen:
    """What ``look`` sees of the job at its end, or as it is when the seconds are over or the service is about to end.

    ``look`` sends what it wants to see together. ``heard`` is set by the job's changes, from before there was a job: then there is
    nothing to see until then. Raises what ``look`` does, such as NotFoundError, RateLimitedError where the
    organization waits for as much as it may, and UnavailableError where the database does not answer in that time.
    """
    end = monotonic() + seconds
    told = nullcontext(heard) if heard else services.changes.of(job_id)
    with services.streams.taken(caller.organization_id), told as changed:
        if heard is not None:
            await change(services, heard, min(seconds, _LOOK_SECONDS))
        while True:
            changed.clear()
            try:
                async with looking(services.pool) as conn:
                    looked = await look(conn)
                seen = await looked()
            except UnavailableError:
                if end - monotonic() <= _AGAIN_SECONDS or services.stopping():
                    raise
                await asyncio.sleep(_AGAIN_SECONDS)
                continue
            left = end - monotonic()
            if seen.job.is_over or left <= 0 or services.stopping():
                return seen
            await change(services, changed, min(left, _LOOK_SECONDS))


async def change(services: Services, changed: asyncio.Event, seconds: float) -> None:
    """Until the job may have changed, the seconds are over, or the service is about to end."""
    end = monotonic() + seconds
    while not (changed.is_set() or services.stopping()) and (left := end - monotonic()) > 0:
        with suppress(TimeoutError):
            async with asyncio.timeout(min(left, _STOPPING_SECONDS)):
                await changed.wait()
    changed.clear()
