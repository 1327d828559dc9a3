"""The overseer of a worker: a small process beside it that ends what no process can end in itself.

Pages are read in C, which nothing can interrupt from inside, so a reading of 10 s of processor time is ended together with its
worker. Each page in a process of its own would be simpler: handing over page and record takes a twelfth of the time of reading it
(measured on the built-in marketplace), and a page in a million is worth that. So the overseer puts right what killing a worker costs the others: the
target of the reading fails at once, all other targets go back without a try lost, and until then the overseer beats for the
worker, which can't.

It is forked before the worker opens anything, shares its memory, and ends with it.
"""

import asyncio
import os
import select
import signal
import socket
import sys
import time
from contextlib import suppress

import structlog

from azscraper.clock import utc_now
from azscraper.crawl import policy
from azscraper.errors import UnavailableError
from azscraper.running import chunks, outcomes
from azscraper.running.attempt import Attempt
from azscraper.running.chunks import Chunk
from azscraper.running.readings import Note, Readings, heard
from azscraper.running.save import save
from azscraper.store import queue
from azscraper.store.db import open_pool, transaction

CPU_SECONDS = 10.0
"""Of one reading. The slowest recorded page takes a fiftieth of a second."""
_LOOK_SECONDS = 0.5
_DEATH_SECONDS = 10.0
_TRIES = 20
_CPUCLOCK_SCHED = 2
"""Of Linux: the clock of a process's time on all processors is made of its id and this."""

_log = structlog.get_logger(__name__)


def start(readings: Readings) -> None:
    """Fork the overseer of this process, which must have no threads yet."""
    worker, hearer = os.getpid(), readings.be_heard()
    if os.fork():
        hearer.close()
        return
    try:
        for number in (signal.SIGINT, signal.SIGTERM):  # meant for the worker, with whom it ends
            signal.signal(number, signal.SIG_IGN)
        Overseer(readings, hearer, worker).run()
    finally:
        os._exit(0)  # without the worker's clean-up


class Overseer:
    """Looks at one worker; told by it of its chunks."""

    def __init__(self, readings: Readings, hearer: socket.socket, worker: int) -> None:
        self._readings = readings
        self._hearer = hearer
        self._worker = worker
        self._url = ""
        self._chunks: dict[int, Chunk] = {}
        self._seen: Note | None = None
        self._began = 0.0
        self._beaten = 0.0

    def run(self) -> None:
        """Look twice a second until the worker is gone."""
        while os.getppid() == self._worker:
            select.select([self._hearer], [], [], _LOOK_SECONDS)
            for number, value in heard(self._hearer):
                self._hear(number, value)
            self.look()

    def _hear(self, number: int, value: Chunk | str | None) -> None:
        if isinstance(value, str):
            self._url = value
        elif value is None:
            self._chunks.pop(number, None)
        else:
            self._chunks[number] = value

    def look(self) -> None:
        """See what the worker reads, and end it when that takes too long."""
        note, used = self._readings.note(), _cpu_seconds(self._worker)
        if (
            used is None or note != self._readings.note()
        ):  # the worker is gone, or was at the next page before we had looked
            return
        if note != self._seen:
            self._seen, self._began, self._beaten = note, used, time.monotonic()
        elif note is not None and used - self._began >= CPU_SECONDS:
            self._end(note)
        elif note is not None and time.monotonic() - self._beaten >= queue.HEARTBEAT_SECONDS:
            self._beaten = time.monotonic()
            with suppress(UnavailableError):
                asyncio.run(self._beat())

    def _end(self, note: Note) -> None:
        with suppress(ProcessLookupError):
            os.kill(self._worker, signal.SIGKILL)
        deadline = time.monotonic() + _DEATH_SECONDS
        while os.getppid() == self._worker and time.monotonic() < deadline:
            time.sleep(0.01)
        chunk = self._chunks.get(note.chunk)
        job_id = chunk.job_id if chunk else None
        _log.error("reading a page took too long; its worker is ended", job_id=job_id, target=note.ordinal)
        asyncio.run(self._settle(note))

    async def _settle(self, note: Note) -> None:
        """Write down what became of the reading, and hand back all else; while the database is away, for a minute."""
        for _ in range(_TRIES):
            try:
                return await self._hand_back(note)
            except UnavailableError:
                await asyncio.sleep(3)
        return None

    async def _hand_back(self, note: Note) -> None:
        async with open_pool(self._url, size=1) as pool:
            for number, chunk in self._chunks.items():
                read = [target for target in chunk.targets if (number, target.ordinal) == (note.chunk, note.ordinal)]
                failed = [outcomes.ended(target, Attempt(policy.TOO_SLOW_TO_READ)) for target in read]
                async with transaction(pool) as conn:
                    if failed:
                        await save(conn, chunk, failed)
                    await chunks.end(conn, chunk, now=utc_now())

    async def _beat(self) -> None:
        async with open_pool(self._url, size=1) as pool, transaction(pool) as conn:
            for chunk in self._chunks.values():
                await queue.beat(conn, chunk.job_id, lane=chunk.lane, run=chunk.run)


def _cpu_seconds(pid: int) -> float | None:
    """Processor time of a process, None once it is gone; where the system does not tell, the time of day."""
    try:
        return time.clock_gettime((~pid << 3) | _CPUCLOCK_SCHED)
    except OSError:
        return None if sys.platform == "linux" else time.monotonic()
