"""What the service knows: marketplaces, and the shape of its records. Public."""

from enum import StrEnum
from typing import Any

from fastapi import APIRouter

from azscraper.kinds.registry import kinds
from azscraper.marketplaces import MARKETPLACES
from azscraper.records import PARSER_VERSION
from azscraper.web.deps import errors
from azscraper.web.guards.limits import StrictJson
from azscraper.wire.about import MarketplaceOut
from azscraper.wire.envelopes import ListEnvelope, Meta

router = APIRouter(tags=["about"], route_class=StrictJson)


_RECORDS = {name: record for kind in kinds().values() for name, record in kind.schemas.items()}
RecordName = StrEnum("RecordName", {name.upper().replace("-", "_"): name for name in _RECORDS})  # type: ignore[misc]
RecordName.__doc__ = "Records that have a schema."


@router.get("/marketplaces", operation_id="listMarketplaces", response_model_exclude_none=True)
async def list_marketplaces() -> ListEnvelope[MarketplaceOut]:
    """The marketplaces that jobs can name."""
    found = [MarketplaceOut.of(marketplace) for marketplace in MARKETPLACES.values()]
    return ListEnvelope(data=found, meta=Meta(total=len(found)))


@router.get("/schemas/{record}", operation_id="getSchema", responses=errors(400))
async def get_schema(record: RecordName) -> dict[str, Any]:
    """The JSON Schema of a record, as this release's parser fills it; no envelope, so that a validator can load it."""
    schema = _RECORDS[record].model_json_schema(by_alias=True, mode="serialization")
    dialect = "https://json-schema.org/draft/2020-12/schema"
    return {"$schema": dialect, "$id": f"/schemas/{record}", "version": PARSER_VERSION, **schema}
