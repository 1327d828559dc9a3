"""Best-seller lists, categories and sellers' lists of the pretend marketplace, read by their kinds."""

import pytest

from azscraper.demo.goods.catalogue import products
from azscraper.demo.goods.locales import LOCALES
from azscraper.demo.lists import is_walled
from azscraper.demo.pages.bestsellers import BESTSELLERS, LISTS
from azscraper.demo.pages.category import CATEGORY
from azscraper.demo.pages.offers import OFFERS, listed
from azscraper.demo.pages.reviews import REVIEWS
from azscraper.demo.pages.search import SEARCH
from azscraper.demo.views import Visit
from azscraper.kinds.recognise import parse
from unit.demo.visits import FOUR

KITCHEN, KETTLES = "1055000001", "1055000101"


def read(view, locale, address, path=None, **query):
    page = view.page(Visit(locale, path or {}, query))
    return parse(page.body, f"https://{locale.host}{address}")


@pytest.mark.parametrize("locale", FOUR, ids=lambda one: one.language)
@pytest.mark.parametrize("place", range(len(LISTS)), ids=list(LISTS))
def test_a_list_has_a_hundred_ranks_on_two_pages(locale, place):
    name = list(LISTS)[place]
    pages = [
        read(BESTSELLERS[place], locale, f"/gp/{name}/kitchen/{KITCHEN}?pg={n}", {"department": "kitchen", "node": KITCHEN}, pg=str(n))
        for n in (1, 2)
    ]  # fmt: skip
    assert [page.kind for page in pages] == ["bestsellers"] * 2
    rows = [row for page in pages for row in page.read.records]
    assert [row.rank for row in rows] == list(range(1, 101))
    assert [row.rank_only for row in rows] == [False] * 30 + [True] * 20 + [False] * 30 + [True] * 20
    assert len({row.asin for row in rows}) == 100
    assert (pages[1].summary.page, pages[1].summary.last_page, pages[0].summary.department) == (2, 2, "kitchen")
    assert {row.list for row in rows} == {pages[0].summary.list}
    assert all(row.sales_rank == row.rank for row in rows) == (name == "movers-and-shakers")
    assert sum(row.price is not None for row in rows) > 30
    assert not pages[0].warnings


@pytest.mark.parametrize(("department", "count"), [("empty", 0), ("seven", 7), ("fifty", 50), ("hundred", 50)])
def test_lists_are_as_long_as_they_say(department, count):
    page = read(BESTSELLERS[0], LOCALES[0], f"/gp/bestsellers/{department}?pg=9", {"department": department}, pg="9")
    assert (len(page.read.records), page.summary.coverage.total) == (count, count)
    assert page.summary.page == (1 if count else 9)


def test_the_root_list_has_a_row_of_ranks_for_each_department():
    page = read(BESTSELLERS[0], LOCALES[0], "/gp/bestsellers")
    ranks = [row.rank for row in page.read.records]
    assert ranks.count(1) == len({row.category.name for row in page.read.records}) > 3
    assert page.summary.department is None
    assert len(page.summary.child_categories) == ranks.count(1)


@pytest.mark.parametrize("locale", FOUR, ids=lambda one: one.language)
def test_behind_the_last_page_there_is_nothing_and_that_is_an_answer(locale):
    product = next(one for one in products(locale) if 0 < len(listed(one)) < 10)
    asin = product.asin
    pages = [
        read(SEARCH, locale, "/s?k=zelquist&page=99", k="zelquist", page="99"),
        read(SEARCH, locale, f"/s?rh=n%3A{KETTLES}&page=99", rh=f"n:{KETTLES}", page="99"),
        read(OFFERS, locale, f"/gp/product/ajax/aodAjaxMain/?asin={asin}&pageno=9", asin=asin, pageno="9"),
        read(REVIEWS, locale, f"/product-reviews/{asin}?pageNumber=99", {"asin": asin}, pageNumber="99"),
    ]
    walled = ["sign_in"] * 2 if is_walled(locale) else ["empty_offers", "empty_reviews"]
    assert [page.kind for page in pages] == ["empty_search", "empty_category", *walled]


@pytest.mark.parametrize("locale", FOUR, ids=lambda one: one.language)
def test_a_node_has_shelves_and_below_it_a_list(locale):
    page = read(CATEGORY, locale, f"/b?node={KITCHEN}", node=KITCHEN)
    said = page.summary
    assert (said.layout, said.node, said.canonical_node, said.slug) == ("shelves", KITCHEN, KITCHEN, "demo-store")
    assert said.name
    assert all(one.id for one in said.children)
    assert len(said.children) == 2
    assert [len(shelf.asins) for shelf in said.shelves] == [10, 10]
    listed = read(CATEGORY, locale, f"/b?node={KETTLES}", node=KETTLES)
    assert (listed.summary.layout, listed.summary.node) == ("results", KETTLES)
    assert {row.node for row in listed.read.records} == {KETTLES}


@pytest.mark.parametrize(
    ("query", "field", "value", "kind"),
    [
        ({"rh": f"n:{KITCHEN},n:{KETTLES}"}, "node", KETTLES, "category"),
        ({"me": "A0DEMOSELLER02"}, "seller_id", "A0DEMOSELLER02", "seller-products"),
        ({"me": "A0DEMOSELLER02", "k": "kettle"}, "keyword", "kettle", "search"),
    ],
)
def test_lists_by_node_and_by_seller(query, field, value, kind):
    address = "/s?" + "&".join(f"{name}={part}" for name, part in query.items())
    page = read(SEARCH, LOCALES[0], address, **query)
    assert page.type == kind
    assert page.read.records
    assert {getattr(row, field) for row in page.read.records} == {value}
