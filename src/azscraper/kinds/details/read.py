"""A product page as a ``Product``: every field from its own function, in order of trust of its sources."""

from collections.abc import Callable
from typing import Any

from azscraper.errors import ParseError
from azscraper.kinds.details import attributes, identity, links, media, offer, price, reviews, stock, text, variants
from azscraper.marketplaces import product_url
from azscraper.parse.document import Document
from azscraper.records import Product

FIELDS: dict[str, Callable[[Document], Any]] = {
    "asin": identity.asin,
    "title": identity.title,
    "brand": identity.brand,
    "contributors": identity.contributors,
    "parent_asin": identity.parent_asin,
    "price": price.price,
    "list_price": price.list_price,
    "savings": price.savings,
    "price_range": price.price_range,
    "unit_price": price.unit_price,
    "subscribe_and_save": price.subscribe_and_save,
    "coupon": price.coupon,
    "deal": price.deal,
    "offer_state": stock.offer_state,
    "availability": stock.availability,
    "delivery": stock.delivery,
    "max_quantity": stock.max_quantity,
    "seller": offer.seller,
    "ships_from": offer.ships_from,
    "fulfilled_by_amazon": offer.fulfilled_by_amazon,
    "condition": offer.condition,
    "is_prime": offer.is_prime,
    "return_policy": offer.return_policy,
    "offers": offer.offers,
    "rating": reviews.rating,
    "rating_count": reviews.rating_count,
    "review_count": reviews.review_count,
    "rating_histogram": reviews.rating_histogram,
    "answered_questions": reviews.answered_questions,
    "bought_past_month": reviews.bought_past_month,
    "top_reviews": reviews.top_reviews,
    "images": media.images,
    "videos": media.videos,
    "features": text.features,
    "description": text.description,
    "a_plus": text.a_plus,
    "bestseller_ranks": attributes.bestseller_ranks,
    "categories": links.categories,
    "variants": variants.variants,
    "badges": links.badges,
    "related_asins": links.related_asins,
}


def parse_product(document: Document) -> Product:
    """The record of a product page. Never raises: what the page shows but cannot be read is named in ``warnings``."""
    values: dict[str, Any] = {}
    warnings: list[str] = []
    for name, read in FIELDS.items():
        try:
            values[name] = document.once(read)
        except ParseError:
            warnings.append(name)
    family = values.get("variants")
    values |= attributes.lifted(document, family.selected if family else {})
    asin = values["asin"]
    return Product(
        url=product_url(document.marketplace, asin) if asin else None,
        marketplace=document.marketplace.host,
        language=document.language,
        warnings=tuple(Product.model_fields[name].alias or name for name in warnings),
        **values,
    )
