"""The operator's routes: all organizations, users and jobs."""

import re
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query, Response

from azscraper import marketplaces
from azscraper.crawl import hosts
from azscraper.crawl.hosts import Pace
from azscraper.errors import InvalidInputError, NotFoundError
from azscraper.operate import admin, suspensions
from azscraper.store.db import Conn, transaction
from azscraper.tenants import api_keys, credits, plans
from azscraper.tenants.plans import Plan
from azscraper.tenants.principal import Principal
from azscraper.tracking import schedules
from azscraper.web.api.usage import usage_of
from azscraper.web.deps import Admin, Limit, Offset, Services, ServicesDep, errors
from azscraper.web.guards.limits import StrictJson
from azscraper.web.once import OnceDep
from azscraper.webhooks import endpoints as webhooks
from azscraper.wire.admin import (
    Grant,
    KeyBrief,
    MemberChange,
    MemberOut,
    NewPlan,
    OrganizationChange,
    OrganizationDetail,
    OrganizationOut,
    PlanChange,
    PlanOut,
    RateOut,
    ReferralOut,
    SettingsChange,
    SettingsOut,
    StatsOut,
    WebhookBrief,
)
from azscraper.wire.base import Text
from azscraper.wire.envelopes import Envelope, ListEnvelope, Meta, listed
from azscraper.wire.jobs import JobBrief
from azscraper.wire.usage import CreditsOut
from azscraper.words import JobStatus

router = APIRouter(prefix="/admin", tags=["admin"], route_class=StrictJson)

_PAGE_LIMIT = 100
_PLAN_NAME = re.compile("[a-z0-9][a-z0-9_-]{0,63}")
_Search = Annotated[Text | None, Query(min_length=1, max_length=200, description="Part of a name or an address")]
_OrganizationId = Annotated[str | None, Query(alias="organizationId", pattern=r"^[0-9a-f]{24}$")]


@router.get("/organizations", operation_id="adminListOrganizations", responses=errors(400, 401, 403))
async def list_organizations(
    *,
    _admin: Admin,
    services: ServicesDep,
    q: _Search = None,
    plan: Annotated[Text | None, Query(max_length=64)] = None,
    limit: Limit = 20,
    offset: Offset = 0,
) -> ListEnvelope[OrganizationOut]:
    """All organizations, newest first, or those whose name or a user's address holds `q`; limit is capped at 100."""
    async with transaction(services.pool) as conn:
        page = await admin.find_organizations(conn, text=q, plan=plan, limit=limit, offset=offset)
    return listed(OrganizationOut, page, limit=limit, offset=offset)


@router.get("/organizations/{organization_id}", operation_id="adminGetOrganization", responses=errors(401, 403, 404))
async def get_organization(organization_id: str, _admin: Admin, services: ServicesDep) -> Envelope[OrganizationDetail]:
    """One organization with its users, API keys, schedules, webhooks, its usage of this month and its credits."""
    async with transaction(services.pool) as conn:
        organization = await admin.get_organization(conn, organization_id)
        usage = await plans.usage(conn, organization_id, now=services.clock())
        balance = await credits.balance(conn, organization_id)
        users = await admin.find_users(conn, organization_id=organization_id, limit=_PAGE_LIMIT, offset=0)
        keys = await api_keys.find_of_organization(conn, organization_id, limit=_PAGE_LIMIT)
        crawls = await schedules.find_of_organization(conn, organization_id, limit=_PAGE_LIMIT)
        endpoints = await webhooks.find_of_organization(conn, organization_id, limit=_PAGE_LIMIT)
    detail = OrganizationDetail.of(
        organization,
        usage=usage_of(usage, balance),
        members=users.items,
        api_keys=[KeyBrief.of(key) for key in keys],
        schedules=crawls,
        webhooks=[WebhookBrief.of(webhook, url=webhook.url.partition("?")[0]) for webhook in endpoints],
    )
    return Envelope(data=detail)


@router.post(
    "/organizations/{organization_id}/credits",
    status_code=201,
    operation_id="adminGrantCredits",
    response_model=Envelope[CreditsOut],
    responses=errors(400, 401, 403, 404, 409, 413),
)
async def grant_credits(
    organization_id: str, body: Grant, caller: Admin, services: ServicesDep, once: OnceDep
) -> Response:
    """Grant credits to an organization; returns its balance."""
    async with transaction(services.pool) as conn:
        if (answer := await once.answered(conn)) is not None:
            return answer
        balance = await admin.grant_credits(conn, caller, organization_id, body.amount, note=body.note)
        return await once.answer(conn, Envelope(data=CreditsOut.of(balance)))


@router.patch(
    "/organizations/{organization_id}",
    operation_id="adminChangeOrganization",
    responses=errors(400, 401, 403, 404, 409, 413),
)
async def change_organization(
    organization_id: str, body: OrganizationChange, caller: Admin, services: ServicesDep
) -> Envelope[OrganizationOut]:
    """Change an organization's plan, suspend it, or end its suspension.

    While it is suspended, its users and API keys are refused, its schedules wait, and its webhooks get no events.
    """
    async with transaction(services.pool) as conn:
        if "plan" in body.model_fields_set:
            await admin.change_plan(conn, caller, organization_id, body.plan)
        if "suspended" in body.model_fields_set:
            await _set_suspended(conn, caller, organization_id, body, now=services.clock())
        organization = await admin.get_organization(conn, organization_id)
    return Envelope(data=organization)


async def _set_suspended(
    conn: Conn, caller: Principal, organization_id: str, body: OrganizationChange, *, now: datetime
) -> None:
    if body.suspended:
        await suspensions.suspend(conn, caller, organization_id, cancel_jobs=body.cancel_jobs, now=now)
    else:
        await suspensions.unsuspend(conn, caller, organization_id, now=now)


@router.get("/users", operation_id="adminListUsers", responses=errors(400, 401, 403))
async def list_users(
    *,
    _admin: Admin,
    services: ServicesDep,
    q: _Search = None,
    organization_id: _OrganizationId = None,
    limit: Limit = 20,
    offset: Offset = 0,
) -> ListEnvelope[MemberOut]:
    """All users, newest first, or those whose address or name holds `q`; limit is capped at 100."""
    async with transaction(services.pool) as conn:
        page = await admin.find_users(conn, text=q, organization_id=organization_id, limit=limit, offset=offset)
    return listed(MemberOut, page, limit=limit, offset=offset)


@router.patch("/users/{user_id}", operation_id="adminChangeUser", responses=errors(400, 401, 403, 404, 409, 413))
async def change_user(user_id: str, body: MemberChange, caller: Admin, services: ServicesDep) -> Envelope[MemberOut]:
    """Disable a user, which revokes the user's access tokens, or enable the user again.

    If all users of an organization are disabled, it is suspended until one of them is enabled again.
    """
    async with transaction(services.pool) as conn:
        member = await admin.set_disabled(conn, caller, user_id, disabled=body.disabled, now=services.clock())
    return Envelope(data=member)


@router.get("/jobs", operation_id="adminListJobs", responses=errors(400, 401, 403), response_model_exclude_none=True)
async def list_jobs(
    *,
    _admin: Admin,
    services: ServicesDep,
    status: JobStatus | None = None,
    organization_id: _OrganizationId = None,
    limit: Limit = 20,
    offset: Offset = 0,
) -> ListEnvelope[JobBrief]:
    """All jobs, newest first, without their targets; limit is capped at 100."""
    async with transaction(services.pool) as conn:
        page = await admin.find_jobs(conn, status=status, organization_id=organization_id, limit=limit, offset=offset)
    return listed(JobBrief, page, limit=limit, offset=offset)


@router.post(
    "/jobs/{job_id}/cancel",
    operation_id="adminCancelJob",
    responses=errors(401, 403, 404, 409),
    response_model_exclude_none=True,
)
async def cancel_job(job_id: str, caller: Admin, services: ServicesDep) -> Envelope[JobBrief]:
    """Cancel any organization's job."""
    async with transaction(services.pool) as conn:
        job = await admin.cancel_job(conn, caller, job_id)
    return Envelope(data=JobBrief.of(job))


@router.get("/plans", operation_id="adminListPlans", responses=errors(401, 403))
async def list_plans(_admin: Admin, services: ServicesDep) -> ListEnvelope[PlanOut]:
    """The plans that an organization can be on."""
    async with transaction(services.pool) as conn:
        data = [PlanOut.of(plan) for plan in await plans.find_all(conn)]
    return ListEnvelope(data=data, meta=Meta(total=len(data)))


@router.post(
    "/plans",
    status_code=201,
    operation_id="adminCreatePlan",
    response_model=Envelope[PlanOut],
    responses=errors(400, 401, 403, 409, 413),
)
async def create_plan(body: NewPlan, caller: Admin, services: ServicesDep, once: OnceDep) -> Response:
    """Create a plan."""
    async with transaction(services.pool) as conn:
        if (answer := await once.answered(conn)) is not None:
            return answer
        plan = await plans.create(conn, caller, Plan(**body.model_dump()))
        return await once.answer(conn, Envelope(data=PlanOut.of(plan)))


@router.patch("/plans/{plan_name}", operation_id="adminChangePlan", responses=errors(400, 401, 403, 404, 413))
async def change_plan(plan_name: str, body: PlanChange, caller: Admin, services: ServicesDep) -> Envelope[PlanOut]:
    """Change a plan's limits; they count at once for every organization on it."""
    if _PLAN_NAME.fullmatch(plan_name) is None:
        raise NotFoundError("Plan not found")
    async with transaction(services.pool) as conn:
        plan = await plans.change(conn, caller, plan_name, body.model_dump(include=body.model_fields_set))
    return Envelope(data=PlanOut.of(plan))


@router.get("/settings", operation_id="adminGetSettings", responses=errors(401, 403))
async def get_settings(_admin: Admin, services: ServicesDep) -> Envelope[SettingsOut]:
    """The request rate of each marketplace, and whether it is paused."""
    async with transaction(services.pool) as conn:
        return Envelope(data=await _settings(conn, services))


@router.patch("/settings", operation_id="adminChangeSettings", responses=errors(400, 401, 403, 413))
async def change_settings(body: SettingsChange, caller: Admin, services: ServicesDep) -> Envelope[SettingsOut]:
    """Set request rates of marketplaces, for all workers together. They take effect within seconds."""
    rates = {_host(name): rate for name, rate in body.crawl_rates.items()}
    async with transaction(services.pool) as conn:
        await admin.set_rates(conn, caller, rates)
        return Envelope(data=await _settings(conn, services))


def _host(name: str) -> str:
    try:
        return marketplaces.find(name).host
    except InvalidInputError as exc:
        raise InvalidInputError.of("crawlRates", exc.message) from exc


async def _settings(conn: Conn, services: Services) -> SettingsOut:
    paces = {pace.host: pace for pace in await hosts.find_paces(conn)}
    names = [*marketplaces.MARKETPLACES, *(host for host in paces if host not in marketplaces.MARKETPLACES)]
    rates = [_rate(host, paces.get(host), services) for host in names]
    return SettingsOut(default_rate=services.crawl_rate, crawl_rates=rates)


def _rate(host: str, pace: Pace | None, services: Services) -> RateOut:
    rate = pace.rate if pace else None
    paused = pace is not None and pace.open_until is not None and pace.open_until > services.clock()
    return RateOut(
        marketplace=host,
        rate=services.crawl_rate if rate is None else rate,
        is_default=rate is None,
        slowdown=pace.slowdown if pace else 1,
        paused_until=pace.open_until if pace and paused else None,
    )


@router.get("/referrals", operation_id="adminListReferrals", responses=errors(400, 401, 403))
async def list_referrals(
    *, _admin: Admin, services: ServicesDep, limit: Limit = 20, offset: Offset = 0
) -> ListEnvelope[ReferralOut]:
    """Organizations that signed up with a referral code, newest first; limit is capped at 100."""
    async with transaction(services.pool) as conn:
        page = await admin.find_referrals(conn, limit=limit, offset=offset)
    return listed(ReferralOut, page, limit=limit, offset=offset)


@router.get("/stats", operation_id="adminGetStats", responses=errors(401, 403))
async def get_stats(_admin: Admin, services: ServicesDep) -> Envelope[StatsOut]:
    """What the installation holds."""
    async with transaction(services.pool) as conn:
        return Envelope(data=await admin.stats(conn))
