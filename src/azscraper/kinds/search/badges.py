"""The badges of a tile, and what they say: choice of the shop, best seller of a category, deal."""

import re
from dataclasses import dataclass
from typing import NamedTuple

from azscraper.kinds.search.tile import Tile, classes
from azscraper.marketplaces import alternatives, phrase_pattern
from azscraper.parse.delivery.price import is_for_members
from azscraper.parse.document import Node, attr, first, select
from azscraper.parse.sources import Field
from azscraper.parse.values import clean
from azscraper.records.parts import Category
from azscraper.records.search_parts import TileDeal

_NODES = '[class*="badge"],[data-component-type="s-status-badge-component"]'
_OLD_NODES = ".sx-bestseller-node,li.bestSellerMessage"
_DRESSED = ("sx-badge", "bestSeller", "sx-bestseller-node", "s-cpf-badge")
_PILL = ("data-s-pc-sidesheet-open", "data-s-pc-popover")
_CHOICE = "amazons_choice"
_PICK = "overall_pick"
_BEST = "best_seller"
_DEAL = "limited_deal"
_KINDS = (
    (re.compile(r"amazons?[-_]?choice", re.IGNORECASE), _CHOICE),
    (re.compile(r"best[-_]?seller", re.IGNORECASE), _BEST),
    (re.compile(r"new[-_]?(?:release|arrival)", re.IGNORECASE), "new_release"),
    (re.compile(r"(?:^|_)DEAL(?:_|$)"), _DEAL),
    (re.compile(r"[_-]cpf[_-]badge"), "climate_pledge"),
    (re.compile(r"_sbe_badge"), "small_business"),
)
_OVERALL = phrase_pattern("overall_pick")
_TIMED = phrase_pattern("timed_deal")
"""Deals for a time, by their name: the same badge names festivals and says what members pay."""
_OTHER_OFFERS = '[data-cy="multi-offer-display"] .a-badge,[data-cy="multi-offer-display"] .a-badge-label'
_ASIN_WITHIN = re.compile(r"(?<![A-Z0-9])B0[A-Z0-9]{8}(?![A-Z0-9])")
_BEHIND = "badge-supplementary-text"
_BEHIND_CSS = f'[class*="{_BEHIND}"]'
_QUOTED = re.compile(r"[\"“”„«「『]\s*(.{1,200}?)\s*[\"“”»」』]")
_FOR = re.compile(alternatives("for_keyword") + r"\s*", re.IGNORECASE)
_WITHIN = re.compile(r"[-–—]?\s*" + alternatives("in_category") + r"[\s:：]*", re.IGNORECASE)
_NODE_IN_LINK = re.compile(r"/(?:gp/)?(?:bestsellers|zgbs)/(?:[\w-]{1,60}/){0,2}?(\d{4,15})(?:[/?]|$)")


@dataclass(frozen=True, slots=True)
class Badges:
    """What the badges of one tile say."""

    names: tuple[str, ...] = ()
    deal: TileDeal | None = None
    amazons_choice_for: str | None = None
    best_seller_in: Category | None = None


class _Badge(NamedTuple):
    name: str
    node: Node


badges = Field[Tile, Badges, Badges](
    "The badges of the tile's own offer, told by ids and classes, and what they say: the keyword of the shop's choice, the category of the best seller, a deal for a time or a "
    "festival. Words tell the shop's choice from its overall pick. What only members of Prime pay is not a deal.",
    empty=Badges(),
)


@badges.source("ids, metric names and classes of badges")
def _read(tile: Tile) -> Badges | None:
    """Ids of badges, metric names that certification pills carry, kinds in their data (2019), classes before."""
    found = _badges(tile)
    if not found:
        return None
    deals = _own_deals(tile, found)
    timed = {node.mem_id for node in deals if _TIMED.search(clean(node.text()))}
    shown = (badge.name for badge in found if badge.name != _DEAL or badge.node.mem_id in timed)
    return Badges(
        names=tuple(dict.fromkeys(shown)),
        deal=_deal(tile, deals),
        amazons_choice_for=_keyword(found),
        best_seller_in=_category(tile, found),
    )


def _keyword(found: tuple[_Badge, ...]) -> str | None:
    said = _behind(found, _CHOICE)
    quoted = _QUOTED.search(said)
    return (quoted[1] if quoted else _FOR.sub("", said, count=1)) or None


def _category(tile: Tile, found: tuple[_Badge, ...]) -> Category | None:
    said = _behind(found, _BEST)
    if not said:
        return None
    href = next((href for badge in found if badge.name == _BEST and (href := _href(badge.node))), None)
    node = _NODE_IN_LINK.search(href) if href else None
    within = _WITHIN.match(said)
    return Category(
        name=said[within.end() :] if within else said,
        id=node[1] if node else None,
        url=_address(tile, href) if href else None,
    )


def _deal(tile: Tile, deals: list[Node]) -> TileDeal | None:
    for node in deals:
        said = clean(node.text())
        if said and not is_for_members(said):
            href = _href(node)
            return TileDeal(text=said, url=_address(tile, href) if href else None)
    return None


def _badges(tile: Tile) -> tuple[_Badge, ...]:
    """Those of the tile's ASIN, a badge and its label one by one."""
    found = []
    for node in select(tile.node, _NODES if tile.blocks else f"{_NODES},{_OLD_NODES}"):
        key = _key(node)
        name = next((name for pattern, name in _KINDS if pattern.search(key)), None) if key else None
        if name and key and (tile.asin in key or not _ASIN_WITHIN.search(key)):
            found.append(_Badge(name, node))
    return tuple(_with_pick(found))


def _with_pick(found: list[_Badge]) -> list[_Badge]:
    """The overall pick has the id of the shop's choice; "Popular Brand Pick" is a choice of the shop."""
    choice = next((badge.node for badge in found if badge.name == _CHOICE), None)
    if choice is None or _OVERALL.search(clean(choice.text())) is None:
        return found
    return [badge._replace(name=_PICK) if badge.name == _CHOICE else badge for badge in found]


def _own_deals(tile: Tile, found: tuple[_Badge, ...]) -> list[Node]:
    """Not those of another way to buy the same product."""
    deals = [badge.node for badge in found if badge.name == _DEAL]
    others = {node.mem_id for node in select(tile.node, _OTHER_OFFERS)} if deals else set()
    return [node for node in deals if node.mem_id not in others]


def _behind(found: tuple[_Badge, ...], name: str) -> str:
    """The supplementary text of a badge: within it, or beside it under an id that says so."""
    for badge in found:
        if badge.name == name:
            node = badge.node if _BEHIND in classes(badge.node) else first(badge.node, _BEHIND_CSS)
            if node is not None and (said := clean(node.text())):
                return said
    return ""


def _href(node: Node) -> str | None:
    """Of the link around a badge, or of its own."""
    above: Node | None = node
    for _ in range(4):
        if above is None or above.tag == "a":
            break
        above = above.parent
    return attr(above if above is not None and above.tag == "a" else first(node, "a"), "href")


def _address(tile: Tile, href: str) -> str | None:
    path = re.sub(r"^https?://[^/]*", "", href).partition("?")[0].partition("/ref=")[0]
    return f"https://{tile.site.host}{path}" if path.startswith("/") else None


def _key(node: Node) -> str | None:
    dressed = classes(node)
    if "s-pc-badge" in dressed:
        around = node if node.parent is None else node.parent
        return next((key for name in _PILL if (key := around.attrs.get(name))), None)
    return (
        node.id
        or node.attrs.get("data-component-props")
        or (dressed if any(name in dressed for name in _DRESSED) else None)
    )
