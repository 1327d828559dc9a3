"""Who sells the buy box offer, and who ships it."""

import re
from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import parse_qs, urlsplit

from azscraper.kinds.details import offer_box
from azscraper.marketplaces import folded, offer_labels
from azscraper.parse.dig import dig
from azscraper.parse.document import Document, Node, attr, first, lines, select, text
from azscraper.parse.sources import Field
from azscraper.parse.values import absolute, integer, percent, rating
from azscraper.records.parts import Seller

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
_RATED = re.compile(r"[(（]([^()|（）]{1,60})\|([^()|（）]{1,40})[)）]")
_PANEL_RATED = '[id="aod-offer-seller-rating"]'
_BELOW_NAME = "tbb_mr_star_dp"
_STARS = re.compile(r"a-star-(?:brand-)?(?:mini-|small-)?(\d)(?:-(\d))?")
_COUNTED = re.compile(r"[(（]([^()%（）]{0,30}\d[^()%（）]{0,30})[)）]")
_SENTENCES = ("merchant-info", "ships-from", "ddmMerchantMessage", "availability_feature_div")
_DIGITAL_IDS = ("sold-by-merchant", "dmusic_tracklist_footer_soldby", "adbl_bb_sold_and_delivered_by")
_DIGITAL_MARKS = {
    b"print-sold-by": ".print-sold-by",
    b"tancaccept": ".tancaccept",
    b"adbl_bb_sold_delivered_by": "[data-test=adbl_bb_sold_delivered_by]",
}
"""What the source holds, and where the elements are then: looking for elements takes a hundred times as long."""
_LONGEST_SENTENCE = 1000
_USED_BLOCKS = ("usedbuyBox", "usedOnlyBuybox", "usedAccordionRow")
_MERCHANT = 'input[name="merchantID"], input[name$="[merchantId]"]'
_ASKED = "delivery-block-ajax-params-0"
_SOLD_LABELS = offer_labels("seller")
_SHIPS_LABELS = offer_labels("ships_from")


seller = Field[Document, str, Seller | None](
    'The seller link of the buy box row, the "Sold by" line, else the sentence that names the seller.'
)


@seller.source("link to the seller")
def _linked_seller(document: Document) -> str:
    return text(_seller_link(document))


@seller.source("line of the buy box")
def _seller_line(document: Document) -> str | None:
    return offer_box.labelled(document, "merchantInfoFeature_feature_div", _SOLD_LABELS)


@seller.source("table of a grocery")
def _grocery_seller(document: Document) -> str | None:
    return _grocery(document, _SOLD_LABELS)


@seller.source("sentence of sale")
def _said_seller(document: Document) -> str | None:
    return _seller_in(_sentence(document))


@seller.source("line of a digital product")
def _digital_seller(document: Document) -> str | None:
    """Kindle books name the seller in a line of its own, "Sold by: X", films of before 2019 among the terms of purchase."""
    for node in _digital_lines(document):
        printed = lines(node)
        label, colon, name = " ".join(printed[:2] if printed and printed[0].endswith(":") else printed).partition(":")
        if colon and folded(label.strip()) in _SOLD_LABELS and name.strip():
            return name.strip()
        found = _seller_in(" ".join(printed)[:_LONGEST_SENTENCE])
        if found:
            return found
    return None


@seller.source("head of the folded row")
def _headed_seller(document: Document) -> str | None:
    return _headed(document, _SOLD_LABELS)


@seller.settle
def _seller(document: Document, name: str | None) -> Seller | None:
    if not name:
        return None
    href = attr(_seller_link(document), "href")
    return Seller(
        name=name,
        id=_merchant_id(href) or _form_merchant(document),
        url=absolute(href, document.marketplace.host) if href and not href.startswith("#") else None,
        is_amazon=is_amazon(name),
    )


ships_from = Field[Document, str, str | None](
    'The "Ships from" line, a line for shipper and seller in one, else the sentence that names who ships.'
)


@ships_from.source("line of the buy box")
def _shipper_line(document: Document) -> str | None:
    return offer_box.labelled(document, "fulfillerInfoFeature_feature_div", _SHIPS_LABELS)


@ships_from.source("line of shipper and seller")
def _shipper_and_seller(document: Document) -> str | None:
    """The one name of the row "Shipper / Seller", of pages from 2024 on."""
    row = offer_box.find(document, "merchantInfoFeature_feature_div")
    merged = "/" in text(first(row, ".offer-display-feature-label"))
    return text(first(row, ".offer-display-feature-text-message")) or None if merged else None


@ships_from.source("table of a grocery")
def _grocery_shipper(document: Document) -> str | None:
    return _grocery(document, _SHIPS_LABELS)


@ships_from.source("head of the folded row")
def _headed_shipper(document: Document) -> str | None:
    return _headed(document, _SHIPS_LABELS)


@ships_from.source("sentence of sale")
def _said_shipper(document: Document) -> str | None:
    sentence = _sentence(document)
    if _FULFILLED.search(sentence) or _is_used_fulfilled(document):
        return "Amazon"
    if not any(pattern.search(sentence) for pattern in _SOLD_AND_SHIPPED_BY):
        return None
    sold = document.once(seller)
    return sold.name if sold else None


fulfilled_by_amazon = Field[Document, str, bool | None](
    "Whether the one who ships is Amazon; none when the page names nobody."
)


@fulfilled_by_amazon.source("the one who ships")
def _shipper(document: Document) -> str | None:
    return document.once(ships_from)


@fulfilled_by_amazon.source("Amazon as the seller")
def _amazon(document: Document) -> str | None:
    sold = document.once(seller)
    return sold.name if sold and sold.is_amazon else None


@fulfilled_by_amazon.settle
def _by_amazon(_: Document, name: str | None) -> bool | None:
    return is_amazon(name) if name else None


def _seller_link(document: Document) -> Node | None:
    link = offer_box.find(document, "sellerProfileTriggerId")
    if link is not None:
        return link
    blocks = [offer_box.find(document, "merchant-info")]
    blocks += map(document.by_id, _USED_BLOCKS) if offer_box.is_used_only(document) else []
    return next((node for block in blocks if (node := first(block, 'a[href*="seller="]')) is not None), None)


def _grocery(document: Document, labels: frozenset[str]) -> str | None:
    """The value of a line of Amazon Fresh and other groceries' table of seller and shipper."""
    for line in select(offer_box.find(document, "fresh-merchant-info"), "tr"):
        cells = [text(cell) for cell in select(line, "td")]
        if len(cells) == 2 and folded(cells[0]) in labels:  # noqa: PLR2004 - label and value
            return cells[1] or None
    return None


def _headed(document: Document, labels: frozenset[str]) -> str | None:
    """The head of a folded buy box row, "Ships from: Amazon", where the row holds no line of its own."""
    for line in select(offer_box.find(document, "sfsb_accordion_head"), ".a-row"):
        label, colon, name = text(line).replace("：", ":").partition(":")
        if colon and folded(label.strip()) in labels and name.strip():
            return name.strip()
    return None


def _is_used_fulfilled(document: Document) -> bool:
    """Whether the used item of a used-only buy box says "Fulfilled by Amazon", which is a link there."""
    return offer_box.is_used_only(document) and document.by_id("SSOFpopoverLink_ubb") is not None


def _seller_in(sentence: str) -> str | None:
    for pattern in _SOLD_BY:
        match = pattern.search(sentence)
        if match:
            return _RATED.sub("", match[1]).strip()
    return None


class _Ratings(NamedTuple):
    """What buyers think of the seller."""

    stars: float | None = None
    rated: int | None = None
    positive: int | None = None


seller_rating = Field[Document, float, float | None](
    'Stars behind the name of the seller: "Sold by X (4.4 out of 5 stars | 312 ratings)", or below it; else those of the open panel of offers.'
)
seller_rating_count = Field[Document, int, int | None]("The number beside them.")
seller_positive_percent = Field[Document, int, int | None](
    "The share of positive ratings that the open panel of offers prints."
)


@seller_rating.source("sentence of the seller")
def _sentence_stars(document: Document) -> float | None:
    return document.once(_in_sentence).stars


@seller_rating.ids(_BELOW_NAME)
def _stars_below(_: Document, node: Node) -> float | None:
    return _beside_stars(node).stars


@seller_rating.ids("aod-pinned-offer")
def _panel_stars(_: Document, node: Node) -> float | None:
    return _in_panel(node).stars


@seller_rating_count.source("sentence of the seller")
def _sentence_count(document: Document) -> int | None:
    return document.once(_in_sentence).rated


@seller_rating_count.ids(_BELOW_NAME)
def _count_below(_: Document, node: Node) -> int | None:
    return _beside_stars(node).rated


@seller_rating_count.ids("aod-pinned-offer")
def _panel_count(_: Document, node: Node) -> int | None:
    return _in_panel(node).rated


@seller_positive_percent.ids("aod-pinned-offer")
def _panel_share(_: Document, node: Node) -> int | None:
    return _in_panel(node).positive


def _in_sentence(document: Document) -> _Ratings:
    found = _RATED.search(document.once(_sentence))
    return _Ratings(rating(found[1]), integer(found[2])) if found else _Ratings()


def _in_panel(node: Node) -> _Ratings:
    """Of the featured offer, as its head prints it."""
    return _beside_stars(first(node, _PANEL_RATED))


def _beside_stars(block: Node | None) -> _Ratings:
    said = text(block)
    icon, count = _STARS.search(attr(first(block, "i"), "class") or ""), _COUNTED.search(said)
    stars = float(f"{icon[1]}.{icon[2] or 0}") if icon else None
    return _Ratings(stars, integer(count[1]) if count else None, percent(said))


def _digital_lines(document: Document) -> Iterator[Node]:
    yield from filter(None, map(document.by_id, _DIGITAL_IDS))
    for mark, css in _DIGITAL_MARKS.items():
        if document.holds(mark):
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
    """What the form of the row names, else the state by which a phone's page asks for the delivery of its only row."""
    named = attr(offer_box.find(document, "merchantID", "ftSelectMerchant", "deliveryBlockSelectMerchant"), "value")
    named = named or attr(first(offer_box.main_row(document), _MERCHANT), "value")
    asked = (
        None if named or offer_box.row_name(offer_box.main_row(document)) else dig(document.state(_ASKED), "merchantId")
    )
    return named or (asked if isinstance(asked, str) and asked else None)


def is_amazon(name: str) -> bool:
    """Whether a seller is the marketplace itself."""
    return _AMAZON.match(name) is not None
