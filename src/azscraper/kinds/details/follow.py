"""What a product's record tells that is worth following over time. Pure."""

import hashlib
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from azscraper.kinds.kind import Asked, Found
from azscraper.kinds.observations import (
    ABSENT,
    Observations,
    Price,
    ProductObservation,
    ReviewSeen,
    Sighting,
    Value,
    number,
    review,
    text,
)
from azscraper.records import Product
from azscraper.records.parts import AvailabilityStatus, Money, OfferState
from azscraper.words import SeriesField

_TOLD_BY_NO_OFFER = {OfferState.UNAVAILABLE, OfferState.SEE_ALL_BUYING_OPTIONS}
"""Where a page without a price says that there is none; elsewhere it only does not show one to this visitor."""

LONGEST_CATEGORY = 80
"""Characters of a category's name in ``rank:CATEGORY``."""
_MOST_RANKS = 5


def follow(asked: Asked[Any], found: Found) -> Observations:
    """What the target's records tell."""
    host, at = asked.target.marketplace.host, found.fetched_at
    products = [one for one in found.records if isinstance(one, Product)]
    seen = (of_product(one, marketplace=host, observed_at=at) for one in products)
    sightings = (sighting_of(one, marketplace=host, observed_at=at) for one in products)
    return Observations(
        products=tuple(one for one in seen if one is not None),
        sightings=tuple(one for one in sightings if one is not None),
        reviews=tuple(one for product in products for one in _reviews(product, host, at)),
    )


def _reviews(product: Product, host: str, at: datetime) -> Iterator[ReviewSeen]:
    asin = product.asin or product.requested_asin
    for one in product.top_reviews if asin else ():
        seen = review(host, asin or "", one.id, rating=one.rating, day=one.date, title=one.title, at=at)
        if seen is not None:
            yield seen


def of_product(product: Product, *, marketplace: str, observed_at: datetime) -> ProductObservation | None:
    """What the record tells; None for one without an ASIN. Fields that could not be read tell nothing."""
    asin = product.asin or product.requested_asin
    if asin is None:
        return None
    availability = product.availability.status if product.availability else AvailabilityStatus.UNKNOWN
    first_rank = product.bestseller_ranks[0] if product.bestseller_ranks else None
    return ProductObservation(
        marketplace=marketplace,
        asin=asin,
        observed_at=observed_at,
        price=Price(product.price.amount, product.price.currency) if product.price else None,
        rating=product.rating,
        rating_count=product.rating_count,
        rank=first_rank.rank if first_rank else None,
        rank_category=first_rank.category if first_rank else None,
        availability=None if availability is AvailabilityStatus.UNKNOWN else availability.value,
        tells_price=_tells_price(product),
    )


def _tells_price(product: Product) -> bool:
    return "price" not in product.warnings and (product.price is not None or product.offer_state in _TOLD_BY_NO_OFFER)


def sighting_of(product: Product, *, marketplace: str, observed_at: datetime) -> Sighting | None:
    """All that is followed of the record; None for one without an ASIN.

    A page that tells a price, or that there is none, tells all of its offer: what it does not print of it is not there.
    Elsewhere a missing value tells nothing.
    """
    asin = product.asin or product.requested_asin
    if asin is None:
        return None
    values = dict(_of_listing(product))
    if _tells_price(product):
        offer = dict(_of_offer(product))
        values |= {field: offer.get(field, ABSENT) for field, name in _OFFER.items() if name not in product.warnings}
    return Sighting(marketplace, asin, observed_at, values)


_OFFER = {
    SeriesField.PRICE: "price",
    SeriesField.LIST_PRICE: "listPrice",
    SeriesField.LANDED_PRICE: "delivery",
    SeriesField.UNIT_PRICE: "unitPrice",
    SeriesField.SUBSCRIPTION_PRICE: "subscribeAndSave",
    SeriesField.COUPON: "coupon",
    SeriesField.DEAL: "deal",
    SeriesField.SELLER: "seller",
    SeriesField.SHIPS_FROM: "shipsFrom",
}
"""What is followed of the offer, and the field of the record that it comes from."""


def _of_offer(product: Product) -> Iterator[tuple[str, Value]]:
    for field, amount in (
        (SeriesField.PRICE, product.price),
        (SeriesField.LIST_PRICE, product.list_price),
        (SeriesField.SUBSCRIPTION_PRICE, product.subscribe_and_save),
        (SeriesField.LANDED_PRICE, _landed(product)),
    ):
        if amount is not None:
            yield field, number(amount.amount, amount.currency)
    if (unit := product.unit_price) is not None:
        yield SeriesField.UNIT_PRICE, number(unit.amount, unit.currency)
    for field, told in (
        (SeriesField.COUPON, product.coupon),
        (SeriesField.DEAL, product.deal and product.deal.label),
        (SeriesField.SELLER, product.seller and product.seller.name),
        (SeriesField.SHIPS_FROM, product.ships_from),
    ):
        if told:
            yield field, text(told)


def _landed(product: Product) -> Money | None:
    price, delivery = product.price, product.delivery.price if product.delivery else None
    if price is None or delivery is None or price.currency != delivery.currency:
        return None
    return Money(amount=price.amount + delivery.amount, currency=price.currency)


def _of_listing(product: Product) -> Iterator[tuple[str, Value]]:
    """What the page tells whether or not it has an offer."""
    if product.availability and product.availability.status is not AvailabilityStatus.UNKNOWN:
        yield SeriesField.AVAILABILITY, text(product.availability.status.value)
    for field, amount in (
        (SeriesField.RATING, product.rating),
        (SeriesField.RATING_COUNT, product.rating_count),
        (SeriesField.BOUGHT_PAST_MONTH, product.bought_past_month),
        (SeriesField.IMAGE_COUNT, len(product.images) or None),
        (SeriesField.VARIANT_COUNT, len(product.variants.items) if product.variants else None),
    ):
        if amount is not None:
            yield field, number(amount)
    if product.title:
        yield SeriesField.TITLE, text(product.title)
    if product.brand:
        yield SeriesField.BRAND, text(product.brand.name)
    if product.images:
        yield SeriesField.IMAGE, text(product.images[0])
    if product.features:
        yield SeriesField.BULLETS, text(hashlib.sha256("\n".join(product.features).encode()).hexdigest()[:16])
    yield from _of_other_offers(product)
    yield from _of_ranks(product)


def _of_other_offers(product: Product) -> Iterator[tuple[str, Value]]:
    if (offers := product.offers) is None:
        return
    for field, count, least in (
        (SeriesField.NEW_COUNT, offers.new_count, None),
        (SeriesField.USED_COUNT, offers.used_count, None),
        (SeriesField.NEW_FROM, None, offers.new_from),
        (SeriesField.USED_FROM, None, offers.used_from),
    ):
        if count is not None:
            yield field, number(count)
        elif least is not None:
            yield field, number(least.amount, least.currency)


def _of_ranks(product: Product) -> Iterator[tuple[str, Value]]:
    for place, one in enumerate(product.bestseller_ranks[:_MOST_RANKS]):
        if place == 0:
            yield SeriesField.RANK, number(one.rank, one.category[:LONGEST_CATEGORY])
        yield f"rank:{one.category[:LONGEST_CATEGORY]}", number(one.rank)
