"""What the client does, as generators of steps: they ask for a connection, a block, a pause, and are told what came.

Two drivers carry the steps out, one with and one without ``await`` (``drivers``); every decision is made here, once.
"""

import random
import time
import uuid
from collections.abc import Callable, Generator, Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Generic, TypeVar

from azscraper.client import retry
from azscraper.client.calls import Answer, Call, Lost, M, error_of, given, json_of, read_model, slice_of
from azscraper.client.event_stream import EventStream
from azscraper.client.models import JobState
from azscraper.errors import ServiceError
from azscraper.slices import Slice

T = TypeVar("T")

_FIRST_LOOK_SECONDS = 0.1
_LONGEST_LOOK_SECONDS = 2.0
_NO_CONTENT = 204
"""The stream of a job that is over and was told to its end."""


@dataclass(frozen=True, slots=True)
class Open:
    """Send the request; the reply is an Answer without a body, or Lost."""

    call: Call[Any]


@dataclass(frozen=True, slots=True)
class Read:
    """The reply is the body's next block, empty at its end, or Lost."""


@dataclass(frozen=True, slots=True)
class Pause:
    """Wait; the reply is None."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Emit(Generic[T]):
    """Hand an item to who iterates; the reply is None."""

    item: T


@dataclass(frozen=True, slots=True)
class EmitAll(Generic[T]):
    """Hand each of the items to who iterates, as ``Emit`` does with one, in a fraction of the time."""

    items: Iterable[T]


Step = Open | Read | Pause
Flow = Generator[Step, Any, T]
"""Ends with one result."""
Items = Generator[Step | Emit[T] | EmitAll[T], Any, None]
"""Emits many on its way."""


class WaitTimeoutError(ServiceError):
    """The job was not over in time; it goes on, and ``job`` is its last state."""

    code = "timeout"

    def __init__(self, job: JobState, seconds: float) -> None:
        super().__init__(f"Job {job.id} is still {job.status} after {seconds:g} s")
        self.job = job


def answered(call: Call[T]) -> Flow[T]:
    """The answer, read; tried again while that can help. Raises the error of the envelope."""
    call = _with_key(call)
    answer = yield from whole(call)
    return call.read(answer.body)


def whole(call: Call[Any]) -> Flow[Answer]:
    """The answer with its body; tried again while that can help. Raises the error of the envelope."""
    return tried(call, lambda: _whole(call))


def _with_key(call: Call[T]) -> Call[T]:
    """One key for all tries: the service gives the first answer again."""
    if "Idempotency-Key" in call.headers:
        return call
    return replace(call, headers={**call.headers, "Idempotency-Key": uuid.uuid4().hex}) if call.once else call


def tried(call: Call[Any], attempted: Callable[[], Flow[Answer | Lost]]) -> Flow[Answer]:
    """The first good answer of ``attempted``; tried again while that can help. Raises the error of the envelope."""
    attempt = 1
    while True:
        answer = yield from attempted()
        if isinstance(answer, Answer) and not answer.is_error:
            return answer
        yield Pause(_until_next(answer, attempt, repeatable=call.is_repeatable))
        attempt += 1


def _until_next(answer: Answer | Lost, attempt: int, *, repeatable: bool, most: int = retry.ATTEMPTS) -> float:
    """Seconds to wait before the next try. Raises the answer's error where there is to be none."""
    jitter = random.random()  # noqa: S311 - spreads clients, protects nothing
    seconds = retry.delay(answer, attempt=attempt, repeatable=repeatable, jitter=jitter, most=most)
    if seconds is None:
        raise error_of(answer)
    return seconds


def _whole(call: Call[Any]) -> Flow[Answer | Lost]:
    head = yield Open(call)
    return head if isinstance(head, Lost) else (yield from _with_body(head))


def opened(call: Call[Any]) -> Flow[Answer | Lost]:
    """The answer, whose body is still to be read unless it is an error."""
    head = yield Open(call)
    return (yield from _with_body(head)) if isinstance(head, Answer) and head.is_error else head


def _with_body(head: Answer) -> Flow[Answer | Lost]:
    body = yield from _rest()
    return body if isinstance(body, Lost) else replace(head, body=body)


def _rest() -> Flow[bytes | Lost]:
    blocks = []
    while block := (yield Read()):
        if isinstance(block, Lost):
            return block
        blocks.append(block)
    return b"".join(blocks)


def downloaded(call: Call[Any], path: Path) -> Flow[Path]:
    """The answer's body as a file, block by block; the name is given when it is whole."""
    part = path.with_name(f"{path.name}.part")
    try:
        yield from tried(call, lambda: _into(call, part))
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    return path


def _into(call: Call[Any], path: Path) -> Flow[Answer | Lost]:
    head = yield from opened(call)
    if isinstance(head, Lost) or head.is_error:
        return head
    with path.open("wb") as file:
        while block := (yield Read()):
            if isinstance(block, Lost):
                return block
            file.write(block)
    return head


def next_step(flow: Items[T], reply: Any) -> Step | Emit[T] | EmitAll[T] | None:
    """The flow's next step, None at its end."""
    try:
        return flow.send(reply)
    except StopIteration:
        return None


def paged(call_from: Callable[[str | None], Call[Slice[T]]], *, most: int | None = None) -> Items[T]:
    """Emits the items of a list, part after part; ``most`` ends it sooner."""
    cursor: str | None = None
    count = 0
    while True:
        part = yield from answered(call_from(cursor))
        yield EmitAll(part.items[: None if most is None else most - count])
        count += len(part.items)
        if part.cursor is None or (most is not None and count >= most):
            return
        cursor = part.cursor


def listed(path: str, model: type[M], *, most: int | None, **params: str | None) -> Items[M]:
    """Emits the items of the list behind a path."""
    fixed = given(**params)
    return paged(lambda cursor: Call("GET", path, slice_of(model), fixed | given(cursor=cursor)), most=most)


def finished(
    look: Call[JobState], *, seen: Callable[[JobState], object], timeout_seconds: float | None
) -> Flow[JobState]:
    """The job once it is over: told by its events where the wait has no limit, else looked at every 0.1 to 2 s.

    Raises WaitTimeoutError.
    """
    if timeout_seconds is None:
        yield from _seen(told(look.path), seen)
    began = time.monotonic()
    pause = _FIRST_LOOK_SECONDS
    while True:
        job = yield from answered(look)
        seen(job)
        if job.is_over:
            return job
        if timeout_seconds is not None and time.monotonic() + pause > began + timeout_seconds:
            raise WaitTimeoutError(job, timeout_seconds)
        yield Pause(pause)
        pause = min(pause * 1.5, _LONGEST_LOOK_SECONDS)


def _seen(states: Items[JobState], seen: Callable[[JobState], object]) -> Flow[None]:
    step = next(states, None)
    while step is not None:
        reply = None
        if isinstance(step, Emit):
            seen(step.item)
        elif not isinstance(step, EmitAll):
            reply = yield step
        step = next_step(states, reply)


def told(path: str) -> Items[JobState]:
    """Of the job at ``path``. Emits the job's states as the service tells them, until its end; a lost stream is taken up where it broke."""
    stream = EventStream()
    attempt, most = 1, retry.ATTEMPTS
    while True:
        call = Call("GET", f"{path}/events", json_of, headers=stream.resume())
        head = yield from opened(call)
        if isinstance(head, Answer) and not head.is_error:
            while isinstance(block := (yield Read()), bytes) and block:
                for event in stream.feed(block):
                    yield Emit(read_model(JobState, json_of(event.data)))
                    attempt, most = 1, retry.FOLLOWING_ATTEMPTS
            if stream.is_over or head.status == _NO_CONTENT:
                return
            head = Lost("the stream of events ended", was_sent=True)
        yield Pause(_until_next(head, attempt, repeatable=True, most=most))
        attempt += 1
