"""Channels of a project: where its alerts go. What they send is in ``log``; who agreed to mails in ``recipients``."""

from dataclasses import dataclass
from datetime import datetime
from typing import LiteralString

from azscraper import email_addresses
from azscraper.channels import recipients
from azscraper.channels.services import Service
from azscraper.errors import ConflictError
from azscraper.ids import new_id
from azscraper.store import queue
from azscraper.store.db import Conn, count_rows, fetch_all, fetch_existing, fetch_one, look_up
from azscraper.tenants import audit, projects
from azscraper.tenants.audit import Action
from azscraper.tenants.keyring import Keyring, Purpose
from azscraper.tenants.principal import Principal
from azscraper.webhooks import sealing

EMAIL = "email"
SEND_TASK = "send"
QUEUE = "channels"
"""A queue of their own: slow receivers hold up neither crawling nor webhooks."""
MOST_PER_PROJECT = 20


@dataclass(frozen=True, slots=True)
class Channel:
    """A channel's row, without its secret."""

    id: str
    organization_id: str
    project_id: str
    name: str
    type: str
    """``email``, or the service's."""
    shown: str
    language: str
    enabled: bool
    disabled_reason: str | None
    """Why the service disabled it; None if its owner did."""
    confirmed_at: datetime | None
    """When its test message arrived, or its recipient agreed; nothing else is sent before that."""
    failing_since: datetime | None
    created_at: datetime
    updated_at: datetime

    @property
    def takes_tests(self) -> bool:
        """Whether a test message may be sent: no mail goes to somebody who has not agreed."""
        return self.enabled and (self.type != EMAIL or self.confirmed_at is not None)


COLUMNS: LiteralString = """c.id, c.organization_id, c.project_id, c.name, c.type, c.shown, c.language,
    c.enabled AND r.refused_at IS NULL AS enabled,
    CASE WHEN r.refused_at IS NULL THEN c.disabled_reason ELSE 'The recipient unsubscribed' END AS disabled_reason,
    CASE WHEN c.email_key IS NULL THEN c.confirmed_at ELSE r.confirmed_at END AS confirmed_at,
    c.failing_since, c.created_at, c.updated_at"""
FROM: LiteralString = """channels c LEFT JOIN recipients r
    ON r.organization_id = c.organization_id AND r.email_key = c.email_key"""
_IS_REACHED: LiteralString = "c.organization_id = %s AND c.id = %s AND c.project_id = coalesce(%s, c.project_id)"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a new channel leads: an address, or a service's URL."""

    email: str | None = None
    url: str | None = None
    service: Service | None = None

    @property
    def type(self) -> str:
        """As the channel's."""
        return self.service.type if self.service else EMAIL

    @property
    def shown(self) -> str:
        """Without secrets."""
        return self.service.shown if self.service else str(self.email)


async def create(
    conn: Conn,
    principal: Principal,
    project_id: str,
    *,
    name: str,
    place: Place,
    language: str,
    keys: Keyring,
    now: datetime,
) -> tuple[Channel, str | None]:
    """A new channel, and the kind of its first message: a test, or a mail that asks its recipient to agree.

    None where the recipient has agreed already, or has been asked today. Raises NotFoundError; ConflictError when the project
    is archived, has 20, or one of that name; RateLimitedError when the organization asked 20 new recipients today.
    """
    await projects.lock_open(conn, principal, project_id)
    await _require_room(conn, project_id, name)
    channel_id = new_id()
    key = email_addresses.key(place.email) if place.email else None
    sealed = sealing.seal(keys, place.url, purpose=Purpose.CHANNEL_URL, place=channel_id) if place.url else None
    await conn.execute(
        """INSERT INTO channels (id, organization_id, project_id, name, type, shown, email_key, sealed_url, language)
           VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)""",
        [channel_id, principal.organization_id, project_id, name, place.type, place.shown, key, sealed, language],
    )
    first = "test" if key is None else await recipients.ask(conn, principal.organization_id, key, now=now)
    channel = await get(conn, principal, channel_id)
    details = {"projectId": project_id, "after": _facts(channel)}
    await audit.note(conn, principal, Action.CHANNEL_CREATED, channel_id, details=details)
    return channel, first


async def _require_room(conn: Conn, project_id: str, name: str) -> None:
    if await count_rows(conn, "SELECT count(*) FROM channels WHERE project_id = %s", [project_id]) >= MOST_PER_PROJECT:
        raise ConflictError(f"A project has at most {MOST_PER_PROJECT} channels; delete one that you no longer need")
    taken: LiteralString = "SELECT count(*) FROM channels WHERE project_id = %s AND name = %s"
    if await count_rows(conn, taken, [project_id, name]):
        raise ConflictError("The project has a channel of this name; choose another name")


def _facts(channel: Channel) -> dict[str, object]:
    return {"name": channel.name, "type": channel.type, "enabled": channel.enabled, "language": channel.language}


async def find_all(conn: Conn, principal: Principal, project_id: str) -> list[Channel]:
    """The project's channels, newest first. Raises NotFoundError when the organization has no such project."""
    await projects.get(conn, principal, project_id)
    sql: LiteralString = f"""SELECT {COLUMNS} FROM {FROM}
        WHERE c.organization_id = %s AND c.project_id = %s ORDER BY c.id DESC"""
    return await fetch_all(conn, Channel, sql, [principal.organization_id, project_id])


async def get(conn: Conn, principal: Principal, channel_id: str) -> Channel:
    """The channel. Raises NotFoundError when the organization has none of that id."""
    return await _one(conn, f"SELECT {COLUMNS} FROM {FROM} WHERE {_IS_REACHED}", principal, channel_id)


async def lock(conn: Conn, principal: Principal, channel_id: str) -> Channel:
    """The channel, its row locked until the transaction ends. Raises NotFoundError."""
    sql: LiteralString = f"SELECT {COLUMNS} FROM {FROM} WHERE {_IS_REACHED} FOR UPDATE OF c"
    return await _one(conn, sql, principal, channel_id)


async def _one(conn: Conn, sql: LiteralString, principal: Principal, channel_id: str) -> Channel:
    params = [principal.organization_id, channel_id, principal.project_id]
    return await look_up(conn, Channel, sql, params, what="Channel", named=channel_id)


async def find_named(conn: Conn, principal: Principal, project_id: str, name: str) -> Channel | None:
    """The project's channel of this id or name, or ``email:`` and its address; None when there is none."""
    address = name.partition(":")[2] if name.startswith(f"{EMAIL}:") else None
    return await fetch_one(
        conn,
        Channel,
        f"""SELECT {COLUMNS} FROM {FROM} WHERE c.organization_id = %s AND c.project_id = %s
              AND (c.id = %s OR c.name = %s OR c.email_key = %s) ORDER BY c.id LIMIT 1""",
        [principal.organization_id, project_id, name, name, email_addresses.key(address) if address else None],
    )


async def find(conn: Conn, channel_id: str) -> Channel | None:
    """The channel, for whoever works for it or follows a link of it; never for a caller."""
    return await fetch_one(conn, Channel, f"SELECT {COLUMNS} FROM {FROM} WHERE c.id = %s", [channel_id])


async def change(
    conn: Conn, principal: Principal, channel_id: str, *, name: str | None, language: str | None, enabled: bool | None
) -> Channel:
    """Change what is not None; switching on starts with a clean record. Raises NotFoundError, ConflictError for a name that is taken."""
    old = await lock(conn, principal, channel_id)
    if name is not None and name != old.name:
        taken: LiteralString = "SELECT count(*) FROM channels WHERE project_id = %s AND name = %s"
        if await count_rows(conn, taken, [old.project_id, name]):
            raise ConflictError("The project has a channel of this name; choose another name")
    await conn.execute(
        """UPDATE channels SET name = coalesce(%(name)s, name), language = coalesce(%(language)s, language),
               enabled = coalesce(%(enabled)s, enabled), updated_at = now(),
               disabled_reason = CASE WHEN %(enabled)s IS NULL THEN disabled_reason END,
               failing_since = CASE WHEN %(enabled)s THEN NULL ELSE failing_since END,
               paused_until = CASE WHEN %(enabled)s THEN NULL ELSE paused_until END
           WHERE organization_id = %(organization_id)s AND id = %(id)s""",
        {
            "name": name,
            "language": language,
            "enabled": enabled,
            "organization_id": principal.organization_id,
            "id": channel_id,
        },
    )
    new = await get(conn, principal, channel_id)
    details = {"projectId": new.project_id, **audit.changes(_facts(old), _facts(new))}
    await audit.note(conn, principal, Action.CHANNEL_CHANGED, channel_id, details=details)
    if new.enabled and not old.enabled:
        await wake(conn, channel_id)
    return new


async def delete(conn: Conn, principal: Principal, channel_id: str) -> None:
    """Delete the channel and what was sent by it. Raises NotFoundError."""
    gone = await lock(conn, principal, channel_id)
    await conn.execute(
        "DELETE FROM channels WHERE organization_id = %s AND id = %s", [principal.organization_id, channel_id]
    )
    details = {"projectId": gone.project_id, "before": _facts(gone)}
    await audit.note(conn, principal, Action.CHANNEL_DELETED, channel_id, details=details)


async def disable(conn: Conn, channel: Channel, *, reason: str) -> None:
    """Switch a failing channel off. The caller has locked its row, and tells its owner."""
    await conn.execute(
        "UPDATE channels SET enabled = false, disabled_reason = %s, updated_at = now() WHERE id = %s",
        [reason, channel.id],
    )
    details = {"projectId": channel.project_id, "reason": reason, "before": _facts(channel)}
    await audit.note(conn, Principal(channel.organization_id), Action.CHANNEL_DISABLED, channel.id, details=details)


async def wake(conn: Conn, channel_id: str, *, at: datetime | None = None) -> None:
    """Have a worker look at once, or from ``at`` on, for what the channel is to send."""
    await queue.defer(conn, SEND_TASK, queue=QUEUE, at=at, channel_id=channel_id)


async def url_of(conn: Conn, keys: Keyring, channel_id: str) -> str:
    """The URL of a service's channel. Raises SealBrokenError."""
    row = await fetch_existing(conn, _Sealed, "SELECT sealed_url FROM channels WHERE id = %s", [channel_id])
    return sealing.opened(keys, row.sealed_url, purpose=Purpose.CHANNEL_URL, place=channel_id)


@dataclass(frozen=True, slots=True)
class _Sealed:
    sealed_url: bytes
