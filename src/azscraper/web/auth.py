"""Register and log in."""

import asyncio

from fastapi import APIRouter

from azscraper import accounts, credentials, credits, referrals
from azscraper.accounts import User
from azscraper.db import transaction
from azscraper.ids import new_id
from azscraper.web.deps import Services, ServicesDep, errors
from azscraper.web.limits import StrictJson
from azscraper.web.schemas import Credentials, Registration, Session, SessionEnvelope, UserOut

router = APIRouter(prefix="/auth", tags=["auth"], route_class=StrictJson)


@router.post("/register", status_code=201, operation_id="register", responses=errors(400, 409, 413))
async def register(body: Registration, services: ServicesDep) -> SessionEnvelope:
    """Make an organization and its owner, and log in."""
    password_hash = await asyncio.to_thread(credentials.hash_password, body.password)
    async with transaction(services.pool) as conn:
        user = await accounts.register(
            conn, email=body.email, password_hash=password_hash, name=body.name, plan=services.default_plan
        )
        await credits.grant(conn, user.organization_id, services.registration_credits, kind="registration")
        if body.referral_code is not None:
            await referrals.sign_up(conn, user.organization_id, body.referral_code, rewards=services.referral_rewards)
    return _session(user, services)


@router.post("/login", operation_id="login", responses=errors(400, 401, 413))
async def login(body: Credentials, services: ServicesDep) -> SessionEnvelope:
    """Trade e-mail address and password for an access token."""
    async with transaction(services.pool) as conn:
        found = await accounts.find_login(conn, body.email)
    user = await asyncio.to_thread(accounts.check_password, found, body.password)
    return _session(user, services)


def _session(user: User, services: Services) -> SessionEnvelope:
    token = credentials.sign_token(
        services.jwt_secret,
        user_id=user.id,
        organization_id=user.organization_id,
        token_id=new_id(),
        now=services.clock(),
    )
    session = Session(access_token=token, user=UserOut.of(user))
    return SessionEnvelope(access_token=token, user=session.user, data=session)
