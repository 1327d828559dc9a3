"""What goes over the wire to and from an operator."""

from typing import Annotated, Any, Self

from pydantic import BeforeValidator, ConfigDict, Field, field_validator, model_validator

from azscraper.operate.admin import Member, Organization, Referral, Stats
from azscraper.operate.suspensions import Reason
from azscraper.records.options import whole
from azscraper.tenants.api_keys import ApiKey
from azscraper.tenants.plans import Plan, Weight
from azscraper.tenants.sign_ups import Invitation
from azscraper.tracking import schedules
from azscraper.webhooks.endpoints import Webhook
from azscraper.wire.base import Text, Timestamp, Wire
from azscraper.wire.usage import UsageOut


class OrganizationOut(Wire):
    """An organization and how large it is."""

    id: str
    name: str
    plan: str
    created_at: Timestamp
    suspended_at: Timestamp | None
    """Since when nobody and nothing of it is let in; null: it is not suspended."""
    suspension_reason: Reason | None
    """`operator`: an operator suspended it. `no_enabled_user`: all its users are disabled; it ends once one is enabled."""
    users: int
    projects: int
    jobs: int

    @classmethod
    def of(cls, organization: Organization, **more: Any) -> Self:
        """From the feature's value."""
        return cls(
            id=organization.id,
            name=organization.name,
            plan=organization.plan,
            created_at=organization.created_at,
            suspended_at=organization.suspended_at,
            suspension_reason=Reason(organization.suspension_reason) if organization.suspension_reason else None,
            users=organization.users,
            projects=organization.projects,
            jobs=organization.jobs,
            **more,
        )


class OrganizationChange(Wire):
    """What to change; what is left out stays."""

    model_config = ConfigDict(
        json_schema_extra={
            "anyOf": [{"required": ["plan"]}, {"required": ["suspended"]}],
            "if": {"required": ["cancelJobs"], "properties": {"cancelJobs": {"const": True}}},
            "then": {"required": ["suspended"], "properties": {"suspended": {"const": True}}},
        }
    )

    plan: Annotated[Text, Field(max_length=100, json_schema_extra={"format": "plan-name"})] = ""
    """The plan to put the organization on."""
    suspended: Annotated[bool, Field(strict=True)] = False
    """Whether to lock the organization out: its users, API keys, schedules and webhooks stop until you let it in again."""
    cancel_jobs: Annotated[bool, Field(strict=True)] = False
    """With `suspended: true`: also cancel its open jobs, which otherwise run to their end."""

    @model_validator(mode="after")
    def _something(self) -> Self:
        if not self.model_fields_set & {"plan", "suspended"}:
            raise ValueError("needs a plan, or suspended")
        if self.cancel_jobs and not self.suspended:
            raise ValueError("cancelJobs needs suspended: true")
        return self


class MemberOut(Wire):
    """A user as an operator sees it."""

    id: str
    organization_id: str
    email: str
    name: str | None
    role: str
    disabled: bool
    created_at: Timestamp

    @classmethod
    def of(cls, member: Member) -> Self:
        """From the feature's value."""
        return cls(
            id=member.id,
            organization_id=member.organization_id,
            email=member.email,
            name=member.name,
            role=member.role,
            disabled=member.disabled,
            created_at=member.created_at,
        )


class MemberChange(Wire):
    """Whether the user is locked out."""

    disabled: Annotated[bool, Field(strict=True)]


class PlanOut(Wire):
    """A plan; a limit of null is unlimited."""

    name: str
    jobs_per_month: int | None
    targets_per_month: int | None
    exports_per_month: int | None
    uses_credits: bool
    """Whether jobs cost credits."""
    weight: int
    """Share of the crawl beside other organizations: twice the weight, twice the targets in the same time."""
    concurrency: int | None
    """Targets that may be in work at a time; null is unlimited."""

    @classmethod
    def of(cls, plan: Plan) -> Self:
        """From the feature's value."""
        return cls(
            name=plan.name,
            jobs_per_month=plan.jobs_per_month,
            targets_per_month=plan.targets_per_month,
            exports_per_month=plan.exports_per_month,
            uses_credits=plan.uses_credits,
            weight=plan.weight,
            concurrency=plan.concurrency,
        )


class StatsOut(Wire):
    """What the installation holds."""

    organizations: int
    users: int
    projects: int
    jobs: dict[str, int]
    """By status; a status that no job has is left out."""
    targets: int
    results: int

    @classmethod
    def of(cls, stats: Stats) -> Self:
        """From the feature's value."""
        return cls(
            organizations=stats.organizations,
            users=stats.users,
            projects=stats.projects,
            jobs=stats.jobs,
            targets=stats.targets,
            results=stats.results,
        )


class KeyBrief(Wire):
    """An API key of an organization."""

    id: str
    project_id: str
    name: str
    key_hint: str
    disabled: bool
    created_at: Timestamp
    last_used_at: Timestamp | None

    @classmethod
    def of(cls, key: ApiKey) -> Self:
        """From the feature's value."""
        return cls(**{name: getattr(key, name) for name in cls.model_fields})


class ScheduleBrief(Wire):
    """A schedule of an organization."""

    id: str
    project_id: str
    cron: str
    timezone: str
    enabled: bool
    type: str
    targets: int
    """How many."""
    next_run_at: Timestamp | None
    last_run_at: Timestamp | None

    @classmethod
    def of(cls, schedule: schedules.Brief) -> Self:
        """From the feature's value."""
        return cls(**{name: getattr(schedule, name) for name in cls.model_fields})


class WebhookBrief(Wire):
    """A webhook of an organization."""

    id: str
    project_id: str
    url: str
    """Without its query, which may hold a token."""
    events: list[str]
    enabled: bool
    created_at: Timestamp

    @classmethod
    def of(cls, webhook: Webhook) -> Self:
        """From the feature's value."""
        values = {name: getattr(webhook, name) for name in cls.model_fields}
        return cls(**values | {"url": webhook.url.partition("?")[0]})


class OrganizationDetail(OrganizationOut):
    """An organization from nearby. Of each list the first 100, newest first."""

    usage: UsageOut
    members: list[MemberOut]
    api_keys: list[KeyBrief]
    schedules: list[ScheduleBrief]
    webhooks: list[WebhookBrief]


PlanName = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,63}$", examples=["team"])]
_Limit = Annotated[int, Field(ge=0, le=10**15, strict=True, examples=[1000]), BeforeValidator(whole)]


class PlanChange(Wire):
    """The limits to set; null is unlimited, and what is left out stays."""

    jobs_per_month: _Limit | None = None
    targets_per_month: _Limit | None = None
    exports_per_month: _Limit | None = None
    uses_credits: Annotated[bool, Field(strict=True)] = False
    """Whether jobs cost credits."""
    weight: Annotated[int, Field(ge=1, le=100, strict=True), BeforeValidator(whole)] = Weight.FULL
    """Share of the crawl beside other organizations: twice the weight, twice the targets in the same time."""
    concurrency: Annotated[int, Field(ge=1, le=10**6, strict=True), BeforeValidator(whole)] | None = None
    """Targets that may be in work at a time; null is unlimited."""


class NewPlan(PlanChange):
    """A plan to make; a limit that is null or left out is unlimited."""

    name: PlanName


class Grant(Wire):
    """Credits to give."""

    amount: Annotated[
        int,
        Field(ge=-(10**12), le=10**12, strict=True, examples=[500], json_schema_extra={"not": {"const": 0}}),
        BeforeValidator(whole),
    ]
    """A negative amount takes a mistake back, as far as the balance goes."""
    note: Annotated[Text, Field(max_length=500, examples=["invoice 17"])] | None = None
    """For the ledger, which the organization sees."""

    @field_validator("amount")
    @classmethod
    def _something(cls, value: int) -> int:
        if value == 0:
            raise ValueError("must not be 0")
        return value


class RateOut(Wire):
    """How a marketplace is asked."""

    marketplace: str
    """Host."""
    rate: float
    """Requests per second over all workers together, before any slowdown; 0 is unlimited."""
    is_default: bool
    """Whether that is the service's setting."""
    slowdown: float
    """Factor on the time between two requests: 1 unless the marketplace answers with robot checks."""
    paused_until: Timestamp | None
    """Until when it is not asked at all, because it did nothing but robot checks."""


class SettingsOut(Wire):
    """What operators can set while the service runs."""

    default_rate: float
    """AZSCRAPER_CRAWL_RATE of the process that answers."""
    crawl_rates: list[RateOut]


_Rate = Annotated[float, Field(ge=0, le=1000, allow_inf_nan=False, examples=[0.5])]


class SettingsChange(Wire):
    """What to set; what is left out stays."""

    crawl_rates: Annotated[
        dict[str, _Rate | None],
        Field(
            max_length=100,
            examples=[{"www.amazon.de": 0.5}],
            json_schema_extra={"propertyNames": {"format": "amazon-marketplace"}},
        ),
    ]
    """Host or country code to requests per second; 0 is unlimited, null goes back to the service's setting."""


class NewInvitation(Wire):
    """An invitation to make."""

    note: Annotated[Text, Field(max_length=200, examples=["Ann, of the pricing team"])] | None = None
    """For whom it is, for the list; the invited do not see it."""


class InvitationOut(Wire):
    """An invitation, without its code."""

    id: str
    note: str | None
    created_at: Timestamp
    expires_at: Timestamp
    used_at: Timestamp | None
    organization_id: str | None
    """The organization that signed up with it."""

    @classmethod
    def of(cls, invitation: Invitation) -> Self:
        """From the feature's value."""
        return cls(
            id=invitation.id,
            note=invitation.note,
            created_at=invitation.created_at,
            expires_at=invitation.expires_at,
            used_at=invitation.used_at,
            organization_id=invitation.organization_id,
        )


class NewInvitationOut(InvitationOut):
    """A new invitation, shown once."""

    code: str
    """For `azscraper login --register --invitation` and `POST /auth/register`."""
    link: str
    """The page of the dashboard that takes the code."""


class ReferralOut(Wire):
    """An organization that came by another's code."""

    referrer_id: str
    referrer_name: str
    referred_id: str
    referred_name: str
    referrer_credits: int
    referred_credits: int
    created_at: Timestamp
    rewarded_at: Timestamp | None
    """When both were paid; null until the new one has completed a job."""

    @classmethod
    def of(cls, referral: Referral) -> Self:
        """From the feature's value."""
        return cls(
            referrer_id=referral.referrer_id,
            referrer_name=referral.referrer_name,
            referred_id=referral.referred_id,
            referred_name=referral.referred_name,
            referrer_credits=referral.referrer_credits,
            referred_credits=referral.referred_credits,
            created_at=referral.created_at,
            rewarded_at=referral.paid_at,
        )
