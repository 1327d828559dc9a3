"""Where a project's own products stand for all of its keywords: who moved since a day ago, and their share of the first pages."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from azscraper.store.db import Conn, fetch_all
from azscraper.tenants.projects import Project
from azscraper.tracking.keywords import shelf
from azscraper.tracking.keywords.shelf import Move, Placement, Search, Tile

_A_DAY = timedelta(hours=20)
"""From when on a search counts as yesterday's: schedules are a little early at times."""
_MOST_KEYWORDS = 200
"""Last searched, of which moves are told."""
_MOST_SEARCHES = 2000
"""Of one share over time."""
_STEPS = 30
Key = tuple[str, str]
"""Marketplace and keyword."""


@dataclass(frozen=True, slots=True)
class _Row:
    marketplace: str
    keyword: str
    observed_at: datetime
    job_id: str
    pages: int
    asins: list[str]
    sponsored: list[bool]
    tile_pages: list[int] | None

    @property
    def search(self) -> Search:
        a_page = -(-len(self.asins) // max(self.pages, 1)) or 1  # as searches does of a release that kept no pages
        pages = self.tile_pages or [place // a_page + 1 for place in range(len(self.asins))]
        tiles = (Tile(*each[:2], None, each[2]) for each in zip(self.asins, self.sponsored, pages, strict=True))
        return Search(self.observed_at, self.job_id, self.pages, tuple(tiles))


@dataclass(frozen=True, slots=True)
class Moved:
    """A product that moved for a keyword."""

    marketplace: str
    keyword: str
    observed_at: datetime
    move: Move
    left_page_1: bool
    """It was on the first page and is not by now."""
    entered_page_1: bool

    @property
    def is_better(self) -> bool:
        """Up, or new there."""
        before, after = self.move.before, self.move.after
        return after is not None and (before is None or after < before)


_COLUMNS = "marketplace, keyword, observed_at, job_id, pages, asins, sponsored, tile_pages"


async def find_moves(conn: Conn, project: Project, own: Collection[str], *, now: datetime) -> list[Moved]:
    """Of the own products, by their organic places, since the last search of a day ago; newest first.

    Of keywords that were searched within the last day. The caller has found the project among its own.
    """
    rows = await fetch_all(
        conn,
        _Row,
        f"""WITH last AS (
                SELECT DISTINCT ON (marketplace, keyword) {_COLUMNS} FROM keyword_observations
                WHERE organization_id = %(organization_id)s AND project_id = %(project_id)s AND sort = '' AND category = ''
                  AND observed_at >= %(now)s - interval '1 day'
                ORDER BY marketplace, keyword, observed_at DESC LIMIT {_MOST_KEYWORDS})
            SELECT * FROM last UNION ALL
            SELECT b.* FROM last, LATERAL (SELECT {_COLUMNS} FROM keyword_observations o
                WHERE o.organization_id = %(organization_id)s AND o.project_id = %(project_id)s AND o.marketplace = last.marketplace AND o.keyword = last.keyword
                  AND o.sort = '' AND o.category = '' AND o.observed_at <= last.observed_at - %(a_day)s
                ORDER BY o.observed_at DESC LIMIT 1) b""",
        {"organization_id": project.organization_id, "project_id": project.id, "now": now, "a_day": _A_DAY},
    )
    by_key: dict[Key, list[Search]] = defaultdict(list)
    for row in rows:
        by_key[row.marketplace, row.keyword].append(row.search)
    found = [
        moved for key, pair in by_key.items() if len(pair) > 1 for moved in _moved(key, pair[1], pair[0], set(own))
    ]
    return sorted(found, key=lambda moved: (-moved.observed_at.timestamp(), moved.keyword, moved.move.after or 10**6))


def _moved(key: Key, before: Search, after: Search, own: Collection[str]) -> list[Moved]:
    was, now_ = _on_first_page(before), _on_first_page(after)
    return [
        Moved(*key, after.observed_at, move, move.asin in was - now_, move.asin in now_ - was)
        for move in shelf.moves(before, after, Placement.ORGANIC)
        if move.asin in own
    ]


def _on_first_page(search: Search) -> set[str]:
    return {tile.asin for tile in search.tiles if tile.page == 1 and not tile.sponsored}


async def share_over_time(
    conn: Conn, project: Project, keys: Sequence[Key], own: Collection[str], *, start: datetime, end: datetime
) -> list[tuple[datetime, float | None]]:
    """At thirty-one times, what part of the first pages is theirs, ads among them: the mean of the keywords; None before the first search.

    The caller has found the project among its own.
    """
    rows = await fetch_all(
        conn,
        _Row,
        f"""SELECT {_COLUMNS} FROM keyword_observations o
            WHERE organization_id = %(organization_id)s AND keyword = ANY(%(keywords)s) AND project_id = %(project_id)s
              AND sort = '' AND category = '' AND observed_at >= %(start)s - interval '1 day' AND (marketplace, keyword) IN (SELECT * FROM unnest(%(hosts)s::text[], %(keywords)s::text[]))
            ORDER BY observed_at DESC LIMIT {_MOST_SEARCHES}""",
        {
            "organization_id": project.organization_id,
            "project_id": project.id,
            "start": start,
            "hosts": [host for host, _ in keys],
            "keywords": [keyword for _, keyword in keys],
        },
    )
    shares: dict[Key, list[tuple[datetime, float]]] = defaultdict(list)
    for row in reversed(rows):
        shares[row.marketplace, row.keyword].append((row.observed_at, _share(row.search, own)))
    step = (end - start) / _STEPS
    return [(at, _mean_at(shares, at)) for at in (start + step * number for number in range(_STEPS + 1))]


def _share(search: Search, own: Collection[str]) -> float:
    tiles = search.within(1).tiles
    return sum(tile.asin in own for tile in tiles) / len(tiles) if tiles else 0.0


def _mean_at(shares: Mapping[Key, Sequence[tuple[datetime, float]]], at: datetime) -> float | None:
    held = [share for points in shares.values() if (share := _held(points, at)) is not None]
    return sum(held) / len(held) if held else None


def _held(points: Sequence[tuple[datetime, float]], at: datetime) -> float | None:
    return next((share for observed_at, share in reversed(points) if observed_at <= at), None)
