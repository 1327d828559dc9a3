"""What of notices is to be sent by channels, and is: many that are due together make one message."""

from datetime import datetime

from azscraper.channels import log
from azscraper.channels.channels import Channel, wake
from azscraper.channels.links import Links
from azscraper.channels.log import Sent
from azscraper.channels.sending import Alerts
from azscraper.channels.sent import Message
from azscraper.store.db import Conn, fetch_all, scalar
from azscraper.tracking.alerts import letters, trends
from azscraper.tracking.alerts.notices import Notice, note_disabled

LINES = 50
"""Notices of one message, at most."""


def alerts(links: Links) -> Alerts:
    """What channels send of alerts."""

    async def compose(conn: Conn, channel: Channel, sent: Sent, unsubscribe: str | None) -> Message | None:
        notices = await _of_message(conn, sent.id)
        if not notices:
            return None
        found = await trends.find(conn, channel.project_id, notices)
        return letters.message(sent.id, notices, channel, links, unsubscribe=unsubscribe, trends=found)

    return Alerts(gather, compose, note_disabled)


async def gather(conn: Conn, channel: Channel, now: datetime) -> Sent | None:
    """One message of what is due, oldest first; None when nothing is, or the project is archived. The caller has locked the channel's row.

    What is in a message stays in it over all tries: a worker that dies after sending sends the same under the same id.
    """
    is_due = await scalar(
        conn,
        bool,
        """SELECT true FROM channel_notices WHERE channel_id = %s AND message_id IS NULL AND due_at <= %s
             AND NOT (SELECT archived FROM projects WHERE id = %s) LIMIT 1""",
        [channel.id, now, channel.project_id],
    )
    if not is_due:
        return None
    sent = await log.put(conn, channel.id, "alert", now=now)
    await conn.execute(
        """WITH due AS MATERIALIZED (
               SELECT notice_id FROM channel_notices WHERE channel_id = %(channel_id)s AND message_id IS NULL AND due_at <= %(now)s
               ORDER BY due_at, notice_id LIMIT %(lines)s)
           UPDATE channel_notices n SET message_id = %(message_id)s FROM due
           WHERE n.channel_id = %(channel_id)s AND n.notice_id = due.notice_id""",
        {"channel_id": channel.id, "now": now, "lines": LINES, "message_id": sent.id},
    )
    return sent


async def _of_message(conn: Conn, message_id: str) -> list[Notice]:
    return await fetch_all(
        conn,
        Notice,
        """SELECT n.id, n.seq, n.project_id, n.kind, n.alert_id, n.alert_name, n.marketplace, n.place, n.subject, n.asin,
               n.title, n.job_id, n.reasons, n.observed_at, n.created_at, n.read_at
           FROM notices n JOIN channel_notices c ON c.notice_id = n.id WHERE c.message_id = %s ORDER BY n.seq""",
        [message_id],
    )


async def revive(conn: Conn, *, due_before: datetime) -> int:
    """Wake channels that should have told of a notice by then and have not; how many."""
    cursor = await conn.execute(
        """SELECT c.id FROM channels c JOIN organizations o ON o.id = c.organization_id
               JOIN projects p ON p.id = c.project_id AND NOT p.archived
           WHERE c.enabled AND o.suspended_at IS NULL AND coalesce(greatest(c.sending_until, c.paused_until) < %(at)s, true)
             AND EXISTS (SELECT 1 FROM channel_notices n WHERE n.channel_id = c.id AND n.message_id IS NULL AND n.due_at < %(at)s)
             AND (c.email_key IS NULL AND c.confirmed_at IS NOT NULL OR EXISTS
                 (SELECT 1 FROM recipients r WHERE r.organization_id = c.organization_id AND r.email_key = c.email_key
                    AND r.confirmed_at IS NOT NULL AND r.refused_at IS NULL)) LIMIT 100""",
        {"at": due_before},
    )
    found = [row[0] for row in await cursor.fetchall()]
    for channel_id in found:
        await wake(conn, channel_id)
    return len(found)
