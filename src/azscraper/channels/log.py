"""What a channel sent and is to send: its log, and the one message that a worker has in work.

A task of the queue only wakes: whoever runs one takes what is due, under the channel's row. While a worker sends, the row says
so until a time (``SENDING``), so that a channel sends one message at a time, and a worker that dies holds it up no longer
than that. A message keeps its id over tries: one that arrives twice can be told by it.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import LiteralString

from azscraper.channels import channels
from azscraper.channels.channels import COLUMNS, FROM, Channel
from azscraper.channels.sent import Sending
from azscraper.errors import ConflictError, RateLimitedError
from azscraper.ids import new_id
from azscraper.slices import Slice, cut
from azscraper.store.db import Conn, columns_of, count_rows, fetch_all, fetch_existing, fetch_one
from azscraper.tenants.principal import Principal
from azscraper.webhooks.policy import Answer, Decision, Delivered, GiveUp, Retry, SwitchOff, decide, status_of

SENDING = timedelta(seconds=45)
"""More than any message takes."""
TESTS_A_MINUTE = 6
_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Sent:
    """A message of a channel, as callers see it."""

    id: str
    seq: int
    channel_id: str
    kind: str
    """``test``, ``confirmation`` or ``alert``."""
    status: str
    attempts: int
    next_attempt_at: datetime | None
    latency_ms: int | None
    error: str | None
    created_at: datetime
    ended_at: datetime | None


_COLUMNS = columns_of(Sent)


async def find_slice(
    conn: Conn, principal: Principal, channel_id: str, *, before: int | None, limit: int
) -> Slice[Sent]:
    """A channel's messages, newest first. Raises NotFoundError."""
    await channels.get(conn, principal, channel_id)
    params = {"channel_id": channel_id, "before": before, "limit": limit + 1}
    found = await fetch_all(
        conn,
        Sent,
        f"""SELECT {_COLUMNS} FROM channel_messages WHERE channel_id = %(channel_id)s
              AND (%(before)s::bigint IS NULL OR seq < %(before)s) ORDER BY seq DESC LIMIT %(limit)s""",
        params,
    )
    total = await count_rows(conn, "SELECT count(*) FROM channel_messages WHERE channel_id = %(channel_id)s", params)
    return cut(found, total, limit=limit, cursor=lambda sent: str(sent.seq))


async def send_test(conn: Conn, principal: Principal, channel_id: str, *, now: datetime) -> Sent:
    """Send a test message, six a minute and organization.

    Raises NotFoundError, RateLimitedError, and ConflictError where the recipient has not agreed or the channel is off.
    """
    channel = await channels.lock(conn, principal, channel_id)
    if not channel.enabled:
        raise ConflictError("The channel is switched off; enable it first")
    if channel.type == channels.EMAIL and channel.confirmed_at is None:
        raise ConflictError("The recipient has not followed the link in the mail that asks for their consent")
    await conn.execute("SELECT 1 FROM organizations WHERE id = %s FOR NO KEY UPDATE", [principal.organization_id])
    recent: LiteralString = """SELECT count(*) FROM channel_messages m JOIN channels c ON c.id = m.channel_id
        WHERE c.organization_id = %s AND m.kind = 'test' AND m.created_at > %s"""
    if await count_rows(conn, recent, [principal.organization_id, now - _MINUTE]) >= TESTS_A_MINUTE:
        message = f"At most {TESTS_A_MINUTE} such messages can be sent per minute"
        raise RateLimitedError(message, retry_after_seconds=int(_MINUTE.total_seconds()))
    return await add(conn, channel_id, "test", now=now)


async def add(conn: Conn, channel_id: str, kind: str, *, now: datetime) -> Sent:
    """A message that is to be sent at once."""
    await channels.wake(conn, channel_id)
    return await put(conn, channel_id, kind, now=now)


async def put(conn: Conn, channel_id: str, kind: str, *, now: datetime) -> Sent:
    """A message that the caller sends."""
    return await fetch_existing(
        conn,
        Sent,
        f"""INSERT INTO channel_messages (id, channel_id, kind, created_at) VALUES (%s, %s, %s, %s)
            RETURNING {_COLUMNS}""",
        [new_id(), channel_id, kind, now],
    )


@dataclass(frozen=True, slots=True)
class _Work:
    sending_until: datetime | None
    paused_until: datetime | None
    is_suspended: bool


async def take(conn: Conn, channel_id: str, *, now: datetime) -> Channel | None:
    """The channel, its row locked; None while another worker sends, it is paused, or may send nothing."""
    work = await fetch_one(
        conn,
        _Work,
        """SELECT c.sending_until, c.paused_until, o.suspended_at IS NOT NULL AS is_suspended
           FROM channels c JOIN organizations o ON o.id = c.organization_id WHERE c.id = %s FOR UPDATE OF c""",
        [channel_id],
    )
    if (
        work is None
        or work.is_suspended
        or any(at is not None and at > now for at in (work.sending_until, work.paused_until))
    ):
        return None
    channel = await fetch_existing(conn, Channel, f"SELECT {COLUMNS} FROM {FROM} WHERE c.id = %s", [channel_id])
    return channel if channel.enabled else None


async def pending(conn: Conn, channel: Channel) -> Sent | None:
    """The channel's first message that is to be sent."""
    return await fetch_one(
        conn,
        Sent,
        f"SELECT {_COLUMNS} FROM channel_messages WHERE channel_id = %s AND status = 'pending' ORDER BY seq LIMIT 1",
        [channel.id],
    )


async def begin(conn: Conn, channel_id: str, *, now: datetime) -> None:
    """This worker sends from here to ``end``."""
    await conn.execute("UPDATE channels SET sending_until = %s WHERE id = %s", [now + SENDING, channel_id])


async def release(conn: Conn, channel_id: str) -> None:
    """Nothing came of it: the worker had to end."""
    await conn.execute("UPDATE channels SET sending_until = NULL WHERE id = %s", [channel_id])


async def end(conn: Conn, channel: Channel, sent: Sent, sending: Sending, *, now: datetime, jitter: float) -> Decision:
    """Store what came of a try. Locks the channel's row."""
    locked = await fetch_one(
        conn, _Failing, "SELECT failing_since FROM channels WHERE id = %s FOR UPDATE", [channel.id]
    )
    since = locked.failing_since if locked else None
    decision = _decided(sending, sent.attempts + 1, since, now, jitter)
    await conn.execute(
        """UPDATE channel_messages SET attempts = attempts + 1, status = %(status)s, next_attempt_at = %(at)s,
               latency_ms = %(latency)s, error = %(error)s,
               ended_at = CASE WHEN %(at)s::timestamptz IS NULL THEN %(now)s::timestamptz END
           WHERE id = %(id)s AND status = 'pending'""",
        {
            "status": status_of(decision),
            "at": decision.at if isinstance(decision, Retry) else None,
            "latency": sending.latency_ms,
            "error": sending.error,
            "now": now,
            "id": sent.id,
        },
    )
    await _mark(conn, channel, sent, decision, now=now)
    return decision


@dataclass(frozen=True, slots=True)
class _Failing:
    failing_since: datetime | None


def _decided(sending: Sending, attempts: int, failing_since: datetime | None, now: datetime, jitter: float) -> Decision:
    if sending.refused:
        return GiveUp()
    status = 200 if sending.error is None else None
    answer = Answer(status, b"", sending.latency_ms, sending.error, timed_out=sending.timed_out)
    return decide(answer, attempts=attempts, failing_since=failing_since, now=now, jitter=jitter)


async def _mark(conn: Conn, channel: Channel, sent: Sent, decision: Decision, *, now: datetime) -> None:
    match decision:
        case Delivered():
            await conn.execute(
                """UPDATE channels SET failing_since = NULL, paused_until = NULL, sending_until = NULL,
                       confirmed_at = CASE WHEN %s THEN coalesce(confirmed_at, %s) ELSE confirmed_at END WHERE id = %s""",
                [sent.kind == "test", now, channel.id],
            )
        case Retry(at):
            await conn.execute(
                """UPDATE channels SET failing_since = coalesce(failing_since, %s), paused_until = %s,
                       sending_until = NULL WHERE id = %s""",
                [now, at, channel.id],
            )
            await channels.wake(conn, channel.id, at=at)
        case GiveUp() | SwitchOff():
            await conn.execute(
                """UPDATE channels SET failing_since = coalesce(failing_since, %s), paused_until = NULL,
                       sending_until = NULL WHERE id = %s""",
                [now, channel.id],
            )
    if isinstance(decision, SwitchOff):
        await channels.disable(conn, channel, reason=decision.reason)


async def revive(conn: Conn, *, due_before: datetime) -> int:
    """Wake channels that should have sent a message by then; how many. Needed after the queue gave a task up."""
    cursor = await conn.execute(
        """SELECT c.id FROM channels c JOIN organizations o ON o.id = c.organization_id
           WHERE c.enabled AND o.suspended_at IS NULL AND EXISTS
               (SELECT 1 FROM channel_messages m WHERE m.channel_id = c.id AND m.status = 'pending'
                  AND coalesce(m.next_attempt_at, m.created_at) < %s)
             AND coalesce(greatest(c.sending_until, c.paused_until) < %s, true) LIMIT 100""",
        [due_before, due_before],
    )
    found = [row[0] for row in await cursor.fetchall()]
    for channel_id in found:
        await channels.wake(conn, channel_id)
    return len(found)
