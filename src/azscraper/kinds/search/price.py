"""The amounts of a tile of a result list: price, list price, unit price, range."""

import re
from dataclasses import dataclass, replace

from azscraper.kinds.search.tile import Tile, classes
from azscraper.marketplaces import asin_from_url, phrase_pattern
from azscraper.parse.document import Node, attr, first, select
from azscraper.parse.sources import Field
from azscraper.parse.values import clean, money, moneys
from azscraper.records.parts import Money, PriceRange, UnitPrice

_BLOCK = ".s-price-instructions-style,.puis-price-instructions-style"
_OLD_PRICES = ".s-price,.sx-price,.newp .red,.newPrice .price,.toeOurPrice a,.a-color-price.a-text-bold"
_DIVIDER = "hr.s-result-divider"
"""Stands between the price of a subscription, which comes first, and that of one purchase (2017), and between formats of a book."""
_SUBSCRIBED = re.compile(r"/ref=\w{2,30}_sns(?![a-z])")
_OLD_STRUCK = ".a-text-strike,del,strike"
_DASHES = "-–—~～"
_PER = re.compile(r"/\s*([^/()]{1,40}?(?:\([^/()]{1,5}\))?)\s*\)?\s*$")  # also "/quilograma(s))"
_OLD_UNIT = re.compile(r"^\((?P<price>[^()/]{1,30})/(?P<per>[^()]{1,40})\)$")
_SECONDARY = '[data-cy="secondary-offer-recipe"]'
_LESSER = ".a-row.a-color-secondary"
_TERMS = ".a-row.a-size-small.a-color-secondary,.a-row.a-color-secondary>span.a-color-secondary"
_RENT = phrase_pattern("rent")
_TO_BUY = phrase_pattern("to_buy")


@dataclass(frozen=True, slots=True)
class Prices:
    """The amounts of one tile."""

    price: Money | None = None
    price_range: PriceRange | None = None
    list_price: Money | None = None
    unit_price: UnitPrice | None = None


prices = Field[Tile, Prices, Prices](
    "The amounts of the tile's own product, not of its other formats and offers. Two amounts with a dash between are a range, "
    "and then there is no price. Looked for in the price block, else in the tile."
)


@prices.source("price elements")
def _prices(tile: Tile) -> Prices | None:
    """Price: the first ``a-price`` that is no ``a-text-price``. List price: what is struck through. Unit price: an ``a-text-price`` followed by "/ measure"."""
    block = tile.once(_block)
    nodes = [node for node in select(block, ".a-price") if block is not tile.node or _is_own(tile, node)]
    return _modern_prices(tile, nodes, _old_list_price(tile) if block is tile.node else None) if nodes else None


@prices.source("texts of prices, before 2019")
def _texts_of_prices(tile: Tile) -> Prices:
    """``s-price`` and ``sx-price``; before 2014 the red text, or the cell ``toeOurPrice`` of the table of formats."""
    return _old_prices(tile, tile.once(_block))


@prices.settle
def _to_pay(tile: Tile, found: Prices | None) -> Prices:
    found = found or Prices()
    if found.price_range or (found.price and found.price.amount):
        return found
    block = tile.once(_block)
    to_own = _price_to_own(tile, select(tile.node, _SECONDARY) or (select(block, _LESSER) if found.price else []))
    return replace(found, price=to_own or (None if _is_on_terms(block) else found.price))


def _block(tile: Tile) -> Node:
    """The price block: ``price-recipe`` since 2023, ``*-price-instructions-style`` since 2021."""
    return tile.blocks.get("price-recipe") or first(tile.node, _BLOCK) or tile.node


def _modern_prices(tile: Tile, nodes: list[Node], listed: Money | None) -> Prices:
    struck = next((node for node in nodes if is_struck(node)), None)
    current = [node for node in nodes if not is_struck(node)]
    plain = [node for node in current if "a-text-price" not in classes(node)]
    amount = (price_beside_rent(tile, plain[0]) or amount_in(tile, plain[0], "price")) if plain else None
    spread = None
    if amount and len(plain) > 1 and _joined_by_dash(plain[0], plain[1]):
        upper = amount_in(tile, plain[1], "priceRange")
        spread = PriceRange(min=amount, max=upper) if upper else None
        amount = None
    return Prices(
        price=amount,
        price_range=spread,
        list_price=amount_in(tile, struck, "listPrice") if struck is not None else listed,
        unit_price=(_unit_price(tile, current) if len(current) > len(plain) else None)
        or (_unit_price_in_brackets(tile, plain[0]) if plain else None),
    )


def _price_to_own(tile: Tile, rows: list[Node]) -> Money | None:
    """The sentence of a tile that is free for members, or that only plays: "Or $9.49 to buy MP3"."""
    for row in rows:
        line = clean(row.text())
        if row.css_first("a") is None and _TO_BUY.search(line):
            return money(line, tile.site)
    return None


def _is_on_terms(block: Node) -> bool:
    """A line under an amount of zero says for whom it is free: members, and those who begin a trial."""
    return any(not row.text().isspace() for row in select(block, _TERMS))


def price_beside_rent(tile: Tile, node: Node) -> Money | None:
    """The amount of the link that follows a link with the price of a loan; None where the price is none."""
    link = node.parent
    following = link.next if link is not None and link.tag == "a" else None
    while following is not None and following.tag != "a":
        following = following.next
    return money(clean(following.text()), tile.site) if following is not None and _is_of_loan(node) else None


def _is_of_loan(node: Node) -> bool:
    """Whether words behind a price say so."""
    after = node.next
    while after is not None and not (after.tag == "span" and _RENT.search(after.text())):
        after = after.next
    return after is not None


def _unit_price_in_brackets(tile: Tile, node: Node) -> UnitPrice | None:
    """Behind the price, from 2019 to 2022: "($5.11/Ounce)"."""
    after = node.next
    while after is not None:
        if after.tag == "span" and "a-color-secondary" in classes(after):
            return _bracketed(tile, after)
        after = after.next
    return None


def amount_in(tile: Tile, node: Node, name: str) -> Money | None:
    """The amount of a price element; notes the field (by its JSON name) where it can't be read."""
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
        found = amount_in(tile, node, "unitPrice") if per else None
        if per and found:
            return UnitPrice(amount=found.amount, currency=found.currency, per=per[1])
    return None


def _old_prices(tile: Tile, block: Node) -> Prices:
    found = select(block, f"{_OLD_PRICES},{_DIVIDER}")
    dividers = [place for place, node in enumerate(found) if node.tag == "hr"]
    start = dividers[0] + 1 if dividers else 0
    own = [node for node in found[start:] + found[:start] if node.tag != "hr" and _is_own(tile, node)]
    node = next((node for node in own if not _is_of_subscription(node)), next(iter(own), None))
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


def _is_of_subscription(node: Node) -> bool:
    """Whether the link of a price leads to the subscription, of which it speaks before that of one purchase (2018)."""
    return _SUBSCRIBED.search(attr(_link(node), "href") or "") is not None


def _old_price_text(node: Node) -> str:
    """``sx-price`` prints cents raised, without a separator: the hidden text beside it has it, else it is put in."""
    if "sx-price" not in classes(node):
        return clean(node.text())
    hidden = first(_link(node), ".a-offscreen")
    if hidden is not None:
        return clean(hidden.text())
    pieces = []
    for child in node.iter():
        if shown := clean(child.text()):
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
    nodes = select(tile.node, "span.a-color-price")
    units = (_bracketed(tile, node) for node in sorted(nodes, key=_is_of_subscription))
    return next((unit for unit in units if unit), None)


def _bracketed(tile: Tile, node: Node) -> UnitPrice | None:
    shown = _OLD_UNIT.match(clean(node.text()))
    found = money(shown["price"], tile.site) if shown else None
    return (
        UnitPrice(amount=found.amount, currency=found.currency, per=shown["per"].strip()) if shown and found else None
    )


def _is_own(tile: Tile, node: Node) -> bool:
    """Whether a price is the tile's: its link names the tile's ASIN or none (advertisements hide it)."""
    href = attr(_link(node), "href") or ""
    return "offer-listing" not in href and asin_from_url(href) in {tile.asin, None}


def is_struck(node: Node) -> bool:
    """Whether a price element is struck through."""
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
