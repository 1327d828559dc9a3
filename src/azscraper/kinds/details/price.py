"""What a product page asks for: price, list price, savings, range, unit price."""

import re
from collections.abc import Iterable
from typing import NamedTuple

from azscraper.errors import ParseError
from azscraper.kinds.details import offer_box
from azscraper.kinds.details.offer_box import shown
from azscraper.parse.document import Document, Node, attr, first, lines, select, text
from azscraper.parse.list_price import kind_of_list_price
from azscraper.parse.sources import Field
from azscraper.parse.values import money, moneys, percent, plain_digits
from azscraper.records.parts import Money, PriceRange, Savings, UnitPrice

_CENTRE = (
    "corePriceDisplay_desktop_feature_div",
    "corePriceDisplay_mobile_feature_div",
    "corePrice_desktop",
    "corePrice_mobile",
)
_TO_PAY = ".priceToPay, .apexPriceToPay, .apex-pricetopay-value, .reinventPricePriceToPayMargin"
_PLAIN_PRICE = "span.a-price:not(.a-text-price)"
_LEGACY_IDS = (
    "priceblock_dealprice",
    "priceblock_saleprice",
    "priceblock_pospromoprice",
    "priceblock_ourprice",
    "kindle-price",
    "dealPriceValue",
    "actualPriceValue",
)
_BOX_IDS = ("price_inside_buybox", "newBuyBoxPrice")
_LEGACY_BLOCKS = ("priceBlock", "price", "unifiedPrice_feature_div")
_ALBUM_BOX = "dmusic_buybox_container"  # albums to download, until 2022
_STRUCK = '.basisPrice .a-price, .a-price[data-a-strike="true"]'
_LEGACY_STRUCK = ".priceBlockStrikePriceString, .a-text-strike, .listprice, strike"
_MOBILE_BLOCK = "newPitchPriceWrapper_feature_div"  # mobile pages of 2018
_LIST_IDS = ("listPriceValue", "listPrice", "list-price", "digital-list-price", "print-list-price")
_SAVED_IDS = (
    "savingsSection",
    "youSaveValue",
    "regularprice_savings",
    "dealprice_savings",
    "saleprice_savings",
    "you-save",
)
_SAVED_BADGE = ".savingsPercentage, .apex-savings-percentage"
_MEASURES = ".pricePerUnit, .apex-priceperunit-value, .a-size-mini, .a-size-small"
_SAVED_SHARE = re.compile(r"\(%?(\d{1,2}) ?%?\)")
_STRUCK_BLOCKS = (
    "price",
    "unifiedPrice_feature_div",
    "buyBoxInner",
    "priceBlock",
    "ebooksPrice_feature_div",
    _MOBILE_BLOCK,
    "mediaNoAccordion",
    "newOfferAccordionRow",
)
_SAVED_BLOCKS = (*_SAVED_IDS, *_STRUCK_BLOCKS)
_KINDLE_SAVED = ".ebooks-price-savings"
_KINDLE_MARK = b"ebooks-price-savings"
_LOWEST = "lowest_30_days"
_LABEL_REACH = 3
_LONGEST_LABEL = 120


def _amount_in(document: Document, node: Node | None) -> Money | None:
    """The first amount of an element."""
    return money(text(node), document.marketplace)


price = Field[Document, Money, Money | None](
    "Centre block's price to pay, the priced ids of 2011 to 2021, the buy box row's price; none while it is a range."
)


@price.source("price block of the centre column")
def _centre_price(document: Document) -> Money | None:
    centre = _centre(document)
    node = first(centre, _TO_PAY) or first(centre, _PLAIN_PRICE)
    return shown(node, document.marketplace)


price.ids(*_LEGACY_IDS, era="2011 to 2021")(_amount_in)


@price.source("row of the buy box")
def _row_price(document: Document) -> Money | None:
    row = offer_box.main_row(document)
    for node in (offer_box.find(document, "corePrice_feature_div", "corePrice_mobile_feature_div"), row):
        found = shown(first(node, _TO_PAY), document.marketplace)
        if found is None and node is not row:
            found = shown(first(node, _PLAIN_PRICE), document.marketplace)
        if found:
            return found
    return None


price.ids(*_BOX_IDS, find=offer_box.find)(_amount_in)


@price.source("row of the buy box before 2021")
def _old_row_price(document: Document) -> Money | None:
    row = offer_box.main_row(document)
    return _amount_in(document, first(row, ".offer-price, .price3P, #usedPrice, .header-price")) or (
        _amount_in(document, first(row, "h5")) if offer_box.row_name(row) else None
    )


@price.source("box of a used item alone")
def _used_price(document: Document) -> Money | None:
    if not offer_box.is_used_only(document):
        return None
    block = document.by_id("usedOnlyBuybox", "usedbuyBox", "usedAccordionRow", "used_buybox_desktop") or offer_box.box(
        document
    )
    return shown(first(block, _PLAIN_PRICE), document.marketplace)


@price.ids("ebooksPrice_feature_div", era="before 2016")
def _ebook_price(document: Document, node: Node) -> Money | None:
    return money(text(first(node, ".kindle-price .a-color-price")), document.marketplace)


@price.source("price block before 2016")
def _legacy_price(document: Document) -> Money | None:
    block = document.by_id(*_LEGACY_BLOCKS)
    return money(text(first(block, ".priceLarge, .a-color-price")), document.marketplace) or (
        money(text(block), document.marketplace) if block is not None and block.tag in {"strong", "span", "b"} else None
    )


@price.source("cart form or metrics")
def _form_price(document: Document) -> Money | None:
    """What the cart form of the row, and the page's own metrics of 2018 to 2020, name as the price."""
    amount = attr(offer_box.find(document, "items[0.base][customerVisiblePrice][amount]"), "value")
    code = attr(offer_box.find(document, "items[0.base][customerVisiblePrice][currencyCode]"), "value")
    metrics = document.by_id("cerberus-data-metrics")
    amount = amount or attr(metrics, "data-asin-price")
    code = code or attr(metrics, "data-asin-currency-code")
    return money(f"{code} {amount}", document.marketplace) if amount and code else None


price.ids(_ALBUM_BOX, era="albums until 2022")(_amount_in)


@price.settle
def _one_price(document: Document, found: Money | None) -> Money | None:
    if document.once(price_range):
        return None
    if found is None and any(text(node) for node in select(_centre(document), _TO_PAY)):
        raise ParseError("the price block holds no readable amount")
    return found


list_price = Field[Document, Money, Money | None](
    "The struck-through price of the centre block, then of the older blocks; none unless it is above the price."
)


@list_price.source("struck price of the centre column")
def _centre_struck(document: Document) -> Money | None:
    struck = document.once(_struck_in_centre)
    return struck.price if struck else None


@list_price.ids(*_LIST_IDS)
def _listed_in(document: Document, node: Node) -> Money | None:
    """Newer pages keep the older blocks for other offers."""
    return _amount_in(document, node) if _centre(document) is None else None


@list_price.ids(*_STRUCK_BLOCKS)
def _struck_in(document: Document, node: Node) -> Money | None:
    return _amount_in(document, first(node, _LEGACY_STRUCK)) if _centre(document) is None else None


@list_price.settle
def _above_price(document: Document, found: Money | None) -> Money | None:
    paid = document.once(price)
    if found and paid and (found.currency != paid.currency or found.amount <= paid.amount):
        return None
    return found


list_price_kind = Field[Document, str, str | None](
    "What the words before the list price call it; none where nothing is before it, or no list price is read."
)


@list_price_kind.source("words before the struck price of the centre column")
def _centre_struck_kind(document: Document) -> str | None:
    struck = document.once(_struck_in_centre)
    return struck.kind if struck else None


@list_price_kind.source("words before the list price of older blocks")
def _older_struck_kind(document: Document) -> str | None:
    """Of the block that gives the list price, by the order of its sources."""
    for name in (*_LIST_IDS, *_STRUCK_BLOCKS):
        node = document.by_id(name)
        if node is not None and name in _LIST_IDS and _listed_in(document, node):
            return _kind_of_struck(document, node)
        if node is not None and name in _STRUCK_BLOCKS and _struck_in(document, node):
            return _kind_of_struck(document, first(node, _LEGACY_STRUCK))
    return None


@list_price_kind.settle
def _of_list_price(document: Document, found: str | None) -> str | None:
    return found if document.once(list_price) else None


savings = Field[Document, Savings, Savings | None](
    'The percentage beside the price, and the amount where the page prints one ("You Save: $15.01 (19%)").'
)


@savings.source("percentage of the centre column")
def _centre_badge(document: Document) -> Savings | None:
    found = percent(text(first(_centre(document), _SAVED_BADGE)))
    return Savings(percent=found) if found else None


@savings.source("row of the centre column")
def _centre_row(document: Document) -> Savings | None:
    for line in map(text, select(_centre(document), "tr")):
        amount, share = money(line, document.marketplace), percent(line)
        if amount and share:
            return Savings(amount=amount, percent=share)
    return None


@savings.source("line of older blocks")
def _older_savings(document: Document) -> Savings | None:
    if _centre(document) is not None:
        return None
    found = (_saved_in(document, document.by_id(name)) for name in _SAVED_BLOCKS)
    return next(filter(None, found), None)


@savings.source("line of a Kindle book")
def _kindle_savings(document: Document) -> Savings | None:
    if not document.holds(_KINDLE_MARK):
        return None
    return _saved_in(document, first(document.root, _KINDLE_SAVED))


def _saved_in(document: Document, node: Node | None) -> Savings | None:
    """The amount right before the share: a book's tab prints the list price in the same line."""
    for line in map(plain_digits, lines(node)):
        saved = _SAVED_SHARE.search(line)
        amounts = moneys(line[: saved.start()], document.marketplace) if saved else ()
        if saved and amounts:
            return Savings(amount=amounts[-1], percent=int(saved[1]))
    return None


price_range = Field[Document, list[Money], PriceRange | None](
    "Two prices with a dash between, in the centre block or the old price id."
)


@price_range.source("range of the centre column")
def _centre_range(document: Document) -> list[Money]:
    spread = first(_centre(document), ".a-price-range")
    pair = [shown(node, document.marketplace) for node in select(spread, ".a-price")] if spread is not None else []
    return [amount for amount in pair if amount]


@price_range.source("priced id, 2011 to 2021")
def _old_range(document: Document) -> list[Money]:
    return list(moneys(text(document.by_id(*_LEGACY_IDS)), document.marketplace))


@price_range.settle
def _spread(_: Document, found: list[Money] | None) -> PriceRange | None:
    if not found or len(found) != 2 or found[0].currency != found[1].currency or found[0].amount >= found[1].amount:  # noqa: PLR2004
        return None
    return PriceRange(min=found[0], max=found[1])


unit_price = Field[Document, UnitPrice, UnitPrice | None](
    'The price for a measure in brackets behind the price: "(57,14 € / kg)".'
)


@unit_price.source("price block of the centre column")
def _centre_measure(document: Document) -> UnitPrice | None:
    return measured_in(document, _centre(document))


@unit_price.ids("corePrice_feature_div", "price", "priceBlock")
def measured_in(document: Document, node: Node | None) -> UnitPrice | None:
    """What a block of prices says for a measure."""
    found = (_per_measure(one, document) for one in select(node, _MEASURES))
    return next(filter(None, found), None)


def _centre(document: Document) -> Node | None:
    return document.once(_find_centre)


def _find_centre(document: Document) -> Node | None:
    """The price block of the centre column: since 2022 there is one for each row of the buy box. Empty blocks stay on the page."""
    own = f"apex_desktop_{attr(offer_box.main_row(document), 'data-a-accordion-row-name')}"
    if document.by_id(own) is not None:
        return _priced(first(document.by_id(own), f"#{name}") for name in _CENTRE)
    if document.once(_opens_with_side_row):
        return None
    return _priced(map(document.by_id, _CENTRE))


def _priced(blocks: Iterable[Node | None]) -> Node | None:
    for node in blocks:
        if first(node, ".a-price") is not None:
            return node
    return None


def _opens_with_side_row(document: Document) -> bool:
    """The centre column repeats the row that is open; where that sells to members alone, or used, a visitor pays the main one's."""
    rows = offer_box.rows(document)
    opened = offer_box.opened(rows) if rows else None
    return opened is not None and offer_box.is_side(opened) and offer_box.main_row(document) != opened


class _Struck(NamedTuple):
    price: Money
    kind: str | None


def _struck_in_centre(document: Document) -> _Struck | None:
    """The struck price; of several the one that is not merely the lowest of 30 days, which the law wants beside it."""
    nodes = {node.mem_id: node for node in select(_centre(document), _STRUCK)}.values()
    found = [
        _Struck(price, _kind_of_struck(document, node))
        for node in nodes
        if (price := shown(node, document.marketplace)) is not None
    ]
    return next((one for one in found if one.kind != _LOWEST), found[0] if found else None)


def _kind_of_struck(document: Document, node: Node | None) -> str | None:
    """By the words before it, in its own element or one of the next around it."""
    for _ in range(_LABEL_REACH):
        node = node.parent if node is not None else None
        words = text(node)[:_LONGEST_LABEL].lower()
        found = kind_of_list_price(words, document.spoken)
        if found:
            return found
    return None


def _per_measure(node: Node, document: Document) -> UnitPrice | None:
    line = text(node)
    amounts = moneys(line, document.marketplace)
    _, slash, measure = line.rpartition("/")
    per = measure.strip(" ()")
    if not amounts or not slash or not per or len(per) > 30:  # noqa: PLR2004 - longer is a sentence, no measure
        return None
    return UnitPrice(amount=amounts[-1].amount, currency=amounts[-1].currency, per=per)
