"""Referrals on the wire."""

from typing import Annotated, Self

from pydantic import Field

from azscraper.tenants.referrals import Rewards, Signup, Standing
from azscraper.wire.base import Text, Timestamp, Wire


class RewardsOut(Wire):
    """Credits that each side gets once the new organization has completed a job."""

    referrer: int
    referred: int


class StandingOut(Wire):
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

    @classmethod
    def of(cls, standing: Standing, rewards: Rewards, address: str) -> Self:
        """From the feature's values."""
        return cls(
            code=standing.code,
            link=f"{address}/?ref={standing.code}",
            clicks=standing.clicks,
            signups=standing.signups,
            rewarded=standing.rewarded,
            earned=standing.earned,
            rewards=RewardsOut(referrer=rewards.referrer, referred=rewards.referred),
        )


class Click(Wire):
    """A click on a referral link."""

    code: Annotated[Text, Field(min_length=1, max_length=64)]


class ClickOut(Wire):
    """The click was counted."""

    counted: bool = True


class SignupOut(Wire):
    """An organization that came with the code; who it is stays its own affair."""

    id: str
    status: str
    """pending until it has completed a job, then rewarded."""
    credits: int
    """What the referrer gets, or got."""
    created_at: Timestamp
    rewarded_at: Timestamp | None

    @classmethod
    def of(cls, signup: Signup) -> Self:
        """From the feature's value."""
        return cls(
            id=signup.referred_id,
            status="rewarded" if signup.paid_at else "pending",
            credits=signup.referrer_credits,
            created_at=signup.created_at,
            rewarded_at=signup.paid_at,
        )
