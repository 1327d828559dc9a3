"""Tiles whose data name an ASIN and a deal: the grid as scripts drew it, and rows of products beside it."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from azscraper.kinds.deals.values import saved
from azscraper.parse.document import Document, Node, attr, first, text
from azscraper.parse.list_price import kind_of_list_price
from azscraper.parse.values import image, money, percent
from azscraper.records.deals import DealRow

MARK = b"amzn1.deal."
ITEM = "data-csa-c-item-id"
_TILES = '[data-csa-c-item-id*="amzn1.deal."]'
_ITEM = re.compile(r"(?:amzn1\.asin\.([A-Z0-9]{10}))?.*?amzn1\.deal\.([A-Za-z0-9]+)")
TITLE = ".dcl-product-label, [class*='product-label'], [class*='dealTitle'], .a-truncate-full"
PRICE = ".dcl-product-price-new .a-offscreen, .a-price:not(.a-text-price) .a-offscreen"
OLD = ".dcl-product-price-old .a-offscreen, .a-price.a-text-price .a-offscreen"
OLD_LABEL = ".dcl-product-old-price-label, [class*='old-price-label']"
BADGE_LABEL = "[class*='badgeLabel'], [class*='BadgeLabel']"
BADGE_MESSAGE = "[class*='badgeMessage'], [class*='BadgeMessage']"
CLAIMED = "[data-testid='claimed-bar'], [class*='claimed-bar'], [class*='claimBar']"
_CLOCK = re.compile(r"\d{1,3}:\d\d:\d\d")
_GRID = "discount-asin-grid"
_HEADING = "h1, h2, h3, .d-header-title, [class*='carousel-title']"
_REACH = 12
_MOST = 500


class Tiles(NamedTuple):
    """Those of a page, in its order; their position is still open."""

    grid: list[DealRow]
    """Scripts draw what the widget's configuration holds."""
    beside: list[DealRow]


def tiles(document: Document) -> Tiles:
    """All tiles of deals that the page draws."""
    found = Tiles([], [])
    if not document.holds(MARK):
        return found
    known: dict[int, str | None] = {}
    for node in document.whole(_TILES)[:_MOST]:
        is_grid = attr(node, "data-csa-c-painter") == _GRID
        row = _row(document, node, None if is_grid else _heading(node, known))
        if row is not None:
            (found.grid if is_grid else found.beside).append(row)
    return found


def drawn(document: Document) -> Iterator[tuple[str | None, Node, bool]]:
    """The tiles by their deals, each with whether it is of the grid."""
    for node in document.whole(_TILES)[:_MOST] if document.holds(MARK) else []:
        item = _ITEM.search(attr(node, ITEM) or "")
        yield item[2] if item else None, node, attr(node, "data-csa-c-painter") == _GRID


def _row(document: Document, node: Node, shelf: str | None) -> DealRow | None:
    item = _ITEM.search(attr(node, ITEM) or "")
    title = text(first(node, TITLE)) or None
    if item is None or (item[1] is None and title is None):
        return None
    site, asin = document.marketplace, item[1]
    price, listed = (money(text(first(node, css)), site) for css in (PRICE, OLD))
    discount = percent(text(first(node, BADGE_LABEL)))
    label = text(first(node, OLD_LABEL)) if listed else ""
    picture = attr(first(node, "img"), "src")
    badge = text(first(node, BADGE_MESSAGE))
    is_ending = _CLOCK.search(badge) is not None
    return DealRow(
        url=f"https://{site.host}/dp/{asin}" if asin else None,
        marketplace=site.host,
        language=document.language,
        deal_id=item[2],
        asin=asin,
        title=title,
        image=image(picture) if picture and picture.startswith("http") else None,
        deal_price=price,
        list_price=listed,
        list_price_kind=kind_of_list_price(label, document.spoken) if label else None,
        savings=saved(price, listed, discount),
        discount_percent=discount,
        badge=None if is_ending else badge or None,
        ends_soon=True if is_ending else None,
        percent_claimed=percent(text(first(node, CLAIMED))),
        shelf=shelf,
    )


def _heading(node: Node, known: dict[int, str | None]) -> str | None:
    """Of the nearest block around the tile that has one; what was found for one tile is known for the others of its row."""
    passed: list[int] = []
    above, found = node.parent, None
    while above is not None and above.is_element_node and above.tag != "body" and len(passed) < _REACH:
        if above.mem_id in known:
            found = known[above.mem_id]
            break
        passed.append(above.mem_id)
        heading = first(above, _HEADING)
        if heading is not None:
            found = text(heading) or None
            break
        above = above.parent
    known.update(dict.fromkeys(passed, found))
    return found
