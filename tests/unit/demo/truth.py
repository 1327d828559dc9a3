"""What a right parser makes of the pretend pages, as partial records with the JSON names of ``records``.

Only fields whose value the page settles are named. A field whose truth is "the page does not show it" is there as
``None`` or as an empty list.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from azscraper.demo.goods.model import DemoOffer, DemoOtherOffers, DemoProduct
from azscraper.demo.results import ResultPage, Tile
from azscraper.records.parts import Money

Json = dict[str, Any]


def expected_product(product: DemoProduct) -> Json:
    """The part of a ``Product`` record (JSON mode, camelCase) that the product's page settles."""
    offer = product.offer
    return {
        "asin": product.asin,
        "parentAsin": product.family.parent_asin if product.family else None,
        "url": f"{product.locale.origin}/dp/{product.asin}",
        "marketplace": product.locale.host,
        "language": product.locale.language,
        "title": product.title,
        "brand": {"name": product.brand} if product.brand else None,
        "contributors": [{"name": name} for name in product.authors],
        **_offer(product, offer),
        "rating": float(product.rating) if product.rating is not None else None,
        "ratingCount": product.rating_count,
        "ratingHistogram": _histogram(product),
        "boughtPastMonth": product.bought_past_month,
        "images": list(product.images),
        "features": list(product.features),
        "description": product.description,
        "attributes": dict(product.attributes),
        "categories": [{"name": category.name, "id": category.id} for category in product.categories],
        "firstAvailable": None if product.authors else product.first_available.isoformat(),
        "badges": list(product.badges),
        "variants": _variants(product),
    }


def expected_rows(page: ResultPage) -> list[Json]:
    """The part of each ``SearchRow`` record that the search page settles, in order of position."""
    return [_row(page, tile) for tile in page.tiles]


def expected_summary(page: ResultPage) -> Json:
    """The part of the ``PageSummary`` record that the search page settles."""
    return {
        "keyword": page.keyword,
        "page": page.page,
        "totalResults": page.total if page.tiles else None,
        "totalIsEstimate": page.total_is_estimate if page.tiles else None,
        "lastPage": page.last_page if page.tiles and page.last_page > 1 else None,
    }


def differences(expected: Any, actual: Any, path: str = "") -> list[str]:
    """Where a record departs from the truth, a line each: ``price.amount: 19.99 expected, None found``.

    Keys that the truth does not name are passed over at every depth; lists must agree in length and order.
    """
    if isinstance(expected, Mapping) and isinstance(actual, Mapping):
        pairs = ((f"{path}.{key}".lstrip("."), value, actual.get(key)) for key, value in expected.items())
    elif _is_list(expected) and _is_list(actual) and len(expected) == len(actual):
        pairs = ((f"{path}[{n}]", value, actual[n]) for n, value in enumerate(expected))
    else:
        return [] if expected == actual else [f"{path}: {expected!r} expected, {actual!r} found"]
    return [line for name, value, found in pairs for line in differences(value, found, name)]


def _is_list(value: object) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, str)


def _offer(product: DemoProduct, offer: DemoOffer) -> Json:
    fields: Json = {
        "price": _money(product, offer.price),
        "listPrice": _money(product, offer.list_price),
        "savings": {"percent": offer.savings_percent} if offer.list_price is not None else None,
        "priceRange": _price_range(product),
        "unitPrice": _unit_price(product),
        "offerState": offer.state.value,
        "coupon": offer.coupon,
        "deal": {"label": offer.deal} if offer.deal else None,
        "seller": _seller(offer),
    }
    if offer.status is not None:
        fields["availability"] = {
            "status": offer.status.value,
            "text": offer.availability,
            "quantity": offer.quantity,
        }
    if offer.new or offer.used:
        fields["offers"] = {**_others(product, "new", offer.new), **_others(product, "used", offer.used)}
    return fields


def _seller(offer: DemoOffer) -> Json | None:
    seller = offer.seller
    return {"name": seller.name, "id": seller.id, "isAmazon": seller.is_shop} if seller else None


def _others(product: DemoProduct, name: str, others: DemoOtherOffers | None) -> Json:
    lowest = _money(product, others.lowest) if others else None
    return {f"{name}Count": others.count if others else None, f"{name}From": lowest}


def _money(product: DemoProduct, amount: Decimal | None) -> Json | None:
    if amount is None:
        return None
    return Money(amount=amount, currency=product.locale.currency).model_dump(mode="json")


def _price_range(product: DemoProduct) -> Json | None:
    if product.offer.price_range is None:
        return None
    low, high = product.offer.price_range
    return {"min": _money(product, low), "max": _money(product, high)}


def _unit_price(product: DemoProduct) -> Json | None:
    unit = product.offer.unit_price
    return {**(_money(product, unit.amount) or {}), "per": unit.per} if unit else None


def _histogram(product: DemoProduct) -> dict[str, int] | None:
    stars = ("5", "4", "3", "2", "1")
    return dict(zip(stars, product.histogram, strict=True)) if product.histogram else None


def _variants(product: DemoProduct) -> Json | None:
    family = product.family
    if family is None:
        return None
    named = [(member.asin, dict(zip(family.dimensions, member.values, strict=True))) for member in family.members]
    return {
        "dimensions": list(family.dimensions),
        "selected": dict(zip(family.dimensions, product.selected, strict=True)) if product.selected else {},
        "items": [{"asin": asin, "values": values} for asin, values in named],
    }


def _row(page: ResultPage, tile: Tile) -> Json:
    product = tile.product
    return {
        "keyword": page.keyword,
        "page": page.page,
        "position": tile.position,
        "organicPosition": tile.organic_position,
        "sponsored": tile.sponsored,
        "asin": product.asin,
        "title": product.title,
        "url": f"{product.locale.origin}/dp/{product.asin}",
        "image": product.images[0],
        "marketplace": product.locale.host,
        "language": product.locale.language,
        "price": _money(product, product.offer.price),
        "listPrice": _money(product, product.offer.list_price),
        "unitPrice": _unit_price(product),
        "priceRange": _price_range(product),
        "rating": float(product.rating) if product.rating is not None else None,
        "ratingCount": product.rating_count,
        "boughtPastMonth": product.bought_past_month,
        "badges": list(product.badges),
        "coupon": product.offer.coupon,
        "otherOffers": _other_offers(product),
    }


def _other_offers(product: DemoProduct) -> Json | None:
    new = product.offer.new
    return {"count": new.count, "from": _money(product, new.lowest)} if new else None
