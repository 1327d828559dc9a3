"""Who makes the buy box offer, and on what terms; the other offers beside it."""

import re
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

from azscraper.bytesearch import find
from azscraper.kinds.details import identity, offer_box
from azscraper.marketplaces import offer_labels, phrase_pattern
from azscraper.parse.document import Document, Node, attr, first, lines, select, text
from azscraper.parse.sources import Source, Sources, first_of
from azscraper.parse.values import absolute, integer, money
from azscraper.records.parts import Money, Offers, Seller

_AMAZON = re.compile(r"(?:amazon|アマゾン|亚马逊|أمازون)(?![\w])|amazon\.", re.IGNORECASE)
_SOLD_AND_SHIPPED_BY = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"(?:ships|dispatched|despatched|dispatches) from and sold by ([^.]+(?:\.[a-z]+)*)",
        r"verkauf und versand durch ([^.]+(?:\.[a-z]+)*)",
        r"expédié et vendu par ([^.]+(?:\.[a-z]+)*)",
        r"venduto e spedito da ([^.]+(?:\.[a-z]+)*)",
        r"vendido y enviado por ([^.]+(?:\.[a-z]+)*)",
        r"vendido e (?:entregue|enviado) por ([^.]+(?:\.[a-z]+)*)",
        r"verkocht en verzonden door ([^.]+(?:\.[a-z]+)*)",
        r"säljs och skickas av ([^.]+(?:\.[a-z]+)*)",
        r"(?:sprzedawane i wysyłane|sprzedaż i wysyłka|wysyłka i sprzedaż)(?: przez|:) ([^.]+(?:\.[a-z]+)*)",
        r"([^.]+(?:\.[a-z]+)*) tarafından satıl\w+ ve gönderil",
        r"(?:يُباع ويُشحن|يباع ويشحن|تُباع وتُشحن|تباع وتشحن) (?:من قبل|بواسطة|من) ([^.]+(?:\.[a-z]+)*)",
        r"この商品は、\s?(.+?)\s?が販売、?発送",
        r"由\s?([^由]+?)\s?(?:直接)?销售(?:和|并)(?:发货|配送)",
    )
)
_SOLD_BY = _SOLD_AND_SHIPPED_BY + tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"sold by (.+?) and (?:fulfilled|delivered|dispatched)",
        r"sold and delivered by ([^.,]+)",
        r"sold by ([^.]+(?:\.[a-z]+)*(?: services llc)?)",
        r"verkauf durch (.+?) und versand",
        r"vendu par (.+?) et expédié",
        r"venduto da (.+?) e spedito",
        r"vendido por (.+?) y (?:gestionado|enviado)",
        r"vendido por (.+?) e (?:entregue|enviado)",
        r"verkocht door (.+?) en verzonden",
        r"säljs (?:och|av) (?:skickas av )?([^.]+(?:\.[a-z]+)*)",
        r"sprzedawane przez (.+?)(?: i wysyłane| oraz|\. )",
        r"([^.]+(?:\.[a-z]+)*) tarafından satıl",
        r"(?:يُباع|يباع|تُباع|تباع) (?:من قبل|بواسطة|من) (.+?) (?:ويُشحن|ويشحن|وتُشحن|وتشحن|ويتم)",
        r"この商品は、\s?(.+?)\s?が販売",
        r"由\s?(.+?)\s?(?:直接|销售|发货|提供)",
    )
)
_FULFILLED = re.compile(
    r"(?:fulfilled|delivered|dispatched|versand|expédié|spedito|gestionado|enviado|entregue|verzonden|wysyłane|levereras|skickas)\s(?:by|durch|par|da|por|door|przez|av|från) amazon|amazon tarafından gönderil|(?:وتُشحن|وتشحن|ويُشحن|ويشحن) (?:من قبل|بواسطة|من) (?:amazon|أمازون)|amazon\.co\.jp\s?が発送|亚马逊(?:配送|发货)",
    re.IGNORECASE,
)
_NUMBER_IN_BRACKETS = re.compile(r"\(([\d.,\s]{1,12})\)")
_NEW = phrase_pattern("new")
_USED = phrase_pattern("used")
_SENTENCES = ("merchant-info", "ships-from", "ddmMerchantMessage", "availability_feature_div")
_DIGITAL_IDS = ("sold-by-merchant", "dmusic_tracklist_footer_soldby", "adbl_bb_sold_and_delivered_by")
_DIGITAL_MARKS = {
    b"print-sold-by": ".print-sold-by",
    b"tancaccept": ".tancaccept",
    b"adbl_bb_sold_delivered_by": "[data-test=adbl_bb_sold_delivered_by]",
}
"""What the source holds, and where the elements are then: looking for elements takes a hundred times as long."""
_LONGEST_SENTENCE = 1000
_LONGEST_OFFER_LINE = 80
_USED_BLOCKS = ("usedbuyBox", "usedOnlyBuybox", "usedAccordionRow")
_RETURNS = ("productSupportAndReturnPolicy-return-policy-anchor-text", "creturns-policy-anchor-text")
_RETURN_ICON = "RETURNS_POLICY"
_SOLD_LABELS = offer_labels("seller")
_SHIPS_LABELS = offer_labels("ships_from")
_RETURN_LABELS = offer_labels("return_policy")
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
    link = _seller_link(document)
    name = first_of(document, SELLER)
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
    """The "Ships from" line, a line for shipper and seller in one, else the sentence that names who ships."""
    return first_of(document, SHIPS_FROM)


def _said_shipper(document: Document) -> str | None:
    sentence = _sentence(document)
    if _FULFILLED.search(sentence) or _is_used_fulfilled(document):
        return "Amazon"
    if not any(pattern.search(sentence) for pattern in _SOLD_AND_SHIPPED_BY):
        return None
    sold = document.once(seller)
    return sold.name if sold else None


def fulfilled_by_amazon(document: Document) -> bool | None:
    """Whether the one who ships is Amazon; None when the page names nobody."""
    found = document.once(ships_from)
    if found:
        return _is_amazon(found)
    sold = document.once(seller)
    return True if sold and sold.is_amazon else None


def condition(document: Document) -> str | None:
    """As printed for a used or renewed offer; for a new one only where a used one stands beside it: "Buy new:" is New."""
    if not offer_box.is_used_only(document):
        return text(offer_box.find(document, "renewedSingleOfferCaption_feature_div")) or _new(document)
    block = document.by_id("usedbuyBox", "usedAccordionRow", "usedOnlyBuybox")
    return text(first(block, "strong")) or text(first(block, ".a-text-bold")) or None


def is_prime(document: Document) -> bool | None:
    """Whether the buy box row shows the Prime badge; None without a buy box."""
    row = offer_box.main_row(document)
    if row is None:
        return None
    return first(row, "i.a-icon-prime, .a-icon-prime-jp, #prime_feature_div i, [id=primePopover]") is not None or None


def return_policy(document: Document) -> str | None:
    """The "Returns" line of the buy box, the line under it, the words of the icon below the price, else "FREE Returns"."""
    return first_of(document, RETURN_POLICY)


def _return_icon(document: Document) -> str | None:
    """Indian pages say "10 days Replacement" under an icon; one that only leads to the rules of all products says nothing."""
    icon = document.by_id(_RETURN_ICON)
    return None if attr(icon, "data-type") == "redirect" else text(icon) or None


def offers(document: Document) -> Offers | None:
    """The links to the offers of this ASIN, else the lines that count them: "New (12) from $8.99".

    A line for new and used together tells neither.
    """
    found: dict[str, int | Money] = {}
    for line in _offer_lines(document):
        kind = _offer_kind(line)
        if kind is None or f"{kind}_count" in found:
            continue
        amount = money(line, document.marketplace)
        count = _offer_count(line, amount)
        if count and amount:
            found |= {f"{kind}_count": count, f"{kind}_from": amount}
    return Offers.model_validate(found) if found else None


def _new(document: Document) -> str | None:
    """The word for new that heads the buy box row of new items, until 2018 its section ("Buy New $21.02")."""
    row = offer_box.main_row(document)
    named = (attr(row, "data-a-accordion-row-name") or "").startswith("newAccordionRow")
    head = next(iter(lines(row if named else document.by_id("buyNewSection"))), "")[:_LONGEST_OFFER_LINE]
    word = _NEW.search(head)
    return word[0].capitalize() if word and not _USED.search(head) else None


def _offer_lines(document: Document) -> Iterator[str]:
    """A link to another format's offers names that format's ASIN; the price stands in the link or right behind it."""
    own = document.once(identity.asin)
    for link in document.links(f"/offer-listing/{own}") if own else []:
        if "condition=" not in (attr(link, "href") or ""):
            continue
        within = text(link)
        yield within if money(within, document.marketplace) else text(link.parent)[:_LONGEST_OFFER_LINE]
    for name in _OFFER_LINES:
        yield from lines(document.by_id(name))


def _offer_kind(line: str) -> str | None:
    new, used = _NEW.search(line) is not None, _USED.search(line) is not None
    return None if new == used else "new" if new else "used"


def _offer_count(line: str, amount: Money | None) -> int | None:
    """The number in brackets, else the first one of the line, unless that is the price."""
    bracketed = _NUMBER_IN_BRACKETS.search(line)
    found = integer(bracketed[1] if bracketed else line)
    return None if not bracketed and amount and found == amount.amount else found


def _seller_link(document: Document) -> Node | None:
    link = offer_box.find(document, "sellerProfileTriggerId")
    if link is not None:
        return link
    blocks = [offer_box.find(document, "merchant-info")]
    blocks += map(document.by_id, _USED_BLOCKS) if offer_box.is_used_only(document) else []
    return next((node for block in blocks if (node := first(block, 'a[href*="seller="]')) is not None), None)


def _labelled(document: Document, name: str, labels: frozenset[str]) -> str | None:
    """The value of an offer feature line; the tabular buy box of 2020 to 2023 names its lines by attribute."""
    message = first(offer_box.find(document, name), ".offer-display-feature-text-message")
    if message is not None:
        return text(message)
    table = offer_box.find(document, "tabular-buybox")
    for node in select(table, ".tabular-buybox-text[tabular-attribute-name]"):
        if (attr(node, "tabular-attribute-name") or "").lower() in labels:
            return text(first(node, ".tabular-buybox-text-message") or node) or None
    return _in_plain_table(table, labels)


def _in_plain_table(table: Node | None, labels: frozenset[str]) -> str | None:
    """The value of a line of the table of 2020, which prints its labels; each stands there whole and shortened."""
    for line in select(table, "tr"):
        if text(first(line, ".tabular-buybox-label")).lower() in labels:
            return text(first(line, ".tabular-buybox-text")) or None
    return None


def _shipper_and_seller(document: Document) -> str | None:
    """The one name of the row "Shipper / Seller", of pages from 2024 on."""
    row = offer_box.find(document, "merchantInfoFeature_feature_div")
    merged = "/" in text(first(row, ".offer-display-feature-label"))
    return text(first(row, ".offer-display-feature-text-message")) or None if merged else None


def _grocery(document: Document, labels: frozenset[str]) -> str | None:
    """The value of a line of Amazon Fresh and other groceries' table of seller and shipper."""
    for line in select(offer_box.find(document, "fresh-merchant-info"), "tr"):
        cells = [text(cell) for cell in select(line, "td")]
        if len(cells) == 2 and cells[0].lower() in labels:  # noqa: PLR2004 - label and value
            return cells[1] or None
    return None


def _headed(document: Document, labels: frozenset[str]) -> str | None:
    """The head of a folded buy box row, "Ships from: Amazon", where the row holds no line of its own."""
    for line in select(offer_box.find(document, "sfsb_accordion_head"), ".a-row"):
        label, colon, name = text(line).partition(":")
        if colon and label.strip().lower() in labels and name.strip():
            return name.strip()
    return None


def _is_used_fulfilled(document: Document) -> bool:
    """Whether the used item of a used-only buy box says "Fulfilled by Amazon", which is a link there."""
    return offer_box.is_used_only(document) and document.by_id("SSOFpopoverLink_ubb") is not None


def _named(document: Document) -> str | None:
    sentence = _sentence(document)
    return _seller_in(sentence) or _digital_seller(document)


def _seller_in(sentence: str) -> str | None:
    for pattern in _SOLD_BY:
        match = pattern.search(sentence)
        if match:
            return match[1].strip()
    return None


def _digital_seller(document: Document) -> str | None:
    """Kindle books name the seller in a line of its own, "Sold by: X", films of before 2019 among the terms of purchase."""
    for node in _digital_lines(document):
        printed = lines(node)
        label, colon, name = " ".join(printed[:2] if printed and printed[0].endswith(":") else printed).partition(":")
        if colon and label.strip().lower() in _SOLD_LABELS and name.strip():
            return name.strip()
        found = _seller_in(" ".join(printed)[:_LONGEST_SENTENCE])
        if found:
            return found
    return None


def _digital_lines(document: Document) -> Iterator[Node]:
    yield from filter(None, map(document.by_id, _DIGITAL_IDS))
    for mark, css in _DIGITAL_MARKS.items():
        if find(document.source, mark) >= 0:
            yield from document.whole(css)


def _sentence(document: Document) -> str:
    """The sentence that names seller and shipper; before 2014 it stands beside the availability."""
    found = next(filter(None, (text(offer_box.find(document, name)) for name in _SENTENCES)), "")
    if not found and document.by_id("btAsinTitle") is not None:
        found = next((text(node.parent) for node in document.whole(".availGreen, .availOrange")), "")
    return found[:_LONGEST_SENTENCE]


def _merchant_id(href: str | None) -> str | None:
    query = parse_qs(urlsplit(href or "").query)
    for name in ("seller", "s", "me"):
        if query.get(name):
            return query[name][0]
    return None


def _form_merchant(document: Document) -> str | None:
    return attr(offer_box.find(document, "merchantID", "ftSelectMerchant", "deliveryBlockSelectMerchant"), "value")


def _is_amazon(name: str) -> bool:
    return _AMAZON.match(name) is not None


RETURN_POLICY: Sources[str] = (
    Source(
        "line of the buy box",
        lambda document: _labelled(document, "returnsInfoFeature_feature_div", _RETURN_LABELS),
    ),
    Source(f"#{_RETURNS[0]}", lambda document: text(offer_box.find(document, _RETURNS[0]))),
    Source("icon of the return policy", _return_icon),
    Source(f"#{_RETURNS[1]}", lambda document: text(offer_box.find(document, _RETURNS[1]))),
)
SELLER: Sources[str] = (
    Source("link to the seller", lambda document: text(_seller_link(document))),
    Source(
        "line of the buy box", lambda document: _labelled(document, "merchantInfoFeature_feature_div", _SOLD_LABELS)
    ),
    Source("table of a grocery", lambda document: _grocery(document, _SOLD_LABELS)),
    Source("sentence of sale", _named),
    Source("head of the folded row", lambda document: _headed(document, _SOLD_LABELS)),
)
SHIPS_FROM: Sources[str] = (
    Source(
        "line of the buy box", lambda document: _labelled(document, "fulfillerInfoFeature_feature_div", _SHIPS_LABELS)
    ),
    Source("line of shipper and seller", _shipper_and_seller),
    Source("table of a grocery", lambda document: _grocery(document, _SHIPS_LABELS)),
    Source("head of the folded row", lambda document: _headed(document, _SHIPS_LABELS)),
    Source("sentence of sale", _said_shipper),
)
