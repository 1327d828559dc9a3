"""What a seller sells, as a row for each tile of its result list."""

import re

from azscraper.errors import Detail, InvalidInputError
from azscraper.kinds.kind import Asked, Kind, Target, later, resolves
from azscraper.kinds.search import SEARCH
from azscraper.kinds.search.address import Listing, of_address, page_url, read_target, with_options
from azscraper.kinds.walks import paged
from azscraper.marketplaces import Marketplace
from azscraper.marketplaces.addresses import Address, address_of
from azscraper.records import PageSummary, SearchRow
from azscraper.records.seller_products import SellerProductsOptions

_ID = re.compile(r"A[A-Z0-9]{8,20}", re.ASCII)


def _resolve(text: str, marketplace: Marketplace) -> Target:
    """A seller's id, or the address of a result list of its products, which names the marketplace."""
    address = address_of(text)
    found = read_target(address.url if address else text, marketplace)
    listing, where = found or (None, marketplace)
    seller = (listing.seller or "" if listing else text).strip().upper()
    if not _ID.fullmatch(seller):
        message = "is neither a seller's id nor the address of its products, /s?me=…"
        raise InvalidInputError(message, [Detail("target", message)])
    key = seller if listing is None or _is_plain(listing) else listing.url(where)
    return Target("seller-products", key, where)


def _is_plain(listing: Listing) -> bool:
    """Whether it is all that the seller sells."""
    return {name for name, _ in listing.params} <= {"me", "i"} and dict(listing.params).get("i") in {
        None,
        "merchant-items",
    }


def listing_of(asked: Asked[SellerProductsOptions]) -> Listing:
    """The result list that the target is."""
    key = asked.target.key
    return with_options(of_address(key) or Listing((("me", key),)), asked.options)


def _claims(address: Address) -> bool:
    listing = of_address(address.url)
    return listing is not None and listing.seller is not None and listing.keyword is None


def _says(text: str) -> frozenset[str]:
    return frozenset({"keyword"}) if "k=" in text else frozenset()


def _url(asked: Asked[SellerProductsOptions], number: int) -> str:
    return page_url(listing_of(asked), asked.target.marketplace, number)


def _pages(options: SellerProductsOptions) -> int:
    return options.pages or 1


def _price(_: SellerProductsOptions) -> int:
    return 5


SELLER_PRODUCTS = Kind(
    name="seller-products",
    label="Sellers' products",
    about="Read what sellers sell: a row for each product in their result lists.",
    target_label="Seller ids, or addresses of their result lists",
    example="A2L77EE7U53NWQ",
    records=(SearchRow,),
    summary=PageSummary,
    options=SellerProductsOptions,
    resolve=_resolve,
    looks_like=resolves(_resolve),
    claims=_claims,
    says=_says,
    next=paged(_url, _pages),
    most_steps=_pages,
    price=_price,
    narrows="search",
    may_be_json=False,
    recognises=later("azscraper.kinds.seller_products.page:recognises"),
    reads=later("azscraper.kinds.search.page:reads"),
    rows=later("azscraper.kinds.seller_products.page:rows"),
    origins=SEARCH.origins,
    ask_all=SEARCH.ask_all,
    empty_is_success=True,
    missing="Check the seller's id and whether it sells on this marketplace.",
    columns=SEARCH.columns,
)
