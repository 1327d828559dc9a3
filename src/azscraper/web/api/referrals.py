"""Referrals over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Query, Request

from azscraper.store.db import transaction
from azscraper.tenants import referrals
from azscraper.web.deps import Caller, ServicesDep, address_of, errors
from azscraper.web.guards import origin
from azscraper.web.guards.limits import StrictJson
from azscraper.wire.envelopes import Envelope, ListEnvelope, Meta
from azscraper.wire.referrals import ClickOut, SignupOut, StandingOut
from azscraper.wire.requests import Click

router = APIRouter(prefix="/referral", tags=["referral"], route_class=StrictJson)

_PAGE_LIMIT = 1000


@router.get("/me", operation_id="getReferral", responses=errors(401, 403))
async def get_referral(request: Request, caller: Caller, services: ServicesDep) -> Envelope[StandingOut]:
    """The organization's code, its link, and what came of it."""
    async with transaction(services.pool) as conn:
        standing = await referrals.standing(conn, caller.organization_id)
    link = f"{origin.of(request)}/?ref={standing.code}"
    return Envelope(data=StandingOut.of(standing, link=link, rewards=services.referral_rewards))


@router.post("/click", operation_id="clickReferral", responses=errors(400, 404, 413, 429))
async def click(body: Click, request: Request, services: ServicesDep) -> Envelope[ClickOut]:
    """Count a click on a referral link: at most 5 in 10 seconds from an address."""
    address = address_of(request) or "unknown"
    async with transaction(services.pool) as conn:
        await referrals.throttle(conn, address, now=services.clock())
    async with transaction(services.pool) as conn:
        await referrals.click(conn, body.code)
    return Envelope(data=ClickOut())


@router.get("/signups", operation_id="listReferralSignups", responses=errors(400, 401, 403))
async def list_signups(
    *,
    caller: Caller,
    services: ServicesDep,
    limit: Annotated[int, Query(ge=1)] = 100,
    cursor: Annotated[str | None, Query(pattern=r"^[0-9a-f]{24}$")] = None,
) -> ListEnvelope[SignupOut]:
    """Who came with the organization's code, newest first; limit is capped at 1,000."""
    limit = min(limit, _PAGE_LIMIT)
    async with transaction(services.pool) as conn:
        page = await referrals.find_slice(conn, caller.organization_id, before=cursor, limit=limit)
    found = [SignupOut.of(signup) for signup in page.items]
    return ListEnvelope(data=found, meta=Meta(total=page.total, limit=limit, next_cursor=page.cursor))
