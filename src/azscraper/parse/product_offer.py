"""Who makes the buy box offer, and on what terms; the other offers beside it."""

import re
from urllib.parse import parse_qs, urlsplit

from azscraper.parse import offer_box
from azscraper.parse.document import Document, Node, attr, first, select, text
from azscraper.parse.values import absolute, integer, money
from azscraper.records import Offers, Seller

_AMAZON = re.compile(r"(?:amazon|アマゾン|亚马逊|أمازون)(?![\w])|amazon\.", re.IGNORECASE)
_SOLD_BY = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"(?:ships|dispatched|despatched) from and sold by ([^.]+(?:\.[a-z.]+)?)",
        r"sold by (.+?) and (?:fulfilled|delivered|dispatched)",
        r"sold by ([^.]+(?:\.[a-z.]+)?)",
        r"verkauf und versand durch ([^.]+(?:\.[a-z.]+)?)",
        r"verkauf durch (.+?) und versand",
        r"expédié et vendu par ([^.]+(?:\.[a-z.]+)?)",
        r"vendu par (.+?) et expédié",
        r"venduto e spedito da ([^.]+(?:\.[a-z.]+)?)",
        r"venduto da (.+?) e spedito",
        r"vendido y enviado por ([^.]+(?:\.[a-z.]+)?)",
        r"vendido por (.+?) y (?:gestionado|enviado)",
        r"vendido e (?:entregue|enviado) por ([^.]+(?:\.[a-z.]+)?)",
        r"vendido por (.+?) e (?:entregue|enviado)",
        r"verkocht en verzonden door ([^.]+(?:\.[a-z.]+)?)",
        r"verkocht door (.+?) en verzonden",
        r"säljs (?:och|av) (?:skickas av )?([^.]+(?:\.[a-z.]+)?)",
        r"この商品は、\s?(.+?)\s?が販売",
        r"由\s?(.+?)\s?(?:直接|销售|发货|提供)",
    )
)
_FULFILLED = re.compile(
    r"(?:fulfilled|delivered|dispatched|versand|expédié|spedito|gestionado|enviado|entregue|verzonden)\s(?:by|durch|par|da|por|door) amazon|amazon\.co\.jp\s?が発送|亚马逊(?:配送|发货)",
    re.IGNORECASE,
)
_NUMBER_IN_BRACKETS = re.compile(r"\(([\d.,\s]{1,12})\)")
_OFFER_LINES = (
    "olpLinkWidget_feature_div",
    "olp_feature_div",
    "olpDiv",
    "olp-upd-new",
    "moreBuyingChoices_feature_div",
    "secondaryUsedAndNew",
    "mbc",
)


def seller(document: Document) -> Seller | None:
    """The seller link of the buy box row, the "Sold by" line, else the sentence that names the seller."""
    row = offer_box.main_row(document)
    link = first(row, '#sellerProfileTriggerId, #merchant-info a[href*="seller="]') or document.by_id(
        "sellerProfileTriggerId"
    )
    link = link or first(document.by_id("merchant-info", "usedbuyBox"), 'a[href*="seller="]')
    name = (
        text(link) or _labelled(row, document, "merchantInfoFeature_feature_div", "merchant-info") or _named(document)
    )
    if not name:
        return None
    href = attr(link, "href")
    return Seller(
        name=name,
        id=_merchant_id(href) or _form_merchant(document),
        url=absolute(href, document.marketplace.host) if href and not href.startswith("#") else None,
        is_amazon=_is_amazon(name),
    )


def ships_from(document: Document) -> str | None:
    """The "Ships from" line, else the sentence that names who ships."""
    row = offer_box.main_row(document)
    found = _labelled(row, document, "fulfillerInfoFeature_feature_div", "fulfiller-info")
    if found:
        return found
    sentence = text(first(row, "#merchant-info") or document.by_id("merchant-info"))
    if _FULFILLED.search(sentence):
        return "Amazon"
    match = _SOLD_BY[0].search(sentence)
    return match[1].strip() if match else None


def fulfilled_by_amazon(document: Document) -> bool | None:
    """Whether the one who ships is Amazon; None when the page names nobody."""
    found = document.once(ships_from)
    if found:
        return _is_amazon(found)
    sold = document.once(seller)
    return True if sold and sold.is_amazon else None


def condition(document: Document) -> str | None:
    """As printed for a used or renewed offer; a page that sells new items does not say so."""
    if not offer_box.is_used_only(document):
        return None
    block = document.by_id("usedbuyBox", "usedAccordionRow", "usedOnlyBuybox")
    return text(first(block, "strong")) or text(first(block, ".a-text-bold")) or None


def is_prime(document: Document) -> bool | None:
    """Whether the buy box row shows the Prime badge; None without a buy box."""
    row = offer_box.main_row(document)
    if row is None:
        return None
    return first(row, "i.a-icon-prime, .a-icon-prime-jp, #prime_feature_div i, [id=primePopover]") is not None or None


def return_policy(document: Document) -> str | None:
    """The "Returns" line of the buy box."""
    row = offer_box.main_row(document)
    found = _labelled(row, document, "returnsInfoFeature_feature_div", "return-info")
    return (
        found
        or text(
            document.by_id("creturns-policy-anchor-text", "productSupportAndReturnPolicy-return-policy-anchor-text")
        )
        or None
    )


def offers(document: Document) -> Offers | None:
    """The line that counts the other offers: "New & Used (12) from $8.99"."""
    for name in _OFFER_LINES:
        for link in select(document.by_id(name), "a, span.a-list-item"):
            line = text(link)
            count = _NUMBER_IN_BRACKETS.search(line)
            amount = money(line, document.marketplace)
            if count and amount:
                return Offers(new_count=integer(count[1]), new_from=amount)
    return None


def _labelled(row: Node | None, document: Document, name: str, feature: str) -> str | None:
    """The value of an offer feature line; the tabular buy box names its lines by attribute."""
    block = first(row, f"#{name}") or document.by_id(name)
    message = first(block, ".offer-display-feature-text-message")
    if message is None:
        message = first(row, f'[offer-display-feature-name="desktop-{feature}"] .offer-display-feature-text-message')
    return text(message) or None


def _named(document: Document) -> str | None:
    row = offer_box.main_row(document)
    sentence = text(
        first(row, "#merchant-info") or document.by_id("merchant-info", "availability_feature_div", "buyBoxContent")
    )
    for pattern in _SOLD_BY:
        match = pattern.search(sentence)
        if match:
            return match[1].strip()
    return None


def _merchant_id(href: str | None) -> str | None:
    query = parse_qs(urlsplit(href or "").query)
    for name in ("seller", "s", "me"):
        if query.get(name):
            return query[name][0]
    return None


def _form_merchant(document: Document) -> str | None:
    row = offer_box.main_row(document)
    field = first(row, "#merchantID") or document.by_id("merchantID", "ftSelectMerchant", "deliveryBlockSelectMerchant")
    return attr(field, "value")


def _is_amazon(name: str) -> bool:
    return _AMAZON.match(name) is not None
