"""The operator's pages: all organizations with their credits, users and jobs."""

from fastapi import APIRouter, Request, Response

from azscraper.errors import InvalidInputError
from azscraper.operate import admin, suspensions
from azscraper.store.db import transaction
from azscraper.tenants import api_keys, credits, plans
from azscraper.tracking import schedules
from azscraper.web.dashboard.forms import given, number, read, text
from azscraper.web.dashboard.once import OnceDep
from azscraper.web.dashboard.render import PageNumber, go, render
from azscraper.web.dashboard.session import Form, Operator, PageRoute
from azscraper.web.deps import ServicesDep
from azscraper.webhooks import endpoints as webhooks
from azscraper.wire.admin import Grant
from azscraper.words import JobStatus

router = APIRouter(prefix="/admin", route_class=PageRoute)

_PAGE = 50


@router.get("")
async def show_installation(request: Request, _: Operator, services: ServicesDep) -> Response:
    """What the installation holds."""
    async with transaction(services.pool) as conn:
        stats = await admin.stats(conn)
    return render(request, "admin.html", stats=stats)


@router.get("/organizations")
async def list_organizations(request: Request, _: Operator, services: ServicesDep, page: PageNumber = 1) -> Response:
    """All organizations, newest first."""
    async with transaction(services.pool) as conn:
        found = await admin.find_organizations(conn, limit=_PAGE, offset=_PAGE * (page - 1))
        plan_names = [plan.name for plan in await plans.find_all(conn)]
    return render(
        request,
        "admin_organizations.html",
        rows=found.items,
        plans=plan_names,
        page=page,
        pages=found.pages(_PAGE),
    )


@router.post("/organizations/{organization_id}")
async def change_organization(
    request: Request, organization_id: str, form: Form, session: Operator, services: ServicesDep
) -> Response:
    """Put an organization on another plan."""
    async with transaction(services.pool) as conn:
        await admin.change_plan(conn, session.principal, organization_id, text(form, "plan"))
    return go(request, "/app/admin/organizations", notice="saved")


@router.get("/organizations/{organization_id}")
async def show_organization(request: Request, organization_id: str, _: Operator, services: ServicesDep) -> Response:
    """One organization: its plan, what it has used, its credits and their last entries, and what acts for it."""
    async with transaction(services.pool) as conn:
        organization = await admin.get_organization(conn, organization_id)
        usage = await plans.usage(conn, organization_id, now=services.clock())
        balance = await credits.balance(conn, organization_id)
        ledger = await credits.find_slice(conn, organization_id, before=None, limit=_PAGE)
        keys = await api_keys.find_of_organization(conn, organization_id, limit=_PAGE)
        crawls = await schedules.find_of_organization(conn, organization_id, limit=_PAGE)
        endpoints = await webhooks.find_of_organization(conn, organization_id, limit=_PAGE)
    return render(
        request,
        "admin_organization.html",
        organization=organization,
        usage=usage,
        balance=balance,
        entries=ledger.items,
        total=ledger.total,
        keys=keys,
        schedules=crawls,
        webhooks=endpoints,
    )


@router.post("/organizations/{organization_id}/suspension")
async def change_suspension(
    request: Request, organization_id: str, form: Form, session: Operator, services: ServicesDep
) -> Response:
    """Lock an organization out, or let it in again."""
    suspends, now = text(form, "action") == "suspend", services.clock()
    async with transaction(services.pool) as conn:
        if suspends:
            cancel_jobs = text(form, "cancel_jobs") == "on"
            await suspensions.suspend(conn, session.principal, organization_id, cancel_jobs=cancel_jobs, now=now)
        else:
            await suspensions.unsuspend(conn, session.principal, organization_id, now=now)
    url = f"/app/admin/organizations/{organization_id}"
    return go(request, url, notice="suspended" if suspends else "unsuspended")


@router.post("/organizations/{organization_id}/credits")
async def change_credits(
    *, request: Request, organization_id: str, form: Form, session: Operator, services: ServicesDep, once: OnceDep
) -> Response:
    """Give an organization credits, or take some back."""
    takes = text(form, "action") == "take"
    body = read(Grant, number(form, "amount") | given(form, "note"))
    if body.amount < 0:  # the form has a choice for that
        problem = "must be 1 or more; to take credits choose so"
        raise InvalidInputError.of("amount", problem)
    async with transaction(services.pool) as conn:
        if (url := await once.led_to(conn)) is None:
            amount = -body.amount if takes else body.amount
            await admin.grant_credits(conn, session.principal, organization_id, amount, note=body.note)
            url = await once.leads_to(conn, f"/app/admin/organizations/{organization_id}")
    return go(request, url, notice="taken" if takes else "granted")


@router.get("/users")
async def list_users(request: Request, _: Operator, services: ServicesDep, page: PageNumber = 1) -> Response:
    """All users, newest first."""
    async with transaction(services.pool) as conn:
        found = await admin.find_users(conn, limit=_PAGE, offset=_PAGE * (page - 1))
    return render(request, "admin_users.html", rows=found.items, page=page, pages=found.pages(_PAGE))


@router.post("/users/{user_id}")
async def change_user(request: Request, user_id: str, form: Form, session: Operator, services: ServicesDep) -> Response:
    """Lock a user out, or let the user in again."""
    disabled = text(form, "action") == "disable"
    async with transaction(services.pool) as conn:
        await admin.set_disabled(conn, session.principal, user_id, disabled=disabled, now=services.clock())
    return go(request, "/app/admin/users", notice="saved")


@router.get("/jobs")
async def list_jobs(
    *, request: Request, _: Operator, services: ServicesDep, status: JobStatus | None = None, page: PageNumber = 1
) -> Response:
    """All jobs, newest first."""
    async with transaction(services.pool) as conn:
        found = await admin.find_jobs(conn, status=status, limit=_PAGE, offset=_PAGE * (page - 1))
    return render(
        request,
        "admin_jobs.html",
        rows=found.items,
        status=status,
        statuses=list(JobStatus),
        page=page,
        pages=found.pages(_PAGE),
    )


@router.post("/jobs/{job_id}/cancel")
async def cancel_job(request: Request, job_id: str, _: Form, session: Operator, services: ServicesDep) -> Response:
    """Cancel any organization's job."""
    async with transaction(services.pool) as conn:
        await admin.cancel_job(conn, session.principal, job_id)
    return go(request, "/app/admin/jobs", notice="cancelled")
