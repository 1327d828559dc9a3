"""Best sellers, new releases, movers and shakers, most wished for, most gifted: a row for each rank."""

from azscraper.kinds.bestsellers.address import chosen, is_of_list, of_key, read_target
from azscraper.kinds.kind import Asked, ColumnType, Done, Finish, Kind, Origin, Step, Target, column, later
from azscraper.marketplaces import Marketplace
from azscraper.marketplaces.addresses import Address
from azscraper.records.bestsellers import BestsellersOptions, ChartPage, ChartRow

_FULL = 50
"""Ranks of a page that has another behind it."""
_PAGES = 2


def _resolve(text: str, marketplace: Marketplace) -> Target:
    chart, named = read_target(text, marketplace)
    return Target("bestsellers", chart.key, named)


def _claims(address: Address) -> bool:
    return is_of_list(address.path)


def _pages(options: BestsellersOptions) -> int:
    return options.pages or _PAGES


def _next(asked: Asked[BestsellersOptions], done: tuple[Done, ...]) -> Step | Finish:
    """The second page after a full first one alone: a shorter list has none, and the marketplace serves it the first again."""
    number = len(done) + 1
    chart = of_key(asked.target.key)
    if chart is None or number > _pages(asked.options) or (done and not _has_next(done[-1], number - 1)):
        return Finish()
    url = chosen(chart, asked.options).url(asked.target.marketplace, number)
    return Step(str(number), url, "bestsellers")


def _has_next(done: Done, number: int) -> bool:
    read = done.read
    is_root = read is not None and isinstance(read.summary, ChartPage) and read.summary.department is None
    if read is None or is_root or len(read.records) < _FULL:
        return False
    return read.last_page is None or read.last_page > number


def _price(_: BestsellersOptions) -> int:
    return 5


BESTSELLERS = Kind(
    name="bestsellers",
    label="Best sellers",
    about="Read best-seller lists and their like: a row for each rank.",
    target_label="Departments, departments with a node, or addresses of lists",
    example="electronics/172541",
    records=(ChartRow,),
    summary=ChartPage,
    options=BestsellersOptions,
    resolve=_resolve,
    claims=_claims,
    next=_next,
    most_steps=_pages,
    price=_price,
    may_be_json=False,
    recognises=later("azscraper.kinds.bestsellers.page:recognises"),
    reads=later("azscraper.kinds.bestsellers.page:reads"),
    rows=later("azscraper.kinds.bestsellers.page:rows"),
    origins=(
        Origin(
            ChartRow,
            later("azscraper.kinds.bestsellers.sources:row_sources"),
            later("azscraper.kinds.bestsellers.sources:hear_rows"),
            otherwise="page or address",
        ),
        Origin(
            ChartPage,
            later("azscraper.kinds.bestsellers.sources:page_sources"),
            later("azscraper.kinds.bestsellers.sources:hear_page"),
            otherwise="page or address",
        ),
    ),
    follow=later("azscraper.kinds.bestsellers.follow:follow"),
    empty_is_success=True,
    missing="Check the department and the node: each marketplace has its own.",
    columns=(
        column("picture", ColumnType.PICTURE, "image"),
        column("title", ColumnType.TEXT),
        column("rank", ColumnType.NUMBER),
        column("asin", ColumnType.TEXT),
        column("category", ColumnType.TEXT, "category", "name"),
        column("price", ColumnType.MONEY),
        column("offersFrom", ColumnType.MONEY, shown=False),
        column("offerCount", ColumnType.NUMBER, shown=False),
        column("rating", ColumnType.NUMBER),
        column("ratingCount", ColumnType.NUMBER),
        column("format", ColumnType.TEXT, shown=False),
        column("releaseDate", ColumnType.TIME, shown=False),
        column("salesRank", ColumnType.NUMBER, shown=False),
        column("priorSalesRank", ColumnType.NUMBER, shown=False),
        column("rankChangePercent", ColumnType.NUMBER, shown=False),
        column("rankOnly", ColumnType.FLAG, shown=False),
        column("position", ColumnType.NUMBER, shown=False),
        column("marketplace", ColumnType.TEXT, shown=False),
    ),
)
