"""Limits, usage and credits on the wire."""

from azscraper.wire.base import Answer, Timestamp


class Monthly(Answer):
    """A number for each thing that is limited; null is unlimited."""

    jobs_per_month: int | None
    targets_per_month: int | None
    exports_per_month: int | None


class UsedThisMonth(Answer):
    """What was used so far."""

    jobs_this_month: int
    targets_this_month: int
    exports_this_month: int


class Period(Answer):
    """The calendar month, in UTC."""

    start: Timestamp
    end: Timestamp
    """When the next one begins."""


class CreditsOut(Answer):
    """Credits, for plans that use them."""

    balance: int
    """What can be spent."""
    reserved: int
    """Credits that open jobs hold, beside the balance. The price of their failed and cancelled targets is returned."""


class UsageOut(Answer):
    """Limits, what was used of them and what is left."""

    plan: str
    limits: Monthly
    used: UsedThisMonth
    remaining: Monthly
    period: Period
    credits: CreditsOut


class TransactionOut(Answer):
    """A line of the credits ledger."""

    id: str
    kind: str
    """registration, grant, referral, reserve (a job was created) or return (some of its targets failed or were cancelled)."""
    amount: int
    """Negative if it was taken from the balance. The sum of all amounts is the balance."""
    job_id: str | None
    note: str | None
    created_at: Timestamp
