"""Where the fields of a store's products come from: what ``explain`` asks. Keys of the shop's own description of a product."""

from collections.abc import Iterator
from functools import partial

from azscraper.kinds.kind import Heard
from azscraper.kinds.store.cards import asin_of
from azscraper.kinds.store.page import reads
from azscraper.kinds.store.widgets import contents
from azscraper.parse import places
from azscraper.parse.dig import items
from azscraper.parse.document import Document
from azscraper.parse.page import Page
from azscraper.records.store import StoreItem

OFFER = "buyingOptions.0"
"""Where the first way to buy stands; of those for members alone the next one is taken."""
CARD: places.Places = {
    "asin": places.at("asin", "ASIN"),
    "title": places.at("title.displayString", "title", "title.shortDisplayString"),
    "image": places.at("productImages.images.0", "image.url"),
    "price": places.at(f"{OFFER}.price.priceToPay.moneyValueOrRange.value"),
    "price_label": places.at(f"{OFFER}.price.priceToPay.label"),
    "list_price": places.at(f"{OFFER}.price.basisPrice.moneyValueOrRange.value"),
    "list_price_kind": places.at(f"{OFFER}.price.basisPrice.type", f"{OFFER}.price.basisPrice.label"),
    "savings": places.at(f"{OFFER}.price.savings"),
    "availability": places.at(f"{OFFER}.availability"),
    "rating": places.at("customerReviewsSummary.rating"),
    "rating_count": places.at("customerReviewsSummary.count.value"),
    "offer_count": places.at("marketplaceOfferSummary.anyOfferSummary.offerCount"),
}
"""Of a product, as stores and authors' pages hold it."""
_ROWS: places.Places = {
    **{name: sources for name, sources in CARD.items() if name in StoreItem.model_fields},
    "price_range": places.at(f"{OFFER}.price.priceToPay.moneyValueOrRange.range"),
}

_PAGE = places.settled(
    page_id="pageContext: id",
    store_id="pageContext: storeId, rootPageId",
    title="pageContext: title",
    url="pageContext: pagePath",
    brand="pageContext: brandName",
    description="pageContext: pageDescription",
    logo="pageContext: brandLogo",
    banner="Header: image",
    browse_node="pageContext: browseNode",
    nav="Header: nav",
    videos="widgets with videoUrl",
    is_searchable="pageContext: isSearchEnabled",
    total_products="widgets: totalResultCount, totalCount",
)


def row_sources(name: str) -> list[str]:
    """Of a field of a product."""
    return places.names(_ROWS, name)


def hear_rows(page: Page, name: str) -> Heard:
    """All sources of a field of each product; where several widgets hold it, of the first that says something."""
    known = list(_products(page.document))
    for row in reads(page, None).records:
        if isinstance(row, StoreItem):
            told = [places.heard(_ROWS, name, product) for asin, product in known if asin == row.asin]
            yield row, next((said for said in told if any(value for _, value in said)), told[0] if told else [])


def _products(document: Document) -> Iterator[tuple[str, object]]:
    for _, content in contents(document):
        yield from ((asin, one) for one in items(content, "products") if (asin := asin_of(one)))


page_sources = partial(places.names, _PAGE)
"""Of a field of the page."""
hear_page = partial(places.heard_of_summary, reads, _PAGE)
"""The place of a field of the page, and what it says."""
