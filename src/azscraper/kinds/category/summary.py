"""What the page of a category says about itself: which it is, what is above and below it, what else it leads to."""

import re
from collections import Counter
from collections.abc import Sequence
from itertools import islice
from urllib.parse import unquote

from azscraper.kinds.category.address import of_list, of_page
from azscraper.kinds.category.shelves import shelves_of
from azscraper.kinds.search.address import of_address
from azscraper.kinds.search.filters import refinements_of_node
from azscraper.marketplaces.addresses import address_of
from azscraper.parse.delivery.deliver_to import deliver_to
from azscraper.parse.document import Document, Node, attr, first, select, text
from azscraper.parse.values import absolute
from azscraper.records import PageSummary
from azscraper.records.category import CategoryPage, Department, SortOption
from azscraper.records.parts import Category, Refinement

_CANONICAL = 'link[rel="canonical"]'
_NAMES = (
    'li [class*="refinements-indent"].a-text-bold,li span.a-text-bold,li h4.a-text-bold,li span.puis-bold-weight-text'
)
_TITLE = "s-refinements"
_OLD_COLUMN = ("leftNav", "leftNavContainer")
_OLD_NAME = "li h4.a-text-bold"
_OLD_LINK_NAME = ".refinementLink,span.a-color-base"
_ABOVE = "li[class*=s-ref-indent-neg] a[href]"
_BELOW = "ul[class*=s-ref-indent] li a[href]"
_ALIAS = "search-alias="
_SORTS = ("s-result-sort-select", "sort")
_ALL = "apb-desktop-browse-search-see-all"
_LINKS = 'a[href*="node="]'
_MOST_RELATED = 100
_PAGE = re.compile(r"/b(?:[/?]|$)|/gp/browse")
"""In the address of a node's page."""


def canonical(document: Document) -> str | None:
    """The address that the page gives as its own."""
    return attr(first(document.head, _CANONICAL), "href")


def of_shelves(document: Document, url: str, results: PageSummary | None) -> CategoryPage:
    """Of a page with shelves; ``results`` are those that it holds folded up."""
    said = _common(document, url, tuple(refinements_of_node(document)))
    held = _of_list(results) if results else {}
    return said.model_copy(
        update={
            **held,
            "shelves": shelves_of(document),
            "related": _related(document, said),
            "list_url": _list_url(document),
            "layout": "shelves",
        }
    )


def of_results(document: Document, url: str, results: PageSummary) -> CategoryPage:
    """Of a result list by node."""
    said = _common(document, url, results.refinements)
    return said.model_copy(update={**_of_list(results), "page": results.page, "last_page": results.last_page})


def _of_list(results: PageSummary) -> dict[str, object]:
    names = ("total_results", "total_is_estimate", "result_from", "result_to", "page_size")
    return {name: getattr(results, name) for name in names}


def _common(document: Document, url: str, filters: tuple[Refinement, ...]) -> CategoryPage:
    listing, own = of_list(url), address_of(canonical(document) or "")
    asked, given = address_of(url), of_page(own) if own else None
    page = of_page(asked) if asked else None
    node = (listing.node if listing else None) or (page.id if page else None) or (given.id if given else None)
    slug = (given.slug if given else None) or (page.slug if page else None)
    above = [term[2:] for term in listing.terms if term.startswith("n:") and term[2:] != node] if listing else []
    return CategoryPage(
        node=node,
        canonical_node=given.id if given else None,
        name=_name(document) or text(first(document.by_id(*_OLD_COLUMN), _OLD_NAME)) or None,
        slug=unquote(slug) if slug else None,
        parents=_parents(filters, above) or _in_old_column(document, _ABOVE),
        children=_children(filters, node) or _in_old_column(document, _BELOW),
        refinements=filters,
        sort=next((one.key for one in _sorts(document) if one.is_selected), None),
        sort_options=_sorts(document),
        departments=_departments(document),
        deliver_to=deliver_to(document),
    )


def _name(document: Document) -> str | None:
    """The bold line among the links of the first group of filters, which is that of categories."""
    group = document.by_id("n-title", "departments")
    behind = group.next if group is not None and group.id == "n-title" else group
    while behind is not None and not behind.is_element_node:
        behind = behind.next
    found = (text(node) for node in select(behind, _NAMES) if first(node, "a") is None and not _in_link(node))
    return next(filter(None, found), None)


def _in_link(node: Node) -> bool:
    return node.parent is not None and node.parent.tag == "a"


def _chain(one: Refinement) -> list[str]:
    listing = of_address(one.url or "")
    return [term[2:] for term in listing.terms if term.startswith("n:")] if listing else []


def _children(filters: Sequence[Refinement], node: str | None) -> tuple[Category, ...]:
    """Links that choose a node below this one."""
    found = ((one, _chain(one)) for one in filters if (one.value or "").startswith("n:"))
    below = (Category(name=one.name, id=chain[-1], url=one.url) for one, chain in found if chain[-2:-1] == [node])
    return tuple({one.id: one for one in below}.values())


def _parents(filters: Sequence[Refinement], above: list[str]) -> tuple[Category, ...]:
    """Links to the nodes that the list's own address names before this one."""
    named = {chain[-1]: one for one in filters if (chain := _chain(one))}
    return tuple(Category(name=named[id_].name, id=id_, url=named[id_].url) for id_ in above if id_ in named)


def _in_old_column(document: Document, css: str) -> tuple[Category, ...]:
    """The nodes that the first list of the left column has above or below the page's own, from 2016 to 2020."""
    found: dict[str, Category] = {}
    for link in select(first(document.by_id(*_OLD_COLUMN), "ul"), css):
        address = absolute(attr(link, "href") or "", document.marketplace.host)
        own = address_of(address) if address else None
        node = of_page(own) if own else None
        if node is not None and (name := text(first(link, _OLD_LINK_NAME) or link)):
            url = f"https://{document.marketplace.host}/b?node={node.id}"
            found.setdefault(node.id, Category(name=name, id=node.id, url=url))
    return tuple(found.values())


def _related(document: Document, said: CategoryPage) -> tuple[Category, ...]:
    """Other nodes that its shelves lead to, by the words of their links; words that lead to several nodes name none."""
    known = {said.node, *(one.id for one in said.children), *(one.id for one in said.parents)}
    found: dict[str, str] = {}
    for link in select(document.by_id("a-page") or document.root, _LINKS):
        href = attr(link, "href") or ""
        if not _PAGE.search(href) or _is_navigation(link, href):
            continue
        name = text(link)
        own = address_of(absolute(href, document.marketplace.host) or "") if any(map(str.isalpha, name)) else None
        node = of_page(own) if own else None
        if node is not None and node.id not in known:
            found.setdefault(node.id, name)
    times = Counter(found.values())
    host = document.marketplace.host
    named = ((id_, name) for id_, name in found.items() if times[name] == 1)
    return tuple(
        Category(name=name, id=id_, url=f"https://{host}/b?node={id_}") for id_, name in islice(named, _MOST_RELATED)
    )


def _is_navigation(link: Node, href: str) -> bool:
    return "nav_" in href or "nav" in (link.attrs.get("class") or "")


def _list_url(document: Document) -> str | None:
    link = attr(document.by_id(_ALL), "href")
    listing = of_address(absolute(link, document.marketplace.host) or "") if link else None
    return listing.url(document.marketplace) if listing else None


def _sorts(document: Document) -> tuple[SortOption, ...]:
    options = select(document.by_id(*_SORTS), "option[value]")
    return tuple(
        SortOption(key=key, name=text(one), is_selected="selected" in one.attrs)
        for one in options
        if (key := attr(one, "value")) and text(one)
    )


def _departments(document: Document) -> tuple[Department, ...]:
    options = select(document.by_id("searchDropdownBox"), "option[value]")
    named = ((attr(one, "value") or "", text(one)) for one in options)
    return tuple(
        Department(alias=value.removeprefix(_ALIAS).partition("&")[0], name=name)
        for value, name in named
        if value.startswith(_ALIAS) and name
    )
