"""Result lists, as a row for each tile and a summary for each page."""

from azscraper.errors import Detail, InvalidInputError
from azscraper.kinds.kind import Asked, ColumnType, Kind, Origin, Target, column, later
from azscraper.kinds.walks import paged
from azscraper.marketplaces import Marketplace, search_url
from azscraper.records import PageKind, PageSummary, SearchRow
from azscraper.records.search import SearchOptions

LONGEST_KEYWORD = 500
"""Characters."""


def _resolve(text: str, marketplace: Marketplace) -> Target:
    if len(text) > LONGEST_KEYWORD:
        message = f"is over {LONGEST_KEYWORD} characters"
        raise InvalidInputError(message, [Detail("target", message)])
    return Target("search", text.strip(), marketplace)


def _url(asked: Asked[SearchOptions], number: int) -> str:
    options = asked.options
    return search_url(
        asked.target.marketplace,
        asked.target.key,
        page=number,
        sort=options.sort,
        min_price=options.min_price,
        max_price=options.max_price,
        category=options.category,
    )


def _pages(options: SearchOptions) -> int:
    return options.pages or 1


def _price(_: SearchOptions) -> int:
    return 5


SEARCH = Kind(
    name="search",
    label="Keywords",
    records=(SearchRow,),
    summary=PageSummary,
    options=SearchOptions,
    about="Read search result pages: a row for each product in them.",
    target_label="Keywords, each quoted",
    example="wireless earbuds",
    page=PageKind.SEARCH,
    resolve=_resolve,
    next=paged(_url, _pages),
    most_steps=_pages,
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
    round_trip=False,
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
