"""Work that may never end, done in a child process whose processor time the system bounds: C code can't be interrupted from inside."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, TypeVar

from azscraper.errors import ServiceError

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

A = TypeVar("A")
B = TypeVar("B")

CPU_SECONDS = 10


def each(items: Iterable[A], work: Callable[[A], B]) -> Iterator[tuple[A, B | None]]:
    """Each item with what comes of it; None where that took more than 10 s of processor time, or ended the child.

    One child works on all items until it is ended. Raises the ServiceError that the work raises.
    """
    left = list(items)
    while left:
        done = 0
        for result in _results(left, work):
            yield left[done], result
            done += 1
        left = left[done:]
        if left:
            yield left.pop(0), None


def _results(items: list[A], work: Callable[[A], B]) -> Iterator[B]:
    """Until the items or the child have ended."""
    import multiprocessing  # noqa: PLC0415 - every command would load it

    context = multiprocessing.get_context("fork")
    ours, theirs = context.Pipe(duplex=False)
    child = context.Process(target=_work, args=(items, work, theirs), daemon=True)
    child.start()
    theirs.close()
    try:
        for _ in items:
            result = ours.recv()
            if isinstance(result, ServiceError):
                raise result
            yield result
    except EOFError:
        return
    finally:
        child.terminate()
        child.join()


def _work(items: list[A], work: Callable[[A], B], results: Connection) -> None:
    for item in items:
        _bound()
        try:
            results.send(work(item))
        except ServiceError as exc:
            results.send(exc)
            return


def _bound() -> None:
    import resource  # noqa: PLC0415 - POSIX alone has it, as it has fork

    most = math.ceil(time.process_time()) + CPU_SECONDS
    resource.setrlimit(resource.RLIMIT_CPU, (most, resource.getrlimit(resource.RLIMIT_CPU)[1]))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
