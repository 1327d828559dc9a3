"""What the service knows: marketplaces, and the shape of its records. Public."""

from enum import StrEnum
from typing import Annotated, Any
from urllib.parse import urlsplit

from fastapi import APIRouter, Query
from pydantic import BaseModel, BeforeValidator, Field
from pydantic.json_schema import JsonSchemaMode

from azscraper.crawl import hosts, robots
from azscraper.crawl.robots import RobotsText
from azscraper.errors import InvalidInputError
from azscraper.kinds.kind import ColumnType, Kind, schema_name
from azscraper.kinds.registry import kinds
from azscraper.marketplaces import MARKETPLACES, Marketplace
from azscraper.records import PARSER_VERSION
from azscraper.store.db import transaction
from azscraper.web.api.history import host_of
from azscraper.web.deps import Services, ServicesDep, errors
from azscraper.web.guards.limits import StrictJson
from azscraper.wire.about import KindOut, MarketplaceOut, RobotsOut
from azscraper.wire.base import Text
from azscraper.wire.envelopes import ListEnvelope, Meta

router = APIRouter(tags=["about"], route_class=StrictJson)


_SCHEMAS: dict[str, tuple[type[BaseModel], JsonSchemaMode]] = {
    **{name: (record, "serialization") for kind in kinds().values() for name, record in kind.schemas.items()},
    **{f"{name}-options": (kind.options, "validation") for name, kind in kinds().items()},
}
SchemaName = StrEnum("RecordName", {name.upper().replace("-", "_"): name for name in _SCHEMAS})  # type: ignore[misc]
_OF_RECORD = {model.__name__: name for name, (model, _) in _SCHEMAS.items()}
SchemaName.__doc__ = "Records, and options of jobs, that have a schema."


@router.get("/marketplaces", operation_id="listMarketplaces", response_model_exclude_none=True)
async def list_marketplaces() -> ListEnvelope[MarketplaceOut]:
    """The marketplaces that jobs can name."""
    found = [MarketplaceOut.of(marketplace) for marketplace in MARKETPLACES.values()]
    return ListEnvelope(data=found, meta=Meta(total=len(found)))


@router.get("/kinds", operation_id="listKinds", responses=errors(400), response_model_exclude_none=True)
async def list_kinds(
    services: ServicesDep,
    marketplace: Annotated[
        Annotated[Text, Field(max_length=100, json_schema_extra={"format": "amazon-marketplace"})] | None,
        Query(description="Country code or host."),
    ] = None,
) -> ListEnvelope[KindOut]:
    """The kinds of pages that jobs can ask for. With `marketplace`, what its robots.txt says of each, as it was read last."""
    host = host_of(marketplace)
    said = {} if host is None else await _robots(services, MARKETPLACES[host])
    found = [_out(kind, said.get(kind.name)) for kind in kinds().values()]
    return ListEnvelope(data=found, meta=Meta(total=len(found)))


def _out(kind: Kind[Any], robots: RobotsOut | None) -> KindOut:
    return KindOut(
        type=kind.name,
        about=kind.about,
        targets=kind.target_label,
        example=kind.example,
        records=[schema_name(record) for record in kind.records],
        summary=schema_name(kind.summary) if kind.summary else None,
        options=f"{kind.name}-options",
        credits=kind.price(kind.options()),
        columns=[".".join(one.path) for one in kind.columns if one.shown and one.type is not ColumnType.PICTURE],
        robots=robots,
    )


async def _robots(services: Services, marketplace: Marketplace) -> dict[str, RobotsOut]:
    """By kind, of the page that its example begins with. Each host's text is looked up once."""
    begins = {kind.name: _begins(kind, marketplace) for kind in kinds().values()}
    urls = {name: url for name, url in begins.items() if url}
    of_url = {name: urlsplit(url).hostname or marketplace.host for name, url in urls.items()}
    async with transaction(services.pool) as conn:
        texts = {host: await hosts.robots(conn, host) for host in set(of_url.values())}
    return {name: _said(services, of_url[name], texts[of_url[name]], url) for name, url in urls.items()}


def _begins(kind: Kind[Any], marketplace: Marketplace) -> str | None:
    """None where the marketplace has no such pages."""
    try:
        return kind.address(kind.resolve(kind.example, marketplace)) or f"https://{marketplace.host}/"
    except InvalidInputError:
        return None


def _said(services: Services, host: str, text: RobotsText | None, url: str) -> RobotsOut:
    if text is None or not robots.is_fresh(text, services.clock()):
        return RobotsOut(host=host, allowed=None, checked_at=None)
    return RobotsOut(host=host, allowed=robots.allows(text, services.user_agent, url), checked_at=text.fetched_at)


def _schema_name(name: str) -> str:
    return _OF_RECORD.get(name, name)


@router.get("/schemas/{record}", operation_id="getSchema", responses=errors(400))
async def get_schema(record: Annotated[SchemaName, BeforeValidator(_schema_name)]) -> dict[str, Any]:
    """The JSON Schema of a record, as this release's parser fills it, or of a kind's options; no envelope, so that a validator can load it.

    A record is known by its own name as well, SearchRow for search-row.
    """
    model, mode = _SCHEMAS[record]
    schema = model.model_json_schema(by_alias=True, mode=mode)
    dialect = "https://json-schema.org/draft/2020-12/schema"
    return {"$schema": dialect, "$id": f"/schemas/{record}", "version": PARSER_VERSION, **schema}
