"""Accounts as the command line on the machine itself changes them: who is an operator, and a password that was forgotten.

Each change is audited in the account's organization, in the same transaction, as done by the service.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from azscraper.errors import ConflictError, NotFoundError
from azscraper.store.db import Conn, count_rows, fetch_one
from azscraper.tenants import accounts, api_keys, audit, sign_ups
from azscraper.tenants.accounts import HAS_EMAIL, User, ways_to_write
from azscraper.tenants.audit import Action
from azscraper.tenants.principal import Principal

_BY: dict[str, Any] = {"by": "azscraper admin"}


@dataclass(frozen=True, slots=True)
class Account:
    """A user, and what an operator should know before trusting the user."""

    id: str
    organization_id: str
    email: str
    role: str
    disabled: bool
    created_at: datetime
    registered_from: str | None
    """The IP address of the sign-up, from the audit; None when the audit has none."""
    keys: int
    """API keys of the organization."""

    @property
    def is_operator(self) -> bool:
        """Whether the user is an operator."""
        return self.role == "admin"

    @property
    def principal(self) -> Principal:
        """The service, acting in the account's organization."""
        return Principal(self.organization_id)


async def lock(conn: Conn, email: str) -> Account:
    """The account with that address; a log-in meanwhile waits for the caller's commit. Raises NotFoundError."""
    account = await fetch_one(
        conn,
        Account,
        f"""SELECT id, organization_id, email, role, disabled_at IS NOT NULL AS disabled, created_at,
               (SELECT address FROM audit a WHERE a.organization_id = users.organization_id AND a.object_id = users.id
                    AND a.action = %(action)s ORDER BY a.ordinal LIMIT 1) AS registered_from,
               (SELECT count(*) FROM api_keys k WHERE k.organization_id = users.organization_id) AS keys
           FROM users WHERE {HAS_EMAIL} FOR UPDATE""",
        {"action": Action.REGISTERED, **ways_to_write(email)},
    )
    if account is None:
        raise NotFoundError(f"{email} does not have an account; azscraper admin create creates an operator")
    return account


async def count(conn: Conn) -> int:
    """How many operators can log in."""
    return await count_rows(conn, "SELECT count(*) FROM users WHERE role = 'admin' AND disabled_at IS NULL")


async def create(conn: Conn, *, email: str, password_hash: str, plan: str) -> None:
    """Make an operator with an organization of its own. Raises ConflictError when the address has an account."""
    try:
        user = await accounts.register(conn, email=email, password_hash=password_hash, name=None, plan=plan)
    except ConflictError as exc:
        raise ConflictError(f"{email} has an account already; azscraper admin promote makes it an operator") from exc
    await _set_role(conn, Principal(user.organization_id), user.id, before=user.role, after="admin")


async def set_up(conn: Conn, user: User) -> User:
    """Make the user, whose sign-up was by the set-up link, the first operator."""
    principal = Principal(user.organization_id)
    await _set_role(conn, principal, user.id, before=user.role, after="admin", details={"by": "set-up link"})
    return replace(user, role="admin")


async def promote(conn: Conn, account: Account, *, now: datetime) -> None:
    """Make the locked account an operator. Its sessions and its organization's keys end: others may hold them.

    ``now`` is a time read under the lock. Raises ConflictError for an account that is disabled.
    """
    if account.disabled:
        raise ConflictError(f"{account.email} is disabled; an operator can enable it under Administration, Users")
    await _end_sessions(conn, account, now=now)
    await api_keys.delete_all(conn, account.principal)
    details = _BY | {"sessionsEnded": True}
    await _set_role(conn, account.principal, account.id, before=account.role, after="admin", details=details)


async def demote(conn: Conn, account: Account) -> None:
    """Take the role away from the locked account, from the commit on. Raises ConflictError when it does not have it."""
    if not account.is_operator:
        raise ConflictError(f"{account.email} is not an operator")
    await _set_role(conn, account.principal, account.id, before=account.role, after="owner")


async def reset_password(conn: Conn, account: Account, password_hash: str, *, now: datetime) -> None:
    """Set the locked account's password and end its sessions; ``now`` is a time read under the lock."""
    await conn.execute("UPDATE users SET password_hash = %s WHERE id = %s", [password_hash, account.id])
    await _end_sessions(conn, account, now=now)
    await audit.note(conn, account.principal, Action.PASSWORD_CHANGED, account.id, details=_BY)


async def _end_sessions(conn: Conn, account: Account, *, now: datetime) -> None:
    await conn.execute("UPDATE users SET tokens_valid_from = %s WHERE id = %s", [now, account.id])


async def _set_role(
    conn: Conn, principal: Principal, user_id: str, *, before: str, after: str, details: dict[str, Any] = _BY
) -> None:
    await conn.execute("UPDATE users SET role = %s WHERE id = %s", [after, user_id])
    if after == "admin":
        await sign_ups.end_set_up(conn)
    changed = audit.changes({"role": before}, {"role": after})
    await audit.note(conn, principal, Action.USER_CHANGED, user_id, details=changed | details)
