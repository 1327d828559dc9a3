"""Referrals: who brought whom, and what both get for it once the new organization has completed its first job."""

import base64
import os
from dataclasses import dataclass
from datetime import datetime, timedelta

from azscraper.errors import NotFoundError, RateLimitedError
from azscraper.slices import Slice, cut
from azscraper.store.db import Conn, count_rows, fetch_all, fetch_existing, fetch_one, scalar, sweep
from azscraper.tenants import credits

CLICKS = 5
WINDOW = timedelta(seconds=10)
"""So many clicks an address in so much time (api.md: Routes)."""
PAID = 10
PAID_WITHIN = timedelta(days=30)
"""So many rewards a referrer in so much time, for organizations that nobody invited: their addresses may be made up."""
_SWEPT_AT_ONCE = 10


@dataclass(frozen=True, slots=True)
class Rewards:
    """Credits for a referral."""

    referrer: int = 0
    referred: int = 0


@dataclass(frozen=True, slots=True)
class Standing:
    """An organization's code and what came of it."""

    code: str
    clicks: int
    signups: int
    rewarded: int
    """The sign-ups that have completed a job."""
    earned: int
    """Credits."""


@dataclass(frozen=True, slots=True)
class Signup:
    """An organization that came with the code."""

    id: str
    credits: int
    """Credits that the referrer gets, or got."""
    created_at: datetime
    rewarded_at: datetime | None

    @property
    def status(self) -> str:
        """Pending until it has completed a job, then rewarded."""
        return "rewarded" if self.rewarded_at else "pending"


@dataclass(frozen=True, slots=True)
class _Due:
    referrer_id: str
    referrer_credits: int
    referred_id: str
    referred_credits: int


async def standing(conn: Conn, organization_id: str) -> Standing:
    """The organization's standing; its code is made when it is first asked for."""
    await conn.execute(
        "INSERT INTO referral_codes (organization_id, code) VALUES (%s, %s) ON CONFLICT (organization_id) DO NOTHING",
        [organization_id, _new_code()],
    )
    return await fetch_existing(
        conn,
        Standing,
        """SELECT c.code, c.clicks, count(r.referred_id) AS signups, count(r.paid_at) AS rewarded,
               coalesce(sum(r.referrer_credits) FILTER (WHERE r.paid_at IS NOT NULL), 0)::bigint AS earned
           FROM referral_codes c LEFT JOIN referrals r ON r.referrer_id = c.organization_id
           WHERE c.organization_id = %s GROUP BY c.organization_id""",
        [organization_id],
    )


def _new_code() -> str:
    """Sixteen characters that survive being read aloud: 80 random bits in RFC 4648's base 32."""
    return base64.b32encode(os.urandom(10)).decode().lower()


async def throttle(conn: Conn, address: str, *, now: datetime) -> None:
    """Count a click of the address. Raises RateLimitedError for more than ``CLICKS`` within ``WINDOW``.

    The caller commits it whether or not the click turns out to be of use.
    """
    counted = await scalar(
        conn,
        int,
        """INSERT INTO referral_clicks AS c (address, recent) VALUES (%(address)s, ARRAY[%(now)s::timestamptz])
           ON CONFLICT (address) DO UPDATE
           SET recent = ARRAY(SELECT t FROM unnest(c.recent) t WHERE t > %(since)s ORDER BY t) || %(now)s::timestamptz
           WHERE (SELECT count(*) FROM unnest(c.recent) t WHERE t > %(since)s) < %(clicks)s
           RETURNING 1""",
        {"address": address, "now": now, "since": now - WINDOW, "clicks": CLICKS},
    )
    if counted is None:
        seconds = int(WINDOW.total_seconds())
        raise RateLimitedError(f"More than {CLICKS} clicks in {seconds} s", retry_after_seconds=seconds)
    await sweep(
        conn, "referral_clicks", "address", "recent[cardinality(recent)] <= %s", now - WINDOW, most=_SWEPT_AT_ONCE
    )


async def click(conn: Conn, code: str) -> None:
    """Count a click on the code's link. Raises NotFoundError when there is no such code."""
    cursor = await conn.execute("UPDATE referral_codes SET clicks = clicks + 1 WHERE code = %s", [code.lower()])
    if cursor.rowcount == 0:
        raise NotFoundError("Referral code not found")


async def sign_up(conn: Conn, organization_id: str, code: str, *, rewards: Rewards, vouched: bool) -> None:
    """Note that a new organization came with a code; a code that is unknown keeps nobody out, and counts for nobody.

    ``vouched``: it signed up with an invitation, so that an operator knows whose it is.
    """
    await conn.execute(
        """INSERT INTO referrals (referred_id, referrer_id, referrer_credits, referred_credits, vouched)
           SELECT %s, organization_id, %s, %s, %s FROM referral_codes WHERE code = %s""",
        [organization_id, rewards.referrer, rewards.referred, vouched, code.strip().lower()],
    )


async def reward(conn: Conn, job_id: str) -> None:
    """Pay both sides, if this job is the first that a referred organization completed. Once, as promised at signup.

    A referrer beyond ``PAID`` is paid with a later job of the referred organization.
    """
    referrer = await scalar(
        conn,
        str,
        """SELECT r.referrer_id FROM jobs j JOIN referrals r ON r.referred_id = j.organization_id
           WHERE j.id = %s AND j.status = 'completed' AND r.paid_at IS NULL""",
        [job_id],
    )
    if referrer is None:
        return
    await conn.execute(
        "SELECT FROM referral_codes WHERE organization_id = %s FOR UPDATE", [referrer]
    )  # one counts at a time
    due = await fetch_one(
        conn,
        _Due,
        """UPDATE referrals r SET paid_at = now() FROM jobs j
           WHERE j.id = %(job_id)s AND r.referred_id = j.organization_id AND r.paid_at IS NULL
             AND (r.vouched OR %(paid)s > (SELECT count(*) FROM referrals p WHERE p.referrer_id = r.referrer_id
                                           AND NOT p.vouched AND p.paid_at > now() - %(period)s))
           RETURNING r.referrer_id, r.referrer_credits, r.referred_id, r.referred_credits""",
        {"job_id": job_id, "paid": PAID, "period": PAID_WITHIN},
    )
    if due is not None:
        await credits.grant(conn, due.referrer_id, due.referrer_credits, reason="referral")
        await credits.grant(conn, due.referred_id, due.referred_credits, reason="referral")


async def find_slice(conn: Conn, organization_id: str, *, before: str | None, limit: int) -> Slice[Signup]:
    """Who came with the organization's code, newest first, from behind the id ``before``."""
    signups = await fetch_all(
        conn,
        Signup,
        """SELECT referred_id AS id, referrer_credits AS credits, created_at, paid_at AS rewarded_at FROM referrals
           WHERE referrer_id = %(organization_id)s AND (%(before)s::text IS NULL OR referred_id < %(before)s)
           ORDER BY referred_id DESC LIMIT %(limit)s""",
        {"organization_id": organization_id, "before": before, "limit": limit + 1},
    )
    total = await count_rows(conn, "SELECT count(*) FROM referrals WHERE referrer_id = %s", [organization_id])
    return cut(signups, total, limit=limit, cursor=lambda signup: signup.id)
