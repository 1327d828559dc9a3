"""Named regions of a page that no source of a field asks for: a layout that is new shows here on the day it comes.

All sources are asked, those behind the first that says something too, so this takes several times as long as reading the page.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from azscraper.kinds.recognise import recognise
from azscraper.parse.document import Document, Node, attr, text
from azscraper.parse.page import Page

LEAST_CHARACTERS = 40
"""Of visible text; what holds less is a label."""
_COLUMN_CHARACTERS = 1_500
"""What is asked for and holds more is a column: what is in it was not read by that."""
_MOST = 200
_MOST_CHARACTERS = 5_000_000
_SHOWN_CHARACTERS = 120
_FRAME = (
    "navbar",
    "nav-main",
    "nav-belt",
    "nav-flyout-ewc",
    "navFooter",
    "rhf",
    "rhf-container",
    "skippedLink",
    "hmenu-content",
)
"""Header, footer and menus, which every page of the shop has."""
_MENUS = ("nav", "shortcut-menu")
_UNSEEN = frozenset(
    {"script", "style", "template", "noscript", "html", "body", "head", "title", "link", "meta", "form", "input"}
)
_HIDDEN = ("aok-hidden", "a-hidden", "aok-offscreen", "a-popover-preload")
_NUMBER = re.compile(r"\d+")
_RANDOM = re.compile(r"(?<=CardInstance).*|(?<=-)[0-9a-f]{8}(?:-[0-9a-f]{4,12})+")
_LONGEST_NAME = 60
_PHONE, _TABLET = "a-mobile", "a-tablet"


@dataclass(frozen=True, slots=True)
class Region:
    """A region that no source asks for."""

    name: str
    """Its id or data-feature-name, numbers written as ``#``."""
    characters: int
    """Of visible text."""
    text: str
    """How it begins."""


@dataclass(frozen=True, slots=True)
class Unread:
    """What no source reads of a page, and the page's layout."""

    kind: str
    """Type of the jobs that ask for such pages."""
    device: str
    """desktop, phone or tablet."""
    title: str
    """Id of the element that holds the title, of a result list that holds the rows; empty without one."""
    regions: tuple[Region, ...]
    """In page order, each name once, two hundred at most."""


def unread(page: Page) -> Unread | None:
    """None for a page whose kind has no sources. Never raises; linear in the size of the page."""
    kind = recognise(page)
    if kind is None or kind.ask_all is None:
        return None
    document = Document(page.body, page.url, page.fetched_at.date() if page.fetched_at else None)
    title = kind.ask_all(document)
    return Unread(kind.name, _device(document), title, _regions(document))


def _device(document: Document) -> str:
    dressed = attr(document.root, "class") or ""
    return "phone" if _PHONE in dressed else "tablet" if _TABLET in dressed else "desktop"


def _regions(document: Document) -> tuple[Region, ...]:
    """The outermost ones: not asked for, nothing in them was, and they are not within what was."""
    asked = {node.mem_id: node for node in document.asked}
    around = _around(list(asked.values()))
    covering = _blocks(asked) | {node.mem_id for name in _FRAME if (node := document.ids.get(name)) is not None}
    within = _Within(covering)
    found: dict[str, Region] = {}
    for node in document.regions:
        if len(found) >= _MOST:
            break
        if node.mem_id in asked or node.mem_id in around or within(node) or not _is_seen(node):
            continue
        covering.add(node.mem_id)  # what is in it holds less
        shown = text(node)
        if len(shown) >= LEAST_CHARACTERS:
            name = _name(node)
            found.setdefault(name, Region(name, len(shown), shown[:_SHOWN_CHARACTERS]))
    return tuple(found.values())


def _blocks(asked: Mapping[int, Node]) -> set[int]:
    """Those that are no columns; found until so much text was read that no page of the shop has it."""
    found: set[int] = set()
    left = _MOST_CHARACTERS
    for key, node in asked.items():
        size = len(text(node))
        left -= size
        if left < 0:
            break
        if size <= _COLUMN_CHARACTERS:
            found.add(key)
    return found


def _around(nodes: list[Node]) -> set[int]:
    """The elements that hold one of these."""
    found: set[int] = set()
    for node in nodes:
        above = node.parent
        while above is not None and above.is_element_node and above.mem_id not in found:
            found.add(above.mem_id)
            above = above.parent
    return found


class _Within:
    """Whether an element is one of these or within one. Each element is asked once, however many nest in it."""

    def __init__(self, covering: set[int]) -> None:
        self._covering = covering
        self._known: dict[int, bool] = {}

    def __call__(self, node: Node) -> bool:
        passed = []
        above: Node | None = node
        is_within = False
        while above is not None and above.is_element_node:
            key = above.mem_id
            if key in self._covering or self._known.get(key):
                is_within = True
                break
            if key in self._known:
                break
            passed.append(key)
            above = above.parent
        self._known.update(dict.fromkeys(passed, is_within))
        return is_within


def _is_seen(node: Node) -> bool:
    """Not of the shop's menus, and shown without a click."""
    if node.tag in _UNSEEN or (node.id or "").startswith(_MENUS):
        return False
    dressed, style = node.attrs.get("class") or "", (node.attrs.get("style") or "").replace(" ", "")
    return "display:none" not in style and not any(name in dressed for name in _HIDDEN)


def _name(node: Node) -> str:
    named = node.id or node.attrs.get("data-feature-name") or ""
    return _NUMBER.sub("#", _RANDOM.sub("*", named))[:_LONGEST_NAME]
