"""Every marketplace speaks its own language and currency, and the readers find the truth on its pages."""

import pytest

from azscraper.demo.goods.catalogue import products
from azscraper.demo.goods.locales import ALL, EN_US, OTHERS, by_host
from azscraper.demo.pages.product import product_html
from azscraper.demo.pages.search import search_html
from azscraper.demo.results import search
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
