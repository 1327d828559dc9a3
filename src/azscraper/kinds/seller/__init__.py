"""Sellers' pages, as a profile with the feedback that it prints."""

import re

from azscraper.errors import InvalidInputError
from azscraper.kinds.kind import Asked, ColumnType, Kind, Origin, Target, column, later, resolves
from azscraper.kinds.walks import single
from azscraper.marketplaces import Marketplace
from azscraper.marketplaces.addresses import Address, address_of
from azscraper.records.seller import SellerOptions, SellerProfile

_ID = re.compile(r"A[A-Z0-9]{8,20}", re.ASCII)
_PATH = re.compile(r"/(?:sp|gp/aag(?:/\w+)?|gp/help/seller/[\w.-]+|shops/(?P<id>[A-Za-z0-9]+))", re.ASCII)


def _resolve(text: str, marketplace: Marketplace) -> Target:
    """An id, or the address of a seller's page, which names the marketplace."""
    found = address_of(text)
    path = _PATH.fullmatch(found.path) if found else None
    named = (path["id"] or (found.query.get("seller", "") if found else "")) if path else ("" if found else text)
    seller = named.strip().upper()
    if not _ID.fullmatch(seller):
        raise InvalidInputError.of("target", "is neither a seller's id nor the address of its page, /sp?seller=…")
    return Target("seller", seller, found.marketplace if found else marketplace)


def _claims(address: Address) -> bool:
    return _PATH.fullmatch(address.path) is not None


def _url(asked: Asked[SellerOptions]) -> str:
    """Not of ``/gp/aag``, which robots.txt forbids: the same page."""
    return f"https://{asked.target.marketplace.host}/sp?seller={asked.target.key}"


def _price(_: SellerOptions) -> int:
    return 2


SELLER = Kind(
    name="seller",
    label="Sellers",
    about="Read sellers' pages: ratings, feedback and who the business is.",
    target_label="Seller ids, or addresses of sellers' pages",
    example="A2L77EE7U53NWQ",
    missing="Check the seller's id and whether it sells on this marketplace.",
    records=(SellerProfile,),
    options=SellerOptions,
    resolve=_resolve,
    looks_like=resolves(_resolve),
    claims=_claims,
    next=single(_url),
    price=_price,
    may_be_json=False,
    recognises=later("azscraper.kinds.seller.page:recognises"),
    reads=later("azscraper.kinds.seller.page:reads"),
    rows=later("azscraper.kinds.seller.page:rows"),
    origins=(
        Origin(
            SellerProfile,
            later("azscraper.kinds.seller.page:sources"),
            later("azscraper.kinds.seller.page:hear"),
            otherwise="address or page",
        ),
    ),
    columns=(
        column("name", ColumnType.TEXT),
        column("sellerId", ColumnType.TEXT),
        column("rating", ColumnType.NUMBER),
        column("ratingCount", ColumnType.NUMBER),
        column("positivePercent", ColumnType.NUMBER),
        column("businessName", ColumnType.TEXT),
        column("country", ColumnType.TEXT, "address", "country"),
        column("vatId", ColumnType.TEXT, shown=False),
        column("phone", ColumnType.TEXT, shown=False),
        column("email", ColumnType.TEXT, shown=False),
        column("marketplace", ColumnType.TEXT, shown=False),
    ),
)
