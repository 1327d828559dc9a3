"""The organization's audit over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Query

from azscraper import audit
from azscraper.audit import Action
from azscraper.db import transaction
from azscraper.web.deps import Caller, ServicesDep, errors
from azscraper.web.schemas import ListEnvelope, Meta
from azscraper.web.schemas_access import EntryOut

router = APIRouter(tags=["audit"])

_LIMIT = 100


@router.get("/audit", operation_id="listAudit", responses=errors(400, 401, 403))
async def list_audit(
    *,
    caller: Caller,
    services: ServicesDep,
    action: Action | None = None,
    limit: Annotated[int, Query(ge=1)] = 50,
    cursor: Annotated[str | None, Query(pattern="^[0-9a-f]{24}$")] = None,
) -> ListEnvelope[EntryOut]:
    """Who did what, when, from which address; newest first. limit is capped at 100."""
    limit = min(limit, _LIMIT)
    async with transaction(services.pool) as conn:
        page = await audit.find_page(conn, caller.organization_id, action=action, before=cursor, limit=limit + 1)
    more = page.entries[limit - 1].id if len(page.entries) > limit else None
    meta = Meta(total=page.total, limit=limit, next_cursor=more)
    return ListEnvelope(data=[EntryOut.of(entry) for entry in page.entries[:limit]], meta=meta)
