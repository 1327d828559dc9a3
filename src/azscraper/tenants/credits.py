"""Credits: an append-only ledger whose sum is the balance. Only plans that say so use them.

The most that a job may cost leaves the balance when the job is made, in the same transaction; when the job ends, in the
transaction that ends it, what its targets did not cost comes back. What open jobs hold is "reserved".
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from azscraper.errors import InsufficientCreditsError
from azscraper.ids import new_id
from azscraper.slices import Slice, cut
from azscraper.store.db import Conn, count_rows, fetch_all, fetch_existing
from azscraper.tenants.plans import Plan

GrantReason = Literal["registration", "grant", "referral"]


@dataclass(frozen=True, slots=True)
class Balance:
    """What an organization has."""

    balance: int
    """What it can spend."""
    reserved: int
    """What its open jobs hold; no part of the balance."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the ledger."""

    id: str
    kind: str
    """registration, grant, referral, reserve or return."""
    amount: int
    """Negative when it left the balance."""
    job_id: str | None
    note: str | None
    created_at: datetime


async def grant(conn: Conn, organization_id: str, amount: int, *, reason: GrantReason, note: str | None = None) -> None:
    """Add to the balance; does nothing for zero. The caller decides who may."""
    if amount:
        await conn.execute(
            "INSERT INTO credit_entries (id, organization_id, kind, amount, note) VALUES (%s, %s, %s, %s, %s)",
            [new_id(), organization_id, reason, amount, note],
        )


async def reserve(conn: Conn, organization_id: str, plan: Plan, *, job_id: str, price: int) -> None:
    """Take a new job's price, in credits, out of the balance, where the organization's plan uses credits.

    Raises InsufficientCreditsError, and then the caller's transaction must roll back. The organization's row is locked
    until commit, so that parallel jobs can't spend the same credits.
    """
    if not plan.uses_credits:
        return
    await conn.execute("SELECT 1 FROM organizations WHERE id = %s FOR NO KEY UPDATE", [organization_id])
    has = await balance(conn, organization_id)
    if has.balance < price:
        raise InsufficientCreditsError(f"The job costs {price} credits; the balance is {has.balance}")
    await conn.execute(
        "INSERT INTO credit_entries (id, organization_id, kind, amount, job_id) VALUES (%s, %s, 'reserve', %s, %s)",
        [new_id(), organization_id, -price, job_id],
    )


async def settle(conn: Conn, job_id: str) -> None:
    """Give back what the targets of a job that has just ended did not cost; does so once.

    ``targets.credits`` holds what one cost. It is null of those that a worker of the release before ended, which cost their
    equal share, and of those that failed or were cancelled, which cost nothing.
    """
    await conn.execute(
        """INSERT INTO credit_entries (id, organization_id, kind, amount, job_id)
           SELECT %s, e.organization_id, 'return', -e.amount - cost.credits, j.id
           FROM credit_entries e JOIN jobs j ON j.id = e.job_id,
               LATERAL (SELECT coalesce(sum(coalesce(t.credits, -e.amount / (j.total - j.invalid))), 0)::int AS credits
                        FROM targets t WHERE t.job_id = j.id AND t.status = 'success') cost
           WHERE e.job_id = %s AND e.kind = 'reserve' AND -e.amount > cost.credits
           ON CONFLICT (job_id, kind) WHERE job_id IS NOT NULL DO NOTHING""",
        [new_id(), job_id],
    )


async def balance(conn: Conn, organization_id: str) -> Balance:
    """What the organization can spend, and what its open jobs hold."""
    return await fetch_existing(
        conn,
        Balance,
        """SELECT (SELECT coalesce(sum(amount), 0)::bigint FROM credit_entries WHERE organization_id = %(id)s) AS balance,
               (SELECT coalesce(-sum(e.amount), 0)::bigint FROM jobs j JOIN credit_entries e ON e.job_id = j.id
                WHERE j.organization_id = %(id)s AND j.status IN ('queued', 'running') AND e.kind = 'reserve')
               AS reserved""",
        {"id": organization_id},
    )


async def find_slice(conn: Conn, organization_id: str, *, before: str | None, limit: int) -> Slice[Entry]:
    """Entries, newest first, from behind the id ``before``."""
    entries = await fetch_all(
        conn,
        Entry,
        """SELECT id, kind, amount, job_id, note, created_at FROM credit_entries
           WHERE organization_id = %(organization_id)s AND (%(before)s::text IS NULL OR id < %(before)s)
           ORDER BY id DESC LIMIT %(limit)s""",
        {"organization_id": organization_id, "before": before, "limit": limit + 1},
    )
    total = await count_rows(conn, "SELECT count(*) FROM credit_entries WHERE organization_id = %s", [organization_id])
    return cut(entries, total, limit=limit, cursor=lambda entry: entry.id)
