"""Limits, usage and credits on the wire."""

from typing import Self

from azscraper.tenants.credits import Balance, Entry
from azscraper.tenants.plans import Usage
from azscraper.wire.base import Timestamp, Wire


class Monthly(Wire):
    """A number for each thing that is limited; null is unlimited."""

    jobs_per_month: int | None
    targets_per_month: int | None
    exports_per_month: int | None


class UsedThisMonth(Wire):
    """What was used so far."""

    jobs_this_month: int
    targets_this_month: int
    exports_this_month: int


class Period(Wire):
    """The calendar month, in UTC."""

    start: Timestamp
    end: Timestamp
    """When the next one begins."""


class CreditsOut(Wire):
    """Credits, for plans that use them."""

    balance: int
    """What can be spent."""
    reserved: int
    """What open jobs hold; no part of the balance. What their failed and cancelled targets cost comes back."""

    @classmethod
    def of(cls, balance: Balance) -> Self:
        """From the feature's value."""
        return cls(balance=balance.balance, reserved=balance.reserved)


class UsageOut(Wire):
    """Limits, what was used of them and what is left."""

    plan: str
    limits: Monthly
    used: UsedThisMonth
    remaining: Monthly
    period: Period
    credits: CreditsOut

    @classmethod
    def of(cls, usage: Usage, balance: Balance) -> Self:
        """From the features' values."""
        plan, used = usage.plan, usage.used
        return cls(
            plan=plan.name,
            limits=Monthly(
                jobs_per_month=plan.jobs_per_month,
                targets_per_month=plan.targets_per_month,
                exports_per_month=plan.exports_per_month,
            ),
            used=UsedThisMonth(
                jobs_this_month=used.jobs, targets_this_month=used.targets, exports_this_month=used.exports
            ),
            remaining=Monthly(
                jobs_per_month=_left(plan.jobs_per_month, used.jobs),
                targets_per_month=_left(plan.targets_per_month, used.targets),
                exports_per_month=_left(plan.exports_per_month, used.exports),
            ),
            period=Period(start=usage.start, end=usage.end),
            credits=CreditsOut.of(balance),
        )


def _left(limit: int | None, used: int) -> int | None:
    return None if limit is None else max(0, limit - used)


class TransactionOut(Wire):
    """A line of the credits ledger."""

    id: str
    kind: str
    """registration, grant, referral, reserve (a job was made) or return (targets of it failed or were cancelled)."""
    amount: int
    """Negative when it left the balance; all amounts together are the balance."""
    job_id: str | None
    note: str | None
    created_at: Timestamp

    @classmethod
    def of(cls, entry: Entry) -> Self:
        """From the feature's value."""
        return cls(
            id=entry.id,
            kind=entry.kind,
            amount=entry.amount,
            job_id=entry.job_id,
            note=entry.note,
            created_at=entry.created_at,
        )
