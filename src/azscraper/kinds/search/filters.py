"""The filters of a result list: what each is called, where it leads, the term that chooses it, and whether it is chosen."""

import re
from collections.abc import Iterator
from html import unescape
from typing import NamedTuple
from urllib.parse import unquote_plus

from azscraper.parse.document import Document, Node, attr, first, select, text
from azscraper.parse.values import clean, integer
from azscraper.records.parts import Refinement

_KEPT = re.compile(r"(?:^|(?<=&))(?:k|keywords|field-keywords|field-author|rh|i|me|n|node|bbn|s|page)(?![^=&])[^&]*")
_REF = re.compile(r"/ref=[^/]*")
_FILTERS = '[id$="-title"],.sf-refinement-heading,a.s-navigation-item,li[id*="/"]'
_CLEAR = "s-navigation-clear-link"
_OLD_FILTERS = "h2,h3,h4,.shoppingEngineSectionHeaders,a,span[data-s-ref-selected]"
_HEADED = "a h2,a h3,a h4"
_ADDRESS_IN_DATA = re.compile(r'"url":"([^"]{1,2000})"')
_ALL_VALUES = "/gp/search/other/"  # the link to a page of all brands or sellers
_OLD_NAMES = ".refinementLink,span.a-color-base"
_FILTER_ADDRESS = re.compile(r"/s[/?]|[?&](?:rh|node)=")
_RH = re.compile(r"[?&]rh=([^&#]+)")
_GROUP = re.compile(r"ref=sr_n[a-z]?_([^/?&]{1,80})_\d{1,3}(?![^/?&])")
_COUNT = re.compile(r"[(（]\s*([\d.,]{1,12})\s*[)）]\s*$")
_PICKER = "picker"
"""In the ids of the lines of ranges of prices, which are no terms."""
_UNCHOSEN = ("k", "i")
"""Keys of ``rh`` that are the search itself."""


class _Line(NamedTuple):
    group: str
    name: str
    href: str
    item: str
    """Id of the line, "p_123/308445"."""
    may_be_chosen: bool


def refinements(document: Document) -> Iterator[Refinement]:
    """Links of the left column under the heading they follow; what takes back all choices of a group is none."""
    root = document.by_id("s-refinements")
    group = item = ""
    is_chosen = False
    stars, remarks = _within_links(root, "a .a-icon-alt"), _within_links(root, "a div.a-spacing-top-mini")
    ticked = _within_links(root, "a input[checked]")
    for node in select(root, _FILTERS):
        if node.tag == "li":
            item = node.id or ""
        elif node.tag != "a":
            group, is_chosen = text(node) or group, False
        elif _CLEAR in (node.attrs.get("class") or ""):
            is_chosen = True
        elif name := _filter_name(node, stars.get(node.mem_id), remarks.get(node.mem_id)):
            href = (node.attrs.get("href") or "").strip()
            line = _Line(group, name, href, item, node.mem_id in ticked or is_chosen)
            yield _refinement(line, document.marketplace.host)
            item = ""


def _refinement(line: _Line, host: str) -> Refinement:
    """A link of a chosen filter leaves its own term out, since it takes the choice back."""
    applied = _applied(line) if line.may_be_chosen else None
    return Refinement(
        group=line.group,
        name=line.name,
        url=_address(line.href, host),
        value=applied or _value(line.href),
        is_applied=applied is not None,
    )


def _applied(line: _Line) -> str | None:
    key, _, term = unquote_plus(line.item).partition("/")
    is_term = bool(term) and _PICKER not in term
    return f"{key}:{term}" if is_term and all(term not in unquote_plus(other) for other in _terms(line.href)) else None


def _terms(href: str) -> list[str]:
    """Of the parameter ``rh``, as written."""
    found = _RH.search(href)
    return found[1].replace("%2C", ",").split(",") if found else []


def _value(href: str) -> str | None:
    """The term that the link adds: the last of the group that its reference names, else the last that is not the search itself."""
    terms = [(term, term.replace("%3A", ":").partition(":")[0]) for term in reversed(_terms(href))]
    if len(terms) > 1 and (named := _GROUP.search(href)):
        own = next((term for term, key in terms if key == named[1]), None)
        if own:
            return unquote_plus(own)
    return next((unquote_plus(term) for term, key in terms if term and key not in _UNCHOSEN), None)


def old_refinements(document: Document) -> Iterator[Refinement]:
    """Before 2019: links, and boxes to tick, whose address stands in their data.

    A link around a heading is a department with others under it.
    """
    root = document.by_id("leftNavContainer", "refinements")
    group = upper = ""
    stars, headed = _within_links(root, "a .a-icon-alt"), _within_links(root, _HEADED)
    for node in select(root, _OLD_FILTERS):
        if node.tag not in {"a", "span"}:
            group = text(node) or group
            upper = upper if node.parent is not None and node.parent.tag == "a" else group
            continue
        href = (node.attrs.get("href") or _address_in_data(node)).strip()
        name = text(stars.get(node.mem_id) or first(node, _OLD_NAMES) or node)
        if name and _FILTER_ADDRESS.search(href) and _ALL_VALUES not in href:
            counted = _COUNT.search(clean(node.text()))
            yield Refinement(
                group=upper if node.mem_id in headed else group,
                name=name,
                url=_address(href, document.marketplace.host),
                value=_value(href),
                count=integer(counted[1]) if counted and counted[0] not in name else None,
            )


def _address_in_data(box: Node) -> str:
    match = _ADDRESS_IN_DATA.search(box.attrs.get("data-s-ref-selected") or "")
    return unescape(match[1]) if match else ""


def _address(href: str, host: str) -> str:
    """Host, path and the parameters that choose results; written for speed, a page has hundreds of filters."""
    path, _, query = href.partition("?")
    start = path.find("/", 8) if path.startswith("http") else 0
    kept = _KEPT.findall(query.partition("#")[0])
    return f"https://{host}{_REF.sub('', path[start:])}" + ("?" + "&".join(kept) if kept else "")


def _within_links(root: Node | None, selector: str) -> dict[int, Node]:
    """The first element of a kind in each link, by the link; found in one walk."""
    found: dict[int, Node] = {}
    for node in select(root, selector):
        link = node.parent
        while link is not None and link.tag != "a":
            link = link.parent
        if link is not None:
            found.setdefault(link.mem_id, node)
    return found


def _filter_name(link: Node, stars: Node | None, remark: Node | None) -> str:
    """The link's text, without the sentence under it; of stars, whose text may have the words beside them or not."""
    name = clean(link.text())
    if stars is not None:
        rated = clean(stars.text())
        beside = name.removeprefix(rated).strip()
        return f"{rated} {beside}" if beside and beside.split()[-1].lower() not in rated.lower() else rated
    if remark is not None:
        name = name.removesuffix(clean(remark.text())).strip() or name
    return name or attr(first(link, "i[aria-label]"), "aria-label") or ""
