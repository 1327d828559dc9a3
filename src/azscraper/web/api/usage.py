"""What an organization may, and what it has used: monthly limits and credits."""

from fastapi import APIRouter

from azscraper.store.db import transaction
from azscraper.tenants import credits, plans
from azscraper.tenants.credits import Balance
from azscraper.tenants.plans import Usage
from azscraper.web.deps import Caller, IdCursor, LongLimit, ServicesDep, errors
from azscraper.web.guards.limits import StrictJson
from azscraper.wire.envelopes import Envelope, ListEnvelope, listed
from azscraper.wire.usage import CreditsOut, Monthly, Period, TransactionOut, UsageOut, UsedThisMonth

router = APIRouter(tags=["usage"], route_class=StrictJson)


@router.get("/usage", operation_id="getUsage", responses=errors(401, 403))
async def get_usage(caller: Caller, services: ServicesDep) -> Envelope[UsageOut]:
    """This month's limits, what was used of them and what is left."""
    async with transaction(services.pool) as conn:
        usage = await plans.usage(conn, caller.organization_id, now=services.clock())
        balance = await credits.balance(conn, caller.organization_id)
    return Envelope(data=usage_of(usage, balance))


@router.get("/credits", operation_id="getCredits", responses=errors(401, 403))
async def get_credits(caller: Caller, services: ServicesDep) -> Envelope[CreditsOut]:
    """The balance, and what open jobs hold."""
    async with transaction(services.pool) as conn:
        return Envelope(data=CreditsOut.of(await credits.balance(conn, caller.organization_id)))


@router.get("/credits/transactions", operation_id="listCreditTransactions", responses=errors(400, 401, 403))
async def list_transactions(
    *,
    caller: Caller,
    services: ServicesDep,
    limit: LongLimit = 100,
    cursor: IdCursor = None,
) -> ListEnvelope[TransactionOut]:
    """The ledger, newest entry first; limit is capped at 1,000."""
    async with transaction(services.pool) as conn:
        page = await credits.find_slice(conn, caller.organization_id, before=cursor, limit=limit)
    return listed(TransactionOut, page, limit=limit)


def usage_of(usage: Usage, balance: Balance) -> UsageOut:
    """The features' values as one answer."""
    plan, used = usage.plan, usage.used
    return UsageOut(
        plan=plan.name,
        limits=Monthly.of(plan),
        used=UsedThisMonth(jobs_this_month=used.jobs, targets_this_month=used.targets, exports_this_month=used.exports),
        remaining=Monthly(
            jobs_per_month=_left(plan.jobs_per_month, used.jobs),
            targets_per_month=_left(plan.targets_per_month, used.targets),
            exports_per_month=_left(plan.exports_per_month, used.exports),
        ),
        period=Period.of(usage),
        credits=CreditsOut.of(balance),
    )


def _left(limit: int | None, used: int) -> int | None:
    return None if limit is None else max(0, limit - used)
