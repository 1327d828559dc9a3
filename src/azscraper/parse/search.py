"""A result list, read: its rows and what the page says about itself. Pure; never raises on any page.

Tiles are found with one query; every field is read from a tile's small subtree.
"""

import re
from dataclasses import dataclass

from azscraper.marketplaces import asin_from_url, is_asin, phrases_for, product_url
from azscraper.parse.document import Document, Node, attr, first, select
from azscraper.parse.search_offer import (
    coupon,
    delivery_and_availability,
    is_prime,
    other_offers,
    prices,
    variant_count,
)
from azscraper.parse.search_summary import summarize
from azscraper.parse.search_tile import (
    Tile,
    badges,
    bought_past_month,
    image_url,
    is_sponsored,
    rating_count,
    stars,
    title_and_brand,
)
from azscraper.records import PageSummary, SearchRow

_LAYOUTS = ('[data-component-type="s-search-result"]', '[id^="result_"]', ".s-result-item[data-asin]")
"""Since 2019; 2011 to 2019; months of 2019 and mobile pages."""
_OLD_ID = re.compile(r"result_\d+")
_LANGUAGE = re.compile(r"([A-Za-z]{2})(?:[-_]([A-Za-z]{2}))?$")


@dataclass(frozen=True, slots=True)
class SearchPage:
    """A search page, read."""

    rows: tuple[SearchRow, ...]
    """The tiles in page order, sponsored ones included; empty on a page without results."""
    summary: PageSummary


def parse_search(document: Document, url: str) -> SearchPage:
    """The rows and the summary of a search page, a category listing or a seller's storefront. Never raises.

    Positions count the tiles of this page from 1. A tile is a product with an ASIN of its own in the result list:
    carousels, videos, brand advertisements and editorial blocks between the tiles are none.
    """
    language = _language(document)
    phrases = phrases_for(language)
    tiles = [Tile(node, asin, document.marketplace, phrases) for node, asin in _tiles(document)]
    sponsored = [is_sponsored(tile) for tile in tiles]
    summary = summarize(document, url, organic=sponsored.count(False))
    rows: list[SearchRow] = []
    for tile, is_ad in zip(tiles, sponsored, strict=True):
        position = len(rows) + 1
        organic = None if is_ad else position - sum(sponsored[:position])
        rows.append(_row(tile, summary, language, position=position, organic_position=organic))
    return SearchPage(tuple(rows), summary)


def _tiles(document: Document) -> list[tuple[Node, str]]:
    """The tiles with their ASINs, of the first layout that the page has."""
    for layout in _LAYOUTS:
        found = [(node, _asin(node)) for node in document.whole(layout)]
        tiles = [(node, asin) for node, asin in found if asin and not _is_nested(node) and not _is_block(node)]
        if tiles:
            return tiles
    return []


def _row(tile: Tile, summary: PageSummary, language: str, *, position: int, organic_position: int | None) -> SearchRow:
    title, brand = title_and_brand(tile)
    amounts = prices(tile)
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
        image=image_url(tile),
        brand=brand,
        sponsored=organic_position is None,
        price=amounts.price,
        list_price=amounts.list_price,
        unit_price=amounts.unit_price,
        price_range=amounts.price_range,
        rating=stars(tile),
        rating_count=rating_count(tile),
        bought_past_month=bought_past_month(tile),
        badges=badges(tile),
        coupon=coupon(tile),
        is_prime=is_prime(tile),
        delivery=delivery,
        availability=availability,
        variant_count=variant_count(tile),
        other_offers=other_offers(tile),
        warnings=tuple(tile.unread),
    )


def _asin(node: Node) -> str | None:
    """``data-asin``; before 2014 the ``name``; the first product link of a tile that has neither."""
    named = attr(node, "data-asin")
    if named is None and node.id and _OLD_ID.fullmatch(node.id):
        named = attr(node, "name") or asin_from_url(
            attr(first(node, 'a[href*="/dp/"],a[href*="/product/"]'), "href") or ""
        )
    return named if named and is_asin(named) else None


def _is_nested(node: Node) -> bool:
    """Inside another result: a card of a carousel."""
    above = node.parent
    while above is not None:
        if "s-result-item" in (above.attributes.get("class") or ""):
            return True
        above = above.parent
    return False


def _is_block(node: Node) -> bool:
    """Several products in one result (2018): a carousel or an editorial."""
    return len(select(node, "h2.s-access-title")) > 1


def _language(document: Document) -> str:
    """``lang`` of the page as BCP 47; pages before 2019 have none: the site's first language."""
    match = _LANGUAGE.match(attr(document.root, "lang") or "")
    if match is None:
        return document.marketplace.languages[0]
    return match[1].lower() + (f"-{match[2].upper()}" if match[2] else "")
