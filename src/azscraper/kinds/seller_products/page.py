"""Which result lists are a seller's, and what the pages of one come to."""

from azscraper.kinds.kind import Asked, Done, Found
from azscraper.kinds.search.address import of_address
from azscraper.kinds.search.page import listed, shows_list
from azscraper.kinds.seller_products import listing_of
from azscraper.parse.page import Page
from azscraper.records.seller_products import SellerProductsOptions


def recognises(page: Page) -> bool:
    """Whether it is a result list whose address names a seller and no keyword."""
    listing = of_address(page.url)
    is_own = listing is not None and listing.seller is not None and listing.keyword is None
    return is_own and shows_list(page)


def rows(asked: Asked[SellerProductsOptions], done: tuple[Done, ...]) -> Found:
    """The rows of all pages of the seller's list."""
    return listed(done, listing_of(asked))
