"""Other formats and editions of the same work, from the switch above the price."""

import re

from azscraper.kinds.details.identity import asin
from azscraper.marketplaces import asin_from_url, phrase_pattern
from azscraper.parse.document import Document, Node, attr, first, lines, select, text
from azscraper.parse.sources import Field
from azscraper.parse.values import absolute, money
from azscraper.records.page_parts import Format

_ROW = "tmm_"
_CHOSEN = "selected"
_TITLE = ".slot-title, .a-button-text > span"
_PRICE = ".slot-price, .a-color-price, .a-color-secondary, .a-color-base"
_TO_BUY = ".extra-message, .slot-extraMessage"
_OFFERS = '[href*="/offer-listing/"]'
_OLD_TITLE = ".tmm_bookTitle"
_OLD_PRICE = "td.price"
_MATRIX_TITLE = ".title-text .a-color-base, .title-text"
_MATRIX_PRICE = ".dp-price-col .a-color-price"
_MATRIX_OFFERS = ".dp-new-col, .dp-used-col"
_LEAST = phrase_pattern("least_price")
_ASIN = re.compile(r"[A-Z0-9]{10}")

formats = Field[Document, tuple[Format, ...], tuple[Format, ...]](
    "The switch between formats: each with its price and, where the page prints it, the least price of other offers.",
    empty=(),
)


@formats.ids("tmmSwatches")
def _swatches(document: Document, node: Node) -> tuple[Format, ...]:
    cards = {card.mem_id: card for card in select(node, ".swatchElement, .mediaTab_heading")}.values()
    return tuple(found for card in cards if (found := _swatch(card, document)))


@formats.ids("MediaMatrix", era="2014 to 2021")
def _matrix(document: Document, node: Node) -> tuple[Format, ...]:
    """The table of what pages with tabs of formats have instead of the switch."""
    return tuple(found for row in select(node, ".top-level") if (found := _matrix_row(row, document)))


@formats.source("table of formats, 2011 to 2014")
def _rows(document: Document) -> tuple[Format, ...]:
    rows = ((name.removeprefix(_ROW), node) for name, node in document.by_prefix(_ROW) if node.tag == "tr")
    return tuple(found for key, node in rows if _ASIN.fullmatch(key) and (found := _row(key, node, document)))


def _swatch(card: Node, document: Document) -> Format | None:
    button = first(card, "a.a-button-text, a")
    name = text(first(button, _TITLE)) or next(iter(lines(button)), "")
    chosen = _CHOSEN in (attr(card, "class") or "").split() or "mt_active" in (attr(card, "class") or "")
    href = attr(button, "href")
    key = asin_from_url(href or "") or (document.once(asin) if chosen else None)
    priced = next((line for part in select(button, _PRICE) if money(line := text(part), document.marketplace)), "")
    price, is_least = money(priced, document.marketplace), _LEAST.search(priced) is not None
    if price is not None and not price.amount:
        price = (
            money(text(first(card, _TO_BUY)), document.marketplace) or price
        )  # free to members: what it costs others
    offers = (money(text(link), document.marketplace) for link in select(card, _OFFERS))
    least = sorted((amount for amount in offers if amount), key=lambda one: one.amount)
    return (
        Format(
            format=name,
            asin=key,
            price=None if is_least else price,
            from_price=price if is_least else least[0] if least else None,
            url=absolute(href, document.marketplace.host)
            if href and not href.startswith(("#", "javascript"))
            else None,
            is_selected=chosen,
        )
        if name
        else None
    )


def _matrix_row(row: Node, document: Document) -> Format | None:
    name, site = text(first(row, _MATRIX_TITLE)), document.marketplace
    href = attr(first(row, "a.title-text[href]"), "href")
    chosen = "selected-row" in (attr(row, "class") or "").split()
    least = [amount for cell in select(row, _MATRIX_OFFERS) if (amount := money(text(cell), site))]
    return (
        Format(
            format=name,
            asin=asin_from_url(href or "") or (document.once(asin) if chosen else None),
            price=money(text(first(row, _MATRIX_PRICE)), site),
            from_price=min(least, key=lambda one: one.amount, default=None),
            url=absolute(href, site.host) if href else None,
            is_selected=chosen,
        )
        if name
        else None
    )


def _row(key: str, node: Node, document: Document) -> Format | None:
    name = text(first(node, _OLD_TITLE))
    link = first(node, f"{_OLD_TITLE} a[href]")
    offers = (money(text(link), document.marketplace) for link in select(node, _OFFERS))
    least = sorted((amount for amount in offers if amount), key=lambda one: one.amount)
    host = document.marketplace.host
    return (
        Format(
            format=name,
            asin=key,
            price=money(text(first(node, _OLD_PRICE)), document.marketplace),
            from_price=least[0] if least else None,
            url=absolute(attr(link, "href") or "", host) if link is not None else None,
            is_selected="activeRow" in (attr(node, "class") or ""),
        )
        if name
        else None
    )
