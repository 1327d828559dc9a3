"""All offers of a product, as a row for each seller's offer.

The list of all offers is asked for where robots.txt allows it. Where it does not, or where the list is not served, the
rows are those that the product page prints, and the summary's coverage says why.
"""

from collections.abc import Sequence
from urllib.parse import urlencode

import orjson

from azscraper.crawl.policy import GiveUp
from azscraper.kinds.kind import Asked, ColumnType, Done, Finish, Kind, Origin, Step, Target, column, later
from azscraper.marketplaces import Marketplace, find_target, names_product, product_url, resolve_target
from azscraper.marketplaces.addresses import Address
from azscraper.records import Product
from azscraper.records.offers import OfferRow, OffersOptions, OffersSummary
from azscraper.records.parts import OfferState

_PANEL = "/gp/product/ajax/aodAjaxMain/"
_FILTERS = {
    "new": ("new",),
    "used": ("used", "usedLikeNew", "usedVeryGood", "usedGood", "usedAcceptable"),
    "like_new": ("usedLikeNew",),
    "very_good": ("usedVeryGood",),
    "good": ("usedGood",),
    "acceptable": ("usedAcceptable",),
}
"""What the panel calls conditions; it has no filter for renewed and collectible items."""
_ANSWERS = {OfferState.UNAVAILABLE, OfferState.NOT_SHIPPABLE}
"""What a product page without a price says that tells that there is no offer."""
_WHY = {
    "robots_disallowed": "The marketplace's robots.txt forbids the list of all offers, and the product page prints none.",
    "sign_in_required": "The list of all offers asks for a sign-in, and the product page prints none.",
}


def _resolve(text: str, marketplace: Marketplace) -> Target:
    product = resolve_target(text, marketplace)
    return Target("offers", product.asin, product.marketplace)


_PATHS = ("/gp/offer-listing/", "/gp/aw/ol/", "/gp/product/ajax/aodajaxmain", "/gp/aod/ajax")


def _claims(address: Address) -> bool:
    """The list, and the product page with its panel open."""
    is_list = address.path.lower().startswith(_PATHS) or address.query.get("aod") == "1"
    return is_list and find_target(address.url, address.marketplace) is not None


def panel_url(marketplace: Marketplace, asin: str, *, page: int = 1, conditions: Sequence[str] | None = None) -> str:
    """The address of a page of the panel of all offers."""
    query = {"asin": asin, "pc": "dp", "experienceId": "aodAjaxMain"}
    if page > 1:
        query["pageno"] = str(page)
    if conditions and all(one in _FILTERS for one in conditions):
        names = {name: True for one in conditions for name in _FILTERS[one]}
        query["filters"] = orjson.dumps({"all": True, **names}).decode()
    return f"https://{marketplace.host}{_PANEL}?{urlencode(query)}"


def _pages(options: OffersOptions) -> int:
    return options.pages or 1


def _next(asked: Asked[OffersOptions], done: tuple[Done, ...]) -> Step | Finish | GiveUp:
    """The panel's pages; if its first one does not come, the product page."""
    marketplace, asin = asked.target.marketplace, asked.target.key
    last = done[-1] if done else None
    if last is not None and last.step.reads == "details":
        return _ended(done[0], last)
    if last is not None and last.read is None and len(done) == 1:
        return Step("dp", product_url(marketplace, asin), "details")
    number = len(done) + 1
    if last is not None and (number > _pages(asked.options) or _is_last(last, number - 1)):
        return Finish()
    url = panel_url(marketplace, asin, page=number, conditions=asked.options.conditions)
    return Step(f"list:{number}", url, "offers", optional=True)


def _is_last(done: Done, number: int) -> bool:
    read = done.read
    return read is None or not read.records or read.last_page is None or number >= read.last_page


def _ended(panel: Done, page: Done) -> Finish | GiveUp:
    """A page without offers answers only where it says that there are none, or counts them."""
    product = next((one for one in page.read.records if isinstance(one, Product)), None) if page.read else None
    code = panel.failure or ""
    says_nothing = product is not None and not (product.buying_options or product.offers)
    if product is not None and says_nothing and code in _WHY and product.offer_state not in _ANSWERS:
        return GiveUp(code, f"{_WHY[code]} Open the target in a browser to see what is there.")
    return Finish()


def _most_steps(options: OffersOptions) -> int:
    return max(_pages(options), 2)


def _price(_: OffersOptions) -> int:
    return 3


OFFERS = Kind(
    name="offers",
    label="Offers",
    about="Read all offers of products: a row for each seller's offer.",
    target_label="ASINs, product URLs or offer list URLs",
    example="B08N5WRWNW",
    records=(OfferRow,),
    summary=OffersSummary,
    options=OffersOptions,
    resolve=_resolve,
    looks_like=names_product,
    claims=_claims,
    next=_next,
    most_steps=_most_steps,
    price=_price,
    may_be_json=False,
    recognises=later("azscraper.kinds.offers.page:recognises"),
    reads=later("azscraper.kinds.offers.page:reads"),
    rows=later("azscraper.kinds.offers.page:rows"),
    origins=(
        Origin(
            OfferRow,
            later("azscraper.kinds.offers.sources:row_sources"),
            later("azscraper.kinds.offers.sources:hear_rows"),
            otherwise="page or address",
        ),
        Origin(
            OffersSummary,
            later("azscraper.kinds.offers.sources:head_sources"),
            later("azscraper.kinds.offers.sources:hear_head"),
            otherwise="rows or address",
        ),
    ),
    follow=later("azscraper.kinds.offers.follow:follow"),
    empty_is_success=True,
    missing="Check the ASIN and whether this marketplace sells it.",
    columns=(
        column("seller", ColumnType.TEXT, "seller", "name"),
        column("asin", ColumnType.TEXT),
        column("position", ColumnType.NUMBER),
        column("isFeatured", ColumnType.FLAG),
        column("condition", ColumnType.STATE, "condition", "state"),
        column("price", ColumnType.MONEY),
        column("shipping", ColumnType.MONEY),
        column("landedPrice", ColumnType.MONEY, shown=False),
        column("sellerRating", ColumnType.NUMBER),
        column("sellerRatingCount", ColumnType.NUMBER, shown=False),
        column("sellerPositivePercent", ColumnType.NUMBER, shown=False),
        column("shipsFrom", ColumnType.TEXT),
        column("fulfilledByAmazon", ColumnType.FLAG, shown=False),
        column("isPrime", ColumnType.FLAG, shown=False),
        column("availability", ColumnType.STATE, "availability", "status", shown=False),
        column("conditionNote", ColumnType.TEXT, "condition", "note", shown=False),
        column("page", ColumnType.NUMBER, shown=False),
        column("marketplace", ColumnType.TEXT, shown=False),
    ),
)
