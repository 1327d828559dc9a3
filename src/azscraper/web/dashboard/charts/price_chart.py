"""A product's price over time as geometry: steps with gaps, list price, a band of sellers, the rank below. Pure.

The template draws it as SVG with classes, so that it needs no script and nothing inline.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from azscraper.tracking.statistics import Span, of_one_unit
from azscraper.web.dashboard.charts.axes import Across, Day, Frame, Tick, Up, days_of, edges, numbers, path, scale

_GONE = {"out_of_stock", "unavailable"}
_COLOURS = 4
"""Of sellers: the others share the last class."""
_RANK_HEIGHT = 46


WIDE = Frame(1112, 52, 1096, 16, 236, 396, 7, band=284, band_height=20, rank=340)
NARROW = Frame(358, 40, 350, 18, 168, 232, 4, band=214, band_height=14)


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
    across = Across(frame, start, end)
    price, listed = of_one_unit(history.price), of_one_unit(history.listed)
    amounts = numbers(price) + numbers(listed)
    near = goal is not None and amounts and min(amounts) / 2 <= goal <= max(amounts) * 2
    amounts += [goal] if near and goal is not None else []
    low, high, values = scale(amounts)
    up = Up(frame.top, frame.bottom, low, high)
    ranks = numbers(history.rank)
    rank = frame.rank if ranks else None
    down = Up((rank or 0) + _RANK_HEIGHT, rank or 0, min(ranks, default=0), max(ranks, default=1))
    last = next((span for span in reversed(price) if span.value.number is not None), None)
    is_now = last is not None and price[-1] is last
    return Chart(
        frame,
        path(price, across, up),
        path(listed, across, up),
        (across(last.end), up(float(last.value.number or 0))) if last and is_now else None,
        [Tick(up(value), value) for value in values],
        list(days_of(across, frame.days)),
        [_box(span, across) for span in history.availability if span.value.text in _GONE],
        list(_sellers(history.seller, across)),
        path(history.rank, across, down, joined=True) if rank is not None else "",
        [Tick(down(value), value) for value in (min(ranks), max(ranks))] if rank is not None else [],
        up(goal) if near and goal is not None else None,
        edges(across, up) | {"foot": _foot(frame)},
    )


def _foot(frame: Frame) -> int:
    """The lower edge of what is drawn below the prices."""
    return frame.band + frame.band_height if frame.rank is None else frame.rank + _RANK_HEIGHT


def colours(seller: Sequence[Span]) -> dict[str, int]:
    """The class of each seller: who held the buy box longest first."""
    held: dict[str, float] = {}
    for span in seller:
        if span.value.text:
            held[span.value.text] = held.get(span.value.text, 0.0) + span.seconds
    ordered = sorted(held, key=lambda name: (-held[name], name))
    return {name: min(place, _COLOURS + 1) for place, name in enumerate(ordered, 1)}


def _box(span: Span, across: Across, name: str = "", colour: int = 0) -> Box:
    x = across(span.start)
    return Box(x, round(max(across(span.end) - x, 1.0), 1), name, colour)


def _sellers(spans: Sequence[Span], across: Across) -> Iterator[Box]:
    known = colours(spans)
    for span in spans:
        if span.value.text:
            yield _box(span, across, span.value.text, known[span.value.text])
