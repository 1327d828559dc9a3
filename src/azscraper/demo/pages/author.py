"""Authors' pages: the books of each, under ids of its own; any other id or name is the first author's."""

import re
from typing import Any

import orjson

from azscraper.demo.faults import Asked, asked_by_asin
from azscraper.demo.goods.model import DemoProduct
from azscraper.demo.goods.words import AUTHORS
from azscraper.demo.pages.described import described
from azscraper.demo.views import View, Visit

_ID = re.compile(r"B0DEMOAU(\d\d)", re.ASCII)
_DRAWN = 12


def author_id(number: int) -> str:
    """Of an author by place in the list, from 1."""
    return f"B0DEMOAU{number:02}"


def _write(visit: Visit) -> str | None:
    author = visit.word("id").upper()
    match = _ID.fullmatch(author)
    number = int(match[1]) if match else 1
    if not 1 <= number <= len(AUTHORS):
        return None
    name = AUTHORS[number - 1][visit.locale.column]
    books = [one for one in visit.products if name in one.authors]
    about = {
        "aboutSubpageURL": f"/stores/author/{author}/about",
        "biography": [visit.locale.phrases["biography"].format(name)],
    }
    grid = {
        "ASINList": [one.asin for one in books],
        "totalCount": len(books),
        "totalResultCount": len(books),
        "languageFilter": ["English", "German"],
        "sortOptions": [{"sortValue": "author-sidecar-rank", "defaultDisplayText": "Popularity"}],
        "products": [_book(one, name) for one in books[:_DRAWN]],
    }
    widgets = [
        _widget(author, name, "AuthorSubHeader", content={"authorName": name}),
        _widget(author, name, "EditorialRow", tiles=[{"type": "aboutAuthor", "content": about}]),
        _widget(author, name, "ProductGrid", content=grid),
    ]
    return visit.render("widgets.html", title=name, widgets=[orjson.dumps(one).decode() for one in widgets])


def _book(product: DemoProduct, author: str) -> dict[str, Any]:
    hardcover = product.locale.phrases["hardcover"]
    binding = {"symbol": "hardcover", "displayString": hardcover}
    item = {"product": f"/marketplaces/X/products/{product.asin}", "binding": binding}
    return described(
        product,
        bindingInformation={"binding": binding},
        byLine={"contributors": [{"name": author, "roles": [{"displayString": product.locale.phrases["author"]}]}]},
        mediaMatrix={"items": [item]},
    )


def _widget(author: str, name: str, kind: str, **more: Any) -> dict[str, Any]:
    context = {"storeType": "AUTHOR", "brandName": name, "authorId": author, "pagePath": f"/author/{author}"}
    return {"componentType": "AmazonStores", "widgetType": kind, "pageContext": context} | more


def _asked(visit: Visit) -> Asked | None:
    return asked_by_asin(visit.word("id").upper())


AUTHOR = View(
    kind="author",
    paths=("/stores/author/{id}", "/stores/author/{id}/{rest:path}", "/author/{id}", "/{slug}/e/{id}"),
    write=_write,
    key=lambda visit: f"/stores/author/{visit.word('id').upper()}",
    path_names=("id",),
    asked=_asked,
)
