"""Who agreed to mails of an organization. Nobody gets anything but one mail that asks, until they follow its link."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from azscraper.errors import NotFoundError, RateLimitedError
from azscraper.ids import new_id
from azscraper.store.db import Conn, count_rows, fetch_existing, fetch_one

ASKED_A_DAY = 20
"""New recipients of one organization."""
_ASKED_OF_ALL = 3
"""Mails that ask the same person in one day, of all organizations together."""
_DAY = timedelta(days=1)


async def ask(conn: Conn, organization_id: str, email_key: str, *, now: datetime) -> str | None:
    """The kind of message to send to a recipient whom a new channel names; None: they have been asked, and it is up to them.

    Raises RateLimitedError.
    """
    known = await fetch_one(
        conn,
        _Known,
        """SELECT confirmed_at IS NOT NULL OR refused_at IS NOT NULL OR asked_at > %s OR EXISTS
               (SELECT 1 FROM channel_messages m JOIN channels c ON c.id = m.channel_id
                WHERE m.kind = 'confirmation' AND c.organization_id = r.organization_id AND c.email_key = r.email_key)
               AS is_asked
           FROM recipients r WHERE organization_id = %s AND email_key = %s""",
        [now - _DAY, organization_id, email_key],
    )
    if known is not None and known.is_asked:
        return None
    await conn.execute("SELECT 1 FROM organizations WHERE id = %s FOR NO KEY UPDATE", [organization_id])
    await _require_room(conn, organization_id, email_key, now=now)
    await conn.execute(
        """INSERT INTO recipients (id, organization_id, email_key, asked_at) VALUES (%s, %s, %s, %s)
           ON CONFLICT (organization_id, email_key) DO UPDATE SET asked_at = excluded.asked_at""",
        [new_id(), organization_id, email_key, now],
    )
    return "confirmation"


@dataclass(frozen=True, slots=True)
class _Known:
    is_asked: bool


async def _require_room(conn: Conn, organization_id: str, email_key: str, *, now: datetime) -> None:
    asked = await count_rows(
        conn,
        "SELECT count(*) FROM recipients WHERE organization_id = %s AND asked_at > %s",
        [organization_id, now - _DAY],
    )
    if asked >= ASKED_A_DAY:
        message = f"An organization can ask at most {ASKED_A_DAY} new recipients per day"
        raise RateLimitedError(message, retry_after_seconds=int(_DAY.total_seconds()))
    of_all = await count_rows(
        conn, "SELECT count(*) FROM recipients WHERE email_key = %s AND asked_at > %s", [email_key, now - _DAY]
    )
    if of_all >= _ASKED_OF_ALL:
        raise RateLimitedError("This recipient was asked today; try again tomorrow", retry_after_seconds=86_400)


@dataclass(frozen=True, slots=True)
class Recipient:
    """Somebody whom an organization sends mails to."""

    id: str
    organization_id: str
    confirmed_at: datetime | None
    refused_at: datetime | None


async def of_channel(conn: Conn, channel_id: str) -> Recipient:
    """The recipient of a channel of mails."""
    return await fetch_existing(
        conn,
        Recipient,
        """SELECT r.id, r.organization_id, r.confirmed_at, r.refused_at FROM recipients r
           JOIN channels c USING (organization_id, email_key) WHERE c.id = %s""",
        [channel_id],
    )


async def confirm(conn: Conn, recipient_id: str, *, now: datetime) -> list[str]:
    """They agree to the organization's mails; their channels. Raises NotFoundError."""
    return await _mark(conn, recipient_id, confirmed_at=now, refused_at=None)


async def refuse(conn: Conn, recipient_id: str, *, now: datetime) -> list[str]:
    """They want no more mails of the organization; their channels. Raises NotFoundError."""
    return await _mark(conn, recipient_id, confirmed_at=None, refused_at=now)


async def _mark(
    conn: Conn, recipient_id: str, *, confirmed_at: datetime | None, refused_at: datetime | None
) -> list[str]:
    marked = await conn.execute(
        "UPDATE recipients SET confirmed_at = coalesce(%s, confirmed_at), refused_at = %s WHERE id = %s",
        [confirmed_at, refused_at, recipient_id],
    )
    if marked.rowcount == 0:
        raise NotFoundError("This link is not valid any more")
    cursor = await conn.execute(
        "SELECT c.id FROM channels c JOIN recipients r USING (organization_id, email_key) WHERE r.id = %s ORDER BY c.id",
        [recipient_id],
    )
    return [row[0] for row in await cursor.fetchall()]
