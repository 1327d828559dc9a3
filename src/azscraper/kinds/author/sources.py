"""Where the fields of an author's titles come from: what ``explain`` asks. Keys of the shop's own description of a product."""

from functools import partial

from azscraper.kinds.author.page import grid_of, reads
from azscraper.kinds.kind import Heard
from azscraper.kinds.store.cards import asin_of
from azscraper.kinds.store.sources import CARD
from azscraper.parse import places
from azscraper.parse.dig import items
from azscraper.parse.page import Page
from azscraper.records.author import AuthorTitle

_ROWS: places.Places = {
    **CARD,
    "format": places.at("bindingInformation.binding.displayString"),
    "format_id": places.at("bindingInformation.binding.symbol"),
    "release_date": places.at("buyingOptions.0.availability.primaryMessage"),
    "bestseller_rank": places.at("bestSellers.badges"),
    "accolade": places.at("accoladesBadge.category"),
    "series": places.at("bookSeriesInfo"),
    "contributors": places.at("byLine.contributors"),
    "editions": places.at("mediaMatrix.items"),
    "price_range": places.at("marketplaceOfferSummary.anyOfferSummary"),
    "seller": places.at("buyingOptions.0.merchant"),
    "product_type": places.at("productCategory.productType"),
}

_PAGE = places.settled(
    author_id="pageContext: authorId",
    name="pageContext: brandName, AuthorSubHeader: authorName",
    photo="pageContext: brandLogo, AuthorFooter: image",
    biography="widget with biography",
    about_url="widget with aboutSubpageURL",
    formats="titles of the grid",
    languages="ProductGrid: languageFilter",
    sort_options="ProductGrid: sortOptions",
    series="titles of the grid",
    similar_authors="widgets with similarAuthors",
    listed_asins="ProductGrid: ASINList",
)


def row_sources(name: str) -> list[str]:
    """Of a field of a title."""
    return places.names(_ROWS, name)


def hear_rows(page: Page, name: str) -> Heard:
    """All sources of a field of each title."""
    known = {asin: one for one in items(grid_of(page.document), "products") if (asin := asin_of(one))}
    for row in reads(page, None).records:
        if isinstance(row, AuthorTitle):
            yield row, places.heard(_ROWS, name, known.get(row.asin))


page_sources = partial(places.names, _PAGE)
"""Of a field of the page."""
hear_page = partial(places.heard_of_summary, reads, _PAGE)
"""The place of a field of the page, and what it says."""
