"""What a tile of a result list asks for its product: prices, coupon, further offers, delivery, stock."""

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from azscraper.marketplaces import Marketplace, asin_from_url, phrases_for
from azscraper.parse.document import Node, attr, first, select, text
from azscraper.parse.search_tile import Tile, classes
from azscraper.parse.values import clean, integer, money, moneys, plain_digits
from azscraper.records import (
    Availability,
    AvailabilityStatus,
    Delivery,
    Money,
    OtherOffers,
    PriceRange,
    UnitPrice,
)

_RECIPE = '[data-cy="price-recipe"]'
_BLOCK = ".s-price-instructions-style,.puis-price-instructions-style"
_OLD_PRICES = ".s-price,.sx-price,.newp .red,.newPrice .price,.a-color-price.a-text-bold"
_OLD_STRUCK = ".a-text-strike,del,strike"
_DASHES = "-–—~～"
_PER = re.compile(r"/\s*([^/()]{1,40}?)\s*\)?\s*$")
_OLD_UNIT = re.compile(r"^\((?P<price>[^()/]{1,30})/(?P<per>[^()]{1,40})\)$")
_COUNTED = re.compile(r"\(([^()]{1,80})\)")
_LINES = ".udm-primary-delivery-message,.udm-secondary-delivery-message,div.a-row>span"
_OLD_LINES = "span.a-size-small.a-color-price,span.a-size-small.a-color-secondary"
_COUPONS = '[data-component-type="s-coupon-component"],span.s-coupon-unclipped,span.sx-bestseller'
_STATUSES = (
    (AvailabilityStatus.UNAVAILABLE, "unavailable"),
    (AvailabilityStatus.OUT_OF_STOCK, "out_of_stock"),
    (AvailabilityStatus.PREORDER, "preorder"),
    (AvailabilityStatus.BACKORDER, "backorder"),
    (AvailabilityStatus.IN_STOCK, "in_stock"),
)
_PRIME = 'i[class*="a-icon-prime"]'


@dataclass(frozen=True, slots=True)
class Prices:
    """The amounts of one tile."""

    price: Money | None = None
    price_range: PriceRange | None = None
    list_price: Money | None = None
    unit_price: UnitPrice | None = None


def prices(tile: Tile) -> Prices:
    """The amounts of the tile's own product, not of its other formats and offers.

    Looked for in the price block (``price-recipe`` since 2023, ``*-price-instructions-style`` since 2021), else in the
    tile. Price: the first ``a-price`` that is no ``a-text-price``; before 2019 ``s-price`` and ``sx-price``, before 2014
    the red text. List price: what is struck through. Unit price: an ``a-text-price`` followed by "/ measure". Two
    amounts with a dash between are a range, and then there is no price.
    """
    block = first(tile.node, _RECIPE) or first(tile.node, _BLOCK) or tile.node
    nodes = [node for node in select(block, ".a-price") if block is not tile.node or _is_own(tile, node)]
    if not nodes:
        return _old_prices(tile, block)
    return _modern_prices(tile, nodes, _old_list_price(tile) if block is tile.node else None)


def coupon(tile: Tile) -> str | None:
    """Text of the unclipped form of the coupon component; in 2018 of a badge in the class of best sellers.

    Looked for in the price block since 2023: another offer in the same tile has a coupon of its own.
    """
    node = first(first(tile.node, _RECIPE) or tile.node, _COUPONS)
    shown = text(first(node, ".s-coupon-unclipped") or node)
    return shown if any(map(str.isdigit, shown)) else None


def is_prime(tile: Tile) -> bool | None:
    """True where the tile shows the Prime logo; None where it does not."""
    return True if tile.node.css_first(_PRIME) is not None else None


def variant_count(tile: Tile) -> int | None:
    """The link behind the colour swatches: 4 of "+4 colors/patterns"."""
    node = first(tile.node, ".s-color-swatch-link")
    shown = clean(node.text()) if node is not None else ""
    return integer(shown) if "+" in shown else None


def other_offers(tile: Tile) -> OtherOffers | None:
    """The row of the link to the product's offer listing: the count in brackets and the amount before it."""
    for link in select(tile.node, 'a[href*="/offer-listing/"]'):
        if asin_from_url(attr(link, "href") or "") not in {tile.asin, None}:
            continue
        row = _row(link)
        shown = clean(row.text(separator=" ")) if row is not None else ""
        counted = next((found[1] for found in _COUNTED.finditer(shown) if any(map(str.isdigit, found[1]))), None)
        count = integer(counted) if counted else None
        if counted and count is None:
            tile.unreadable("otherOffers")
        lowest = money(_COUNTED.sub("", shown), tile.site)
        return OtherOffers(count=count, from_price=lowest) if count is not None or lowest else None
    return None


def delivery_and_availability(tile: Tile) -> tuple[Delivery | None, Availability | None]:
    """Both from the lines of ``delivery-recipe`` since 2023, of labelled spans before, of ``avblity`` before 2014.

    A line that says how many are left, or that something is out of stock, is availability; the others are delivery.
    """
    delivery, availability = [], _old_availability(tile)
    for line in _delivery_lines(tile):
        found = _availability(line, tile.language)
        if found is None:
            delivery.append(line)
        else:
            availability = availability or found
    return _delivery(tuple(delivery), tile.site, tile.language), availability


def _modern_prices(tile: Tile, nodes: list[Node], listed: Money | None) -> Prices:
    struck = next((node for node in nodes if _is_struck(node)), None)
    current = [node for node in nodes if not _is_struck(node)]
    plain = [node for node in current if "a-text-price" not in classes(node)]
    amount = _amount(tile, plain[0], "price") if plain else None
    spread = None
    if amount and len(plain) > 1 and _joined_by_dash(plain[0], plain[1]):
        upper = _amount(tile, plain[1], "priceRange")
        spread = PriceRange(min=amount, max=upper) if upper else None
        amount = None
    return Prices(
        price=amount,
        price_range=spread,
        list_price=_amount(tile, struck, "listPrice") if struck is not None else listed,
        unit_price=_unit_price(tile, current) if len(current) > len(plain) else None,
    )


def _amount(tile: Tile, node: Node, name: str) -> Money | None:
    hidden = first(node, ".a-offscreen")
    shown = hidden.text() if hidden is not None else ""
    found = money(shown if shown and not shown.isspace() else node.text(), tile.site)
    if found is None:
        tile.unreadable(name)
    return found


def _unit_price(tile: Tile, nodes: list[Node]) -> UnitPrice | None:
    for node in nodes:
        if "a-text-price" not in classes(node) or node.parent is None:
            continue
        per = _PER.search(clean(node.parent.text()))
        found = _amount(tile, node, "unitPrice") if per else None
        if per and found:
            return UnitPrice(amount=found.amount, currency=found.currency, per=per[1])
    return None


def _old_prices(tile: Tile, block: Node) -> Prices:
    node = next((node for node in select(block, _OLD_PRICES) if _is_own(tile, node)), None)
    if node is None:
        return Prices()
    amounts = moneys(_old_price_text(node), tile.site)
    if not amounts:
        tile.unreadable("price")
    if len(amounts) > 1:
        spread = PriceRange(min=amounts[0], max=amounts[1])
        return Prices(price_range=spread, unit_price=_old_unit_price(tile))
    return Prices(
        price=amounts[0] if amounts else None, list_price=_old_list_price(tile), unit_price=_old_unit_price(tile)
    )


def _old_price_text(node: Node) -> str:
    """``sx-price`` prints cents raised, without a separator: the hidden text beside it has it, else it is put in."""
    if "sx-price" not in classes(node):
        return clean(node.text())
    hidden = first(_link(node), ".a-offscreen")
    if hidden is not None:
        return clean(hidden.text())
    pieces = []
    for child in node.iter():
        shown = clean(child.text())
        raised = child.tag == "sup" and shown.isdigit()
        pieces.append("." + shown if raised else " " + shown)
    return "".join(pieces)


def _old_list_price(tile: Tile) -> Money | None:
    for node in select(tile.node, _OLD_STRUCK):
        link = _link(node)
        if clean(node.text()) and "offer-listing" not in (attr(link, "href") or ""):
            found = money(clean(node.text()), tile.site)
            if found is None:
                tile.unreadable("listPrice")
            return found
    return None


def _old_unit_price(tile: Tile) -> UnitPrice | None:
    for node in select(tile.node, "span.a-color-price"):
        shown = _OLD_UNIT.match(clean(node.text()))
        found = money(shown["price"], tile.site) if shown else None
        if shown and found:
            return UnitPrice(amount=found.amount, currency=found.currency, per=shown["per"].strip())
    return None


def _delivery_lines(tile: Tile) -> list[str]:
    recipe = first(tile.node, '[data-cy="delivery-recipe"]')
    if recipe is not None:
        nodes = select(recipe, _LINES)
    elif tile.node.css_first("[data-cy]") is not None:
        return []
    elif not (tile.node.id or "").startswith("result_"):
        nodes = [node for node in select(tile.node, "span[aria-label]") if node.css_first("i,a") is None]
    else:
        nodes = [node for node in select(tile.node, _OLD_LINES) if _is_line(tile, node)]
    lines = dict.fromkeys(clean(node.text()) for node in nodes)
    return [line for line in lines if line and not line.isdigit()]


def _is_line(tile: Tile, node: Node) -> bool:
    """Of the small texts before 2023 those that speak of delivery or stock: no stars, no struck price, no maker."""
    dressed = classes(node)
    if "a-text-strike" in dressed or node.css_first("i,a") is not None:
        return False
    if "a-color-secondary" not in dressed:
        return True
    line = clean(node.text()).lower()
    return (
        _says(line, tile.language, "free_delivery")
        or line.startswith("+")
        or node.css_first(".a-color-success") is not None
    )


def _old_availability(tile: Tile) -> Availability | None:
    node = first(tile.node, "span.avblity")
    line = clean(node.text()) if node is not None else ""
    if not line:
        return None
    return _availability(line, tile.language) or Availability(status=AvailabilityStatus.UNKNOWN, text=line)


@lru_cache(maxsize=4096)
def _availability(line: str, language: str) -> Availability | None:
    """What a line says about stock, kept because tiles repeat lines. "Currently unavailable" holds "available"."""
    lower = plain_digits(line).lower()
    if _says(lower, language, "free_delivery"):
        return None
    count = integer(lower) if _says(lower, language, "few_left") else None
    if count is not None:
        return Availability(status=AvailabilityStatus.LOW_STOCK, text=line, quantity=count)
    status = next((status for status, kind in _STATUSES if _says(lower, language, kind)), None)
    return Availability(status=status, text=line) if status else None


def _says(lower: str, language: str, kind: str) -> bool:
    """In the page's language or in English, which stands in for words that were never translated."""
    rows = phrases_for(language)[: 1 if language.startswith("en") else 2]
    return any(phrase in lower for words in rows for phrase in getattr(words, kind))


@lru_cache(maxsize=4096)
def _delivery(lines: tuple[str, ...], site: Marketplace, language: str) -> Delivery | None:
    return Delivery(text=" ".join(lines), price=_delivery_price(lines, site, language)) if lines else None


def _delivery_price(lines: tuple[str, ...], site: Marketplace, language: str) -> Money | None:
    """The first amount; zero where a line says free and none names an amount to reach ("on orders over $35")."""
    shown = next((found for line in lines if (found := money(line, site))), None)
    if any(_says(line.lower(), language, "free_delivery") for line in lines):
        return None if shown else Money(amount=Decimal(0), currency=site.currency)
    return shown


def _is_own(tile: Tile, node: Node) -> bool:
    """Whether a price is the tile's: its link names the tile's ASIN or none (advertisements hide it)."""
    href = attr(_link(node), "href") or ""
    return "offer-listing" not in href and asin_from_url(href) in {tile.asin, None}


def _is_struck(node: Node) -> bool:
    return node.attrs.get("data-a-strike") == "true"


def _joined_by_dash(left: Node, right: Node) -> bool:
    if left.parent is None or right.parent is None or left.parent.mem_id != right.parent.mem_id:
        return False
    between, after = [], left.next
    while after is not None and after.mem_id != right.mem_id:
        between.append("" if after.is_comment_node else after.text())
        after = after.next
    return clean("".join(between)) in tuple(_DASHES)


def _link(node: Node) -> Node | None:
    """The link around a node, looked for five levels up."""
    above: Node | None = node
    for _ in range(5):
        if above is None or above.tag == "a":
            break
        above = above.parent
    return above if above is not None and above.tag == "a" else None


def _row(node: Node) -> Node | None:
    above = node.parent
    while above is not None and above.tag != "div":
        above = above.parent
    return above
