"""The audit: who did what, when, from which address. Append-only, written in the transaction of what it tells of."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, LiteralString

import orjson

from azscraper.ids import new_id
from azscraper.slices import Slice, cut
from azscraper.store.db import Conn, count_rows, fetch_all
from azscraper.tenants.principal import Principal


class Action(StrEnum):
    """What was done."""

    REGISTERED = "user.registered"
    LOGGED_IN = "user.logged_in"
    LOGIN_FAILED = "user.login_failed"
    """Wrong passwords from one network or device within 15 minutes; `count` in its details says how many."""
    LOGGED_OUT = "user.logged_out"
    HANDED_OFF = "user.handed_off"
    """A one-time code was given out; trading it in is a log-in."""
    USER_CHANGED = "user.changed"
    PASSWORD_CHANGED = "user.password_changed"  # noqa: S105 - an action's name
    ORGANIZATION_CHANGED = "organization.changed"
    INVITATION_CREATED = "invitation.created"
    INVITATION_REVOKED = "invitation.revoked"
    CREDITS_GRANTED = "credits.granted"
    PLAN_CREATED = "plan.created"
    PLAN_CHANGED = "plan.changed"
    SETTINGS_CHANGED = "settings.changed"
    PROJECT_CREATED = "project.created"
    PROJECT_CHANGED = "project.changed"
    JOB_CREATED = "job.created"
    JOB_RETRIED = "job.retried"
    JOB_REPARSED = "job.reparsed"
    JOB_CANCELLED = "job.cancelled"
    JOB_CHANGED = "job.changed"
    JOB_EXPORTED = "job.exported"
    KEY_CREATED = "api_key.created"
    KEY_CHANGED = "api_key.changed"
    KEY_DELETED = "api_key.deleted"
    SCHEDULE_CREATED = "schedule.created"
    SCHEDULE_CHANGED = "schedule.changed"
    SCHEDULE_DELETED = "schedule.deleted"
    LIST_CREATED = "list.created"
    LIST_CHANGED = "list.changed"
    LIST_DELETED = "list.deleted"
    LIST_ITEMS_CHANGED = "list.items_changed"
    """Put in, taken out, given tags or target prices: the details say how many."""
    PRODUCTS_MARKED = "products.marked"
    """In all lists of a project, as one's own or a competitor's, with a tag or a target price."""
    WEBHOOK_CREATED = "webhook.created"
    WEBHOOK_CHANGED = "webhook.changed"
    WEBHOOK_DELETED = "webhook.deleted"
    WEBHOOK_SECRET_ROTATED = "webhook.secret_rotated"  # noqa: S105 - an action's name
    WEBHOOK_DISABLED = "webhook.disabled"
    """By the service: the endpoint is gone, or failed for five days."""
    CHANNEL_CREATED = "channel.created"
    CHANNEL_CHANGED = "channel.changed"
    CHANNEL_DELETED = "channel.deleted"
    CHANNEL_DISABLED = "channel.disabled"
    """By the service: it failed for five days. By its recipient: they unsubscribed."""
    ALERT_CREATED = "alert.created"
    ALERT_CHANGED = "alert.changed"
    ALERT_DELETED = "alert.deleted"


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the audit."""

    id: str
    organization_id: str
    actor_type: str
    """`user`, `key` or `service`."""
    actor_id: str | None
    action: str
    object_id: str | None
    address: str | None
    details: dict[str, Any]
    at: datetime

    @property
    def actor(self) -> dict[str, str | None]:
        """Who did it."""
        return {"type": self.actor_type, "id": self.actor_id}


async def note(
    conn: Conn,
    principal: Principal,
    action: Action,
    object_id: str | None,
    *,
    details: dict[str, Any] | None = None,
) -> str:
    """Add an entry, and return its id; it is there exactly when the caller's transaction commits.

    It belongs to the principal's organization. ``details`` must hold no secret.
    """
    actor_type = "user" if principal.user_id else "key" if principal.key_id else "service"
    entry_id = new_id()
    await conn.execute(
        """INSERT INTO audit (id, organization_id, actor_type, actor_id, action, object_id, address, details)
           VALUES (%s, %s, %s, %s, %s, %s, %s, %s)""",
        [
            entry_id,
            principal.organization_id,
            actor_type,
            principal.user_id or principal.key_id,
            action,
            object_id,
            principal.address,
            orjson.dumps(details or {}).decode(),
        ],
    )
    return entry_id


def changes(before: dict[str, Any], after: dict[str, Any]) -> dict[str, Any]:
    """Details of a change: the fields that differ, as they were and as they are."""
    changed = [name for name in after if before.get(name) != after[name]]
    return {"before": {name: before.get(name) for name in changed}, "after": {name: after[name] for name in changed}}


async def find_slice(
    conn: Conn,
    organization_id: str,
    *,
    action: Action | None,
    actor_id: str | None = None,
    object_id: str | None = None,
    start: datetime | None = None,
    end: datetime | None = None,
    before: str | None,
    limit: int,
) -> Slice[Entry]:
    """The organization's entries, newest first, from behind the entry ``before``; None filters nothing.

    ``start`` is included, ``end`` is not.
    """
    where: LiteralString = """organization_id = %(organization_id)s AND (%(action)s::text IS NULL OR action = %(action)s)
        AND (%(actor_id)s::text IS NULL OR actor_id = %(actor_id)s)
        AND (%(object_id)s::text IS NULL OR object_id = %(object_id)s)
        AND (%(start)s::timestamptz IS NULL OR at >= %(start)s) AND (%(end)s::timestamptz IS NULL OR at < %(end)s)"""
    params = {
        "organization_id": organization_id,
        "action": action,
        "actor_id": actor_id,
        "object_id": object_id,
        "start": start,
        "end": end,
        "before": before,
        "limit": limit + 1,
    }
    entries = await fetch_all(
        conn,
        Entry,
        f"""SELECT id, organization_id, actor_type, actor_id, action, object_id, address, at,
               CASE WHEN f.count IS NULL THEN details
                    ELSE (details::jsonb || jsonb_build_object('count', f.count))::json END AS details
           FROM audit LEFT JOIN failed_logins f ON f.audit_id = audit.id
           WHERE {where} AND (%(before)s::text IS NULL OR ordinal < (SELECT ordinal FROM audit
                  WHERE organization_id = %(organization_id)s AND id = %(before)s)) ORDER BY ordinal DESC LIMIT %(limit)s""",
        params,
    )
    total = await count_rows(conn, f"SELECT count(*) FROM audit WHERE {where}", params)
    return cut(entries, total, limit=limit, cursor=lambda entry: entry.id)
