"""Referrals on the wire."""

from azscraper.wire.base import Answer, Timestamp


class RewardsOut(Answer):
    """Credits that each side gets once the new organization has completed a job."""

    referrer: int
    referred: int


class OwnReferralOut(Answer):
    """The organization's code and what came of it."""

    code: str
    """New users send it as `referralCode` when they register."""
    link: str
    clicks: int
    signups: int
    rewarded: int
    """The sign-ups that have completed a job."""
    earned: int
    """Credits so far."""
    rewards: RewardsOut


class ClickOut(Answer):
    """The click was counted."""

    counted: bool = True


class SignupOut(Answer):
    """An organization that signed up with the code. Its name is not shown."""

    id: str
    status: str
    """`pending` until it completes a job, then `rewarded`."""
    credits: int
    """Credits that the referrer gets, or got."""
    created_at: Timestamp
    rewarded_at: Timestamp | None
