"""What an offer of a list says of itself: condition, price, delivery, stock."""

import re
from collections.abc import Iterator
from decimal import Decimal

from azscraper.kinds.details.offer import state_of
from azscraper.kinds.details.offer_box import shown
from azscraper.kinds.details.price import measured_in
from azscraper.kinds.details.stock import promised
from azscraper.kinds.offers.listed import Listed
from azscraper.marketplaces import asin_from_url, phrase_pattern
from azscraper.parse.delivery.dates import delivery_days
from azscraper.parse.delivery.price import is_for_members
from azscraper.parse.document import Document, Node, attr, first, lines, select, text
from azscraper.parse.sources import Field
from azscraper.parse.stock import quantity, says, status_of
from azscraper.parse.values import integer, money, percent, plain_digits
from azscraper.records.page_parts import DeliveryPromise
from azscraper.records.parts import (
    Availability,
    AvailabilityStatus,
    Condition,
    ConditionState,
    Money,
    Savings,
    UnitPrice,
)

_OLD_HEADING = "olpCondition"
_WHOLE_NOTE = ".expandable-expanded-text, .a-truncate-full"
_OLD_NOTE = ".comments"
_TOGGLES = "span, a"
_PLAIN = ".a-price:not(.a-text-price)"
_STRUCK = '.basisPrice .a-price, .a-price[data-a-strike="true"], .a-text-price'
_SAVED = ".savingsPercentage, .savingPercent"
_MESSAGES = "[data-csa-c-delivery-price], [data-csa-c-delivery-time]"
_SLOTS = (("delivery-message", "standard"), ("upsell-message", "fastest"))
_SHIP_LINE = ".aod-ship-charge, [id=aod-offer-shipping-price]"
_ADDED = "span > span.a-color-secondary"
_OLD_SHIPPING = "olpShippingInfo"
_OLD_DELIVERY = "olpDeliveryColumn"
_OLD_PROMISE = '.a-expander-content, [id$="DeliveryOptionSpan"]'
_OLD_TAX = "olpEstimatedTaxText"
_ASIN_INPUT = "ftSelectAsin"
_ASIN_NAMES = frozenset({"discoveredAsins.0", "canonicalAsin.0", "ASIN"})
_METRIC = "metric-asin."
_KEY_NAME = "offeringID.1"
_KEY_IN_NAME = "offerListingI"
_PRIME = 'i.a-icon-prime, .a-icon-prime-jp, .a-icon-prime-with-text, .supersaver img[alt*="Prime"]'
_COUPON = '[id^="couponText"], [id^="couponBadge"], .couponLabelText, [id*="coupon"] .a-checkbox-label'
_QUANTITY = 'select[name*="uantity"]'
_RENT = phrase_pattern("rent")
_MEMBERS = re.compile(r"(?<!\w)prime(?!\w)|プライム会員", re.IGNORECASE)

asin = Field[Listed, str, str | None]("Of the offer's own form, else of its links.")


@asin.source("form of the offer")
def _form_asin(offer: Listed) -> str | None:
    found = offer.input(lambda id_, name: id_ == _ASIN_INPUT or name in _ASIN_NAMES)
    return found if found and len(found) == 10 else None  # noqa: PLR2004 - an ASIN


@asin.source("name of a field of the form")
def _metric_asin(offer: Listed) -> str | None:
    return offer.input_name(_METRIC).removeprefix(_METRIC).strip() or None


@asin.source("link of the offer")
def _linked_asin(offer: Listed) -> str | None:
    return asin_from_url(attr(first(offer.node, 'a[href*="asin="]'), "href") or "")


offer_id = Field[Listed, str, str | None]("The key in the form that puts the offer into the cart.")


@offer_id.source("form of the offer")
def _form_key(offer: Listed) -> str | None:
    return offer.input(lambda _, name: name == _KEY_NAME or _KEY_IN_NAME in name)


@offer_id.source("data of the button, from 2022")
def _data_key(offer: Listed) -> str | None:
    button = first(offer.node, "[data-aod-atc-action]")
    found = re.search(r'"oid"\s?:\s?"([^"]{20,400})"', attr(button, "data-aod-atc-action") or "")
    return found[1] if found else None


condition = Field[Listed, str, Condition | None]("The heading of the offer, and what its seller says of the item.")


@condition.source("heading")
def _heading(offer: Listed) -> str:
    return text(offer.old_part(_OLD_HEADING) if offer.is_old else offer.part("aod-offer-heading"))


@condition.settle
def _condition(offer: Listed, words: str | None) -> Condition | None:
    if not words:
        return None
    state = state_of(words, offer.document) or ("rental" if _RENT.search(words) else "unknown")
    return Condition(state=ConditionState(state), text=words, note=_note(offer))


def _note(offer: Listed) -> str | None:
    """The whole of it: what is drawn short stands beside it, and a label before it."""
    if offer.is_old:
        printed = (" ".join(lines(block, without=_TOGGLES)) for block in _old_notes(offer))
        return next(filter(None, printed), None)
    box = offer.part("aod-condition-container")
    return text(first(box, _WHOLE_NOTE)) or text(first(box, ".expandable-text, .a-col-right")) or None


def _old_notes(offer: Listed) -> Iterator[Node | None]:
    notes = select(offer.node, _OLD_NOTE)
    if notes:
        yield next((whole for note in notes if (whole := first(note, ".expandedNote")) is not None), None)
        yield first(offer.node, f"noscript {_OLD_NOTE}")
        yield notes[0]


price = Field[Listed, Money, Money | None]("What one unit costs; none where a loan is drawn as zero.")


@price.source("price of the panel")
def _panel_price(offer: Listed) -> Money | None:
    block = offer.part("aod-price", "aod-offer-price")
    return shown(first(block, _PLAIN), offer.document.marketplace)


@price.source("price of the page, before 2020")
def _page_price(offer: Listed) -> Money | None:
    return money(text(offer.old_part("olpOfferPrice")), offer.document.marketplace)


@price.settle
def _paid(offer: Listed, found: Money | None) -> Money | None:
    if found is None and any(map(str.isdigit, plain_digits(text(offer.part("aod-price"))))):
        offer.unread.append("price")
    return found if found and found.amount > 0 else None


unit_price = Field[Listed, UnitPrice, UnitPrice | None]("The price for a measure in brackets behind the price.")


@unit_price.source("brackets behind the price")
def _measured(offer: Listed) -> UnitPrice | None:
    return measured_in(offer.document, offer.part("aod-price", "aod-offer-price"))


coupon = Field[Listed, str, str | None]("The line of a coupon on the offer, without the link to its terms.")


@coupon.source("line of the coupon")
def _coupon_line(offer: Listed) -> str | None:
    node = first(offer.node, _COUPON) if offer.document.once(_has_coupons) else None
    line = " ".join(lines(node, without="a")).strip(" |")
    return line if any(map(str.isdecimal, line)) else None


def _has_coupons(document: Document) -> bool:
    return document.holds(b"oupon")


def _has_messages(document: Document) -> bool:
    return document.holds(b"data-csa-c-delivery-")


def _has_struck(document: Document) -> bool:
    return document.holds(b"a-text-price", b"basisPrice", b"data-a-strike")


def _has_shares(document: Document) -> bool:
    return document.holds(b"savingsPercentage", b"savingPercent")


def _has_choices(document: Document) -> bool:
    return document.holds(b"<select")


list_price = Field[Listed, Money, Money | None]("The struck price beside it.")


@list_price.source("struck price")
def _struck(offer: Listed) -> Money | None:
    block = offer.part("aod-price")
    found = first(block, _STRUCK) if block is not None and offer.document.once(_has_struck) else None
    return shown(found, offer.document.marketplace)


savings = Field[Listed, int, Savings | None]("The share that the list prints, and the amount that its two prices make.")


@savings.source("printed share")
def _saved(offer: Listed) -> int | None:
    block = offer.part("aod-price")
    said = text(first(block, _SAVED)) if block is not None and offer.document.once(_has_shares) else ""
    return percent(said) if said else None


@savings.settle
def _savings(offer: Listed, share: int | None) -> Savings | None:
    listed, paid = offer.once(list_price), offer.once(price)
    if listed is None or paid is None or listed.currency != paid.currency or listed.amount <= paid.amount:
        return None
    return Savings(amount=Money(amount=listed.amount - paid.amount, currency=paid.currency), percent=share)


deliveries = Field[Listed, tuple[DeliveryPromise, ...], tuple[DeliveryPromise, ...]](
    "The promises of the offer: the usual one, and the fastest where there is another.", empty=()
)


@deliveries.source("messages with data, from 2021")
def _told(offer: Listed) -> tuple[DeliveryPromise, ...]:
    is_new = not offer.is_old and offer.document.once(_has_messages)
    messages = {node.mem_id: node for node in select(offer.node, _MESSAGES)} if is_new else {}
    kinds = ("standard", "fastest")
    found = (_promise(node, kind, offer) for node, kind in zip(messages.values(), kinds, strict=False))
    return tuple(one for one in found if one)


@deliveries.source("messages by id, until 2021")
def _slots(offer: Listed) -> tuple[DeliveryPromise, ...]:
    found = (_promise(offer.part(name), kind, offer) for name, kind in _SLOTS)
    return tuple(one for one in found if one)


@deliveries.source("lines of the page, before 2020")
def _old_lines(offer: Listed) -> tuple[DeliveryPromise, ...]:
    column = (offer.old_part("olpFastTrack") or first(offer.node, "#promiseBullets")) if offer.is_old else None
    for item in select(column, "li"):
        promise = first(item, _OLD_PROMISE) or item
        line, document = text(promise), offer.document
        names_day = any(delivery_days(line, document.spoken, document.served))
        is_promise = names_day and status_of(line, document.spoken) is None
        one = _promise(promise, "standard", offer) if is_promise else None
        if one and one.latest:
            return (one,)
    return ()


def _promise(node: Node | None, kind: str, offer: Listed) -> DeliveryPromise | None:
    if node is None or "aok-hidden" in (attr(node, "class") or "").split():
        return None
    told = promised(node, offer.document)
    if told is None:
        return None
    members = _MEMBERS.search(told.text) is not None
    told = told.model_copy(update={"price": None}) if members else told
    return DeliveryPromise(kind="prime" if members else kind, **dict(told))


shipping = Field[Listed, Money, Money | None](
    "What delivery costs: a line of its own beside the price, else the usual promise."
)


@shipping.source("line beside the price")
def _ship_line(offer: Listed) -> Money | None:
    node = offer.old_part(_OLD_SHIPPING) if offer.is_old else first(offer.node, _SHIP_LINE)
    line = " ".join(lines(node, without=f".{_OLD_TAX}"))
    if not line or is_for_members(line):
        return None
    if says(line, offer.document.spoken, "free_delivery"):
        return None if money(line, offer.document.marketplace) else _nothing(offer)
    return money(line, offer.document.marketplace)


@shipping.source("usual promise")
def _promised(offer: Listed) -> Money | None:
    return next((one.price for one in offer.once(deliveries) if one.kind == "standard"), None)


@shipping.source("line with a plus, 2021")
def _added(offer: Listed) -> Money | None:
    lines_beside = () if offer.is_old else map(text, select(offer.node, _ADDED))
    line = next((line for line in lines_beside if line.startswith("+")), None)
    return money(line, offer.document.marketplace) if line else None


price_tax = Field[Listed, str, Money | None]("The estimate of the tax, of pages before 2020 in the USA.")


@price_tax.source("line of the tax, before 2020")
def _tax_line(offer: Listed) -> str:
    return text(offer.old_part(_OLD_TAX))


@price_tax.settle
def _tax(offer: Listed, line: str | None) -> Money | None:
    return money(line, offer.document.marketplace) if line else None


def _nothing(offer: Listed) -> Money:
    paid = offer.once(price)
    return Money(amount=Decimal(0), currency=paid.currency if paid else offer.document.marketplace.currency)


availability = Field[Listed, str, Availability | None]("The line on stock, where an offer has one.")


@availability.source("line of the panel")
def _stock_line(offer: Listed) -> str:
    return text(offer.part("aod-offer-availability"))


@availability.source("lines of the page, before 2020")
def _old_stock(offer: Listed) -> str | None:
    if not offer.is_old:
        return None
    line = text(offer.old_part("olpAvailability"))
    if line and status_of(line, offer.document.spoken):
        return line
    printed = map(text, select(offer.node, ".a-expander-content"))
    return next((line for line in printed if line and status_of(line, offer.document.spoken)), None)


@availability.source("list of the column, 2013 to 2015")
def _listed_stock(offer: Listed) -> str | None:
    items = select(offer.old_part(_OLD_DELIVERY), "li > .a-list-item")
    printed = (next(iter(lines(item)), "") for item in items)
    return next((line for line in printed if line and status_of(line, offer.document.spoken)), None)


@availability.settle
def _availability(offer: Listed, line: str | None) -> Availability | None:
    if not line:
        return None
    status = status_of(line, offer.document.spoken) or AvailabilityStatus.UNKNOWN
    left = quantity(line) if status is AvailabilityStatus.LOW_STOCK else None
    return Availability(status=status, text=line, quantity=left)


min_quantity = Field[Listed, int, int | None]("The first number of the list of quantities, where it is not one.")
max_quantity = Field[Listed, int, int | None](
    'The last number of the list of quantities; none of a list that ends with "10+".'
)


@min_quantity.source("list of quantities")
def _least(offer: Listed) -> int | None:
    least = min(offer.once(_quantities), default=1)
    return least if least > 1 else None


@max_quantity.source("list of quantities")
def _most(offer: Listed) -> int | None:
    return max(offer.once(_quantities), default=None)


def _quantities(offer: Listed) -> tuple[int, ...]:
    options = select(first(offer.node, _QUANTITY), "option") if offer.document.once(_has_choices) else []
    if options and text(options[-1]).endswith("+"):
        options = options[:1]
    return tuple(found for node in options if (found := integer(attr(node, "value") or text(node))))


is_prime = Field[Listed, bool, bool | None]("True where the offer shows the Prime badge.")


@is_prime.source("badge")
def _badge(offer: Listed) -> bool | None:
    has_badge = offer.document.once(_has_badges) and first(offer.node, _PRIME) is not None
    return True if has_badge else None


def _has_badges(document: Document) -> bool:
    return document.holds(b"a-icon-prime", b"supersaver")
