"""Log-ins: sessions recorded, one-time codes handed to another surface."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from azscraper.errors import UnauthenticatedError
from azscraper.store.db import SWEPT, Conn, fetch_one, sweep
from azscraper.tenants import accounts, audit, credentials
from azscraper.tenants.accounts import User
from azscraper.tenants.audit import Action

CODE_LIFETIME = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class Handoff:
    """A one-time code, shown once."""

    code: str
    expires_at: datetime


async def log_in(conn: Conn, login: tuple[User, str], *, address: str | None) -> User:
    """Record the log-in. Raises UnauthenticatedError when the account changed since its password was looked at."""
    user = await _unchanged(conn, login)
    await audit.note(conn, user.principal(address), Action.LOGGED_IN, user.id)
    return user


async def _unchanged(conn: Conn, login: tuple[User, str]) -> User:
    """Waits for a password change that is under way: its end revokes what was issued before it, not after."""
    user = await fetch_one(
        conn,
        User,
        f"""SELECT {accounts.COLUMNS} FROM users
           WHERE id = %s AND password_hash = %s AND {accounts.IS_LET_IN} FOR SHARE OF users""",
        [login[0].id, login[1]],
    )
    if user is None:
        raise UnauthenticatedError("The e-mail address or the password is wrong")
    return user


async def hand_off(conn: Conn, login: tuple[User, str], *, code: str, address: str | None, now: datetime) -> Handoff:
    """Keep the code's hash: it can be traded in once, within a minute. Raises UnauthenticatedError as ``log_in``."""
    user = await _unchanged(conn, login)
    handoff = Handoff(code, now + CODE_LIFETIME)
    await conn.execute(
        "INSERT INTO handoffs (code_hash, user_id, created_at, expires_at) VALUES (%s, %s, %s, %s)",
        [credentials.digest(code), user.id, now, handoff.expires_at],
    )
    await forget_codes(conn, now=now)
    await audit.note(conn, user.principal(address), Action.HANDED_OFF, user.id)
    return handoff


async def forget_codes(conn: Conn, *, now: datetime, most: int = SWEPT) -> int:
    """Remove one-time codes that nobody traded in; how many."""
    return await sweep(conn, "handoffs", "code_hash", "expires_at < %s", now, most=most)


async def redeem(conn: Conn, code: str, *, address: str | None, now: datetime) -> User:
    """Trade a code in, once. Raises UnauthenticatedError for one that is unknown, used, expired or revoked."""
    user = await fetch_one(
        conn,
        User,
        f"""WITH used AS (DELETE FROM handoffs WHERE code_hash = %s RETURNING user_id, created_at, expires_at)
           SELECT {accounts.COLUMNS} FROM users JOIN used ON used.user_id = users.id
           WHERE used.expires_at > %s AND {accounts.IS_LET_IN} AND tokens_valid_from <= used.created_at""",
        [credentials.digest(code), now],
    )
    if user is None:
        raise UnauthenticatedError("The code is no longer valid")
    await audit.note(conn, user.principal(address), Action.LOGGED_IN, user.id, details={"by": "handoff"})
    return user
