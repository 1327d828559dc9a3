"""The ranks of a list: those that the page draws as tiles, and those that its data name alone."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import orjson

from azscraper.marketplaces import Marketplace, asin_from_url, is_asin
from azscraper.parse.document import Document, Node, attr, first, select
from azscraper.parse.values import integer

_LISTS = ("zg-right-col", "zg_centerListWrapper", "zg-center-div", "zg-ordered-list", "zg", "zg_centerList")
_TILES = '[id="gridItemRoot"],li.zg-item-immersion,.zg_itemImmersion,.zg_itemRow .zg_item,li.a-carousel-card'
_PARTS = "[class],[data-asin],img"
_ROLES = (
    ("line-clamp", "title"),
    ("sc-truncate", "title"),
    ("zg_title", "old_title"),
    ("zg-bdg-text", "badge"),
    ("zg-badge-text", "badge"),
    ("zg_rankNumber", "badge"),
    ("a-icon-alt", "icon"),
    ("a-icon-prime", "prime"),
    ("a-icon-row", "stars"),
    ("zg_reviews", "stars"),
    ("price-animation", ""),
    ("a-color-price", "price"),
    ("zg_price", "price"),
    ("zg_usedPrice", "old_offers"),
    ("s_star_", "icon"),
    ("p13n-sc-price", "amount"),
    ("zg-release-date", "release"),
    ("zg_releaseDate", "release"),
    ("zg-sales-movement", "movement"),
    ("zg_salesMovement", "movement"),
    ("zg-percent-change", "change"),
    ("zg_percentChange", "change"),
    ("zg_byline", "byline"),
    ("a-color-secondary", "secondary"),
    ("a-size-small", "small"),
)
"""What classes say of elements, since 2012: the first that holds counts."""
_LINK = 'a[href*="/dp/"],a[href*="/gp/product/"]'
_IN_LINK = re.compile(r"/dp/([A-Z0-9]{10})(?![A-Za-z0-9])")
_NAMED = "[data-client-recs-list],[data-a-carousel-options]"
_MOST = 1000
_LONG = 12
"""Digits; no rank has so many."""
_KEYS = {
    "rank": "render.zg.rank",
    "now": "render.zg.bsms.currentSalesRank",
    "before": "render.zg.bsms.twentyFourHourOldSalesRank",
    "change": "render.zg.bsms.percentageChange",
}


@dataclass(slots=True)
class Named:
    """A product that the data of a list name, with what they say of it."""

    asin: str
    rank: int | None = None
    sales_rank: int | None = None
    prior_sales_rank: int | None = None
    change: int | None = None


@dataclass(slots=True)
class Tile:
    """A tile, sorted once into what its fields ask for; collects the fields that could not be read."""

    node: Node
    site: Marketplace
    asin: str | None = field(init=False, default=None)
    parts: dict[str, Node] = field(init=False, default_factory=dict)
    """The first element of each role."""
    offers: tuple[Node, Node] | None = field(init=False, default=None)
    """A line that names a price without being one, and the price in it."""
    unread: list[str] = field(init=False, default_factory=list)

    def __post_init__(self) -> None:
        """One walk, in page order, for what would be a dozen."""
        line: Node | None = None
        for node in select(self.node, _PARTS):
            attrs, tag = node.attrs, node.tag
            dressed = attrs.get("class") or ""
            self.asin = self.asin or _named_by(node, tag, attrs)
            role = "picture" if tag == "img" else _role(dressed)
            if role == "small":
                role = "count" if "stars" in self.parts and "line" not in self.parts else "byline"
            if role == "amount":
                if line is not None and self.offers is None:
                    self.offers = (line, node)
            elif role == "secondary":
                line = None if "a-size-small" in dressed else node
                self.parts.setdefault("format" if line is None else "line", node)
            elif role:
                line = None if role == "price" else line
                self.parts.setdefault(role, node)
        if self.asin is None:  # until 2017 links have no class
            self.asin = asin_from_url(attr(first(self.node, _LINK), "href") or "")

    @property
    def rank(self) -> int | None:
        """Of its badge."""
        badge = self.parts.get("badge")
        return integer(badge.text()) if badge is not None else None


@lru_cache(maxsize=1024)
def _role(dressed: str) -> str:
    """Tiles have the same few dozen classes."""
    role = next((role for mark, role in _ROLES if mark in dressed), "")
    return "" if role == "small" and ("row" in dressed or "badge" in dressed) else role


def _named_by(node: Node, tag: str | None, attrs: Any) -> str | None:
    """The ASIN that an element is marked with, or that its link leads to."""
    if tag == "a":
        href = attrs.get("href") or ""
        found = _IN_LINK.search(href)
        return found[1] if found else asin_from_url(href)
    named = attrs.get("data-asin") or node.id
    if named and is_asin(named):
        return str(named)
    written = attrs.get("data-p13n-asin-metadata")
    data = _json(written) if written else None
    told = data.get("asin") if isinstance(data, dict) else None
    return told if isinstance(told, str) and is_asin(told) else None


@dataclass(slots=True)
class Shelf:
    """A list in a page: the only one, or that of a department on the root list."""

    node: Node
    named: list[Named]
    tiles: dict[str, Tile]
    """By ASIN."""
    size: int | None
    """How many ranks the page says that the list has on this page."""

    @property
    def ranks(self) -> Iterator[tuple[Named, Tile | None]]:
        """In the order of the page, each product once."""
        named = {one.asin: one for one in self.named}
        for one in named.values():
            yield one, self.tiles.get(one.asin)
        for asin, tile in self.tiles.items():
            if asin not in named:
                yield Named(asin), tile


def list_of(document: Document) -> Node | None:
    """What holds the ranks."""
    return document.by_id(*_LISTS)


def shelves_of(document: Document) -> list[Shelf]:
    """The lists of the page, in its order; one without ranks is among them where the page says that it is empty."""
    root = list_of(document)
    holders = select(root, _NAMED)
    if holders:
        return [_shelf(document, node) for node in holders]
    tiles = _tiles(document, root)
    return [Shelf(root, [], tiles, None)] if root is not None and tiles else []


def _shelf(document: Document, node: Node) -> Shelf:
    listed = node.attrs.get("data-client-recs-list")
    if listed is not None:
        size = integer(node.attrs.get("data-offset") or "")
        return Shelf(node, list(_named(_json(listed))), _tiles(document, node), size)
    options = _json(node.attrs.get("data-a-carousel-options"))
    ajax = options.get("ajax") if isinstance(options, dict) else None
    ids = ajax.get("id_list") if isinstance(ajax, dict) else None
    entries = [_json(one) for one in ids[:_MOST] if isinstance(one, str)] if isinstance(ids, list) else []
    return Shelf(node, list(_named(entries)), _tiles(document, node), None)


def _json(text: str | None) -> Any:
    try:
        return orjson.loads(text or "null")
    except orjson.JSONDecodeError:
        return None


def _named(entries: Any) -> Iterator[Named]:
    for entry in entries[:_MOST] if isinstance(entries, list) else ():
        asin = entry.get("id") if isinstance(entry, dict) else None
        if not isinstance(asin, str) or not is_asin(asin):
            continue
        data = entry.get("metadataMap")
        said = {name: _count(data.get(key)) for name, key in _KEYS.items()} if isinstance(data, dict) else {}
        yield Named(asin, said.get("rank"), said.get("now"), said.get("before"), said.get("change"))


def _count(value: Any) -> int | None:
    if isinstance(value, str):
        return int(value) if value.isascii() and value.isdigit() and len(value) < _LONG else integer(value)
    return value if type(value) is int else None


def _tiles(document: Document, root: Node | None) -> dict[str, Tile]:
    found: dict[str, Tile] = {}
    for node in select(root, _TILES):
        tile = Tile(node, document.marketplace)
        if tile.asin is not None:
            found.setdefault(tile.asin, tile)
    return found
