"""A result list, read: its rows and what the page says about itself. Pure; never raises on any page.

Tiles are found with one query; every field is read from a tile's small subtree.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from itertools import chain, islice
from typing import Any

from azscraper.bytesearch import find
from azscraper.kinds.search.offer import coupon, delivery_and_availability, is_prime, other_offers, variant_count
from azscraper.kinds.search.price import prices
from azscraper.kinds.search.summary import summarize
from azscraper.kinds.search.tile import (
    Tile,
    badges,
    bought_past_month,
    classes,
    image_of,
    rating_and_count,
    sponsored,
    title_and_brand,
)
from azscraper.marketplaces import asin_from_url, is_asin, product_url
from azscraper.parse.document import Document, Node, attr, first, select
from azscraper.parse.sources import Field
from azscraper.records import PageSummary, SearchRow

_LAYOUTS = (
    '[id^="result_"]',
    ".s-result-item[data-asin]",
    ".sx-table-item,li.octopus-pc-item",
)
"""2010 to 2019; months of 2019; mobile before 2019 and cards of category pages."""
_PRODUCT_LINKS = 'a[href*="/dp/"],a[href*="/gp/product/"],a[href*="/gp/aw/d/"]'
_MOST_TILES = 500
"""Of a page; Amazon's longest has some 60. What stands behind them is not read."""
_LANGUAGE_NAMES = (b"__mk_", b'language: "', b'language:"')
_OLD_TAG = re.compile(rb"[a-z]{2}_[A-Z]{2}")
_OLD_ID = re.compile(r"result_\d+")


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
    "badges": (badges, None),
    "coupon": (coupon, None),
    "is_prime": (is_prime, None),
    "delivery": (delivery_and_availability, 0),
    "availability": (delivery_and_availability, 0),
    "variant_count": (variant_count, None),
    "other_offers": (other_offers, None),
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
    language = _language(document)
    tiles = tiles_of(document)
    ads = [sponsored(tile) for tile in tiles]
    summary = summarize(document, url, organic=ads.count(False))
    rows: list[SearchRow] = []
    organic = 0
    for position, (tile, is_ad) in enumerate(zip(tiles, ads, strict=True), start=1):
        organic += not is_ad
        rows.append(_row(tile, summary, language, position=position, organic_position=None if is_ad else organic))
    return SearchPage(tuple(rows), summary)


def tiles_of(document: Document) -> list[Tile]:
    """The tiles of a page in its order, not read yet."""
    words = _language(document) or document.marketplace.languages[0]
    return [Tile(node, asin, document.marketplace, words, document.served) for node, asin in _tiles(document)]


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


def _tiles(document: Document) -> list[tuple[Node, str]]:
    """The tiles with their ASINs: components of search since 2019, else what the first older layout has."""
    for nodes in chain([document.components("s-search-result")], map(document.whole, _LAYOUTS)):
        cards = _Ancestry(lambda above: "s-result-item" in classes(above))
        found = ((node, asin) for node in nodes if (asin := _asin(node)) and _is_product(node, asin, cards))
        tiles = list(islice(found, _MOST_TILES))
        if tiles:
            return _without_frames(tiles)
    return []


def _without_frames(tiles: list[tuple[Node, str]]) -> list[tuple[Node, str]]:
    """A tile around another one, as in pages that lost their closing tags, would take what it lacks from the other."""
    places = {node.mem_id for node, _ in tiles}
    around = _Ancestry(lambda above: above.mem_id in places)
    frames = {frame.mem_id for node, _ in tiles if (frame := around.nearest(node.parent)) is not None}
    return [(node, asin) for node, asin in tiles if node.mem_id not in frames]


class _Ancestry:
    """The nearest ancestors of a kind. Each element is asked once, however many nest in it: else a nest costs the square of its depth."""

    def __init__(self, is_one: Callable[[Node], bool]) -> None:
        self._is_one = is_one
        self._nearest: dict[int, Node | None] = {}

    def nearest(self, node: Node | None) -> Node | None:
        """The first of the element and its ancestors that is one."""
        passed = []
        found = None
        while node is not None and node.is_element_node:
            key = node.mem_id
            if key in self._nearest:
                found = self._nearest[key]
                break
            passed.append(key)
            if self._is_one(node):
                found = node
                break
            node = node.parent
        self._nearest.update(dict.fromkeys(passed, found))
        return found


def _row(
    tile: Tile, summary: PageSummary, language: str | None, *, position: int, organic_position: int | None
) -> SearchRow:
    title, brand = title_and_brand(tile)
    rating, rating_count = rating_and_count(tile)
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
    named = node.attrs.get("data-asin")
    if named is None and _may_go_without_asin(node):
        named = attr(node, "name") or asin_from_url(attr(first(node, _PRODUCT_LINKS), "href") or "")
    return named if named and is_asin(named) else None


def _may_go_without_asin(node: Node) -> bool:
    dressed = classes(node)
    return _OLD_ID.fullmatch(node.id or "") is not None or "sx-table-item" in dressed or "octopus" in dressed


def _is_nested(node: Node, cards: _Ancestry) -> bool:
    """Inside a result that is no tile itself: a card of a carousel."""
    above = node.parent
    if above is not None and above.is_element_node and "s-result-list" in classes(above):
        return False
    around = cards.nearest(above)
    # with an ASIN it is a tile whose end is missing: this is the next tile
    return around is not None and not around.attrs.get("data-asin")


def _is_product(node: Node, asin: str, cards: _Ancestry) -> bool:
    """Not a card within a result; in 2018 no carousel, editorial or category in the place of a result, ASIN or not."""
    if not (node.id or "").startswith("result_"):
        return node.attrs.get("data-asin") is None or not _is_nested(node, cards)
    titles = len(select(node, "h2"))
    return titles == 1 or (titles == 0 and node.css_first(f'a[href*="{asin}"]') is not None)


def _language(document: Document) -> str | None:
    """``lang`` of the page; before 2019 the name of a field of the search form, or what a script says."""
    if document.language is not None:
        return document.language
    found = [match for key in _LANGUAGE_NAMES if (match := _first_tag(document.source, key))]
    return min(found, key=re.Match.start)[0].decode("ascii").replace("_", "-") if found else None


def _first_tag(source: bytes, key: bytes) -> re.Match[bytes] | None:
    """The first language behind a name; the name is looked for by position, ten times faster than by a pattern."""
    place = find(source, key)
    while place >= 0:
        match = _OLD_TAG.match(source, place + len(key))
        if match and (key.startswith(b"_") or source[max(0, place - 5) : place].rstrip().endswith((b",", b"{"))):
            return match
        place = find(source, key, place + 1)
    return None
