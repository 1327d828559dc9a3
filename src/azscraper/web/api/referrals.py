"""Referrals over HTTP."""

from typing import Annotated, Self

from fastapi import APIRouter, Query, Request
from pydantic import Field

from azscraper.store.db import transaction
from azscraper.tenants import referrals
from azscraper.tenants.referrals import Rewards, Signup, Standing
from azscraper.web import origin
from azscraper.web.deps import Caller, ServicesDep, address_of, errors
from azscraper.web.limits import StrictJson
from azscraper.web.schemas import Envelope, ListEnvelope, Meta, Text, Timestamp, Wire

router = APIRouter(prefix="/referral", tags=["referral"], route_class=StrictJson)

_PAGE_LIMIT = 1000


class RewardsOut(Wire):
    """Credits that each side gets once the new organization has completed a job."""

    referrer: int
    referred: int


class StandingOut(Wire):
    """The organization's code and what came of it."""

    code: str
    """To be sent as `referralCode` by those who register."""
    link: str
    clicks: int
    signups: int
    rewarded: int
    """Of the signups, those that have completed a job."""
    earned: int
    """Credits so far."""
    rewards: RewardsOut

    @classmethod
    def of(cls, standing: Standing, rewards: Rewards, address: str) -> Self:
        """From the feature's values."""
        return cls(
            code=standing.code,
            link=f"{address}/?ref={standing.code}",
            clicks=standing.clicks,
            signups=standing.signups,
            rewarded=standing.rewarded,
            earned=standing.earned,
            rewards=RewardsOut(referrer=rewards.referrer, referred=rewards.referred),
        )


class Click(Wire):
    """A click on a referral link."""

    code: Annotated[Text, Field(min_length=1, max_length=64)]


class ClickOut(Wire):
    """The click was counted."""

    counted: bool = True


class SignupOut(Wire):
    """An organization that came with the code; who it is stays its own affair."""

    id: str
    status: str
    """pending until it has completed a job, then rewarded."""
    credits: int
    """What the referrer gets, or got."""
    created_at: Timestamp
    rewarded_at: Timestamp | None

    @classmethod
    def of(cls, signup: Signup) -> Self:
        """From the feature's value."""
        return cls(
            id=signup.referred_id,
            status="rewarded" if signup.paid_at else "pending",
            credits=signup.referrer_credits,
            created_at=signup.created_at,
            rewarded_at=signup.paid_at,
        )


@router.get("/me", operation_id="getReferral", responses=errors(401, 403))
async def get_referral(request: Request, caller: Caller, services: ServicesDep) -> Envelope[StandingOut]:
    """The organization's code, its link, and what came of it."""
    async with transaction(services.pool) as conn:
        standing = await referrals.standing(conn, caller.organization_id)
    return Envelope(data=StandingOut.of(standing, services.referral_rewards, origin.of(request)))


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
        page = await referrals.find_slice(conn, caller.organization_id, before=cursor, limit=limit + 1)
    more = page.items[limit - 1].referred_id if len(page.items) > limit else None
    found = [SignupOut.of(signup) for signup in page.items[:limit]]
    return ListEnvelope(data=found, meta=Meta(total=page.total, limit=limit, next_cursor=more))
