"""History on the wire."""

from typing import Annotated

from pydantic import Field

from azscraper.records.parts import Money
from azscraper.wire.base import Answer, Timestamp

CursorText = Annotated[str, Field(max_length=40, pattern=r"^\d{1,17}\.\d{1,18}$")]
"""Microseconds since 1970, before the year 5138, and a number of PostgreSQL's bigint."""


class ProductPointOut(Answer):
    """What one page showed of a product; a value that it did not show is null."""

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


class KeywordPointOut(Answer):
    """Position of a product in one search."""

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
