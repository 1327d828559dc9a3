"""What an endpoint's answer means: done, try again and when, or never again. Pure; a decision is a value.

Apart from ``deliveries`` so that the rules can be read, and tested, without a database.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from azscraper.retry_after import parse_retry_after
from azscraper.words import DeliveryStatus

DELAYS = (
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=24),
)
"""Before the second try, the third and so on (Standard Webhooks 1.0, "Deliverability and reliability")."""
LONGEST_WAIT = timedelta(hours=24)
"""Of a Retry-After: a stream must not stand for ever."""
FAILING_LIMIT = timedelta(days=5)
"""An endpoint that has failed for so long without a success is switched off (api.md, Webhooks)."""
_JITTER = 0.2
"""Share of a delay that chance may add, so that what failed together is not tried again together."""
_LONGEST_PAUSE = timedelta(minutes=5)
"""That one stream's failure holds up the others without being asked to: its own delay may be a day."""
_GONE = 410
_SLOW_DOWN = (429, 502, 504)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a message brought."""

    status: int | None
    """None when there was no whole answer in time."""
    body: bytes
    """Its first 2 KiB."""
    latency_ms: int
    error: str | None = None
    """Why there was none."""
    retry_after: str | None = None
    """The header as sent."""
    timed_out: bool = False


@dataclass(frozen=True, slots=True)
class Delivered:
    """The endpoint took it."""


@dataclass(frozen=True, slots=True)
class Retry:
    """Try again then."""

    at: datetime
    pause_until: datetime | None = None
    """Until then nothing else is sent to the endpoint either."""


@dataclass(frozen=True, slots=True)
class GiveUp:
    """All tries are used up."""


@dataclass(frozen=True, slots=True)
class SwitchOff:
    """Send nothing more to this endpoint."""

    reason: str


Decision = Delivered | Retry | GiveUp | SwitchOff


def status_of(decision: Decision) -> DeliveryStatus:
    """What becomes of the message."""
    match decision:
        case Delivered():
            return DeliveryStatus.DELIVERED
        case Retry():
            return DeliveryStatus.PENDING
        case _:
            return DeliveryStatus.FAILED


def decide(answer: Answer, *, attempts: int, failing_since: datetime | None, now: datetime, jitter: float) -> Decision:
    """What an answer means. ``attempts`` counts the tries made, this one included; ``jitter`` is in [0, 1).

    2xx alone is success; 410 switches the endpoint off, and so does having failed since 5 days ago; 429, 502, 504 and a
    time-out slow the whole endpoint down, for up to 5 minutes. A Retry-After makes either longer, up to 24 hours, never shorter.
    """
    if answer.status is not None and 200 <= answer.status < 300:  # noqa: PLR2004 - what 2xx means
        return Delivered()
    if answer.status == _GONE:
        return SwitchOff("It answered 410 Gone")
    if failing_since is not None and now - failing_since >= FAILING_LIMIT:
        return SwitchOff(f"It failed for {FAILING_LIMIT.days} days")
    if attempts > len(DELAYS):
        return GiveUp()
    asked = parse_retry_after(answer.retry_after, now) if answer.retry_after else None
    earliest = now if asked is None else min(asked, now + LONGEST_WAIT)
    at = max(earliest, now + DELAYS[attempts - 1] * (1 + _JITTER * jitter))
    slow_down = answer.timed_out or answer.status in _SLOW_DOWN
    return Retry(at, max(earliest, min(at, now + _LONGEST_PAUSE)) if slow_down else None)
