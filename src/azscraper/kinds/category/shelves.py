"""The shelves of a category's page, and the results that it holds folded up."""

import re
from collections.abc import Iterator
from html import escape
from typing import Any

import orjson

from azscraper.marketplaces import asin_from_url, is_asin
from azscraper.parse.document import Document, Node, attr, first, select, text
from azscraper.records.category import CategoryShelf

_WIDGETS = "[cel_widget_id],.a-carousel-container"
_HEADINGS = "h2,h3,.a-carousel-heading"
_CAROUSEL = ".a-carousel,[data-a-carousel-options]"
_NAMING = '[data-asin],[data-a-carousel-options],a[href*="/dp/"],a[href*="/gp/product/"]'
_FOLDED = "raw-html[data-payload]"
_ITEM = re.compile(r'data-csa-c-item-id="amzn1\.asin\.(?:\d\.)?([A-Z0-9]{10})')
_RESULTS = "octopus-search-result-card"
_BAR = '[class*="SearchResultsRib"]'
_LEAST = 2
"""Products of a shelf; one alone is a picture that leads to it."""
_MOST = 500
_FRAME = '<html lang="{}"><span data-component-type="s-result-info-bar"><h1><span>{}</span></h1></span><div class="s-main-slot">{}</div></html>'
_TILE = '<div data-component-type="s-search-result" data-asin="{}">{}</div>'


def shelves_of(document: Document) -> tuple[CategoryShelf, ...]:
    """In page order, each product list once: a widget holds its carousel, which is no shelf beside it."""
    found: list[CategoryShelf] = []
    seen: set[tuple[str, ...]] = set()
    root = document.by_id("a-page") or document.root
    holders = _holders(select(root, _CAROUSEL))
    for node in select(root, _WIDGETS):
        widget = attr(node, "cel_widget_id")
        if (widget or "").startswith((_RESULTS, "Navigation")) or node.mem_id not in holders:
            continue
        asins = tuple(dict.fromkeys(_asins(node)))[:_MOST]
        if len(asins) >= _LEAST and asins not in seen:
            seen.add(asins)
            found.append(CategoryShelf(widget=widget, title=text(first(node, _HEADINGS)) or None, asins=asins))
    return tuple(found)


def _holders(nodes: list[Node]) -> set[int]:
    """These elements and all around them."""
    found: set[int] = set()
    for node in nodes:
        above: Node | None = node
        while above is not None and above.mem_id not in found:
            found.add(above.mem_id)
            above = above.parent
    return found


def _asins(node: Node) -> Iterator[str]:
    """Those that it draws, then those that its data name."""
    named: list[str] = []
    for part in select(node, _NAMING):
        if "data-a-carousel-options" in part.attrs:
            named += _ids(part.attrs["data-a-carousel-options"])
        told = attr(part, "data-asin") or asin_from_url(attr(part, "href") or "")
        if told is not None and is_asin(told):
            yield told
    yield from named


def _ids(options: str | None) -> list[str]:
    try:
        ajax: Any = orjson.loads(options or "null")
    except orjson.JSONDecodeError:
        return []
    ids = ajax.get("ajax", {}).get("id_list") if isinstance(ajax, dict) and isinstance(ajax.get("ajax"), dict) else None
    return (
        [one[:10] for one in ids[:_MOST] if isinstance(one, str) and is_asin(one[:10])] if isinstance(ids, list) else []
    )


def folded_results(document: Document) -> Document | None:
    """The result tiles that the page holds as text for a script to draw, as a result list of their own."""
    card = next(iter(document.widgets(_RESULTS)), None)
    payloads = (attr(part, "data-payload") or "" for part in select(card, _FOLDED))
    tiles = [_TILE.format(found[1], payload) for payload in payloads if (found := _ITEM.search(payload))]
    if not tiles:
        return None
    html = _FRAME.format(escape(document.spoken), escape(text(first(first(card, _BAR), "span"))), "".join(tiles))
    return Document(html.encode(), f"https://{document.marketplace.host}/", document.fetched_on)
