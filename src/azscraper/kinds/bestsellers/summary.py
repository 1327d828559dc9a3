"""What a list says about itself: which it is, of which category, which page, and what stands beside it."""

import re
from collections.abc import Iterator

from azscraper.kinds.bestsellers import tree
from azscraper.kinds.bestsellers.address import ROOT, Chart, of_address, of_mark, page_of
from azscraper.kinds.bestsellers.tiles import list_of, shelves_of
from azscraper.parse.document import Document, Node, attr, first, select, text
from azscraper.parse.sources import Field
from azscraper.parse.values import plain_digits
from azscraper.records.bestsellers import ChartList, ChartTab
from azscraper.records.parts import Category

_CANONICAL = 'link[rel="canonical"]'
_STRIP = "ul.a-pagination,.zg_pagination"
_CURRENT = "li.a-selected,.zg_selected"
_TABS = '[class*="zg-tabs"],#zg_tabs,.zg-more-list-types-container'
_ACTIVE = ".zg-active-tab"
_FREE_TAB = "zg-free-tab"
_HEADINGS = "h1,#zg_listTitle"
_BANNERS = ("zg_banner_text", "zg_bannerTitle", "zg_listTitle")
_SUBTEXTS = ("zg_banner_subtext", "zg_bannerSubtext")
_OLD_BANNER = ".zg-banner-text"
_OLD_SUBTEXT = ".zg-banner-subtext"
_SENTENCE = re.compile(r"(?<=[.!。！।])\s*")
_FULL = 50
"""Ranks of a page that has another behind it."""
_LONG = 4
"""No list has a page of so many digits."""

chart_of = Field[Document, Chart, Chart](
    "Which list it is. The canonical link is the same for both pages, and for paid and free, so it comes last.",
    empty=Chart(None),
)


@chart_of.source("address")
def _asked_for(document: Document) -> Chart | None:
    return of_address(document.url)


@chart_of.source("selected page")
def _selected_page(document: Document) -> Chart | None:
    return of_address(_absolute(attr(first(_current_page(document), "a"), "href"), document))


@chart_of.source("canonical link")
def _canonical(document: Document) -> Chart | None:
    return of_address(attr(first(document.head, _CANONICAL), "href") or "")


@chart_of.settle
def _as_shown(document: Document, found: Chart | None) -> Chart:
    """The marks of the page say which list it is, and its tabs whether it is the free one."""
    found = found or Chart(None)
    grid = first(list_of(document), "[data-reftag]")
    marked = of_mark(attr(grid, "data-reftag") or "") if grid is not None else None
    tab = first(list_of(document), _ACTIVE)
    is_free = found.is_free if tab is None else _FREE_TAB in (tab.attrs.get("class") or "")
    selected = next((tab.list for tab in document.once(tabs) if tab.selected), None)
    return Chart(marked or selected or found.list, found.department, found.node, is_free)


page_number = Field[Document, int, int]("The page of the list, from 1.", empty=1)


@page_number.source("selected page")
def _selected_number(document: Document) -> int | None:
    return _number(_current_page(document))


@page_number.source("first rank that the data name")
def _number_by_rank(document: Document) -> int | None:
    """A marketplace that has no such page serves the first one."""
    named = next((one for shelf in document.once(shelves_of) for one in shelf.named), None)
    return (named.rank - 1) // _FULL + 1 if named is not None and named.rank else None


@page_number.source("address")
def _number_in_address(document: Document) -> int | None:
    return page_of(document.url)


title = Field[Document, str, str | None]("What the page calls the list.")


@title.source("heading of the list")
def _heading(document: Document) -> str | None:
    return text(first(document.by_id("zg-right-col", "zg_centerListWrapper"), _HEADINGS))


@title.source("heading of the page")
def _banner(document: Document) -> str | None:
    return text(document.by_id(*_BANNERS)) or next((text(node) for node in _around(document, _OLD_BANNER)), None)


updated_text = Field[Document, str, str | None]("The last sentence under the heading of the page.")


@updated_text.source("line under the heading")
def _updated(document: Document) -> str | None:
    line = text(document.by_id(*_SUBTEXTS)) or next((text(node) for node in _around(document, _OLD_SUBTEXT)), "")
    sentences = [one for one in _SENTENCE.split(line) if one]
    return sentences[-1].rstrip(".。।") if len(sentences) > 1 else None


def _around(document: Document, css: str) -> Iterator[Node]:
    """Of the years in which the heading had no id."""
    yield from document.whole(css) if document.by_id("zg-ordered-list") is not None else ()


def last_page(document: Document) -> int | None:
    """The greatest number in the strip of pages."""
    numbers = (_number(node) for node in select(document.once(_strip), "a,li"))
    return max(filter(None, numbers), default=None)


def _number(node: Node | None) -> int | None:
    shown = plain_digits(node.text()).strip() if node is not None else ""
    return int(shown) if shown.isascii() and shown.isdigit() and len(shown) < _LONG else None


def tabs(document: Document) -> tuple[ChartTab, ...]:
    """The other lists of the category, and this one where the page has it among them."""
    found: dict[ChartList, ChartTab] = {}
    for link in _tab_links(document):
        url = tree.plain_address(attr(link, "href") or "", document.marketplace.host)
        chart = of_address(url) if url else None
        if url is not None and chart is not None and chart.list is not None:
            found.setdefault(chart.list, ChartTab(list=chart.list, url=url, selected=_is_selected(link)))
    return tuple(found.values())


def _tab_links(document: Document) -> list[Node]:
    """The strips first, then their links: one query for both asks all that is around each link of the page."""
    strips = select(document.by_id("zg"), _TABS)
    return list({link.mem_id: link for strip in strips for link in select(strip, "a")}.values())


def _is_selected(link: Node) -> bool:
    around = attr(link.parent, "class") or ""
    return link.attrs.get("aria-current") is not None or "selected" in around


def categories(document: Document, chart: Chart) -> tuple[Category | None, Category | None, tuple[Category, ...]]:
    """The one that is shown, the one above it, those below."""
    host = document.marketplace.host
    node = tree.selected(document)
    name = tree.name_of(node)
    if node is None or name is None:
        return None, None, ()
    parent = tree.parent_of(node, host)
    children = tree.children_of(node, host)
    if (parent is None) != (chart.department == ROOT):
        return None, None, children  # a tree that was served without the category
    return Category(name=name, id=chart.node, url=chart.url(document.marketplace)), parent, children


def _strip(document: Document) -> Node | None:
    return first(list_of(document), _STRIP)


def _current_page(document: Document) -> Node | None:
    return first(document.once(_strip), _CURRENT)


def _absolute(href: str | None, document: Document) -> str:
    if not href:
        return ""
    return href if "//" in href else f"https://{document.marketplace.host}{href}"
