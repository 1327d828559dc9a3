"""Who looks at a page: the session's cookie, and that a form really comes from one of our pages.

The cookie holds an access token, which logging out, a new password and an operator revoke as any other. A request that
changes something must come from our own origin, as the browser itself says (Fetch Metadata, Origin), and carry a token
that only our pages know.
"""

import hmac
import os
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Annotated, cast

from fastapi import Depends, Request, Response
from fastapi.routing import APIRoute
from starlette.datastructures import FormData

from azscraper.errors import ForbiddenError, UnauthenticatedError
from azscraper.store.db import transaction
from azscraper.tenants import accounts, credentials
from azscraper.tenants.accounts import User
from azscraper.tenants.keyring import Purpose
from azscraper.tenants.principal import Principal
from azscraper.web.deps import Services, ServicesDep, address_of
from azscraper.web.guards import origin
from azscraper.web.guards.limits import MAX_BODY_BYTES, guarded

_COOKIE = "azscraper_session"
_SALT_BYTES = 12


class LoginRequiredError(Exception):
    """There is no session, or it is over."""


@dataclass(frozen=True, slots=True)
class Session:
    """A logged-in user on a page."""

    user: User
    principal: Principal
    token: str

    @property
    def organization_id(self) -> str:
        """The user's."""
        return self.principal.organization_id


def cookie_name(request: Request) -> str:
    """The ``__Host-`` prefix binds the cookie to https and this host, and browsers refuse it elsewhere."""
    return f"__Host-{_COOKIE}" if origin.is_secure(request) else _COOKIE


def begin(request: Request, response: Response, token: str) -> None:
    """Log the browser in: the cookie is out of reach of scripts and of requests that come from elsewhere."""
    response.set_cookie(
        cookie_name(request),
        token,
        max_age=int(credentials.TOKEN_LIFETIME.total_seconds()),
        path="/",
        secure=origin.is_secure(request),
        httponly=True,
        samesite="lax",
    )


def end(request: Request, response: Response) -> None:
    """Take the cookie away."""
    secure = origin.is_secure(request)
    response.delete_cookie(cookie_name(request), path="/", secure=secure, httponly=True, samesite="lax")


async def visitor(request: Request) -> Session | None:
    """Whose session it is, None where there is none that is good; asked once per request, of the headers alone."""
    if not hasattr(request.state, "session"):
        request.state.session = await _found(request)
    return cast("Session | None", request.state.session)


async def _found(request: Request) -> Session | None:
    services = cast("Services", request.app.state.services)
    token = request.cookies.get(cookie_name(request))
    if token is None:
        return None
    require_database(services)
    try:
        claims = credentials.read_token(services.keys, token, now=services.clock())
        async with transaction(services.pool) as conn:
            user = await accounts.user_of(conn, claims)
    except UnauthenticatedError:
        return None
    return Session(user, user.principal(address_of(request)), token)


def require_database(services: Services) -> None:
    """Raises UnavailableError at once, where another page has waited in vain and the database is still silent."""
    if services.readiness is not None:
        services.readiness.require_known()


Visitor = Annotated[Session | None, Depends(visitor)]


async def _user(request: Request) -> Session:
    found = await visitor(request)
    if found is None:
        raise LoginRequiredError("Log in to see this page")
    return found


User_ = Annotated[Session, Depends(_user)]
"""A logged-in user; everybody else is led to the log-in."""


class PageRoute(APIRoute):
    """Guards a page: a form of one that needs a session is read only once there is one."""

    def get_route_handler(self):  # type: ignore[no-untyped-def] # noqa: ANN201, D102 - FastAPI's own signature
        return guarded(super().get_route_handler(), self, _user, Request)


async def _operator(session: User_) -> Session:
    if not session.principal.is_admin:
        raise ForbiddenError("Only an operator of this installation can see this page")
    return session


Operator = Annotated[Session, Depends(_operator)]
"""An operator of the installation; other users are told that the page is not theirs."""


def form_token(services: Services, session_token: str | None) -> str:
    """What a form carries; another one each time, so that compressed pages do not give it away (BREACH)."""
    salt = os.urandom(_SALT_BYTES).hex()
    return f"{salt}.{_signature(services.keys.key(Purpose.FORM_TOKEN), session_token, salt)}"


def _signature(key: bytes, session_token: str | None, salt: str) -> str:
    return hmac.digest(key, f"form:{salt}:{session_token or ''}".encode(), "sha256").hex()


async def form(request: Request, services: ServicesDep) -> AsyncIterator[FormData]:
    """The form's fields. Raises ForbiddenError unless one of our own pages sent it in this session."""
    _require_own_origin(request)
    require_database(services)
    async with request.form(max_part_size=MAX_BODY_BYTES) as fields:  # files in it are closed at its end
        _require_token(request, services, request.headers.get("x-form-token") or fields.get("form_token"))
        yield fields


def _require_token(request: Request, services: Services, sent: object) -> None:
    salt, _, signature = sent.partition(".") if isinstance(sent, str) else ("", "", "")
    token = request.cookies.get(cookie_name(request))
    keys = services.keys.all_keys(Purpose.FORM_TOKEN).values()
    if not any(hmac.compare_digest(signature.encode(), _signature(key, token, salt).encode()) for key in keys):
        raise ForbiddenError("This page is out of date; load it again and send the form once more")


def _require_own_origin(request: Request) -> None:
    site = request.headers.get("sec-fetch-site")
    own = origin.is_own(request, request.headers.get("origin"))
    if (site or "same-origin") != "same-origin" or not own:
        raise ForbiddenError("The form was not sent from this site")


Form = Annotated[FormData, Depends(form)]
"""The fields of a form that one of our pages sent. Every route that changes something takes one."""
