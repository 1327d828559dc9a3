"""Project API keys: make, list, change, delete, and who a key speaks for. A key reaches its own project alone."""

import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import LiteralString

from azscraper.errors import ConflictError, UnauthenticatedError
from azscraper.ids import new_id
from azscraper.store.db import Conn, columns_of, count_rows, fetch_all, fetch_existing, fetch_one, look_up
from azscraper.tenants import audit, credentials, projects
from azscraper.tenants.audit import Action
from azscraper.tenants.principal import Principal

MOST_PER_PROJECT = 50
_USE_NOTED_EVERY = timedelta(minutes=1)
"""How exact ``last_used_at`` is: a busy key does not write with every request."""


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A key as its owners see it: the secret is not among it."""

    id: str
    organization_id: str
    project_id: str
    name: str
    key_hint: str
    """The last four characters."""
    disabled: bool
    created_at: datetime
    updated_at: datetime
    last_used_at: datetime | None


@dataclass(frozen=True, slots=True)
class _Stored:
    id: str
    organization_id: str
    project_id: str
    key_hash: bytes
    last_used_at: datetime | None
    suspended: bool


_COLUMNS = columns_of(ApiKey)


async def create(conn: Conn, principal: Principal, project_id: str, *, name: str, key: str) -> ApiKey:
    """Keep a new key's hash.

    Raises NotFoundError when the principal reaches no such project, and ConflictError when it has 50 keys.
    """
    await projects.lock(conn, principal, project_id)
    sql: LiteralString = "SELECT count(*) FROM api_keys WHERE organization_id = %s AND project_id = %s"
    if await count_rows(conn, sql, [principal.organization_id, project_id]) >= MOST_PER_PROJECT:
        raise ConflictError(f"A project has at most {MOST_PER_PROJECT} API keys; delete one that nobody uses")
    made = await fetch_existing(
        conn,
        ApiKey,
        f"""INSERT INTO api_keys (id, organization_id, project_id, name, lookup, key_hash, key_hint)
            VALUES (%s, %s, %s, %s, %s, %s, %s) RETURNING {_COLUMNS}""",
        [
            new_id(),
            principal.organization_id,
            project_id,
            name,
            credentials.lookup_of(key),
            credentials.digest(key),
            key[-4:],
        ],
    )
    details = {"projectId": project_id, "after": _facts(made)}
    await audit.note(conn, principal, Action.KEY_CREATED, made.id, details=details)
    return made


async def find_all(conn: Conn, principal: Principal, project_id: str) -> list[ApiKey]:
    """The project's keys, newest first. Raises NotFoundError when the principal reaches no such project."""
    await projects.get(conn, principal, project_id)
    return await fetch_all(
        conn,
        ApiKey,
        f"SELECT {_COLUMNS} FROM api_keys WHERE organization_id = %s AND project_id = %s ORDER BY id DESC",
        [principal.organization_id, project_id],
    )


async def find_of_organization(conn: Conn, organization_id: str, *, limit: int) -> list[ApiKey]:
    """An organization's keys in all its projects, newest first: for the operator, never for a caller."""
    return await fetch_all(
        conn,
        ApiKey,
        f"SELECT {_COLUMNS} FROM api_keys WHERE organization_id = %s ORDER BY id DESC LIMIT %s",
        [organization_id, limit],
    )


async def change(
    conn: Conn, principal: Principal, project_id: str, *, key_id: str, name: str | None, disabled: bool | None
) -> ApiKey:
    """Rename, disable, enable; None leaves a value as it is. Raises NotFoundError."""
    before = await _lock(conn, principal, project_id, key_id)
    after = await fetch_existing(
        conn,
        ApiKey,
        f"""UPDATE api_keys SET name = coalesce(%s, name), disabled = coalesce(%s, disabled), updated_at = now()
            WHERE organization_id = %s AND id = %s RETURNING {_COLUMNS}""",
        [name, disabled, principal.organization_id, key_id],
    )
    details = {"projectId": project_id, **audit.changes(_facts(before), _facts(after))}
    await audit.note(conn, principal, Action.KEY_CHANGED, key_id, details=details)
    return after


async def delete(conn: Conn, principal: Principal, project_id: str, *, key_id: str) -> None:
    """Take a key out for good; it is refused from the commit on. Raises NotFoundError."""
    before = await _lock(conn, principal, project_id, key_id)
    await conn.execute(
        "DELETE FROM api_keys WHERE organization_id = %s AND id = %s", [principal.organization_id, key_id]
    )
    details = {"projectId": project_id, "before": _facts(before)}
    await audit.note(conn, principal, Action.KEY_DELETED, key_id, details=details)


async def delete_all(conn: Conn, principal: Principal) -> int:
    """Take out every key of the organization; how many. Each is audited."""
    keys = await fetch_all(
        conn,
        ApiKey,
        f"DELETE FROM api_keys WHERE organization_id = %s RETURNING {_COLUMNS}",
        [principal.organization_id],
    )
    for key in keys:
        details = {"projectId": key.project_id, "before": _facts(key)}
        await audit.note(conn, principal, Action.KEY_DELETED, key.id, details=details)
    return len(keys)


async def _lock(conn: Conn, principal: Principal, project_id: str, key_id: str) -> ApiKey:
    await projects.get(conn, principal, project_id)
    return await look_up(
        conn,
        ApiKey,
        f"""SELECT {_COLUMNS} FROM api_keys WHERE organization_id = %s AND project_id = %s AND id = %s FOR UPDATE""",
        [principal.organization_id, project_id, key_id],
        what="API key",
        named=key_id,
    )


def _facts(key: ApiKey) -> dict[str, object]:
    return {"name": key.name, "disabled": key.disabled, "keyHint": key.key_hint}


async def principal_of(conn: Conn, key: str, *, address: str | None, now: datetime) -> Principal:
    """Who the key speaks for. Raises UnauthenticatedError for one that is malformed, unknown, deleted or disabled.

    And for one of a suspended organization, in words, as whoever holds the key may know.
    """
    sql = """SELECT k.id, k.organization_id, k.project_id, k.key_hash, k.last_used_at,
                 o.suspended_at IS NOT NULL AS suspended
             FROM api_keys k JOIN organizations o ON o.id = k.organization_id WHERE k.lookup = %s AND NOT k.disabled"""
    stored = await fetch_one(conn, _Stored, sql, [credentials.lookup_of(key)])
    if stored is None or not hmac.compare_digest(stored.key_hash, credentials.digest(key)):
        raise UnauthenticatedError("The API key is not valid; check it, or create another one")
    if stored.suspended:
        raise UnauthenticatedError("The organization of this API key is suspended; ask the operator of this service")
    if stored.last_used_at is None or stored.last_used_at <= now - _USE_NOTED_EVERY:
        await conn.execute("UPDATE api_keys SET last_used_at = %s WHERE id = %s", [now, stored.id])
    return Principal(stored.organization_id, project_id=stored.project_id, key_id=stored.id, address=address)
