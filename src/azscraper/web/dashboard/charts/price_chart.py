"""A product's price over time as geometry: steps with gaps, list price, a band of sellers, the rank below. Pure.

The template draws it as SVG with classes, so that it needs no script and nothing inline.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from azscraper.tracking.statistics import Span, of_one_unit

_GONE = {"out_of_stock", "unavailable"}
_COLOURS = 4
"""Of sellers: the others share the last class."""
_RANK_HEIGHT = 46


@dataclass(frozen=True, slots=True)
class Frame:
    """Where things stand on one drawing."""

    width: int
    left: int
    right: int
    top: int
    bottom: int
    band: int
    """Upper edge of the band of sellers."""
    band_height: int
    rank: int | None
    """Upper edge of the rank; None: it is left out."""
    height: int
    days: int
    """Ticks of the time, at most."""


WIDE = Frame(1112, 52, 1096, 16, 236, 284, 20, 340, 396, 7)
NARROW = Frame(358, 40, 350, 18, 168, 214, 14, None, 232, 4)


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
class Box:
    """A piece of a band."""

    x: float
    width: float
    name: str = ""
    colour: int = 0
    """1 to 4: who held it longest comes first; 5: the others."""


@dataclass(frozen=True, slots=True)
class Chart:
    """All that is drawn."""

    frame: Frame
    price: str
    listed: str
    end: tuple[float, float] | None
    """Where the price stands now."""
    ticks: Sequence[Tick]
    days: Sequence[Day]
    gaps: Sequence[Box]
    sellers: Sequence[Box]
    rank: str
    rank_ticks: Sequence[Tick]
    goal: float | None
    """Height of the price to wait for; None: there is none, or it is out of the frame."""
    scale: Mapping[str, float]
    """What a script needs to find a time and a price: edges of the frame, prices and times (seconds since 1970) at them."""


@dataclass(frozen=True, slots=True)
class History:
    """What is drawn, each in time's order."""

    price: Sequence[Span]
    listed: Sequence[Span]
    seller: Sequence[Span]
    availability: Sequence[Span]
    rank: Sequence[Span]


def draw(history: History, frame: Frame, *, start: datetime, end: datetime, goal: float | None = None) -> Chart:
    """The chart from ``start`` to ``end``; ``goal`` is a price to wait for, drawn where it is near the others."""
    across = _Across(frame, start, end)
    price, listed = of_one_unit(history.price), of_one_unit(history.listed)
    amounts = _numbers(price) + _numbers(listed)
    near = goal is not None and amounts and min(amounts) / 2 <= goal <= max(amounts) * 2
    amounts += [goal] if near and goal is not None else []
    low, high, values = _scale(amounts)
    up = _Up(frame.top, frame.bottom, low, high)
    ranks = _numbers(history.rank)
    rank = frame.rank if ranks else None
    down = _Up((rank or 0) + _RANK_HEIGHT, rank or 0, min(ranks, default=0), max(ranks, default=1))
    last = next((span for span in reversed(price) if span.value.number is not None), None)
    is_now = last is not None and price[-1] is last
    return Chart(
        frame,
        _path(price, across, up),
        _path(listed, across, up),
        (across(last.end), up(float(last.value.number or 0))) if last and is_now else None,
        [Tick(up(value), value) for value in values],
        list(_days(across, frame.days)),
        [_box(span, across) for span in history.availability if span.value.text in _GONE],
        list(_sellers(history.seller, across)),
        _path(history.rank, across, down, joined=True) if rank is not None else "",
        [Tick(down(value), value) for value in (min(ranks), max(ranks))] if rank is not None else [],
        up(goal) if near and goal is not None else None,
        _edges(frame, low, high) | {"start": start.timestamp(), "end": end.timestamp()},
    )


def _edges(frame: Frame, low: float, high: float) -> dict[str, float]:
    foot = frame.band + frame.band_height if frame.rank is None else frame.rank + _RANK_HEIGHT
    names = ("left", "right", "top", "bottom")
    return {name: float(getattr(frame, name)) for name in names} | {"foot": float(foot), "low": low, "high": high}


def colours(seller: Sequence[Span]) -> dict[str, int]:
    """The class of each seller: who held the buy box longest first."""
    held: dict[str, float] = {}
    for span in seller:
        if span.value.text:
            held[span.value.text] = held.get(span.value.text, 0.0) + span.seconds
    ordered = sorted(held, key=lambda name: (-held[name], name))
    return {name: min(place, _COLOURS + 1) for place, name in enumerate(ordered, 1)}


@dataclass(frozen=True, slots=True)
class _Across:
    frame: Frame
    start: datetime
    end: datetime

    def __call__(self, at: datetime) -> float:
        whole = (self.end - self.start).total_seconds() or 1.0
        part = min(max((at - self.start).total_seconds() / whole, 0.0), 1.0)
        return round(self.frame.left + part * (self.frame.right - self.frame.left), 1)


@dataclass(frozen=True, slots=True)
class _Up:
    top: int
    bottom: int
    low: float
    high: float

    def __call__(self, value: float) -> float:
        part = (value - self.low) / ((self.high - self.low) or 1.0)
        return round(self.bottom - part * (self.bottom - self.top), 1)


def _numbers(spans: Sequence[Span]) -> list[float]:
    return [float(span.value.number) for span in spans if span.value.number is not None]


def _scale(amounts: Sequence[float]) -> tuple[float, float, list[float]]:
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


def _path(spans: Sequence[Span], across: _Across, up: _Up, *, joined: bool = False) -> str:
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
    return "".join(parts)


def _box(span: Span, across: _Across, name: str = "", colour: int = 0) -> Box:
    x = across(span.start)
    return Box(x, round(max(across(span.end) - x, 1.0), 1), name, colour)


def _sellers(spans: Sequence[Span], across: _Across) -> Iterator[Box]:
    known = colours(spans)
    for span in spans:
        if span.value.text:
            yield _box(span, across, span.value.text, known[span.value.text])


def _days(across: _Across, most: int) -> Iterator[Day]:
    """Ticks with the same distance, at most so many."""
    whole = across.end - across.start
    for number in range(most):
        at = across.start + timedelta(seconds=whole.total_seconds() * number / (most - 1))
        yield Day(across(at), at)
