"""What rows are made of. Users import their types from here, and the parts of rows from ``azscraper.records.parts``.

Products, tiles and their pages are here at once; the types of other kinds are loaded when they are first used.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from azscraper.records.base import PARSER_VERSION, PageKind, PageRecord
from azscraper.records.details import Product
from azscraper.records.pages import Parsed, RawPage
from azscraper.records.search import PageSummary, SearchRow

if TYPE_CHECKING:
    from azscraper.records.author import AuthorPage, AuthorTitle
    from azscraper.records.bestsellers import ChartPage, ChartRow
    from azscraper.records.category import CategoryPage
    from azscraper.records.deals import DealRow, DealsPage
    from azscraper.records.offers import OfferRow, OffersSummary
    from azscraper.records.reviews import ReviewRow, ReviewsSummary
    from azscraper.records.seller import SellerProfile
    from azscraper.records.store import StoreItem, StorePage
    from azscraper.records.suggestions import Suggestion, SuggestionsSummary

__all__ = [
    "PARSER_VERSION",
    "AuthorPage",
    "AuthorTitle",
    "CategoryPage",
    "ChartPage",
    "ChartRow",
    "DealRow",
    "DealsPage",
    "OfferRow",
    "OffersSummary",
    "PageKind",
    "PageRecord",
    "PageSummary",
    "Parsed",
    "Product",
    "RawPage",
    "ReviewRow",
    "ReviewsSummary",
    "SearchRow",
    "SellerProfile",
    "StoreItem",
    "StorePage",
    "Suggestion",
    "SuggestionsSummary",
]

_HOMES = {
    "AuthorPage": "author",
    "AuthorTitle": "author",
    "CategoryPage": "category",
    "ChartPage": "bestsellers",
    "ChartRow": "bestsellers",
    "DealRow": "deals",
    "DealsPage": "deals",
    "OfferRow": "offers",
    "OffersSummary": "offers",
    "ReviewRow": "reviews",
    "ReviewsSummary": "reviews",
    "SellerProfile": "seller",
    "StoreItem": "store",
    "StorePage": "store",
    "Suggestion": "suggestions",
    "SuggestionsSummary": "suggestions",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
