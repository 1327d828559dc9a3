"""How fast a marketplace is asked, and when not at all. Pure: the shared state comes in and goes out as values.

Two rules slow the crawler down. The slowdown stretches the interval between requests while some answers are
refusals; the breaker stops all requests while every answer is one.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

OPENS_AT = 5
"""Consecutive refusals that open the breaker. Where one answer in three is a refusal, five in a row come by chance
once in 243 runs of five; a marketplace that has shut its door shows it within five requests."""
PAUSE_DOUBLINGS = 4
"""The longest pause is sixteen times the first, by default a quarter of an hour: some twenty probes in six hours."""
LONGEST_INTERVAL_SECONDS = 86_400.0
"""A day: robots.txt is read again by then. Keeps absurd rates and Crawl-delays within what a date can hold."""
SLOWEST = 16.0
"""Four doublings: one request in 16 s at the default rate. From there on it is the breaker's business."""

_RECOVERY = 0.95
"""What is left of the slowdown's excess after a good answer: half after 14, all but nothing after 100. With doubling
on the other side, the pace settles where about one answer in 14 is a refusal."""
_RECOVERED = 1.05
"""Below this the slowdown is over; a decay alone would never arrive."""


@dataclass(frozen=True, slots=True)
class Breaker:
    """Closed with fewer than five refusals; open until a time; half-open after it, until an answer decides."""

    failures: int = 0
    """Refusals since the last real answer."""
    open_until: datetime | None = None


def interval_seconds(rate: float, crawl_delay: float, slowdown: float) -> float:
    """Seconds between two requests to a marketplace: the longer of ``1 / rate`` and the Crawl-delay, slowed down.

    ``rate`` is in requests per second, 0 for unlimited: then the Crawl-delay alone counts. At most a day.
    """
    interval = 1 / max(rate, 1 / LONGEST_INTERVAL_SECONDS) if rate > 0 else 0.0
    return min(max(interval, crawl_delay) * slowdown, LONGEST_INTERVAL_SECONDS)


def batch_size(interval_seconds: float, wanted: int) -> int:
    """How many slots to reserve at once: at least one, at most ``wanted``, about a second's worth.

    A job that booked more would push the first request of the next job behind its last.
    """
    if interval_seconds * wanted <= 1:
        return max(wanted, 1)
    return max(int(1 / interval_seconds), 1)


def after_block(breaker: Breaker, *, now: datetime, base_seconds: float) -> Breaker:
    """The breaker after a refusal (robot check, 403, 429, 503).

    Opens at five in a row for ``base_seconds``; each refusal that comes half-open doubles that, up to sixteenfold. One
    that comes while open answers a request sent before: it starts the pause anew and does not make it longer.
    """
    failures = breaker.failures if is_open(breaker, now) else breaker.failures + 1
    if failures < OPENS_AT:
        return Breaker(failures, None)
    pause = base_seconds * 2.0 ** min(failures - OPENS_AT, PAUSE_DOUBLINGS)
    return Breaker(failures, now + timedelta(seconds=pause))


def after_answer(_breaker: Breaker) -> Breaker:
    """The breaker after a real answer: closed, whatever was before."""
    return Breaker()


def is_open(breaker: Breaker, now: datetime) -> bool:
    """Whether nothing may be asked now. When the time is over the breaker is half-open: one probe may go."""
    return breaker.open_until is not None and now < breaker.open_until


def slowdown_after(slowdown: float, *, blocked: bool) -> float:
    """The factor on the interval after an answer, from 1 to 16: a refusal doubles it, real answers wear it off.

    Only how the marketplace answered counts, not how soon: refusals come fast, and must not speed the crawler up.
    """
    if blocked:
        return min(max(slowdown, 1.0) * 2, SLOWEST)
    left = 1 + (slowdown - 1) * _RECOVERY
    return left if left > _RECOVERED else 1.0
