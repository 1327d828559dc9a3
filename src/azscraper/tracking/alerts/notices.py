"""Notices: what fired, or went wrong with a channel, told in the dashboard and sent to channels. Stored once, with its cause."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, LiteralString

import orjson

from azscraper.channels import channels
from azscraper.channels.channels import Channel
from azscraper.ids import new_id
from azscraper.kinds.observations import Value
from azscraper.slices import Slice, cut
from azscraper.store.db import Conn, columns_of, count_rows, fetch_all
from azscraper.tenants import projects
from azscraper.tenants.principal import Principal
from azscraper.tracking.alerts.alerts import condition_document
from azscraper.tracking.alerts.evaluating import Reason
from azscraper.words import MONEY_FIELDS


class Kind(StrEnum):
    """What a notice is about."""

    ALERT = "alert"
    CHANNEL_DISABLED = "channel_disabled"


@dataclass(frozen=True, slots=True)
class Notice:
    """A notice's row."""

    id: str
    seq: int
    project_id: str
    kind: str
    alert_id: str | None
    alert_name: str | None
    marketplace: str
    place: str
    subject: str
    asin: str | None
    title: str | None
    job_id: str | None
    reasons: list[dict[str, Any]]
    observed_at: datetime
    created_at: datetime
    read_at: datetime | None


@dataclass(frozen=True, slots=True)
class Firing:
    """A rule that fired at a check."""

    alert_id: str
    alert_name: str
    marketplace: str
    place: str
    subject: str
    asin: str | None
    title: str | None
    reasons: Sequence[Mapping[str, Any]]
    observed_at: datetime
    due: Mapping[str, datetime]
    """When each channel is to tell it."""


COLUMNS = columns_of(Notice)


def reason_document(reason: Reason) -> dict[str, Any]:
    """Why a rule fired, as it is stored and told: amounts with their currency, numbers, texts; null where there was none."""
    one = reason.condition
    told = {name: value for name, value in condition_document(one).items() if name != "is_text"}
    is_money = one.source in MONEY_FIELDS
    number = one.value if not isinstance(one.value, str) and one.value is not None else None
    unit = reason.after.text if is_money else None
    return {
        **told,
        "value": float(number) if number is not None else one.value,
        "before": plain(reason.before, is_money=is_money),
        "after": plain(reason.after, is_money=is_money),
        "comparedWith": None
        if reason.compared_with is None
        else plain(Value(reason.compared_with, unit), is_money=is_money),
    }


def plain(value: Value | None, *, is_money: bool) -> object:
    """A value as JSON has it."""
    if value is None or value.number is None:
        return value.text if value else None
    number = (
        int(value.number) if value.number == value.number.to_integral_value() and not is_money else float(value.number)
    )
    return {"amount": number, "currency": value.text} if is_money else number


async def add(
    conn: Conn, organization_id: str, project_id: str, job_id: str | None, firings: Sequence[Firing]
) -> list[str]:
    """Store what fired, and hand it to channels; the notices' ids. The caller has locked what it is about."""
    ids = [new_id() for _ in firings]
    rows = [
        {
            "id": notice_id,
            "alert_id": one.alert_id,
            "alert_name": one.alert_name,
            "marketplace": one.marketplace,
            "place": one.place,
            "subject": one.subject,
            "asin": one.asin,
            "title": one.title,
            "reasons": one.reasons,
            "observed_at": one.observed_at,
        }
        for notice_id, one in zip(ids, firings, strict=True)
    ]
    await conn.execute(
        """INSERT INTO notices (id, organization_id, project_id, kind, alert_id, alert_name, marketplace, place, subject, asin,
               title, job_id, reasons, observed_at)
           SELECT r.id, %(organization_id)s, %(project_id)s, 'alert', r.alert_id, r.alert_name, r.marketplace, r.place, r.subject,
               r.asin, coalesce(r.title, (SELECT s.texts->>'title' FROM series_states s WHERE s.project_id = %(project_id)s
                   AND s.marketplace = r.marketplace AND s.place = r.place AND s.asin = r.asin)), %(job_id)s, r.reasons, r.observed_at
           FROM json_to_recordset(%(rows)s) AS r (id text, alert_id text, alert_name text, marketplace text, place text,
               subject text, asin text, title text, reasons json, observed_at timestamptz)""",
        {
            "organization_id": organization_id,
            "project_id": project_id,
            "job_id": job_id,
            "rows": orjson.dumps(rows).decode(),
        },
    )
    due = [(each, notice_id, at) for notice_id, one in zip(ids, firings, strict=True) for each, at in one.due.items()]
    await _hand_over(conn, due)
    return ids


async def _hand_over(conn: Conn, due: Iterable[tuple[str, str, datetime]]) -> None:
    """To channels that are on; each gets one task for each time."""
    given = list(due)
    if not given:
        return
    channel_ids, notice_ids, times = (list(part) for part in zip(*given, strict=True))
    cursor = await conn.execute(
        """INSERT INTO channel_notices (channel_id, notice_id, due_at)
           SELECT d.* FROM unnest(%s::text[], %s::text[], %s::timestamptz[]) AS d (channel_id, notice_id, due_at)
           JOIN channels c ON c.id = d.channel_id WHERE c.enabled RETURNING channel_id, due_at""",
        [channel_ids, notice_ids, times],
    )
    for channel_id, at in sorted(set(await cursor.fetchall())):
        await channels.wake(conn, channel_id, at=at)


async def note_disabled(conn: Conn, channel: Channel, reason: str) -> None:
    """Tell the project that a channel was switched off, and why."""
    await conn.execute(
        """INSERT INTO notices (id, organization_id, project_id, kind, marketplace, place, subject, title, reasons, observed_at)
           VALUES (%s, %s, %s, %s, '', '', %s, %s, %s, now())""",
        [
            new_id(),
            channel.organization_id,
            channel.project_id,
            Kind.CHANNEL_DISABLED,
            channel.id,
            channel.name,
            orjson.dumps([{"reason": reason}]).decode(),
        ],
    )


async def find_slice(
    conn: Conn,
    principal: Principal,
    project_id: str,
    *,
    unread: bool = False,
    alert_id: str | None = None,
    before: int | None = None,
    limit: int,
) -> Slice[Notice]:
    """The project's notices, newest first; all, or only those that nobody read. Raises NotFoundError."""
    await projects.get(conn, principal, project_id)
    params = {
        "project_id": project_id,
        "organization_id": principal.organization_id,
        "unread": unread,
        "alert_id": alert_id,
        "before": before,
        "limit": limit + 1,
    }
    where: LiteralString = """organization_id = %(organization_id)s AND project_id = %(project_id)s
        AND (NOT %(unread)s OR read_at IS NULL) AND (%(alert_id)s::text IS NULL OR alert_id = %(alert_id)s)"""
    found = await fetch_all(
        conn,
        Notice,
        f"""SELECT {COLUMNS} FROM notices WHERE {where} AND (%(before)s::bigint IS NULL OR seq < %(before)s)
            ORDER BY seq DESC LIMIT %(limit)s""",
        params,
    )
    total = await count_rows(conn, f"SELECT count(*) FROM notices WHERE {where}", params)
    return cut(found, total, limit=limit, cursor=lambda notice: str(notice.seq))


async def count_unread(conn: Conn, principal: Principal, project_id: str) -> int:
    """How many of the project's notices nobody has read. Raises NotFoundError."""
    await projects.get(conn, principal, project_id)
    return await count_rows(
        conn,
        "SELECT count(*) FROM notices WHERE organization_id = %s AND project_id = %s AND read_at IS NULL",
        [principal.organization_id, project_id],
    )


async def mark_read(
    conn: Conn, principal: Principal, project_id: str, *, ids: Sequence[str] | None, read: bool, now: datetime
) -> int:
    """Mark notices as read, or as unread: those of these ids, or all; how many. Raises NotFoundError."""
    await projects.get(conn, principal, project_id)
    cursor = await conn.execute(
        """UPDATE notices SET read_at = CASE WHEN %(read)s THEN %(now)s::timestamptz END
           WHERE organization_id = %(organization_id)s AND project_id = %(project_id)s
             AND (%(ids)s::text[] IS NULL OR id = ANY(%(ids)s)) AND (read_at IS NULL) = %(read)s""",
        {
            "read": read,
            "now": now,
            "organization_id": principal.organization_id,
            "project_id": project_id,
            "ids": None if ids is None else list(ids),
        },
    )
    return cursor.rowcount


async def count_by_day(conn: Conn, project_id: str, *, since: datetime, days: int) -> dict[str, list[int]]:
    """How many each alert fired on each of so many days, the first one first, by its id."""
    cursor = await conn.execute(
        """SELECT alert_id, floor(extract(epoch FROM created_at - %s) / 86400)::int, count(*) FROM notices
           WHERE project_id = %s AND created_at >= %s AND alert_id IS NOT NULL GROUP BY 1, 2""",
        [since, project_id, since],
    )
    found: dict[str, list[int]] = {}
    for alert_id, day, count in await cursor.fetchall():
        found.setdefault(alert_id, [0] * days)[min(day, days - 1)] = count
    return found
