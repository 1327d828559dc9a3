"""Addresses of categories: pages of browse nodes and result lists by node."""

import re
from dataclasses import dataclass

from azscraper.errors import Detail, InvalidInputError
from azscraper.kinds.search.address import Listing, of_address, of_node
from azscraper.marketplaces import Marketplace
from azscraper.marketplaces.addresses import Address, address_of

_NODE = re.compile(r"\d{1,20}")
_PAGE = re.compile(
    r"(?:/gp/browse\.html|/gp/(?:aw/)?b|/exec/obidos/tg/browse/-/(?P<old>\d+)|(?:/[^/]+)?/b(?:/ref=[^/]*|/(?P<id>\d+))?)(?:/.*)?"
)
_SLUG = re.compile(r"/([^/]+)/b(?:/|$)")


@dataclass(frozen=True, slots=True)
class Node:
    """The page of a browse node."""

    id: str
    slug: str | None = None


def of_page(address: Address) -> Node | None:
    """The browse node whose page an address names, None for any other."""
    found = _PAGE.fullmatch(address.path)
    if found is None:
        return None
    named = found["old"] or found["id"] or address.query.get("node", "")
    slug = _SLUG.match(address.path)
    return Node(named, slug[1] if slug and slug[1] not in {"gp", "-"} else None) if _NODE.fullmatch(named) else None


def of_list(url: str) -> Listing | None:
    """The result list by node that an address names; None for one by keyword, and any other."""
    listing = of_address(url)
    is_own = listing is not None and listing.node is not None and listing.keyword is None and listing.seller is None
    return listing if is_own else None


def read_target(text: str, default: Marketplace) -> tuple[str, Marketplace]:
    """One spelling of what a text names: a node, or the address of a list by node with what else chooses its results.

    Raises InvalidInputError.
    """
    said = text.strip()
    if _NODE.fullmatch(said):
        return said, default
    address = address_of(said) or _on(default, said)
    node = of_page(address) if address else None
    listing = of_list(address.url) if address else None
    if address is None or (node is None and listing is None):
        message = f"{said[:100]!r} names no category: write a browse node (172282), or the address of its page or of a result list by node"
        raise InvalidInputError(message, [Detail("target", message)])
    return (node.id if node else _key(listing, address.marketplace)), address.marketplace


def _on(marketplace: Marketplace, path: str) -> Address | None:
    return (
        address_of(f"https://{marketplace.host}{path}") if path.startswith("/") and not path.startswith("//") else None
    )


def _key(listing: Listing | None, marketplace: Marketplace) -> str:
    assert listing is not None  # noqa: S101 - one of the two is there
    return listing.url(marketplace)


def list_of(key: str, terms: tuple[str, ...] = ()) -> Listing:
    """The result list of a target."""
    return of_address(key) or of_node(key, terms)


def page_of(key: str, marketplace: Marketplace) -> str | None:
    """The address of a node's own page; None of a target that is a list."""
    return f"https://{marketplace.host}/b?node={key}" if _NODE.fullmatch(key) else None
