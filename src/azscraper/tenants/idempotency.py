"""Idempotency keys: the same request sent again gets the first answer again, for 24 hours.

The answer is stored in the transaction that makes what it tells of, so there is never one without the other. A request
that fails leaves no answer: sent again, it is tried again.
"""

import hashlib
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import LiteralString

import orjson

from azscraper.errors import ConflictError
from azscraper.store.db import Conn, fetch_existing

LIFETIME = timedelta(hours=24)
"""api.md: Jobs, Idempotency-Key."""
_SWEPT_AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class Key:
    """What a request is known by: only the same organization can meet its own keys again, on the same route."""

    organization_id: str
    route: str
    """Method and path, ids included."""
    value: str
    fingerprint: bytes


@dataclass(frozen=True, slots=True)
class Answer:
    """What was answered."""

    status: int
    body: bytes


@dataclass(frozen=True, slots=True)
class _Kept:
    fingerprint: bytes
    status: int
    body: bytes


def fingerprint(query: str, body: bytes) -> bytes:
    """Alike for the same query and the same JSON, whatever its spaces and the order of its keys."""
    with suppress(orjson.JSONDecodeError):  # no body, or none that a route reads
        body = orjson.dumps(orjson.loads(body), option=orjson.OPT_SORT_KEYS)
    return hashlib.sha256(query.encode() + b"\x00" + body).digest()


async def claim(conn: Conn, key: Key, *, now: datetime) -> Answer | None:
    """The answer that this key had; None when the key is new and now held by the caller's transaction.

    A twin that is on its way is waited for: its answer is given, or, should it fail, the caller goes ahead. Raises
    ConflictError when the key came with another query or body.
    """
    if await _take(conn, key, now):
        await forget_expired(conn, now=now, most=_SWEPT_AT_ONCE)
        return None
    kept = await fetch_existing(
        conn,
        _Kept,
        "SELECT fingerprint, status, body FROM idempotency_keys WHERE organization_id = %s AND route = %s AND key = %s",
        [key.organization_id, key.route, key.value],
    )
    if kept.fingerprint != key.fingerprint:
        raise ConflictError("This Idempotency-Key was used with another request")
    return Answer(kept.status, kept.body)


async def _take(conn: Conn, key: Key, now: datetime) -> bool:
    sql: LiteralString = """INSERT INTO idempotency_keys AS k (organization_id, route, key, fingerprint, created_at)
        VALUES (%(organization_id)s, %(route)s, %(key)s, %(fingerprint)s, %(now)s)
        ON CONFLICT (organization_id, route, key) DO UPDATE
        SET fingerprint = excluded.fingerprint, created_at = excluded.created_at, status = NULL, body = NULL
        WHERE k.created_at <= %(expired)s RETURNING 1"""
    params = {
        "organization_id": key.organization_id,
        "route": key.route,
        "key": key.value,
        "fingerprint": key.fingerprint,
        "now": now,
        "expired": now - LIFETIME,
    }
    return await (await conn.execute(sql, params)).fetchone() is not None


async def forget_expired(conn: Conn, *, now: datetime, most: int) -> int:
    """Remove expired keys with their answers; how many. A few go with each new one: more than come in."""
    cursor = await conn.execute(
        """DELETE FROM idempotency_keys WHERE ctid = ANY (ARRAY(
               SELECT ctid FROM idempotency_keys WHERE created_at <= %s - interval '1 hour'
               ORDER BY created_at LIMIT %s FOR UPDATE SKIP LOCKED))""",
        [now - LIFETIME, most],
    )
    return cursor.rowcount


async def keep(conn: Conn, key: Key, answer: Answer) -> None:
    """Store the answer of the transaction that holds the key."""
    await conn.execute(
        "UPDATE idempotency_keys SET status = %s, body = %s WHERE organization_id = %s AND route = %s AND key = %s",
        [answer.status, answer.body, key.organization_id, key.route, key.value],
    )
