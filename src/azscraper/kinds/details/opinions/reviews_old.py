"""Reviews as the layouts before 2017 and the mobile pages of 2018 print them: without hooks, found by the review's id."""

import re
from typing import Any

from azscraper.parse import values
from azscraper.parse.dates import iso_date
from azscraper.parse.document import Document, Node, attr, first, lines, select, text
from azscraper.records.parts import Review

_KEYED = ("rev-dpReviewsMostHelpful-", "rev-dpReviewsMostHelpfulAUI-", "customer_review-", "viewpoint-")
_ID = re.compile(r"R[0-9A-Z]{10,14}")
_AUTHOR = 'a[href*="/pdp/profile/"], .a-profile-name'
_TITLE = '.reviewTitle strong, a[href*="/review/"] .a-text-bold:not([data-hook]), b'
_DATES = "nobr, .txtsmall, .a-color-secondary"
_MORE = '.readMoreLink, a[href*="cm_cr_dp_text"]'  # the way to the rest of a review that is cut
_BARE = frozenset({"-text", "br", "i", "em", "u", "strong"})
"""What a text that stands bare among the blocks consists of."""
_LONGEST_DATE = 60  # a longer text that names a day is the review itself
_HELPFUL = re.compile(r"^(\d[\d.,]*) (?:of|von|sur|su|de) (?:the )?(\d[\d.,]*) ")


def old_reviews(document: Document) -> tuple[Review, ...]:
    """The most helpful reviews in page order, each once; the lines of the "most recent" column are no whole reviews."""
    found: dict[str, Review] = {}
    for key, node in _by_id(document) or _by_anchor(document):
        found.setdefault(key, Review(**old_values(key, node)))
    return tuple(found.values())


def _by_id(document: Document) -> list[tuple[str, Node]]:
    keyed = []
    for name, node in document.by_prefix(*_KEYED):
        key = name.rpartition("-")[2]
        if _ID.fullmatch(key):
            keyed.append((key, node))
    return keyed


def _by_anchor(document: Document) -> list[tuple[str, Node]]:
    """In 2011 an empty anchor stands before each review."""
    keyed = []
    for anchor in document.whole("a[name]") if document.by_id("btAsinTitle") is not None else []:
        key = attr(anchor, "name") or ""
        if _ID.fullmatch(key):
            block = _block_from(anchor.next)
            if first(block, _AUTHOR) is not None:
                keyed.append((key, block or anchor))
    return keyed


def _block_from(node: Node | None) -> Node | None:
    """The first block among an element and those behind it."""
    while node is not None and node.tag != "div":
        node = node.next
    return node


def old_values(key: str, node: Node) -> dict[str, Any]:
    """What the review in an element of a layout without hooks says, by the names of its fields. Never raises."""
    return {
        "id": key,
        "title": text(first(node, _TITLE)) or None,
        "body": _body(node) or None,
        "rating": _stars(node),
        "author": _author(node),
        "date": _date(node),
        "verified": first(node, '.avp, .a-color-state, [data-hook*="avp-badge"]') is not None,
        "helpful": _helpful(text(_block_from(node.first_child))),
    }


def _body(node: Node) -> str:
    """The block of the text; in 2011 the text stands bare among the blocks."""
    block = first(node, '.reviewText, [id^="revData-"] > .a-section')
    if block is not None:
        return " ".join(lines(block, without=_MORE))
    parts = (part for part in node.iter(include_text=True) if part.tag in _BARE)
    return values.clean("".join(" " if part.tag == "br" else part.text() for part in parts))


def _stars(node: Node) -> float | None:
    said = attr(first(node, "[title]"), "title") or text(first(node, ".a-icon-alt"))
    return values.rating(said) if said else None


def _author(node: Node) -> str | None:
    """On mobile pages the profile stands before the review's block."""
    own = text(first(node, _AUTHOR))
    if own or not (node.id or "").startswith("customer_review-"):
        return own or None
    above = node.parent.prev if node.parent is not None else None
    return text(first(above, ".a-profile-name")) or None


def _date(node: Node) -> str | None:
    short = (line for part in select(node, _DATES) if len(line := text(part)) <= _LONGEST_DATE)
    return next((day for line in short if (day := iso_date(line))), None)


def _helpful(line: str) -> int | None:
    """The block opens with "48 of 50 people found the following review helpful"."""
    match = _HELPFUL.match(values.plain_digits(line))
    return values.integer(match[1]) if match else None
