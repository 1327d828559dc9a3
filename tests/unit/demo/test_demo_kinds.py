"""Pages of sellers, deals, stores and authors of the pretend marketplace, read by the kinds that they are of."""

import pytest

from azscraper.demo.goods.catalogue import products
from azscraper.demo.goods.words import SELLERS
from azscraper.demo.pages.author import AUTHOR, author_id
from azscraper.demo.pages.deals import DEALS
from azscraper.demo.pages.seller import SELLER
from azscraper.demo.pages.store import STORE, page_id
from azscraper.demo.pages.suggestions import SUGGESTIONS
from azscraper.demo.views import Visit
from azscraper.kinds.recognise import parse
from unit.demo.visits import FOUR


def read(view, locale, **words):
    page = view.page(Visit(locale, words, words))
    return None if page is None else parse(page.body, f"{locale.origin}/x")


@pytest.fixture(params=FOUR, ids=lambda locale: locale.language)
def locale(request):
    return request.param


def test_a_seller(locale):
    name, id_ = SELLERS[0]
    parsed = read(SELLER, locale, seller=id_)
    (profile,) = parsed.read.records
    assert (parsed.kind, profile.name, profile.seller_id) == ("seller", name, id_)
    assert [one.period for one in profile.feedback] == ["30d", "90d", "12m", "lifetime"]
    assert profile.rating == profile.feedback[2].rating
    assert profile.rating_count == profile.feedback[2].count
    assert (profile.rating_period, profile.positive_percent) == ("12m", 92)
    assert len(profile.recent_feedback) == 3
    assert all(one.date and one.body for one in profile.recent_feedback)
    assert profile.business_name == f"{name} Ltd"
    assert len(profile.address.lines) == 3


def test_the_shop_itself_has_no_rating(locale):
    (profile,) = read(SELLER, locale, seller=locale.merchant_id).read.records
    assert (profile.name, profile.rating, profile.rating_count, profile.feedback) == (locale.shop, None, None, ())


def test_nobody_is_no_seller(locale):
    assert read(SELLER, locale, seller="A000NOBODY0") is None


@pytest.mark.parametrize(("name", "count"), [("seven", 7), ("fifty", 50), ("hundred", 100)])
def test_deals_have_the_prices_of_their_products(locale, name, count):
    parsed = read(DEALS, locale, name=name)
    asked = {one.asin: one.offer for one in products(locale)}
    assert len(parsed.read.records) == count
    for row in parsed.read.records:
        assert row.deal_price.amount == asked[row.asin].price
        assert row.deal_price.currency == locale.currency
        assert (row.list_price.amount if row.list_price else None) == asked[row.asin].list_price


def test_a_shelf_stands_before_the_grid_and_an_event_may_be_empty(locale):
    parsed = read(DEALS, locale)
    assert [bool(row.shelf) for row in parsed.read.records] == [True] * 3 + [False] * 30
    assert parsed.summary.departments
    assert read(DEALS, locale, name="empty").kind == "empty_deals"
    assert read(DEALS, locale, name="nothing") is None


def test_a_store_has_pages_for_its_categories(locale):
    first = read(STORE, locale, id=page_id(1))
    assert len(first.read.records) == 2
    listed = [row for link in first.summary.nav[1:] for row in read(STORE, locale, id=link.page_id).read.records]
    brands = {one.asin: one.brand for one in products(locale)}
    assert {brands[row.asin] for row in listed} == {first.summary.brand}
    assert {row.asin for row in first.read.records} <= {row.asin for row in listed}


def test_an_author_has_books(locale):
    parsed = read(AUTHOR, locale, id=author_id(1))
    written = [one for one in products(locale) if parsed.summary.name in one.authors]
    assert [row.asin for row in parsed.read.records] == [one.asin for one in written][: len(parsed.read.records)]
    assert parsed.summary.coverage.total == len(written)
    assert read(AUTHOR, locale, id=author_id(99)) is None


def test_a_proposal_names_the_department_that_it_searches_in(locale):
    page = SUGGESTIONS.page(Visit(locale, {}, {"prefix": products(locale)[0].title[:2]}))
    rows = parse(page.body, f"{locale.origin}/api/2017/suggestions", media_type="application/json").read.records
    assert {row.department.name for row in rows if row.department} == {products(locale)[0].categories[0].name}
