"""Pages of deals: today's, and those of events."""

import re
from urllib.parse import quote

import orjson

from azscraper.errors import InvalidInputError
from azscraper.kinds.kind import Asked, ColumnType, Kind, Origin, Target, column, later
from azscraper.kinds.walks import single
from azscraper.marketplaces import Marketplace
from azscraper.marketplaces.addresses import Address, address_of
from azscraper.records.deals import DealRow, DealsOptions, DealsPage

TODAY = "today"
_TODAY = re.compile(r"/(?:deals|gp/goldbox|gp/deals?|goldbox|gp/todays-deals)(?:/.*)?", re.ASCII | re.IGNORECASE)
_EVENT = re.compile(r"/events/(?P<name>[A-Za-z0-9][\w-]{0,99})", re.ASCII)


def _resolve(text: str, marketplace: Marketplace) -> Target:
    """``today``, or the address of a page of deals, which names the marketplace."""
    if text.strip().casefold() == TODAY:
        return Target("deals", TODAY, marketplace)
    found = address_of(text)
    event = _EVENT.fullmatch(found.path) if found else None
    if found and (event or _TODAY.fullmatch(found.path)):
        return Target("deals", event["name"].lower() if event else TODAY, found.marketplace)
    raise InvalidInputError.of("target", "is neither today nor the address of a page of deals, /deals or /events/…")


def _claims(address: Address) -> bool:
    return _EVENT.fullmatch(address.path) is not None or _TODAY.fullmatch(address.path) is not None


def _url(asked: Asked[DealsOptions]) -> str:
    """With the filter as the shop's own page writes it: JSON in JSON, quoted twice."""
    target, department = asked.target, asked.options.department
    path = "deals" if target.key == TODAY else f"events/{target.key}"
    if department is None:
        return f"https://{target.marketplace.host}/{path}"
    state = {"state": {"refinementFilters": {"departments": [department]}}, "version": 1}
    written = orjson.dumps(orjson.dumps(state).decode()).decode()
    return f"https://{target.marketplace.host}/{path}?discounts-widget={quote(quote(written, safe=''), safe='')}"


def _price(_: DealsOptions) -> int:
    return 3


DEALS = Kind(
    name="deals",
    label="Deals",
    about="Read pages of deals: a row for each deal that the page holds.",
    target_label="today, or addresses of pages of deals",
    example=TODAY,
    missing="Check the address of the event: events end.",
    records=(DealRow,),
    summary=DealsPage,
    options=DealsOptions,
    resolve=_resolve,
    claims=_claims,
    next=single(_url),
    price=_price,
    recognises=later("azscraper.kinds.deals.page:recognises"),
    reads=later("azscraper.kinds.deals.page:reads"),
    rows=later("azscraper.kinds.deals.page:rows"),
    origins=(
        Origin(
            DealRow,
            later("azscraper.kinds.deals.sources:row_sources"),
            later("azscraper.kinds.deals.sources:hear_rows"),
            otherwise="page",
        ),
        Origin(
            DealsPage,
            later("azscraper.kinds.deals.sources:page_sources"),
            later("azscraper.kinds.deals.sources:hear_page"),
            otherwise="page",
        ),
    ),
    empty_is_success=True,
    columns=(
        column("picture", ColumnType.PICTURE, "image"),
        column("title", ColumnType.TEXT),
        column("asin", ColumnType.TEXT),
        column("dealPrice", ColumnType.MONEY),
        column("listPrice", ColumnType.MONEY),
        column("discountPercent", ColumnType.NUMBER),
        column("dealType", ColumnType.STATE, "type"),
        column("dealState", ColumnType.STATE, "state"),
        column("endsAt", ColumnType.TIME),
        column("percentClaimed", ColumnType.NUMBER, shown=False),
        column("rating", ColumnType.NUMBER),
        column("ratingCount", ColumnType.NUMBER),
        column("position", ColumnType.NUMBER),
        column("shelf", ColumnType.TEXT, shown=False),
        column("marketplace", ColumnType.TEXT, shown=False),
    ),
)
