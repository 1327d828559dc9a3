"""One value of several products over time, as lines of one chart. Pure."""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from azscraper.kinds.observations import Value
from azscraper.tracking.statistics import Span
from azscraper.web.dashboard.charts.axes import Across, Day, Frame, Tick, Up, days_of, edges, numbers, path, scale

WIDE = Frame(1112, 60, 1096, 16, 256, 284, 7)
NARROW = Frame(358, 48, 350, 16, 200, 228, 4)
_MOST_READINGS = 1000
Lines = Sequence[Sequence[Span]]
"""Of each product its spans, in time's order."""


@dataclass(frozen=True, slots=True)
class Chart:
    """The lines in one frame."""

    frame: Frame
    lines: Sequence[str]
    """A path for each product, empty where it has no number."""
    ends: Sequence[tuple[float, float] | None]
    """Where each stands now."""
    ticks: Sequence[Tick]
    days: Sequence[Day]
    scale: Mapping[str, float]
    """As ``edges`` gives it."""


def draw(lines: Lines, frame: Frame, *, start: datetime, end: datetime, best_is_least: bool = False) -> Chart:
    """The chart from ``start`` to ``end``; ``best_is_least`` puts the least on top, as of ranks."""
    low, high, values = scale([number for spans in lines for number in numbers(spans)])
    if best_is_least:
        low, high, values = max(high, 2.0), 1.0, [max(value, 1.0) for value in values]
    across, up = Across(frame, start, end), Up(frame.top, frame.bottom, low, high)
    return Chart(
        frame,
        [path(spans, across, up, joined=best_is_least) for spans in lines],
        [_end(spans, across, up) for spans in lines],
        [Tick(up(value), value) for value in values],
        list(days_of(across, frame.days)),
        edges(across, up),
    )


def _end(spans: Sequence[Span], across: Across, up: Up) -> tuple[float, float] | None:
    number = spans[-1].value.number if spans else None
    return None if number is None else (across(spans[-1].end), up(float(number)))


def readings(lines: Lines) -> list[tuple[datetime, list[Decimal | None]]]:
    """What each of them was whenever one of them changed: the last thousand times."""
    times = sorted({span.start for spans in lines for span in spans})[-_MOST_READINGS:]
    starts = [[span.start for span in spans] for spans in lines]
    return [(at, [_held(spans, known, at) for spans, known in zip(lines, starts, strict=True)]) for at in times]


def _held(spans: Sequence[Span], starts: Sequence[datetime], at: datetime) -> Decimal | None:
    place = bisect_right(starts, at) - 1
    return spans[place].value.number if place >= 0 and spans[place].end >= at else None


def as_index(spans: Sequence[Span]) -> list[Span]:
    """Each number in percent of the first one: so that prices in several currencies can stand beside each other."""
    first = next((span.value.number for span in spans if span.value.number), None)
    return [_indexed(span, first) for span in spans]


def _indexed(span: Span, first: Decimal | None) -> Span:
    number = span.value.number
    return span if number is None or first is None else replace(span, value=Value(number / first * 100, "%"))
