"""Reviews of a product, as they are printed: on the product page, and in the review list where it answers without a sign-in."""

import re
from urllib.parse import parse_qsl, urlencode, urlsplit

from azscraper.crawl.policy import GiveUp
from azscraper.kinds.kind import Asked, ColumnType, Done, Finish, Kind, Origin, Step, Target, column, later
from azscraper.marketplaces import Marketplace, find_target, names_product, product_url, resolve_target
from azscraper.marketplaces.addresses import Address
from azscraper.records.reviews import ReviewRow, ReviewsOptions, ReviewsSummary

_LIST = "/product-reviews/"
_KEPT = ("filterByStar", "filterByKeyword", "formatType", "mediaType", "pageNumber", "reviewerType", "sortBy")
"""Parameters of a list's address that choose its reviews; the rest only tracks."""
_STARS = {"1": "one_star", "2": "two_star", "3": "three_star", "4": "four_star", "5": "five_star"}


def _resolve(text: str, marketplace: Marketplace) -> Target:
    """The address of a list keeps its filters: it is another target than the product."""
    product = resolve_target(text, marketplace)
    query = _query_of(text) if _LIST in text else {}
    listed = f"?{urlencode(query)}" if query else "?" if _LIST in text else ""
    return Target("reviews", product.asin + listed, product.marketplace)


_PATHS = re.compile(r"/(?:[^/]+/)?(?:product-reviews|gp/aw/(?:cr|reviews)|gp/customer-reviews)(?:/|$)", re.IGNORECASE)


def _claims(address: Address) -> bool:
    """A list, or the page of one review that names its product."""
    return _PATHS.match(address.path) is not None and find_target(address.url, address.marketplace) is not None


def _query_of(text: str) -> dict[str, str]:
    try:
        given = dict(parse_qsl(urlsplit(text.strip()).query))
    except ValueError:
        return {}
    return {name: given[name] for name in _KEPT if given.get(name)}


def list_url(marketplace: Marketplace, asin: str, query: dict[str, str]) -> str:
    """The address of a page of the review list."""
    asked = urlencode({name: query[name] for name in _KEPT if name in query})
    return f"https://{marketplace.host}{_LIST}{asin}" + (f"?{asked}" if asked else "")


def _is_of_list(asked: Asked[ReviewsOptions]) -> bool:
    """Whether the product page is not an answer."""
    options = asked.options
    chosen = options.stars or options.sort or options.verified_only or (options.pages or 1) > 1
    return bool(chosen) or "?" in asked.target.key


def _page_url(asked: Asked[ReviewsOptions], number: int) -> str:
    asin, _, kept = asked.target.key.partition("?")
    options, query = asked.options, dict(parse_qsl(kept))
    first = query.pop("pageNumber", "1")
    page = (int(first) if first.isdecimal() and len(first) <= 5 else 1) + number - 1  # noqa: PLR2004 - 3837 was seen
    given = {
        "filterByStar": _STARS.get(options.stars, options.stars) if options.stars else None,
        "sortBy": options.sort,
        "reviewerType": "avp_only_reviews" if options.verified_only else None,
        "pageNumber": str(page) if page > 1 else None,
    }
    chosen = {name: value for name, value in given.items() if value}
    return list_url(asked.target.marketplace, asin, chosen | query)


def _next(asked: Asked[ReviewsOptions], done: tuple[Done, ...]) -> Step | Finish | GiveUp:
    """The product page, then the list; the list alone where only it answers. Its later pages are optional."""
    only_list = _is_of_list(asked)
    if not only_list and not done:
        return Step("dp", product_url(asked.target.marketplace, asked.target.key), "details")
    pages = [one for one in done if one.step.reads == "reviews"]
    number = len(pages) + 1
    if number > (asked.options.pages or 1) or (pages and _is_last(pages[-1], len(pages))):
        return Finish()
    optional = not only_list or number > 1
    return Step(f"list:{number}", _page_url(asked, number), "reviews", optional=optional)


def _is_last(done: Done, number: int) -> bool:
    read = done.read
    return read is None or not read.records or (read.last_page is not None and number >= read.last_page)


def _most_steps(options: ReviewsOptions) -> int:
    return max(options.pages or 1, 2)


def _price(_: ReviewsOptions) -> int:
    return 3


REVIEWS = Kind(
    name="reviews",
    label="Reviews",
    about="Read reviews of products: those of the product page, and of the review list where it answers without a sign-in.",
    target_label="ASINs, product URLs or review list URLs",
    example="B08N5WRWNW",
    records=(ReviewRow,),
    summary=ReviewsSummary,
    options=ReviewsOptions,
    resolve=_resolve,
    looks_like=names_product,
    claims=_claims,
    next=_next,
    most_steps=_most_steps,
    price=_price,
    recognises=later("azscraper.kinds.reviews.page:recognises"),
    reads=later("azscraper.kinds.reviews.page:reads"),
    rows=later("azscraper.kinds.reviews.page:rows"),
    follow=later("azscraper.kinds.reviews.follow:follow"),
    origins=(
        Origin(
            ReviewRow,
            later("azscraper.kinds.reviews.sources:row_sources"),
            later("azscraper.kinds.reviews.sources:hear_rows"),
            otherwise="page or address",
        ),
        Origin(
            ReviewsSummary,
            later("azscraper.kinds.reviews.sources:head_sources"),
            later("azscraper.kinds.reviews.sources:hear_head"),
            otherwise="rows or address",
        ),
    ),
    empty_is_success=True,
    missing="Check the ASIN and whether this marketplace sells it.",
    columns=(
        column("title", ColumnType.TEXT),
        column("asin", ColumnType.TEXT),
        column("position", ColumnType.NUMBER),
        column("rating", ColumnType.NUMBER),
        column("body", ColumnType.TEXT),
        column("date", ColumnType.TIME),
        column("country", ColumnType.TEXT),
        column("author", ColumnType.TEXT),
        column("verified", ColumnType.FLAG),
        column("helpful", ColumnType.NUMBER),
        column("variant", ColumnType.TEXT, shown=False),
        column("kind", ColumnType.STATE, shown=False),
        column("id", ColumnType.TEXT, shown=False),
        column("page", ColumnType.NUMBER, shown=False),
        column("marketplace", ColumnType.TEXT, shown=False),
    ),
)
