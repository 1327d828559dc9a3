"""Projects on the wire."""

from pydantic import Field

from azscraper.wire.base import Answer, Timestamp


class ThresholdsOut(Answer):
    """The least changes that send `product.changed`. A change of the availability always sends it."""

    price_percent: float
    """Percent of the last price that was sent; 0 is any change."""
    rating: float
    """Stars; 0 is any change."""


class ProjectOut(Answer):
    """A project."""

    id: str
    name: str
    organization_id: str
    archived: bool
    change_thresholds: ThresholdsOut
    own_sellers: list[str] = Field(default_factory=list)
    """Under which names the project sells."""
    created_at: Timestamp
    updated_at: Timestamp
