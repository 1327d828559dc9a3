"""What belongs to the account: usage and credits, the audit, profile and password."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from azscraper.errors import InvalidInputError
from azscraper.store.db import transaction
from azscraper.tenants import accounts, audit, credits, plans, projects, referrals
from azscraper.tenants.audit import Action
from azscraper.web.api import me
from azscraper.web.dashboard import explanations, language
from azscraper.web.dashboard import session as browser_session
from azscraper.web.dashboard.forms import read, text
from azscraper.web.dashboard.pages import happened
from azscraper.web.dashboard.render import go, is_fragment, language_of, render
from azscraper.web.dashboard.session import Form, PageRoute, User_
from azscraper.web.deps import ServicesDep
from azscraper.web.guards import origin
from azscraper.wire.requests import UserChange

router = APIRouter(route_class=PageRoute)

_PAGE = 50
_Before = Annotated[str | None, Query(pattern="^[0-9a-f]{24}$")]


@router.get("/usage")
async def show_usage(request: Request, session: User_, services: ServicesDep, before: _Before = None) -> Response:
    """The month's limits, credits with their ledger, and the referral link."""
    organization_id = session.principal.organization_id
    async with transaction(services.pool) as conn:
        usage = await plans.usage(conn, organization_id, now=services.clock())
        balance = await credits.balance(conn, organization_id)
        ledger = await credits.find_slice(conn, organization_id, before=before, limit=_PAGE)
        standing = await referrals.standing(conn, organization_id)
    used, plan = usage.used, usage.plan
    return render(
        request,
        "usage.html",
        usage=usage,
        meters=[
            ("jobs", used.jobs, plan.jobs_per_month),
            ("targets", used.targets, plan.targets_per_month),
            ("exports", used.exports, plan.exports_per_month),
        ],
        balance=balance,
        entries=ledger.items,
        more=ledger.cursor,
        standing=standing,
        rewards=services.referral_rewards,
        link=f"{origin.of(request)}/?ref={standing.code}",
    )


@router.get("/audit")
async def show_audit(
    *,
    request: Request,
    session: User_,
    services: ServicesDep,
    action: Action | None = None,
    before: _Before = None,
) -> Response:
    """Who did what, newest first."""
    async with transaction(services.pool) as conn:
        page = await audit.find_slice(conn, session.organization_id, action=action, before=before, limit=_PAGE)
        known = {one.id: one.name for one in await projects.find_all(conn, session.principal)}
    code = language_of(request)
    words, say = language.words(code), language.texts(code).gettext
    return render(
        request,
        "audit.html",
        entries=[(one, happened.name_of(one), happened.facts(one, words, say)) for one in page.items],
        projects=known,
        total=page.total,
        more=page.cursor,
        action=action,
        actions=explanations.ACTIONS,
        objects=explanations.OBJECTS,
        before=before,
    )


@router.get("/settings")
async def show_settings(request: Request, session: User_) -> Response:
    """Profile and password."""
    return render(request, "settings.html", session=session)


@router.post("/settings")
async def change_profile(request: Request, form: Form, session: User_, services: ServicesDep) -> Response:
    """Another name."""
    body = read(UserChange, {"name": text(form, "name") or None})
    await me.change_me(body, session.principal, services)
    return go(request, "/app/settings", notice="saved")


@router.post("/settings/density")
async def set_density(request: Request, form: Form, session: User_, services: ServicesDep) -> Response:
    """How high the rows of tables are; back to the project's table."""
    density = text(form, "density")
    async with transaction(services.pool) as conn:
        await accounts.set_density(conn, session.principal, "compact" if density == "compact" else "regular")
    return Response(status_code=204) if is_fragment(request) else go(request, "/app/settings", notice="saved")


@router.post("/settings/password")
async def change_password(request: Request, form: Form, session: User_, services: ServicesDep) -> Response:
    """Another password: every session ends but this one, which goes on with a new token."""
    values = {"current_password": form.get("current_password"), "new_password": form.get("new_password")}
    changed = await me.change_me(read(UserChange, values), session.principal, services)
    response = go(request, "/app/settings", notice="password")
    if changed.data.access_token is None:
        raise InvalidInputError("Please check what you entered")
    browser_session.begin(request, response, changed.data.access_token)
    return response
