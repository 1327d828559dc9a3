"""The logged-in user's own profile and password."""

from dataclasses import dataclass

from fastapi import APIRouter

from azscraper.errors import Detail, InvalidInputError, UnauthenticatedError
from azscraper.store.db import transaction
from azscraper.tenants import accounts, passwords
from azscraper.tenants.guesses import Guesser
from azscraper.tenants.principal import Principal
from azscraper.web.api.auth import check_password, sign
from azscraper.web.deps import Caller, Services, ServicesDep, errors
from azscraper.web.guards.limits import StrictJson
from azscraper.wire.access import ChangedUser, UserOut
from azscraper.wire.envelopes import Envelope
from azscraper.wire.requests import UserChange

router = APIRouter(prefix="/me", tags=["me"], route_class=StrictJson)


@router.get("", operation_id="getMe", responses=errors(401, 403))
async def get_me(caller: Caller, services: ServicesDep) -> Envelope[UserOut]:
    """The user of the access token."""
    async with transaction(services.pool) as conn:
        return Envelope(data=UserOut.of(await accounts.get(conn, caller)))


@router.patch(
    "",
    operation_id="changeMe",
    responses=errors(400, 401, 403, 409, 413, 429),
    response_model_exclude_unset=True,
)
async def change_me(body: UserChange, caller: Caller, services: ServicesDep) -> Envelope[ChangedUser]:
    """Change name or password. A new password revokes all access tokens; the answer then carries a fresh one."""
    hashes = await _hashes(services, caller, body)
    async with transaction(services.pool) as conn:
        user = await accounts.lock(conn, caller)
        now = services.clock()  # under the lock: whoever logged in with the old password did so before
        if "name" in body.model_fields_set:
            user = await accounts.rename(conn, caller, body.name)
        if hashes is not None:
            await accounts.change_password(conn, caller, hashes.new, old_hash=hashes.old, now=now)
    token = {"access_token": sign(user, services, now=now)} if hashes else {}
    return Envelope(data=ChangedUser(**UserOut.of(user).model_dump(), **token))


@dataclass(frozen=True, slots=True)
class _Hashes:
    old: str
    new: str


async def _hashes(services: Services, caller: Principal, body: UserChange) -> _Hashes | None:
    """Of the current and the new password, outside of any transaction; None when the password stays."""
    if body.current_password is None or body.new_password is None:
        return None
    async with transaction(services.pool) as conn:
        email = (await accounts.get(conn, caller)).email
    passwords.require(body.new_password, email=email, field="newPassword")
    try:
        guesser = Guesser(
            email, caller.address, session_of=caller.user_id
        )  # strangers' guesses do not keep it from this
        _, old = await check_password(services, guesser, body.current_password)
    except UnauthenticatedError as exc:  # 401 would say that the access token is bad
        raise InvalidInputError("The current password is wrong", [Detail("currentPassword", "is wrong")]) from exc
    return _Hashes(old, await services.hashing.hash_changed(body.new_password))
