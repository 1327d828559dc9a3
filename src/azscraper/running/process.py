"""What a worker process runs side by side, and what one at a time."""

import asyncio
from dataclasses import dataclass, field

from azscraper.jobs.jobs import CHUNK_SIZE
from azscraper.jobs.limits import UNLIMITED, Limits
from azscraper.results.unread import UnreadCounts
from azscraper.running.readings import Readings


@dataclass(slots=True)
class Capacity:
    """How many chunks fetch side by side; a chunk holds one of ``total`` places while it runs."""

    total: int
    taken: int = 0
    full: asyncio.Event = field(default_factory=asyncio.Event)
    """Set while a chunk that waits for its pace keeps another one out."""
    size: int = CHUNK_SIZE
    """Targets that the next chunk takes."""

    def __enter__(self) -> None:
        self.taken += 1
        if self.taken >= self.total:
            self.full.set()

    def __exit__(self, *_: object) -> None:
        self.taken -= 1
        self.full.clear()


@dataclass(frozen=True, slots=True)
class Process:
    """A worker process, as its chunks see it."""

    capacity: Capacity
    stop: asyncio.Event
    """Set when the worker is to end; a chunk then hands back what it can't finish in the grace time."""
    grace_seconds: float
    limits: Limits = UNLIMITED
    asks: Capacity = field(default_factory=lambda: Capacity(4))
    """Of targets that somebody waits for."""
    readings: Readings = field(default_factory=Readings)
    unread: UnreadCounts = field(default_factory=UnreadCounts)
    alone: asyncio.Lock = field(default_factory=asyncio.Lock)
    """Held while a page is read, and by a transaction of a chunk from before its first statement to its end; first come,
    first served. Never taken inside a transaction.

    Reading a page takes ten times as long as a statement: with a dozen pages between any two statements a transaction
    held its job's row for most of a second, all other workers waited for it, and all chunks of a process ended together.
    """
