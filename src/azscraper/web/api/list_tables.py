"""A list of products as a file: each product on each marketplace of the list, as it is now."""

from collections.abc import AsyncIterator
from contextlib import ExitStack
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query
from fastapi.responses import StreamingResponse

from azscraper import marketplaces
from azscraper.errors import ConflictError, InvalidInputError
from azscraper.records.parts import AvailabilityStatus, Money, Record
from azscraper.results import exports, formats
from azscraper.results.formats import ANYBODY, Format, Names, Reader
from azscraper.store.db import transaction
from azscraper.tenants import plans
from azscraper.tenants.principal import Principal
from azscraper.tracking.lists import lines, lists
from azscraper.tracking.lists.lines import Line, Wanted
from azscraper.tracking.lists.lists import ProductList
from azscraper.tracking.product_table import Line as Product
from azscraper.web.api.history import MarketplaceName, host_of
from azscraper.web.attachments import attachment
from azscraper.web.deps import KeyCaller, Services, ServicesDep, UntilSent, errors
from azscraper.web.guards.limits import StrictJson
from azscraper.wire.base import Text

router = APIRouter(tags=["lists"], route_class=StrictJson)

OF_PRODUCTS = frozenset({"details", "offers", "auto"})
"""Types of lists whose items are products."""
_AT_ONCE = 1_000
_MOST = 20_000
"""Rows of a file."""
_FILES = {
    media_type: {"schema": {"type": "string", "format": "binary"}} for media_type in formats.MEDIA_TYPES.values()
} | {formats.MEDIA_TYPES[Format.JSON]: {"schema": {"type": "array", "items": {"type": "object"}}}}


class ListedProduct(Record):
    """A product of a list on one marketplace, as it is now. What is not known is empty."""

    title: str | None = None
    asin: str
    marketplace: str
    """Host."""
    price: Money | None = None
    change_percent_1_day: float | None = None
    """By how many percent the price moved."""
    change_percent_7_days: float | None = None
    change_percent_30_days: float | None = None
    target_price: Money | None
    target_reached: bool | None
    """None: without a target price, without a price, or the two are in different currencies."""
    availability: AvailabilityStatus | None = None
    seller: str | None = None
    """Of the buy box."""
    rating: float | None = None
    rating_count: int | None = None
    rank: int | None = None
    rank_category: str | None = None
    tags: str
    """With commas between."""
    note: str
    checked_at: datetime | None = None
    url: str


@router.get(
    "/lists/{list_id}/export",
    operation_id="exportList",
    response_class=StreamingResponse,
    responses=errors(400, 401, 403, 404, 409, 429)
    | {200: {"content": _FILES, "description": "The file, as an attachment"}},
)
async def export_list(
    *,
    list_id: str,
    caller: KeyCaller,
    services: ServicesDep,
    until_sent: UntilSent,
    format: Format = Format.XLSX,  # noqa: A002 - the parameter's name on the wire
    names: Names = Names.DOTTED,
    marketplace: MarketplaceName = None,
    tag: Annotated[Text, Query(max_length=40, description="Only items with this tag")] = "",
) -> StreamingResponse:
    """A list of products as a file, named by the list and the day: a row for each product and marketplace, with its price, how that
    moved, target price, stock, seller, stars and rank. names=labels has headers in words, as CSV or XLSX.

    A file has up to 20,000 rows, and counts as an export of the month.
    """
    return await list_file(
        list_id=list_id,
        caller=caller,
        services=services,
        until_sent=until_sent,
        format=format,
        names=names,
        marketplace=marketplace,
        tag=tag,
    )


async def list_file(
    *,
    list_id: str,
    caller: Principal,
    services: Services,
    until_sent: ExitStack,
    format: Format = Format.XLSX,  # noqa: A002 - the parameter's name on the wire
    names: Names = Names.DOTTED,
    marketplace: str | None = None,
    tag: str = "",
    reader: Reader = ANYBODY,
) -> StreamingResponse:
    """The file that ``export_list`` answers with; one for people is the reader's."""
    exports.require_names(names, format)
    async with transaction(services.pool) as conn:
        one = await lists.get(conn, caller, list_id)
        if one.type not in OF_PRODUCTS:
            raise ConflictError("Only lists of products have such a file; take the items of this one")
    hosts = _hosts(one, host_of(marketplace))
    rows = _rows(services, one, hosts, tag)
    if one.items * len(hosts) > _MOST and not tag:
        raise InvalidInputError.of("marketplace", f"or tag is needed: the file would have over {_MOST:,} rows")
    until_sent.enter_context(services.downloads.taken(caller.organization_id))
    async with transaction(services.pool) as conn:
        await plans.charge_export(conn, caller.organization_id, now=services.clock())
    name = exports.named(one.name, services.clock(), f".{format}", reader.zone)
    file = exports.table_file(rows, ListedProduct, format, names, reader)
    return StreamingResponse(
        file, media_type=formats.MEDIA_TYPES[format], headers={"Content-Disposition": attachment(name)}
    )


def _hosts(one: ProductList, host: str | None) -> list[str]:
    if host is not None and host not in one.marketplaces:
        raise InvalidInputError.of("marketplace", f"must be one of the list's: {', '.join(one.marketplaces)}")
    return list(one.marketplaces) if host is None else [host]


async def _rows(services: Services, one: ProductList, hosts: list[str], tag: str) -> AsyncIterator[bytes]:
    """JSON lines, a block for each read of the store: products in the list's order, marketplace after marketplace.

    A product that has a marketplace of its own is there alone; of one that is none of these, with the first.
    """
    sent = 0
    for host in hosts:
        offset, takes_others = 0, hosts == list(one.marketplaces) and host == hosts[0]
        while sent < _MOST:
            async with transaction(services.pool) as conn:
                wanted, now = Wanted(host, tag=tag), services.clock()
                found = await lines.find(conn, one, wanted, now=now, limit=min(_AT_ONCE, _MOST - sent), offset=offset)
            own = [line for line in found.items if line.host == host or (takes_others and line.host not in hosts)]
            if own:
                yield b"".join(_json(line) for line in own)
            sent, offset = sent + len(own), offset + len(found.items)
            if not found.items or offset >= found.total:
                break


def _json(line: Line) -> bytes:
    return _record(line).model_dump_json(by_alias=True).encode() + b"\n"


def _record(line: Line) -> ListedProduct:
    item, seen = line.item, _seen(line.product) if line.product else {}
    price, target = seen.get("price"), item.target_price
    comparable = price is not None and target is not None and price.currency == target.currency
    return ListedProduct(
        asin=item.key,
        marketplace=line.host,
        target_price=target,
        target_reached=line.is_reached if comparable else None,
        tags=", ".join(item.tags),
        note=item.note,
        url=marketplaces.product_url(marketplaces.find(line.host), item.key),
        **seen,
    )


_OF_ITEM = {"targetPrice.amount", "targetPrice.currency", "targetReached", "tags", "note"}
PRODUCT_COLUMNS = tuple(column for column in formats.columns(ListedProduct) if column not in _OF_ITEM)
"""Of a product that is in no list."""


def of_product(product: Product) -> ListedProduct:
    """The row of a product in such a file, without what only an item of a list has."""
    return ListedProduct(
        asin=product.asin,
        marketplace=product.marketplace,
        target_price=None,
        target_reached=None,
        tags="",
        note="",
        url=marketplaces.product_url(marketplaces.find(product.marketplace), product.asin),
        **_seen(product),
    )


def _seen(product: Product) -> dict[str, Any]:
    """What is known of it, by field."""
    amount, currency = product.price, product.currency
    return {
        "title": product.title,
        "price": None if amount is None or currency is None else Money(amount=amount, currency=currency),
        "change_percent_1_day": _percent(product, 1),
        "change_percent_7_days": _percent(product, 7),
        "change_percent_30_days": _percent(product, 30),
        "availability": product.availability,
        "seller": product.seller,
        "rating": product.rating,
        "rating_count": product.rating_count,
        "rank": product.rank,
        "rank_category": product.rank_category,
        "checked_at": product.checked_at,
    }


def _percent(product: Product, days: int) -> float | None:
    share = product.change(days)
    return None if share is None else round(share * 100, 1)
