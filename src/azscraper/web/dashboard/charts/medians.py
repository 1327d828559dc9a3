"""What products of a list cost in the middle, day by day. Pure."""

import statistics
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from datetime import datetime

_STEPS = 30
Points = Sequence[tuple[datetime, float | None]]
"""In time's order; None: there was no price from then on."""


def medians(products: Mapping[str, Points], *, start: datetime, end: datetime) -> list[tuple[datetime, float | None]]:
    """The median at thirty-one times of the prices that held then; None where no product had one."""
    step = (end - start) / _STEPS
    times = [start + step * number for number in range(_STEPS + 1)]
    starts = {name: [at for at, _ in points] for name, points in products.items()}
    return [(at, _median([_held(products[name], starts[name], at) for name in products])) for at in times]


def _held(points: Points, starts: Sequence[datetime], at: datetime) -> float | None:
    place = bisect_right(starts, at)
    return points[place - 1][1] if place else None


def _median(prices: Sequence[float | None]) -> float | None:
    known = [price for price in prices if price is not None]
    return statistics.median(known) if known else None


def change(points: Sequence[tuple[datetime, float | None]]) -> float | None:
    """Of the last median against the first that there is, as a share of it; None where there is none to compare."""
    known = [price for _, price in points if price is not None]
    return (known[-1] - known[0]) / known[0] if len(known) > 1 and known[0] else None
