"""Pages of browse nodes: shelves and the categories below; of a node without any, its result list."""

from azscraper.demo.faults import asked_by_keyword
from azscraper.demo.goods.model import DemoProduct
from azscraper.demo.goods.moves import place_in_order
from azscraper.demo.pages.search import search_html
from azscraper.demo.results import search
from azscraper.demo.views import View, Visit

_SHELF = 6
_NAMED = 4
"""Products of a shelf that it does not draw."""


def _write(visit: Visit) -> str | None:
    node = visit.word("node")
    if not node.isascii() or not node.isdigit():
        return None
    names = {part.id: part.name for one in visit.products for part in one.categories}
    below = (
        _below(visit, node)
        if node in names
        else {one.categories[0].id: one.categories[0].name for one in visit.products if one.categories}
    )
    if not below:
        return search_html(search(visit.locale, "", 1, choice=(("rh", f"n:{node}"),), moment=visit.moment))
    return visit.render(
        "category.html",
        node=node,
        name=names.get(node, visit.locale.shop),
        children=below,
        brands=sorted({one.brand for one in visit.products if one.brand})[:3],
        shelves=[(title, *_shelf(visit, id_)) for id_, title in list(below.items())[:3]],
    )


def _below(visit: Visit, node: str) -> dict[str, str]:
    pairs = (pair for one in visit.products for pair in zip(one.categories, one.categories[1:], strict=False))
    return {under.id: under.name for above, under in pairs if above.id == node}


def _shelf(visit: Visit, node: str) -> tuple[list[DemoProduct], list[str]]:
    own = [one for one in visit.products if any(part.id == node for part in one.categories)]
    own.sort(key=lambda one: place_in_order(one.asin, f"shelf {node}", visit.moment))
    return own[:_SHELF], [one.asin for one in own[: _SHELF + _NAMED]]


CATEGORY = View(
    kind="category",
    paths=("/b", "/b/", "/{slug}/b"),
    write=_write,
    key=lambda visit: f"/b?node={visit.word('node')}",
    names=("node",),
    asked=lambda visit: asked_by_keyword(visit.word("node")),
)
