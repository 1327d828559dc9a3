"""What is due by the clock, and what becomes of it when it fails: schedules and lists alike."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

import structlog

from azscraper.errors import CallerError, ServiceError
from azscraper.store.db import Conn

_log = structlog.get_logger(__name__)
MOST_FAILURES = 10
"""In a row: then it no longer runs by itself."""
_LONGEST_BACKOFF_MINUTES = 60


async def attempt(
    conn: Conn,
    run: Callable[[], Awaitable[None]],
    fail: Callable[[ServiceError], Awaitable[None]],
    *,
    event: str,
    **ids: str,
) -> None:
    """Run it in a savepoint: what a refused job has written goes, the due time stays run. Why it failed goes to ``fail``.

    Raises only what the database itself does. ``event`` with the ``ids`` is what the log says of a fault of our own.
    """
    try:
        async with conn.transaction():
            await run()
    except CallerError as error:
        await fail(error)
    except Exception as exc:
        if conn.closed:  # the database has gone, which is no fault of what was due
            raise
        _log.exception(event, **ids)
        await fail(ServiceError(f"The job could not be posted ({type(exc).__name__}); the worker's log says more"))


def after_failure(failures: int, now: datetime) -> datetime:
    """From when on its next due time counts: now at first, then ever later, by an hour at most."""
    return now + timedelta(minutes=min(2 ** (failures - 1) - 1, _LONGEST_BACKOFF_MINUTES))
