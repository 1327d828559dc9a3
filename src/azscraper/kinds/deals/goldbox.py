"""The Gold Box of 2012 to 2020: answers of its service, and what its widgets were given (``dcsServerResponse``)."""

from azscraper.kinds.deals.values import access, amount, kind_of_deal, moment_of_seconds, saved, spread, state_of_deal
from azscraper.marketplaces import Marketplace, is_asin
from azscraper.parse.dig import dig, items, said, whole
from azscraper.parse.document import Document
from azscraper.parse.values import absolute, image, rating
from azscraper.records.deals import DealRow
from azscraper.records.parts import Money
from azscraper.records.search_parts import Swatch

KEY = b"dcsServerResponse"
_MOST = 500


def of_page(document: Document) -> list[DealRow]:
    """The deals of the page's widgets, in the order that the widget names."""
    found = document.island(KEY) if document.holds(KEY) else None
    told, states = dig(found, "dealDetails"), dig(found, "dealStatus")
    if not isinstance(told, dict):
        return []
    order = [name for name in items(found, "sortedDealIDs") if name in told] or list(told)
    site, language = document.marketplace, document.language
    made = (_row(told[name], dig(states, str(name)), site, language) for name in order[:_MOST])
    return [row for row in made if row is not None]


def _row(deal: object, state: object, site: Marketplace, language: str | None) -> DealRow | None:
    deal_id, title = said(deal, "dealID"), said(deal, "title")
    if deal_id is None:
        return None
    currency = said(deal, "currencyCode")
    low, high = (amount(dig(deal, f"{end}DealPrice"), currency, site) for end in ("min", "max"))
    listed, most = (amount(dig(deal, f"{end}ListPrice"), currency, site) for end in ("min", "max"))
    percents = [whole(deal, f"{end}PercentOff") for end in ("min", "max")]
    is_one = low == high
    asin, link, who = _asin(deal), said(deal, "egressUrl"), access(said(deal, "accessType"))
    one_list = listed if is_one and listed == most else None
    return DealRow(
        url=f"https://{site.host}/dp/{asin}" if asin else absolute(link, site.host) if link else None,
        marketplace=site.host,
        language=language,
        deal_id=deal_id,
        asin=asin,
        parent_asin=_known(said(deal, "parentAsin")),
        title=title,
        image=image(found) if (found := said(deal, "primaryImage")) else None,
        deal_price=low if is_one else None,
        price_range=spread(low, high),
        list_price=one_list,
        list_price_kind="list" if one_list else None,
        savings=saved(low, one_list, percents[0]) if is_one else None,
        discount_percent=percents[0] if percents[0] == percents[1] else None,
        discount_up_to=percents[1] if percents[0] != percents[1] else None,
        type=kind_of_deal(said(deal, "type")),
        state=state_of_deal(said(state, "dealState") or said(deal, "dealState")),
        percent_claimed=whole(state, "percentClaimed"),
        access_type=who,
        prime_only=who == "prime" if who else None,
        rating=rating(str(dig(deal, "reviewRating") or "")) or None,
        rating_count=whole(deal, "totalReviews") or None,
    )


def _asin(deal: object) -> str | None:
    named = (said(deal, name) for name in ("impressionAsin", "reviewAsin", "teaserAsin"))
    return next((asin for asin in map(_known, named) if asin), None)


def _known(asin: str | None) -> str | None:
    return asin if asin and is_asin(asin) else None


def of_answer(value: object, site: Marketplace) -> list[DealRow]:
    """The deals of an answer of the service of 2013: ``{"1": {"data": {"deals": […]}}}``."""
    parts = value.values() if isinstance(value, dict) else ()
    deals = [deal for part in parts for deal in items(part, "data", "deals")]
    made = (_of_2013(deal, site) for deal in deals[:_MOST])
    return [row for row in made if row is not None]


def _of_2013(deal: object, site: Marketplace) -> DealRow | None:
    deal_id = said(deal, "dealID")
    if deal_id is None:
        return None
    offer = dig(deal, "asins", 0)
    asin = _known(said(offer, "asin"))
    price, listed = _money(offer, "dealPrice", site), _money(offer, "listPrice", site)
    picture_ = said(offer, "imageURL")
    return DealRow(
        url=f"https://{site.host}/dp/{asin}" if asin else None,
        marketplace=site.host,
        deal_id=deal_id,
        asin=asin,
        parent_asin=_known(said(deal, "parentAsin")),
        title=said(deal, "detail", "title") or said(deal, "teaser", "teaser"),
        image=image(picture_) if picture_ else None,
        deal_price=price,
        list_price=listed,
        list_price_kind="list" if listed else None,
        savings=saved(price, listed, None),
        type="lightning",
        state=_state_of_2013(dig(deal, "status")),
        starts_at=moment_of_seconds(dig(deal, "startDate")),
        ends_at=moment_of_seconds(dig(deal, "endDate")),
        percent_claimed=whole(deal, "status", "percentClaimed"),
        rating=rating(said(offer, "reviewData", "averageRating") or "") or None,
        rating_count=whole(offer, "reviewData", "totalReviews") or None,
        is_prime=found if isinstance(found := dig(offer, "isPrimeEligible"), bool) else None,
        variants=_variants(items(deal, "asins")),
    )


def _money(offer: object, name: str, site: Marketplace) -> Money | None:
    return amount(dig(offer, name, "price"), said(offer, name, "currency"), site)


def _state_of_2013(status: object) -> str | None:
    begins, ends = whole(status, "msToStart"), whole(status, "msToEnd")
    if begins is None or ends is None:
        return None
    return "upcoming" if begins > 0 else "available" if ends > 0 else "expired"


def _variants(offers: list[object]) -> tuple[Swatch, ...]:
    found = ((_known(said(offer, "asin")), dig(offer, "variationData")) for offer in offers)
    return tuple(Swatch(asin=asin, name=_name(values)) for asin, values in found if asin)


def _name(values: object) -> str | None:
    return ", ".join(map(str, values.values())) or None if isinstance(values, dict) else None
