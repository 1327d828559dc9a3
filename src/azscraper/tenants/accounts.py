"""Organizations and their users: register, log in and out, change, and who a token speaks for."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, LiteralString

from psycopg.errors import UniqueViolation

from azscraper import email_addresses
from azscraper.errors import ConflictError, NotFoundError, UnauthenticatedError
from azscraper.ids import new_id
from azscraper.store.db import SWEPT, Conn, columns_of, fetch_one, scalar, sweep
from azscraper.tenants import audit, credentials
from azscraper.tenants.audit import Action
from azscraper.tenants.principal import Principal

HAS_EMAIL: LiteralString = """users.id = (
    SELECT id FROM users WHERE email IN (%(email)s, %(email_key)s) OR email_key = %(email_key)s
    ORDER BY email = %(email)s DESC, email = %(email_key)s DESC LIMIT 1)"""
"""The one user with the address of ``ways_to_write``: first whose address is stored so, as twins of old are."""


@dataclass(frozen=True, slots=True)
class User:
    """A person of an organization."""

    id: str
    organization_id: str
    email: str
    name: str | None
    role: str = "owner"
    """owner, or admin for an operator of the installation."""
    density: str = "regular"
    """Of tables: regular, or compact."""

    def principal(self, address: str | None = None) -> Principal:
        """The user as one who acts."""
        return Principal(self.organization_id, user_id=self.id, is_admin=self.role == "admin", address=address)


COLUMNS = columns_of(User)
IS_LET_IN: LiteralString = """disabled_at IS NULL AND NOT EXISTS (
    SELECT 1 FROM organizations o WHERE o.id = users.organization_id AND o.suspended_at IS NOT NULL)"""
"""Of a row of ``users``: neither the user is disabled nor its organization suspended."""


async def register(
    conn: Conn, *, email: str, password_hash: str, name: str | None, plan: str, address: str | None = None
) -> User:
    """Make an organization and its owner. Raises ConflictError when the e-mail address has an account."""
    user = User(new_id(), new_id(), email_addresses.written(email), name)
    await conn.execute(
        "INSERT INTO organizations (id, name, plan) VALUES (%s, %s, %s)",
        [user.organization_id, name or user.email, plan],
    )
    try:
        await conn.execute(
            """INSERT INTO users (id, organization_id, email, email_key, name, password_hash)
               VALUES (%s, %s, %s, %s, %s, %s)""",
            [user.id, user.organization_id, user.email, email_addresses.key(email), name, password_hash],
        )
    except UniqueViolation as exc:
        if exc.diag.constraint_name not in {"users_email_key", "users_one_email_key"}:
            raise
        raise ConflictError("This e-mail address already has an account; log in instead") from exc
    await audit.note(conn, user.principal(address), Action.REGISTERED, user.id, details={"email": user.email})
    return user


async def find_login(conn: Conn, email: str) -> tuple[User, str] | None:
    """The user with that address and the password's hash, unless the user or its organization is locked out."""
    sql: LiteralString = f"SELECT password_hash, {COLUMNS} FROM users WHERE {HAS_EMAIL} AND {IS_LET_IN}"
    row = await (await conn.execute(sql, ways_to_write(email))).fetchone()
    return None if row is None else (User(*row[1:]), row[0])


def ways_to_write(email: str) -> dict[str, str]:
    """The parameters of ``HAS_EMAIL``: as it was typed, and as what it is compared by."""
    return {"email": email.lower(), "email_key": email_addresses.key(email)}


async def organization_of(conn: Conn, email: str) -> str:
    """The organization of the user with that address: for operators. Raises NotFoundError."""
    found = await scalar(conn, str, f"SELECT organization_id FROM users WHERE {HAS_EMAIL}", ways_to_write(email))
    if found is None:
        raise NotFoundError(f"No user has the e-mail address {email}")
    return found


def check_password(login: tuple[User, str] | None, password: str) -> tuple[User, str]:
    """The login, if the password is right. Raises UnauthenticatedError alike for no account and a wrong password."""
    if not credentials.verify_password(login[1] if login else None, password) or login is None:
        raise UnauthenticatedError("The e-mail address or the password is wrong")
    return login


async def user_of(conn: Conn, claims: credentials.Claims) -> User:
    """Who the token speaks for. Raises UnauthenticatedError when it was revoked, or the user is gone or locked out."""
    user = await fetch_one(
        conn,
        User,
        f"""SELECT {COLUMNS} FROM users
           WHERE id = %s AND organization_id = %s AND {IS_LET_IN} AND tokens_valid_from <= %s
             AND NOT EXISTS (SELECT 1 FROM revoked_tokens WHERE token_id = %s)""",
        [claims.user_id, claims.organization_id, claims.issued_at, claims.token_id],
    )
    if user is None:
        raise UnauthenticatedError("The access token is not valid; log in again")
    return user


async def log_out(conn: Conn, claims: credentials.Claims, *, address: str | None, now: datetime) -> None:
    """Revoke the token. Raises UnauthenticatedError when it is not good any more."""
    user = await user_of(conn, claims)
    await conn.execute(
        "INSERT INTO revoked_tokens (token_id, expires_at) VALUES (%s, %s) ON CONFLICT DO NOTHING",
        [claims.token_id, claims.expires_at],
    )
    await forget_expired(conn, now=now)
    await audit.note(conn, user.principal(address), Action.LOGGED_OUT, user.id)


async def forget_expired(conn: Conn, *, now: datetime, most: int = SWEPT) -> int:
    """Remove revoked tokens that are refused anyway, because they have expired; how many."""
    return await sweep(conn, "revoked_tokens", "token_id", "expires_at < %s", now, most=most)


async def get(conn: Conn, principal: Principal) -> User:
    """The user who acts. Raises NotFoundError when it is none who does."""
    return await _get(conn, principal, lock="")


async def lock(conn: Conn, principal: Principal) -> User:
    """The user who acts; who logs in or changes the user meanwhile waits for the caller's commit."""
    return await _get(conn, principal, lock="FOR UPDATE")


async def _get(conn: Conn, principal: Principal, *, lock: Literal["", "FOR UPDATE"]) -> User:
    user = await fetch_one(
        conn,
        User,
        f"SELECT {COLUMNS} FROM users WHERE organization_id = %s AND id = %s {lock}",
        [principal.organization_id, principal.user_id],
    )
    if user is None:
        raise NotFoundError("User not found")
    return user


async def rename(conn: Conn, principal: Principal, name: str | None) -> User:
    """Change the acting user's name; None takes it away. Raises NotFoundError."""
    before = await lock(conn, principal)
    await conn.execute(
        "UPDATE users SET name = %s WHERE organization_id = %s AND id = %s",
        [name, principal.organization_id, principal.user_id],
    )
    details = audit.changes({"name": before.name}, {"name": name})
    await audit.note(conn, principal, Action.USER_CHANGED, before.id, details=details)
    return await get(conn, principal)


async def change_password(
    conn: Conn, principal: Principal, password_hash: str, *, old_hash: str, now: datetime
) -> None:
    """Set the acting user's password and revoke every token issued before ``now``, a time read under ``lock``.

    Raises ConflictError when the password is not the one of ``old_hash`` any more: two changes at a time are one.
    """
    cursor = await conn.execute(
        """UPDATE users SET password_hash = %s, tokens_valid_from = %s
           WHERE organization_id = %s AND id = %s AND password_hash = %s""",
        [password_hash, now, principal.organization_id, principal.user_id, old_hash],
    )
    if cursor.rowcount == 0:
        raise ConflictError("The password was changed by another request")
    await audit.note(conn, principal, Action.PASSWORD_CHANGED, principal.user_id)


async def set_density(conn: Conn, principal: Principal, density: Literal["regular", "compact"]) -> None:
    """How high the user wants the rows of tables."""
    await conn.execute("UPDATE users SET density = %s WHERE id = %s", [density, principal.user_id])
