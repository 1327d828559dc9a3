"""What lowers the price of a product for a while: coupon, deal."""

import re

from azscraper.parse.document import Document, Node, attr, first, lines, text
from azscraper.parse.sources import Field
from azscraper.records.parts import Deal

_COUPON_IDS = ("couponText", "couponBadgeRegularVpc")
_DEAL_BLOCKS = ("dealTimer_feature_div", "dealBadge_feature_div", "dealProgress_feature_div")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?Z")


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
    return text(first(node, ".couponLabelText"))


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
    return Deal(label=label, ends_at=_deal_end(document)) if label else None


def _deal_end(document: Document) -> str | None:
    timers = (first(document.by_id(name), "[data-target-time]") for name in _DEAL_BLOCKS)
    told = (attr(timer, "data-target-time") or "" for timer in timers)
    return next((moment for moment in told if _MOMENT.fullmatch(moment)), None)
