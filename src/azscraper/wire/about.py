"""The service itself on the wire."""

from typing import Literal

from pydantic import Field

from azscraper.wire.base import Answer, Timestamp


class MarketplaceOut(Answer):
    """A marketplace."""

    host: str
    country: str
    """ISO 3166 alpha-2."""
    currency: str
    """ISO 4217."""
    languages: list[str]
    """BCP 47, the usual one first."""


class HealthOut(Answer):
    """No envelope: what load balancers read."""

    status: Literal["ok"] = "ok"


class RobotsOut(Answer):
    """What a marketplace's robots.txt says of a page of the kind."""

    host: str
    """Whose robots.txt it is."""
    allowed: bool | None = None
    """None: no text of the last day is held, as nothing was crawled there."""
    checked_at: Timestamp | None = None


class KindOut(Answer):
    """A kind of page that jobs can ask for."""

    type: str
    """Of its jobs."""
    about: str
    """What its jobs read."""
    targets: str
    """What its targets are."""
    example: str
    """A target."""
    records: list[str]
    """Schemas of its rows, the main one first."""
    summary: str | None = None
    """Schema of what a page, or a target, says about itself."""
    options: str
    """Schema of its options."""
    credits: int
    """A target costs, with no option set."""
    columns: list[str] = Field(default=[])
    """What people look at first of a row: paths in it."""
    robots: RobotsOut | None = None
    """Where a marketplace was named."""
