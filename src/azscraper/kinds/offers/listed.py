"""The offers of a list, found by layout: the panel of all offers (2020 on) and the page of its own before it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from string import digits
from typing import Any, TypeVar

from azscraper.parse.document import Document, Node, attr, first, select

_T = TypeVar("_T")

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
    _memo: dict[object, Any] = field(init=False, default_factory=dict)

    def input(self, is_meant: Callable[[str, str], bool]) -> str | None:
        """The value of the first field of its forms whose id and name are meant."""
        return next((attr(node, "value") for id_, name, node in self.once(_inputs) if is_meant(id_, name)), None)

    def input_name(self, beginning: str) -> str:
        """The first name of its fields that begins so; empty without one."""
        return next((name for _, name, _ in self.once(_inputs) if name.startswith(beginning)), "")

    def part(self, *names: str) -> Node | None:
        """The first of its elements with one of these ids, without the number of the row; the page of its own has none."""
        ids = {} if self.is_old else self.once(_ids)
        return next((ids[name] for name in names if name in ids), None)

    def old_part(self, name: str) -> Node | None:
        """The first of its elements with a class that only the page of its own has; these begin with ``olp``."""
        return next(iter(self.old_parts(name)), None)

    def old_parts(self, name: str) -> list[Node]:
        """All of them, in page order."""
        return self.once(_dressed).get(name, []) if self.is_old else []

    def once(self, read: Callable[["Listed"], _T]) -> _T:
        """What a function of this offer gives, worked out at its first use."""
        if read not in self._memo:
            self._memo[read] = read(self)
        found: _T = self._memo[read]
        return found


def _ids(offer: Listed) -> dict[str, Node]:
    """One walk for what would be twenty: ids end with the number of the row, or say what they are alone."""
    found: dict[str, Node] = {}
    for node in select(offer.node, "[id]"):
        found.setdefault(_unnumbered(node.id or ""), node)
    return found


def _dressed(offer: Listed) -> dict[str, list[Node]]:
    """One walk for what would be a dozen."""
    found: dict[str, list[Node]] = {}
    for node in select(offer.node, '[class*="olp"]'):
        for name in (node.attrs.get("class") or "").split():
            found.setdefault(name, []).append(node)
    return found


def _unnumbered(name: str) -> str:
    bare = name.rstrip(digits)
    return bare[:-1] if bare[-1:] == "-" and bare != name else name


def _inputs(offer: Listed) -> list[tuple[str, str, Node]]:
    found = ((node, node.attrs) for node in select(offer.node, "input"))
    return [(attrs.get("id") or "", attrs.get("name") or "", node) for node, attrs in found]


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
