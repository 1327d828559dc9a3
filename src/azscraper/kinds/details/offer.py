"""The terms of the buy box offer, and the other offers beside it."""

import re
from collections.abc import Iterator

from azscraper.kinds.details import identity, offer_box
from azscraper.marketplaces import offer_labels, phrase_pattern
from azscraper.parse.document import Document, Node, attr, first, lines, text
from azscraper.parse.sources import Field
from azscraper.parse.values import integer, money
from azscraper.records.parts import Money, Offers

_NUMBER_IN_BRACKETS = re.compile(r"\(([\d.,\s]{1,12})\)")
_NEW = phrase_pattern("new")
_USED = phrase_pattern("used")
_LONGEST_OFFER_LINE = 80
_RETURN_ICON = "RETURNS_POLICY"
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


condition = Field[Document, str, str | None](
    'As printed for a used or renewed offer; for a new one only where a used one stands beside it: "Buy new:" is New.'
)


@condition.source("caption of a renewed offer")
def _renewed(document: Document) -> str | None:
    if offer_box.is_used_only(document):
        return None
    return text(offer_box.find(document, "renewedSingleOfferCaption_feature_div"))


@condition.source("head of the row of new items")
def _new(document: Document) -> str | None:
    """The word for new that heads the buy box row of new items, until 2018 its section ("Buy New $21.02")."""
    if offer_box.is_used_only(document):
        return None
    row = offer_box.main_row(document)
    named = (attr(row, "data-a-accordion-row-name") or "").startswith("newAccordionRow")
    head = next(iter(lines(row if named else document.by_id("buyNewSection"))), "")[:_LONGEST_OFFER_LINE]
    word = _NEW.search(head)
    return word[0].capitalize() if word and not _USED.search(head) else None


@condition.source("head of a box of used items alone")
def _used(document: Document) -> str | None:
    if not offer_box.is_used_only(document):
        return None
    block = document.by_id("usedbuyBox", "usedAccordionRow", "usedOnlyBuybox")
    return text(first(block, "strong")) or text(first(block, ".a-text-bold")) or None


is_prime = Field[Document, bool, bool | None]("True where the buy box row shows the Prime badge.")


@is_prime.source("badge in the buy box row")
def _prime_badge(document: Document) -> bool | None:
    row = offer_box.main_row(document)
    if row is None:
        return None
    return first(row, "i.a-icon-prime, .a-icon-prime-jp, #prime_feature_div i, [id=primePopover]") is not None or None


return_policy = Field[Document, str, str | None](
    'The "Returns" line of the buy box, the line under it, the words of the icon below the price, else "FREE Returns".'
)


@return_policy.source("line of the buy box")
def _return_line(document: Document) -> str | None:
    return offer_box.labelled(document, "returnsInfoFeature_feature_div", _RETURN_LABELS)


@return_policy.ids("productSupportAndReturnPolicy-return-policy-anchor-text", find=offer_box.find)
def _returns(_: Document, node: Node) -> str:
    return text(node)


@return_policy.source("icon of the return policy")
def _return_icon(document: Document) -> str | None:
    """Indian pages say "10 days Replacement" under an icon; one that only leads to the rules of all products says nothing."""
    icon = document.by_id(_RETURN_ICON)
    return None if attr(icon, "data-type") == "redirect" else text(icon) or None


return_policy.ids("creturns-policy-anchor-text", find=offer_box.find)(_returns)


offers = Field[Document, Offers, Offers | None](
    'The links to the offers of this ASIN, else the lines that count them: "New (12) from $8.99". '
    "A line for new and used together tells neither."
)


@offers.source("links to offers and lines that count them")
def _offers(document: Document) -> Offers | None:
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
