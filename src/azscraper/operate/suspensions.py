"""Suspended organizations: nobody and nothing of theirs gets in or out until the suspension is lifted.

A module of its own because it reaches over users, keys, schedules, webhooks and jobs, which know nothing of each other.
Who asks whether an organization is suspended: whatever makes a principal (``accounts``, ``logins``, ``api_keys``),
``schedule_runs.run_due``, ``webhooks.emit`` and ``deliveries``. Everything is kept, so that lifting brings it all back.
"""

from dataclasses import replace
from datetime import datetime

from azscraper.errors import ConflictError, NotFoundError
from azscraper.ids import require_id
from azscraper.jobs import jobs
from azscraper.store.db import Conn, scalar
from azscraper.tenants import audit
from azscraper.tenants.audit import Action
from azscraper.tenants.principal import Principal
from azscraper.words import Reason


async def suspend(conn: Conn, operator: Principal, organization_id: str, *, cancel_jobs: bool, now: datetime) -> None:
    """Lock an organization out; ``cancel_jobs`` also cancels its open jobs, which otherwise run to their end.

    Raises NotFoundError, and ConflictError for the operator's own organization: one who could lift it must be left.
    """
    if organization_id == operator.organization_id and operator.user_id is not None:
        raise ConflictError("Operators can't suspend their own organization")
    before = await _lock(conn, organization_id)
    await _set(conn, operator, organization_id, before=before, after=Reason.OPERATOR, now=now)
    if cancel_jobs:
        await _cancel_jobs(conn, operator, organization_id)


async def unsuspend(conn: Conn, operator: Principal, organization_id: str, *, now: datetime) -> None:
    """Let an organization in again. Raises NotFoundError, and ConflictError while all its users are disabled."""
    before = await _lock(conn, organization_id)
    if before is not None and await _is_deserted(conn, organization_id):
        raise ConflictError("All users of this organization are disabled; enable one of them instead")
    await _set(conn, operator, organization_id, before=before, after=None, now=now)


async def follow_users(conn: Conn, operator: Principal, organization_id: str, *, now: datetime) -> None:
    """Suspend an organization whose last enabled user was disabled; lift that when one of them is enabled again."""
    before = await _lock(conn, organization_id)
    if await _is_deserted(conn, organization_id):
        await _set(conn, operator, organization_id, before=before, after=before or Reason.NO_ENABLED_USER, now=now)
    elif before is Reason.NO_ENABLED_USER:
        await _set(conn, operator, organization_id, before=before, after=None, now=now)


async def _lock(conn: Conn, organization_id: str) -> Reason | None:
    """Why it is suspended. Not a lock that rows which refer to the organization wait for."""
    require_id(organization_id, "Organization")
    sql = "SELECT suspension_reason FROM organizations WHERE id = %s FOR NO KEY UPDATE"
    row = await (await conn.execute(sql, [organization_id])).fetchone()
    if row is None:
        raise NotFoundError("Organization not found")
    return Reason(row[0]) if row[0] else None


async def _is_deserted(conn: Conn, organization_id: str) -> bool:
    sql = "SELECT NOT EXISTS (SELECT 1 FROM users WHERE organization_id = %s AND disabled_at IS NULL)"
    return bool(await scalar(conn, bool, sql, [organization_id]))


async def _set(
    conn: Conn,
    operator: Principal,
    organization_id: str,
    *,
    before: Reason | None,
    after: Reason | None,
    now: datetime,
) -> None:
    if before is after:
        return
    await conn.execute(
        """UPDATE organizations SET suspension_reason = %(reason)s,
               suspended_at = CASE WHEN %(reason)s::text IS NOT NULL THEN coalesce(suspended_at, %(now)s) END
           WHERE id = %(id)s""",
        {"reason": after, "now": now, "id": organization_id},
    )
    details = audit.changes({"suspended": before}, {"suspended": after})
    within = replace(operator, organization_id=organization_id)
    await audit.note(conn, within, Action.ORGANIZATION_CHANGED, organization_id, details=details)


async def _cancel_jobs(conn: Conn, operator: Principal, organization_id: str) -> None:
    """In the order of their ids, so that two who do it at once can't lock each other out."""
    cursor = await conn.execute(
        """SELECT id FROM jobs WHERE organization_id = %s AND status IN ('queued', 'running')
           ORDER BY id FOR UPDATE""",
        [organization_id],
    )
    within = replace(operator, organization_id=organization_id)
    for (job_id,) in await cursor.fetchall():
        await jobs.cancel(conn, within, job_id)
