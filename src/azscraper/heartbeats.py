"""Whether this worker still works: what serves its queues must show it, else the process ends itself and is started again.

A process can live and do nothing: its engine failed with the database, and what waits for the engine's end waits for ever.
Nobody outside can tell that from having nothing to do.
"""

import os
import threading
import time
from collections.abc import Callable

import structlog

LONGEST_SILENCE_SECONDS = 60.0
"""Thirty heartbeats. A database that is away is no silence: then the worker fails, and begins again each second."""
EXIT_SILENT = 70
"""Of a process that ends itself: "internal software error" (sysexits.h)."""
_STOP_SECONDS = 9.0
"""From the word to stop; whoever runs the process was promised 10."""
_LOOK_SECONDS = 0.5

_log = structlog.get_logger(__name__)


class Heartbeats:
    """One a process, safe for use by several threads."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._beaten: dict[str, float] = {}
        self._stopping_since: float | None = None

    def beat(self, part: str) -> None:
        """The part lives."""
        self._beaten[part] = self._clock()

    def begin(self) -> None:
        """The worker begins, or begins again: what was silent before is forgotten."""
        self._beaten = {"worker": self._clock()}

    def stopping(self) -> None:
        """The worker was told to end."""
        self._stopping_since = self._clock()

    def silences(self) -> dict[str, float]:
        """Seconds since each part's last beat."""
        now = self._clock()
        return {part: now - at for part, at in self._beaten.items() if part != "worker" or len(self._beaten) == 1}

    def is_silent(self) -> bool:
        """Whether a part has been silent for longer than a living one can be."""
        return max(self.silences().values(), default=0.0) > LONGEST_SILENCE_SECONDS

    def overdue(self) -> str | None:
        """Why the process has to be ended; None while it need not."""
        if self._stopping_since is not None and self._clock() - self._stopping_since > _STOP_SECONDS:
            return "the worker was told to stop and has not ended"
        return "the worker does nothing any more" if self.is_silent() else None


def watch(heartbeats: Heartbeats) -> None:
    """From a thread of its own, end the process when it is overdue, in the middle of whatever it does."""
    threading.Thread(target=_watch, args=(heartbeats,), name="heartbeats", daemon=True).start()


def _watch(heartbeats: Heartbeats) -> None:
    while (why := heartbeats.overdue()) is None:
        time.sleep(_LOOK_SECONDS)
    _log.error(why, silent_seconds={part: round(seconds) for part, seconds in heartbeats.silences().items()})
    os._exit(EXIT_SILENT)
