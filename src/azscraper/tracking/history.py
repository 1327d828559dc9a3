"""History: what products cost and how they stood over time, from a project's own jobs. ``observed`` writes it."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import LiteralString

from azscraper.kinds.observations import spelling
from azscraper.records.parts import Money
from azscraper.slices import Slice
from azscraper.store.db import Conn, fetch_all, scalar
from azscraper.tenants.principal import Principal
from azscraper.tracking import observations
from azscraper.tracking.observations import Position


@dataclass(frozen=True, slots=True)
class Cursor:
    """The place of a point in a list that goes back in time."""

    observed_at: datetime
    seq: int


@dataclass(frozen=True, slots=True)
class ProductPoint:
    """What a product cost, and how it stood, at one time."""

    seq: int
    project_id: str
    job_id: str
    marketplace: str
    asin: str
    observed_at: datetime
    price: Decimal | None
    currency: str | None
    rating: float | None
    rating_count: int | None
    rank: int | None
    rank_category: str | None
    availability: str | None

    @property
    def money(self) -> Money | None:
        """The price with its currency."""
        if self.price is None or self.currency is None:
            return None
        return Money(amount=self.price, currency=self.currency)


@dataclass(frozen=True, slots=True)
class KeywordPoint:
    """Where a product stood for a keyword at one time."""

    seq: int
    project_id: str
    job_id: str
    marketplace: str
    keyword: str
    observed_at: datetime
    pages: int
    position: Position


@dataclass(frozen=True, slots=True)
class _RankingRow:
    seq: int
    project_id: str
    job_id: str
    marketplace: str
    keyword: str
    observed_at: datetime
    pages: int
    asins: list[str]
    sponsored: list[bool]


async def find_products(
    conn: Conn,
    principal: Principal,
    asin: str,
    *,
    marketplace: str | None,
    start: datetime | None,
    end: datetime | None,
    before: Cursor | None,
    limit: int,
) -> Slice[ProductPoint]:
    """A product's points from ``start`` on and before ``end``, newest first, from behind ``before``."""
    where: LiteralString = """organization_id = %(organization_id)s AND asin = %(asin)s
        AND project_id = coalesce(%(project_id)s, project_id) AND marketplace = coalesce(%(marketplace)s, marketplace)
        AND (%(start)s::timestamptz IS NULL OR observed_at >= %(start)s)
        AND (%(end)s::timestamptz IS NULL OR observed_at < %(end)s)"""
    params = {
        "organization_id": principal.organization_id,
        "project_id": principal.project_id,
        "asin": asin,
        "marketplace": marketplace,
        "start": start,
        "end": end,
        "limit": limit,
        **_after(before),
    }
    points = await fetch_all(
        conn,
        ProductPoint,
        f"""SELECT seq, project_id, job_id, marketplace, asin, observed_at, price, currency, rating, rating_count, rank,
                rank_category, availability FROM product_observations WHERE {where} AND {_BEFORE}
            ORDER BY observed_at DESC, seq DESC LIMIT %(limit)s""",
        params,
    )
    return Slice(
        points, await scalar(conn, int, f"SELECT count(*) FROM product_observations WHERE {where}", params) or 0
    )


_BEFORE: LiteralString = (
    "(%(before_at)s::timestamptz IS NULL OR (observed_at, seq) < (%(before_at)s, %(before_seq)s::bigint))"
)


def _after(before: Cursor | None) -> dict[str, object]:
    return {"before_at": before.observed_at if before else None, "before_seq": before.seq if before else None}


async def find_positions(
    conn: Conn,
    principal: Principal,
    keyword: str,
    asin: str,
    *,
    marketplace: str | None,
    sort: str,
    category: str,
    start: datetime | None,
    end: datetime | None,
    before: Cursor | None,
    limit: int,
) -> Slice[KeywordPoint]:
    """Where a product stood for a keyword, newest first; a search that did not show it has no position."""
    where: LiteralString = """organization_id = %(organization_id)s AND keyword = %(keyword)s
        AND project_id = coalesce(%(project_id)s, project_id) AND marketplace = coalesce(%(marketplace)s, marketplace)
        AND sort = %(sort)s AND category = %(category)s
        AND (%(start)s::timestamptz IS NULL OR observed_at >= %(start)s)
        AND (%(end)s::timestamptz IS NULL OR observed_at < %(end)s)"""
    params = {
        "organization_id": principal.organization_id,
        "project_id": principal.project_id,
        "keyword": spelling(keyword),
        "marketplace": marketplace,
        "sort": sort,
        "category": category,
        "start": start,
        "end": end,
        "limit": limit,
        **_after(before),
    }
    rows = await fetch_all(
        conn,
        _RankingRow,
        f"""SELECT seq, project_id, job_id, marketplace, keyword, observed_at, pages, asins, sponsored
            FROM keyword_observations WHERE {where} AND {_BEFORE} ORDER BY observed_at DESC, seq DESC LIMIT %(limit)s""",
        params,
    )
    total = await scalar(conn, int, f"SELECT count(*) FROM keyword_observations WHERE {where}", params)
    return Slice([_point(row, asin) for row in rows], total or 0)


def _point(row: _RankingRow, asin: str) -> KeywordPoint:
    return KeywordPoint(
        row.seq,
        row.project_id,
        row.job_id,
        row.marketplace,
        row.keyword,
        row.observed_at,
        row.pages,
        observations.position_of(row.asins, row.sponsored, asin),
    )
