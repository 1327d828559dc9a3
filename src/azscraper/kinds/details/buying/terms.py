"""The terms beside the price: coupon, deal, and the offer's own key."""

import re
from typing import NamedTuple

from azscraper.kinds.details import offer_box
from azscraper.marketplaces import phrase_pattern
from azscraper.parse.document import Document, Node, attr, first, lines, select, text
from azscraper.parse.sources import Field
from azscraper.parse.values import money, percent
from azscraper.records.page_parts import CouponDetail, DealDetail
from azscraper.records.parts import Deal

_COUPON_PARTS = ('[id^="couponLabel"]', '[id^="couponMessage"]')
_COUPON_IDS = ("couponText", "couponBadgeRegularVpc")
_DEAL_BLOCKS = ("dealTimer_feature_div", "dealBadge_feature_div", "dealProgress_feature_div")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?Z")
_CODE = re.compile(r"(?:promo code|code|gutscheincode|code promo|codice|código|kod|kortingscode|クーポンコード|优惠码)\s?:?\s([A-Z0-9]{5,16})(?![A-Za-z0-9])", re.IGNORECASE)  # fmt: skip
_SUBSCRIBED = phrase_pattern("subscription")
_LIGHTNING = phrase_pattern("lightning_deal")
_TIMED = phrase_pattern("timed_deal")
_STARTS = phrase_pattern("starts_in")
_PRIME = re.compile(r"(?<!\w)prime(?!\w)|プライム", re.IGNORECASE)
_PROGRESS = ("dealProgress_feature_div", "dealBadge_feature_div", "dealTimer_feature_div")


offer_id = Field[Document, str, str | None](
    "The key of the offer in the cart form of the buy box row; it changes when the offer does."
)


@offer_id.ids("offerListingID", find=offer_box.find)
def _form_key(_: Document, node: Node) -> str | None:
    return attr(node, "value")


@offer_id.source("cart form of the buy box row")
def _named_key(document: Document) -> str | None:
    """Forms since 2023 name their fields and have no ids; a box of a used item alone has a field of its own."""
    found = (attr(field, "value") for field in select(offer_box.main_row(document), 'input[name*="offerListingI"]'))
    return next(filter(None, found), None)


@offer_id.ids("usedOfferListingID")
def _used_key(document: Document, node: Node) -> str | None:
    return attr(node, "value") if offer_box.is_used_only(document) else None


coupon = Field[Document, str, str | None]("The coupon's line beside its check box.")


@coupon.ids("vpcButton")
def _coupon_label(_: Document, node: Node) -> str:
    return text(first(node, ".vpcApplyCoupon .a-checkbox-label"))


@coupon.source("line beside the check box")
def _coupon_line(document: Document) -> str | None:
    """Without the link to its terms, and not the bare badge "Coupon"."""
    found = (
        " ".join(lines(node, without="a")).replace(" .", ".").strip(" |")
        for _, node in document.by_prefix(*_COUPON_IDS)
    )
    return next((line for line in found if any(map(str.isdecimal, line))), None)


@coupon.ids("promoPriceBlockMessage_feature_div")
def _coupon_text(_: Document, node: Node | None) -> str:
    """Of 2021 and 2022 in two parts: "Economize 10%", "com o cupom."."""
    label = text(first(node, ".couponLabelText"))
    parts = [first(node, css) for css in _COUPON_PARTS] if node is not None and not label else []
    return label or " ".join(line for part in parts for line in lines(part, without="a")[:1])


@coupon.source("text of #vpcButton")
def _button_text(document: Document) -> str:
    return _coupon_text(document, document.by_id("vpcButton"))


deal = Field[Document, str, Deal | None](
    "The badge above the price, and when its own timer runs out; neighbours' and ads' timers stand elsewhere."
)


@deal.ids("dealBadgeSupportingText")
def _badge(_: Document, node: Node) -> str:
    return text(node)


@deal.ids("dealBadge_feature_div")
def _badge_within(_: Document, node: Node) -> str:
    return text(first(node, ".dealBadgeTextColor, .dealBadgeSupportingText"))


@deal.settle
def _timed(document: Document, label: str | None) -> Deal | None:
    return Deal(label=label, ends_at=document.once(_times).ends) if label else None


class _Times(NamedTuple):
    """What the deal's own timer runs until: its end, before its begin that."""

    starts: str | None = None
    ends: str | None = None


def _times(document: Document) -> _Times:
    for block in filter(None, map(document.by_id, _DEAL_BLOCKS)):
        moment = attr(first(block, "[data-target-time]"), "data-target-time") or ""
        if _MOMENT.fullmatch(moment):
            return _Times(starts=moment) if _STARTS.search(text(block)) else _Times(ends=moment)
    return _Times()


coupon_detail = Field[Document, str, CouponDetail | None](
    "The line of the coupon, taken apart: amount or share, and its code."
)


@coupon_detail.source("line of the coupon")
def _coupon_said(document: Document) -> str | None:
    return document.once(coupon)


@coupon_detail.settle
def _apart(document: Document, line: str | None) -> CouponDetail | None:
    if not line:
        return None
    code, share = _CODE.search(line), percent(line)
    return CouponDetail(
        text=line,
        amount=None if share else money(line, document.marketplace),
        percent=share,
        code=code[1] if code else None,
        subscription_only=bool(_SUBSCRIBED.search(line)),
    )


deal_detail = Field[Document, str, DealDetail | None](
    "The badge of the deal, how much of it is claimed, when it begins or ends, and for whom it is."
)


@deal_detail.source("badge of the deal")
def _dealt(document: Document) -> str | None:
    found = document.once(deal)
    return found.label if found else None


@deal_detail.settle
def _deal_apart(document: Document, label: str | None) -> DealDetail | None:
    if not label:
        return None
    bars = (percent(text(document.by_id(name))) for name in _PROGRESS)
    prime = bool(_PRIME.search(label))
    kind = (
        "lightning"
        if _LIGHTNING.search(label)
        else "limited_time"
        if _TIMED.search(label)
        else "prime"
        if prime
        else "event"
    )
    return DealDetail(
        type=kind,
        badge=label,
        percent_claimed=next((share for share in bars if share is not None), None),
        starts_at=document.once(_times).starts,
        ends_at=document.once(_times).ends,
        access_type="prime" if prime else None,
    )
