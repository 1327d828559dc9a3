"""Prices and places over time, over HTTP."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Path, Query, Response
from pydantic import Field

from azscraper import marketplaces
from azscraper.errors import InvalidInputError, NotFoundError
from azscraper.store.db import transaction
from azscraper.tenants.principal import Principal
from azscraper.tracking import charts, history, series_history
from azscraper.tracking.charts import Size
from azscraper.tracking.history import Cursor, KeywordPoint, Window
from azscraper.tracking.series_history import Series
from azscraper.tracking.statistics import Step
from azscraper.web.deps import KeyCaller, LongLimit, Services, ServicesDep, errors
from azscraper.web.guards.limits import StrictJson
from azscraper.web.series_answers import series_out, statistics_out
from azscraper.wire.base import Moment, Text
from azscraper.wire.envelopes import ListEnvelope, Meta
from azscraper.wire.history import (
    CursorText,
    KeywordPointOut,
    ProductPointOut,
)
from azscraper.wire.series import ProductStatisticsOut, SeriesOut
from azscraper.words import MONEY_FIELDS, SeriesField

router = APIRouter(tags=["history"], route_class=StrictJson)

ASIN = r"^[A-Za-z0-9]{10}$"
MarketplaceName = Annotated[
    Annotated[Text, Field(max_length=100, json_schema_extra={"format": "amazon-marketplace"})] | None,
    Query(description="Host or country code; all when left out"),
]
From = Annotated[Moment | None, Query(alias="from", description="Not before this time, or this day, in ISO 8601")]
_Fields = Annotated[
    Annotated[Text, Field(max_length=2000, json_schema_extra={"format": "series-fields"})] | None,
    Query(
        description="Series to give, with commas between, such as price,rank or rank:Kitchen & Dining; all for each that there is",
        examples=["price,rank"],
    ),
]
Place = Annotated[
    Annotated[Text, Field(max_length=100)] | None,
    Query(description="Where to deliver; all when left out, empty: none was asked for"),
]
_MOST_STEPS = 10_000
To = Annotated[Moment | None, Query(alias="to", description="Before this time, or this day, in ISO 8601")]


@router.get("/products/{asin}/history", operation_id="getProductHistory", responses=errors(400, 401))
async def get_product_history(
    *,
    asin: Annotated[str, Path(pattern=ASIN, examples=["B08N5WRWNW"])],
    caller: KeyCaller,
    services: ServicesDep,
    marketplace: MarketplaceName = None,
    start: From = None,
    end: To = None,
    limit: LongLimit = 100,
    cursor: Annotated[CursorText | None, Query()] = None,
    fields: _Fields = None,
    place: Place = None,
    step: Annotated[
        Step | None, Query(description="With fields: one point for each, in UTC, with lowest, highest and mean")
    ] = None,
) -> ListEnvelope[ProductPointOut] | ListEnvelope[SeriesOut]:
    """Prices, ratings and ranks of a product over time, newest first, from the details jobs of the organization.

    With a project's key, from that project's jobs alone. There is a point for each change, and one per day while nothing
    changes. A product that was never crawled has no points. limit is capped at 1,000.

    With fields, a series for each field of each project, marketplace and place, from jobs of all kinds and from imports: a
    point for each change, oldest first, at most 20,000 together. from then begins each series with the value that held. step
    cuts the series; limit and cursor have no effect.
    """
    if fields is not None:
        names, until = series_history.read_fields(fields), end or services.clock()
        asked = _Asked(asin.upper(), host_of(marketplace), place, names, start, until, step)
        return await _series(services, caller, asked)
    window = Window(limit, host_of(marketplace), start, end, Cursor.read(cursor) if cursor else None)
    async with transaction(services.pool) as conn:
        page = await history.find_products(conn, caller, asin.upper(), window)
    data = [ProductPointOut.of(point, price=point.money) for point in page.items]
    return ListEnvelope(data=data, meta=Meta(total=page.total, limit=limit, next_cursor=page.cursor))


@dataclass(frozen=True, slots=True)
class _Asked:
    """Which series."""

    asin: str
    marketplace: str | None
    place: str | None
    fields: tuple[str, ...] | None
    start: datetime | None
    end: datetime
    step: Step | None


async def _series(services: Services, caller: Principal, asked: _Asked) -> ListEnvelope[SeriesOut]:
    start, end, step = asked.start, asked.end, asked.step
    async with transaction(services.pool) as conn:
        products = await series_history.find_states(
            conn, caller, asked.asin, marketplace=asked.marketplace, place=asked.place
        )
        found = await series_history.find_series(conn, products, asked.fields, start=start, end=end)
    if step is not None:
        _require_few(found, start, end, step)
    return ListEnvelope(data=[series_out(one, start, end, step) for one in found], meta=Meta(total=len(found)))


def _require_few(found: list[Series], start: datetime | None, end: datetime, step: Step) -> None:
    """Raises InvalidInputError where the series have too many steps."""
    begins = [max(start or one.points[0].at, one.points[0].at) for one in found]
    length = (step.next_after(step.start_of(end)) - step.start_of(end)).total_seconds()
    if sum((end - begin).total_seconds() for begin in begins) / length > _MOST_STEPS:
        raise InvalidInputError.of("step", f"gives over {_MOST_STEPS:,} points; take a longer one, or less time")


@router.get("/products/{asin}/stats", operation_id="getProductStatistics", responses=errors(400, 401))
async def get_product_statistics(
    *,
    asin: Annotated[str, Path(pattern=ASIN, examples=["B08N5WRWNW"])],
    caller: KeyCaller,
    services: ServicesDep,
    marketplace: MarketplaceName = None,
    place: Place = None,
    fields: _Fields = None,
    days: Annotated[
        str,
        Query(
            pattern=r"^[1-9]\d{0,3}(,[1-9]\d{0,3}){0,9}$",
            description="Windows that end now, in days",
            examples=["30,90"],
        ),
    ] = "30,90,180,365",
) -> ListEnvelope[ProductStatisticsOut]:
    """What is known of a product, and what its last days come to: an item for each project, marketplace and place.

    Current values with their lowest and highest of all time, which stay when old months leave; for each window lowest,
    highest, mean and median by time, changes and drops, the share of time out of stock, and the buy box by seller. A value
    holds until the next point or the last check, whichever is earlier; times without a number count in no mean.
    """
    names = series_history.read_fields(fields) if fields else None
    windows = sorted({int(count) for count in days.split(",")})
    async with transaction(services.pool) as conn:
        products = await series_history.find_states(
            conn, caller, asin.upper(), marketplace=host_of(marketplace), place=place
        )
        found = await series_history.find_statistics(conn, products, names, days=windows, now=services.clock())
    return ListEnvelope(data=[statistics_out(one) for one in found], meta=Meta(total=len(found)))


@router.get(
    "/products/{asin}/chart.svg",
    operation_id="getProductChart",
    response_class=Response,
    responses=errors(400, 401, 404) | {200: {"description": "The picture", "content": {"image/svg+xml": {}}}},
)
async def get_product_chart(
    *,
    asin: Annotated[str, Path(pattern=ASIN, examples=["B08N5WRWNW"])],
    caller: KeyCaller,
    services: ServicesDep,
    marketplace: MarketplaceName = None,
    place: Place = None,
    field: Annotated[
        Annotated[Text, Field(max_length=100, json_schema_extra={"format": "series-number"})],
        Query(description="A field with numbers"),
    ] = SeriesField.PRICE,
    fields: Annotated[
        Annotated[Text, Field(max_length=400, json_schema_extra={"format": "series-prices"})] | None,
        Query(
            description="Up to four fields in one picture, with commas between: prices, or ranks, or counts of offers",
            examples=["price,newFrom,listPrice"],
        ),
    ] = None,
    days: Annotated[int, Query(ge=1, le=3650)] = 90,
    width: Annotated[int, Query(ge=200, le=2000, description="Pixels")] = 640,
    height: Annotated[int, Query(ge=100, le=1000, description="Pixels")] = 240,
) -> Response:
    """Fields of a product over the last days as an SVG picture, for mails and for pages elsewhere.

    Of several projects, marketplaces and places the one that was checked last. Ranks are drawn with the best at the top.
    """
    names = _drawn(fields) if fields is not None else series_history.read_fields(field) or (SeriesField.PRICE,)
    now = services.clock()
    start = now - timedelta(days=days)
    async with transaction(services.pool) as conn:
        products = await series_history.find_states(
            conn, caller, asin.upper(), marketplace=host_of(marketplace), place=place
        )
        if not products:
            raise NotFoundError("This product was not seen yet")
        found = await series_history.find_series(conn, products[:1], names, start=start, end=now)
    spans = {one.field: one.spans(start, now) for one in sorted(found, key=lambda one: names.index(one.field))}
    title = f"{asin.upper()} {names[0]}" if len(names) == 1 else asin.upper()
    picture = charts.draw(title, spans, start, now, Size(width, height), is_rank=_scale_of(names[0]) == "ranks")
    return Response(picture, media_type="image/svg+xml")


def _drawn(text: str) -> tuple[str, ...]:
    """Names of fields that fit on one scale. Raises InvalidInputError."""
    names = series_history.read_fields(text) or ()
    if not 1 <= len(names) <= charts.MOST_LINES:
        raise InvalidInputError.of("fields", f"takes one to {charts.MOST_LINES} fields")
    if len({_scale_of(name) for name in names}) > 1:
        raise InvalidInputError.of(
            "fields", "do not fit on one scale: take prices, or ranks, or the same kind of count"
        )
    return names


def _scale_of(name: str) -> str:
    if name in MONEY_FIELDS:
        return "money"
    if name == SeriesField.RANK or ":" in name:
        return "ranks"
    return "offers" if name in {SeriesField.NEW_COUNT, SeriesField.USED_COUNT} else name


@router.get("/keywords/history", operation_id="getKeywordHistory", responses=errors(400, 401))
async def get_keyword_history(
    *,
    keyword: Annotated[Text, Query(min_length=1, max_length=500, examples=["wireless earbuds"])],
    asin: Annotated[str, Query(pattern=ASIN, examples=["B08N5WRWNW"])],
    caller: KeyCaller,
    services: ServicesDep,
    marketplace: MarketplaceName = None,
    sort: Annotated[Text, Query(max_length=100, description="Of jobs with this sort; empty: with none")] = "",
    category: Annotated[Text, Query(max_length=100, description="Of jobs with this category; empty: with none")] = "",
    start: From = None,
    end: To = None,
    limit: LongLimit = 100,
    cursor: Annotated[CursorText | None, Query()] = None,
) -> ListEnvelope[KeywordPointOut]:
    """Positions of a product for a keyword over time, newest first, from the search jobs of the organization.

    With a project's key, from that project's jobs alone. There is a point for each search whose order had changed, and
    one per day while it stays the same. position is null where the product was not shown. Searches within price bounds are left
    out. limit is capped at 1,000.
    """
    window = Window(limit, host_of(marketplace), start, end, Cursor.read(cursor) if cursor else None)
    async with transaction(services.pool) as conn:
        page = await history.find_positions(conn, caller, keyword, asin.upper(), window, sort=sort, category=category)
    data = [_keyword_point(point, asin.upper()) for point in page.items]
    return ListEnvelope(data=data, meta=Meta(total=page.total, limit=limit, next_cursor=page.cursor))


def host_of(marketplace: str | None) -> str | None:
    """The host of a marketplace that a caller names. Raises InvalidInputError for one that there is not."""
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
