"""Who acts. A module of its own below the features, because every one of them takes it."""

import ipaddress
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Principal:
    """Who acts, and how far that reaches: a user over an organization, a key over one project, or the service itself.

    Functions that look a tenant's object up take one whole, so that the project lock can't be left behind.
    """

    organization_id: str
    project_id: str | None = None
    """Set for a key: whatever is outside of this project does not exist for it."""
    user_id: str | None = None
    key_id: str | None = None
    is_admin: bool = False
    """An operator of the installation, over all organizations."""
    address: str | None = None
    """Where the request came from, for the audit."""


def network_of(address: str) -> str:
    """What counts as one client: an IPv4 address, or the IPv6 network among whose 2**64 addresses a host chooses (RFC 4291, 2.5.1)."""
    parsed = ipaddress.ip_address(address)
    return address if parsed.version == 4 else str(ipaddress.ip_network((address, 64), strict=False))  # noqa: PLR2004 - IPv4
