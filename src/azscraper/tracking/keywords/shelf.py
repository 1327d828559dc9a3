"""What one search shows of brands and products: places, shares, and what differs from another search. Pure.

``docs/howto/rank-tracking.md`` has the definitions for users.
"""

import math
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Placement(StrEnum):
    """Which tiles count."""

    ORGANIC = "organic"
    SPONSORED = "sponsored"
    BOTH = "both"


class By(StrEnum):
    """What tiles are counted by."""

    BRAND = "brand"
    ASIN = "asin"


@dataclass(frozen=True, slots=True)
class Tile:
    """A place of a result list."""

    asin: str
    sponsored: bool
    brand: str | None
    page: int


@dataclass(frozen=True, slots=True)
class Search:
    """A result list at one time, in order."""

    observed_at: datetime
    job_id: str
    pages: int
    tiles: tuple[Tile, ...]

    def within(self, pages: int | None) -> "Search":
        """Its first pages."""
        kept = tuple(tile for tile in self.tiles if pages is None or tile.page <= pages)
        return Search(self.observed_at, self.job_id, min(self.pages, pages or self.pages), kept)


@dataclass(frozen=True, slots=True)
class Share:
    """How much of a search one brand, or product, has."""

    name: str | None
    """None: tiles whose brand is not known."""
    tiles: int
    share: float
    """Of the tiles that count, 0 to 1."""
    weighted_share: float
    """The same with each tile counting as ``weight`` says."""
    best: int
    """Its first place among the tiles that count."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a product, or a brand, stands in a search; None: not in what was read."""

    overall: int | None
    organic: int | None
    sponsored: int | None
    """Its first place among the tiles that somebody paid for."""


class MoveKind(StrEnum):
    """What happened to a product between two searches."""

    ENTERED = "entered"
    LEFT = "left"
    UP = "up"
    DOWN = "down"


@dataclass(frozen=True, slots=True)
class Move:
    """A product that stands elsewhere than in the search before, by its first tile that counts."""

    asin: str
    brand: str | None
    kind: MoveKind
    before: int | None
    after: int | None
    overtook: tuple[str, ...]
    """Products that stood before it and now stand behind it, at most ten."""


_MOST_OVERTAKEN = 10


def weight(place: int) -> float:
    """How much a place counts: 1 for the first, and less with the logarithm of its number, as attention falls."""
    return 1 / math.log2(place + 1)


def counted(search: Search, placement: Placement) -> list[Tile]:
    """The tiles that count, in order."""
    wanted = {Placement.ORGANIC: {False}, Placement.SPONSORED: {True}}.get(placement, {False, True})
    return [tile for tile in search.tiles if tile.sponsored in wanted]


def shares(search: Search, placement: Placement, by: By) -> list[Share]:
    """Of each brand or product, largest first."""
    places: dict[str | None, list[int]] = defaultdict(list)
    for place, tile in enumerate(counted(search, placement), 1):
        places[tile.brand if by is By.BRAND else tile.asin].append(place)
    total = sum(map(len, places.values()))
    weights = sum(weight(place) for found in places.values() for place in found)
    found = [
        Share(name, len(own), len(own) / total, sum(map(weight, own)) / weights, own[0]) for name, own in places.items()
    ]
    return sorted(found, key=lambda one: (-one.share, one.best))


def standing(search: Search, is_it: Callable[[Tile], bool]) -> Standing:
    """Where the first such tile stands: among all, among those that nobody paid for, among those that somebody did."""
    return Standing(
        *(_first(counted(search, each), is_it) for each in (Placement.BOTH, Placement.ORGANIC, Placement.SPONSORED))
    )


def _first(tiles: Sequence[Tile], is_it: Callable[[Tile], bool]) -> int | None:
    return next((place for place, tile in enumerate(tiles, 1) if is_it(tile)), None)


def moves(before: Search, after: Search, placement: Placement) -> list[Move]:
    """What differs, in the order of now, those that left behind. Both are read as far as the shorter one goes in pages."""
    pages = min(before.pages, after.pages)
    old, new = (_places(one.within(pages), placement) for one in (before, after))
    return list(_moves(old, new))


def _places(search: Search, placement: Placement) -> dict[str, tuple[int, str | None]]:
    """Of each product its first place and its brand."""
    places: dict[str, tuple[int, str | None]] = {}
    for place, tile in enumerate(counted(search, placement), 1):
        places.setdefault(tile.asin, (place, tile.brand))
    return places


def _moves(old: dict[str, tuple[int, str | None]], new: dict[str, tuple[int, str | None]]) -> Iterator[Move]:
    for asin, (place, brand) in new.items():
        before = old[asin][0] if asin in old else None
        if before is None:
            yield Move(asin, brand, MoveKind.ENTERED, None, place, ())
        elif before != place:
            kind = MoveKind.UP if place < before else MoveKind.DOWN
            yield Move(asin, brand, kind, before, place, _overtaken(asin, old, new))
    for asin, (place, brand) in old.items():
        if asin not in new:
            yield Move(asin, brand, MoveKind.LEFT, place, None, ())


def _overtaken(
    asin: str, old: dict[str, tuple[int, str | None]], new: dict[str, tuple[int, str | None]]
) -> tuple[str, ...]:
    before, after = old[asin][0], new[asin][0]
    passed = [other for other, (place, _) in old.items() if place < before and other in new and new[other][0] > after]
    return tuple(passed[:_MOST_OVERTAKEN])
