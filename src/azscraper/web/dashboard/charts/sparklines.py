"""Small charts of a price as SVG paths: it holds until the next point, and where there is none there is a gap. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

Points = Sequence[tuple[datetime, float | None]]
_TOP, _BOTTOM = 3.0, 21.0
"""Of a box of 24: room for the line's width and the dot."""


@dataclass(frozen=True, slots=True)
class Spark:
    """Paths in a box."""

    line: str
    area: str
    """Below the line, where it has no gap; else empty."""
    x: float
    y: float | None
    """Where the dot stands: the last value; None where there is none now."""


def spark(points: Points, *, start: datetime, end: datetime, width: float = 80) -> Spark | None:
    """The price from ``start`` to ``end``, in a box of that width and 24 high; None without any value."""
    values = [value for _, value in points if value is not None]
    if not values or end <= start:
        return None
    low, high = min(values), max(values)
    reach = (width - 4) / (end - start).total_seconds()

    def across(at: datetime) -> float:
        return round(1 + max((at - start).total_seconds(), 0) * reach, 1)

    def up(value: float) -> float:
        return 12.0 if high == low else round(_BOTTOM - (value - low) / (high - low) * (_BOTTOM - _TOP), 1)

    parts: list[str] = []
    held: float | None = None
    for at, value in points:
        if value is None:
            parts += [f"H{across(at)}"] if held is not None else []
        elif held is None:
            parts.append(f"M{across(at)} {up(value)}")
        else:
            parts.append(f"H{across(at)}V{up(value)}")
        held = value
    if held is not None:
        parts.append(f"H{across(end)}")
    line = "".join(parts)
    whole = held is not None and line.count("M") == 1
    area = f"{line}V24H{line[1:].split(' ')[0]}Z" if whole else ""
    return Spark(line, area, across(end), None if held is None else up(held))
