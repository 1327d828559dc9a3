"""What a product page asks for: price, list price, savings, range, unit price, subscription, coupon, deal."""

import re

from azscraper.errors import ParseError
from azscraper.parse import offer_box
from azscraper.parse.document import Document, Node, attr, first, lines, select, text
from azscraper.parse.offer_box import shown
from azscraper.parse.values import money, moneys, percent, plain_digits
from azscraper.records import Deal, Money, PriceRange, Savings, UnitPrice

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
_STRUCK = '.basisPrice .a-price, .a-price[data-a-strike="true"]'
_LEGACY_STRUCK = ".priceBlockStrikePriceString, .a-text-strike, .listprice, strike"
_MOBILE_BLOCK = "newPitchPriceWrapper_feature_div"  # mobile pages of 2018
_LIST_IDS = ("listPriceValue", "listPrice", "list-price", "digital-list-price", "print-list-price")
_SAVED_IDS = ("youSaveValue", "regularprice_savings", "dealprice_savings", "saleprice_savings", "you-save")
_SAVED_SHARE = re.compile(r"\(%?(\d{1,2}) ?%?\)")
_STRUCK_BLOCKS = (
    "price",
    "unifiedPrice_feature_div",
    "buyBoxInner",
    "priceBlock",
    "ebooksPrice_feature_div",
    _MOBILE_BLOCK,
)
_SAVED_BLOCKS = (*_SAVED_IDS, *_STRUCK_BLOCKS)


def price(document: Document) -> Money | None:
    """Centre block's price to pay, the buy box row's price, the priced ids of 2011 to 2021; None while it is a range."""
    if document.once(price_range):
        return None
    found = next(filter(None, (read(document) for read in _READERS)), None)
    if found is None and _promises_price(document):
        raise ParseError("the price block holds no readable amount")
    return found


def list_price(document: Document) -> Money | None:
    """The struck-through price of the centre block, then of the older blocks; None unless it is above the price."""
    found = _struck(document)
    paid = document.once(price)
    if found and paid and (found.currency != paid.currency or found.amount <= paid.amount):
        return None
    return found


def savings(document: Document) -> Savings | None:
    """The percentage beside the price, and the amount where the page prints one ("You Save: $15.01 (19%)")."""
    centre = _centre(document)
    badge = first(centre, ".savingsPercentage, .apex-savings-percentage")
    if badge is not None:
        found = percent(text(badge))
        return Savings(percent=found) if found else None
    for line in map(text, select(centre, "tr")):
        amount, share = money(line, document.marketplace), percent(line)
        if amount and share:
            return Savings(amount=amount, percent=share)
    for block in map(document.by_id, _SAVED_BLOCKS) if centre is None else ():
        for line in lines(block):
            amount, saved = money(line, document.marketplace), _SAVED_SHARE.search(plain_digits(line))
            if amount and saved:
                return Savings(amount=amount, percent=int(saved[1]))
    return None


def price_range(document: Document) -> PriceRange | None:
    """Two prices with a dash between, in the centre block or the old price id."""
    spread = first(_centre(document), ".a-price-range")
    pair = [shown(node, document.marketplace) for node in select(spread, ".a-price")] if spread is not None else []
    found = [amount for amount in pair if amount]
    if not found:
        found = list(moneys(text(document.by_id(*_LEGACY_IDS)), document.marketplace))
    if len(found) != 2 or found[0].currency != found[1].currency or found[0].amount >= found[1].amount:  # noqa: PLR2004
        return None
    return PriceRange(min=found[0], max=found[1])


def unit_price(document: Document) -> UnitPrice | None:
    """The price for a measure in brackets behind the price: "(57,14 € / kg)"."""
    for block in (_centre(document), document.by_id("corePrice_feature_div"), document.by_id("price", "priceBlock")):
        for node in select(block, ".pricePerUnit, .apex-priceperunit-value, .a-size-mini, .a-size-small"):
            found = _per_measure(node, document)
            if found:
                return found
    return None


def subscribe_and_save(document: Document) -> Money | None:
    """The price of the subscription row of the buy box."""
    for name in ("sns-base-price", "snsDetailPagePrice", "sns-tiered-price", "snsPrice", "subscriptionPrice"):
        found = money(text(document.by_id(name)), document.marketplace)
        if found:
            return found
    row = document.by_id("snsAccordionRowMiddle", "snsAccordionRow", "sns_feature_div")
    return shown(first(row, _PLAIN_PRICE), document.marketplace) if row is not None else None


def coupon(document: Document) -> str | None:
    """The coupon's line beside its check box."""
    for name, node in document.ids.items():
        if name.startswith(("couponText", "couponBadgeRegularVpc")):
            found = text(node)
            if found:
                return found
    return text(first(document.by_id("promoPriceBlockMessage_feature_div", "vpcButton"), ".couponLabelText")) or None


def deal(document: Document) -> Deal | None:
    """The badge above the price."""
    label = text(document.by_id("dealBadgeSupportingText")) or text(
        first(document.by_id("dealBadge_feature_div"), ".dealBadgeTextColor, .dealBadgeSupportingText")
    )
    return Deal(label=label) if label else None


def _centre(document: Document) -> Node | None:
    """The price block of the centre column; ids alone do not tell, as empty blocks stay on the page."""
    if document.once(_opens_with_members_price):
        return None
    for name in _CENTRE:
        node = document.by_id(name)
        if first(node, ".a-price") is not None:
            return node
    return None


def _opens_with_members_price(document: Document) -> bool:
    """The centre column repeats the first row; where that sells to Prime members alone, a visitor pays the next one's."""
    row = first(offer_box.box(document), "[data-a-accordion-row-name]")
    name = (attr(row, "data-a-accordion-row-name") or "").lower()
    return name.startswith("primesavings") and offer_box.main_row(document) != row


def _centre_price(document: Document) -> Money | None:
    centre = _centre(document)
    node = first(centre, _TO_PAY) or first(centre, _PLAIN_PRICE)
    return shown(node, document.marketplace)


def _row_price(document: Document) -> Money | None:
    row = offer_box.main_row(document)
    for node in (offer_box.find(document, "corePrice_feature_div", "corePrice_mobile_feature_div"), row):
        found = shown(first(node, _TO_PAY), document.marketplace)
        if found is None and node is not row:
            found = shown(first(node, _PLAIN_PRICE), document.marketplace)
        if found:
            return found
    for name in _BOX_IDS:
        found = money(text(offer_box.find(document, name)), document.marketplace)
        if found:
            return found
    return money(text(first(row, ".offer-price, .price3P, #usedPrice, .header-price")), document.marketplace)


def _priced_id(document: Document) -> Money | None:
    for name in _LEGACY_IDS:
        found = money(text(document.by_id(name)), document.marketplace)
        if found:
            return found
    return None


def _legacy_price(document: Document) -> Money | None:
    found = money(
        text(first(document.by_id("ebooksPrice_feature_div"), ".kindle-price .a-color-price")), document.marketplace
    )
    if found:
        return found
    block = document.by_id(*_LEGACY_BLOCKS)
    return money(text(first(block, ".priceLarge, .a-color-price")), document.marketplace) or (
        money(text(block), document.marketplace) if block is not None and block.tag in {"strong", "span", "b"} else None
    )


def _form_price(document: Document) -> Money | None:
    """What the cart form of the row, and the page's own metrics of 2018 to 2020, name as the price."""
    amount = attr(offer_box.find(document, "items[0.base][customerVisiblePrice][amount]"), "value")
    code = attr(offer_box.find(document, "items[0.base][customerVisiblePrice][currencyCode]"), "value")
    metrics = document.by_id("cerberus-data-metrics")
    amount = amount or attr(metrics, "data-asin-price")
    code = code or attr(metrics, "data-asin-currency-code")
    return money(f"{code} {amount}", document.marketplace) if amount and code else None


_READERS = (_centre_price, _priced_id, _row_price, _legacy_price, _form_price)


def _promises_price(document: Document) -> bool:
    return any(text(node) for node in select(_centre(document), _TO_PAY))


def _struck(document: Document) -> Money | None:
    centre = _centre(document)
    if centre is not None:
        return shown(first(centre, _STRUCK), document.marketplace)
    for name in _LIST_IDS:
        found = money(text(document.by_id(name)), document.marketplace)
        if found:
            return found
    for block in map(document.by_id, _STRUCK_BLOCKS):
        found = money(text(first(block, _LEGACY_STRUCK)), document.marketplace)
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
