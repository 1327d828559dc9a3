"""Result lists, as a row for each tile and a summary for each page."""

from azscraper.errors import Detail, InvalidInputError
from azscraper.kinds.kind import Asked, ColumnType, Kind, Origin, Target, column, later
from azscraper.kinds.products import then_products
from azscraper.kinds.search.address import of_address, of_key, page_url, read_target, with_options
from azscraper.kinds.walks import paged
from azscraper.marketplaces import Marketplace, by_host
from azscraper.marketplaces.addresses import Address
from azscraper.records import PageKind, PageSummary, SearchRow
from azscraper.records.search import SearchOptions

LONGEST_KEYWORD = 500
"""Characters."""


def _resolve(text: str, marketplace: Marketplace) -> Target:
    found = read_target(text, marketplace)
    if found is not None:
        listing, where = found
        return Target("search", (listing.keyword if listing.is_plain else None) or listing.url(where), where)
    if len(text) > LONGEST_KEYWORD:
        message = f"is over {LONGEST_KEYWORD} characters"
        raise InvalidInputError(message, [Detail("target", message)])
    return Target("search", text.strip(), marketplace)


def _url(asked: Asked[SearchOptions], number: int) -> str:
    listing = with_options(of_key(asked.target.key), asked.options)
    return page_url(listing, asked.target.marketplace, number, direct=bool(asked.options.direct))


def _claims(address: Address) -> bool:
    """A list by keyword; those of a category alone, and of a seller alone, are of kinds of their own."""
    listing = of_address(address.url)
    return listing is not None and (listing.keyword is not None or not (listing.node or listing.seller))


def _says(text: str) -> frozenset[str]:
    found = read_target(text, by_host("www.amazon.com"))
    return found[0].says if found else frozenset()


def _pages(options: SearchOptions) -> int:
    return options.pages or 1


def _price(_: SearchOptions) -> int:
    return 5


_LISTS = Kind(
    name="search",
    label="Keywords",
    records=(SearchRow,),
    summary=PageSummary,
    options=SearchOptions,
    about="Read search result pages: a row for each product in them.",
    target_label="Keywords, each quoted, or addresses of result lists",
    example="wireless earbuds",
    page=PageKind.SEARCH,
    resolve=_resolve,
    claims=_claims,
    says=_says,
    next=paged(_url, _pages),
    most_steps=_pages,
    may_be_json=False,
    recognises=later("azscraper.kinds.search.page:recognises"),
    reads=later("azscraper.kinds.search.page:reads"),
    rows=later("azscraper.kinds.search.page:rows"),
    origins=(
        Origin(
            SearchRow,
            later("azscraper.kinds.search.read:tile_sources"),
            later("azscraper.kinds.search.sources:hear_tiles"),
            otherwise="page, address or place in the page",
        ),
        Origin(
            PageSummary,
            later("azscraper.kinds.search.summary:field_sources"),
            later("azscraper.kinds.search.sources:hear_page"),
            otherwise="page or address",
        ),
    ),
    ask_all=later("azscraper.kinds.search.sources:ask_all"),
    follow=later("azscraper.kinds.search.follow:follow"),
    price=_price,
    empty_is_success=True,
    columns=(
        column("picture", ColumnType.PICTURE, "image"),
        column("title", ColumnType.TEXT),
        column("asin", ColumnType.TEXT),
        column("keyword", ColumnType.TEXT),
        column("position", ColumnType.NUMBER),
        column("organicPosition", ColumnType.NUMBER, shown=False),
        column("sponsored", ColumnType.FLAG),
        column("price", ColumnType.MONEY),
        column("listPrice", ColumnType.MONEY, shown=False),
        column("rating", ColumnType.NUMBER),
        column("ratingCount", ColumnType.NUMBER),
        column("brand", ColumnType.TEXT, shown=False),
        column("boughtPastMonth", ColumnType.NUMBER, shown=False),
        column("isPrime", ColumnType.FLAG, shown=False),
        column("page", ColumnType.NUMBER, shown=False),
        column("marketplace", ColumnType.TEXT, shown=False),
    ),
)
SEARCH = then_products(_LISTS)
