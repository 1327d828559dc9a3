"""What an operator of the installation sees and changes, over all organizations. Callers have checked that it is one.

Each change is audited in the organization that it concerns, in the same transaction.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Generic, LiteralString, TypeVar

from azscraper import accounts, audit, jobs, plans
from azscraper.audit import Action
from azscraper.db import Conn, fetch_all, fetch_one, scalar
from azscraper.errors import ConflictError, Detail, InvalidInputError, NotFoundError
from azscraper.ids import require_id
from azscraper.jobs import Job, JobStatus
from azscraper.principal import Principal

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Organization:
    """An organization and how large it is."""

    id: str
    name: str
    plan: str
    created_at: datetime
    users: int
    projects: int
    jobs: int


@dataclass(frozen=True, slots=True)
class Member:
    """A user as an operator sees it."""

    id: str
    organization_id: str
    email: str
    name: str | None
    role: str
    disabled: bool
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """A slice of a list, and how long the whole is."""

    rows: list[T]
    total: int


@dataclass(frozen=True, slots=True)
class Stats:
    """What the installation holds."""

    organizations: int
    users: int
    projects: int
    jobs: dict[str, int]
    """By status."""
    targets: int
    results: int


_ORGANIZATION: LiteralString = """SELECT id, name, plan, created_at,
        (SELECT count(*) FROM users WHERE organization_id = o.id) AS users,
        (SELECT count(*) FROM projects WHERE organization_id = o.id) AS projects,
        (SELECT count(*) FROM jobs WHERE organization_id = o.id) AS jobs
    FROM organizations o"""
_MEMBER: LiteralString = """SELECT id, organization_id, email, name, role, disabled_at IS NOT NULL AS disabled, created_at
    FROM users"""


async def find_organizations(conn: Conn, *, limit: int, offset: int) -> Page[Organization]:
    """All organizations, newest first."""
    sql: LiteralString = f"{_ORGANIZATION} ORDER BY id DESC LIMIT %s OFFSET %s"
    rows = await fetch_all(conn, Organization, sql, [limit, offset])
    return Page(rows, await scalar(conn, int, "SELECT count(*) FROM organizations") or 0)


async def find_users(conn: Conn, *, limit: int, offset: int) -> Page[Member]:
    """All users, newest first."""
    rows = await fetch_all(conn, Member, f"{_MEMBER} ORDER BY id DESC LIMIT %s OFFSET %s", [limit, offset])
    return Page(rows, await scalar(conn, int, "SELECT count(*) FROM users") or 0)


async def change_plan(conn: Conn, admin: Principal, organization_id: str, plan: str) -> Organization:
    """Put an organization on another plan. Raises NotFoundError, and InvalidInputError when there is no such plan."""
    try:
        plans.by_name(plan)
    except InvalidInputError as exc:
        raise InvalidInputError(f"plan: {exc.message}", [Detail("plan", exc.message)]) from exc
    require_id(organization_id, "Organization")
    before = await scalar(conn, str, "SELECT plan FROM organizations WHERE id = %s FOR UPDATE", [organization_id])
    if before is None:
        raise NotFoundError("Organization not found")
    await conn.execute("UPDATE organizations SET plan = %s WHERE id = %s", [plan, organization_id])
    details = audit.changes({"plan": before}, {"plan": plan})
    await audit.record(
        conn, _within(admin, organization_id), Action.ORGANIZATION_CHANGED, organization_id, details=details
    )
    after = await fetch_one(conn, Organization, f"{_ORGANIZATION} WHERE id = %s", [organization_id])
    assert after is not None  # noqa: S101 - it is locked
    return after


def _within(admin: Principal, organization_id: str) -> Principal:
    """The same operator, acting on that organization's objects."""
    return replace(admin, organization_id=organization_id)


async def set_disabled(conn: Conn, admin: Principal, user_id: str, *, disabled: bool, now: datetime) -> Member:
    """Lock a user out, which also revokes the user's tokens for good, or let the user in again.

    Raises NotFoundError, and ConflictError for the operator itself: one who could let it in again must be left.
    """
    require_id(user_id, "User")
    before = await fetch_one(conn, Member, f"{_MEMBER} WHERE id = %s FOR UPDATE", [user_id])
    if before is None:
        raise NotFoundError("User not found")
    if disabled and user_id == admin.user_id:
        raise ConflictError("Operators can't disable themselves")
    await conn.execute(
        """UPDATE users SET disabled_at = CASE WHEN %(disabled)s THEN coalesce(disabled_at, %(now)s) END,
               tokens_valid_from = CASE WHEN %(disabled)s THEN %(now)s ELSE tokens_valid_from END
           WHERE id = %(id)s""",
        {"disabled": disabled, "now": now, "id": user_id},
    )
    details = audit.changes({"disabled": before.disabled}, {"disabled": disabled})
    await audit.record(conn, _within(admin, before.organization_id), Action.USER_CHANGED, user_id, details=details)
    return replace(before, disabled=disabled)


async def find_jobs(conn: Conn, *, status: JobStatus | None, limit: int, offset: int) -> Page[Job]:
    """All jobs, newest first; of one status, or of all."""
    params = {"status": status, "limit": limit, "offset": offset}
    rows = await fetch_all(
        conn,
        Job,
        f"""SELECT {jobs.COLUMNS} FROM jobs WHERE %(status)s::text IS NULL OR status = %(status)s
            ORDER BY id DESC LIMIT %(limit)s OFFSET %(offset)s""",
        params,
    )
    sql: LiteralString = "SELECT count(*) FROM jobs WHERE %(status)s::text IS NULL OR status = %(status)s"
    return Page(rows, await scalar(conn, int, sql, params) or 0)


async def cancel_job(conn: Conn, admin: Principal, job_id: str) -> Job:
    """Cancel any organization's job. Raises NotFoundError, and ConflictError when the job is over."""
    require_id(job_id, "Job")
    job = await jobs.find(conn, job_id)
    if job is None:
        raise NotFoundError("Job not found")
    return await jobs.cancel(conn, _within(admin, job.organization_id), job_id)


async def stats(conn: Conn) -> Stats:
    """Counts over all organizations, in one statement."""
    sums = await fetch_one(
        conn,
        Stats,
        """SELECT (SELECT count(*) FROM organizations) AS organizations, (SELECT count(*) FROM users) AS users,
               (SELECT count(*) FROM projects) AS projects, coalesce(jsonb_object_agg(status, count), '{}') AS jobs,
               coalesce(sum(targets), 0)::bigint AS targets, coalesce(sum(results), 0)::bigint AS results
           FROM (SELECT status, count(*) AS count, sum(total) AS targets, sum(result_count) AS results
                 FROM jobs GROUP BY status) by_status""",
    )
    assert sums is not None  # noqa: S101 - an aggregate has one row
    return sums


async def find_user(conn: Conn, email: str) -> Member | None:
    """The user with that address."""
    return await fetch_one(conn, Member, f"{_MEMBER} WHERE email = %s", [email.lower()])


async def promote(conn: Conn, user: Member) -> None:
    """Make the user an operator."""
    await conn.execute("UPDATE users SET role = 'admin' WHERE id = %s", [user.id])
    details: dict[str, Any] = audit.changes({"role": user.role}, {"role": "admin"})
    await audit.record(conn, Principal(user.organization_id), Action.USER_CHANGED, user.id, details=details)


async def create(conn: Conn, *, email: str, password_hash: str, plan: str) -> None:
    """Make an operator with an organization of its own. Raises ConflictError when the address has an account."""
    await accounts.register(conn, email=email, password_hash=password_hash, name=None, plan=plan)
    made = await find_user(conn, email)
    assert made is not None  # noqa: S101 - just made
    await promote(conn, made)
