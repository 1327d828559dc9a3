"""The parsers read the built-in marketplace as it is: every product and every search page against the truth."""

import pytest

from azscraper.demo.goods.catalogue import products
from azscraper.demo.goods.locales import LOCALES
from azscraper.demo.pages.product import product_html
from azscraper.demo.pages.search import search_html
from azscraper.demo.results import search
from azscraper.kinds.recognise import parse
from azscraper.records import PageKind
from unit.demo.truth import differences, expected_product, expected_rows, expected_summary

KEYWORDS = ("kitchen", "küche", "キッチン", "coffee", "Kaffee", "コーヒー", "dress", "velmora", "zelquist")


@pytest.mark.parametrize("locale", LOCALES, ids=lambda locale: locale.host)
def test_products(locale):
    wrong = []
    for product in products(locale):
        parsed = parse(product_html(product).encode(), f"https://{locale.host}/dp/{product.asin}")
        assert parsed.kind is PageKind.PRODUCT, product.asin
        record = parsed.record.model_dump(mode="json", by_alias=True)
        wrong += [f"{product.asin} {line}" for line in differences(expected_product(product), record)]
    assert wrong == []


@pytest.mark.parametrize("locale", LOCALES, ids=lambda locale: locale.host)
def test_searches(locale):
    wrong = []
    for keyword in KEYWORDS:
        for number in (1,):
            page = search(locale, keyword, number)
            parsed = parse(search_html(page).encode(), f"https://{locale.host}/s?k={keyword}&page={number}")
            assert parsed.kind in {PageKind.SEARCH, PageKind.EMPTY_SEARCH}
            rows = [row.model_dump(mode="json", by_alias=True) for row in parsed.rows]
            wrong += [f"{keyword} {line}" for line in differences(expected_rows(page), rows)]
            summary = parsed.summary.model_dump(mode="json", by_alias=True)
            wrong += [f"{keyword} summary {line}" for line in differences(expected_summary(page), summary)]
    assert wrong == []
