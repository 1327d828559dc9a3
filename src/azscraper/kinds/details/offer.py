"""The terms of the buy box offer, and the other offers beside it."""

import re
from collections.abc import Iterator

from azscraper.kinds.details import identity, offer_box, price
from azscraper.marketplaces import folded, offer_labels, phrase_pattern, phrases_for
from azscraper.parse.document import Document, Node, attr, first, lines, select, text
from azscraper.parse.remembered import remembered
from azscraper.parse.sources import Field
from azscraper.parse.values import integer, money, plain_digits
from azscraper.records.parts import ConditionState, Money, Offers

_NUMBER_IN_BRACKETS = re.compile(r"\(([\d.,\s]{1,12})\)")
_WHOLE_NUMBER = re.compile(r"(?<![\d.,])\d{1,4}(?![\d.,]*\d| \d{3}(?!\d))")
"""Not a part of a price."""
_DIGIT = re.compile(r"\d")
_NEW = phrase_pattern("new")
_USED = phrase_pattern("used")
_SEVERAL = phrase_pattern("several")
_STATES = ("collectible", "renewed", "like_new", "very_good", "good", "acceptable")
_NEW_DATA = b'"buyingOptionType":"NEW"'
_RENEWED_ROWS = ("renewed", "refurb")
_LONGEST_OFFER_LINE = 80
_HEAD_LINES = 3
_RETURN_ICON = "RETURNS_POLICY"
_RETURN_LABELS = offer_labels("return_policy")
_LOWEST_HEAD = "condition-text-block-title-text"
_LOWEST_PRICE = ".aok-offscreen, .a-price"
_OFFER_LINES = (
    "olpLinkWidget_feature_div",
    "dynamic-aod-ingress-box",
    "all-offers-display-ingress",
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


@condition.source("head of the open row of renewed items")
def _grade(document: Document) -> str | None:
    """Grades of renewed items have a row each: "Refurbished - Excellent"."""
    row = offer_box.main_row(document)
    if not offer_box.row_name(row).startswith(_RENEWED_ROWS):
        return None
    return next(
        (line for line in lines(row)[:_HEAD_LINES] if state_of(line, document) and len(line) <= _LONGEST_OFFER_LINE),
        None,
    )


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


condition_state = Field[Document, str, ConditionState | None](
    "What the words of the condition mean; new also where the data of the buy box says so."
)


@condition_state.source("words of the condition")
def _worded(document: Document) -> str | None:
    words = document.once(condition)
    return state_of(words, document) if words else None


@condition_state.source("row of the buy box")
def _of_row(document: Document) -> str | None:
    name = offer_box.row_name(offer_box.main_row(document))
    if name.startswith("rent"):
        return "rental"
    return "new" if name.startswith("new") else "renewed" if name.startswith(_RENEWED_ROWS) else None


@condition_state.source("data of the buy box")
def _of_data(document: Document) -> str | None:
    return "new" if document.holds(_NEW_DATA) else None


@condition_state.settle
def _offered(document: Document, state: str | None) -> ConditionState | None:
    """None where nothing is offered; a used item without a grade is used, whatever else the page's data names."""
    if document.once(price.price) is None:
        return None
    named = "unknown" if offer_box.is_used_only(document) and state in {None, "new"} else state
    return ConditionState(named) if named else None


def state_of(words: str, document: Document) -> str | None:
    """The condition that words mean; None for words that say nothing of it."""
    return _state_in(words, document.spoken)


@remembered
def _state_in(words: str, spoken: str) -> str | None:
    said = folded(words)
    rows = phrases_for(spoken)[:2]
    for state in _STATES:
        if any(phrase in said for row in rows for phrase in row.conditions.get(state, ())):
            return state
    return "unknown" if _USED.search(words) else "new" if _NEW.search(words) else None


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
    "A line for new and used together, or without a word on the condition, counts only where no line tells them apart."
)


@offers.source("links to offers and lines that count them")
def _offers(document: Document) -> Offers | None:
    found: dict[str, int | Money | None] = {}
    for line in _offer_lines(document):
        kind = (
            _offer_kind(line, document.spoken) if _DIGIT.search(line) else None
        )  # what counts nothing is no line of offers
        if kind is None or f"{kind}_count" in found:
            continue
        amount = money(line, document.marketplace)
        count = _offer_count(line, amount)
        if count and (amount or kind == "mixed"):
            found |= {f"{kind}_count": count, f"{kind}_from": amount}
    if found.get("mixed_count") and found["mixed_from"] is None:
        found["mixed_from"] = _lowest_of_box(document)
    if "new_count" in found or "used_count" in found:
        found = {name: value for name, value in found.items() if not name.startswith("mixed")}
    return Offers.model_validate(found) if found else None


def _lowest_of_box(document: Document) -> Money | None:
    """A phone's page of 2025 names the lowest price in a box of its own, above the line that counts the offers."""
    head = document.by_id(_LOWEST_HEAD)
    box = head.parent.parent if head is not None and head.parent is not None else None
    amounts = (money(text(node), document.marketplace) for node in select(box, _LOWEST_PRICE))
    return next((amount for amount in amounts if amount), None)


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


def _offer_kind(line: str, spoken: str) -> str | None:
    """Offers of renewed items, which are neither new nor used, are not told apart."""
    new, used = _NEW.search(line) is not None, _USED.search(line) is not None
    if new != used:
        return "new" if new else "used"
    return "mixed" if new or _SEVERAL.search(line) or _state_in(line, spoken) == "renewed" else None


def _offer_count(line: str, amount: Money | None) -> int | None:
    """The number in brackets, else the first whole one of the line that is not the price."""
    bracketed = _NUMBER_IN_BRACKETS.search(line)
    if bracketed:
        return integer(bracketed[1])
    found = integer(line)
    if amount is None or (found is not None and found != amount.amount):
        return found
    whole = (int(number) for number in _WHOLE_NUMBER.findall(plain_digits(line)))
    return next((number for number in whole if number != amount.amount), None)
