"""What goes over the wire: camelCase, times as ISO 8601 UTC with milliseconds and Z."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Annotated, Any, Generic, Literal, Self, TypeVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer
from pydantic.alias_generators import to_camel

from azscraper.accounts import User
from azscraper.fill_rates import FillRate
from azscraper.job_plan import JobConfig, JobType
from azscraper.jobs import Job, JobStatus
from azscraper.marketplaces import Marketplace
from azscraper.projects import Project
from azscraper.targets import Target

T = TypeVar("T")


def _stamp(value: datetime) -> str:
    return value.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _utc(value: datetime) -> datetime:
    """UTC where the text names no zone."""
    try:
        return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)
    except OverflowError as exc:
        raise ValueError("is out of range") from exc


def _no_nul(value: str) -> str:
    if "\x00" in value:
        raise ValueError("must not hold NUL characters")
    return value


def decimal_of(value: float | None) -> Decimal | None:
    """The decimal that the JSON number was written as."""
    return None if value is None else Decimal(str(value))


def _not_blank(value: str) -> str:
    if re.search(r"[^\x00-\x20\x7f-\xa0\s]", value) is None:
        raise ValueError("must not be blank")
    return value


def _trimmed(value: object) -> object:
    return value.strip() if isinstance(value, str) else value


Timestamp = Annotated[datetime, PlainSerializer(_stamp, return_type=str)]
Moment = Annotated[datetime, AfterValidator(_utc)]
"""A time or a day in ISO 8601; UTC where it names no zone."""
Text = Annotated[str, AfterValidator(_no_nul)]
Email = Annotated[
    Text,
    BeforeValidator(_trimmed),
    Field(
        pattern=r"^[^@\s\x00-\x1f\x7f-\x9f]{1,64}@[^@\s\x00-\x1f\x7f-\x9f]{1,189}$",  # lengths: RFC 5321, 4.5.3.1
        examples=["ann@example.com"],
        json_schema_extra={"format": "email"},
    ),
]
Password = Annotated[str, Field(min_length=8, max_length=256, examples=["correct horse battery"])]
Name = Annotated[
    Text,
    BeforeValidator(_trimmed),
    Field(
        min_length=1,
        max_length=200,
        json_schema_extra={"pattern": r"^[^\x00]*[^\x00-\x20\x7f-\xa0\s][^\x00]*$"},  # not blank, no NUL
    ),
    AfterValidator(_not_blank),
]


class Wire(BaseModel):
    """A body of a request or a response."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, use_attribute_docstrings=True)


# For a generic, pydantic would read the source at each place that names a parameter, and fails in a file's last lines.
_UNREAD = ConfigDict(use_attribute_docstrings=False)


class Envelope(Wire, Generic[T]):
    """Success."""

    model_config = _UNREAD

    data: T


class Meta(Wire):
    """About the list."""

    total: int
    limit: int | None = None
    offset: int | None = None
    next_cursor: str | None = None


class ListEnvelope(Wire, Generic[T]):
    """Success, a list."""

    model_config = _UNREAD

    data: Sequence[T]
    meta: Meta | None = None


class ErrorDetail(Wire):
    """One bad field."""

    field: str
    message: str


class ErrorBody(Wire):
    """What went wrong."""

    code: str
    message: str
    details: list[ErrorDetail] = []


class ErrorEnvelope(Wire):
    """Failure, of every kind there is."""

    success: Literal[False] = False
    error: ErrorBody


class Registration(Wire):
    """A new account."""

    email: Email
    password: Password
    name: Name | None = None
    referral_code: Annotated[Text, Field(max_length=64)] | None = None


class Credentials(Wire):
    """An account's e-mail address and password."""

    email: Annotated[Text, Field(max_length=254)]
    password: Annotated[str, Field(max_length=256)]


class UserOut(Wire):
    """A user."""

    id: str
    email: str
    name: str | None
    organization_id: str

    @classmethod
    def of(cls, user: User) -> Self:
        """From the feature's value."""
        return cls(id=user.id, email=user.email, name=user.name, organization_id=user.organization_id)


class Session(Wire):
    """A fresh access token, good for seven days."""

    access_token: str
    user: UserOut


class SessionEnvelope(Session):
    """The session, in the envelope and at the top level, where published clients read it."""

    data: Session


class NewProject(Wire):
    """A project to make."""

    name: Name = Field(examples=["EU keywords"])


class ThresholdsChange(Wire):
    """From where on `product.changed` is told; what is left out stays."""

    price_percent: Annotated[float, Field(ge=0, le=1000, strict=True, allow_inf_nan=False, examples=[5])] | None = None
    """Percent of the price that was told last; 0 is any change."""
    rating: Annotated[float, Field(ge=0, le=5, strict=True, allow_inf_nan=False, examples=[0.2])] | None = None
    """Stars; 0 is any change."""


class ProjectChange(Wire):
    """What to change; what is left out stays."""

    name: Name | None = None
    archived: Annotated[bool, Field(strict=True)] | None = None
    """An archived project takes no jobs, and its schedules rest until it is reopened."""
    change_thresholds: ThresholdsChange | None = None


class ThresholdsOut(Wire):
    """From where on `product.changed` is told. Availability is told whenever it changes."""

    price_percent: float
    """Percent of the price that was told last; 0 is any change."""
    rating: float
    """Stars; 0 is any change."""


class ProjectOut(Wire):
    """A project."""

    id: str
    name: str
    organization_id: str
    archived: bool
    created_at: Timestamp
    updated_at: Timestamp

    @classmethod
    def of(cls, project: Project, **more: Any) -> Self:
        """From the feature's value."""
        return cls(
            id=project.id,
            name=project.name,
            organization_id=project.organization_id,
            archived=project.archived,
            created_at=project.created_at,
            updated_at=project.updated_at,
            **more,
        )


class ProjectDetail(ProjectOut):
    """A project with its settings."""

    change_thresholds: ThresholdsOut

    @classmethod
    def whole(cls, project: Project) -> Self:
        """From the feature's value."""
        thresholds = ThresholdsOut(
            price_percent=float(project.price_change_percent), rating=float(project.rating_change)
        )
        return cls.of(project, change_thresholds=thresholds)


_PRODUCT = r"^\s*[A-Za-z0-9]{10}\s*$|/|%2[Ff]"
"""An ASIN, or what may be an address."""


class NewJob(Wire):
    """A crawl job: keywords or products, and how to crawl them."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"type": "search", "targets": ["wireless earbuds"], "config": {"lang": "en-US"}},
                {"type": "details", "targets": ["B08N5WRWNW", "https://www.amazon.de/dp/B08N5WRWNW"]},
            ],
            # not oneOf: generators of clients would make two classes of it
            "if": {"properties": {"type": {"const": "details"}}},
            "then": {"properties": {"targets": {"items": {"pattern": _PRODUCT}}}},
        }
    )

    type: JobType
    targets: Annotated[
        list[Annotated[Text, Field(min_length=1, max_length=500, json_schema_extra={"format": "crawl-target"})]],
        Field(min_length=1, max_length=100_000),
    ]
    """Search: keywords. Details: ASINs, product URLs or /dp/ASIN paths."""
    config: JobConfig = JobConfig()


class TargetBrief(Wire):
    """A target inside a job."""

    value: str
    status: str


class TargetError(Wire):
    """Why a target failed, or waits."""

    code: str
    message: str


class TargetOut(TargetBrief):
    """A target with what is known about it."""

    attempts: int
    error: TargetError | None
    result_count: int
    http_status: int | None
    fetched_at: Timestamp | None

    @classmethod
    def of(cls, target: Target) -> Self:
        """From the feature's value."""
        error = (
            TargetError(code=target.error_code, message=target.error_message or "")
            if target.error_code is not None and target.status != "success"
            else None
        )
        return cls(
            value=target.value,
            status=target.status,
            attempts=target.attempts,
            error=error,
            result_count=target.result_count,
            http_status=target.http_status,
            fetched_at=target.fetched_at,
        )


class Progress(Wire):
    """How many of the job's targets stand where."""

    total: int
    pending: int
    running: int
    succeeded: int
    failed: int
    cancelled: int


class JobBrief(Wire):
    """A job without its targets; what is not known yet is left out."""

    id: str
    project_id: str
    organization_id: str
    type: JobType
    status: JobStatus
    config: dict[str, Any]
    progress: Progress
    result_count: int
    result_set_id: str | None = None
    """Once the job is over."""
    error: TargetError | None = None
    """Of a failed job."""
    reparse_of: str | None = None
    """Of a job that reads archived pages again: the job that fetched them."""
    pruned_at: Timestamp | None = None
    """When its targets and rows were removed because they were old; counters stay."""
    created_at: Timestamp
    updated_at: Timestamp
    started_at: Timestamp | None = None
    completed_at: Timestamp | None = None
    bull_job_id: str
    """The id again, under the name that published clients know."""

    @classmethod
    def of(cls, job: Job, **more: Any) -> Self:
        """From the feature's value."""
        return cls(
            id=job.id,
            project_id=job.project_id,
            organization_id=job.organization_id,
            type=job.type,
            status=job.status,
            config=job.config,
            progress=Progress(
                total=job.total,
                pending=job.pending,
                running=job.running,
                succeeded=job.succeeded,
                failed=job.failed,
                cancelled=job.cancelled,
            ),
            result_count=job.result_count,
            result_set_id=job.result_set_id,
            error=TargetError(code=job.error_code, message=job.error_message or "") if job.error_code else None,
            reparse_of=job.reparse_of,
            pruned_at=job.pruned_at,
            created_at=job.created_at,
            updated_at=job.updated_at,
            started_at=job.started_at,
            completed_at=job.completed_at,
            bull_job_id=job.id,
            **more,
        )


class JobOut(JobBrief):
    """A job."""

    targets: list[TargetBrief]
    """The first 1,000; all of them are behind the job's targets route."""


class FillRateOut(Wire):
    """How often each field has a value."""

    marketplace: str
    parser_version: str
    records: int
    filled: dict[str, float]
    """JSON name of a field: share of the records in which it has a value, 0 to 1."""

    @classmethod
    def of(cls, rate: FillRate) -> Self:
        """From the feature's value."""
        shares = {name: round(count / rate.records, 4) for name, count in sorted(rate.filled.items())}
        return cls(
            marketplace=rate.marketplace, parser_version=rate.parser_version, records=rate.records, filled=shares
        )


class MarketplaceOut(Wire):
    """A marketplace."""

    host: str
    country: str
    """ISO 3166 alpha-2."""
    currency: str
    """ISO 4217."""
    languages: list[str]
    """BCP 47, the usual one first."""

    @classmethod
    def of(cls, marketplace: Marketplace) -> Self:
        """From the core's value."""
        return cls(
            host=marketplace.host,
            country=marketplace.country,
            currency=marketplace.currency,
            languages=list(marketplace.languages),
        )


class HealthOut(Wire):
    """No envelope: what load balancers read."""

    status: Literal["ok"] = "ok"
