"""Which addresses of the internet are public. Apart from ``outbound``, so that nothing of HTTP is imported for it."""

import ipaddress
from ipaddress import IPv4Address, IPv6Address

_REFUSED_NETWORKS = tuple(
    ipaddress.ip_network(network)
    for network in (
        "168.63.129.16/32",  # Azure's host agent: a public number for an inside service
        "192.0.0.0/24",  # protocol assignments, of which older Pythons take some for global
        "192.88.99.0/24",  # the relays of 6to4 (RFC 7526)
        "2001::/23",  # protocol assignments, Teredo among them: they carry IPv4 addresses
        "2002::/16",  # 6to4 (RFC 3056): the same
        "3fff::/20",  # documentation (RFC 9637), unknown to older Pythons
        "5f00::/16",  # segment routing (RFC 9602), the same
    )
)
_GLOBAL_UNICAST = ipaddress.ip_network("2000::/3")
"""All of IPv6 that is given out (RFC 4291 2.4); leaves IPv4-mapped, -compatible and -translated addresses out."""


def is_public(address: IPv4Address | IPv6Address) -> bool:
    """Whether anyone on the internet could reach it: no private, loopback, link-local, metadata or multicast address.

    Nor one of IPv6 that stands for an address of IPv4: a gateway might lead back inside.
    """
    if not address.is_global or address.is_multicast or address.is_reserved or address.is_unspecified:
        return False
    if isinstance(address, IPv6Address) and (address not in _GLOBAL_UNICAST or address.scope_id is not None):
        return False
    return not any(address in network for network in _REFUSED_NETWORKS)
