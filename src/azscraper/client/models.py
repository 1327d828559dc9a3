"""What the service answers, as frozen values. Fields that a newer service adds are passed over."""

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel

from azscraper.records.parts import Money

JobType = Literal["search", "details"]
OnInvalid = Literal["fail", "skip"]
JobStatus = Literal["queued", "running", "completed", "failed", "cancelled"]
TargetStatus = Literal["pending", "running", "success", "failed", "cancelled"]
DeliveryStatus = Literal["pending", "delivered", "failed"]
ExportFormat = Literal["json", "csv", "ndjson", "parquet", "xlsx"]


class Model(BaseModel):
    """An answer's part: camelCase on the wire, snake_case here."""

    model_config = ConfigDict(
        frozen=True, alias_generator=to_camel, populate_by_name=True, extra="ignore", defer_build=True
    )


class User(Model):
    """A user."""

    id: str
    email: str
    name: str | None = None
    organization_id: str


class Session(Model):
    """An access token and whom it speaks for."""

    access_token: str
    user: User


class ChangedUser(User):
    """The user after a change; a new password brings a fresh access token, all others are revoked."""

    access_token: str | None = None


class Handoff(Model):
    """A one-time code that another surface trades in for a session."""

    code: str
    expires_at: datetime


class ChangeThresholds(Model):
    """From where on ``product.changed`` is told: percent of the price, and stars; 0 is any change."""

    price_percent: float
    rating: float


class Project(Model):
    """A project."""

    id: str
    name: str
    organization_id: str
    archived: bool
    change_thresholds: ChangeThresholds | None = None
    """None where the service is older than 0.1.0."""
    created_at: datetime
    updated_at: datetime


class Progress(Model):
    """How many of the job's targets stand where."""

    total: int
    pending: int
    running: int
    succeeded: int
    failed: int
    cancelled: int

    @property
    def ended(self) -> int:
        """Targets that nothing more will happen to."""
        return self.succeeded + self.failed + self.cancelled


class Failure(Model):
    """Why a job or a target failed."""

    code: str
    message: str


class JobState(Model):
    """A job as the service saw it last."""

    id: str
    project_id: str
    organization_id: str
    type: JobType
    status: JobStatus
    config: dict[str, Any]
    progress: Progress
    result_count: int
    error: Failure | None = None
    reparse_of: str | None = None
    """Of a job that reads archived pages again: the job that fetched them."""
    pruned_at: datetime | None = None
    """When its targets and rows were removed because they were old; counters stay."""
    created_at: datetime
    updated_at: datetime
    started_at: datetime | None = None
    completed_at: datetime | None = None

    @property
    def is_over(self) -> bool:
        """Whether nothing more will happen to it."""
        return self.status not in {"queued", "running"}


class Target(Model):
    """A target of a job with what is known about it."""

    value: str
    status: TargetStatus
    attempts: int
    error: Failure | None = None
    result_count: int
    http_status: int | None = None
    fetched_at: datetime | None = None


class FillRate(Model):
    """How often each field of a job's records has a value, 0 to 1, by JSON name."""

    marketplace: str
    parser_version: str
    records: int
    filled: dict[str, float]


class CrawlConfig(Model):
    """The job that a schedule posts."""

    type: JobType
    targets: list[str]
    config: dict[str, Any]
    on_invalid: OnInvalid = "fail"


class Schedule(Model):
    """A job that is posted again and again."""

    id: str
    project_id: str
    organization_id: str
    cron: str
    timezone: str
    enabled: bool
    crawl_config: CrawlConfig
    next_run_at: datetime | None = None
    next_runs: list[datetime] = []
    """The next five; in a list of schedules the next alone."""
    last_run_at: datetime | None = None
    last_job_id: str | None = None
    last_error: str | None = None
    created_at: datetime
    updated_at: datetime


class Webhook(Model):
    """Where a project's events go."""

    id: str
    project_id: str
    organization_id: str
    url: str
    events: list[str]
    enabled: bool
    disabled_reason: str | None = None
    failing_since: datetime | None = None
    previous_secret_until: datetime | None = None
    created_at: datetime
    updated_at: datetime


class WebhookSecret(Webhook):
    """A webhook with its new secret, which no other answer shows."""

    secret: str


class Delivery(Model):
    """An event on its way to a webhook."""

    id: str
    webhook_id: str
    event_id: str
    type: str
    subject: str
    status: DeliveryStatus
    attempts: int
    next_attempt_at: datetime | None = None
    status_code: int | None = None
    latency_ms: int | None = None
    answer: str | None = None
    error: str | None = None
    created_at: datetime
    ended_at: datetime | None = None


class Monthly(Model):
    """A number for each thing that is limited; None is unlimited."""

    jobs_per_month: int | None
    targets_per_month: int | None
    exports_per_month: int | None


class UsedThisMonth(Model):
    """What was used so far."""

    jobs_this_month: int
    targets_this_month: int
    exports_this_month: int


class Period(Model):
    """The calendar month, in UTC."""

    start: datetime
    end: datetime


class Credits(Model):
    """What can be spent, and what open jobs hold."""

    balance: int
    reserved: int


class Usage(Model):
    """Limits, what was used of them and what is left."""

    plan: str
    limits: Monthly
    used: UsedThisMonth
    remaining: Monthly
    period: Period
    credits: Credits


class CreditEntry(Model):
    """A line of the credits ledger."""

    id: str
    kind: str
    amount: int
    job_id: str | None = None
    note: str | None = None
    created_at: datetime


class Rewards(Model):
    """Credits for both sides of a referral."""

    referrer: int
    referred: int


class Referral(Model):
    """The organization's referral code and what came of it."""

    code: str
    link: str
    clicks: int
    signups: int
    rewarded: int
    earned: int
    rewards: Rewards


class Signup(Model):
    """An organization that came with the code."""

    id: str
    status: str
    credits: int
    created_at: datetime
    rewarded_at: datetime | None = None


class ApiKey(Model):
    """A project's key, without its secret."""

    id: str
    project_id: str
    organization_id: str
    name: str
    key_hint: str
    disabled: bool
    created_at: datetime
    updated_at: datetime
    last_used_at: datetime | None = None


class NewApiKey(ApiKey):
    """A fresh key: no other answer shows it."""

    key: str


class Actor(Model):
    """Who did it."""

    type: str
    id: str | None = None


class AuditEntry(Model):
    """One line of the audit."""

    id: str
    actor: Actor
    action: str
    object_id: str | None = None
    address: str | None = None
    details: dict[str, Any]
    at: datetime


class ProductPoint(Model):
    """What one page told of a product; None is what it did not show."""

    observed_at: datetime
    marketplace: str
    asin: str
    price: Money | None = None
    rating: float | None = None
    rating_count: int | None = None
    rank: int | None = None
    rank_category: str | None = None
    availability: str | None = None
    project_id: str
    job_id: str


class KeywordPoint(Model):
    """Where a product stood in one search; None where no page that was read showed it."""

    observed_at: datetime
    marketplace: str
    keyword: str
    asin: str
    position: int | None = None
    organic_position: int | None = None
    sponsored: bool | None = None
    pages: int
    project_id: str
    job_id: str


class Marketplace(Model):
    """A marketplace that jobs can name."""

    host: str
    country: str
    currency: str
    languages: list[str]
