"""Best-seller lists and their like: a hundred ranks of any department and node, and those whose names say how many."""

import re
from functools import partial

import orjson

from azscraper.demo.faults import asked_by_keyword
from azscraper.demo.goods.model import DemoProduct
from azscraper.demo.goods.moves import place_in_order
from azscraper.demo.views import View, Visit

LISTS = {
    "bestsellers": "zg_bs",
    "new-releases": "zg_bsnr",
    "movers-and-shakers": "zg_bsms",
    "most-wished-for": "zg_mw",
    "most-gifted": "zg_mg",
}
"""What addresses call them, and what their links carry."""
_SIZES = {"empty": 0, "seven": 7, "fifty": 50, "hundred": 100}
_A_PAGE = 50
_DRAWN = 30
_MOST = 100
_ON_ROOT = 6
_DAY_BEFORE = 3
"""Times as far down a mover was."""


def ranked(visit: Visit, name: str) -> list[DemoProduct]:
    """The products of the list, first rank first."""
    department, node = visit.word("department"), visit.word("node")
    found = [one for one in visit.products if any(part.id == node for part in one.categories)] or list(visit.products)
    words = f"{name} {department} {node}"
    found.sort(key=lambda one: place_in_order(one.asin, words, visit.moment))
    return found[: _SIZES.get(department, _MOST)]


def _write(name: str, visit: Visit) -> str | None:
    department = visit.word("department")
    if re.fullmatch(r"[a-z][a-z0-9-]*", department or "root") is None:
        return None
    products = ranked(visit, name)
    last_page = max(1, -(-len(products) // _A_PAGE))
    page = visit.number("pg") if visit.number("pg") <= last_page else 1
    start = (page - 1) * _A_PAGE
    shown = list(enumerate(products, 1))[start : start + _A_PAGE]
    is_root = not department
    return visit.render(
        "bestsellers.html",
        name=name,
        mark=LISTS[name],
        lists=LISTS,
        department=department,
        node=visit.word("node"),
        page=page,
        last_page=last_page,
        shown=[] if is_root else shown[:_DRAWN],
        named=orjson.dumps([_named(one, rank, name) for rank, one in shown]).decode(),
        size=len(shown),
        category=_name(visit, department),
        children=_children(visit, department),
        shelves=_shelves(visit, name) if is_root else [],
    )


def _named(product: DemoProduct, rank: int, name: str) -> dict[str, object]:
    moves = name == "movers-and-shakers"
    return {
        "id": product.asin,
        "metadataMap": {
            "render.zg.rank": str(rank),
            "render.zg.bsms.currentSalesRank": str(rank) if moves else "",
            "render.zg.bsms.twentyFourHourOldSalesRank": str(rank * _DAY_BEFORE) if moves else "",
            "render.zg.bsms.percentageChange": f"{100 * (_DAY_BEFORE - 1)}%" if moves else "",
        },
        "linkParameters": {},
    }


def _tops(visit: Visit) -> dict[str, str]:
    """The names of the departments by their nodes."""
    return {one.categories[0].id: one.categories[0].name for one in visit.products if one.categories}


def _name(visit: Visit, department: str) -> str:
    names = {part.id: part.name for one in visit.products for part in one.categories}
    return names.get(visit.word("node"), department.replace("-", " ").title())


def _children(visit: Visit, department: str) -> dict[str, str]:
    if not department:
        return {f"n{id_}": name for id_, name in _tops(visit).items()}
    node = visit.word("node")
    below = (pair for one in visit.products for pair in zip(one.categories, one.categories[1:], strict=False))
    return {under.id: under.name for above, under in below if above.id == node} if node else dict(_tops(visit))


def _shelves(visit: Visit, name: str) -> list[tuple[str, str, list[DemoProduct], str]]:
    """Of the root list: of each department the first ranks, drawn, and more that are named alone."""
    found = []
    for id_, title in _tops(visit).items():
        own = [one for one in visit.products if one.categories and one.categories[0].id == id_]
        own.sort(key=lambda one: place_in_order(one.asin, f"{name} {id_}", visit.moment))
        ids = [orjson.dumps(_named(one, rank, "")).decode() for rank, one in enumerate(own[: 2 * _ON_ROOT], 1)]
        found.append((f"n{id_}", title, own[:_ON_ROOT], orjson.dumps({"ajax": {"id_list": ids}}).decode()))
    return found


def _key(name: str, visit: Visit) -> str:
    return f"/gp/{name}/{visit.word('department')}/{visit.word('node')}?pg={visit.number('pg')}"


def _paths(name: str) -> tuple[str, ...]:
    own = (f"/gp/{name}", f"/gp/{name}/{{department}}", f"/gp/{name}/{{department}}/{{node}}")
    slugs = ("/{slug}/zgbs", "/{slug}/zgbs/{department}", "/{slug}/zgbs/{department}/{node}")
    return (*own, *(slugs if name == "bestsellers" else ()))


BESTSELLERS = tuple(
    View(
        kind="bestsellers",
        paths=_paths(name),
        write=partial(_write, name),
        key=partial(_key, name),
        names=("pg", "tf"),
        path_names=("department", "node"),
        asked=lambda visit: asked_by_keyword(visit.word("department").replace("-", ":", 1)),
    )
    for name in LISTS
)
