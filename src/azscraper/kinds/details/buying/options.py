"""Every way to buy that the page offers: the rows of the buy box, and the other sellers below it."""

import re
from urllib.parse import parse_qs, urlsplit

from azscraper.kinds.details import offer, offer_box, price, seller, stock
from azscraper.kinds.details.buying import promises, terms
from azscraper.kinds.details.offer_box import shown
from azscraper.marketplaces import folded, offer_labels
from azscraper.parse.document import Document, Node, attr, first, lines, select, text
from azscraper.parse.sources import Field
from azscraper.parse.values import absolute, money
from azscraper.records.page_parts import BuyingOption
from azscraper.records.parts import ConditionState, Money, Seller

_KINDS = {
    "new": "new", "used": "used", "renewed": "renewed", "refurb": "renewed", "sns": "subscription", "subscri": "subscription",
    "rent": "rental", "primesavings": "prime", "buyback": "exchange", "exchange": "exchange", "trade": "exchange", "business": "business",
}  # fmt: skip
"""What the names of rows begin with; a trade-in sells nothing, its row has the price after it."""
_PRICES = ".a-price:not(.a-text-price), .a-color-price, .offer-price, .header-price"
_STRUCK = '.a-price[data-a-strike="true"], .a-text-strike'
_OTHERS = ".mbc-offer-row"
_SELLER = '#sellerProfileTriggerId, .mbcMerchantName, a[href*="seller="]'
_SOLD = offer_labels("seller")
_SHIPS = offer_labels("ships_from")
_SOLD_NEW = frozenset({"new", "prime", "subscription"})
_FEATURES = ("merchantInfoFeature_feature_div", "fulfillerInfoFeature_feature_div")
_LONGEST_HEAD = 80
_MOST_OTHERS = 20
_SOLD_BY = re.compile(r"^(.{1,40}?)\s?[:：]\s?(.{1,120})$")

buying_options = Field[Document, tuple[BuyingOption, ...], tuple[BuyingOption, ...]](
    "The rows of the buy box, or its one offer, and the offers of other sellers that the page draws below.", empty=()
)


@buying_options.source("rows of the buy box and offers below it")
def _all(document: Document) -> tuple[BuyingOption, ...]:
    rows = offer_box.rows(document)
    found = [_row(row, document) for row in rows] if rows else [_single(document)]
    listed = {node.mem_id: node for node in select(document.by_id("mbc"), _OTHERS)}
    found += [_other(node, document) for node in list(listed.values())[:_MOST_OTHERS]]
    return tuple(option for option in found if option)


def _single(document: Document) -> BuyingOption | None:
    """A box without rows: what the record itself says of its offer."""
    paid = document.once(price.price)
    if paid is None:
        return None
    state = document.once(offer.condition_state)
    used = offer_box.is_used_only(document)
    return BuyingOption(
        kind="used" if used else "renewed" if state is ConditionState.RENEWED else "new",
        price=paid,
        list_price=document.once(price.list_price),
        condition=document.once(offer.condition),
        condition_state=state,
        seller=document.once(seller.seller),
        ships_from=document.once(seller.ships_from),
        availability=document.once(stock.availability),
        deliveries=document.once(promises.deliveries),
        offer_id=document.once(terms.offer_id),
        is_selected=True,
    )


def _row(row: Node, document: Document) -> BuyingOption | None:
    name = offer_box.row_name(row)
    kind = next((kind for mark, kind in _KINDS.items() if name.startswith(mark)), None)
    if kind is None:
        return None
    if row.mem_id == _mem(offer_box.main_row(document)):
        single = _single(document)
        return single.model_copy(update={"kind": kind, "is_selected": _is_open(row, document)}) if single else None
    paid = _paid(row, document)
    return _side(row, kind, paid, document) if paid else None


def _side(row: Node, kind: str, paid: Money, document: Document) -> BuyingOption:
    """Of a row that is not the main one: all is its own."""
    head = next((line for line in lines(row)[:3] if len(line) <= _LONGEST_HEAD), "")
    state = offer.state_of(head, document) or ("new" if kind in _SOLD_NEW else None)
    ids = offer_box.ids_in(row)
    sold, shipped = (offer_box.message_of(ids.get(name)) for name in _FEATURES)
    return BuyingOption(
        kind=kind,
        price=paid,
        list_price=shown(first(row, _STRUCK), document.marketplace),
        condition=head if kind in {"used", "renewed"} and state else None,
        condition_state=ConditionState(state) if state else None,
        seller=_seller(row, document, sold or shipped),
        ships_from=shipped or _labelled(row, _SHIPS) or sold,
        availability=stock.told_by(ids.get("availability"), document),
        deliveries=promises.in_row(ids, document),
        offer_id=next(
            (value for node in select(row, 'input[name*="offerListingI"]') if (value := attr(node, "value"))), None
        ),
        is_selected=_is_open(row, document),
    )


def _other(node: Node, document: Document) -> BuyingOption | None:
    paid = _paid(node, document)
    if paid is None:
        return None
    return BuyingOption(kind="other_seller", price=paid, seller=_seller(node, document))


def _paid(node: Node, document: Document) -> Money | None:
    found = (_amount(part, document) for part in {part.mem_id: part for part in select(node, _PRICES)}.values())
    return next(filter(None, found), None)


def _amount(part: Node, document: Document) -> Money | None:
    is_element = "a-price" in (attr(part, "class") or "").split()
    return shown(part, document.marketplace) if is_element else money(text(part), document.marketplace)


def _labelled(node: Node, labels: frozenset[str]) -> str | None:
    """The name in a line of its own: "Ships from: Amazon"."""
    found = (match for line in lines(node) if (match := _SOLD_BY.match(line)))
    return next((match[2] for match in found if folded(match[1]) in labels), None)


def _seller(node: Node, document: Document, told: str | None = None) -> Seller | None:
    link = first(node, _SELLER)
    name = text(link) or _labelled(node, _SOLD) or told
    if not name:
        return None
    href = attr(link, "href") if link is not None else None
    keys = parse_qs(urlsplit(href or "").query).get("seller", [None])
    url = absolute(href, document.marketplace.host) if href and not href.startswith("#") else None
    return Seller(name=name, id=keys[0], url=url, is_amazon=seller.is_amazon(name))


def _is_open(row: Node, document: Document) -> bool:
    return row.mem_id == _mem(offer_box.opened(offer_box.rows(document)))


def _mem(node: Node | None) -> int | None:
    return node.mem_id if node is not None else None
