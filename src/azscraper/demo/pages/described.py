"""A product as the shop's own widgets describe it: in pages of deals, of stores and of authors."""

from decimal import Decimal
from typing import Any

from azscraper.demo.goods.locales import Locale, money_text
from azscraper.demo.goods.model import DemoProduct
from azscraper.demo.render import product_path
from azscraper.records.parts import AvailabilityStatus

_STATES = {
    AvailabilityStatus.IN_STOCK: "IN_STOCK",
    AvailabilityStatus.LOW_STOCK: "IN_STOCK_SCARCE",
    AvailabilityStatus.OUT_OF_STOCK: "OUT_OF_STOCK",
    AvailabilityStatus.UNAVAILABLE: "UNAVAILABLE",
    AvailabilityStatus.PREORDER: "PREORDER",
}


def described(product: DemoProduct, **more: Any) -> dict[str, Any]:
    """In the form of stores and authors' pages."""
    found: dict[str, Any] = {
        "asin": product.asin,
        "version": "2.0",
        "title": {"displayString": product.title},
        "detailPageLinkURL": product_path(product),
        "productImages": {"images": [{"hiRes": {"url": url}} for url in product.images[:1]]},
        "buyingOptions": [_option(product)] if product.offer.price is not None else [],
    }
    if product.rating is not None:
        stars = float(product.rating)
        count = {"value": product.rating_count}
        found["customerReviewsSummary"] = {"rating": {"value": stars, "shortDisplayString": str(stars)}, "count": count}
    return found | more


def _option(product: DemoProduct) -> dict[str, Any]:
    offer, locale = product.offer, product.locale
    price: dict[str, Any] = {
        "priceToPay": {"label": "Price:", "moneyValueOrRange": {"value": _money(locale, offer.price)}}
    }
    if offer.list_price is not None:
        listed = {"value": _money(locale, offer.list_price)}
        price["basisPrice"] = {"type": "LIST_PRICE", "strikethrough": True, "moneyValueOrRange": listed}
        price["savings"] = {"percentage": {"value": offer.savings_percent}}
    option: dict[str, Any] = {"type": "NEW", "price": price}
    if offer.status is not None:
        state = _STATES.get(offer.status, "LEADTIME")
        option["availability"] = {"type": state, "primaryMessage": offer.availability or ""}
    if offer.seller is not None:
        option["merchant"] = {"merchantName": offer.seller.name, "encryptedMerchantId": offer.seller.id}
    return option


def _money(locale: Locale, amount: Decimal | None) -> dict[str, Any]:
    assert amount is not None  # noqa: S101 - asked before
    return {"amount": float(amount), "currencyCode": locale.currency, "displayString": money_text(locale, amount)}
