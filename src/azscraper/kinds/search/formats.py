"""What a tile offers beside its own product: other formats of the work with their prices, other members of the family."""

import re
from urllib.parse import unquote

from azscraper.kinds.search import price
from azscraper.kinds.search.tile import Tile, classes
from azscraper.marketplaces import product_url
from azscraper.parse.document import Node, attr, first, select
from azscraper.parse.sources import Field
from azscraper.parse.values import clean, image
from azscraper.records.parts import Money
from azscraper.records.search_parts import FormatPrice, Swatch

_ASIN = re.compile(r"/(?:dp|gp/product|gp/aw/d)/([A-Z0-9]{10})(?![A-Z0-9])")
_DRAWN = re.compile(r"url\([\"']?(https://[^\"')]{1,300})")
_PRICES = ".a-price,.sx-price,.s-price"
_TERMS = ".a-row.a-color-secondary>span.a-color-secondary"
"""A line under an amount of zero that says for whom it is free."""
_MOST = 60
_LONGEST_NAME = 60

prices = Field[Tile, tuple[FormatPrice, ...], tuple[FormatPrice, ...]](
    "The formats of the work by name, each with the price and the list price printed under it.", empty=()
)


@prices.source("bold links to products")
def _bold(tile: Tile) -> tuple[FormatPrice, ...]:
    return _formats(tile, "a.a-text-bold", tile.bold_links)


@prices.source("headings of formats, before 2019")
def _headed(tile: Tile) -> tuple[FormatPrice, ...]:
    if not (tile.node.id or "").startswith("result_") or first(tile.node, "a h3") is None:
        return ()
    return _formats(tile, "a h3", [link for link in tile.links if link.css_first("h3") is not None])


variants = Field[Tile, tuple[Swatch, ...], tuple[Swatch, ...]](
    "The swatches of the tile: product, name and picture of each.", empty=()
)


@variants.source("swatches of the tile")
def _swatches(tile: Tile) -> tuple[Swatch, ...]:
    found: dict[str, Swatch] = {}
    for swatch in tile.swatches[:_MOST]:
        link = swatch.first_child
        while link is not None and link.tag != "a":
            link = link.next
        named = _ASIN.search(swatch.attrs.get("data-csa-c-swatch-url") or "")
        if named and link is not None:
            name = attr(link, "aria-label") or attr(link, "title") or clean(link.text()) or None
            found.setdefault(named[1], Swatch(asin=named[1], name=name, image=_picture(link)))
    return tuple(found.values())


def _formats(tile: Tile, heads: str, links: list[Node]) -> tuple[FormatPrice, ...]:
    """Each link to a product with a short name, and the amounts from there to the next one."""
    named = {link.mem_id: name for link in links[:_MOST] if (name := _name(link))}
    if not named:
        return ()
    sections: list[tuple[Node, list[Node]]] = []
    for node in select(tile.node, f"{heads},{_PRICES},{_TERMS}"):
        link = node.parent if node.tag == "h3" else node
        if link is not None and link.mem_id in named:
            if not sections or sections[-1][0].mem_id != link.mem_id:
                sections.append((link, []))
        elif sections:
            sections[-1][1].append(node)
    found = {name: _format(tile, name, link, nodes) for link, nodes in sections if (name := named[link.mem_id])}
    return tuple(found.values())


def _name(link: Node) -> str | None:
    """Of a link to a product, or through a counter of clicks; an offer listing is none."""
    href = link.attrs.get("href") or ""
    said = clean(link.text())
    if not said or len(said) > _LONGEST_NAME or "offer-listing" in href or any(map(str.isdigit, said[:1])):
        return None
    return said if _ASIN.search(href) or "/sspa/click" in href or "slredirect" in href else None


def _format(tile: Tile, name: str, link: Node, nodes: list[Node]) -> FormatPrice:
    """Of the tile's own product the amounts of the row, which know members, trials and loans."""
    asin = _asin(link) or tile.asin
    own = tile.once(price.prices) if asin == tile.asin else None
    to_pay, listed = (own.price, own.list_price) if own else _amounts(tile, nodes)
    return FormatPrice(name=name, price=to_pay, list_price=listed, asin=asin, url=product_url(tile.site, asin))


def _amounts(tile: Tile, nodes: list[Node]) -> tuple[Money | None, Money | None]:
    shown = [node for node in nodes if "price" in classes(node)]
    struck = next((node for node in shown if price.is_struck(node)), None)
    plain = next((node for node in shown if not price.is_struck(node) and "a-text-price" not in classes(node)), None)
    to_pay = None
    if plain is not None:
        to_pay = price.price_beside_rent(tile, plain) or price.amount_in(tile, plain, "prices")
    if to_pay and not to_pay.amount and any(clean(node.text()) for node in nodes if "price" not in classes(node)):
        to_pay = None
    return to_pay, None if struck is None else price.amount_in(tile, struck, "prices")


def _asin(link: Node) -> str | None:
    named = _ASIN.search(unquote(link.attrs.get("href") or ""))
    return named[1] if named else None


def _picture(link: Node) -> str | None:
    node = first(link, "img,[style*=url]")
    if node is None:
        return None
    drawn = _DRAWN.search(node.attrs.get("style") or "")
    source = drawn[1] if drawn else attr(node, "src")
    return image(source) if source else None
