"""Wakes who waits for a job: one connection of the process listens for the changes of all jobs."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from azscraper.errors import UnavailableError
from azscraper.store import db

_CHANNEL = "azscraper_jobs"
"""A trigger of the table tells a job's id there: at its end always, before that at most every 250 ms."""
_AGAIN_SECONDS = 1.0


class JobChanges:
    """Who waits, by job. Nobody is woken unless ``listen`` runs, and a notification may be lost: look now and then."""

    def __init__(self) -> None:
        self._waiting: dict[str, set[asyncio.Event]] = {}

    @contextmanager
    def of(self, job_id: str) -> Iterator[asyncio.Event]:
        """Set when the job changes, or may have done so unnoticed; whoever waits clears it. Begins as set."""
        event = asyncio.Event()
        event.set()
        waiting = self._waiting.setdefault(job_id, set())
        waiting.add(event)
        try:
            yield event
        finally:
            waiting.discard(event)
            if not waiting and self._waiting.get(job_id) is waiting:
                del self._waiting[job_id]

    async def listen(self, url: str) -> None:
        """Wake them, for ever; a lost connection is made again, and then all are woken."""
        while True:
            with suppress(UnavailableError):
                async for job_id in db.notifications(url, _CHANNEL):
                    self._wake(job_id)
            await asyncio.sleep(_AGAIN_SECONDS)

    def _wake(self, job_id: str | None) -> None:
        woken = self._waiting.values() if job_id is None else [self._waiting.get(job_id, set())]
        for events in woken:
            for event in events:
                event.set()
