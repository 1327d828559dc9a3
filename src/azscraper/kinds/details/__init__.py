"""Product pages, as rows of every field that a buyer sees."""

import re

from azscraper.kinds.details.walk import cost, following, most_steps, most_variants
from azscraper.kinds.kind import ColumnType, Kind, Origin, Target, column, later
from azscraper.marketplaces import Marketplace, find_target, names_product, resolve_target
from azscraper.marketplaces.addresses import Address, short_link
from azscraper.marketplaces.written import product_code
from azscraper.records import PageKind, Product
from azscraper.records.details import DetailsOptions


def _resolve(text: str, marketplace: Marketplace) -> Target:
    if (link := short_link(text)) is not None:
        return Target("details", link, marketplace)
    product = find_target(text, marketplace)
    if product is None and (code := product_code(text)) is not None:
        return Target("details", code, marketplace)
    product = product or resolve_target(text, marketplace)
    return Target("details", product.asin, product.marketplace)


_LISTS = re.compile(
    r"/(?:[^/]+/)?(?:gp/offer-listing|gp/aw/ol|gp/product/ajax|gp/aod/ajax|product-reviews|gp/aw/(?:cr|reviews)|gp/customer-reviews)(?:/|$)",
    re.IGNORECASE,
)
"""Addresses that name a product, and show something else of it."""


def _claims(address: Address) -> bool:
    is_list = _LISTS.match(address.path) is not None or address.query.get("aod") == "1"
    return not is_list and find_target(address.url, address.marketplace) is not None


def _price(options: DetailsOptions) -> int:
    return 2 * most_variants(options)


DETAILS = Kind(
    name="details",
    label="Products",
    records=(Product,),
    options=DetailsOptions,
    about="Read product pages: every field that a buyer sees.",
    target_label="ASINs, product URLs, /dp/ASIN paths or EANs",
    example="B08N5WRWNW",
    page=PageKind.PRODUCT,
    resolve=_resolve,
    looks_like=names_product,
    claims=_claims,
    next=following,
    most_steps=most_variants,
    longest=most_steps,
    counts=most_variants,
    cost=cost,
    may_be_json=False,
    recognises=later("azscraper.kinds.details.page:recognises"),
    reads=later("azscraper.kinds.details.page:reads"),
    rows=later("azscraper.kinds.details.page:rows"),
    origins=(
        Origin(
            Product,
            later("azscraper.kinds.details.sources:sources"),
            later("azscraper.kinds.details.sources:hear"),
            otherwise="chosen variant, page or address",
        ),
    ),
    ask_all=later("azscraper.kinds.details.sources:ask_all"),
    follow=later("azscraper.kinds.details.follow:follow"),
    price=_price,
    missing="Check the ASIN and whether this marketplace sells it.",
    columns=(
        column("picture", ColumnType.PICTURE, "images", "0"),
        column("title", ColumnType.TEXT),
        column("asin", ColumnType.TEXT),
        column("price", ColumnType.MONEY),
        column("listPrice", ColumnType.MONEY, shown=False),
        column("availability", ColumnType.STATE, "availability", "status"),
        column("rating", ColumnType.NUMBER),
        column("ratingCount", ColumnType.NUMBER),
        column("rank", ColumnType.NUMBER, "bestsellerRanks", "0", "rank"),
        column("rankCategory", ColumnType.TEXT, "bestsellerRanks", "0", "category", shown=False),
        column("brand", ColumnType.TEXT, "brand", "name"),
        column("seller", ColumnType.TEXT, "seller", "name", shown=False),
        column("offers", ColumnType.NUMBER, "offers", "newCount", shown=False),
        column("boughtPastMonth", ColumnType.NUMBER, shown=False),
        column("isPrime", ColumnType.FLAG, shown=False),
        column("marketplace", ColumnType.TEXT, shown=False),
        column("color", ColumnType.TEXT, shown=False),
        column("size", ColumnType.TEXT, shown=False),
        column("parentAsin", ColumnType.TEXT, shown=False),
    ),
)
