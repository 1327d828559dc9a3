"""Every marketplace speaks its own language and currency, and the readers find the truth on its pages."""

import pytest

from azscraper.demo.goods.catalogue import products
from azscraper.demo.goods.locales import ALL, EN_US, OTHERS, by_host
from azscraper.demo.goods.opinions import reviews_of
from azscraper.demo.goods.words import SELLERS
from azscraper.demo.pages.offers import OFFERS, featured, listed
from azscraper.demo.pages.product import product_html
from azscraper.demo.pages.reviews import REVIEWS
from azscraper.demo.pages.search import search_html
from azscraper.demo.pages.seller import SELLER
from azscraper.demo.results import search
from azscraper.demo.views import Visit
from azscraper.kinds.recognise import parse
from azscraper.marketplaces import MARKETPLACES
from unit.demo.truth import differences, expected_product, expected_rows

each = pytest.mark.parametrize("locale", OTHERS, ids=lambda locale: f"{locale.host} {locale.language}")


def test_there_is_each_marketplace_in_its_currency_and_first_language():
    first = {locale.host: locale for locale in reversed(ALL)}

    assert first.keys() == MARKETPLACES.keys()
    for host, site in MARKETPLACES.items():
        assert (first[host].currency, first[host].language) == (site.currency, site.languages[0]), host


@each
def test_the_reader_finds_the_truth(locale):
    for product in (*products(locale)[:15], *products(locale)[150::40]):
        parsed = parse(product_html(product).encode(), f"https://{locale.host}/dp/{product.asin}")
        record = parsed.record.model_dump(mode="json", by_alias=True)
        assert differences(expected_product(product), record) == [], product.asin


@each
def test_the_reader_finds_the_results(locale):
    page = search(locale, "zelquist", 1)
    parsed = parse(search_html(page).encode(), f"https://{locale.host}/s?k=zelquist")
    rows = [row.model_dump(mode="json", by_alias=True) for row in parsed.rows]

    assert differences(expected_rows(page), rows) == []


def of_language(view, locale, **words):
    return parse(view.page(Visit(locale, words, words)).body, f"{locale.origin}/x")


STATES = {"used_good": "good", "used_very_good": "very_good"}
each_language = pytest.mark.parametrize(
    "locale", {one.language[:2]: one for one in OTHERS}.values(), ids=lambda locale: locale.language
)


@each_language
def test_the_reader_finds_offers(locale):
    product = next(one for one in products(locale) if len(listed(one)) > 8 and featured(one))
    found = of_language(OFFERS, locale, asin=product.asin)
    truth = (featured(product), *listed(product)[:10])
    assert [
        (
            row.condition.state,
            row.price.amount,
            row.shipping.amount,
            row.seller_rating_count,
            row.seller_positive_percent,
        )
        for row in found.read.records
    ] == [(STATES.get(one.condition, one.condition), one.price, one.shipping, one.rated, one.positive) for one in truth]
    assert found.summary.rating_count == product.rating_count


@each_language
def test_the_reader_finds_reviews(locale):
    product = next(one for one in products(locale) if len(reviews_of(one)) > 8)
    found = of_language(REVIEWS, locale, asin=product.asin)
    assert [
        (row.date, row.rating, row.verified, row.helpful, row.body, bool(row.country)) for row in found.read.records
    ] == [
        (one.day.isoformat(), one.stars, one.is_verified, one.helpful or None, one.body, True)
        for one in reviews_of(product)[:10]
    ]
    assert found.summary.review_count == len(reviews_of(product))


@each_language
def test_the_reader_finds_a_seller(locale):
    name, id_ = SELLERS[0]
    (found,) = of_language(SELLER, locale, seller=id_).read.records
    assert (found.business_name, len(found.address.lines), found.positive_percent) == (f"{name} Ltd", 3, 92)
    assert (found.rating, found.rating_period) == (found.feedback[2].rating, "12m")
    assert found.phone
    assert all(one.date for one in found.recent_feedback)


@pytest.mark.parametrize(
    ("host", "accepted", "language"),
    [
        ("www.amazon.ae", "", "en-AE"),
        ("www.amazon.ae", "ar-AE,ar;q=0.9", "ar-AE"),
        ("www.amazon.com", "he-IL", "he-IL"),
        ("www.amazon.com:80", "xx", "en-US"),
        ("example.org", "ar-AE", "en-US"),
    ],
)
def test_a_language_is_chosen_among_the_marketplaces_own(host, accepted, language):
    assert by_host(host, accepted).language == language


def test_pages_are_read_from_the_right_where_the_language_is():
    right = {locale.language for locale in ALL if 'dir="rtl"' in product_html(products(locale)[0])[:200]}

    assert right == {"ar-AE", "ar-SA", "ar-EG", "he-IL"}
    assert products(EN_US)[0].title != products(by_host("www.amazon.sa"))[0].title
