"""What an operator of the installation sees and changes, over all organizations. Callers have checked that it is one.

Each change is audited in the organization that it concerns, in the same transaction.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, LiteralString

from azscraper.crawl import hosts
from azscraper.errors import ConflictError, InvalidInputError, NotFoundError
from azscraper.ids import require_id
from azscraper.jobs import jobs
from azscraper.jobs.jobs import Job
from azscraper.operate import suspensions
from azscraper.slices import Slice
from azscraper.store.db import Conn, count_rows, fetch_all, fetch_existing, look_up, scalar
from azscraper.tenants import audit, credits, plans
from azscraper.tenants.audit import Action
from azscraper.tenants.credits import Balance
from azscraper.tenants.principal import Principal
from azscraper.wire.admin import MemberOut, OrganizationOut, ReferralOut, StatsOut
from azscraper.words import JobStatus

_ORGANIZATION: LiteralString = """SELECT id, name, plan, created_at, suspended_at, suspension_reason,
        (SELECT count(*) FROM users WHERE organization_id = o.id) AS users,
        (SELECT count(*) FROM projects WHERE organization_id = o.id) AS projects,
        (SELECT count(*) FROM jobs WHERE organization_id = o.id) AS jobs
    FROM organizations o"""
_MEMBER: LiteralString = """SELECT id, organization_id, email, name, role, disabled_at IS NOT NULL AS disabled, created_at
    FROM users"""


async def find_organizations(
    conn: Conn, *, text: str | None = None, plan: str | None = None, limit: int, offset: int
) -> Slice[OrganizationOut]:
    """Organizations, newest first; those whose name or a user's address holds the text, those on the plan."""
    where: LiteralString = """(%(plan)s::text IS NULL OR plan = %(plan)s) AND (%(text)s::text IS NULL
        OR strpos(lower(name), lower(%(text)s)) > 0 OR EXISTS (
            SELECT 1 FROM users u WHERE u.organization_id = o.id AND strpos(u.email, lower(%(text)s)) > 0))"""
    params = {"text": text, "plan": plan, "limit": limit, "offset": offset}
    sql: LiteralString = f"{_ORGANIZATION} WHERE {where} ORDER BY id DESC LIMIT %(limit)s OFFSET %(offset)s"
    rows = await fetch_all(conn, OrganizationOut, sql, params)
    return Slice(rows, await count_rows(conn, f"SELECT count(*) FROM organizations o WHERE {where}", params))


async def get_organization(conn: Conn, organization_id: str) -> OrganizationOut:
    """The organization. Raises NotFoundError."""
    sql: LiteralString = f"{_ORGANIZATION} WHERE id = %s"
    return await look_up(conn, OrganizationOut, sql, [organization_id], what="Organization", named=organization_id)


async def find_users(
    conn: Conn, *, text: str | None = None, organization_id: str | None = None, limit: int, offset: int
) -> Slice[MemberOut]:
    """Users, newest first; those whose address or name holds the text, those of the organization."""
    where: LiteralString = """(%(organization_id)s::text IS NULL OR organization_id = %(organization_id)s)
        AND (%(text)s::text IS NULL OR strpos(email, lower(%(text)s)) > 0 OR strpos(lower(name), lower(%(text)s)) > 0)"""
    params = {"text": text, "organization_id": organization_id, "limit": limit, "offset": offset}
    sql: LiteralString = f"{_MEMBER} WHERE {where} ORDER BY id DESC LIMIT %(limit)s OFFSET %(offset)s"
    rows = await fetch_all(conn, MemberOut, sql, params)
    return Slice(rows, await count_rows(conn, f"SELECT count(*) FROM users WHERE {where}", params))


async def grant_credits(
    conn: Conn, admin: Principal, organization_id: str, amount: int, *, note: str | None
) -> Balance:
    """Add to an organization's balance, or take a mistake back; what it is then.

    Raises NotFoundError, and ConflictError when more would be taken than there is.
    """
    require_id(organization_id, "Organization")
    found = await scalar(conn, str, "SELECT id FROM organizations WHERE id = %s FOR NO KEY UPDATE", [organization_id])
    if found is None:
        raise NotFoundError("Organization not found")
    before = await credits.balance(conn, organization_id)
    if before.balance + amount < 0:
        raise ConflictError(f"The balance is {before.balance}; no more can be taken")
    await credits.grant(conn, organization_id, amount, reason="grant", note=note)
    details = {"amount": amount, "note": note, **audit.changes(_balance(before), _balance(before, amount))}
    await audit.note(conn, _within(admin, organization_id), Action.CREDITS_GRANTED, organization_id, details=details)
    return await credits.balance(conn, organization_id)


def _balance(balance: Balance, amount: int = 0) -> dict[str, Any]:
    return {"balance": balance.balance + amount}


async def set_rates(conn: Conn, admin: Principal, rates: Mapping[str, float | None]) -> None:
    """Set how often marketplaces (by host) are asked a second; None gives one back to the service's setting.

    Workers take it up with their next reservation, within a second or two. Audited in the operator's organization.
    """
    before = {host: await hosts.set_rate(conn, host, rates[host]) for host in sorted(rates)}
    details = audit.changes(before, dict(rates))
    await audit.note(conn, admin, Action.SETTINGS_CHANGED, None, details=details)


async def find_referrals(conn: Conn, *, limit: int, offset: int) -> Slice[ReferralOut]:
    """Who came by whose code, newest first."""
    rows = await fetch_all(
        conn,
        ReferralOut,
        """SELECT r.referrer_id, a.name AS referrer_name, r.referred_id, b.name AS referred_name, r.referrer_credits,
               r.referred_credits, r.created_at, r.paid_at AS rewarded_at
           FROM referrals r JOIN organizations a ON a.id = r.referrer_id JOIN organizations b ON b.id = r.referred_id
           ORDER BY r.referred_id DESC LIMIT %s OFFSET %s""",
        [limit, offset],
    )
    return Slice(rows, await count_rows(conn, "SELECT count(*) FROM referrals"))


async def change_plan(conn: Conn, admin: Principal, organization_id: str, plan: str) -> OrganizationOut:
    """Put an organization on another plan. Raises NotFoundError, and InvalidInputError when there is no such plan."""
    try:
        await plans.require(conn, plan)
    except InvalidInputError as exc:
        raise InvalidInputError.of("plan", exc.message) from exc
    require_id(organization_id, "Organization")
    before = await scalar(conn, str, "SELECT plan FROM organizations WHERE id = %s FOR UPDATE", [organization_id])
    if before is None:
        raise NotFoundError("Organization not found")
    await conn.execute("UPDATE organizations SET plan = %s WHERE id = %s", [plan, organization_id])
    details = audit.changes({"plan": before}, {"plan": plan})
    await audit.note(
        conn, _within(admin, organization_id), Action.ORGANIZATION_CHANGED, organization_id, details=details
    )
    return await fetch_existing(conn, OrganizationOut, f"{_ORGANIZATION} WHERE id = %s", [organization_id])


def _within(admin: Principal, organization_id: str) -> Principal:
    """The same operator, acting on that organization's objects."""
    return replace(admin, organization_id=organization_id)


async def set_disabled(conn: Conn, admin: Principal, user_id: str, *, disabled: bool, now: datetime) -> MemberOut:
    """Lock a user out, which also revokes the user's tokens for good, or let the user in again.

    An organization without an enabled user is suspended for as long (``suspensions``).

    Raises NotFoundError, and ConflictError for the operator itself: one who could let it in again must be left.
    """
    before = await look_up(
        conn, MemberOut, f"{_MEMBER} WHERE id = %s FOR UPDATE", [user_id], what="User", named=user_id
    )
    if disabled and user_id == admin.user_id:
        raise ConflictError("Operators can't disable themselves")
    await conn.execute(
        """UPDATE users SET disabled_at = CASE WHEN %(disabled)s THEN coalesce(disabled_at, %(now)s) END,
               tokens_valid_from = CASE WHEN %(disabled)s THEN %(now)s ELSE tokens_valid_from END
           WHERE id = %(id)s""",
        {"disabled": disabled, "now": now, "id": user_id},
    )
    details = audit.changes({"disabled": before.disabled}, {"disabled": disabled})
    await audit.note(conn, _within(admin, before.organization_id), Action.USER_CHANGED, user_id, details=details)
    await suspensions.follow_users(conn, admin, before.organization_id, now=now)
    return before.model_copy(update={"disabled": disabled})


async def find_jobs(
    conn: Conn, *, status: JobStatus | None, organization_id: str | None = None, limit: int, offset: int
) -> Slice[Job]:
    """All jobs, newest first; of one status, of one organization."""
    where: LiteralString = """(%(status)s::text IS NULL OR status = %(status)s)
        AND (%(organization_id)s::text IS NULL OR organization_id = %(organization_id)s)"""
    params = {"status": status, "organization_id": organization_id, "limit": limit, "offset": offset}
    sql: LiteralString = (
        f"SELECT {jobs.COLUMNS} FROM jobs WHERE {where} ORDER BY id DESC LIMIT %(limit)s OFFSET %(offset)s"
    )
    rows = await fetch_all(conn, Job, sql, params)
    return Slice(rows, await count_rows(conn, f"SELECT count(*) FROM jobs WHERE {where}", params))


async def cancel_job(conn: Conn, admin: Principal, job_id: str) -> Job:
    """Cancel any organization's job. Raises NotFoundError, and ConflictError when the job is over."""
    require_id(job_id, "Job")
    job = await jobs.find(conn, job_id)
    if job is None:
        raise NotFoundError("Job not found")
    return await jobs.cancel(conn, _within(admin, job.organization_id), job_id)


async def stats(conn: Conn) -> StatsOut:
    """Counts over all organizations, in one statement."""
    return await fetch_existing(
        conn,
        StatsOut,
        """SELECT (SELECT count(*) FROM organizations) AS organizations, (SELECT count(*) FROM users) AS users,
               (SELECT count(*) FROM projects) AS projects, coalesce(jsonb_object_agg(status, count), '{}') AS jobs,
               coalesce(sum(targets), 0)::bigint AS targets, coalesce(sum(results), 0)::bigint AS results
           FROM (SELECT status, count(*) AS count, sum(total) AS targets, sum(result_count) AS results
                 FROM jobs GROUP BY status) by_status""",
    )
