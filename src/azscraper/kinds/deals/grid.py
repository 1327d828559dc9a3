"""The grid since 2024: the configuration of its widget holds the first products (``productSearchResponse``)."""

from azscraper.bytesearch import find
from azscraper.kinds.deals.values import access, amount, fragments, kind_of_deal, picture, saved, spread, state_of_deal
from azscraper.marketplaces import is_asin
from azscraper.parse.dig import dig, items, said, whole
from azscraper.parse.document import Document
from azscraper.parse.json_text import json_line
from azscraper.parse.list_price import ListPriceKind, kind_of_list_price
from azscraper.parse.values import clean, percent, rating
from azscraper.records.deals import DealRow
from azscraper.records.parts import Category
from azscraper.records.search_parts import Swatch

KEY = b"productSearchResponse"
_BEGIN = b"mountWidget("
_BEFORE = 200_000
_MOST = 500


def response(document: Document) -> object:
    """What the widget of the grid got; None without one."""
    return dig(document.once(_widget), KEY.decode())


def _widget(document: Document) -> object:
    """Its configuration; where its beginning can't be found what it got, as if that were all."""
    place = document.place(KEY)
    begin = document.source.rfind(_BEGIN, max(0, place - _BEFORE), place) if place >= 0 else -1
    opening = find(document.source, b"{", begin, place) if begin >= 0 else -1
    found = json_line(document.source, opening) if opening >= 0 else None
    if dig(found, KEY.decode()) is not None:
        return found
    inner = document.island(KEY) if place >= 0 else None
    return None if inner is None else {KEY.decode(): inner}


def products(document: Document) -> list[DealRow]:
    """The products of the grid, in its order; their position is still open."""
    found = document.once(response)
    currency = said(document.once(_widget), "currencyIsoCode")
    names = {one.id: one for one in document.once(departments)}
    made = (_row(document, product, currency, names) for product in items(found, "products")[:_MOST])
    return [row for row in made if row is not None]


def departments(document: Document) -> list[Category]:
    """The departments that the grid has filters for."""
    groups = items(document.once(response), "refinements")
    options = (option for group in groups if dig(group, "id") == "departments" for option in items(group, "options"))
    return [
        Category(name=name, id=said(option, "value"))
        for option in options
        if (name := clean("".join(said(part, "text") or "" for part in items(option, "label"))))
    ]


def _row(
    document: Document, product: object, currency: str | None, names: dict[str | None, Category]
) -> DealRow | None:
    asin = said(product, "asin")
    if asin is None or not is_asin(asin):
        return None
    site, deal, prices = document.marketplace, dig(product, "dealDetails"), dig(product, "price")
    price = amount(dig(prices, "priceToPay", "price"), currency, site)
    listed = amount(dig(prices, "basisPrice", "price"), currency, site)
    label, _ = fragments(dig(product, "dealBadge", "label"))
    badge, ends_at = fragments(dig(product, "dealBadge", "messaging"))
    discount, who = percent(label), access(said(deal, "accessType"))
    nodes = tuple(node for node in items(product, "meta", "departmentIds") if isinstance(node, str))
    low, high = (amount(dig(prices, "priceToPay", end), currency, site) for end in ("minPrice", "maxPrice"))
    return DealRow(
        url=f"https://{site.host}/dp/{asin}",
        marketplace=site.host,
        language=document.language,
        deal_id=said(deal, "id"),
        asin=asin,
        title=said(product, "title"),
        brand=said(product, "brandLogo", "altText"),
        image=picture(dig(product, "image", "hiRes")) or picture(dig(product, "image", "lowRes")),
        deal_price=price,
        price_range=spread(low, high),
        list_price=listed,
        list_price_kind=_kind(said(prices, "basisPrice", "label"), document) if listed else None,
        savings=saved(price, listed, discount),
        discount_percent=discount,
        type=kind_of_deal(said(deal, "type")),
        state=state_of_deal(said(deal, "state")),
        badge=None if ends_at else badge or None,
        ends_at=ends_at,
        ends_soon=True if ends_at else None,
        percent_claimed=whole(deal, "percentClaimed"),
        access_type=who,
        prime_only=who == "prime" if who else None,
        rating=rating(said(product, "customerReviews", "rating", "shortDisplayString") or ""),
        rating_count=whole(product, "customerReviews", "count", "value") or None,
        category=next((names[node] for node in nodes if node in names), None),
        department_ids=nodes,
        variants=_variants(product),
    )


def _kind(label: str | None, document: Document) -> ListPriceKind | None:
    return kind_of_list_price(label, document.spoken) if label else None


def _variants(product: object) -> tuple[Swatch, ...]:
    found = items(product, "twisterVariations", "swatches", "variations")
    swatches = ((said(one, "product", "asin"), said(one, "displayString")) for one in found[:_MOST])
    return tuple(Swatch(asin=asin, name=name) for asin, name in swatches if asin)
