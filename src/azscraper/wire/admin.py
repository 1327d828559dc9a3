"""What goes over the wire to and from an operator."""

from typing import Annotated, Self

from pydantic import BeforeValidator, ConfigDict, Field, field_validator, model_validator

from azscraper.records.options import whole
from azscraper.wire.base import Answer, Text, Timestamp, Wire
from azscraper.wire.usage import UsageOut
from azscraper.words import Reason


class OrganizationOut(Answer):
    """An organization and how large it is."""

    id: str
    name: str
    plan: str
    created_at: Timestamp
    suspended_at: Timestamp | None
    """When it was suspended; null: it is not suspended."""
    suspension_reason: Reason | None
    """`operator`: an operator suspended it. `no_enabled_user`: all its users are disabled; it ends once one is enabled."""
    users: int
    projects: int
    jobs: int


class OrganizationChange(Wire):
    """Fields to change. Fields that you leave out keep their values."""

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
    """Whether to suspend the organization: its users, API keys, schedules and webhooks stop until you end the suspension."""
    cancel_jobs: Annotated[bool, Field(strict=True)] = False
    """With `suspended: true`: also cancel its open jobs, which otherwise run to their end."""

    @model_validator(mode="after")
    def _something(self) -> Self:
        if not self.model_fields_set & {"plan", "suspended"}:
            raise ValueError("set plan or suspended")
        if self.cancel_jobs and not self.suspended:
            raise ValueError("cancelJobs needs suspended: true")
        return self


class MemberOut(Answer):
    """A user as an operator sees it."""

    id: str
    organization_id: str
    email: str
    name: str | None
    role: str
    disabled: bool
    created_at: Timestamp


class MemberChange(Wire):
    """Whether the user is disabled."""

    disabled: Annotated[bool, Field(strict=True)]


class PlanOut(Answer):
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


class StatsOut(Answer):
    """What the installation holds."""

    organizations: int
    users: int
    projects: int
    jobs: dict[str, int]
    """By status; a status that no job has is left out."""
    targets: int
    results: int


class KeyBrief(Answer):
    """An API key of an organization."""

    id: str
    project_id: str
    name: str
    key_hint: str
    disabled: bool
    created_at: Timestamp
    last_used_at: Timestamp | None


class ScheduleBrief(Answer):
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


class WebhookBrief(Answer):
    """A webhook of an organization."""

    id: str
    project_id: str
    url: str
    """Without its query, which may hold a token."""
    events: list[str]
    enabled: bool
    created_at: Timestamp


class OrganizationDetail(OrganizationOut):
    """An organization in detail. Each list has the newest 100 entries."""

    usage: UsageOut
    members: list[MemberOut]
    api_keys: list[KeyBrief]
    schedules: list[ScheduleBrief]
    webhooks: list[WebhookBrief]


PlanName = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,63}$", examples=["team"])]
_Limit = Annotated[int, Field(ge=0, le=10**15, strict=True, examples=[1000]), BeforeValidator(whole)]


class PlanChange(Wire):
    """Limits to set; null is unlimited. Limits that you leave out keep their values."""

    jobs_per_month: _Limit | None = None
    targets_per_month: _Limit | None = None
    exports_per_month: _Limit | None = None
    uses_credits: Annotated[bool, Field(strict=True)] = False
    """Whether jobs cost credits."""
    weight: Annotated[int, Field(ge=1, le=100, strict=True), BeforeValidator(whole)] = 4
    """Share of the crawl beside other organizations: twice the weight, twice the targets in the same time."""
    concurrency: Annotated[int, Field(ge=1, le=10**6, strict=True), BeforeValidator(whole)] | None = None
    """Targets that may be in work at a time; null is unlimited."""


class NewPlan(PlanChange):
    """A plan to create; a limit that is null or left out is unlimited."""

    name: PlanName


class Grant(Wire):
    """Credits to give."""

    amount: Annotated[
        int,
        Field(ge=-(10**12), le=10**12, strict=True, examples=[500], json_schema_extra={"not": {"const": 0}}),
        BeforeValidator(whole),
    ]
    """A negative amount corrects a mistake; it can't exceed the balance."""
    note: Annotated[Text, Field(max_length=500, examples=["invoice 17"])] | None = None
    """For the ledger, which the organization sees."""

    @field_validator("amount")
    @classmethod
    def _something(cls, value: int) -> int:
        if value == 0:
            raise ValueError("must not be 0")
        return value


class RateOut(Answer):
    """The request rate of a marketplace."""

    marketplace: str
    """Host."""
    rate: float
    """Requests per second over all workers together, before any slowdown; 0 is unlimited."""
    is_default: bool
    """Whether this is the service's setting, and not an operator's."""
    slowdown: float
    """Factor on the time between two requests: 1 unless the marketplace answers with robot checks."""
    paused_until: Timestamp | None
    """The service sends no requests to it until then, because it answered only with robot checks."""


class SettingsOut(Answer):
    """What operators can set while the service runs."""

    default_rate: float
    """The AZSCRAPER_CRAWL_RATE of the process that answers."""
    crawl_rates: list[RateOut]


_Rate = Annotated[float, Field(ge=0, le=1000, allow_inf_nan=False, examples=[0.5])]


class SettingsChange(Wire):
    """Rates to set. Marketplaces that you leave out keep their rates."""

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
    """An invitation to create."""

    note: Annotated[Text, Field(max_length=200, examples=["Ann, of the pricing team"])] | None = None
    """A note for your list, for example a name. The invited person does not see it."""


class InvitationOut(Answer):
    """An invitation, without its code."""

    id: str
    note: str | None
    created_at: Timestamp
    expires_at: Timestamp
    used_at: Timestamp | None
    organization_id: str | None
    """The organization that signed up with it."""


class NewInvitationOut(InvitationOut):
    """A new invitation, shown once."""

    code: str
    """For `azscraper login --register --invitation` and `POST /auth/register`."""
    link: str
    """The page of the dashboard that takes the code."""


class ReferralOut(Answer):
    """An organization that signed up with another's referral code."""

    referrer_id: str
    referrer_name: str
    referred_id: str
    referred_name: str
    referrer_credits: int
    referred_credits: int
    created_at: Timestamp
    rewarded_at: Timestamp | None
    """When both received their credits; null until the new organization completes a job."""
