"""The frame of a chart: where times and values stand in it, round values beside it, paths of steps. Pure."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from azscraper.tracking.statistics import Span


@dataclass(frozen=True, slots=True)
class Frame:
    """Where things stand on one drawing."""

    width: int
    left: int
    right: int
    top: int
    bottom: int
    height: int
    days: int
    """Ticks of the time, at most."""
    band: int = 0
    """Upper edge of the band of sellers."""
    band_height: int = 0
    rank: int | None = None
    """Upper edge of the rank; None: it is left out."""


@dataclass(frozen=True, slots=True)
class Tick:
    """A line of the grid and what stands beside it."""

    at: float
    value: float


@dataclass(frozen=True, slots=True)
class Day:
    """A tick of the time."""

    x: float
    at: datetime


@dataclass(frozen=True, slots=True)
class Across:
    """Where a time stands, from left to right."""

    frame: Frame
    start: datetime
    end: datetime

    def __call__(self, at: datetime) -> float:
        """Never outside of the frame."""
        whole = (self.end - self.start).total_seconds() or 1.0
        part = min(max((at - self.start).total_seconds() / whole, 0.0), 1.0)
        return round(self.frame.left + part * (self.frame.right - self.frame.left), 1)


@dataclass(frozen=True, slots=True)
class Up:
    """Where a value stands, from bottom to top."""

    top: int
    bottom: int
    low: float
    high: float

    def __call__(self, value: float) -> float:
        """The height, from the upper edge of the drawing."""
        part = (value - self.low) / ((self.high - self.low) or 1.0)
        return round(self.bottom - part * (self.bottom - self.top), 1)


def edges(across: Across, up: Up) -> dict[str, float]:
    """What a script needs to find a time and a value: edges of the frame, values and times (seconds since 1970) at them."""
    frame = across.frame
    return {
        "left": frame.left,
        "right": frame.right,
        "top": frame.top,
        "bottom": frame.bottom,
        "foot": frame.bottom,
        "low": up.low,
        "high": up.high,
        "start": across.start.timestamp(),
        "end": across.end.timestamp(),
    }


def numbers(spans: Sequence[Span]) -> list[float]:
    """Those that there are."""
    return [float(span.value.number) for span in spans if span.value.number is not None]


def scale(amounts: Sequence[float]) -> tuple[float, float, list[float]]:
    """Round values from below the least to above the greatest, three to six of them."""
    if not amounts:
        return 0.0, 1.0, []
    low, high = min(amounts), max(amounts)
    reach = max(high - low, high * 0.04, 0.02)
    rough = reach / 3
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(power * factor for factor in (1, 2, 2.5, 5, 10) if power * factor >= rough)
    first, last = math.floor(low / step), math.ceil(high / step)
    last += first == last
    values = [round(number * step, 10) for number in range(first, last + 1)]
    return values[0], values[-1], values


def path(spans: Sequence[Span], across: Across, up: Up, *, joined: bool = False) -> str:
    """Steps; a gap where there is no number. ``joined`` goes straight from value to value: of ranks, which always move."""
    parts: list[str] = []
    held = False
    for span in spans:
        if span.value.number is None:
            held = False
            continue
        x, y = across(span.start), up(float(span.value.number))
        parts.append((f"L{x} {y}" if joined else f"V{y}") if held else f"M{x} {y}")
        if not joined:
            parts.append(f"H{across(span.end)}")
        held = True
    if joined and held:
        parts.append(f"H{across(spans[-1].end)}")
    return "".join(parts)


def days_of(across: Across, most: int) -> Iterator[Day]:
    """Ticks with the same distance, at most so many."""
    whole = across.end - across.start
    for number in range(most):
        at = across.start + timedelta(seconds=whole.total_seconds() * number / (most - 1))
        yield Day(across(at), at)
