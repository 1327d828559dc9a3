"""History on the wire."""

from datetime import UTC, datetime, timedelta
from typing import Annotated, Self

from pydantic import Field

from azscraper.records.parts import Money
from azscraper.tracking.history import Cursor, KeywordPoint, ProductPoint
from azscraper.wire.base import Timestamp, Wire

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


CursorText = Annotated[str, Field(max_length=40, pattern=r"^\d{1,17}\.\d{1,18}$")]
"""Microseconds since 1970, before the year 5138, and a number of PostgreSQL's bigint."""


class ProductPointOut(Wire):
    """What one page told of a product; null is what it did not show."""

    observed_at: Timestamp
    marketplace: str
    """Host."""
    asin: str
    price: Money | None
    rating: float | None
    """0 to 5."""
    rating_count: int | None
    rank: int | None
    """In `rankCategory`: the first line of the page's bestseller ranks."""
    rank_category: str | None
    availability: str | None
    """As `availability.status` of a product."""
    project_id: str
    job_id: str

    @classmethod
    def of(cls, point: ProductPoint) -> Self:
        """From the feature's value."""
        amount, currency = point.price, point.currency
        return cls(
            observed_at=point.observed_at,
            marketplace=point.marketplace,
            asin=point.asin,
            price=None if amount is None or currency is None else Money(amount=amount, currency=currency),
            rating=point.rating,
            rating_count=point.rating_count,
            rank=point.rank,
            rank_category=point.rank_category,
            availability=point.availability,
            project_id=point.project_id,
            job_id=point.job_id,
        )


class KeywordPointOut(Wire):
    """Where a product stood in one search."""

    observed_at: Timestamp
    marketplace: str
    """Host."""
    keyword: str
    """In lower case, with single spaces."""
    asin: str
    position: int | None
    """The first tile that showed it, from 1 on, sponsored ones counted; null when no page that was read showed it."""
    organic_position: int | None
    """The same among the tiles that nobody paid for."""
    sponsored: bool | None
    """Whether the first tile that showed it was paid for."""
    pages: int
    """How many result pages were read."""
    project_id: str
    job_id: str

    @classmethod
    def of(cls, point: KeywordPoint, asin: str) -> Self:
        """From the feature's value."""
        return cls(
            observed_at=point.observed_at,
            marketplace=point.marketplace,
            keyword=point.keyword,
            asin=asin,
            position=point.position.overall,
            organic_position=point.position.organic,
            sponsored=point.position.sponsored,
            pages=point.pages,
            project_id=point.project_id,
            job_id=point.job_id,
        )


def cursor_of(point: ProductPoint | KeywordPoint) -> str:
    """The cursor that goes on behind the point."""
    return f"{(point.observed_at - _EPOCH) // timedelta(microseconds=1)}.{point.seq}"


def read_cursor(text: str | None) -> Cursor | None:
    """The place that a cursor names."""
    if text is None:
        return None
    micros, seq = text.split(".")
    return Cursor(_EPOCH + timedelta(microseconds=int(micros)), int(seq))
