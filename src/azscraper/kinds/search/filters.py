"""The filters of a result list: what each is called, where it leads, the term that chooses it, and whether it is chosen."""

import re
from collections.abc import Iterator
from html import unescape
from typing import NamedTuple
from urllib.parse import unquote_plus

from azscraper.parse.document import Document, Node, attr, first, select, text
from azscraper.parse.values import clean, integer
from azscraper.records.parts import Refinement

_KEPT = frozenset(["k", "keywords", "field-keywords", "field-author", "rh", "i", "me", "n", "node", "bbn", "s", "page"])
"""Parameters that choose results."""
_REF = re.compile(r"/ref=[^/]*")
_FILTERS = '[id$="-title"],.sf-refinement-heading,a.s-navigation-item,li[id*="/"]'
_NAME_OF_NODE = ".a-icon-alt,[dir=auto]"
_FILTERS_OF_NODE = '[id$="-title"],a[href]'
_PARTS = "a .a-icon-alt,a div.a-spacing-top-mini,a input[checked]"
_CLEAR = "s-navigation-clear-link"
_OLD_FILTERS = "h2,h3,h4,.shoppingEngineSectionHeaders,a,span[data-s-ref-selected]"
_HEADED = "a h2,a h3,a h4"
_ADDRESS_IN_DATA = re.compile(r'"url":"([^"]{1,2000})"')
_ALL_VALUES = "/gp/search/other/"  # the link to a page of all brands or sellers
_OLD_NAMES = ".refinementLink,span.a-color-base"
_FILTER_ADDRESS = re.compile(r"/s[/?]|[?&](?:rh|node)=")
_REFERENCE = "ref=sr_n"
_GROUP = re.compile(r"ref=sr_n[a-z]?_([^/?&]{1,80})_\d{1,3}(?![^/?&])")
_COUNT = re.compile(r"[(（]\s*([\d.,]{1,12})\s*[)）]\s*$")
_PICKER = "picker"
"""In the ids of the lines of ranges of prices, which are no terms."""
_UNCHOSEN = ("k:", "i:")
"""Terms of ``rh`` that are the search itself begin so."""


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
    stars, remarks, ticked = _parts_of_links(root)
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


def refinements_of_node(document: Document) -> Iterator[Refinement]:
    """Of the page of a browse node: links of the left column under the heading they follow."""
    group = ""
    for node in select(document.by_id("s-refinements"), _FILTERS_OF_NODE):
        href = (node.attrs.get("href") or "").strip()
        if node.tag != "a":
            group = text(node) or group
        elif (name := text(first(node, _NAME_OF_NODE) or node)) and _FILTER_ADDRESS.search(href):
            yield _refinement(_Line(group, name, href, "", may_be_chosen=False), document.marketplace.host)


def _parts_of_links(root: Node | None) -> tuple[dict[int, Node], dict[int, Node], set[int]]:
    """The stars and the remark in each link, by the link, and the links with a ticked box; found in one walk."""
    stars: dict[int, Node] = {}
    remarks: dict[int, Node] = {}
    ticked: set[int] = set()
    for node in select(root, _PARTS):
        link = _link_around(node)
        if link is None:
            continue
        if node.tag == "input":
            ticked.add(link.mem_id)
        else:
            (remarks if node.tag == "div" else stars).setdefault(link.mem_id, node)
    return stars, remarks, ticked


def _refinement(line: _Line, host: str) -> Refinement:
    """A link of a chosen filter leaves its own term out, since it takes the choice back."""
    path, kept = _cut(line.href)
    terms = _terms(kept)
    applied = _applied(line, terms) if line.may_be_chosen else None
    return Refinement(
        group=line.group,
        name=line.name,
        url=_address(path, kept, host),
        value=applied or _value(line.href, terms),
        is_applied=applied is not None,
    )


def _applied(line: _Line, terms: list[str]) -> str | None:
    key, _, term = unquote_plus(line.item).partition("/")
    is_term = bool(term) and _PICKER not in term
    return f"{key}:{term}" if is_term and all(term not in unquote_plus(other) for other in terms) else None


def _terms(kept: list[str]) -> list[str]:
    """Of the parameter ``rh``, with their colons, else as written."""
    found = next((one for one in kept if one.startswith("rh=")), None)
    return found[3:].replace("%2C", ",").replace("%3A", ":").split(",") if found else []


def _value(href: str, terms: list[str]) -> str | None:
    """The term that the link adds: the last of the group that its reference names, else the last that is not the search itself."""
    if len(terms) > 1 and (named := _GROUP.match(href, max(href.rfind(_REFERENCE), 0))):
        own = next((term for term in reversed(terms) if term.startswith(f"{named[1]}:")), None)
        if own:
            return _plain(own)
    return next((_plain(term) for term in reversed(terms) if term and not term.startswith(_UNCHOSEN)), None)


def _plain(term: str) -> str:
    return unquote_plus(term) if "%" in term or "+" in term else term


def old_refinements(document: Document) -> Iterator[Refinement]:
    """Before 2019: links, and boxes to tick, whose address stands in their data.

    A link around a heading is a department with others under it.
    """
    root = document.by_id("leftNavContainer", "refinements", "leftNav")
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
            path, kept = _cut(href)
            yield Refinement(
                group=upper if node.mem_id in headed else group,
                name=name,
                url=_address(path, kept, document.marketplace.host),
                value=_value(href, _terms(kept)),
                count=integer(counted[1]) if counted and counted[0] not in name else None,
            )


def _address_in_data(box: Node) -> str:
    match = _ADDRESS_IN_DATA.search(box.attrs.get("data-s-ref-selected") or "")
    return unescape(match[1]) if match else ""


def _cut(href: str) -> tuple[str, list[str]]:
    """The path and the parameters that choose results; written for speed, a page has hundreds of filters."""
    path, _, query = href.partition("?")
    start = path.find("/", 8) if path.startswith("http") else 0
    return path[start:], [one for one in query.partition("#")[0].split("&") if one.partition("=")[0] in _KEPT]


def _address(path: str, kept: list[str], host: str) -> str:
    plain = _REF.sub("", path) if "/ref=" in path else path
    return f"https://{host}{plain}" + ("?" + "&".join(kept) if kept else "")


def _within_links(root: Node | None, selector: str) -> dict[int, Node]:
    """The first element of a kind in each link, by the link; found in one walk."""
    found: dict[int, Node] = {}
    for node in select(root, selector):
        if (link := _link_around(node)) is not None:
            found.setdefault(link.mem_id, node)
    return found


def _link_around(node: Node) -> Node | None:
    link = node.parent
    while link is not None and link.tag != "a":
        link = link.parent
    return link


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
