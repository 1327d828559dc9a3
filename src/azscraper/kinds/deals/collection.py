"""Collections of deals of 2020 to 2024: answers of the shop's own service, and the same within the page's widget (``aapiGetDealsList``)."""

from azscraper.kinds.deals.values import (
    access,
    amount,
    fragments,
    kind_of_deal,
    moment,
    picture,
    saved,
    spread,
    state_of_deal,
)
from azscraper.marketplaces import Marketplace, asin_from_url
from azscraper.parse.dig import dig, items, said, whole
from azscraper.parse.document import Document
from azscraper.parse.list_price import ListPriceKind
from azscraper.parse.values import absolute, clean, percent
from azscraper.records.deals import DealRow
from azscraper.records.parts import Category, Money

KEY = b"aapiGetDealsList"
_FILTERS = b"aapiSearchDeals"
TYPE = "collection(deal/v1)"
_BASIS: tuple[tuple[str, ListPriceKind | None], ...] = (
    ("basisPrice", None),
    ("listPrice", "list"),
    ("previousPrice", "was"),
)
_EVENT = "HVE"
"""In the shop's own word for badges of events."""
_MOST = 500


def is_collection(value: object) -> bool:
    """Whether JSON is such an answer."""
    return (said(value, "type") or "").startswith(TYPE)


def of_page(document: Document) -> list[DealRow]:
    """The deals of the page's widget."""
    found = document.island(KEY) if document.holds(KEY) else None
    entities = [entity for part in (found if isinstance(found, list) else []) for entity in items(part, "entities")]
    return rows(entities, document.marketplace, document.language)


def rows(entities: list[object], site: Marketplace, language: str | None) -> list[DealRow]:
    """A row for each deal."""
    made = (_row(dig(entity, "entity"), site, language) for entity in entities[:_MOST])
    return [row for row in made if row is not None]


def departments(document: Document) -> list[Category]:
    """The departments that the page has filters for."""
    groups = items(document.island(_FILTERS), "entity", "refinements")
    options = (option for group in groups for option in items(group, "departments", "options"))
    return [
        Category(name=name, id=said(option, "filter", "department"))
        for option in options
        if (name := clean("".join(said(part, "text") or "" for part in items(option, "name", "fragments"))))
    ]


def _row(deal: object, site: Marketplace, language: str | None) -> DealRow | None:
    told = dig(deal, "details", "entity")
    title, deal_id = said(told, "title"), said(deal, "id")
    if title is None and deal_id is None:
        return None
    price, low, high = _money(told, "dealPrice", site)
    listed, kind = _listed(told, site)
    label, _ = fragments(dig(deal, "badge", "entity", "label"))
    message, _ = fragments(dig(deal, "badge", "entity", "messaging"))
    is_event = _EVENT in (said(deal, "badge", "entity", "messaging", "type") or "")
    discount = whole(told, "price", "details", "savings", "percentage", "value") or percent(label)
    landing, of_many = said(told, "landingPage", "url"), low is not None
    who = access(said(told, "accessType"))
    asin = asin_from_url(landing) if landing else None
    return DealRow(
        url=absolute(landing, site.host) if landing else None,
        marketplace=site.host,
        language=language,
        deal_id=deal_id,
        asin=asin,
        title=title,
        image=picture(dig(told, "images", 0)),
        deal_price=price,
        price_range=spread(low, high),
        list_price=listed,
        list_price_kind=kind,
        savings=None if of_many else saved(price, listed, discount),
        discount_percent=None if of_many else discount,
        discount_up_to=discount if of_many else None,
        type=kind_of_deal(said(told, "type")),
        state=state_of_deal(said(deal, "status", "entity", "state")),
        badge=said(told, "badge", "displayString") or (None if is_event else message or None),
        theme=message or None if is_event else None,
        starts_at=moment(dig(told, "startTime", "value")),
        ends_at=moment(dig(told, "endTime", "value")),
        ends_soon=True if _counts_down(told) else None,
        percent_claimed=whole(deal, "status", "entity", "percentClaimed"),
        access_type=who,
        prime_only=who == "prime" if who else None,
        is_prime=True if dig(told, "primeBadge") else None,
    )


def _counts_down(told: object) -> bool:
    parts = items(told, "endTime", "message", "fragments")
    return any(dig(part, "countdownTimer", "targetTime") is not None for part in parts)


def _money(told: object, name: str, site: Marketplace) -> tuple[Money | None, Money | None, Money | None]:
    """The one amount, or the ends of a range."""
    found = dig(told, "price", "details", name, "moneyValueOrRange")
    low, high = (_amount(dig(found, "range", end), site) for end in ("min", "max"))
    if low and high and low.amount == high.amount:
        return low, None, None
    return _amount(dig(found, "value"), site), low, high


def _listed(told: object, site: Marketplace) -> tuple[Money | None, ListPriceKind | None]:
    for name, kind in _BASIS:
        price, _, _ = _money(told, name, site)
        if price is not None:
            return price, kind
    return None, None


def _amount(value: object, site: Marketplace) -> Money | None:
    return amount(dig(value, "amount"), said(value, "currencyCode"), site)
