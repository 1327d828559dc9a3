"""What a product costs those who have it sent again and again, and what that depends on."""

import re

from azscraper.kinds.details.buying.terms import coupon_detail
from azscraper.kinds.details.offer_box import shown
from azscraper.marketplaces import alternatives
from azscraper.parse.document import Document, Node, first, lines, select, text
from azscraper.parse.sources import Field
from azscraper.parse.values import money, percent, plain_digits
from azscraper.records.page_parts import Subscription
from azscraper.records.parts import Money

_PRICED_IDS = ("sns-base-price", "snsDetailPagePrice", "sns-tiered-price", "snsPrice", "subscriptionPrice")
_ROWS = ("snsAccordionRowMiddle", "snsAccordionRow", "sns_feature_div")
_PLAIN_PRICE = "span.a-price:not(.a-text-price)"
_UPSELL = "snsUpsellMessage_feature_div"
_COUPON = "snsCoupon_feature_div"
_COUPONS = f'[id="{_COUPON}"], [id^="couponText"], [id^="couponBadge"], [id^="couponLabel"], [id^="promoPriceBlock"]'
_FREQUENCIES = "select[name*=requency] option, #rcxOrdFreqSns option, [id*=rcxOrdFreq] option"
_SHARES = re.compile(r"(\d{1,2})\s?%|%\s?(\d{1,2})")
_NUMBER = r"(?<![\d.,])(\d{1,2})(?!\d|[.,]\d|\s?[%€$£¥₹])"
_SEVERAL = re.compile(
    rf"{_NUMBER}[^\d%€$£¥₹]{{0,20}}?{alternatives('or_more')}|{alternatives('at_least')}[^\d%€$£¥₹]{{0,4}}{_NUMBER}",
    re.IGNORECASE,
)
_MOST = 10  # three to five, by the country; larger numbers are of something else

subscribe_and_save = Field[Document, Money, Money | None]("The price of the subscription row of the buy box.")


@subscribe_and_save.source("priced ids of the subscription")
def _in_priced_ids(document: Document) -> Money | None:
    found = (money(text(document.by_id(name)), document.marketplace) for name in _PRICED_IDS)
    return next(filter(None, found), None)


@subscribe_and_save.source("row of the subscription")
def _in_row(document: Document) -> Money | None:
    found = (shown(first(document.by_id(name), _PLAIN_PRICE), document.marketplace) for name in _ROWS)
    return next(filter(None, found), None)


subscription = Field[Document, Subscription, Subscription | None](
    "The subscription row of the buy box: its price, the share that it saves at least and at most and from how many products on, "
    "how often it is sent, and the coupon for those who subscribe."
)


@subscription.source("row of the subscription")
def _subscribed(document: Document) -> Subscription | None:
    row = document.by_id(*_ROWS)
    said = plain_digits(" ".join([*lines(row, without=_COUPONS), text(document.by_id(_UPSELL))]))
    shares = sorted({int(one or other) for one, other in _SHARES.findall(said)})
    paid = document.once(subscribe_and_save)
    if paid is None and not shares:
        return None
    return Subscription(
        price=paid,
        percent=shares[0] if shares else None,
        bulk_percent=shares[-1] if len(shares) > 1 else None,
        min_items=_least_number(said),
        default_frequency=_frequency(row),
        coupon_percent=_coupon_percent(row, document),
    )


def _least_number(said: str) -> int | None:
    found = (int(match[1] or match[2]) for match in _SEVERAL.finditer(said))
    return next((number for number in found if 1 < number <= _MOST), None)


def _frequency(row: Node | None) -> str | None:
    listed = {option.mem_id: option for option in select(row, _FREQUENCIES)}.values()
    chosen = next((option for option in listed if "selected" in option.attributes), None)
    return text(chosen) or None


def _coupon_percent(row: Node | None, document: Document) -> int | None:
    """A coupon in the row, else the page's own where its words say that it is for those who subscribe."""
    for part in (document.by_id(_COUPON), *select(row, _COUPONS)):
        if (share := percent(text(part))) is not None:
            return share
    told = document.once(coupon_detail)
    return told.percent if told and told.subscription_only else None
