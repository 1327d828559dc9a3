"""Projects on the wire."""

from azscraper.wire.base import Answer, Timestamp


class ThresholdsOut(Answer):
    """From where on `product.changed` is told. Availability is told whenever it changes."""

    price_percent: float
    """Percent of the price that was told last; 0 is any change."""
    rating: float
    """Stars; 0 is any change."""


class ProjectOut(Answer):
    """A project."""

    id: str
    name: str
    organization_id: str
    archived: bool
    change_thresholds: ThresholdsOut
    created_at: Timestamp
    updated_at: Timestamp
