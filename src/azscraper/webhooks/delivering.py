"""An event on its way to an endpoint. Load, sign, post, record; no transaction is open over the network.

At least once and in order: a stream (see ``webhooks``) moves on when its first pending delivery has ended. A task that
runs twice may send a message twice, under the same id; only one of the two can record it, and the other stops.
"""

import asyncio
import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import structlog

from azscraper import metrics
from azscraper.errors import SealBrokenError
from azscraper.store import queue
from azscraper.store.db import Conn, Pool, fetch_one, scalar, transaction
from azscraper.tenants.keyring import Keyring
from azscraper.webhooks import endpoints
from azscraper.webhooks.endpoints import DELIVER_TASK
from azscraper.webhooks.grace import before_the_end
from azscraper.webhooks.outbound import Outbound
from azscraper.webhooks.policy import Answer, Decision, Delivered, GiveUp, Retry, SwitchOff, decide, status_of
from azscraper.webhooks.secrets import Secrets
from azscraper.webhooks.signing import signed_headers

_MESSAGES_AT_ONCE = 20
"""That one task sends before the stream goes to the end of the queue: a long stream can't starve a short one."""

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Deliverer:
    """What a worker process sends with."""

    pool: Pool
    outbound: Outbound
    stop: asyncio.Event
    """Set when the worker is to end; a message that runs then has ``grace_seconds`` left."""
    grace_seconds: float
    clock: Callable[[], datetime]
    keys: Keyring
    """Open the secrets that messages are signed with."""
    jitter: Callable[[], float] = random.random


@dataclass(frozen=True, slots=True)
class _Message:
    id: str
    webhook_id: str
    subject: str
    event_id: str
    attempts: int
    next_attempt_at: datetime | None
    body: str
    url: str
    secret: str
    previous_secret: str | None
    sealed_secret: bytes | None
    sealed_previous: bytes | None
    previous_secret_until: datetime | None
    failing_since: datetime | None
    paused_until: datetime | None

    def waits_until(self, now: datetime) -> datetime | None:
        return max(
            (at for at in (self.next_attempt_at, self.paused_until) if at is not None and at > now), default=None
        )

    def secrets(self) -> Secrets:
        return Secrets(
            self.webhook_id,
            self.secret,
            self.previous_secret,
            self.sealed_secret,
            self.sealed_previous,
            self.previous_secret_until,
        )


async def deliver(deliverer: Deliverer, webhook_id: str, subject: str) -> None:
    """Run a stream's task: send what is due, in order, and leave one task for what is left."""
    for _ in range(_MESSAGES_AT_ONCE):
        if deliverer.stop.is_set():
            break
        async with transaction(deliverer.pool) as conn:
            message = await _next(conn, webhook_id, subject, now=deliverer.clock())
        if message is None:
            return
        answer = await _post(deliverer, message)
        if answer is None:
            break
        async with transaction(deliverer.pool) as conn:
            if not await _save(conn, deliverer, message, answer):
                return
    async with transaction(deliverer.pool) as conn:
        await endpoints.defer(conn, webhook_id, subject)


async def _next(conn: Conn, webhook_id: str, subject: str, *, now: datetime) -> _Message | None:
    """The stream's first pending delivery; None when there is none, or when it is not due and the task has been put off.

    Of a suspended organization there is none: its streams lose their tasks, and ``revive`` brings them back afterwards.
    """
    message = await fetch_one(
        conn,
        _Message,
        """SELECT d.id, d.webhook_id, d.subject, d.event_id, d.attempts, d.next_attempt_at, e.body, w.url, w.secret, w.previous_secret,
                  w.sealed_secret, w.sealed_previous, w.previous_secret_until, w.failing_since, w.paused_until
           FROM webhook_deliveries d JOIN webhooks w ON w.id = d.webhook_id JOIN webhook_events e ON e.id = d.event_id
             JOIN organizations o ON o.id = w.organization_id
           WHERE d.webhook_id = %s AND d.subject = %s AND d.status = 'pending' AND o.suspended_at IS NULL
           ORDER BY d.seq LIMIT 1""",
        [webhook_id, subject],
    )
    until = None if message is None else message.waits_until(now)
    if until is None:
        return message
    await endpoints.defer(conn, webhook_id, subject, at=until)
    return None


async def _post(deliverer: Deliverer, message: _Message) -> Answer | None:
    """The answer, or None when the worker had to end first."""
    now, body = deliverer.clock(), message.body.encode()
    try:
        secrets = message.secrets().signing(deliverer.keys, now=now)
    except SealBrokenError as exc:
        _log.error("a webhook's secret can't be read", webhook_id=message.webhook_id, reason=exc.message)
        return Answer(None, b"", 0, error="The secret of this webhook can't be read any more; rotate it")
    headers = signed_headers(secrets, message_id=message.event_id, now=now, body=body)
    posting = deliverer.outbound.post(message.url, body=body, headers=headers)
    answer = await before_the_end(posting, stop=deliverer.stop, grace_seconds=deliverer.grace_seconds)
    if answer is not None:
        metrics.POSTS.labels(f"{answer.status // 100}xx" if answer.status else "none").inc()
    return answer


async def _save(conn: Conn, deliverer: Deliverer, message: _Message, answer: Answer) -> bool:
    """Store what came of a try; whether the stream goes on with its next delivery in this task."""
    now = deliverer.clock()
    decision = decide(
        answer,
        attempts=message.attempts + 1,
        failing_since=message.failing_since,
        now=now,
        jitter=deliverer.jitter(),
    )
    if isinstance(decision, SwitchOff):
        await endpoints.lock_project(conn, message.webhook_id)
    else:
        await conn.execute("SELECT 1 FROM webhooks WHERE id = %s FOR UPDATE", [message.webhook_id])
    if not await _end_attempt(conn, message, answer, decision, now):
        return False
    await _mark_webhook(conn, message.webhook_id, decision, now)
    if isinstance(decision, Retry):
        await endpoints.defer(conn, message.webhook_id, message.subject, at=decision.at)
        return False
    return await _has_pending(conn, message.webhook_id, message.subject)


async def _end_attempt(conn: Conn, message: _Message, answer: Answer, decision: Decision, now: datetime) -> bool:
    """False when another run of the task was faster, or the delivery is gone."""
    cursor = await conn.execute(
        """UPDATE webhook_deliveries SET attempts = attempts + 1, status = %(status)s, next_attempt_at = %(at)s,
               status_code = %(code)s, latency_ms = %(latency)s, answer = %(answer)s, error = %(error)s,
               ended_at = CASE WHEN %(at)s::timestamptz IS NULL THEN %(now)s::timestamptz END
           WHERE id = %(id)s AND attempts = %(attempts)s AND status = 'pending'""",
        {
            "status": status_of(decision),
            "at": decision.at if isinstance(decision, Retry) else None,
            "code": answer.status,
            "latency": answer.latency_ms,
            "answer": answer.body.decode(errors="replace").replace("\x00", "\ufffd"),
            "error": _error(answer, decision),
            "now": now,
            "id": message.id,
            "attempts": message.attempts,
        },
    )
    return cursor.rowcount == 1


def _error(answer: Answer, decision: Decision) -> str | None:
    if isinstance(decision, Delivered):
        return None
    return answer.error or f"It answered {answer.status}; only 2xx is success"


async def _mark_webhook(conn: Conn, webhook_id: str, decision: Decision, now: datetime) -> None:
    match decision:
        case Delivered():
            await conn.execute(
                """UPDATE webhooks SET failing_since = NULL, paused_until = NULL
                   WHERE id = %s AND (failing_since IS NOT NULL OR paused_until IS NOT NULL)""",
                [webhook_id],
            )
        case SwitchOff(reason):
            await endpoints.disable(conn, webhook_id, reason=reason)
            _log.warning("webhook switched off", webhook_id=webhook_id, reason=reason)
        case Retry() | GiveUp():
            await conn.execute(
                """UPDATE webhooks SET failing_since = coalesce(failing_since, %s),
                       paused_until = greatest(paused_until, %s) WHERE id = %s""",
                [now, decision.pause_until if isinstance(decision, Retry) else None, webhook_id],
            )


async def _has_pending(conn: Conn, webhook_id: str, subject: str) -> bool:
    return bool(
        await scalar(
            conn,
            bool,
            """SELECT EXISTS (SELECT 1 FROM webhook_deliveries
                              WHERE webhook_id = %s AND subject = %s AND status = 'pending')""",
            [webhook_id, subject],
        )
    )


async def revive(conn: Conn, *, due_before: datetime) -> int:
    """Put streams back into the queue that should have been sent by then and have no task there; how many.

    Needed after the queue gave a task up (see ``queue``), and after an organization's suspension was lifted; an event
    must not wait for ever because of it.
    """
    cursor = await conn.execute(
        """SELECT w.id, head.subject FROM webhooks w JOIN organizations o ON o.id = w.organization_id JOIN LATERAL (
               SELECT DISTINCT ON (d.subject) d.subject, coalesce(d.next_attempt_at, d.created_at) AS due_at
               FROM webhook_deliveries d
               WHERE d.webhook_id = w.id AND d.status = 'pending' ORDER BY d.subject, d.seq) head
             ON greatest(head.due_at, w.paused_until) < %s
           WHERE o.suspended_at IS NULL LIMIT 100 FOR UPDATE OF w SKIP LOCKED""",
        [due_before],
    )
    revived = 0
    for webhook_id, subject in await cursor.fetchall():
        if not await queue.has_task(conn, DELIVER_TASK, subject=subject, webhook_id=webhook_id):
            await endpoints.defer(conn, webhook_id, subject)
            revived += 1
    return revived
