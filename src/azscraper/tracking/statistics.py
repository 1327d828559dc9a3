"""What the series of a field comes to over a time: means, bounds, shares, steps. Pure.

A value holds from its point to the next one, or to the last check where that is earlier: nobody knows what was afterwards.
``docs/howto/price-history.md`` has the definitions for users.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from itertools import pairwise

from azscraper.kinds.observations import Value
from azscraper.records.parts import AvailabilityStatus

_NOT_AVAILABLE = {AvailabilityStatus.OUT_OF_STOCK, AvailabilityStatus.UNAVAILABLE}


@dataclass(frozen=True, slots=True)
class At:
    """A value from a time on."""

    at: datetime
    value: Value


@dataclass(frozen=True, slots=True)
class Span:
    """A value from a time on and to a time."""

    start: datetime
    end: datetime
    value: Value

    @property
    def seconds(self) -> float:
        """How long."""
        return (self.end - self.start).total_seconds()


@dataclass(frozen=True, slots=True)
class Bound:
    """A lowest or highest number of a window, and when in the window it began first."""

    number: Decimal
    at: datetime


@dataclass(frozen=True, slots=True)
class Numbers:
    """What the numbers of a window come to. Without any number all is None, and the counts are 0."""

    lowest: Bound | None
    highest: Bound | None
    mean: float | None
    """By time: each number counts as long as it held."""
    median: float | None
    """By time: the least number that, with those below it, held at least half of the time."""
    changes: int
    """Points whose value is another than the one before, from or to no value included."""
    drops: int
    """Points whose number is below the one before."""


class Step(StrEnum):
    """Into what a series is cut, in UTC."""

    HOUR = "hour"
    DAY = "day"
    WEEK = "week"
    """From Monday."""
    MONTH = "month"

    def start_of(self, moment: datetime) -> datetime:
        """The beginning of the one that holds the moment."""
        at = moment.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
        if self is Step.HOUR:
            return at
        day = at.replace(hour=0)
        if self is Step.WEEK:
            return day - timedelta(days=day.weekday())
        return day.replace(day=1) if self is Step.MONTH else day

    def next_after(self, start: datetime) -> datetime:
        """The beginning of the following one."""
        days = {Step.DAY: 1, Step.WEEK: 7}
        if self is Step.HOUR:
            return start + timedelta(hours=1)
        if self is Step.MONTH:
            return (start + timedelta(days=31)).replace(day=1)
        return start + timedelta(days=days[self])


def spans(points: Sequence[At], *, checked_at: datetime, start: datetime, end: datetime) -> list[Span]:
    """How long each value held between ``start`` and ``end``. ``points`` are in time's order, from the last before ``start`` on.

    A value that was seen once and never checked again is a span without length.
    """
    end = min(end, max(checked_at, points[-1].at)) if points else end
    found = []
    for at, point in enumerate(points):
        until = points[at + 1].at if at + 1 < len(points) else end
        span = Span(max(point.at, start), min(until, end), point.value)
        if span.start < span.end or (span.start == span.end == point.at and until == end):
            found.append(span)
    return found


def numbers(parts: Sequence[Span]) -> Numbers:
    """What the spans come to. Numbers in another unit than the last one has are left out: no currency is converted."""
    alike = of_one_unit(parts)
    amounts = [(span.value.number, span) for span in alike if span.value.number is not None]
    changes, drops = _moves(parts)
    if not amounts:
        return Numbers(None, None, None, None, changes, drops)
    lowest = min(amounts, key=lambda one: (one[0], one[1].start))
    highest = max(amounts, key=lambda one: (one[0], -one[1].start.timestamp()))
    weights = [(float(amount), span.seconds) for amount, span in amounts]
    return Numbers(
        Bound(lowest[0], lowest[1].start),
        Bound(highest[0], highest[1].start),
        _mean(weights),
        _median(weights),
        changes,
        drops,
    )


def of_one_unit(parts: Sequence[Span]) -> list[Span]:
    """The spans without a number, and those whose number has the unit of the last one."""
    unit = next((span.value.text for span in reversed(parts) if span.value.number is not None), None)
    return [span for span in parts if span.value.number is None or span.value.text == unit]


def _moves(parts: Sequence[Span]) -> tuple[int, int]:
    changes = drops = 0
    for before, after in pairwise(parts):
        changes += before.value != after.value
        old, new = before.value.number, after.value.number
        drops += old is not None and new is not None and before.value.text == after.value.text and new < old
    return changes, drops


def _mean(weights: Sequence[tuple[float, float]]) -> float:
    total = sum(seconds for _, seconds in weights)
    return sum(amount * seconds for amount, seconds in weights) / total if total else weights[-1][0]


def _median(weights: Sequence[tuple[float, float]]) -> float:
    half = sum(seconds for _, seconds in weights) / 2
    passed = 0.0
    for amount, seconds in sorted(weights):
        passed += seconds
        if passed >= half:
            return amount
    return weights[-1][0]


def share(parts: Sequence[Span], holds: Callable[[Value], bool]) -> float | None:
    """Of the time, how much the value was such a one, 0 to 1; None where no time has passed."""
    total = sum(span.seconds for span in parts)
    return sum(span.seconds for span in parts if holds(span.value)) / total if total else None


def out_of_stock(parts: Sequence[Span]) -> float | None:
    """Of the spans of an availability, the share in which nobody could buy the product."""
    return share(_told(parts), lambda value: value.text in _NOT_AVAILABLE)


def shares_by_text(parts: Sequence[Span]) -> dict[str, float]:
    """Of the time in which there was a text, the share of each, largest first: the buy box by seller."""
    seconds: dict[str, float] = defaultdict(float)
    for span in _told(parts):
        seconds[span.value.text or ""] += span.seconds
    total = sum(seconds.values())
    ordered = sorted(seconds.items(), key=lambda one: (-one[1], one[0]))
    return {text: held / total for text, held in ordered} if total else {}


def _told(parts: Sequence[Span]) -> list[Span]:
    return [span for span in parts if span.value.text is not None]


@dataclass(frozen=True, slots=True)
class Cut:
    """One step of a series."""

    at: datetime
    """Its beginning."""
    last: Value
    """What held at its end, or at the last check in it."""
    numbers: Numbers


def cuts(parts: Sequence[Span], step: Step) -> Iterator[Cut]:
    """The series by steps; a step in which nothing was known is left out."""
    groups: dict[datetime, list[Span]] = defaultdict(list)
    for span in parts:
        for piece in _pieces(span, step):
            groups[step.start_of(piece.start)].append(piece)
    for at, pieces in groups.items():
        yield Cut(at, pieces[-1].value, numbers(pieces))


def _pieces(span: Span, step: Step) -> Iterator[Span]:
    start = span.start
    while True:
        end = min(step.next_after(step.start_of(start)), span.end)
        yield replace(span, start=start, end=end)
        start = end
        if start >= span.end:
            return
