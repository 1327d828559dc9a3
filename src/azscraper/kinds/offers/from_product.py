"""The offers that a product page prints itself: the boxes of its buy box, and the few sellers below it. Pure."""

from azscraper.kinds.offers.read import landed
from azscraper.records import Product
from azscraper.records.offers import OfferRow, OffersSummary
from azscraper.records.page_parts import BuyingOption
from azscraper.records.parts import Condition, ConditionState, Coverage

_SELLS = {"new", "used", "renewed", "prime", "other_seller", "rental"}
"""The ways to buy that are offers; a subscription or an exchange is another price of one of them."""
_STATES = {"new": ConditionState.NEW, "renewed": ConditionState.RENEWED, "used": ConditionState.UNKNOWN, "rental": ConditionState.RENTAL, "prime": ConditionState.NEW}  # fmt: skip


def offers_of(product: Product) -> tuple[OfferRow, ...]:
    """Its offers, the one in the open box first."""
    asin = product.asin or product.requested_asin
    options = [one for one in product.buying_options if one.kind in _SELLS and one.price is not None]
    if asin is None:
        return ()
    ordered = sorted(options, key=lambda one: not one.is_selected)
    return tuple(_row(product, asin, one, place) for place, one in enumerate(ordered, 1))


def summary_of(product: Product) -> OffersSummary:
    """What it says of itself and of how many offers there are."""
    counted = product.offers
    counts = (counted.new_count, counted.used_count, counted.mixed_count) if counted else ()
    total = sum(count for count in counts if count) or None
    return OffersSummary(
        asin=product.asin,
        title=product.title,
        image=product.images[0] if product.images else None,
        rating=product.rating,
        rating_count=product.rating_count,
        source="product_page",
        coverage=Coverage(have=0, total=total, complete=False),
        deliver_to=product.deliver_to,
    )


def _row(product: Product, asin: str, option: BuyingOption, place: int) -> OfferRow:
    shipping = next((one.price for one in option.deliveries if one.kind == "standard"), None)
    return OfferRow(
        asin=asin,
        position=place,
        is_featured=option.is_selected and place == 1,
        offer_id=option.offer_id,
        condition=_condition(option),
        price=option.price,
        unit_price=product.unit_price if option.is_selected else None,
        coupon=product.coupon if option.is_selected else None,
        list_price=option.list_price,
        shipping=shipping,
        landed_price=landed(option.price, shipping),
        deliveries=option.deliveries,
        ships_from=option.ships_from,
        seller=option.seller,
        fulfilled_by_amazon=product.fulfilled_by_amazon if option.is_selected else None,
        is_prime=product.is_prime if option.is_selected else None,
        availability=option.availability,
        max_quantity=product.max_quantity if option.is_selected else None,
        url=product.url,
        marketplace=product.marketplace,
        language=product.language,
    )


def _condition(option: BuyingOption) -> Condition | None:
    state = option.condition_state or _STATES.get(option.kind)
    return Condition(state=state, text=option.condition) if state else None
