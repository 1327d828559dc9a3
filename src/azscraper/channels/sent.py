"""A message, and what came of sending it. Values alone."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Picture:
    """An image within a mail, as PNG."""

    name: str
    """The HTML names it by ``cid:`` and this."""
    png: bytes


@dataclass(frozen=True, slots=True)
class Message:
    """What one person reads at one time."""

    id: str
    """Stays the same over tries."""
    title: str
    """One line."""
    text: str
    html: str
    """A whole document, for mails."""
    pictures: tuple[Picture, ...] = field(default=())
    unsubscribe: str | None = None
    """URL, of mails to confirmed recipients."""


@dataclass(frozen=True, slots=True)
class Sending:
    """What came of a try."""

    error: str | None
    """In words for the channel's owner, without secrets; None: it arrived."""
    latency_ms: int
    timed_out: bool = False
    refused: bool = False
    """For good: another try would end the same way."""
