"""The operator's routes: all organizations, users and jobs."""

from typing import Annotated

from fastapi import APIRouter, Query

from azscraper import admin, plans
from azscraper.db import transaction
from azscraper.jobs import JobStatus
from azscraper.web.deps import Admin, ServicesDep, errors
from azscraper.web.limits import StrictJson
from azscraper.web.schemas import Envelope, JobBrief, ListEnvelope, Meta
from azscraper.web.schemas_admin import MemberChange, MemberOut, OrganizationChange, OrganizationOut, PlanOut, StatsOut

router = APIRouter(prefix="/admin", tags=["admin"], route_class=StrictJson)

_PAGE_LIMIT = 100
_Limit = Annotated[int, Query(ge=1)]
_Offset = Annotated[int, Query(ge=0, le=2**31 - 1)]


@router.get("/organizations", operation_id="adminListOrganizations", responses=errors(400, 401, 403))
async def list_organizations(
    *, _admin: Admin, services: ServicesDep, limit: _Limit = 20, offset: _Offset = 0
) -> ListEnvelope[OrganizationOut]:
    """All organizations, newest first; limit is capped at 100."""
    limit = min(limit, _PAGE_LIMIT)
    async with transaction(services.pool) as conn:
        page = await admin.find_organizations(conn, limit=limit, offset=offset)
    data = [OrganizationOut.of(organization) for organization in page.rows]
    return ListEnvelope(data=data, meta=Meta(total=page.total, limit=limit, offset=offset))


@router.patch(
    "/organizations/{organization_id}",
    operation_id="adminChangeOrganization",
    responses=errors(400, 401, 403, 404, 413),
)
async def change_organization(
    organization_id: str, body: OrganizationChange, caller: Admin, services: ServicesDep
) -> Envelope[OrganizationOut]:
    """Put an organization on another plan."""
    async with transaction(services.pool) as conn:
        organization = await admin.change_plan(conn, caller, organization_id, body.plan)
    return Envelope(data=OrganizationOut.of(organization))


@router.get("/users", operation_id="adminListUsers", responses=errors(400, 401, 403))
async def list_users(
    *, _admin: Admin, services: ServicesDep, limit: _Limit = 20, offset: _Offset = 0
) -> ListEnvelope[MemberOut]:
    """All users, newest first; limit is capped at 100."""
    limit = min(limit, _PAGE_LIMIT)
    async with transaction(services.pool) as conn:
        page = await admin.find_users(conn, limit=limit, offset=offset)
    data = [MemberOut.of(member) for member in page.rows]
    return ListEnvelope(data=data, meta=Meta(total=page.total, limit=limit, offset=offset))


@router.patch("/users/{user_id}", operation_id="adminChangeUser", responses=errors(400, 401, 403, 404, 409, 413))
async def change_user(user_id: str, body: MemberChange, caller: Admin, services: ServicesDep) -> Envelope[MemberOut]:
    """Lock a user out, which revokes the user's access tokens, or let the user in again."""
    async with transaction(services.pool) as conn:
        member = await admin.set_disabled(conn, caller, user_id, disabled=body.disabled, now=services.clock())
    return Envelope(data=MemberOut.of(member))


@router.get("/jobs", operation_id="adminListJobs", responses=errors(400, 401, 403), response_model_exclude_none=True)
async def list_jobs(
    *,
    _admin: Admin,
    services: ServicesDep,
    status: JobStatus | None = None,
    limit: _Limit = 20,
    offset: _Offset = 0,
) -> ListEnvelope[JobBrief]:
    """All jobs, newest first, without their targets; limit is capped at 100."""
    limit = min(limit, _PAGE_LIMIT)
    async with transaction(services.pool) as conn:
        page = await admin.find_jobs(conn, status=status, limit=limit, offset=offset)
    data = [JobBrief.of(job) for job in page.rows]
    return ListEnvelope(data=data, meta=Meta(total=page.total, limit=limit, offset=offset))


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
async def list_plans(_admin: Admin) -> ListEnvelope[PlanOut]:
    """The plans that an organization can be on."""
    data = [PlanOut.of(plan) for plan in plans.PLANS.values()]
    return ListEnvelope(data=data, meta=Meta(total=len(data)))


@router.get("/stats", operation_id="adminGetStats", responses=errors(401, 403))
async def get_stats(_admin: Admin, services: ServicesDep) -> Envelope[StatsOut]:
    """What the installation holds."""
    async with transaction(services.pool) as conn:
        return Envelope(data=StatsOut.of(await admin.stats(conn)))
