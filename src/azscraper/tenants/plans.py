"""Plans and their monthly limits, counted in the transaction that does what is counted."""

from collections.abc import Mapping
from dataclasses import asdict, astuple, dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import IntEnum
from typing import Literal, LiteralString

from azscraper.errors import ConflictError, InvalidInputError, NotFoundError, QuotaExceededError
from azscraper.store.db import Conn, columns_of, fetch_all, fetch_existing, fetch_one
from azscraper.store.sent import Later
from azscraper.tenants import audit
from azscraper.tenants.audit import Action
from azscraper.tenants.principal import Principal


class Weight(IntEnum):
    """Shares of the crawl that plans give: twice the weight, twice the targets in the same time."""

    LIGHT = 1
    FULL = 4


@dataclass(frozen=True, slots=True)
class Plan:
    """Limits per calendar month in UTC; None is unlimited."""

    name: str
    jobs_per_month: int | None
    targets_per_month: int | None
    exports_per_month: int | None
    uses_credits: bool = False
    """Whether jobs cost credits (see ``credits``)."""
    weight: int = Weight.FULL
    """Share of the crawl beside other organizations."""
    concurrency: int | None = None
    """Targets that its jobs may have in work at a time, all together."""


_COLUMNS = columns_of(Plan)


@dataclass(frozen=True, slots=True)
class Used:
    """What an organization has used in a month."""

    jobs: int = 0
    targets: int = 0
    exports: int = 0


@dataclass(frozen=True, slots=True)
class Usage:
    """A plan, and what was used of it between ``start`` and, not included, ``end``."""

    plan: Plan
    used: Used
    start: datetime
    end: datetime


async def find_all(conn: Conn) -> list[Plan]:
    """All plans, by name."""
    return await fetch_all(conn, Plan, f"SELECT {_COLUMNS} FROM plans ORDER BY name")


async def require(conn: Conn, name: str) -> None:
    """Raises InvalidInputError when there is no plan of that name."""
    names = [plan.name for plan in await find_all(conn)]
    if name not in names:
        raise InvalidInputError(f"There is no plan named {name!r}. Available plans: {', '.join(names)}")


async def create(conn: Conn, principal: Principal, plan: Plan) -> Plan:
    """A new plan. Raises ConflictError when there is one of that name."""
    made = await fetch_one(
        conn,
        Plan,
        f"""INSERT INTO plans ({_COLUMNS}) VALUES (%s, %s, %s, %s, %s, %s, %s)
            ON CONFLICT DO NOTHING RETURNING {_COLUMNS}""",
        astuple(plan),
    )
    if made is None:
        raise ConflictError("A plan with this name already exists")
    await audit.note(conn, principal, Action.PLAN_CREATED, plan.name, details={"after": asdict(made)})
    return made


async def change(conn: Conn, principal: Principal, name: str, limits: Mapping[str, int | bool | None]) -> Plan:
    """Set the limits that are named, for all organizations on the plan, at once. Raises NotFoundError."""
    before = await fetch_one(conn, Plan, f"SELECT {_COLUMNS} FROM plans WHERE name = %s FOR UPDATE", [name])
    if before is None:
        raise NotFoundError("Plan not found")
    after = replace(before, **limits)  # type: ignore[arg-type] # the fields' types are the wire model's business
    await conn.execute(
        f"UPDATE plans SET ({_COLUMNS}, updated_at) = (%s, %s, %s, %s, %s, %s, %s, now()) WHERE name = %s",
        [*astuple(after), name],
    )
    details = audit.changes(asdict(before), asdict(after))
    await audit.note(conn, principal, Action.PLAN_CHANGED, name, details=details)
    return after


async def charge_job(conn: Conn, organization_id: str, *, targets: int, now: datetime) -> Later[Plan]:
    """Count one job and its targets; the plan. Raises QuotaExceededError, and then the caller's transaction must roll back.

    The counting row is locked until commit, so that parallel requests can't overrun a limit.
    """
    counted = await _count(conn, organization_id, jobs=1, targets=targets, exports=0, now=now)

    async def charged() -> Plan:
        plan, used = await counted()
        _check(used.jobs, plan.jobs_per_month, "Job")
        _check(used.targets, plan.targets_per_month, "Target")
        return plan

    return charged


async def charge_export(conn: Conn, organization_id: str, *, now: datetime) -> None:
    """Count one export. Raises QuotaExceededError, and then the caller's transaction must roll back."""
    plan, used = await (await _count(conn, organization_id, jobs=0, targets=0, exports=1, now=now))()
    _check(used.exports, plan.exports_per_month, "Export")


def _check(used: int, limit: int | None, what: Literal["Job", "Target", "Export"]) -> None:
    if limit is not None and used > limit:
        raise QuotaExceededError(f"{what} limit reached for this month")


async def usage(conn: Conn, organization_id: str, *, now: datetime) -> Usage:
    """What the organization has used of its plan this month."""
    plan = await of(conn, organization_id)
    month = _month(now)
    sql: LiteralString = "SELECT jobs, targets, exports FROM usage WHERE organization_id = %s AND month = %s"
    used = await fetch_one(conn, Used, sql, [organization_id, month])
    following = (month + timedelta(days=31)).replace(day=1)
    return Usage(plan, used or Used(), _midnight(month), _midnight(following))


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


async def of(conn: Conn, organization_id: str) -> Plan:
    """The plan that the organization has."""
    return await fetch_existing(
        conn,
        Plan,
        f"SELECT {_COLUMNS} FROM plans WHERE name = (SELECT plan FROM organizations WHERE id = %s)",
        [organization_id],
    )


async def _count(
    conn: Conn, organization_id: str, *, jobs: int, targets: int, exports: int, now: datetime
) -> Later[tuple[Plan, Used]]:
    cursor = await conn.execute(
        f"""WITH used AS (
                INSERT INTO usage AS u (organization_id, month, jobs, targets, exports)
                VALUES (%s, %s, %s, %s, %s) ON CONFLICT (organization_id, month) DO UPDATE
                SET jobs = u.jobs + excluded.jobs, targets = u.targets + excluded.targets,
                    exports = u.exports + excluded.exports
                RETURNING jobs, targets, exports)
            SELECT used.*, {_COLUMNS} FROM plans, used
            WHERE name = (SELECT plan FROM organizations WHERE id = %s)""",
        [organization_id, _month(now), jobs, targets, exports, organization_id],
    )

    async def counted() -> tuple[Plan, Used]:
        row = await cursor.fetchone()
        assert row is not None  # noqa: S101 - an organization has a plan
        return Plan(*row[3:]), Used(*row[:3])

    return counted


def _month(now: datetime) -> date:
    return now.astimezone(UTC).date().replace(day=1)
