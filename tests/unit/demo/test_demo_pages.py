import gzip
import json
import re
from functools import cache
from urllib.parse import parse_qs, urlsplit

import pytest
from parsel import Selector

from azscraper.demo.goods.catalogue import clean, products
from azscraper.demo.goods.locales import DE_DE, EN_US, JA_JP, LOCALES, count_text, money_text, rating_text
from azscraper.demo.pictures import picture
from azscraper.demo.render import other_page
from azscraper.demo.results import search
from azscraper.records import PageSummary, Product, SearchRow
from unit.demo.truth import differences, expected_product, expected_rows, expected_summary
from unit.demo.visits import product_page, search_page

each_locale = pytest.mark.parametrize("locale", LOCALES, ids=lambda locale: locale.language)


@cache
def page_of(product):
    return Selector(text=product_page(product.locale, product.asin).body.decode())


def text_of(page, css):
    found = page.css(css)
    return clean("".join(found[0].css("::text").getall())) if found else None


@each_locale
def test_title_breadcrumb_and_bullets_are_on_the_page(locale):
    for product in products(locale):
        page = page_of(product)
        assert text_of(page, "#productTitle") == product.title
        links = page.css("#wayfinding-breadcrumbs_feature_div a")
        nodes = [parse_qs(urlsplit(link.attrib["href"]).query)["node"][0] for link in links]
        assert nodes == [category.id for category in product.categories]
        assert [clean("".join(a.css("::text").getall())) for a in links] == [c.name for c in product.categories]
        bullets = page.css("#feature-bullets li .a-list-item")
        assert tuple(clean("".join(b.css("::text").getall())) for b in bullets) == product.features


@each_locale
def test_the_buy_box_shows_the_offer(locale):
    for product in products(locale):
        page, offer = page_of(product), product.offer
        assert text_of(page, "#availability") == (offer.availability or ("" if offer.new else None))
        price = money_text(locale, offer.price) if offer.price is not None else None
        assert page.css("#corePrice_feature_div .a-offscreen::text").get() == price
        struck = page.css('#corePriceDisplay_desktop_feature_div [data-a-strike="true"] .a-offscreen::text').get()
        assert struck == (money_text(locale, offer.list_price) if offer.list_price is not None else None)
        seller = page.css("#merchantID").attrib.get("value")
        assert seller == (offer.seller.id if offer.seller else None)


@each_locale
def test_the_displayed_price_is_spelled_in_parts_or_aloud(locale):
    for product in products(locale):
        page, offer = page_of(product), product.offer
        shown = page.css("#corePriceDisplay_desktop_feature_div")
        assert bool(shown) == (offer.price is not None and not offer.condition)
        if shown:
            assert clean(money_text(locale, offer.price)) in clean("".join(shown.css("::text").getall()))


@each_locale
def test_ratings_are_on_the_page_or_absent(locale):
    for product in products(locale):
        page = page_of(product)
        title = page.css("#acrPopover").attrib.get("title")
        assert title == (rating_text(locale, product.rating) if product.rating is not None else None)
        count = text_of(page, "#acrCustomerReviewText")
        assert (count is None) == (product.rating_count is None)
        assert count is None or count_text(locale, product.rating_count) in count


@each_locale
def test_images_stand_in_the_image_block(locale):
    for product in products(locale):
        script = next(s for s in page_of(product).css("script::text").getall() if "colorImages" in s)
        gallery = json.loads(re.search(r"'initial': (\[.*\])\},\n", script)[1])
        urls = [picture["hiRes"] or picture["large"] for picture in gallery]
        assert tuple(re.sub(r"\._AC_\w*\.jpg$", ".jpg", url) for url in urls) == product.images


def test_variants_stand_in_the_page_data():
    parent = products(EN_US)[-1]
    child = next(p for p in products(EN_US) if p.asin == parent.family.members[0].asin)
    script = next(s for s in page_of(child).css("script::text").getall() if "parentAsin" in s)

    assert json.loads(re.search(r'"parentAsin" : (".*")', script)[1]) == parent.asin
    data = json.loads(re.search(r'"dimensionValuesDisplayData" : (\{.*\})', script)[1])
    assert data == {member.asin: list(member.values) for member in child.family.members}


def test_markup_in_a_title_is_no_markup():
    hostile = next(p for p in products(EN_US) if "<script>" in p.title)

    assert b"<script>alert" not in product_page(EN_US, hostile.asin).body


@each_locale
def test_pages_end_and_are_compressed_whole(locale):
    for page in (product_page(locale, "B0DEMO0001"), search_page(locale, "b0", 1), other_page(locale, "home")):
        assert page.body.rstrip().endswith(b"</html>")
        assert gzip.decompress(page.gzipped) == page.body


def test_an_unknown_asin_has_no_page():
    assert product_page(EN_US, "B000000000") is None


@pytest.mark.parametrize(("locale", "keyword"), [(EN_US, "kitchen"), (DE_DE, "küche"), (JA_JP, "キッチン")])
def test_tiles_stand_on_the_search_page_in_order(locale, keyword):
    for number in range(1, 8):
        result = search(locale, keyword, number)
        page = Selector(text=search_page(locale, keyword, number).body.decode())
        tiles = page.css('div[data-component-type="s-search-result"]')
        assert [tile.attrib["data-asin"] for tile in tiles] == [tile.product.asin for tile in result.tiles]
        assert ["AdHolder" in tile.attrib["class"] for tile in tiles] == [tile.sponsored for tile in result.tiles]
        for tile, true in zip(tiles, result.tiles, strict=True):
            shown = tile.css(".a-price[data-a-size=xl] .a-offscreen::text").getall()
            offer = true.product.offer
            amounts = offer.price_range or ([offer.price] if offer.price is not None else [])
            assert shown == [money_text(locale, amount) for amount in amounts]
        assert page.css(".s-pagination-selected::text").get() == str(number)


@pytest.mark.parametrize(
    ("choice", "value"),
    [
        ({"s": "price-asc-rank"}, lambda one: one.offer.price),
        ({"s": "price-desc-rank", "low-price": "20", "high-price": "80"}, lambda one: -one.offer.price),
        ({"s": "review-rank", "low-price": "x"}, lambda one: -(one.rating or 0)),
        ({"s": "date-desc-rank"}, lambda one: -one.first_available.toordinal()),
    ],
)
def test_results_stand_in_the_order_and_within_the_bounds_that_the_address_says(choice, value):
    tiles = search(EN_US, "coffee", 1, choice=tuple(choice.items())).tiles
    shown = [tile.product for tile in tiles if not tile.sponsored and tile.product.offer.price is not None]
    assert len(shown) > 3
    assert [value(one) for one in shown] == sorted(value(one) for one in shown)
    if "high-price" in choice:
        assert all(20 <= one.offer.price <= 80 for one in shown)


def test_the_last_page_has_no_way_on():
    page = Selector(text=search_page(EN_US, "kitchen", 7).body.decode())

    assert page.css("span.s-pagination-next.s-pagination-disabled")
    assert not page.css("a.s-pagination-next")


def test_a_page_without_results_says_so():
    page = Selector(text=search_page(DE_DE, "xqzzyw", 1).body.decode())

    assert not page.css('div[data-component-type="s-search-result"]')
    assert "Keine Ergebnisse für xqzzyw." in page.css(".s-no-results ::text").getall()


@each_locale
def test_truth_has_the_shape_of_the_records(locale):
    for product in products(locale):
        truth = expected_product(product)
        record = Product.model_validate({**truth, "attributes": truth["attributes"]})
        assert differences(truth, record.model_dump(mode="json", by_alias=True)) == []


def test_truth_of_a_search_has_the_shape_of_the_records():
    result = search(EN_US, "kitchen", 2)

    for row in expected_rows(result):
        record = SearchRow.model_validate(row)
        assert differences(row, record.model_dump(mode="json", by_alias=True)) == []
    summary = PageSummary.model_validate(expected_summary(result)).model_dump(mode="json", by_alias=True)
    assert differences(expected_summary(result), summary) == []


def test_a_page_shows_no_count_without_results_and_no_last_page_without_pages():
    nothing, one = search(EN_US, "xqzzyw", 1), search(EN_US, "letters velmora", 1)

    assert expected_rows(nothing) == []
    assert expected_summary(nothing)["totalResults"] is None
    assert (expected_summary(one)["totalResults"], expected_summary(one)["lastPage"]) == (1, None)


@each_locale
def test_an_estimate_is_never_below_what_is_shown(locale):
    last = search(locale, "", 7)

    assert last.total_is_estimate
    assert last.total >= last.tiles[-1].position
    assert count_text(locale, last.total) in search_page(locale, "", 7).body.decode()


def test_differences_name_the_place():
    expected = {"price": {"amount": 1.5, "currency": "USD"}, "images": ["a", "b"], "title": "x"}
    actual = {"price": {"amount": 2.5, "currency": "USD"}, "images": ["a"], "title": "x", "more": 1}

    assert differences(expected, actual) == [
        "price.amount: 1.5 expected, 2.5 found",
        "images: ['a', 'b'] expected, ['a'] found",
    ]


def test_pictures_are_small_and_stay_the_same():
    assert picture("71demo00010L") == picture("71demo00010L") != picture("71demo00011L")
    assert len(picture("71demo00010L")) < 500
