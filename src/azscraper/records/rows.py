"""Every type of row by its name, and every summary by its kind."""

from typing import TYPE_CHECKING, Any, TypeAlias

from azscraper import records
from azscraper.records.base import PageRecord
from azscraper.records.parts import Record

if TYPE_CHECKING:
    Row: TypeAlias = (
        records.Product
        | records.SearchRow
        | records.ChartRow
        | records.OfferRow
        | records.ReviewRow
        | records.SellerProfile
        | records.Suggestion
        | records.DealRow
        | records.StoreItem
        | records.AuthorTitle
    )
    """A row of any kind; its ``record`` says which it is."""
else:
    Row = PageRecord  # to name them all would load them all

ROWS = (
    "Product",
    "SearchRow",
    "ChartRow",
    "OfferRow",
    "ReviewRow",
    "SellerProfile",
    "Suggestion",
    "DealRow",
    "StoreItem",
    "AuthorTitle",
)
SUMMARIES = {
    "search": "PageSummary",
    "seller-products": "PageSummary",
    "category": "CategoryPage",
    "bestsellers": "ChartPage",
    "offers": "OffersSummary",
    "reviews": "ReviewsSummary",
    "suggestions": "SuggestionsSummary",
    "deals": "DealsPage",
    "store": "StorePage",
    "author": "AuthorPage",
}


def row_type(name: Any) -> type[PageRecord] | None:
    """Of what a row says in ``record``; None where this release knows none."""
    return getattr(records, name) if name in ROWS else None


def summary_type(kind: str | None) -> type[Record] | None:
    """Of a kind of page; None where it has none, or is not known to this release."""
    return getattr(records, SUMMARIES[kind]) if kind in SUMMARIES else None
