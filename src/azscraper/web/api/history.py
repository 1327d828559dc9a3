"""Prices and places over time, over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Path, Query
from pydantic import Field

from azscraper import marketplaces
from azscraper.errors import InvalidInputError
from azscraper.store.db import transaction
from azscraper.tracking import history
from azscraper.tracking.history import Cursor, KeywordPoint, Window
from azscraper.web.deps import KeyCaller, LongLimit, ServicesDep, errors
from azscraper.web.guards.limits import StrictJson
from azscraper.wire.base import Moment, Text
from azscraper.wire.envelopes import ListEnvelope, Meta
from azscraper.wire.history import (
    CursorText,
    KeywordPointOut,
    ProductPointOut,
)

router = APIRouter(tags=["history"], route_class=StrictJson)

_ASIN = r"^[A-Za-z0-9]{10}$"
_Marketplace = Annotated[
    Annotated[Text, Field(max_length=100, json_schema_extra={"format": "amazon-marketplace"})] | None,
    Query(description="Host or country code; all when left out"),
]
_From = Annotated[Moment | None, Query(alias="from", description="Not before this time, or this day, in ISO 8601")]
_To = Annotated[Moment | None, Query(alias="to", description="Before this time, or this day, in ISO 8601")]


@router.get("/products/{asin}/history", operation_id="getProductHistory", responses=errors(400, 401))
async def get_product_history(
    *,
    asin: Annotated[str, Path(pattern=_ASIN, examples=["B08N5WRWNW"])],
    caller: KeyCaller,
    services: ServicesDep,
    marketplace: _Marketplace = None,
    start: _From = None,
    end: _To = None,
    limit: LongLimit = 100,
    cursor: Annotated[CursorText | None, Query()] = None,
) -> ListEnvelope[ProductPointOut]:
    """Prices, ratings and ranks of a product over time, newest first, from the details jobs of the organization.

    With a project's key, from that project's jobs alone. There is a point for each change, and one per day while nothing
    changes. A product that was never crawled has no points. limit is capped at 1,000.
    """
    window = Window(limit, _host(marketplace), start, end, Cursor.read(cursor) if cursor else None)
    async with transaction(services.pool) as conn:
        page = await history.find_products(conn, caller, asin.upper(), window)
    data = [ProductPointOut.of(point, price=point.money) for point in page.items]
    return ListEnvelope(data=data, meta=Meta(total=page.total, limit=limit, next_cursor=page.cursor))


@router.get("/keywords/history", operation_id="getKeywordHistory", responses=errors(400, 401))
async def get_keyword_history(
    *,
    keyword: Annotated[Text, Query(min_length=1, max_length=500, examples=["wireless earbuds"])],
    asin: Annotated[str, Query(pattern=_ASIN, examples=["B08N5WRWNW"])],
    caller: KeyCaller,
    services: ServicesDep,
    marketplace: _Marketplace = None,
    sort: Annotated[Text, Query(max_length=100, description="Of jobs with this sort; empty: with none")] = "",
    category: Annotated[Text, Query(max_length=100, description="Of jobs with this category; empty: with none")] = "",
    start: _From = None,
    end: _To = None,
    limit: LongLimit = 100,
    cursor: Annotated[CursorText | None, Query()] = None,
) -> ListEnvelope[KeywordPointOut]:
    """Positions of a product for a keyword over time, newest first, from the search jobs of the organization.

    With a project's key, from that project's jobs alone. There is a point for each search whose order had changed, and
    one per day while it stays the same. position is null where the product was not shown. Searches within price bounds are left
    out. limit is capped at 1,000.
    """
    window = Window(limit, _host(marketplace), start, end, Cursor.read(cursor) if cursor else None)
    async with transaction(services.pool) as conn:
        page = await history.find_positions(conn, caller, keyword, asin.upper(), window, sort=sort, category=category)
    data = [_keyword_point(point, asin.upper()) for point in page.items]
    return ListEnvelope(data=data, meta=Meta(total=page.total, limit=limit, next_cursor=page.cursor))


def _host(marketplace: str | None) -> str | None:
    """Raises InvalidInputError for one that there is not."""
    if marketplace is None:
        return None
    try:
        return marketplaces.find(marketplace).host
    except InvalidInputError as exc:
        raise InvalidInputError.of("marketplace", exc.message) from exc


def _keyword_point(point: KeywordPoint, asin: str) -> KeywordPointOut:
    at = point.position
    return KeywordPointOut.of(
        point, asin=asin, position=at.overall, organic_position=at.organic, sponsored=at.sponsored
    )
