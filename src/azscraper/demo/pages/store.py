"""The store of a brand: a landing page with two products, under any id, and a page for each of its categories."""

import re
from typing import Any

import orjson

from azscraper.demo.faults import Asked, asked_by_asin
from azscraper.demo.goods.model import DemoProduct
from azscraper.demo.goods.words import BRANDS
from azscraper.demo.pages.described import described
from azscraper.demo.views import View, Visit

_ID = "00000000-DE30-4000-8000-{:012}"
_NUMBER = re.compile(r"00000000-DE30-4000-8000-(\d{12})", re.IGNORECASE)
_ANY = re.compile(r"[0-9A-F]{8}(?:-[0-9A-F]{4}){3}-[0-9A-F]{12}", re.IGNORECASE)
_BRAND = BRANDS[0]
_DRAWN = 8
"""Products of a grid that the page holds; its scripts load the others."""
_WALLED = 9
"""The page whose answer is the form to sign in."""


def page_id(number: int) -> str:
    """Of a page of the store: 1 is its first."""
    return _ID.format(number)


def _write(visit: Visit) -> str | None:
    match = _NUMBER.fullmatch(visit.word("id"))
    number = int(match[1]) if match else 1 if _ANY.fullmatch(visit.word("id")) else 0
    sections = _sections(visit)
    if number != _WALLED and not 1 <= number <= 1 + len(sections):
        return None
    names = [_BRAND, *sections]
    title = names[number - 1] if number <= len(names) else _BRAND
    shown = sections.get(title, [])
    widgets = [_widget(visit, "Header", title, number, content={"nav": _nav(names), "image": ""})]
    if number == 1:
        first = [products[0] for products in sections.values()][:2]
        tiles = [{"type": "image", "content": {"ASINList": [one.asin], "products": [described(one)]}} for one in first]
        widgets.append(_widget(visit, "EditorialRow", title, number, tiles=tiles))
    else:
        content = {
            "title": title,
            "ASINList": [one.asin for one in shown],
            "totalCount": len(shown),
            "products": [described(one) for one in shown[:_DRAWN]],
        }
        widgets.append(_widget(visit, "ProductGrid", title, number, content=content))
    return visit.render(
        "widgets.html", title=f"{_BRAND}: {title}", widgets=[orjson.dumps(one).decode() for one in widgets]
    )


def _sections(visit: Visit) -> dict[str, list[DemoProduct]]:
    """The brand's products by category."""
    found: dict[str, list[DemoProduct]] = {}
    for product in visit.products:
        if product.brand == _BRAND and product.categories:
            found.setdefault(product.categories[-1].name, []).append(product)
    return dict(list(found.items())[:7])


def _nav(names: list[str]) -> dict[str, Any]:
    ids = [page_id(number) for number in range(1, len(names) + 1)]
    return {
        id_: {
            "pageId": id_,
            "title": name,
            "href": f"/stores/page/{id_}",
            "parent": None if place == 0 else ids[0],
            "children": ids[1:] if place == 0 else [],
            "level": 1 if place == 0 else 2,
        }
        for place, (id_, name) in enumerate(zip(ids, names, strict=True))
    }


def _widget(visit: Visit, kind: str, title: str, number: int, **more: Any) -> dict[str, Any]:
    context = {
        "storeType": "NAV",
        "brandName": _BRAND,
        "title": title,
        "id": page_id(number),
        "storeId": page_id(1),
        "pagePath": f"/stores/{_BRAND}/page/{page_id(number)}",
        "isSearchEnabled": True,
    }
    return {
        "componentType": "AmazonStores",
        "widgetType": kind,
        "language": visit.locale.language,
        "pageContext": context,
    } | more


def _asked(visit: Visit) -> Asked | None:
    match = _NUMBER.fullmatch(visit.word("id"))
    return asked_by_asin("B0FAULTSGN") if match and int(match[1]) == _WALLED else None


STORE = View(
    kind="store",
    paths=("/stores/page/{id}", "/stores/{name}/page/{id}"),
    write=_write,
    key=lambda visit: f"/stores/page/{visit.word('id').upper()}",
    path_names=("id",),
    asked=_asked,
)
