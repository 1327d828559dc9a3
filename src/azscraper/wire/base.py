"""What goes over the wire: camelCase, times as ISO 8601 UTC with milliseconds and Z."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Annotated, Any, Generic, Literal, Self, TypeVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer
from pydantic.alias_generators import to_camel

from azscraper import email_addresses
from azscraper.marketplaces import Marketplace
from azscraper.tenants.accounts import User
from azscraper.tenants.projects import Project

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


def _normal(value: object) -> object:
    return unicodedata.normalize("NFKC", value).strip() if isinstance(value, str) else value


def _is_itself(value: str) -> str:
    if (problem := email_addresses.problem(value)) is not None:
        raise ValueError(problem)
    return value


def _trimmed(value: object) -> object:
    return value.strip() if isinstance(value, str) else value


def _iso(value: object) -> object:
    """A bare number would be taken for seconds since 1970."""
    if isinstance(value, str) and not re.match(r"\d{4}-\d\d-\d\d", value):
        raise ValueError("must be a time or a day in ISO 8601, such as 2026-01-31T12:00:00Z")
    return value


_EMAIL = r"^[^@\s\x00-\x1f\x7f-\x9f]{1,64}@[^@\s\x00-\x1f\x7f-\x9f]{1,189}$"
"""Lengths: RFC 5321, 4.5.3.1."""
Timestamp = Annotated[datetime, PlainSerializer(_stamp, return_type=str)]
Moment = Annotated[datetime, BeforeValidator(_iso), AfterValidator(_utc)]
"""A time or a day in ISO 8601; UTC where it names no zone."""
Text = Annotated[str, AfterValidator(_no_nul)]
Email = Annotated[
    Text,
    BeforeValidator(_normal),
    Field(
        pattern=_EMAIL,
        examples=["ann@example.com"],
        json_schema_extra={"format": "email"},
    ),
    AfterValidator(_is_itself),
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


_LENGTHS = {
    "string_too_short": ("string", "min_length"),
    "string_too_long": ("string", "max_length"),
    "too_short": ("list", "min_length"),
    "too_long": ("list", "max_length"),
}
_IN_WORDS = {
    "json_invalid": "is not valid JSON",
    "missing": "is missing",
    "model_attributes_type": "must be a JSON object",
    "model_type": "must be a JSON object",
    "dict_type": "must be a JSON object",
}


def in_words(error: Mapping[str, Any]) -> str:
    """What pydantic found, for whoever sent it: of texts its own words say items, of addresses they show a pattern."""
    context = error.get("ctx", {})
    if context.get("pattern") == _EMAIL:
        return "is not an e-mail address"
    if context.get("min_length") == 1:
        return "must not be empty"
    if error["type"] in {"enum", "literal_error"}:
        return f"must be {context['expected']}"
    if error["type"] in _LENGTHS:
        what, bound = _LENGTHS[error["type"]]
        of = "characters" if what == "string" or context.get("field_type") == "Value" else "items"
        return f"must have {'at least' if bound == 'min_length' else 'at most'} {context[bound]:,} {of}"
    return _IN_WORDS.get(error["type"]) or str(error["msg"]).removeprefix("Value error, ")


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
    invitation: Annotated[Text, Field(max_length=64)] | None = None
    """The code of an invitation, which its link ends with; needed where sign-up is by invitation."""


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
    change_thresholds: ThresholdsOut
    created_at: Timestamp
    updated_at: Timestamp

    @classmethod
    def of(cls, project: Project) -> Self:
        """From the feature's value."""
        thresholds = ThresholdsOut(
            price_percent=float(project.price_change_percent), rating=float(project.rating_change)
        )
        return cls(
            id=project.id,
            name=project.name,
            organization_id=project.organization_id,
            archived=project.archived,
            change_thresholds=thresholds,
            created_at=project.created_at,
            updated_at=project.updated_at,
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
