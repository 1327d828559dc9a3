"""Requests that wait for a job: woken by its changes, without a connection to the database meanwhile."""

import asyncio
from contextlib import suppress
from time import monotonic

from azscraper.errors import UnavailableError
from azscraper.jobs import jobs
from azscraper.jobs.jobs import Job
from azscraper.store.db import batched
from azscraper.tenants.principal import Principal
from azscraper.web.deps import Services

_LOOK_SECONDS = 15.0
"""How late a change may be seen whose notification was lost."""
_STOPPING_SECONDS = 1.0
_AGAIN_SECONDS = 1.0
"""Between two looks while the database does not answer."""


async def until_over(services: Services, caller: Principal, job_id: str, *, seconds: float) -> Job:
    """The job at its end, or as it is when the seconds are over or the service is about to end.

    Raises NotFoundError, RateLimitedError where the organization waits for as much as it may, and UnavailableError where
    the database does not answer in that time.
    """
    end = monotonic() + seconds
    with services.streams.taken(caller.organization_id), services.changes.of(job_id) as changed:
        while True:
            changed.clear()
            try:
                async with batched(services.pool) as conn:
                    job = await jobs.get(conn, caller, job_id)
            except UnavailableError:
                if end - monotonic() <= _AGAIN_SECONDS or services.stopping():
                    raise
                await asyncio.sleep(_AGAIN_SECONDS)
                continue
            left = end - monotonic()
            if job.is_over or left <= 0 or services.stopping():
                return job
            await change(services, changed, min(left, _LOOK_SECONDS))


async def change(services: Services, changed: asyncio.Event, seconds: float) -> None:
    """Until the job may have changed, the seconds are over, or the service is about to end."""
    end = monotonic() + seconds
    while not (changed.is_set() or services.stopping()) and (left := end - monotonic()) > 0:
        with suppress(TimeoutError):
            async with asyncio.timeout(min(left, _STOPPING_SECONDS)):
                await changed.wait()
    changed.clear()
