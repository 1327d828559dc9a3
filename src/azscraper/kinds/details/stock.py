"""Whether a product can be had, how many, when, and why there may be no price."""

import re
from collections.abc import Iterator
from decimal import Decimal

from azscraper.kinds.details import offer_box
from azscraper.kinds.details import price as product_price
from azscraper.parse.delivery.dates import delivery_days
from azscraper.parse.document import Document, Node, attr, first, lines, select, text
from azscraper.parse.remembered import remembered
from azscraper.parse.sources import Field
from azscraper.parse.stock import quantity, says, status_of
from azscraper.parse.values import integer, money
from azscraper.records.parts import Availability, AvailabilityStatus, Delivery, Money, OfferState

_AVAILABILITY = (
    "availability",
    "outOfStock",
    "availabilityInsideBuyBox_feature_div",
    "availability-string",
    "availability_feature_div",
    "scarcity",
    "ddmAvailabilityMessage",
)
_NOT_FOR_SALE = "This title is not currently available for purchase"
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
    "mir-layout-DELIVERY_BLOCK-slot-DELIVERY_MESSAGE",
    "mir-layout-DELIVERY_BLOCK-slot-NO_PROMISE_UPSELL_MESSAGE",  # to other countries: what it costs, and no day
    "alm-delivery-message",
    "ddmDeliveryMessage",
    "dynamicDeliveryMessage",
    "delivery-message",
    "fast-track-message",
    "ftMessage",
)
_STATUS = ".primary-availability-message, .a-color-success, .a-color-price, .a-color-state, .a-color-error, .a-text-bold, .availRed, .availGreen"
_LONGEST_STATUS = 200
_FREE = frozenset({"FREE", "GRATIS", "GRÁTIS", "GRATUITE", "GRATUITA", "KOSTENFREI", "KOSTENLOSE", "0"})
_DETAILS = re.compile(
    r"[ .]{0,3}(?:Details|Détails|Dettagli|Detalles|Ver detalles|Ver detalhes|Voir les détails|Vedi dettagli|Siehe Details|Detalhes|Szczegóły|Detaljer|Ayrıntılar|詳細を見る|詳細|Learn more|Mehr erfahren|Weitere Informationen|En savoir plus|Maggiori informazioni|Más información|Saiba mais|Meer informatie)\.?$"
)
_COUNTDOWN = re.compile(
    r"[.,]?\s[^\W\d_a-zà-ÿ][^\W\d_][\w’'-]*(?:\s[^\W\d_]+){1,4}?\s\d{1,2}\s?(?:h|hrs?|hours?|mins?|minutes?|[Ss]td|[Ss]tdn|[Ss]tunden?|[Mm]in|"
    r"[Mm]inuten|heures?|or[ea]|horas?|minut[io]s?|uur|uren|tim|timmar|minuter|godz|saat|dk)(?![^\W_]).{0,24}$"
    r"|[.,]?\s\d{1,2}\s?(?:saat|sa|dakika|dk)(?![^\W_]).{0,12}içinde.{0,24}$"
    r"|[.,،]?\sاطل\w+ (?:خلال|في غضون) .{0,40}$"
    r"|[。.]?\s?\d{1,2}\s?(?:時間|分)[^。]{0,16}以内[^。]{0,16}。?$"
)  # "Order within 8 hrs 9 mins": another minute, another text
_SHIPPING_MESSAGES = (
    "price-shipping-message",
    "ourprice_shippingmessage",
    "dealprice_shippingmessage",
    "saleprice_shippingmessage",
    "shippingMessageInsideBuyBox_feature_div",
    "actualPriceExtraMessaging",
)
_LONGEST_COST = 30  # a longer line with an amount is a condition ("on orders over $25") or holds import fees


availability = Field[Document, str, Availability | None](
    "The availability line of the buy box row, then of the page; its words give the status, its number the quantity."
)


@availability.ids(*_AVAILABILITY, find=offer_box.find)
def _status_line(_: Document, node: Node) -> str:
    """The status line, without the shipping and popover texts that stand under it."""
    line = text(first(node, _STATUS))
    return line or next((line for line in lines(node) if len(line) <= _LONGEST_STATUS), "")


def told_by(node: Node | None, document: Document) -> Availability | None:
    """What an availability block says that is not the one of the record: of another row of the buy box."""
    return _availability(document, _status_line(document, node)) if node is not None else None


@availability.source("line before 2015")
def _legacy_availability(document: Document) -> str:
    """Until 2014 the line has a class alone; that of a Kindle book that is not sold has none."""
    if document.by_id("btAsinTitle") is None:
        return ""
    found = document.whole(_LEGACY_AVAILABILITY)
    if found:
        return text(found[0])
    return _NOT_FOR_SALE if document.holds(_NOT_FOR_SALE.encode()) else ""


@availability.settle
def _availability(document: Document, line: str | None) -> Availability | None:
    if not line:
        return None
    site = document.marketplace.languages[0]  # for pages that name another language than they speak
    status = status_of(line, document.spoken) or status_of(line, site) or AvailabilityStatus.UNKNOWN
    if status is AvailabilityStatus.OUT_OF_STOCK:
        status = status_of(document.once(_availability_words), document.spoken) or status
    return Availability(
        status=status, text=line, quantity=quantity(line) if status is AvailabilityStatus.LOW_STOCK else None
    )


offer_state = Field[Document, OfferState, OfferState](
    "A price, else what the availability line says, else what the buy box offers instead of a price.",
    empty=OfferState.NONE,
)


@offer_state.source("price")
def _featured(document: Document) -> OfferState | None:
    return OfferState.FEATURED_OFFER if document.once(product_price.price) else None


@offer_state.source("words of availability and delivery")
def _refusal(document: Document) -> OfferState | None:
    found = document.once(availability)
    if says((found.text if found else None) or "", document.spoken, "not_shippable") or _blocks_delivery(document):
        return OfferState.NOT_SHIPPABLE
    return OfferState.UNAVAILABLE if found and found.status is AvailabilityStatus.UNAVAILABLE else None


@offer_state.source("what the buy box offers instead")
def _alternative(document: Document) -> OfferState | None:
    if document.once(product_price.price_range) or document.by_id(*_SELECT) is not None:
        return OfferState.SELECT_VARIANT
    if document.by_id(*_SEE_ALL) is not None:
        return OfferState.SEE_ALL_BUYING_OPTIONS
    stock = document.once(availability)
    if stock and stock.status is AvailabilityStatus.OUT_OF_STOCK:
        return OfferState.UNAVAILABLE
    hides_price = bool(text(document.by_id("priceNotAvailable_feature_div")))
    return OfferState.WITHHELD if hides_price or _withholds(document) else None


delivery = Field[Document, Delivery, Delivery | None](
    "The first delivery message of the buy box; its price and days from the message's own data, else from its words."
)


@delivery.ids(*_DELIVERY, find=offer_box.find)
def _promised(document: Document, slot: Node) -> Delivery | None:
    return promised(first(slot, "[data-csa-c-delivery-time]") or slot, document)


@delivery.ids("price-block", era="phones until 2014")
def _in_price_block(document: Document, node: Node) -> Delivery | None:
    """A paragraph of its own: "Want it delivered by Thursday, Feb 14?"."""
    found = (promised(line, document) for line in select(node, "p"))
    return next((one for one in found if one and one.latest), None)


@delivery.source("words beside the price")
def _beside_price(document: Document) -> Delivery | None:
    """Of 2013 to 2021: "+ $5.39 shipping", "& FREE Shipping"; what members of Prime pay is nobody else's price."""
    for printed in _printed_beside_price(document):
        line = _without_details(printed).strip("+&. ")
        shown = money(line, document.marketplace)
        if "prime" not in line.lower() and (shown or says(line, document.spoken, "free_delivery")):
            is_cost = not shown or len(line) <= _LONGEST_COST
            return Delivery(text=line, price=_delivery_price("", line, document) if is_cost else None)
    return None


def promised(message: Node, document: Document) -> Delivery | None:
    """The promise of one message: from its own data where it has some, else from its words; None for a refusal to deliver."""
    line = _first_promise(message, document)
    if not line or says(line, document.spoken, "not_shippable"):
        return None
    told_day = attr(message, "data-csa-c-delivery-time") or ""
    days = _days(told_day, document)
    earliest, latest = days if any(days) else _days(line, document)
    price = _price_of(attr(message, "data-csa-c-delivery-price") or "", line, document)
    told = _without_countdown(line) if told_day or earliest or latest else line
    return Delivery(text=told or line, earliest=earliest, latest=latest, price=price)


@remembered
def _without_details(line: str) -> str:
    return _DETAILS.sub("", line)


@remembered
def _without_countdown(line: str) -> str:
    return _COUNTDOWN.sub("", line).rstrip(" (（")


def _days(line: str, document: Document) -> tuple[str | None, str | None]:
    return delivery_days(line, document.spoken, document.served)


def _first_promise(message: Node | None, document: Document) -> str:
    """Of 2020 two promises stand one below the other: "Lieferung: Montag, 7. Dez.", "Schnellste Lieferung: ..."."""
    printed = lines(message)
    if len(printed) > 1 and all(any(_days(_without_details(line), document)) for line in printed[:2]):
        return _without_details(printed[0])
    return _without_details(" ".join(printed))


def _price_of(printed: str, line: str, document: Document) -> Money | None:
    if printed or says(line, document.spoken, "free_delivery") or money(line, document.marketplace):
        return _delivery_price(printed, line, document)
    return _printed_cost(line, document)


def _printed_cost(promise: str, document: Document) -> Money | None:
    """The cost beside the price, of 2013 to 2021, is that of standard shipping.

    "Want it tomorrow? Choose One-Day Shipping" is a promise of another, dearer way.
    """
    is_standard = says(promise, document.spoken, "standard_delivery")
    if not is_standard and ("?" in promise or "checkout" in promise):
        return None
    beside = document.once(_beside_price)
    return beside.price if beside else None


def _printed_beside_price(document: Document) -> Iterator[str]:
    """A used item alone has the cost in the first line of its box."""
    for name in _SHIPPING_MESSAGES:
        yield next(iter(lines(offer_box.find(document, name))), "")
    yield text(first(offer_box.find(document, "soldByThirdParty"), ".shipping3P"))
    used = document.by_id("usedbuyBox") if offer_box.is_used_only(document) else None
    head = next(iter(lines(used)), "")
    yield head if head.startswith("+") else ""


max_quantity = Field[Document, int, int | None](
    'The last number of the quantity list; none where the list ends with "10+", which asks for any number.'
)


@max_quantity.source("list of quantities")
def _most(document: Document) -> int | None:
    listed = offer_box.find(document, "quantity", "mobileQuantityDropDown")
    options = select(listed, "option") or select(offer_box.main_row(document), 'select[name="quantity"] option')
    if options and text(options[-1]).endswith("+"):
        return None
    numbers = [found for node in options if (found := integer(attr(node, "value") or ""))]
    return max(numbers, default=None)


def _availability_words(document: Document) -> str:
    """All that stands in the block: "Order now and we'll deliver when available" is no part of the status line."""
    return next(filter(None, (text(offer_box.find(document, name)) for name in _AVAILABILITY)), "")[:_LONGEST_STATUS]


def _blocks_delivery(document: Document) -> bool:
    node = document.by_id(
        "deliveryBlockMessage", "exports_desktop_undeliverable_buybox", "undeliverable_buybox_desktop"
    )
    return says(text(node), document.spoken, "not_shippable")


def _withholds(document: Document) -> bool:
    """The page has its product, and where the buy box stands there is none or one without an offer."""
    whole = offer_box.box(document)
    return (
        document.by_id("productTitle", "dpSorryPage") is not None
        and first(whole, "input[name*=add-to-cart], .a-price") is None
    )


def _delivery_price(printed: str, line: str, document: Document) -> Money | None:
    """None where delivery is free from an amount on: what it costs for one is not said."""
    shown = money(line, document.marketplace)
    if printed.upper() in _FREE or says(line, document.spoken, "free_delivery"):
        return None if shown else Money(amount=Decimal(0), currency=document.marketplace.currency)
    return money(printed, document.marketplace) or shown
