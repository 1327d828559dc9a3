"""Pages of the pretend marketplace without a server."""

from azscraper.demo.pages.product import PRODUCT
from azscraper.demo.pages.search import SEARCH
from azscraper.demo.views import Visit


def product_page(locale, asin, moment=None):
    return PRODUCT.page(Visit(locale, {"asin": asin}, {}, moment))


def search_page(locale, keyword, page, moment=None):
    return SEARCH.page(Visit(locale, {}, {"k": keyword, "page": str(page)}, moment))
