"""The tiles of a result list: found with one query, by layout."""

import re
from collections.abc import Callable
from itertools import chain, islice

from azscraper.bytesearch import find
from azscraper.kinds.search.tile import Tile, classes
from azscraper.marketplaces import asin_from_url, is_asin
from azscraper.parse.document import Document, Node, attr, first, select

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


def tiles_of(document: Document) -> list[Tile]:
    """The tiles of a page in its order, not read yet."""
    words = language_of(document) or document.marketplace.languages[0]
    return [Tile(node, asin, document.marketplace, words, document.served) for node, asin in _tiles(document)]


def language_of(document: Document) -> str | None:
    """``lang`` of the page; before 2019 the name of a field of the search form, or what a script says."""
    if document.language is not None:
        return document.language
    found = [match for key in _LANGUAGE_NAMES if (match := _first_tag(document.source, key))]
    return min(found, key=re.Match.start)[0].decode("ascii").replace("_", "-") if found else None


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


def _first_tag(source: bytes, key: bytes) -> re.Match[bytes] | None:
    """The first language behind a name; the name is looked for by position, ten times faster than by a pattern."""
    place = find(source, key)
    while place >= 0:
        match = _OLD_TAG.match(source, place + len(key))
        if match and (key.startswith(b"_") or source[max(0, place - 5) : place].rstrip().endswith((b",", b"{"))):
            return match
        place = find(source, key, place + 1)
    return None
