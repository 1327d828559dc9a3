"""Where products stand for a keyword over time, as lines of a chart, and what brands have of the page. Pure.

What a place and a share are, says ``keywords.shelf``.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from azscraper.tracking.keywords import shelf
from azscraper.tracking.keywords.shelf import Move, Placement, Search, Standing
from azscraper.web.dashboard.charts.axes import Across, Day, Frame, Up, days_of, edges

WIDE = Frame(720, 40, 700, 16, 216, 250, 5)
NARROW = Frame(358, 32, 350, 16, 186, 216, 4)
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
    marks: Sequence[tuple[float, float]]
    """Its sponsored places."""
    where: tuple[int, int] | None
    """Page and place among the organic ones of that page, by now."""


@dataclass(frozen=True, slots=True)
class Page:
    """A page of results in the chart."""

    number: int
    y: float
    height: float


@dataclass(frozen=True, slots=True)
class Chart:
    """The lines in one frame."""

    frame: Frame
    lines: Sequence[Line]
    ticks: Sequence[tuple[float, int]]
    """Height and place."""
    days: Sequence[Day]
    scale: Mapping[str, float]
    """As ``edges`` gives it."""
    readings: Sequence[tuple[datetime, Sequence[int | None], Sequence[int | None]]]
    """The organic and the sponsored place of each line at each search."""
    pages: Sequence[Page]
    """From the second one on, as far as the chart goes down."""


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


def draw(found: Sequence[Search], asins: Sequence[str], frame: Frame, *, start: datetime, end: datetime) -> Chart:
    """``found`` are searches in time's order, also from before ``start``; ``asins`` at most four."""
    shown = [one for one in found if one.observed_at >= start]
    stood = {asin: [(one.observed_at, _standing(one, asin)) for one in shown] for asin in asins}
    reached = [place for points in stood.values() for _, each in points for place in (each.organic, each.sponsored)]
    deepest = max((place for place in reached if place is not None), default=1)
    across, down = Across(frame, start, end), Up(frame.top, frame.bottom, max(deepest, 2), 1)
    lines = [
        _line(asin, colour, points, across, down, found=found) for colour, (asin, points) in enumerate(stood.items(), 1)
    ]
    steps = dict.fromkeys(max(1, round(1 + (deepest - 1) * number / (_TICKS - 1))) for number in range(_TICKS))
    read = [
        (
            one.observed_at,
            [points[at][1].organic for points in stood.values()],
            [points[at][1].sponsored for points in stood.values()],
        )
        for at, one in enumerate(shown)
    ]
    return Chart(
        frame,
        lines,
        [(down(place), place) for place in steps],
        list(days_of(across, frame.days)),
        edges(across, down),
        read[-_MOST_READINGS:],
        list(_pages(found[-1], deepest, down)) if found else [],
    )


def _pages(last: Search, deepest: int, down: Up) -> Iterator[Page]:
    """A page begins between its first organic place and the one before."""
    pages = [tile.page for tile in shelf.counted(last, Placement.ORGANIC)]
    begins = {page: pages.index(page) + 0.5 for page in dict.fromkeys(pages) if page > 1}
    ends = [*list(begins.values())[1:], float("inf")]
    for (number, begin), end in zip(begins.items(), ends, strict=False):
        if begin < deepest:
            top = down(begin)
            yield Page(number, top, round(min(down(min(end, deepest)), down.bottom) - top, 1))


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
    points: Sequence[tuple[datetime, Standing]],
    across: Across,
    down: Up,
    *,
    found: Sequence[Search],
) -> Line:
    drawn = [(across(at), None if each.organic is None else down(each.organic)) for at, each in points]
    x, y = drawn[-1] if drawn else (0.0, None)
    standing = _standing(found[-1], asin) if found else Standing(None, None, None)
    best = min((place for one in found if (place := _place(one, asin)) is not None), default=None)
    changes = [_rise(standing.organic, _place_at(found, asin, across.end - timedelta(days=days))) for days in DAYS]
    return Line(
        asin,
        colour,
        _path(drawn),
        None if y is None else (x, y),
        standing,
        best,
        changes,
        [(across(at), down(each.sponsored)) for at, each in points if each.sponsored is not None],
        _where(found[-1], asin) if found else None,
    )


def _where(last: Search, asin: str) -> tuple[int, int] | None:
    """Page and place on it, among those that nobody paid for."""
    tiles = shelf.counted(last, Placement.ORGANIC)
    page = next((tile.page for tile in tiles if tile.asin == asin), None)
    if page is None:
        return None
    return page, [tile.asin for tile in tiles if tile.page == page].index(asin) + 1


def _standing(one: Search, asin: str) -> Standing:
    return shelf.standing(one, lambda tile: tile.asin == asin)


def _place(one: Search, asin: str) -> int | None:
    return _standing(one, asin).organic


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


@dataclass(frozen=True, slots=True)
class Mover:
    """A product that moved, and what that was."""

    move: Move
    what: str
    """``page_left``, ``page_entered`` (the first page), else as ``MoveKind``."""


def shown(moved: Sequence[Move], found: Sequence[Search], now: datetime) -> list[Mover]:
    """Those that a short list has room for."""
    before = at(found[:-1], now - _A_DAY)
    was, is_now = (_first_page(one) for one in (before, found[-1]))
    return [Mover(move, _what(move, was, is_now)) for move in moved[:_MOST_MOVERS]]


def _first_page(one: Search | None) -> set[str]:
    return {tile.asin for tile in one.tiles if tile.page == 1 and not tile.sponsored} if one else set()


def _what(move: Move, was: set[str], is_now: set[str]) -> str:
    if move.before is not None and move.after is not None and (move.asin in was) != (move.asin in is_now):
        return "page_left" if move.asin in was else "page_entered"
    return move.kind


def _reach(move: Move, end: int) -> int:
    return abs((move.before or end) - (move.after or end))


def brands(found: Sequence[Search], now: datetime, *, weighted: bool = False) -> list[Brand]:
    """What brands have of the first page, largest first, and how that changed within 30 days.

    ``weighted``: each place counts as ``shelf.weight`` says.
    """
    before = _month_ago(found, now)
    parts = _parts(found[-1], weighted=weighted)
    then = _parts(before, weighted=weighted) if before else {}
    ordered = sorted(parts.items(), key=lambda each: -sum(each[1]))[:_MOST_BRANDS]
    return [
        Brand(name, sum(own), *own, sum(own) - sum(then.get(name, (0.0, 0.0))) if before else None)
        for name, own in ordered
    ]


def _month_ago(found: Sequence[Search], now: datetime) -> Search | None:
    """The search that the last one is compared with."""
    return at(found[:-1], now - timedelta(days=30)) or (found[0] if len(found) > 1 else None)


def _parts(one: Search, *, weighted: bool) -> dict[str | None, tuple[float, float]]:
    """Of each brand what it has of the first page without paying and by paying."""
    parts: dict[str | None, list[float]] = defaultdict(lambda: [0.0, 0.0])
    tiles = one.within(1).tiles
    weights = [shelf.weight(place) if weighted else 1.0 for place in range(1, len(tiles) + 1)]
    for tile, weight in zip(tiles, weights, strict=True):
        parts[tile.brand][tile.sponsored] += weight / sum(weights)
    return {name: (organic, sponsored) for name, (organic, sponsored) in parts.items()}


def own_share(found: Sequence[Search], own: Collection[str], now: datetime, *, weighted: bool = False) -> Brand:
    """The same of one's products, whatever their brand."""
    before = _month_ago(found, now)
    mine = _parts(_named(found[-1], own), weighted=weighted).get("own", (0.0, 0.0))
    then = _parts(_named(before, own), weighted=weighted).get("own", (0.0, 0.0)) if before else None
    return Brand("own", sum(mine), *mine, None if then is None else sum(mine) - sum(then))


def _named(one: Search, own: Collection[str]) -> Search:
    return replace(one, tiles=tuple(replace(tile, brand="own" if tile.asin in own else None) for tile in one.tiles))
