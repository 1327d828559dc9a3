"""Every promise of delivery: standard, fastest, pickup, each with its days, its price and until when to order."""

import re
from collections.abc import Iterator, Mapping

from azscraper.kinds.details import offer_box, stock
from azscraper.parse.document import Document, Node, first, select, text
from azscraper.parse.sources import Field
from azscraper.records.page_parts import DeliveryPromise
from azscraper.records.parts import Delivery

_SLOTS = (
    ("mir-layout-DELIVERY_BLOCK-slot-PRIMARY_DELIVERY_MESSAGE_LARGE", "standard"),
    ("mir-layout-DELIVERY_BLOCK-slot-PRIMARY_DELIVERY_MESSAGE_MEDIUM", "standard"),
    ("mir-layout-DELIVERY_BLOCK-slot-PRIMARY_DELIVERY_MESSAGE_SMALL", "standard"),
    ("mir-layout-DELIVERY_BLOCK-slot-SECONDARY_DELIVERY_MESSAGE_LARGE", "fastest"),
    ("mir-layout-DELIVERY_BLOCK-slot-SECONDARY_DELIVERY_MESSAGE_MEDIUM", "fastest"),
    ("mir-layout-DELIVERY_BLOCK-slot-TERTIARY_DELIVERY_MESSAGE_LARGE", "other"),
    ("mir-layout-DELIVERY_BLOCK-slot-PICKUP_DELIVERY_MESSAGE_LARGE", "pickup"),
    ("pickupDelivery_feature_div", "pickup"),
    ("pickup-delivery-message", "pickup"),
)
_COUNTDOWN = "ftCountdown"
_MESSAGE = "[data-csa-c-delivery-time]"
_MEMBERS = re.compile(r"(?<!\w)prime(?!\w)|プライム会員", re.IGNORECASE)  # what they get is nobody else's promise

deliveries = Field[Document, tuple[DeliveryPromise, ...], tuple[DeliveryPromise, ...]](
    "The messages of the delivery block of the buy box row, the first of each kind; else the one promise of older pages.",
    empty=(),
)


@deliveries.source("slots of the delivery block")
def _slots(document: Document) -> tuple[DeliveryPromise, ...]:
    """The first promise is the one of ``delivery``; the other slots have their own."""
    first_one = document.once(stock.delivery)
    found: dict[str, DeliveryPromise] = {}
    for name, kind in _SLOTS:
        slot = offer_box.find(document, name)
        if slot is not None and kind == "standard" and first_one:
            found.setdefault(first_one.text, _as_promise(first_one, slot, kind))
            continue
        for promise in _told(slot, kind, document):
            found.setdefault(promise.text, promise)
    return tuple(found.values())


def in_row(ids: Mapping[str, Node], document: Document) -> tuple[DeliveryPromise, ...]:
    """The promises of one row of the buy box, by the ids in it."""
    found = (promise for name, kind in _SLOTS for promise in _told(ids.get(name), kind, document))
    return tuple({promise.text: promise for promise in found}.values())


def _told(slot: Node | None, kind: str, document: Document) -> Iterator[DeliveryPromise]:
    for message in _messages(slot):
        told = stock.promised(message, document)
        if told:
            yield _as_promise(told, message, kind)


@deliveries.source("promise of older pages")
def _only(document: Document) -> tuple[DeliveryPromise, ...]:
    one = document.once(stock.delivery)
    countdown = text(offer_box.find(document, _COUNTDOWN))
    return (DeliveryPromise(kind="standard", order_within=countdown or None, **dict(one)),) if one else ()


def _messages(slot: Node | None) -> Iterator[Node]:
    if slot is None:
        return
    parts = {part.mem_id: part for part in select(slot, _MESSAGE)}.values()
    yield from parts or [slot]


def _as_promise(told: Delivery, message: Node, kind: str) -> DeliveryPromise:
    countdown = text(first(message, f"[id*=countdown], [data-csa-c-cutoff], #{_COUNTDOWN}"))
    members = _MEMBERS.search(told.text) is not None
    told = told.model_copy(update={"price": None}) if members else told
    return DeliveryPromise(kind="prime" if members else kind, order_within=countdown or None, **dict(told))
