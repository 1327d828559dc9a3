"""How fast a marketplace is asked, and when not at all. Pure: the shared state comes in and goes out as values.

Two rules slow the crawler down. The slowdown stretches the interval between requests while some answers are
refusals, failures or late; the breaker stops all requests while every answer is a refusal. Neither ever goes faster
than the operator's rate.
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

HORIZON_SECONDS = 0.25
"""How far ahead slots are booked. A request that becomes urgent waits behind what is booked, so it is little; the
shared row is asked a few times a second whatever the rate."""
FASTEST = 100_000.0
"""Requests per second that batches are made for."""
LEASE_SECONDS = 1.0
"""Where the pace is unlimited: how long a process goes on without asking whether another one has met a refusal."""

_LATE_SECONDS = 1.0
"""An answer within a second is no complaint, however much sooner the last ones came."""
_LATE = 3.0
"""Times the usual: a marketplace under strain, not a heavier page."""
_FAILING = 0.2
"""Share of requests without a proper answer that slows the crawler down; single ones are everyday."""
_FEWEST_FAILURES = 3
_BACK_OFF_FAILING = 1.5
_BACK_OFF_LATE = 1.25
"""Gentler than for a refusal: nobody has said no."""
_USUAL_UP = 0.05
_USUAL_DOWN = 0.3
"""The usual latency follows a quicker marketplace soon and a slower one in minutes, so that strain does not become
usual before it has slowed the crawler down."""

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
    """How many slots to reserve at once: at least one, a quarter of a second's worth, at most ``wanted``.

    For fast paces a twentieth of a second's worth even where fewer are wanted: 20 reservations a second and process at
    most, whether 100 or 10,000 requests a second go out.
    """
    if interval_seconds <= 0:
        return max(wanted, 1)
    most = int(HORIZON_SECONDS / max(interval_seconds, 1 / FASTEST))
    return max(min(most, wanted), most // 5, 1)


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


@dataclass(frozen=True, slots=True)
class Pulse:
    """What one process saw of a marketplace since it last told."""

    answers: int = 0
    """Real ones: content, or word that there is none."""
    refusals: int = 0
    """Robot checks, 403, 429, 503."""
    failures: int = 0
    """Neither: a 500, half a page, no connection, no answer in time."""
    seconds: float = 0.0
    """How long the real answers took in all. Refusals come fast, and must not speed the crawler up: they have no part."""

    def __add__(self, other: "Pulse") -> "Pulse":
        return Pulse(
            self.answers + other.answers,
            self.refusals + other.refusals,
            self.failures + other.failures,
            self.seconds + other.seconds,
        )

    @property
    def latency(self) -> float | None:
        """Mean seconds of a real answer."""
        return self.seconds / self.answers if self.answers else None


def slowdown_after(slowdown: float, pulse: Pulse, usual_seconds: float | None) -> float:
    """The factor on the interval after a pulse, from 1 to 16.

    Each refusal doubles it; many failures or late answers raise it by less; only real answers in time wear it off.
    """
    if pulse.refusals:
        return min(max(slowdown, 1.0) * 2.0 ** min(pulse.refusals, 4), SLOWEST)
    if is_failing(pulse):
        return min(slowdown * _BACK_OFF_FAILING, SLOWEST)
    if is_late(pulse, usual_seconds):
        return min(slowdown * _BACK_OFF_LATE, SLOWEST)
    left = 1 + (slowdown - 1) * _RECOVERY**pulse.answers
    return left if left > _RECOVERED or not pulse.answers else 1.0


def is_failing(pulse: Pulse) -> bool:
    """Whether too many requests came back without a proper answer."""
    asked = pulse.answers + pulse.refusals + pulse.failures
    return pulse.failures >= _FEWEST_FAILURES and pulse.failures > asked * _FAILING


def is_late(pulse: Pulse, usual_seconds: float | None) -> bool:
    """Whether real answers take more than a second and three times what is usual for the marketplace."""
    latency = pulse.latency
    return (
        latency is not None
        and latency > _LATE_SECONDS
        and usual_seconds is not None
        and latency > usual_seconds * _LATE
    )


def usual_after(usual_seconds: float | None, pulse: Pulse) -> float | None:
    """The usual latency of the marketplace, moved towards that of the pulse."""
    latency = pulse.latency
    if latency is None or usual_seconds is None:
        return usual_seconds if latency is None else latency
    return usual_seconds + (latency - usual_seconds) * (_USUAL_UP if latency > usual_seconds else _USUAL_DOWN)
