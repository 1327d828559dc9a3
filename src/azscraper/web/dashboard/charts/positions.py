"""Where products stand for a keyword over time, as lines of a chart, and what brands have of the page. Pure.

What a place and a share are, says ``keywords.shelf``.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from azscraper.tracking.keywords import shelf
from azscraper.tracking.keywords.shelf import By, Move, Placement, Search, Standing

_LEFT, _RIGHT, _TOP, _BOTTOM = 40, 700, 16, 216
DAYS = (1, 7, 30)
_MOST_MOVERS = 8
_MOST_BRANDS = 5
_TICKS = 4
_MOST_READINGS = 1000
_A_DAY = timedelta(hours=20)
"""From when on a search counts as yesterday's: schedules are a little early at times."""


@dataclass(frozen=True, slots=True)
class Line:
    """One product: its organic places."""

    asin: str
    colour: int
    """1 to 4, the class of its line."""
    path: str
    end: tuple[float, float] | None
    """Where it stands now."""
    standing: Standing
    best: int | None
    changes: Sequence[int | None]
    """Places that it rose since a day, a week and a month ago; None where it was not there then or is not now."""


@dataclass(frozen=True, slots=True)
class Chart:
    """The lines in one frame."""

    lines: Sequence[Line]
    ticks: Sequence[tuple[float, int]]
    """Height and place."""
    days: Sequence[tuple[float, datetime]]
    scale: Mapping[str, float]
    """What a script needs to find a time and a place: edges of the frame, places and times (seconds since 1970) at them."""
    readings: Sequence[tuple[datetime, Sequence[int | None]]]
    """The place of each line at each search."""


@dataclass(frozen=True, slots=True)
class Brand:
    """What a brand has of a page."""

    name: str | None
    """None: those of which no brand is known."""
    share: float
    organic: float
    sponsored: float
    """Together the share."""
    change: float | None
    """In points, since the search that it is compared with."""


def draw(found: Sequence[Search], asins: Sequence[str], *, start: datetime, end: datetime) -> Chart:
    """``found`` are searches in time's order, also from before ``start``; ``asins`` at most four."""
    shown = [one for one in found if one.observed_at >= start]
    places = {asin: [(one.observed_at, _place(one, asin)) for one in shown] for asin in asins}
    deepest = max((place for points in places.values() for _, place in points if place is not None), default=1)

    def across(at: datetime) -> float:
        whole = (end - start).total_seconds() or 1.0
        part = min(max((at - start).total_seconds() / whole, 0.0), 1.0)
        return round(_LEFT + part * (_RIGHT - _LEFT), 1)

    def down(place: int) -> float:
        return round(_TOP + (place - 1) / max(deepest - 1, 1) * (_BOTTOM - _TOP), 1)

    lines = []
    for colour, (asin, points) in enumerate(places.items(), 1):
        drawn = [(across(at), None if place is None else down(place)) for at, place in points]
        x, y = drawn[-1] if drawn else (0.0, None)
        lines.append(_line(asin, colour, _path(drawn), None if y is None else (x, y), found=found, now=end))
    steps = dict.fromkeys(max(1, round(1 + (deepest - 1) * number / (_TICKS - 1))) for number in range(_TICKS))
    days = [(across(at), at) for at in (start + (end - start) * number / 4 for number in range(5))]
    scale: dict[str, float] = {
        "left": _LEFT,
        "right": _RIGHT,
        "top": _TOP,
        "bottom": _BOTTOM,
        "foot": _BOTTOM,
        "low": max(deepest, 2),
        "high": 1,
    }
    scale |= {"start": start.timestamp(), "end": end.timestamp()}
    read = [(one.observed_at, [dict(points)[one.observed_at] for points in places.values()]) for one in shown]
    return Chart(lines, [(down(place), place) for place in steps], days, scale, read[-_MOST_READINGS:])


def _path(points: Sequence[tuple[float, float | None]]) -> str:
    parts, held = [], False
    for x, y in points:
        if y is not None:
            parts.append(f"{'L' if held else 'M'}{x} {y}")
        held = y is not None
    return "".join(parts)


def _line(
    asin: str,
    colour: int,
    path: str,
    end: tuple[float, float] | None,
    *,
    found: Sequence[Search],
    now: datetime,
) -> Line:
    standing = shelf.standing(found[-1], lambda tile: tile.asin == asin) if found else Standing(None, None, None)
    best = min((place for one in found if (place := _place(one, asin)) is not None), default=None)
    changes = [_rise(standing.organic, _place_at(found, asin, now - timedelta(days=days))) for days in DAYS]
    return Line(asin, colour, path, end, standing, best, changes)


def _place(one: Search, asin: str) -> int | None:
    return shelf.standing(one, lambda tile: tile.asin == asin).organic


def at(found: Sequence[Search], moment: datetime) -> Search | None:
    """The last search up to that time."""
    return next((one for one in reversed(found) if one.observed_at <= moment), None)


def _place_at(found: Sequence[Search], asin: str, moment: datetime) -> int | None:
    one = at(found, moment)
    return _place(one, asin) if one else None


def _rise(now: int | None, before: int | None) -> int | None:
    return None if now is None or before is None else before - now


def movers(found: Sequence[Search], now: datetime) -> list[Move]:
    """Who moved most since the last search of a day ago: all of them, by product."""
    before = at(found[:-1], now - _A_DAY)
    if before is None:
        return []
    moved = shelf.moves(before, found[-1], Placement.ORGANIC)
    return sorted(moved, key=lambda move: (-_reach(move, len(found[-1].tiles)), move.asin))


def shown(moved: Sequence[Move]) -> list[Move]:
    """Those that a short list has room for."""
    return list(moved[:_MOST_MOVERS])


def _reach(move: Move, end: int) -> int:
    return abs((move.before or end) - (move.after or end))


def brands(found: Sequence[Search], now: datetime) -> list[Brand]:
    """What brands have of the first page, largest first, and how that changed within 30 days."""
    last = found[-1].within(1)
    before = at(found[:-1], now - timedelta(days=30)) or (found[0] if len(found) > 1 else None)
    then = {one.name: one.share for one in shelf.shares(before.within(1), Placement.BOTH, By.BRAND)} if before else {}
    paid = {one.name: one.tiles for one in shelf.shares(last, Placement.SPONSORED, By.BRAND)}
    whole = len(last.tiles)
    return [
        Brand(
            one.name,
            one.share,
            (one.tiles - paid.get(one.name, 0)) / whole,
            paid.get(one.name, 0) / whole,
            one.share - then.get(one.name, 0.0) if before else None,
        )
        for one in shelf.shares(last, Placement.BOTH, By.BRAND)[:_MOST_BRANDS]
    ]
