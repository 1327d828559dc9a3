"""What a product's record tells that is worth following over time. Pure."""

from datetime import datetime

from azscraper.kinds.kind import Asked, Found
from azscraper.kinds.observations import Observations, Price, ProductObservation
from azscraper.records import Product
from azscraper.records.details import DetailsOptions
from azscraper.records.parts import AvailabilityStatus, OfferState

_TOLD_BY_NO_OFFER = {OfferState.UNAVAILABLE, OfferState.SEE_ALL_BUYING_OPTIONS}
"""Where a page without a price says that there is none; elsewhere it only does not show one to this visitor."""


def follow(asked: Asked[DetailsOptions], found: Found) -> Observations:
    """What the target's records tell."""
    host = asked.target.marketplace.host
    seen = (
        of_product(one, marketplace=host, observed_at=found.fetched_at)
        for one in found.records
        if isinstance(one, Product)
    )
    return Observations(products=tuple(one for one in seen if one is not None))


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
        tells_price="price" not in product.warnings
        and (product.price is not None or product.offer_state in _TOLD_BY_NO_OFFER),
    )
