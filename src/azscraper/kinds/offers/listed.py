"""The offers of a list, found by layout: the panel of all offers (2020 on) and the page of its own before it."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from azscraper.parse.document import Document, Node, attr, first, select

_T = TypeVar("_T")
_NUMBER = re.compile(r"-\d+$")

PANEL = ("aod-offer-list", "aod-pinned-offer", "aod-sticky-pinned-offer", "aod-container")
PAGE = ("olpOfferList", "olpOfferListColumn")
_PINNED = ("aod-pinned-offer", "aod-sticky-pinned-offer")
"""The featured offer, drawn twice: at the head of the panel and in the bar that stays in view."""
_ROWS = '[id="aod-offer"]'
_OLD_ROWS = ".olpOffer"
_MOST = 200
"""Of a page; Amazon's longest has some 20."""


@dataclass(slots=True)
class Listed:
    """An offer of a list, and what its fields need to know of its page."""

    node: Node
    document: Document
    is_featured: bool = False
    is_old: bool = False
    """From the page of its own."""
    unread: list[str] = field(default_factory=list)
    """JSON names of fields that it shows and that could not be read."""
    inputs: list[tuple[str, str, str | None]] = field(init=False, default_factory=list)
    """Id, name and value of the fields of its forms, in page order."""
    _ids: dict[str, Node] = field(init=False, default_factory=dict)
    _memo: dict[object, Any] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        """One walk for what would be twenty: ids end with the number of the row, or say what they are alone."""
        for node in select(self.node, "[id]"):
            self._ids.setdefault(_NUMBER.sub("", node.id or ""), node)
        for node in select(self.node, "input"):
            attrs = node.attributes
            self.inputs.append((attrs.get("id") or "", attrs.get("name") or "", attr(node, "value")))

    def part(self, *names: str) -> Node | None:
        """The first of its elements with one of these ids, without the number of the row."""
        return next((self._ids[name] for name in names if name in self._ids), None)

    def once(self, read: Callable[["Listed"], _T]) -> _T:
        """What a function of this offer gives, worked out at its first use."""
        if read not in self._memo:
            self._memo[read] = read(self)
        found: _T = self._memo[read]
        return found


def is_list(document: Document) -> bool:
    """Whether the page is a list of offers, with or without any."""
    return document.by_id(*PANEL, *PAGE) is not None


def listed_in(document: Document) -> list[Listed]:
    """The offers of a page in its order, the featured one first."""
    pinned = document.by_id(*_PINNED)
    featured = [Listed(pinned, document, is_featured=True)] if pinned is not None and _sells(pinned) else []
    rows = select(document.by_id("aod-offer-list"), _ROWS) or document.whole(_ROWS)
    old = [] if featured or rows else select(document.by_id(*PAGE), _OLD_ROWS)
    others = [Listed(node, document) for node in _each(rows)] + [
        Listed(node, document, is_old=True) for node in _each(old)
    ]
    return featured + others


def _each(nodes: list[Node]) -> list[Node]:
    return list({node.mem_id: node for node in nodes}.values())[:_MOST]


def _sells(pinned: Node) -> bool:
    """Of a product without a featured offer the head says so, and has neither price nor seller."""
    return (
        first(pinned, '[id^="aod-price"] .a-price, [id="aod-offer-soldBy"] .a-col-right, [id="aod-offer-price"]')
        is not None
    )
