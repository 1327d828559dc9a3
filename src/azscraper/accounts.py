"""Organizations and their users: register, log in, and who a token speaks for."""

from dataclasses import dataclass
from datetime import datetime

from psycopg.errors import UniqueViolation

from azscraper import credentials
from azscraper.db import Conn, fetch_one
from azscraper.errors import ConflictError, UnauthenticatedError
from azscraper.ids import new_id


@dataclass(frozen=True, slots=True)
class User:
    """A person of an organization."""

    id: str
    organization_id: str
    email: str
    name: str | None


@dataclass(frozen=True, slots=True)
class _Login:
    id: str
    organization_id: str
    email: str
    name: str | None
    password_hash: str
    disabled_at: datetime | None


async def register(conn: Conn, *, email: str, password_hash: str, name: str | None, plan: str) -> User:
    """Make an organization and its owner. Raises ConflictError when the e-mail address has an account."""
    user = User(new_id(), new_id(), email.lower(), name)
    await conn.execute(
        "INSERT INTO organizations (id, name, plan) VALUES (%s, %s, %s)",
        [user.organization_id, name or user.email, plan],
    )
    try:
        await conn.execute(
            "INSERT INTO users (id, organization_id, email, name, password_hash) VALUES (%s, %s, %s, %s, %s)",
            [user.id, user.organization_id, user.email, name, password_hash],
        )
    except UniqueViolation as exc:
        if exc.diag.constraint_name != "users_email_key":
            raise
        raise ConflictError("This e-mail address already has an account") from exc
    return user


async def find_login(conn: Conn, email: str) -> tuple[User, str] | None:
    """The enabled user with that address and the password's hash."""
    sql = """SELECT id, organization_id, email, name, password_hash, disabled_at FROM users WHERE email = %s"""
    row = await fetch_one(conn, _Login, sql, [email.lower()])
    if row is None or row.disabled_at is not None:
        return None
    return User(row.id, row.organization_id, row.email, row.name), row.password_hash


def check_password(login: tuple[User, str] | None, password: str) -> User:
    """The user, if the password is right. Raises UnauthenticatedError alike for no account and a wrong password."""
    if not credentials.verify_password(login[1] if login else None, password) or login is None:
        raise UnauthenticatedError("The e-mail address or the password is wrong")
    return login[0]


async def user_of(conn: Conn, claims: credentials.Claims) -> User:
    """Who the token speaks for. Raises UnauthenticatedError when the user is gone or disabled."""
    user = await fetch_one(
        conn,
        User,
        """SELECT id, organization_id, email, name FROM users
           WHERE id = %s AND organization_id = %s AND disabled_at IS NULL""",
        [claims.user_id, claims.organization_id],
    )
    if user is None:
        raise UnauthenticatedError("The access token is not valid")
    return user
