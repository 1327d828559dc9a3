"""The way in and out: landing page, sign-up, log-in, log-out; language and theme."""

import asyncio
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from azscraper.errors import ForbiddenError, UnauthenticatedError
from azscraper.operate import demo_projects
from azscraper.store.db import transaction
from azscraper.tenants import accounts, credentials, projects, sign_ups
from azscraper.tenants.principal import Principal
from azscraper.web.api import auth
from azscraper.web.dashboard import session
from azscraper.web.dashboard.forms import given, read, text
from azscraper.web.dashboard.language import LANGUAGES, texts
from azscraper.web.dashboard.render import LANGUAGE_COOKIE, THEME_COOKIE, THEMES, go, language_of, render
from azscraper.web.dashboard.session import Form, PageRoute, User_, Visitor
from azscraper.web.deps import Address, Services, ServicesDep
from azscraper.web.guards import origin
from azscraper.web.guards.clients import ClientDep, remember
from azscraper.web.guards.limits import LOGIN_BODY_BYTES, takes
from azscraper.wire.requests import Credentials, Registration

router = APIRouter(route_class=PageRoute)

_YEAR_SECONDS = 365 * 24 * 3600
_HOME = "/app/home"
_Code = Annotated[str, Query(max_length=64)]


@router.get("/")
async def landing(request: Request, visitor: Visitor, ref: _Code = "") -> Response:
    """What this is; whoever is logged in goes on to the projects."""
    return go(request, _HOME) if visitor else render(request, "landing.html", referral=ref)


@router.get("/home")
async def find_home(request: Request, session: User_, services: ServicesDep) -> Response:
    """On to what changed in the one project; to all of them where there are several, or none."""
    async with transaction(services.pool) as conn:
        found = await projects.find_all(conn, session.principal, archived=False)
    return go(request, f"/app/projects/{found[0].id}" if len(found) == 1 else "/app/projects")


@router.get("/signup")
async def signup_page(
    *, request: Request, visitor: Visitor, services: ServicesDep, ref: _Code = "", invitation: _Code = ""
) -> Response:
    """The form of a new account; where sign-up is by invitation or closed, for the invited alone."""
    if visitor:
        return go(request, _HOME)
    found, refusal = None, None
    async with transaction(services.pool) as conn:
        try:
            found = await sign_ups.look(conn, services.registration, invitation or None, now=services.clock())
        except ForbiddenError as exc:
            refusal = exc.message
    is_set_up = found is not None and found.kind == sign_ups.Opens.SET_UP
    values = {
        "referral": ref,
        "invitation": invitation,
        "refusal": refusal,
        "is_set_up": is_set_up,
        "registration": services.registration,
    }
    return render(request, "signup.html", answer=403 if refusal else 200, **values)


@router.post("/signup")
@takes(LOGIN_BODY_BYTES)
async def sign_up(request: Request, form: Form, services: ServicesDep, address: Address) -> Response:
    """Make an organization, its owner and a first project, and log in; where the example comes with the service, it leads there."""
    body = read(
        Registration, given(form, "email", "name", "referral_code", "invitation") | {"password": form.get("password")}
    )
    made = await auth.sign_up(body, services, address)
    owner = Principal(made.user.organization_id, user_id=made.user.id, address=address)
    response = go(request, await _first_page(request, services, owner), notice="welcome")
    session.begin(request, response, made.access_token)
    remember(request, response, made.user.email)
    return response


async def _first_page(request: Request, services: Services, owner: Principal) -> str:
    """The project that everything begins in."""
    project_id = await demo_projects.arrival(services.pool, owner.organization_id)
    if project_id is None:
        name = texts(language_of(request)).gettext("My project")
        async with transaction(services.pool) as conn:
            project_id = (await projects.create(conn, owner, name)).id
    return f"/app/projects/{project_id}"


@router.get("/login")
async def login_page(request: Request, visitor: Visitor, next: str = _HOME) -> Response:  # noqa: A002 - the parameter's name in addresses
    """The form to log in with."""
    return go(request, _inside(next)) if visitor else render(request, "login.html", next=_inside(next))


@router.post("/login")
@takes(LOGIN_BODY_BYTES)
async def log_in(request: Request, form: Form, services: ServicesDep, client: ClientDep) -> Response:
    """Trade e-mail address and password for a session."""
    body = read(Credentials, {"email": form.get("email"), "password": form.get("password")})
    made = await auth.open_session(body, services, client)
    response = go(request, _inside(text(form, "next")))
    session.begin(request, response, made.access_token)
    remember(request, response, made.user.email)
    return response


def _inside(path: str) -> str:
    """The address, if it is one of our pages: a log-in leads nowhere else."""
    return path if _is_ours(path) and path.startswith("/app/") and not path.startswith("/app/log") else _HOME


def _is_ours(path: str) -> bool:
    """Whether a browser stays on this site: it drops tabs and line ends, and takes a backslash for a slash."""
    return path.startswith("/") and not path.startswith("//") and "\\" not in path and path.isprintable()


@router.post("/logout")
async def log_out(request: Request, _: Form, services: ServicesDep, address: Address) -> Response:
    """End the session for good, not only in this browser."""
    token = request.cookies.get(session.cookie_name(request), "")
    try:
        claims = credentials.read_token(services.keys, token, now=services.clock())
        async with transaction(services.pool) as conn:
            await accounts.log_out(conn, claims, address=address, now=services.clock())
    except UnauthenticatedError:
        await asyncio.sleep(0)  # it was over already
    response = go(request, "/")
    session.end(request, response)
    return response


@router.post("/preferences")
async def set_preferences(request: Request, form: Form) -> Response:
    """Language and theme of this browser; back to the page that the form stood on."""
    back = text(form, "back")
    response = go(request, back if _is_ours(back) else "/")
    for name, cookie, known in (("language", LANGUAGE_COOKIE, LANGUAGES), ("theme", THEME_COOKIE, THEMES)):
        value = text(form, name)
        if value in known:
            response.set_cookie(
                cookie,
                value,
                max_age=_YEAR_SECONDS,
                secure=origin.is_secure(request),
                httponly=True,
                samesite="lax",
            )
    return response
