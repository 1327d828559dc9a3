"""A product page as a ``Product``: every field from its own function, in order of trust of its sources."""

from collections.abc import Callable
from typing import Any

from azscraper.errors import ParseError
from azscraper.marketplaces import product_url
from azscraper.parse import (
    product_attributes,
    product_identity,
    product_links,
    product_media,
    product_offer,
    product_price,
    product_reviews,
    product_stock,
    product_text,
    product_variants,
)
from azscraper.parse.document import Document
from azscraper.records import Product

FIELDS: dict[str, Callable[[Document], Any]] = {
    "title": product_identity.title,
    "brand": product_identity.brand,
    "contributors": product_identity.contributors,
    "parent_asin": product_identity.parent_asin,
    "price": product_price.price,
    "list_price": product_price.list_price,
    "savings": product_price.savings,
    "price_range": product_price.price_range,
    "unit_price": product_price.unit_price,
    "subscribe_and_save": product_price.subscribe_and_save,
    "coupon": product_price.coupon,
    "deal": product_price.deal,
    "offer_state": product_stock.offer_state,
    "availability": product_stock.availability,
    "delivery": product_stock.delivery,
    "max_quantity": product_stock.max_quantity,
    "seller": product_offer.seller,
    "ships_from": product_offer.ships_from,
    "fulfilled_by_amazon": product_offer.fulfilled_by_amazon,
    "condition": product_offer.condition,
    "is_prime": product_offer.is_prime,
    "return_policy": product_offer.return_policy,
    "offers": product_offer.offers,
    "rating": product_reviews.rating,
    "rating_count": product_reviews.rating_count,
    "review_count": product_reviews.review_count,
    "rating_histogram": product_reviews.rating_histogram,
    "answered_questions": product_reviews.answered_questions,
    "bought_past_month": product_reviews.bought_past_month,
    "top_reviews": product_reviews.top_reviews,
    "images": product_media.images,
    "videos": product_media.videos,
    "features": product_text.features,
    "description": product_text.description,
    "a_plus": product_text.a_plus,
    "bestseller_ranks": product_attributes.bestseller_ranks,
    "categories": product_links.categories,
    "variants": product_variants.variants,
    "badges": product_links.badges,
    "related_asins": product_links.related_asins,
}


def parse_product(document: Document) -> Product:
    """The record of a product page. Never raises: what the page shows but cannot be read is named in ``warnings``."""
    asin = document.once(product_identity.asin)
    values: dict[str, Any] = {}
    warnings: list[str] = []
    for name, read in FIELDS.items():
        try:
            values[name] = document.once(read)
        except ParseError:
            warnings.append(name)
    family = values.get("variants")
    values |= product_attributes.lifted(document, family.selected if family else {})
    return Product(
        asin=asin,
        url=product_url(document.marketplace, asin) if asin else None,
        marketplace=document.marketplace.host,
        language=document.language,
        warnings=tuple(Product.model_fields[name].alias or name for name in warnings),
        **values,
    )
