"""The reviews of a list, found by layout: since 2016 by their hooks, before that by an anchor in front of each."""

import re
from collections.abc import Iterator

from azscraper.parse.document import Document, Node, attr, first, select

LISTS = ("cm_cr-review_list", "productReviews")
HOOKED = '[data-hook="review"], [data-hook="cmps-review"]'
_OF_PHONES = '[data-hook="mobley-review-content"]'
"""Around the review and its author."""
_MARK = b'data-hook="review"'
_ID = re.compile(r"R[0-9A-Z]{10,14}")
_MOST = 200
"""Of a page; Amazon's longest has ten."""
_SINGLE = re.compile(r"/(?:review|gp/customer-reviews)/(R[0-9A-Z]{10,14})(?![0-9A-Z])")
_VIEWPOINT = "viewpoint-"
_OLD_REVIEW = '.reviewText, [class*="s_star_"], img[src*="/stars-"]'
"""Its text, or before 2014, where that stands bare among the blocks, the stars."""


def single_in(url: str) -> str | None:
    """The review whose own page an address is."""
    found = _SINGLE.search(url)
    return found[1] if found else None


def hooked_in(document: Document) -> list[Node]:
    """The reviews of the list; of one without the list's own element those of the whole page."""
    holder = document.by_id("cm_cr-review_list")
    nodes = select(holder, HOOKED) or select(holder, _OF_PHONES)
    if not nodes and document.holds(_MARK):
        nodes = document.whole(HOOKED)
    return list({node.mem_id: node for node in nodes}.values())[:_MOST]


def viewpoints_in(document: Document) -> dict[str, Node]:
    """What stands above the list, by the review's id: the top positive review, then the top critical one."""
    found = document.by_prefix(_VIEWPOINT)
    return {key: node for name, node in found if _ID.fullmatch(key := name.removeprefix(_VIEWPOINT))}


def anchored_in(document: Document) -> dict[str, Node]:
    """Until 2016: the block behind each anchor that names a review."""
    holder = document.by_id("productReviews")
    anchors = select(holder, "a[name]") if holder is not None else document.whole("a[name]")
    found: dict[str, Node] = {}
    for anchor in anchors[:_MOST]:
        key = attr(anchor, "name") or ""
        if _ID.fullmatch(key) and (block := _block_behind(anchor)) is not None:
            found.setdefault(key, block)
    return found


def _block_behind(anchor: Node) -> Node | None:
    return next((node for node in _following(anchor) if first(node, _OLD_REVIEW) is not None), None)


def _following(node: Node) -> Iterator[Node]:
    """The few elements behind one, and those behind what holds it."""
    behind, steps = node.next, 0
    while behind is not None and steps < 12:  # noqa: PLR2004 - line breaks and texts stand between
        if behind.is_element_node:
            yield behind
        behind, steps = behind.next, steps + 1
    if node.parent is not None and node.parent.tag == "div":
        yield node.parent
