"""Sellers of a product over HTTP: who sold it when, who is new and who left, the buy box and the price gap."""

from datetime import UTC, datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Path

from azscraper.errors import InvalidInputError
from azscraper.store.db import transaction
from azscraper.tracking import series_history
from azscraper.tracking.offers import looks
from azscraper.tracking.offers.looks import ProductSellers
from azscraper.web.api.history import ASIN, From, MarketplaceName, Place, To, host_of
from azscraper.web.deps import KeyCaller, ServicesDep, errors
from azscraper.web.guards.limits import StrictJson
from azscraper.wire.envelopes import ListEnvelope, Meta
from azscraper.wire.sellers import GapOut, ProductSellersOut, SellerOut

router = APIRouter(tags=["history"], route_class=StrictJson)

_SHOWN = timedelta(days=30)
_EARLIEST = datetime.min.replace(tzinfo=UTC)
_MOST_SELLERS = 500


@router.get("/products/{asin}/sellers", operation_id="getProductSellers", responses=errors(400, 401))
async def get_product_sellers(
    *,
    asin: Annotated[str, Path(pattern=ASIN, examples=["B08N5WRWNW"])],
    caller: KeyCaller,
    services: ServicesDep,
    marketplace: MarketplaceName = None,
    place: Place = None,
    start: From = None,
    end: To = None,
) -> ListEnvelope[ProductSellersOut]:
    """Who sold a product when: first and last seen, new and lost, the buy box by seller, and its price beside the lowest one.

    From jobs of type offers, and the buy box from product pages as well; an item for each project, marketplace and place.
    Without from, the last 30 days.
    """
    until = end or services.clock()
    since = start or max(until, _EARLIEST + _SHOWN) - _SHOWN
    if since >= until:
        raise InvalidInputError.of("from", "must be before to")
    async with transaction(services.pool) as conn:
        products = await series_history.find_states(
            conn, caller, asin.upper(), marketplace=host_of(marketplace), place=place
        )
        found = await looks.find(conn, products, start=since, end=until)
    return ListEnvelope(data=[_out(one) for one in found], meta=Meta(total=len(found)))


def _out(found: ProductSellers) -> ProductSellersOut:
    product = found.product
    return ProductSellersOut(
        project_id=product.project_id,
        marketplace=product.marketplace,
        place=product.place,
        asin=product.asin,
        start=found.start,
        end=found.end,
        looks=found.looks,
        listed_at=found.listed_at,
        new=sum(one.is_new for one in found.sellers),
        lost=sum(one.is_lost for one in found.sellers),
        sellers=[SellerOut.of(one) for one in found.sellers[:_MOST_SELLERS]],
        mean_gap=found.mean_gap,
        gaps=[GapOut.of(one) for one in found.gaps],
    )
