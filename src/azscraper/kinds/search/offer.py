"""What else a tile of a result list says of its offer: coupon, further offers, delivery, stock."""

import re
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from azscraper.kinds.search.tile import Tile, classes
from azscraper.marketplaces import Marketplace, asin_from_url
from azscraper.parse.delivery.dates import delivery_days
from azscraper.parse.delivery.price import is_for_members, is_free
from azscraper.parse.document import Node, attr, first, lines, select, text
from azscraper.parse.list_price import kind_of_list_price
from azscraper.parse.served import Served
from azscraper.parse.sources import Field
from azscraper.parse.stock import quantity, status_of
from azscraper.parse.values import clean, integer, money, plain_digits
from azscraper.records.parts import Availability, AvailabilityStatus, Delivery, Money, OtherOffers

_COUNTED = re.compile(r"[(（]([^()（）]{1,80})[)）]")
_COUNT_BEFORE = re.compile(r"(\d{1,4}) [^\W\d][^\d]{2,40}\d")
_DRAWN_SIGN = 'span[class^="currency"]'
_LINES = ".udm-primary-delivery-message,.udm-secondary-delivery-message,div.a-row>span"
_LABELLED_LINES = (
    "span[aria-label],.s-align-children-center>span.a-color-base,.s-align-children-center>.a-row>span.a-color-base"
    ",.s-align-children-center>span.a-size-small.a-color-secondary"
)
_CENTERED_ROW = "div.a-color-secondary.s-align-children-center"
_OLD_LINES = (
    "span.a-size-small.a-color-price,span.a-size-small.a-color-secondary,span.a-size-small>span.a-color-secondary"
    ",div.sss,li.sss2,span.grey.sml"
)
_OLD_STOCK = "span.avblity,div.lowStock,span.red.sml"
_COUPONS = '[data-component-type="s-coupon-component"],span.s-coupon-unclipped,span.sx-bestseller'
_BEST_SELLER_IN = ".sx-bestseller-node"
_MOST_LINES = 60
_GREEN = ".a-color-success,.grn"
_BOLD = ".a-text-bold"
_RED = ".a-color-price"
_LOWEST = "lowest_30_days"
_PRIME = "a-icon-prime"
_OLD_PRIME = "img.prmImg"
_NOT_THERE = frozenset({
    AvailabilityStatus.BACKORDER, AvailabilityStatus.OUT_OF_STOCK, AvailabilityStatus.PREORDER, AvailabilityStatus.UNAVAILABLE,
})  # fmt: skip
_ROWS = frozenset({"div", "li", "td"})  # list items and cells before 2014


class _Lines(NamedTuple):
    printed: list[str]
    red: set[str] | frozenset[str] = frozenset()


coupon = Field[Tile, str, str | None](
    "Text of the unclipped form of the coupon component; in 2018 of a badge in the class of best sellers."
)


@coupon.source("coupon of the price block, before 2023 of the tile")
def _coupon(tile: Tile) -> str | None:
    """Another offer in the same tile has a coupon of its own; the class of best sellers has their rank before the coupon."""
    node = first(tile.blocks.get("price-recipe") or tile.node, _COUPONS)
    if node is None or node.css_first(_BEST_SELLER_IN) is not None:
        return None
    shown = text(first(node, ".s-coupon-unclipped") or node)
    return shown if any(map(str.isdigit, shown)) else None


is_prime = Field[Tile, bool, bool | None]("True where the tile shows the Prime logo; none where it does not.")


@is_prime.source("icon of Prime")
def _prime_icon(tile: Tile) -> bool:
    return any(_PRIME in classes(icon) for icon in tile.icons)


@is_prime.source("picture of Prime, before 2015")
def _prime_picture(tile: Tile) -> bool:
    return not tile.blocks and first(tile.node, _OLD_PRIME) is not None


variant_count = Field[Tile, str, int | None](
    'The link behind the colour swatches: 4 of "+4 colors/patterns" and of "Mais 4 cores/estampas".'
)


@variant_count.source("link behind the swatches")
def _swatch_link(tile: Tile) -> str | None:
    return tile.more_link.text() if tile.more_link is not None else None


@variant_count.settle
def _variants(_: Tile, said: str | None) -> int | None:
    return integer(said) if said else None


other_offers = Field[Tile, OtherOffers, OtherOffers | None]("How many other offers there are, and from what price on.")


@other_offers.source("row of the link to the offers")
def _other_offers(tile: Tile) -> OtherOffers | None:
    """The row of the link to an offer listing: the count in brackets and the amount before it, or "2 offers from" the amount.

    A tile of several formats may have such a row for each: that of the tile's ASIN counts, else the first.
    """
    links = [link for link in tile.links if "/offer-listing/" in (link.attrs.get("href") or "")]
    own = [link for link in links if asin_from_url(attr(link, "href") or "") in {tile.asin, None}]
    for link in own or links:
        row = _row(link)
        shown = clean(row.text(separator=" ")) if row is not None else ""
        counted = next((found[1] for found in _COUNTED.finditer(shown) if any(map(str.isdigit, found[1]))), None)
        if counted is None and (begins := _COUNT_BEFORE.match(shown)):
            counted = begins[1]
        count = integer(counted) if counted else None
        if counted and count is None:
            tile.unreadable("otherOffers")
        lowest = money(_COUNTED.sub("", shown), tile.site) or _drawn_sign(tile, row)
        return OtherOffers(count=count, from_price=lowest) if count is not None or lowest else None
    return None


def _drawn_sign(tile: Tile, row: Node | None) -> Money | None:
    """The amount behind a currency sign that a style sheet draws, as on Indian pages before 2020."""
    sign = first(row, _DRAWN_SIGN)
    amount = sign.next if sign is not None else None
    return money(clean(amount.text()), tile.site) if amount is not None else None


delivery_and_availability = Field[Tile, _Lines, tuple[Delivery | None, Availability | None]](
    "A line that says how many are left, or that something is out of stock, is availability; the others are delivery, "
    'except red ones ("available by invitation"), which speak of stock in words that nobody knows.'
)


@delivery_and_availability.source("delivery block")
def _lines_of_block(tile: Tile) -> _Lines | None:
    recipe = tile.blocks.get("delivery-recipe")
    if recipe is None:
        return _Lines([]) if tile.blocks else None
    nodes = select(recipe, _LINES)[:_MOST_LINES]
    nodes = nodes if first(recipe, "[data-asin]") is None else _few(nodes, recipe)
    reds = [node for node in nodes if node.tag == "span"] if first(recipe, _RED) is not None else []
    red = {_said(node) for node in reds if node.css_first(_RED) is not None}
    return _Lines(_distinct(nodes), red)


@delivery_and_availability.source("labelled lines, before 2023")
def _labelled_lines(tile: Tile) -> _Lines | None:
    if tile.blocks or _is_old(tile):
        return None
    nodes = [node for node in _few(select(tile.node, _LABELLED_LINES), tile.node) if _is_labelled_line(tile, node)]
    return _Lines(_distinct(nodes)) if nodes else None


@delivery_and_availability.source("section beside the Prime logo, 2019")
def _lines_of_section(tile: Tile) -> _Lines | None:
    return None if tile.blocks or _is_old(tile) else _Lines(lines(_section_of_2019(tile)))


@delivery_and_availability.source("small texts, before 2019")
def _small_texts(tile: Tile) -> _Lines | None:
    if tile.blocks or not _is_old(tile):
        return None
    return _Lines(_distinct([node for node in _few(select(tile.node, _OLD_LINES), tile.node) if _is_line(tile, node)]))


@delivery_and_availability.settle
def _told(tile: Tile, found: _Lines | None) -> tuple[Delivery | None, Availability | None]:
    """Before 2014 ``avblity`` or ``lowStock`` speak of stock."""
    delivery, availability = [], _old_availability(tile)
    printed, red = found or _Lines([])
    for line in printed:
        said = _availability(line, tile.language)
        if said is None and line in red:
            said = Availability(status=AvailabilityStatus.UNKNOWN, text=line)
        if said is None:
            delivery.append(line)
        else:
            availability = availability or said
    return _delivery(tuple(delivery), tile.site, tile.language, tile.served), availability


def _is_old(tile: Tile) -> bool:
    return (tile.node.id or "").startswith("result_")


def _distinct(nodes: list[Node]) -> list[str]:
    found = dict.fromkeys(map(_said, nodes))
    return [line for line in found if line and not line.isdigit()]


def _few(nodes: list[Node], around: Node) -> list[Node]:
    """The first of them, without those that hold other tiles: a tag that nobody closed puts the rest of the page there, which takes minutes to read."""
    few = nodes[:_MOST_LINES]
    named = select(around, "[data-asin]")
    if len(named) == 1 and named[0].mem_id == around.mem_id:  # as nearly all are: asked once
        return few
    return [node for node in few if node.css_first("[data-asin]") is None]


def _said(node: Node) -> str:
    """Text of a line without the style sheet that stands in some ("Prime members get FREE delivery")."""
    line = node.text(separator=" ") if node.css_first("br") is not None else node.text()
    if "{" in line:
        for style in select(node, "style,script"):
            line = line.replace(style.text(), " ")
    return clean(line)


def _section_of_2019(tile: Tile) -> Node | None:
    """Before lines had labels: the section of the row that stands beside the Prime logo."""
    row = first(tile.node, _CENTERED_ROW)
    return None if row is None else row.parent


def _is_labelled_line(tile: Tile, node: Node) -> bool:
    """Labelled, no stars, not in the price block; of the lines without a label those that speak of delivery.

    What stands alone in the row of deliveries says where to: "Delivers to Indonesia".
    """
    if _is_beside_price(node, tile.language):
        return False
    if node.attrs.get("aria-label") is None:
        return is_free(clean(node.text()), tile.language) or _is_only_delivery(node)
    return node.css_first("i,a") is None


def _is_only_delivery(node: Node) -> bool:
    row = node.parent
    if row is None or "a-color-secondary" not in classes(row):
        return False
    return sum(child.is_element_node for child in row.iter()) == 1


def _is_beside_price(node: Node, language: str) -> bool:
    """Whether a line stands in a row of the price block, or in 2021 behind it and speaks of the price: "Lowest price in 30 days"."""
    row = node.parent
    if row is None or row.parent is None:
        return False
    if "price-instructions-style" in classes(row.parent):
        return True
    return first(row.parent.prev, ".a-price") is not None and kind_of_list_price(node.text(), language) == _LOWEST


def _is_line(tile: Tile, node: Node) -> bool:
    """Of the small texts before 2023 those that speak of delivery or stock: no stars, no struck price, no maker.

    Of a line with a link ("and 1 more promotion") the part before.
    """
    dressed = classes(node)
    if "a-color-secondary" in dressed and "a-size-small" not in dressed and first(node.parent, "a") is None:
        return False
    if "a-text-strike" in dressed or node.css_first("i,a") is not None:
        return False
    line = clean(node.text()).lower()
    if "%" in line:  # what a buyer or a subscription saves
        return False
    if "a-color-secondary" not in dressed and "grey" not in dressed:
        return True
    return (
        is_free(line, tile.language)
        or line.startswith("+")
        or node.css_first(_GREEN) is not None
        or (node.css_first(_BOLD) is not None and any(delivery_days(line, tile.language, tile.served)))
        or _is_not_there(line, tile.language)
    )


def _is_not_there(line: str, language: str) -> bool:
    """Grey until 2020: "Currently unavailable", "In stock on January 14, 2020"; so is a maker's name."""
    found = _availability(line, language)
    return found is not None and found.status in _NOT_THERE


def _old_availability(tile: Tile) -> Availability | None:
    node = first(tile.node, _OLD_STOCK) if (tile.node.id or "").startswith("result_") else None
    line = clean(node.text()) if node is not None else ""
    if not line:
        return None
    return _availability(line, tile.language) or Availability(status=AvailabilityStatus.UNKNOWN, text=line)


@lru_cache(maxsize=4096)
def _availability(line: str, language: str) -> Availability | None:
    """What a line says about stock, kept because tiles repeat lines. "Currently unavailable" holds "available"."""
    lower = plain_digits(line).lower()
    if is_free(lower, language):
        return None
    status = status_of(lower, language)
    left = quantity(lower) if status is AvailabilityStatus.LOW_STOCK else None
    return Availability(status=status, text=line, quantity=left) if status else None


@lru_cache(maxsize=4096)
def _delivery(said: tuple[str, ...], site: Marketplace, language: str, served: Served) -> Delivery | None:
    if not said:
        return None
    days = (delivery_days(line, language, served) for line in said)
    earliest, latest = next(filter(any, days), (None, None))
    price = _delivery_price(said, site, language)
    return Delivery(text=" ".join(said), earliest=earliest, latest=latest, price=price)


def _delivery_price(said: tuple[str, ...], site: Marketplace, language: str) -> Money | None:
    """The first amount, if none says free before it; zero where one does and no amount is to be reached ("on orders over $35").

    Lines for members of Prime are skipped: "Join Prime to get FREE delivery".
    """
    everyones = [line for line in said if not is_for_members(line)]
    amounts = [money(line, site) for line in everyones]
    for line, shown in zip(everyones, amounts, strict=True):
        if is_free(line, language):
            return None if any(amounts) else Money(amount=Decimal(0), currency=site.currency)
        if shown:
            return shown
    return None


def _row(node: Node) -> Node | None:
    above = node.parent
    while above is not None and above.tag not in _ROWS:
        above = above.parent
    return above
