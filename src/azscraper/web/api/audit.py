"""The organization's audit over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Query

from azscraper.store.db import transaction
from azscraper.tenants import audit
from azscraper.tenants.audit import Action
from azscraper.web.deps import Caller, IdCursor, Limit, ServicesDep, errors
from azscraper.web.guards.limits import StrictJson
from azscraper.wire.access import EntryOut
from azscraper.wire.base import Moment
from azscraper.wire.envelopes import ListEnvelope, listed

router = APIRouter(tags=["audit"], route_class=StrictJson)

_ID = "^[0-9a-f]{24}$"


@router.get("/audit", operation_id="listAudit", responses=errors(400, 401, 403))
async def list_audit(
    *,
    caller: Caller,
    services: ServicesDep,
    action: Action | None = None,
    actor_id: Annotated[str | None, Query(alias="actorId", pattern=_ID, description="Of a user or a key")] = None,
    object_id: Annotated[str | None, Query(alias="objectId", pattern=_ID, description="What it was done to")] = None,
    start: Annotated[Moment | None, Query(alias="from", description="Not before this time, in ISO 8601")] = None,
    end: Annotated[Moment | None, Query(alias="to", description="Before this time, in ISO 8601")] = None,
    limit: Limit = 50,
    cursor: IdCursor = None,
) -> ListEnvelope[EntryOut]:
    """Who did what, when, from which address; newest first. limit is capped at 100."""
    async with transaction(services.pool) as conn:
        page = await audit.find_slice(
            conn,
            caller.organization_id,
            action=action,
            actor_id=actor_id,
            object_id=object_id,
            start=start,
            end=end,
            before=cursor,
            limit=limit,
        )
    return listed(EntryOut, page, limit=limit)
