"""Rows of the kinds beside products and tiles, each with where it came from. Apart from ``rows``: these load the records of every kind."""

from typing import TypeAlias

from azscraper.records.author import AuthorTitle
from azscraper.records.bestsellers import ChartRow
from azscraper.records.deals import DealRow
from azscraper.records.offers import OfferRow
from azscraper.records.reviews import ReviewRow
from azscraper.records.seller import SellerProfile
from azscraper.records.store import StoreItem
from azscraper.records.suggestions import Suggestion
from azscraper.wire.rows import RowMeta, StoredProduct, StoredSearchRow


class StoredChartRow(ChartRow):
    """A rank of a list, with where it came from."""

    meta: RowMeta


class StoredOfferRow(OfferRow):
    """An offer of a product, with where it came from."""

    meta: RowMeta


class StoredReviewRow(ReviewRow):
    """A review, with where it came from."""

    meta: RowMeta


class StoredSellerProfile(SellerProfile):
    """A seller, with where it came from."""

    meta: RowMeta


class StoredSuggestion(Suggestion):
    """What the search box proposes, with where it came from."""

    meta: RowMeta


class StoredDealRow(DealRow):
    """A deal, with where it came from."""

    meta: RowMeta


class StoredStoreItem(StoreItem):
    """A product of a brand's store, with where it came from."""

    meta: RowMeta


class StoredAuthorTitle(AuthorTitle):
    """A title of an author, with where it came from."""

    meta: RowMeta


StoredRow: TypeAlias = (
    StoredProduct
    | StoredSearchRow
    | StoredChartRow
    | StoredOfferRow
    | StoredReviewRow
    | StoredSellerProfile
    | StoredSuggestion
    | StoredDealRow
    | StoredStoreItem
    | StoredAuthorTitle
)
"""A row of any kind with its ``meta``; ``record`` says which it is."""
