"""The operator's pages on how the installation is run: plans, crawl rates, invitations, referrals."""

from typing import Any

from fastapi import APIRouter, Request, Response
from starlette.datastructures import FormData

from azscraper.errors import NotFoundError
from azscraper.operate import admin
from azscraper.store.db import transaction
from azscraper.tenants import plans, sign_ups
from azscraper.tenants.plans import Plan
from azscraper.web.api import admin as api
from azscraper.web.api import invitations
from azscraper.web.dashboard.forms import given, number, read, text
from azscraper.web.dashboard.render import PageNumber, go, render, show_once
from azscraper.web.dashboard.session import Form, Operator, PageRoute
from azscraper.web.deps import ServicesDep
from azscraper.wire.admin import NewInvitation, NewPlan, PlanChange, SettingsChange

router = APIRouter(prefix="/admin", route_class=PageRoute)

_PAGE = 50
_LIMITS = ("jobs_per_month", "targets_per_month", "exports_per_month", "concurrency")


@router.get("/invitations")
async def list_invitations(request: Request, _: Operator, services: ServicesDep, page: PageNumber = 1) -> Response:
    """Invitations, newest first, and the form of a new one."""
    async with transaction(services.pool) as conn:
        found = await sign_ups.find_slice(conn, limit=_PAGE, offset=_PAGE * (page - 1))
    return render(request, "admin_invitations.html", rows=found.items, page=page, pages=found.pages(_PAGE))


@router.post("/invitations")
async def create_invitation(request: Request, form: Form, session: Operator, services: ServicesDep) -> Response:
    """Make an invitation; the answer shows its link, and nothing will show it again."""
    made = await invitations.create_invitation(
        request, read(NewInvitation, given(form, "note")), session.principal, services
    )
    return show_once(request, kind="invitation", secret=made.data.link, next_="/app/admin/invitations")


@router.post("/invitations/{invitation_id}")
async def revoke_invitation(
    request: Request, invitation_id: str, _: Form, session: Operator, services: ServicesDep
) -> Response:
    """Take an invitation back."""
    async with transaction(services.pool) as conn:
        await sign_ups.revoke(conn, session.principal, invitation_id)
    return go(request, "/app/admin/invitations", notice="revoked")


@router.get("/plans")
async def list_plans(request: Request, _: Operator, services: ServicesDep) -> Response:
    """All plans with their limits."""
    async with transaction(services.pool) as conn:
        found = await plans.find_all(conn)
    return render(request, "admin_plans.html", plans=found)


@router.post("/plans")
async def create_plan(request: Request, form: Form, session: Operator, services: ServicesDep) -> Response:
    """A new plan."""
    body = read(NewPlan, {"name": text(form, "name"), **_limits(form)})
    async with transaction(services.pool) as conn:
        await plans.create(conn, session.principal, Plan(**body.model_dump()))
    return go(request, "/app/admin/plans", notice="created")


@router.get("/plans/{plan_name}")
async def show_plan(request: Request, plan_name: str, _: Operator, services: ServicesDep) -> Response:
    """One plan, to change its limits."""
    async with transaction(services.pool) as conn:
        found = next((plan for plan in await plans.find_all(conn) if plan.name == plan_name), None)
    if found is None:
        raise NotFoundError("Plan not found")
    return render(request, "admin_plan.html", plan=found)


@router.post("/plans/{plan_name}")
async def change_plan(
    request: Request, plan_name: str, form: Form, session: Operator, services: ServicesDep
) -> Response:
    """Other limits for all organizations on the plan."""
    await api.change_plan(plan_name, read(PlanChange, _limits(form)), session.principal, services)
    return go(request, "/app/admin/plans", notice="saved")


def _limits(form: FormData) -> dict[str, Any]:
    """The form's limits, all of them: a field that was left empty is no limit."""
    limits: dict[str, Any] = dict.fromkeys(_LIMITS)
    for name in (*_LIMITS, "weight"):
        limits |= number(form, name)
    return limits | {"uses_credits": text(form, "uses_credits") == "yes"}


@router.get("/rates")
async def list_rates(request: Request, session: Operator, services: ServicesDep) -> Response:
    """The request rate of each marketplace, and whether it is paused."""
    settings = (await api.get_settings(session.principal, services)).data
    return render(request, "admin_rates.html", settings=settings)


@router.post("/rates")
async def change_rate(request: Request, form: Form, session: Operator, services: ServicesDep) -> Response:
    """Another rate for a marketplace; an empty one gives it back to the service's setting."""
    rates = {text(form, "marketplace"): number(form, "rate").get("rate")}
    await api.change_settings(read(SettingsChange, {"crawl_rates": rates}), session.principal, services)
    return go(request, "/app/admin/rates", notice="saved")


@router.get("/referrals")
async def list_referrals(request: Request, _: Operator, services: ServicesDep, page: PageNumber = 1) -> Response:
    """Who came by whose link, newest first."""
    async with transaction(services.pool) as conn:
        found = await admin.find_referrals(conn, limit=_PAGE, offset=_PAGE * (page - 1))
    return render(request, "admin_referrals.html", rows=found.items, page=page, pages=found.pages(_PAGE))
