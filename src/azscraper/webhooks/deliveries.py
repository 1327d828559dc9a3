"""Deliveries as callers see them: listed, sent again, tested. ``delivering`` carries them out."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, LiteralString

from azscraper.errors import ConflictError, RateLimitedError
from azscraper.slices import Slice, cut
from azscraper.store.db import Conn, count_rows, fetch_all, look_up, scalar
from azscraper.tenants.principal import Principal
from azscraper.webhooks import endpoints
from azscraper.webhooks.endpoints import Event
from azscraper.words import DeliveryStatus

TESTS_A_MINUTE = 6
REDELIVERIES_A_MINUTE = 60
_MINUTE = timedelta(minutes=1)
TEST_EVENT = "webhook.test"


@dataclass(frozen=True, slots=True)
class Delivery:
    """A delivery as callers see it."""

    id: str
    seq: int
    webhook_id: str
    event_id: str
    type: str
    subject: str
    status: str
    attempts: int
    next_attempt_at: datetime | None
    status_code: int | None
    latency_ms: int | None
    answer: str | None
    error: str | None
    created_at: datetime
    ended_at: datetime | None


_COLUMNS: LiteralString = """d.id, d.seq, d.webhook_id, d.event_id, e.type, d.subject, d.status, d.attempts,
    d.next_attempt_at, d.status_code, d.latency_ms, d.answer, d.error, d.created_at, d.ended_at"""


async def find_slice(
    conn: Conn,
    principal: Principal,
    webhook_id: str,
    *,
    status: DeliveryStatus | None,
    before: int | None,
    limit: int,
) -> Slice[Delivery]:
    """An endpoint's deliveries, newest first, from behind a page's ``next_cursor`` on. Raises NotFoundError."""
    await endpoints.get(conn, principal, webhook_id)
    params = {"webhook_id": webhook_id, "status": status, "before": before, "limit": limit + 1}
    where: LiteralString = "d.webhook_id = %(webhook_id)s AND (%(status)s::text IS NULL OR d.status = %(status)s)"
    found = await fetch_all(
        conn,
        Delivery,
        f"""SELECT {_COLUMNS} FROM webhook_deliveries d JOIN webhook_events e ON e.id = d.event_id
            WHERE {where} AND (%(before)s::bigint IS NULL OR d.seq < %(before)s) ORDER BY d.seq DESC LIMIT %(limit)s""",
        params,
    )
    total = await count_rows(conn, f"SELECT count(*) FROM webhook_deliveries d WHERE {where}", params)
    return cut(found, total, limit=limit, cursor=lambda delivery: str(delivery.seq))


async def get(conn: Conn, principal: Principal, delivery_id: str) -> Delivery:
    """The delivery. Raises NotFoundError when the organization has none of that id."""
    return await look_up(
        conn,
        Delivery,
        f"""SELECT {_COLUMNS} FROM webhook_deliveries d JOIN webhook_events e ON e.id = d.event_id
            JOIN webhooks w ON w.id = d.webhook_id
            WHERE w.organization_id = %s AND d.id = %s AND w.project_id = coalesce(%s, w.project_id)""",
        [principal.organization_id, delivery_id, principal.project_id],
        what="Delivery",
        named=delivery_id,
    )


async def redeliver(conn: Conn, principal: Principal, delivery_id: str, *, now: datetime) -> Delivery:
    """Send the same event, under the same id, once more: a new delivery behind what its stream holds already.

    Raises NotFoundError, ConflictError when the endpoint is switched off, and RateLimitedError for more than 60 a
    minute and organization.
    """
    old = await get(conn, principal, delivery_id)
    await _lock_enabled(conn, principal, old.webhook_id)
    await _count_sent(conn, principal, "recent_redeliveries", most=REDELIVERIES_A_MINUTE, now=now)
    [new] = await endpoints.enqueue(conn, old.subject, [(old.webhook_id, old.event_id)])
    return await get(conn, principal, new)


async def send_test(conn: Conn, principal: Principal, webhook_id: str, *, now: datetime) -> Delivery:
    """Send a ``webhook.test`` event to this endpoint alone, six a minute and organization. Raises as ``redeliver``."""
    webhook = await _lock_enabled(conn, principal, webhook_id)
    await _count_sent(conn, principal, "recent_tests", most=TESTS_A_MINUTE, now=now)
    event = Event(TEST_EVENT, {"webhookId": webhook.id, "projectId": webhook.project_id})
    return await get(conn, principal, await endpoints.send(conn, webhook, event, now=now))


async def _count_sent(
    conn: Conn,
    principal: Principal,
    column: Literal["recent_tests", "recent_redeliveries"],
    *,
    most: int,
    now: datetime,
) -> None:
    """Without it, whoever signs up sends messages from here to any address, as fast as they ask."""
    counted = await scalar(
        conn,
        int,
        f"""UPDATE organizations
            SET {column} = ARRAY(SELECT t FROM unnest({column}) t WHERE t > %(since)s) || %(now)s::timestamptz
            WHERE id = %(organization_id)s
              AND (SELECT count(*) FROM unnest({column}) t WHERE t > %(since)s) < %(most)s RETURNING 1""",
        {"organization_id": principal.organization_id, "now": now, "since": now - _MINUTE, "most": most},
    )
    if counted is None:
        message = f"At most {most} such messages can be sent per minute"
        raise RateLimitedError(message, retry_after_seconds=int(_MINUTE.total_seconds()))


async def _lock_enabled(conn: Conn, principal: Principal, webhook_id: str) -> endpoints.Webhook:
    webhook = await endpoints.lock(conn, principal, webhook_id)
    if not webhook.enabled:
        raise ConflictError("The webhook is switched off; enable it first")
    return webhook
