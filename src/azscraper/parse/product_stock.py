"""Whether a product can be had, how many, when, and why there may be no price."""

import re
from decimal import Decimal

from azscraper.marketplaces import phrases_for
from azscraper.parse import offer_box, product_price
from azscraper.parse.document import Document, Node, attr, first, lines, select, text
from azscraper.parse.values import integer, money, plain_digits
from azscraper.records import Availability, AvailabilityStatus, Delivery, Money, OfferState

_AVAILABILITY = (
    "availability",
    "outOfStock",
    "availabilityInsideBuyBox_feature_div",
    "availability_feature_div",
    "scarcity",
    "ddmAvailabilityMessage",
)
_LEGACY_AVAILABILITY = ".availGreen, .availRed, .availOrange, .availOrangeLg, .pa_avail"
_SEE_ALL = (
    "buybox-see-all-buying-choices",
    "unqualifiedBuyBox",
    "unqualifiedBuyBox_feature_div",
    "buybox-see-all-buying-choices-announce",
)
_SELECT = ("partialStateBuybox", "partialStateBuyBox_feature_div", "partialStateBuyboxForMerch")
_DELIVERY_SLOT = "mir-layout-DELIVERY_BLOCK-slot-PRIMARY_DELIVERY_MESSAGE_LARGE"
_DELIVERY = (
    _DELIVERY_SLOT,
    "mir-layout-DELIVERY_BLOCK-slot-PRIMARY_DELIVERY_MESSAGE_MEDIUM",
    "mir-layout-DELIVERY_BLOCK-slot-PRIMARY_DELIVERY_MESSAGE_SMALL",
    "ddmDeliveryMessage",
    "dynamicDeliveryMessage",
    "delivery-message",
    "fast-track-message",
)
_STATUS = ".primary-availability-message, .a-color-success, .a-color-price, .a-color-state, .a-color-error, .a-text-bold, .availRed, .availGreen"
_LONGEST_STATUS = 200
_FREE = frozenset({"FREE", "GRATIS", "GRÁTIS", "GRATUITE", "GRATUITA", "KOSTENFREI", "KOSTENLOSE", "0"})
_DETAILS = re.compile(
    r"[ .]{0,3}(?:Details|Détails|Dettagli|Detalles|Ver detalles|Siehe Details|Detalhes|Szczegóły|Detaljer|Ayrıntılar|詳細)\.?$"
)
_FIRST_NUMBER = re.compile(r"\d+")
_MANY = 1000  # a quantity above is a price or a date, not what is left


def availability(document: Document) -> Availability | None:
    """The availability line of the buy box row, then of the page; its words give the status, its number the quantity."""
    line = document.once(_availability_line)
    if not line:
        return None
    status = _status(line, document.language)
    return Availability(
        status=status, text=line, quantity=_quantity(line) if status is AvailabilityStatus.LOW_STOCK else None
    )


def offer_state(document: Document) -> OfferState:
    """A price, else what the buy box offers instead of one, else what the availability line says."""
    if document.once(product_price.price):
        return OfferState.FEATURED_OFFER
    return _refusal(document) or _alternative(document) or OfferState.NONE


def delivery(document: Document) -> Delivery | None:
    """The first delivery message of the buy box, its price from the message's own data."""
    slot = offer_box.find(document, *_DELIVERY)
    message = first(slot, "[data-csa-c-delivery-time]") or slot
    line = _DETAILS.sub("", text(message))
    if not line:
        return None
    return Delivery(text=line, price=_delivery_price(attr(message, "data-csa-c-delivery-price") or "", line, document))


def max_quantity(document: Document) -> int | None:
    """The last number of the quantity list."""
    options = select(offer_box.find(document, "quantity"), "option")
    numbers = [found for node in options if (found := integer(attr(node, "value") or ""))]
    return max(numbers, default=None)


def _refusal(document: Document) -> OfferState | None:
    line = document.once(_availability_line)
    if _says(line, document.language, "not_shippable") or _blocks_delivery(document):
        return OfferState.NOT_SHIPPABLE
    found = document.once(availability)
    return OfferState.UNAVAILABLE if found and found.status is AvailabilityStatus.UNAVAILABLE else None


def _alternative(document: Document) -> OfferState | None:
    if document.once(product_price.price_range) or document.by_id(*_SELECT) is not None:
        return OfferState.SELECT_VARIANT
    if document.by_id(*_SEE_ALL) is not None:
        return OfferState.SEE_ALL_BUYING_OPTIONS
    hides_price = bool(text(document.by_id("priceNotAvailable_feature_div")))
    return OfferState.WITHHELD if hides_price or _withholds(document) else None


def _availability_line(document: Document) -> str:
    for name in _AVAILABILITY:
        line = _sentence(offer_box.find(document, name))
        if line:
            return line
    for node in document.whole(_LEGACY_AVAILABILITY) if document.by_id("btAsinTitle") is not None else []:
        return text(node)
    return ""


def _sentence(node: Node | None) -> str:
    """The status line, without the shipping and popover texts that stand under it."""
    line = text(first(node, _STATUS))
    return line or next((line for line in lines(node) if len(line) <= _LONGEST_STATUS), "")


def _status(line: str, language: str | None) -> AvailabilityStatus:
    """Order matters: "currently unavailable" holds "available", "temporarily out of stock" holds "stock"."""
    if _says(line, language, "unavailable") or _says(line, language, "not_shippable"):
        return AvailabilityStatus.UNAVAILABLE
    if _says(line, language, "out_of_stock"):
        return AvailabilityStatus.OUT_OF_STOCK
    if _says(line, language, "preorder"):
        return AvailabilityStatus.PREORDER
    if _says(line, language, "few_left") and _quantity(line) is not None:
        return AvailabilityStatus.LOW_STOCK
    if _says(line, language, "backorder"):
        return AvailabilityStatus.BACKORDER
    return AvailabilityStatus.IN_STOCK if _says(line, language, "in_stock") else AvailabilityStatus.UNKNOWN


def _says(line: str, language: str | None, kind: str) -> bool:
    folded = line.lower()
    own = phrases_for(language)[:2]
    return any(phrase in folded for phrases in own for phrase in getattr(phrases, kind))


def _quantity(line: str) -> int | None:
    match = _FIRST_NUMBER.search(plain_digits(line))
    return int(match[0]) if match and len(match[0]) < len(str(_MANY)) else None


def _blocks_delivery(document: Document) -> bool:
    node = document.by_id(
        "deliveryBlockMessage", "exports_desktop_undeliverable_buybox", "undeliverable_buybox_desktop"
    )
    return _says(text(node), document.language, "not_shippable")


def _withholds(document: Document) -> bool:
    """The page has its product, and where the buy box stands there is none or one without an offer."""
    whole = offer_box.box(document)
    return document.by_id("productTitle") is not None and first(whole, "input[name*=add-to-cart], .a-price") is None


def _delivery_price(printed: str, line: str, document: Document) -> Money | None:
    if printed.upper() in _FREE or _says(line, document.language, "free_delivery"):
        return Money(amount=Decimal(0), currency=document.marketplace.currency)
    return money(printed, document.marketplace) or money(line, document.marketplace)
