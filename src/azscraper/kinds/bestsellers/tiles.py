"""The ranks of a list: those that the page draws as tiles, and those that its data name alone."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import orjson

from azscraper.marketplaces import Marketplace, asin_from_url, is_asin
from azscraper.parse.document import Document, Node, attr, first, select
from azscraper.parse.values import integer

_LISTS = ("zg-right-col", "zg_centerListWrapper", "zg-center-div", "zg-ordered-list", "zg", "zg_centerList")
_TILES = '[id="gridItemRoot"],li.zg-item-immersion,.zg_itemImmersion,.zg_itemRow .zg_item,li.a-carousel-card'
_BADGE = ".zg-bdg-text,.zg-badge-text,.zg_rankNumber"
_PRODUCT = 'a[href*="/dp/"],a[href*="/gp/product/"]'
_NAMED = "[data-client-recs-list],[data-a-carousel-options]"
_FACEOUT = "[data-asin],.p13n-sc-uncoverable-faceout[id],[data-p13n-asin-metadata]"
_MOST = 1000
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
    """A tile and what its fields need to know of its page; collects the fields that could not be read."""

    node: Node
    asin: str
    rank: int | None
    site: Marketplace
    unread: list[str] = field(default_factory=list)


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
    return integer(value) if isinstance(value, str) and value else value if type(value) is int else None


def _tiles(document: Document, root: Node | None) -> dict[str, Tile]:
    found: dict[str, Tile] = {}
    for node in select(root, _TILES):
        asin = _asin(node)
        if asin is not None and asin not in found:
            found[asin] = Tile(node, asin, _rank(node), document.marketplace)
    return found


def _rank(node: Node) -> int | None:
    badge = first(node, _BADGE)
    return integer(badge.text()) if badge is not None else None


def _asin(node: Node) -> str | None:
    """Of its own, by id or in its data, else that of its first product link."""
    for part in select(node, _FACEOUT):
        data = _json(part.attrs.get("data-p13n-asin-metadata")) if "data-p13n-asin-metadata" in part.attrs else None
        told = data.get("asin") if isinstance(data, dict) else None
        for named in (part.attrs.get("data-asin"), part.id, told):
            if isinstance(named, str) and is_asin(named):
                return named
    return asin_from_url(attr(first(node, _PRODUCT), "href") or "")
