"""The tree of categories beside a list: the one that is shown, the one above it, those below. Of nested lists or nested blocks."""

import re
from collections.abc import Iterator

from azscraper.kinds.bestsellers.address import of_address
from azscraper.parse.document import Document, Node, attr, first, select
from azscraper.parse.values import absolute, clean
from azscraper.records.parts import Category

_TREES = ("zg_browseRoot", "zg-left-col")
_SELECTED = '[class*="zg-selected"],.zg_selected'
_DEEPEST = 40
_CLICKS = re.compile(r"/?(?:ref=|\?|/\d{3}-\d{7}-)")


def selected(document: Document) -> Node | None:
    """The category that is shown."""
    return first(document.by_id(*_TREES), _SELECTED)


def name_of(node: Node | None) -> str | None:
    """Without the words for readers of screens behind it."""
    return clean(node.text(deep=False)) or None if node is not None else None


def category_of(link: Node, host: str) -> Category | None:
    """What a link to a list names."""
    url = plain_address(attr(link, "href") or "", host)
    chart = of_address(url) if url else None
    name = clean(link.text())
    return Category(name=name, id=chart.node, url=url) if chart is not None and name else None


def plain_address(href: str, host: str) -> str | None:
    """Without the steps and parameters that count clicks; a page has dozens of such links, so what is usual comes first."""
    if href.startswith("/") and not href.startswith("//"):
        return f"https://{host}{_CLICKS.split(href, maxsplit=1)[0]}"
    return absolute(href, host)


def parent_of(node: Node, host: str) -> Category | None:
    """Of the link that stands before the group that holds the category."""
    above = node.parent
    item = _item(node)
    above = item.parent if item is not None else None
    for _ in range(_DEEPEST):
        if above is None or above.id in _TREES:
            return None
        before = _before(above)
        link = first(before, "a") or (before if before is not None and before.tag == "a" else None)
        if link is not None:
            return category_of(link, host)
        above = above.parent
    return None


def children_of(node: Node, host: str) -> tuple[Category, ...]:
    """Of the links in the group behind the category."""
    item = _item(node)
    behind = _behind(item)
    if behind is None or not _is_group(behind):
        return ()
    found = (category_of(link, host) for link in select(behind, "a"))
    return tuple(one for one in found if one is not None)


def by_department(document: Document) -> dict[str, Category]:
    """The departments that the tree links to."""
    host = document.marketplace.host
    found = (category_of(link, host) for link in select(document.by_id(*_TREES), "a"))
    charts = ((of_address(one.url or ""), one) for one in found if one is not None)
    return {chart.department: one for chart, one in charts if chart is not None and chart.node is None}


def _is_group(node: Node) -> bool:
    dressed = node.attrs.get("class") or ""
    if node.tag == "ul" or node.attrs.get("role") == "group" or "browse-group" in dressed:
        return True
    return first(node, 'ul,[role="group"],[class*="browse-group"]') is not None


def _item(node: Node) -> Node | None:
    """The line around a category."""
    above: Node | None = node
    while above is not None and above.is_element_node:
        if (
            above.tag == "li"
            or above.attrs.get("role") == "treeitem"
            or "browse-item" in (above.attrs.get("class") or "")
        ):
            return above
        above = above.parent
    return None


def _before(node: Node) -> Node | None:
    return next(_elements(node, forwards=False), None)


def _behind(node: Node | None) -> Node | None:
    return next(_elements(node, forwards=True), None) if node is not None else None


def _elements(node: Node, *, forwards: bool) -> Iterator[Node]:
    beside = node.next if forwards else node.prev
    while beside is not None:
        if beside.is_element_node:
            yield beside
        beside = beside.next if forwards else beside.prev
