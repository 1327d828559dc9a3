"""Webhooks: endpoints that a project's events go to, and the events. How they get there is in ``deliveries``.

An event is written in the transaction of what it tells, with one delivery for each endpoint that wants it. A *stream* is
what one endpoint hears of one subject (a job, a schedule): its deliveries go in order, and it has exactly one task in
the queue while one of them is pending. Both who adds to a stream and who takes from it locks the endpoint's row first.
"""

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, LiteralString

import orjson

from azscraper.clock import stamp
from azscraper.errors import ConflictError
from azscraper.ids import new_id
from azscraper.store import queue, sent
from azscraper.store.db import Conn, columns_of, count_rows, fetch_all, fetch_existing, fetch_one, look_up
from azscraper.store.sent import Later
from azscraper.tenants import audit, projects
from azscraper.tenants.audit import Action
from azscraper.tenants.keyring import Keyring
from azscraper.tenants.principal import Principal
from azscraper.webhooks import secrets
from azscraper.webhooks.signing import SECRET_BYTES, secret_of
from azscraper.words import EventType

DELIVER_TASK = "deliver"
QUEUE = "webhooks"
"""A queue of their own: slow receivers don't hold up crawling, nor the other way about."""
MOST_PER_PROJECT = 20
"""Bounds what one event costs the transaction that it is written in."""


@dataclass(frozen=True, slots=True)
class Event:
    """Something to tell. ``data`` is the payload's own part: small, camelCase keys, times by ``clock.stamp``."""

    type: str
    data: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Webhook:
    """An endpoint's row, without its secrets."""

    id: str
    organization_id: str
    project_id: str
    url: str
    events: list[str]
    enabled: bool
    disabled_reason: str | None
    """Why the service disabled it; null if its owner did."""
    previous_secret_until: datetime | None
    failing_since: datetime | None
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class Listener:
    """An endpoint that hears of some types of events."""

    id: str
    organization_id: str
    events: list[str]
    now: datetime


_COLUMNS = columns_of(Webhook)
_IS_REACHED: LiteralString = "organization_id = %s AND id = %s AND project_id = coalesce(%s, project_id)"


async def create(
    conn: Conn,
    principal: Principal,
    project_id: str,
    *,
    url: str,
    events: Sequence[EventType],
    secret: str,
    keys: Keyring,
) -> Webhook:
    """A new endpoint, whose secret is stored sealed. The caller has checked the URL.

    Raises NotFoundError, and ConflictError when the project is archived or has 20.
    """
    await projects.lock_open(conn, principal, project_id)
    sql: LiteralString = "SELECT count(*) FROM webhooks WHERE organization_id = %s AND project_id = %s"
    if await count_rows(conn, sql, [principal.organization_id, project_id]) >= MOST_PER_PROJECT:
        raise ConflictError(f"A project has at most {MOST_PER_PROJECT} webhooks; delete one that you no longer need")
    webhook_id = new_id()
    sealed = secrets.sealed(keys, secret, webhook_id)
    webhook = await fetch_existing(
        conn,
        Webhook,
        f"""INSERT INTO webhooks (id, organization_id, project_id, url, events, secret, sealed_secret)
            VALUES (%s, %s, %s, %s, %s, '', %s) RETURNING {_COLUMNS}""",
        [webhook_id, principal.organization_id, project_id, url, list(events), sealed],
    )
    details = {"projectId": project_id, "after": _facts(webhook)}
    await audit.note(conn, principal, Action.WEBHOOK_CREATED, webhook.id, details=details)
    return webhook


def _facts(webhook: Webhook) -> dict[str, object]:
    """What the audit tells: of the URL not its query, which may hold a token."""
    url = webhook.url.partition("?")[0]
    return {"url": url, "events": webhook.events, "enabled": webhook.enabled}


def new_secret() -> str:
    """A secret that is never shown again."""
    return secret_of(os.urandom(SECRET_BYTES))


async def find_all(conn: Conn, principal: Principal, project_id: str) -> list[Webhook]:
    """The project's endpoints, newest first. Raises NotFoundError when the organization has no such project."""
    await projects.get(conn, principal, project_id)
    return await fetch_all(
        conn,
        Webhook,
        f"SELECT {_COLUMNS} FROM webhooks WHERE organization_id = %s AND project_id = %s ORDER BY id DESC",
        [principal.organization_id, project_id],
    )


async def find_of_organization(conn: Conn, organization_id: str, *, limit: int) -> list[Webhook]:
    """An organization's endpoints in all its projects, newest first: for the operator, never for a caller."""
    return await fetch_all(
        conn,
        Webhook,
        f"SELECT {_COLUMNS} FROM webhooks WHERE organization_id = %s ORDER BY id DESC LIMIT %s",
        [organization_id, limit],
    )


async def get(conn: Conn, principal: Principal, webhook_id: str) -> Webhook:
    """The endpoint. Raises NotFoundError when the organization has none of that id."""
    return await _one(conn, f"SELECT {_COLUMNS} FROM webhooks WHERE {_IS_REACHED}", principal, webhook_id)


async def _one(conn: Conn, sql: LiteralString, principal: Principal, webhook_id: str) -> Webhook:
    params = [principal.organization_id, webhook_id, principal.project_id]
    return await look_up(conn, Webhook, sql, params, what="Webhook", named=webhook_id)


async def lock(conn: Conn, principal: Principal, webhook_id: str) -> Webhook:
    """The endpoint, its row locked until the transaction ends. Raises NotFoundError."""
    return await _one(conn, f"SELECT {_COLUMNS} FROM webhooks WHERE {_IS_REACHED} FOR UPDATE", principal, webhook_id)


async def change(
    conn: Conn,
    principal: Principal,
    webhook_id: str,
    *,
    url: str | None,
    events: Sequence[EventType] | None,
    enabled: bool | None,
) -> Webhook:
    """Change what is not None. Switching off gives up what is pending; switching on starts with a clean record.

    Raises NotFoundError. The caller has checked the URL.
    """
    old = await lock(conn, principal, webhook_id)
    await conn.execute(
        """UPDATE webhooks SET url = coalesce(%s, url), events = coalesce(%s, events), updated_at = now()
           WHERE organization_id = %s AND id = %s""",
        [url, None if events is None else list(events), principal.organization_id, webhook_id],
    )
    if enabled is False:
        await switch_off(conn, webhook_id, reason=None)
    elif enabled and not old.enabled:
        await conn.execute(
            """UPDATE webhooks SET enabled = true, disabled_reason = NULL, failing_since = NULL, paused_until = NULL
               WHERE organization_id = %s AND id = %s""",
            [principal.organization_id, webhook_id],
        )
    new = await get(conn, principal, webhook_id)
    details = {"projectId": new.project_id, **audit.changes(_facts(old), _facts(new))}
    await audit.note(conn, principal, Action.WEBHOOK_CHANGED, webhook_id, details=details)
    return new


async def switch_off(conn: Conn, webhook_id: str, *, reason: str | None) -> None:
    """Send nothing more there, and give up what is pending. The caller has locked the endpoint's row."""
    await conn.execute(
        "UPDATE webhooks SET enabled = false, disabled_reason = %s, updated_at = now() WHERE id = %s",
        [reason, webhook_id],
    )
    await conn.execute(
        """UPDATE webhook_deliveries SET status = 'failed', next_attempt_at = NULL, ended_at = now(),
               error = coalesce(error, 'The webhook was switched off')
           WHERE webhook_id = %s AND status = 'pending'""",
        [webhook_id],
    )


async def disable(conn: Conn, webhook_id: str, *, reason: str) -> None:
    """Switch a failing endpoint off and tell its owner: the audit, and the project's other webhooks.

    The caller has locked the rows of all of the project's endpoints (``lock_project``).
    """
    webhook = await fetch_one(conn, Webhook, f"SELECT {_COLUMNS} FROM webhooks WHERE id = %s", [webhook_id])
    if webhook is None:
        return
    await switch_off(conn, webhook_id, reason=reason)
    details = {"projectId": webhook.project_id, "reason": reason, "before": _facts(webhook)}
    await audit.note(conn, Principal(webhook.organization_id), Action.WEBHOOK_DISABLED, webhook_id, details=details)
    data = {"webhookId": webhook_id, "projectId": webhook.project_id, "url": _facts(webhook)["url"], "reason": reason}
    await emit(conn, webhook.project_id, webhook_id, [Event(EventType.WEBHOOK_DISABLED, data)])


async def lock_project(conn: Conn, webhook_id: str) -> None:
    """Lock all endpoints of the webhook's project, in the one order: two that end at once can't lock each other out."""
    await conn.execute(
        """SELECT 1 FROM webhooks WHERE project_id = (SELECT project_id FROM webhooks WHERE id = %s)
           ORDER BY id FOR UPDATE""",
        [webhook_id],
    )


async def rotate_secret(
    conn: Conn, principal: Principal, webhook_id: str, *, keys: Keyring, now: datetime
) -> tuple[Webhook, str]:
    """A new secret; the one before signs along for 24 hours, an older one no more. Raises NotFoundError."""
    await lock(conn, principal, webhook_id)
    secret = new_secret()
    await secrets.rotate(conn, keys, webhook_id, secret, now=now)
    await audit.note(conn, principal, Action.WEBHOOK_SECRET_ROTATED, webhook_id)
    return await get(conn, principal, webhook_id), secret


async def delete(conn: Conn, principal: Principal, webhook_id: str) -> None:
    """Delete the endpoint and its deliveries. Raises NotFoundError."""
    gone = await _one(conn, f"DELETE FROM webhooks WHERE {_IS_REACHED} RETURNING {_COLUMNS}", principal, webhook_id)
    details = {"projectId": gone.project_id, "before": _facts(gone)}
    await audit.note(conn, principal, Action.WEBHOOK_DELETED, webhook_id, details=details)


async def emit(conn: Conn, project_id: str, subject: str, events: Sequence[Event]) -> None:
    """Tell the project's endpoints, in this order, within the caller's transaction.

    ``subject`` is the id of what all these events are about; events of one subject reach an endpoint in the order in
    which they were written, so the caller has locked the subject's row. Costs one indexed query, and no more when
    nobody listens. A suspended organization is told nothing.
    """
    listening = await listeners(conn, project_id, [event.type for event in events])
    await tell(conn, await listening(), subject, events)


async def listeners(conn: Conn, project_id: str, types: Sequence[str]) -> Later[list[Listener]]:
    """The project's endpoints that hear of any of these types: ``tell`` them in the same transaction."""
    asked = await sent.send(
        conn,
        Listener,
        """SELECT id, organization_id, events, now() AS now FROM webhooks
           WHERE project_id = %s AND enabled AND events && %s::text[]
             AND NOT EXISTS (SELECT 1 FROM organizations o
                             WHERE o.id = webhooks.organization_id AND o.suspended_at IS NOT NULL)
           ORDER BY id FOR SHARE OF webhooks""",
        [project_id, list(types)],
    )
    return asked.all


async def tell(conn: Conn, listeners: Sequence[Listener], subject: str, events: Sequence[Event]) -> None:
    """As ``emit``, of these endpoints."""
    told = [event for event in events if any(event.type in listener.events for listener in listeners)]
    if not told:
        return
    ids = await _store(conn, listeners[0].organization_id, told, listeners[0].now)
    wanted = [
        (listener.id, event_id)
        for event_id, event in zip(ids, told, strict=True)
        for listener in listeners
        if event.type in listener.events
    ]
    await enqueue(conn, subject, wanted)


async def _store(conn: Conn, organization_id: str, events: Sequence[Event], now: datetime) -> list[str]:
    ids = [new_id() for _ in events]
    await conn.execute(
        """INSERT INTO webhook_events (id, organization_id, type, body, created_at)
           SELECT event.id, %s, event.type, event.body, %s
           FROM unnest(%s::text[], %s::text[], %s::text[]) AS event (id, type, body)""",
        [organization_id, now, ids, [event.type for event in events], [_body(event, now) for event in events]],
    )
    return ids


def _body(event: Event, now: datetime) -> str:
    return orjson.dumps({"type": event.type, "timestamp": stamp(now), "data": event.data}).decode()


async def send(conn: Conn, webhook: Webhook, event: Event, *, now: datetime) -> str:
    """Tell one endpoint alone, whatever it listens to; the delivery's id. The caller has locked the endpoint's row."""
    [event_id] = await _store(conn, webhook.organization_id, [event], now)
    [delivery_id] = await enqueue(conn, webhook.id, [(webhook.id, event_id)])
    return delivery_id


async def enqueue(conn: Conn, subject: str, wanted: Iterable[tuple[str, str]]) -> list[str]:
    """Add deliveries, each a webhook's and an event's id, to the streams of ``subject``; the ids of the deliveries.

    A stream that was empty gets its task. The caller has locked the endpoints' rows.
    """
    webhook_ids, event_ids = zip(*wanted, strict=True)
    cursor = await conn.execute(
        """SELECT DISTINCT webhook_id FROM webhook_deliveries
           WHERE webhook_id = ANY(%s) AND subject = %s AND status = 'pending'""",
        [list(webhook_ids), subject],
    )
    busy = {row[0] for row in await cursor.fetchall()}
    ids = [new_id() for _ in event_ids]
    await conn.execute(
        """INSERT INTO webhook_deliveries (id, webhook_id, event_id, subject)
           SELECT wanted.id, wanted.webhook_id, wanted.event_id, %s
           FROM unnest(%s::text[], %s::text[], %s::text[]) WITH ORDINALITY
                AS wanted (id, webhook_id, event_id, place) ORDER BY wanted.place""",
        [subject, ids, list(webhook_ids), list(event_ids)],
    )
    for webhook_id in dict.fromkeys(webhook_ids):
        if webhook_id not in busy:
            await defer(conn, webhook_id, subject)
    return ids


async def defer(conn: Conn, webhook_id: str, subject: str, *, at: datetime | None = None) -> None:
    """Put a stream's task into the queue, to run at once or from ``at`` on."""
    await queue.defer(conn, DELIVER_TASK, queue=QUEUE, at=at, webhook_id=webhook_id, subject=subject)
