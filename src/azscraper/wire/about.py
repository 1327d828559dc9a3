"""The service itself on the wire."""

from typing import Literal

from azscraper.wire.base import Answer


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
