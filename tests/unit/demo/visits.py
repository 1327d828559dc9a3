"""Pages of the pretend marketplace without a server."""

from azscraper.demo.goods.locales import LOCALES, by_host
from azscraper.demo.pages.product import PRODUCT
from azscraper.demo.pages.search import SEARCH
from azscraper.demo.views import Visit

FOUR = (*LOCALES, by_host("www.amazon.ae", "ar-AE"))
"""In which every kind of page is tested: one of them is read from the right."""


def product_page(locale, asin, moment=None):
    return PRODUCT.page(Visit(locale, {"asin": asin}, {}, moment))


def search_page(locale, keyword, page, moment=None):
    return SEARCH.page(Visit(locale, {}, {"k": keyword, "page": str(page)}, moment))
