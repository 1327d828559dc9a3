"""The records that a right reader makes of a made-up product's pages: the part of them that is followed over time."""

from decimal import Decimal

from azscraper.demo.goods.model import DemoOffer, DemoOtherOffers, DemoProduct
from azscraper.demo.goods.moves import Moment
from azscraper.demo.pages.offers import DemoListed, featured, listed
from azscraper.kinds.offers.read import landed
from azscraper.kinds.offers.sums import summed
from azscraper.records import Product
from azscraper.records.offers import OfferRow, OffersSummary
from azscraper.records.parts import (
    Availability,
    BestsellerRank,
    Brand,
    Condition,
    ConditionState,
    Deal,
    Delivery,
    Money,
    Offers,
    Seller,
    UnitPrice,
    VariantItem,
    Variants,
)

_STATES = {
    "new": ConditionState.NEW,
    "used_good": ConditionState.GOOD,
    "used_very_good": ConditionState.VERY_GOOD,
    "renewed": ConditionState.RENEWED,
}


def record_of(product: DemoProduct) -> Product:
    """The record, without reading any page."""
    offer = product.offer
    return Product(
        asin=product.asin,
        url=f"{product.locale.origin}/dp/{product.asin}",
        marketplace=product.locale.host,
        language=product.locale.language,
        title=product.title,
        brand=Brand(name=product.brand) if product.brand else None,
        price=_money(product, offer.price),
        list_price=_money(product, offer.list_price),
        unit_price=_unit_price(product),
        offer_state=offer.state,
        coupon=offer.coupon,
        deal=Deal(label=offer.deal) if offer.deal else None,
        availability=Availability(status=offer.status, text=offer.availability) if offer.status else None,
        seller=Seller(name=offer.seller.name) if offer.seller else None,
        ships_from=offer.ships_from,
        delivery=_delivery(product),
        offers=_offers(product, offer),
        rating=None if product.rating is None else float(product.rating),
        rating_count=product.rating_count,
        bought_past_month=product.bought_past_month,
        images=product.images,
        features=product.features,
        bestseller_ranks=(BestsellerRank(rank=product.best_seller_rank, category=product.categories[0].name),),
        variants=_variants(product),
    )


def offers_of(product: DemoProduct, moment: Moment | None) -> tuple[tuple[OfferRow, ...], OffersSummary]:
    """The rows of its whole list of offers, and what they come to."""
    first = featured(product)
    rows = [_offer(product, first, is_featured=True)] if first else []
    rows += [_offer(product, one) for one in listed(product, moment)]
    summary = OffersSummary(asin=product.asin, source="offer_list")
    return tuple(rows), summed(summary, rows, total=len(rows))


def _offer(product: DemoProduct, one: DemoListed, *, is_featured: bool = False) -> OfferRow:
    price = Money(amount=one.price, currency=product.locale.currency)
    shipping = Money(amount=one.shipping, currency=product.locale.currency)
    return OfferRow(
        asin=product.asin,
        url=f"{product.locale.origin}/dp/{product.asin}",
        marketplace=product.locale.host,
        language=product.locale.language,
        is_featured=is_featured,
        condition=Condition(state=_STATES[one.condition], text=one.condition),
        price=price,
        shipping=shipping,
        landed_price=landed(price, shipping),
        ships_from=one.ships_from,
        seller=Seller(name=one.seller.name, id=one.seller.id),
    )


def _money(product: DemoProduct, amount: Decimal | None) -> Money | None:
    return None if amount is None else Money(amount=amount, currency=product.locale.currency)


def _delivery(product: DemoProduct) -> Delivery | None:
    """Free, wherever there is a buy box."""
    if product.offer.seller is None:
        return None
    return Delivery(text=product.locale.phrases["free_delivery"], price=_money(product, Decimal(0)))


def _unit_price(product: DemoProduct) -> UnitPrice | None:
    unit = product.offer.unit_price
    return UnitPrice(amount=unit.amount, currency=product.locale.currency, per=unit.per) if unit else None


def _offers(product: DemoProduct, offer: DemoOffer) -> Offers | None:
    if not (offer.new or offer.used):
        return None
    new_count, new_from = _others(product, offer.new)
    used_count, used_from = _others(product, offer.used)
    return Offers(new_count=new_count, new_from=new_from, used_count=used_count, used_from=used_from)


def _others(product: DemoProduct, others: DemoOtherOffers | None) -> tuple[int | None, Money | None]:
    return (others.count, _money(product, others.lowest)) if others else (None, None)


def _variants(product: DemoProduct) -> Variants | None:
    if product.family is None:
        return None
    return Variants(items=tuple(VariantItem(asin=member.asin, values={}) for member in product.family.members))
