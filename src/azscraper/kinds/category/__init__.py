"""Categories: the page of a browse node, and its result list as a row for each tile."""

from azscraper.kinds.category.address import list_of, of_list, of_page, page_of, read_target
from azscraper.kinds.kind import Asked, Done, Finish, Kind, Origin, Step, Target, later
from azscraper.kinds.products import then_products
from azscraper.kinds.search import SEARCH
from azscraper.kinds.search.address import Listing, page_url, with_options
from azscraper.marketplaces import Marketplace
from azscraper.marketplaces.addresses import Address
from azscraper.records import SearchRow
from azscraper.records.category import CategoryOptions, CategoryPage

_WINDOW = "window"
"""Name of the step that asks for the page of the node itself."""


def _resolve(text: str, marketplace: Marketplace) -> Target:
    key, named = read_target(text, marketplace)
    return Target("category", key, named)


def _claims(address: Address) -> bool:
    return of_page(address) is not None or of_list(address.url) is not None


def _says(text: str) -> frozenset[str]:
    listing = of_list(text if "//" in text else f"https://{text.lstrip('/')}")
    return listing.says - {"node", "category"} if listing else frozenset()


def listing_of(asked: Asked[CategoryOptions]) -> Listing:
    """The result list of the target, as the job chooses from it."""
    listing = list_of(asked.target.key, asked.options.refinements or ())
    return with_options(listing, asked.options)


def _next(asked: Asked[CategoryOptions], done: tuple[Done, ...]) -> Step | Finish:
    """The page of the node, without which the target goes on, then the pages of its list.

    A marketplace often answers the first with the list: then that is its first page.
    """
    window = page_of(asked.target.key, asked.target.marketplace)
    if window and not done:
        return Step(_WINDOW, window, "category", optional=True)
    lists = lists_of(done)
    number = len(lists) + 1
    if number > (asked.options.pages or 1) or (lists and _is_last(lists[-1], number - 1)):
        return Finish()
    return Step(str(number), page_url(listing_of(asked), asked.target.marketplace, number), "category")


def lists_of(done: tuple[Done, ...]) -> tuple[Done, ...]:
    """The pages that are of the list."""
    return tuple(one for one in done if one.step.name != _WINDOW or _is_list(one))


def _is_list(done: Done) -> bool:
    said = done.read.summary if done.read else None
    return isinstance(said, CategoryPage) and said.layout == "results" and bool(done.read and done.read.records)


def _is_last(done: Done, number: int) -> bool:
    read = done.read
    return read is None or not read.records or (read.last_page is not None and number >= read.last_page)


def _most_steps(options: CategoryOptions) -> int:
    return 1 + (options.pages or 1)


def _price(_: CategoryOptions) -> int:
    return 5


_LISTS = Kind(
    name="category",
    label="Categories",
    about="Read categories: their result lists, a row for each product, and what their pages lead to.",
    target_label="Browse nodes, or addresses of categories",
    example="172541",
    records=(SearchRow,),
    summary=CategoryPage,
    options=CategoryOptions,
    resolve=_resolve,
    claims=_claims,
    says=_says,
    next=_next,
    most_steps=_most_steps,
    price=_price,
    narrows="search",
    may_be_json=False,
    recognises=later("azscraper.kinds.category.page:recognises"),
    reads=later("azscraper.kinds.category.page:reads"),
    rows=later("azscraper.kinds.category.page:rows"),
    origins=(
        *SEARCH.origins[:1],
        Origin(
            CategoryPage,
            later("azscraper.kinds.category.sources:page_sources"),
            later("azscraper.kinds.category.sources:hear_page"),
            otherwise="page or address",
        ),
    ),
    empty_is_success=True,
    missing="Check the node: each marketplace has its own.",
    columns=SEARCH.columns,
)
CATEGORY = then_products(_LISTS)
