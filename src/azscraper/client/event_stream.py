"""Reads server-sent events (WHATWG HTML, section 9.2) out of blocks of bytes. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Event:
    """One event."""

    name: str
    data: bytes


class EventStream:
    """Blocks in, events out; remembers where a broken stream is to be taken up."""

    def __init__(self) -> None:
        self._buffer = b""
        self._fields: dict[bytes, bytes] = {}
        self._last_id: str | None = None
        self.is_over = False
        """Whether the event ``end`` came."""

    def resume(self) -> Mapping[str, str]:
        """Headers for the next connection, which begins with a whole line."""
        self._buffer, self._fields = b"", {}
        return {} if self._last_id is None else {"Last-Event-ID": self._last_id}

    def feed(self, block: bytes) -> Iterator[Event]:
        """The events that the block completes."""
        *lines, self._buffer = (self._buffer + block).split(b"\n")
        for line in lines:
            name, _, value = line.rstrip(b"\r").partition(b":")
            if name:
                self._fields[name] = value.removeprefix(b" ")
            elif not line.startswith(b":") and (event := self._taken()):
                yield event

    def _taken(self) -> Event | None:
        fields, self._fields = self._fields, {}
        if b"id" in fields:
            self._last_id = fields[b"id"].decode()
        if b"data" not in fields:
            return None
        event = Event(fields.get(b"event", b"message").decode(), fields[b"data"])
        self.is_over = self.is_over or event.name == "end"
        return event
