"""History: what products cost and how they stood over time, from a project's own jobs. ``observed`` writes it."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import LiteralString, Self

from azscraper.kinds.observations import spelling
from azscraper.records.parts import Money
from azscraper.slices import Slice, cut
from azscraper.store.db import Conn, columns_of, count_rows, fetch_all
from azscraper.tenants.principal import Principal
from azscraper.tracking import observations
from azscraper.tracking.observations import Position

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Cursor:
    """The place of a point in a list that goes back in time."""

    observed_at: datetime
    seq: int

    def __str__(self) -> str:
        """Microseconds since 1970 and the number."""
        return f"{(self.observed_at - _EPOCH) // timedelta(microseconds=1)}.{self.seq}"

    @classmethod
    def read(cls, text: str) -> Self:
        """The cursor that has this text."""
        micros, seq = text.split(".")
        return cls(_EPOCH + timedelta(microseconds=int(micros)), int(seq))


@dataclass(frozen=True, slots=True)
class Window:
    """Which points to see: newest first, at most ``limit``."""

    limit: int
    marketplace: str | None = None
    """Host; None: of all."""
    start: datetime | None = None
    end: datetime | None = None
    """Not included."""
    before: Cursor | None = None
    """Only points from behind this one on."""

    def params(self, principal: Principal) -> dict[str, object]:
        """Of ``_WITHIN`` and ``_PAGE``, for what the principal reaches."""
        return {
            "organization_id": principal.organization_id,
            "project_id": principal.project_id,
            "marketplace": self.marketplace,
            "start": self.start,
            "end": self.end,
            "before_at": self.before.observed_at if self.before else None,
            "before_seq": self.before.seq if self.before else None,
            "limit": self.limit + 1,
        }


_WITHIN: LiteralString = """organization_id = %(organization_id)s
    AND project_id = coalesce(%(project_id)s, project_id) AND marketplace = coalesce(%(marketplace)s, marketplace)
    AND (%(start)s::timestamptz IS NULL OR observed_at >= %(start)s)
    AND (%(end)s::timestamptz IS NULL OR observed_at < %(end)s)"""
_PAGE: LiteralString = """(%(before_at)s::timestamptz IS NULL OR (observed_at, seq) < (%(before_at)s, %(before_seq)s::bigint))
    ORDER BY observed_at DESC, seq DESC LIMIT %(limit)s"""


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


async def find_products(conn: Conn, principal: Principal, asin: str, window: Window) -> Slice[ProductPoint]:
    """A product's points."""
    where: LiteralString = f"product_observations WHERE {_WITHIN} AND asin = %(asin)s"
    params = window.params(principal) | {"asin": asin}
    sql: LiteralString = f"SELECT {columns_of(ProductPoint)} FROM {where} AND {_PAGE}"
    points = await fetch_all(conn, ProductPoint, sql, params)
    total = await count_rows(conn, f"SELECT count(*) FROM {where}", params)
    return cut(points, total, limit=window.limit, cursor=lambda point: str(Cursor(point.observed_at, point.seq)))


async def find_positions(
    conn: Conn, principal: Principal, keyword: str, asin: str, window: Window, *, sort: str = "", category: str = ""
) -> Slice[KeywordPoint]:
    """Where a product stood for a keyword; a search that did not show it has no position."""
    where: LiteralString = f"keyword_observations WHERE {_WITHIN} AND keyword = %(keyword)s AND sort = %(sort)s AND category = %(category)s"
    asked = {"keyword": spelling(keyword), "sort": sort, "category": category}
    params = window.params(principal) | asked
    sql: LiteralString = f"SELECT {columns_of(_RankingRow)} FROM {where} AND {_PAGE}"
    rows = await fetch_all(conn, _RankingRow, sql, params)
    total = await count_rows(conn, f"SELECT count(*) FROM {where}", params)
    points = [_point(row, asin) for row in rows]
    return cut(points, total, limit=window.limit, cursor=lambda point: str(Cursor(point.observed_at, point.seq)))


def _point(row: _RankingRow, asin: str) -> KeywordPoint:
    position = observations.position_of(row.asins, row.sponsored, asin)
    return KeywordPoint(
        row.seq, row.project_id, row.job_id, row.marketplace, row.keyword, row.observed_at, row.pages, position
    )
