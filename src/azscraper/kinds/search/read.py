"""A result list, read: its rows and what the page says about itself. Pure; never raises on any page.

Tiles are found with one query; every field is read from a tile's small subtree.
"""

from dataclasses import dataclass
from typing import Any

from azscraper.kinds.search import formats
from azscraper.kinds.search.address import of_address
from azscraper.kinds.search.badges import badges
from azscraper.kinds.search.offer import coupon, delivery_and_availability, is_prime, other_offers, variant_count
from azscraper.kinds.search.price import prices
from azscraper.kinds.search.summary import summarize
from azscraper.kinds.search.tile import (
    Tile,
    bought_past_month,
    image_of,
    rating_and_count,
    sponsored,
    title_and_brand,
)
from azscraper.kinds.search.tiles import language_of, tiles_of
from azscraper.marketplaces import product_url
from azscraper.parse.document import Document
from azscraper.parse.sources import Field
from azscraper.records import PageSummary, SearchRow

FIELDS: dict[str, tuple[Field[Tile, Any, Any], int | str | None]] = {
    "title": (title_and_brand, 0),
    "image": (image_of, None),
    "brand": (title_and_brand, 1),
    "sponsored": (sponsored, None),
    "price": (prices, "price"),
    "list_price": (prices, "list_price"),
    "unit_price": (prices, "unit_price"),
    "price_range": (prices, "price_range"),
    "rating": (rating_and_count, 0),
    "rating_count": (rating_and_count, 1),
    "bought_past_month": (bought_past_month, None),
    "badges": (badges, "names"),
    "coupon": (coupon, None),
    "is_prime": (is_prime, None),
    "delivery": (delivery_and_availability, 0),
    "availability": (delivery_and_availability, 0),
    "variant_count": (variant_count, None),
    "other_offers": (other_offers, None),
    "prices": (formats.prices, None),
    "deal": (badges, "deal"),
    "amazons_choice_for": (badges, "amazons_choice_for"),
    "best_seller_in": (badges, "best_seller_in"),
    "variants": (formats.variants, None),
}
"""The fields of a row that its tile says; some are read together, so each has the part of what is said that it takes."""


@dataclass(frozen=True, slots=True)
class SearchPage:
    """A search page, read."""

    rows: tuple[SearchRow, ...]
    """The tiles in page order, sponsored ones included; empty on a page without results."""
    summary: PageSummary


def parse_search(document: Document, url: str) -> SearchPage:
    """The rows and the summary of a search page, a category listing or a seller's storefront. Never raises.

    Positions count the tiles of this page from 1. A tile is a product with an ASIN of its own in the result list:
    carousels, videos, brand advertisements, editorial blocks and what stands around other tiles are none.
    """
    language = language_of(document)
    tiles = document.once(tiles_of)
    ads = [sponsored(tile) for tile in tiles]
    summary = summarize(document, url, organic=ads.count(False))
    listing = of_address(url)
    chosen: dict[str, Any] = {"node": listing.node, "seller_id": listing.seller} if listing else {}
    rows: list[SearchRow] = []
    organic = 0
    for position, (tile, is_ad) in enumerate(zip(tiles, ads, strict=True), start=1):
        organic += not is_ad
        number = None if is_ad else organic
        rows.append(_row(tile, summary, language, chosen, position=position, organic_position=number))
    return SearchPage(tuple(rows), summary)


def tile_sources(name: str) -> list[str]:
    """The sources of a row's field by name, best first; none for what the page or its address says."""
    return [source.name for source in FIELDS[name][0].sources] if name in FIELDS else []


def heard_of(tile: Tile, name: str) -> list[tuple[str, Any]]:
    """What each source of a row's field says in a tile, by name."""
    if name not in FIELDS:
        return []
    field, part = FIELDS[name]
    return [(source, _part(said, part)) for source, said in field.heard(tile)]


def _part(said: Any, part: int | str | None) -> Any:
    if said is None or part is None:
        return said
    return getattr(said, part) if isinstance(part, str) else said[part]


def _row(
    tile: Tile,
    summary: PageSummary,
    language: str | None,
    chosen: dict[str, Any],
    *,
    position: int,
    organic_position: int | None,
) -> SearchRow:
    title, brand = title_and_brand(tile)
    rating, rating_count = rating_and_count(tile)
    amounts = tile.once(prices)
    shown = badges(tile)
    delivery, availability = delivery_and_availability(tile)
    return SearchRow(
        keyword=summary.keyword,
        page=summary.page,
        position=position,
        organic_position=organic_position,
        asin=tile.asin,
        url=product_url(tile.site, tile.asin),
        marketplace=tile.site.host,
        language=language,
        title=title,
        image=image_of(tile),
        brand=brand,
        sponsored=organic_position is None,
        price=amounts.price,
        list_price=amounts.list_price,
        unit_price=amounts.unit_price,
        price_range=amounts.price_range,
        rating=rating,
        rating_count=rating_count,
        bought_past_month=bought_past_month(tile),
        badges=shown.names,
        coupon=coupon(tile),
        is_prime=is_prime(tile),
        delivery=delivery,
        availability=availability,
        variant_count=variant_count(tile),
        other_offers=other_offers(tile),
        slot="organic" if organic_position else "sponsored_product",
        prices=formats.prices(tile),
        deal=shown.deal,
        amazons_choice_for=shown.amazons_choice_for,
        best_seller_in=shown.best_seller_in,
        variants=formats.variants(tile),
        warnings=tuple(tile.unread),
        **chosen,
    )
