"""Referrals on the wire."""

from azscraper.wire.base import Answer, Timestamp


class RewardsOut(Answer):
    """Credits that each side gets once the new organization has completed a job."""

    referrer: int
    referred: int


class StandingOut(Answer):
    """The organization's code and what came of it."""

    code: str
    """To be sent as `referralCode` by those who register."""
    link: str
    clicks: int
    signups: int
    rewarded: int
    """Of the signups, those that have completed a job."""
    earned: int
    """Credits so far."""
    rewards: RewardsOut


class ClickOut(Answer):
    """The click was counted."""

    counted: bool = True


class SignupOut(Answer):
    """An organization that came with the code; who it is stays its own affair."""

    id: str
    status: str
    """pending until it has completed a job, then rewarded."""
    credits: int
    """What the referrer gets, or got."""
    created_at: Timestamp
    rewarded_at: Timestamp | None
