"""The clock that all workers share: the database's. A machine whose clock is wrong must not stop what the others do."""

import time
from collections.abc import Callable
from datetime import datetime, timedelta

import structlog

from azscraper.clock import utc_now
from azscraper.store.db import Conn, scalar

JUMP = timedelta(seconds=1)
"""A clock that is kept by NTP is nearer."""

_log = structlog.get_logger(__name__)


class SharedClock:
    """The database's time (UTC), as of the last time that it was measured; this machine's until then. Call it for the time.

    Between two measurements it goes on by the machine's ticks, so that a jump of its clock moves nothing.
    """

    def __init__(self, local: Callable[[], datetime] = utc_now, ticks: Callable[[], float] = time.monotonic) -> None:
        self._local = local
        self._ticks = ticks
        self._at, self._ticked = local(), ticks()
        self._offset = timedelta(0)

    def __call__(self) -> datetime:
        """The time."""
        return self._at + timedelta(seconds=self._ticks() - self._ticked)

    async def measure(self, conn: Conn) -> None:
        """Take the database's time over; say so in the log where this machine's clock has jumped against it."""
        now = await scalar(conn, datetime, "SELECT clock_timestamp()")
        assert now is not None  # noqa: S101 - it always has one
        self._at, self._ticked = now, self._ticks()
        offset = now - self._local()
        if abs(offset - self._offset) > JUMP:
            _log.warning("this machine's clock is not the database's", behind_seconds=round(offset.total_seconds(), 1))
            self._offset = offset
