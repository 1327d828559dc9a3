"""Register, log in and out, and hand a session to another surface."""

import asyncio
import os
from datetime import datetime, timedelta

from fastapi import APIRouter, Request, Response

from azscraper import metrics
from azscraper.errors import RateLimitedError, UnauthenticatedError
from azscraper.ids import new_id
from azscraper.operate import operators
from azscraper.store.db import transaction
from azscraper.tenants import accounts, credentials, credits, guesses, logins, passwords, referrals, sign_ups
from azscraper.tenants.accounts import User
from azscraper.tenants.guesses import Guesser
from azscraper.web.deps import Address, BearerDep, Services, ServicesDep, errors
from azscraper.web.guards.clients import Client, ClientDep, remember
from azscraper.web.guards.limits import LOGIN_BODY_BYTES, StrictJson, takes
from azscraper.wire.access import HandoffEnvelope, LoggedOut, Session, SessionEnvelope, UserOut
from azscraper.wire.envelopes import Envelope
from azscraper.wire.requests import Credentials, HandoffCode, Registration

router = APIRouter(prefix="/auth", tags=["auth"], route_class=StrictJson)


@router.post("/register", status_code=201, operation_id="register", responses=errors(400, 403, 409, 413, 429))
@takes(LOGIN_BODY_BYTES)
async def register(
    request: Request, response: Response, body: Registration, services: ServicesDep, address: Address
) -> SessionEnvelope:
    """Create an organization and its owner, and log in. If sign-up needs an invitation or is closed, others get 403."""
    made = await sign_up(body, services, address)
    remember(request, response, made.user.email)
    return made


async def sign_up(body: Registration, services: Services, address: str | None) -> SessionEnvelope:
    """A new organization, its owner, and a session. Raises ForbiddenError, RateLimitedError, ConflictError."""
    passwords.require(body.password, email=body.email, field="password")
    async with transaction(services.pool) as conn:
        await sign_ups.admit(conn, services.registration, body.invitation, address=address, now=services.clock())
    password_hash = await services.hashing.hash_first(body.password)
    async with transaction(services.pool) as conn:
        user = await accounts.register(
            conn,
            email=body.email,
            password_hash=password_hash,
            name=body.name,
            plan=services.default_plan,
            address=address,
        )
        now = services.clock()
        invitation = await sign_ups.use(conn, services.registration, body.invitation, user.organization_id, now=now)
        if invitation is not None and invitation.kind == sign_ups.Opens.SET_UP:
            user = await operators.set_up(conn, user)
        await credits.grant(conn, user.organization_id, services.registration_credits, reason="registration")
        if body.referral_code is not None:
            await referrals.sign_up(
                conn,
                user.organization_id,
                body.referral_code,
                rewards=services.referral_rewards,
                vouched=invitation is not None,
            )
    return _session(user, services, now=services.clock())


@router.post("/login", operation_id="login", responses=errors(400, 401, 413, 429))
@takes(LOGIN_BODY_BYTES)
async def login(
    request: Request, response: Response, body: Credentials, services: ServicesDep, client: ClientDep
) -> SessionEnvelope:
    """Exchange e-mail address and password for an access token.

    If the client keeps the cookie of this response, its failed log-ins are counted apart from those of others.
    """
    made = await open_session(body, services, client)
    remember(request, response, made.user.email)
    return made


async def open_session(body: Credentials, services: Services, client: Client) -> SessionEnvelope:
    """A session of the user with this address and password. Raises UnauthenticatedError, RateLimitedError."""
    address = client.address
    found = await check_password(services, client.guesses(services, body.email), body.password)
    async with transaction(services.pool) as conn:
        user = await logins.log_in(conn, found, address=address)
        now = services.clock()  # before the commit, so that a password change which waits for it revokes the token
    return _session(user, services, now=now)


@router.post("/logout", operation_id="logout", openapi_extra={"security": [{}]})  # {}: without a token as well
async def logout(services: ServicesDep, address: Address, bearer: BearerDep) -> Envelope[LoggedOut]:
    """Revoke the access token that you send. Without a valid one there is nothing to do, and the answer is 200 as well."""
    try:
        claims = credentials.read_token(services.keys, bearer.credentials if bearer else "", now=services.clock())
        async with transaction(services.pool) as conn:
            await accounts.log_out(conn, claims, address=address, now=services.clock())
    except UnauthenticatedError:
        pass
    return Envelope(data=LoggedOut())


@router.post("/login-handoff", operation_id="loginHandoff", responses=errors(400, 401, 413, 429))
@takes(LOGIN_BODY_BYTES)
async def login_handoff(body: Credentials, services: ServicesDep, client: ClientDep) -> HandoffEnvelope:
    """Exchange e-mail address and password for a one-time code, which another surface can use within a minute."""
    address = client.address
    found = await check_password(services, client.guesses(services, body.email), body.password)
    code = credentials.new_code(os.urandom(32))
    async with transaction(services.pool) as conn:
        handoff = await logins.hand_off(conn, found, code=code, address=address, now=services.clock())
    return HandoffEnvelope.of(handoff, data=handoff)


@router.post("/verify-handoff", operation_id="verifyHandoff", responses=errors(400, 401, 413))
@takes(LOGIN_BODY_BYTES)
async def verify_handoff(body: HandoffCode, services: ServicesDep, address: Address) -> SessionEnvelope:
    """Exchange a one-time code for an access token. A code works once."""
    async with transaction(services.pool) as conn:
        now = services.clock()
        user = await logins.redeem(conn, body.code, address=address, now=now)
    return _session(user, services, now=now)


async def check_password(services: Services, guesser: Guesser, password: str) -> tuple[User, str]:
    """The account and its password's hash, if the password is right; takes as long when there is no account.

    After some failures it first waits. Raises UnauthenticatedError, and RateLimitedError where the wait would be too long,
    whether or not the account exists.
    """
    async with services.hashing.log_ins:
        wait = await _count_try(services, guesser)
        if not wait:
            return await _compare(services, guesser, password)
    await asyncio.sleep(wait.total_seconds())  # others log in meanwhile
    async with services.hashing.log_ins:
        return await _compare(services, guesser, password)


async def _count_try(services: Services, guesser: Guesser) -> timedelta:
    most_wait = timedelta(seconds=services.login_wait_seconds)
    try:
        async with transaction(services.pool) as conn:
            return await guesses.count_try(conn, guesser, most_wait=most_wait, now=services.clock())
    except RateLimitedError:
        metrics.LOGIN_FAILURES.labels("throttled").inc()
        raise


async def _compare(services: Services, guesser: Guesser, password: str) -> tuple[User, str]:
    async with transaction(services.pool) as conn:
        found = await accounts.find_login(conn, guesser.email)
    try:
        login = await services.hashing.check(found, password)
    except UnauthenticatedError:
        metrics.LOGIN_FAILURES.labels("password").inc()
        if found is not None:
            async with transaction(services.pool) as conn:
                await guesses.failed(conn, guesser, found[0])
        raise
    async with transaction(services.pool) as conn:
        await guesses.succeeded(conn, guesser)
    return login


def sign(user: User, services: Services, *, now: datetime) -> str:
    """A fresh access token of the user."""
    return credentials.sign_token(
        services.keys,
        user_id=user.id,
        organization_id=user.organization_id,
        token_id=new_id(),
        now=now,
    )


def _session(user: User, services: Services, *, now: datetime) -> SessionEnvelope:
    session = Session(access_token=sign(user, services, now=now), user=UserOut.of(user))
    return SessionEnvelope.of(session, data=session)
