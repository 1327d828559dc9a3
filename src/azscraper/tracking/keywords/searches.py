"""The searches of a keyword, or the looks at a chart, as they were kept, newest first. ``observed`` writes them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import LiteralString

from azscraper.kinds.observations import spelling
from azscraper.store.db import Conn, fetch_all
from azscraper.tenants.principal import Principal
from azscraper.tracking.keywords.shelf import Search, Tile

MOST = 400
"""Searches of one answer: more than a year of days."""


@dataclass(frozen=True, slots=True)
class Which:
    """Whose searches."""

    keyword: str
    """Or the address of a chart."""
    marketplace: str
    """Host."""
    sort: str = ""
    category: str = ""
    start: datetime | None = None
    end: datetime | None = None
    """Not included."""
    limit: int = 30


@dataclass(frozen=True, slots=True)
class _Row:
    project_id: str
    observed_at: datetime
    job_id: str
    pages: int
    asins: list[str]
    sponsored: list[bool]
    brands: list[str | None] | None
    tile_pages: list[int] | None


_WHERE: LiteralString = """organization_id = %(organization_id)s AND keyword = %(keyword)s
    AND project_id = coalesce(%(project_id)s, project_id) AND marketplace = %(marketplace)s AND sort = %(sort)s AND category = %(category)s
    AND (%(start)s::timestamptz IS NULL OR observed_at >= %(start)s) AND (%(end)s::timestamptz IS NULL OR observed_at < %(end)s)"""


async def find(conn: Conn, principal: Principal, which: Which) -> list[Search]:
    """Newest first, each tile with its brand: as the search printed it, else as a product page of the same project did."""
    rows = await fetch_all(
        conn,
        _Row,
        f"""SELECT project_id, observed_at, job_id, pages, asins, sponsored, brands, tile_pages FROM keyword_observations
            WHERE {_WHERE} ORDER BY observed_at DESC, seq DESC LIMIT %(limit)s""",
        {
            "organization_id": principal.organization_id,
            "project_id": principal.project_id,
            "keyword": which.keyword if "://" in which.keyword else spelling(which.keyword),
            "marketplace": which.marketplace,
            "sort": which.sort,
            "category": which.category,
            "start": which.start,
            "end": which.end,
            "limit": min(which.limit, MOST),
        },
    )
    known = await _brands(conn, rows, which.marketplace)
    return [_search(row, known) for row in rows]


async def _brands(conn: Conn, rows: Sequence[_Row], marketplace: str) -> dict[str, str]:
    """By ASIN, of tiles that print none: what product pages said."""
    bare = {
        asin
        for row in rows
        for asin, brand in zip(row.asins, row.brands or [None] * len(row.asins), strict=True)
        if not brand
    }
    if not bare:
        return {}
    cursor = await conn.execute(
        """SELECT asin, texts ->> 'brand' FROM series_states
           WHERE project_id = ANY(%s) AND asin = ANY(%s) AND marketplace = %s AND texts ? 'brand'""",
        [list({row.project_id for row in rows}), list(bare), marketplace],
    )
    return dict(await cursor.fetchall())


def _search(row: _Row, known: dict[str, str]) -> Search:
    brands = row.brands or [None] * len(row.asins)
    a_page = -(-len(row.asins) // max(row.pages, 1)) or 1  # a release that did not keep the page: all pages alike
    pages = row.tile_pages or [place // a_page + 1 for place in range(len(row.asins))]
    tiles = (
        Tile(asin, sponsored, brand or known.get(asin), page)
        for asin, sponsored, brand, page in zip(row.asins, row.sponsored, brands, pages, strict=True)
    )
    return Search(row.observed_at, row.job_id, row.pages, tuple(tiles))
