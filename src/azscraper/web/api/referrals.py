"""Referrals over HTTP."""

from fastapi import APIRouter, Request

from azscraper.store.db import transaction
from azscraper.tenants import referrals
from azscraper.web.deps import Caller, IdCursor, LongLimit, ServicesDep, address_of, errors
from azscraper.web.guards import origin
from azscraper.web.guards.limits import StrictJson
from azscraper.wire.envelopes import Envelope, ListEnvelope, listed
from azscraper.wire.referrals import ClickOut, OwnReferralOut, SignupOut
from azscraper.wire.requests import Click

router = APIRouter(prefix="/referral", tags=["referral"], route_class=StrictJson)


@router.get("/me", operation_id="getReferral", responses=errors(401, 403))
async def get_referral(request: Request, caller: Caller, services: ServicesDep) -> Envelope[OwnReferralOut]:
    """The organization's code, its link, and what came of it."""
    async with transaction(services.pool) as conn:
        standing = await referrals.standing(conn, caller.organization_id)
    link = f"{origin.of(request)}/?ref={standing.code}"
    return Envelope(data=OwnReferralOut.of(standing, link=link, rewards=services.referral_rewards))


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
    limit: LongLimit = 100,
    cursor: IdCursor = None,
) -> ListEnvelope[SignupOut]:
    """Organizations that signed up with your code, newest first; limit is capped at 1,000."""
    async with transaction(services.pool) as conn:
        page = await referrals.find_slice(conn, caller.organization_id, before=cursor, limit=limit)
    return listed(SignupOut, page, limit=limit)
