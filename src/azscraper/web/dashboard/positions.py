"""Where products stood for a keyword over time: lines of a chart, their changes, and who moved. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from azscraper.tracking.observations import position_of
from azscraper.tracking.overviews import Ranking

WIDTH, HEIGHT = 720, 250
_LEFT, _RIGHT, _TOP, _BOTTOM = 40, 700, 16, 216
DAYS = (1, 7, 30)
_MOST_MOVERS = 8
_TICKS = 4


@dataclass(frozen=True, slots=True)
class Line:
    """One product."""

    asin: str
    colour: int
    """1 to 4, the class of its line."""
    path: str
    end: tuple[float, float] | None
    """Where it stands now."""
    position: int | None
    organic: int | None
    sponsored: int | None
    best: int | None
    changes: Sequence[int | None]
    """Places that it rose since a day, a week and a month ago; None where it was not there then or is not now."""


@dataclass(frozen=True, slots=True)
class Mover:
    """A product whose place is another than it was."""

    asin: str
    before: int | None
    """None: it was not there."""
    after: int | None


@dataclass(frozen=True, slots=True)
class Chart:
    """The lines in one frame."""

    lines: Sequence[Line]
    ticks: Sequence[tuple[float, int]]
    """Height and position."""
    days: Sequence[tuple[float, datetime]]


def draw(rankings: Sequence[Ranking], asins: Sequence[str], *, start: datetime, end: datetime) -> Chart:
    """``rankings`` are in time's order, ``asins`` at most four."""
    places = {asin: [(one.observed_at, _place(one, asin)) for one in rankings] for asin in asins}
    known = [place for points in places.values() for _, place in points if place is not None]
    deepest = max(known, default=1)
    steps = [max(1, round(1 + (deepest - 1) * number / (_TICKS - 1))) for number in range(_TICKS)]

    def across(at: datetime) -> float:
        whole = (end - start).total_seconds() or 1.0
        part = min(max((at - start).total_seconds() / whole, 0.0), 1.0)
        return round(_LEFT + part * (_RIGHT - _LEFT), 1)

    def down(place: int) -> float:
        return round(_TOP + (place - 1) / max(deepest - 1, 1) * (_BOTTOM - _TOP), 1)

    lines = []
    for colour, (asin, points) in enumerate(places.items(), 1):
        drawn = [(across(at), None if place is None else down(place)) for at, place in points]
        last = drawn[-1] if drawn else None
        ends = (last[0], last[1]) if last is not None and last[1] is not None else None
        lines.append(_line(asin, colour, _path(drawn), end=ends, rankings=rankings, now=end))
    days = [(across(at), at) for at in (start + (end - start) * number / 4 for number in range(5))]
    return Chart(lines, [(down(place), place) for place in dict.fromkeys(steps)], days)


def _path(points: Sequence[tuple[float, float | None]]) -> str:
    parts, held = [], False
    for x, y in points:
        if y is not None:
            parts.append(f"{'L' if held else 'M'}{x} {y}")
        held = y is not None
    return "".join(parts)


def _line(
    asin: str, colour: int, path: str, *, end: tuple[float, float] | None, rankings: Sequence[Ranking], now: datetime
) -> Line:
    last = rankings[-1] if rankings else None
    found = position_of(last.asins, last.sponsored, asin) if last else None
    place = _place(last, asin) if last else None
    best = min((each for one in rankings if (each := _place(one, asin)) is not None), default=None)
    changes = [_rise(place, _before(rankings, asin, now - timedelta(days=days))) for days in DAYS]
    return Line(
        asin,
        colour,
        path,
        end,
        place,
        found.organic if found else None,
        _sponsored(last, asin) if last else None,
        best,
        changes,
    )


def _place(one: Ranking, asin: str) -> int | None:
    """Among all tiles: of its organic tile where it has one, else of the one that it paid for."""
    pairs = list(enumerate(zip(one.asins, one.sponsored, strict=True), 1))
    organic = (place for place, (each, paid) in pairs if each == asin and not paid)
    return next(organic, None) or next((place for place, (each, _) in pairs if each == asin), None)


def _sponsored(one: Ranking, asin: str) -> int | None:
    pairs = enumerate(zip(one.asins, one.sponsored, strict=True), 1)
    return next((place for place, (each, paid) in pairs if each == asin and paid), None)


def _before(rankings: Sequence[Ranking], asin: str, at: datetime) -> int | None:
    one = next((one for one in reversed(rankings) if one.observed_at <= at), None)
    return _place(one, asin) if one else None


def _rise(now: int | None, before: int | None) -> int | None:
    return None if now is None or before is None else before - now


def movers(rankings: Sequence[Ranking], now: datetime) -> list[Mover]:
    """Who moved most since the last search of a day ago; who came or left counts as moving from or to the end."""
    if not rankings:
        return []
    last = rankings[-1]
    then = next((one for one in reversed(rankings[:-1]) if one.observed_at <= now - timedelta(hours=20)), None)
    if then is None:
        return []
    asins = dict.fromkeys([*last.asins, *then.asins])
    found = [Mover(asin, _place(then, asin), _place(last, asin)) for asin in asins]
    moved = [one for one in found if one.before != one.after]
    return sorted(moved, key=lambda one: (-abs(_reach(one, len(asins))), one.asin))[:_MOST_MOVERS]


def _reach(one: Mover, end: int) -> int:
    return (one.before or end) - (one.after or end)
