"""What a worker reads at the moment, noted where a process outside can see it (:mod:`azscraper.running.overseer`).

A note is three numbers in shared memory: a microsecond a page, which reads in milliseconds.
"""

import itertools
import mmap
import pickle
import socket
import struct
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

_FIELDS = struct.Struct("=QQq")
_NOTHING = 0
_LARGEST_MESSAGE = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Note:
    """A page that is being read."""

    number: int
    """Of the reading; no two of a worker have the same."""
    chunk: int
    ordinal: int
    """Of the target."""


class Readings:
    """One a worker process. Nobody need look: what can't be told is not told, and nothing ever waits."""

    def __init__(self) -> None:
        self._memory = mmap.mmap(-1, _FIELDS.size)  # shared with the processes that are forked from this one
        self._teller: socket.socket | None = None
        self._numbers = itertools.count(1)
        self._chunks: dict[int, int] = {}

    def be_heard(self) -> socket.socket:
        """Tell from now on; where it is heard, in this process or one that is forked from it."""
        self._teller, hearer = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._teller.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _LARGEST_MESSAGE)
        for end in (self._teller, hearer):
            end.settimeout(0)
        return hearer

    @contextmanager
    def chunk(self, chunk: object) -> Iterator[None]:
        """Around the work on a chunk."""
        number = self._chunks[id(chunk)] = next(self._numbers)
        self._tell(number, chunk)
        try:
            yield
        finally:
            del self._chunks[id(chunk)]
            self._tell(number, None)

    @contextmanager
    def page(self, chunk: object, ordinal: int) -> Iterator[None]:
        """Around the reading of one page of a chunk's target; one at a time."""
        _FIELDS.pack_into(self._memory, 0, next(self._numbers), self._chunks.get(id(chunk), _NOTHING), ordinal)
        try:
            yield
        finally:
            _FIELDS.pack_into(self._memory, 0, _NOTHING, _NOTHING, _NOTHING)

    def tell_database(self, url: str) -> None:
        """Where an overseer writes what became of a reading that it ended."""
        self._tell(_NOTHING, url)

    def _tell(self, number: int, value: object) -> None:
        if self._teller is None:
            return
        with suppress(OSError):  # nobody hears any more, or not fast enough
            self._teller.send(pickle.dumps((number, value)))

    def note(self) -> Note | None:
        """What is read now."""
        number, chunk, ordinal = _FIELDS.unpack_from(self._memory)
        return Note(number, chunk, ordinal) if number != _NOTHING else None


def heard(hearer: socket.socket) -> Iterator[tuple[int, Any]]:
    """What was told since: the database's URL under 0, chunks that began and, as None, that ended, under their numbers."""
    with suppress(BlockingIOError):
        while True:
            yield pickle.loads(hearer.recv(_LARGEST_MESSAGE))  # noqa: S301 - our own process wrote it
