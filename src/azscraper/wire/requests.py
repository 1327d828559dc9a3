"""What callers send: accounts, keys, projects, webhooks. What they ask to be crawled is in ``crawls``."""

import re
import unicodedata
from collections.abc import Mapping
from typing import Annotated, Any, Self

from pydantic import AfterValidator, BeforeValidator, ConfigDict, Field, model_validator

from azscraper import email_addresses
from azscraper.wire.base import Text, Wire
from azscraper.words import EventType


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


_EMAIL = r"^[^@\s\x00-\x1f\x7f-\x9f]{1,64}@[^@\s\x00-\x1f\x7f-\x9f]{1,189}$"
"""Lengths: RFC 5321, 4.5.3.1."""
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
_FORMS = {
    "email": "is not an e-mail address",
    "currency": "is not a currency: write three capital letters, such as EUR",
    "lang": "is not a language: write its tag, such as en-US",
    "asin": "is not an ASIN: write ten letters and digits",
    "cursor": "is not a cursor: send the nextCursor of an answer as it is",
}
"""What is said of a text that does not have its field's pattern, by the field's name."""
_IN_WORDS = {
    "json_invalid": "is not valid JSON",
    "missing": "is missing",
    "model_attributes_type": "must be a JSON object",
    "model_type": "must be a JSON object",
    "dict_type": "must be a JSON object",
    "decimal_parsing": "must be a number",
    "decimal_type": "must be a number",
    "float_parsing": "must be a number",
    "float_type": "must be a number",
    "int_from_float": "must be a whole number",
    "int_parsing": "must be a whole number",
    "int_type": "must be a whole number",
    "bool_parsing": "must be true or false",
    "bool_type": "must be true or false",
    "string_type": "must be a string",
    "list_type": "must be a list",
    "tuple_type": "must be a list",
}
_BOUNDS = {
    "greater_than_equal": ("Input should be greater than or equal to ", "must be at least "),
    "greater_than": ("Input should be greater than ", "must be more than "),
    "less_than_equal": ("Input should be less than or equal to ", "must be at most "),
    "less_than": ("Input should be less than ", "must be less than "),
}
"""The library's words before the bound, and ours."""


def in_words(error: Mapping[str, Any]) -> str:
    """What pydantic found, for whoever sent it: of texts its own words say items, and of forms they show a pattern.

    A body of bytes is one that nobody has parsed, because its content type is another than JSON's.
    """
    context = error.get("ctx", {})
    if isinstance(error.get("input"), bytes):
        return "is read as JSON only with the header Content-Type: application/json"
    if error["type"] == "string_pattern_mismatch" and (form := _FORMS.get(_form_of(error, context))):
        return form
    if context.get("min_length") == 1:
        return "must not be empty"
    if error["type"] in {"enum", "literal_error"}:
        return f"must be {context['expected']}"
    if error["type"] in _LENGTHS:
        what, bound = _LENGTHS[error["type"]]
        of = "characters" if what == "string" or context.get("field_type") == "Value" else "items"
        return f"must have {'at least' if bound == 'min_length' else 'at most'} {context[bound]:,} {of}"
    theirs, ours = _BOUNDS.get(error["type"], ("Value error, ", ""))
    return _IN_WORDS.get(error["type"]) or ours + str(error["msg"]).removeprefix(theirs)


def _form_of(error: Mapping[str, Any], context: Mapping[str, Any]) -> str:
    """The field's name; a value that is checked by itself is in none."""
    if context.get("pattern") == _EMAIL:
        return "email"
    return str(error["loc"][-1]) if error["loc"] else ""


class Registration(Wire):
    """A new account."""

    email: Email
    password: Password
    name: Name | None = None
    referral_code: Annotated[Text, Field(max_length=64)] | None = None
    invitation: Annotated[Text, Field(max_length=64)] | None = None
    """The code at the end of an invitation's link; required if sign-up is by invitation."""


class Credentials(Wire):
    """An account's e-mail address and password."""

    email: Annotated[Text, Field(max_length=254)]
    password: Annotated[str, Field(max_length=256)]


class HandoffCode(Wire):
    """A one-time code to exchange."""

    code: Annotated[str, Field(min_length=1, max_length=200)]


class UserChange(Wire):
    """Fields to change. Fields that you leave out keep their values."""

    model_config = ConfigDict(
        json_schema_extra={
            "if": {"required": ["newPassword"], "properties": {"newPassword": {"type": "string"}}},
            "then": {"required": ["currentPassword"], "properties": {"currentPassword": {"type": "string"}}},
            "else": {"properties": {"currentPassword": {"type": "null"}}},
        }
    )

    name: Name | None = None
    current_password: Annotated[str, Field(max_length=256)] | None = None
    new_password: Password | None = None

    @model_validator(mode="after")
    def _both(self) -> Self:
        if (self.current_password is None) != (self.new_password is None):
            raise ValueError("send currentPassword and newPassword together")
        return self


class NewApiKey(Wire):
    """A key to create."""

    name: Name = Field(examples=["nightly export"])


_SWITCHES = ("disabled", "enabled")


class ApiKeyChange(Wire):
    """Fields to change. Fields that you leave out keep their values."""

    model_config = ConfigDict(
        json_schema_extra={
            "not": {
                "required": list(_SWITCHES),
                "anyOf": [{"properties": {name: {"const": same} for name in _SWITCHES}} for same in (True, False)],
            }
        }
    )

    name: Name | None = None
    disabled: Annotated[bool, Field(strict=True)] | None = None
    enabled: Annotated[bool, Field(strict=True)] | None = None
    """The opposite of `disabled`."""

    @model_validator(mode="after")
    def _agree(self) -> Self:
        if self.disabled is not None and self.disabled == self.enabled:
            raise ValueError("set disabled or enabled, not both")
        return self

    @property
    def wants_disabled(self) -> bool | None:
        """What either field says."""
        return not self.enabled if self.enabled is not None else self.disabled


class NewProject(Wire):
    """A project to create."""

    name: Name = Field(examples=["EU keywords"])


SellerName = Annotated[Text, Field(min_length=1, max_length=100)]


class ThresholdsChange(Wire):
    """The least changes that send `product.changed`. Values that you leave out stay."""

    price_percent: Annotated[float, Field(ge=0, le=1000, strict=True, allow_inf_nan=False, examples=[5])] | None = None
    """Percent of the last price that was sent; 0 is any change."""
    rating: Annotated[float, Field(ge=0, le=5, strict=True, allow_inf_nan=False, examples=[0.2])] | None = None
    """Stars; 0 is any change."""


class ProjectChange(Wire):
    """Fields to change. Fields that you leave out keep their values."""

    name: Name | None = None
    archived: Annotated[bool, Field(strict=True)] | None = None
    """An archived project takes no new jobs, lists, schedules, alerts, channels and webhooks, and what it has rests until it is reopened."""
    change_thresholds: ThresholdsChange | None = None
    own_sellers: Annotated[list[SellerName], Field(max_length=20, examples=[["Lumbrik Direct"]])] | None = None
    """Under which names you sell, as pages print them: a buy box of one of them is yours."""


class Click(Wire):
    """A click on a referral link."""

    code: Annotated[Text, Field(min_length=1, max_length=64)]


_Url = Annotated[
    Text,
    Field(
        min_length=1,
        max_length=2048,
        examples=["https://example.com/hooks/azscraper"],
        json_schema_extra={"format": "uri"},
    ),
]
_Events = Annotated[list[EventType], Field(min_length=1, max_length=50)]


class NewWebhook(Wire):
    """Where to send a project's events."""

    url: _Url
    """https, and a public address."""
    events: _Events = Field(default_factory=lambda: list(EventType))
    """Events to receive; without it, the webhook receives every event."""


class WebhookChange(Wire):
    """Fields to change. Fields that you leave out keep their values."""

    url: _Url | None = None
    events: _Events | None = None
    enabled: Annotated[bool, Field(strict=True)] | None = None
    """Disabling gives up pending deliveries; enabling starts with a clean record."""


JobName = Annotated[Text, Field(max_length=120)]
Tags = Annotated[
    list[Annotated[Text, Field(min_length=1, max_length=40)]],
    Field(max_length=20),
    AfterValidator(lambda tags: list(dict.fromkeys(tags))),
]


class JobChange(Wire):
    """What you call a job."""

    name: JobName | None = None
    """An empty name takes it away."""
    tags: Tags | None = None
