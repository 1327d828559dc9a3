"""Channels on the wire."""

from typing import Annotated, Literal, Self

from pydantic import ConfigDict, Field, model_validator

from azscraper.wire.base import Answer, Open, Text, Timestamp, Wire
from azscraper.wire.requests import Email, Name
from azscraper.words import DeliveryStatus

Language = Literal["en", "de"]
_Url = Annotated[
    Text,
    Field(
        min_length=1,
        max_length=2048,
        examples=["slack://TokenA/TokenB/TokenC"],
        json_schema_extra={"format": "apprise-url"},
    ),
]


class NewChannel(Wire):
    """Where to send alerts: an e-mail address, or a service by its URL."""

    model_config = ConfigDict(
        json_schema_extra={
            "oneOf": [
                {"required": ["email"], "properties": {"email": {"type": "string"}, "url": {"type": "null"}}},
                {"required": ["url"], "properties": {"url": {"type": "string"}, "email": {"type": "null"}}},
            ]
        }
    )

    name: Name | None = None
    """How alerts name it; without it, the address or the service."""
    email: Email | None = None
    """The recipient gets one mail with a link. Alerts arrive once they have followed it."""
    url: _Url | None = None
    """As Apprise writes it (https://appriseit.com): `slack://…`, `discord://…`, `tgram://…`; or the webhook address that Slack, Discord,
    Google Chat or Microsoft Teams shows. It is stored encrypted and never shown again."""
    language: Language = "en"

    @model_validator(mode="after")
    def _one(self) -> Self:
        if (self.email is None) == (self.url is None):
            raise ValueError("send email or url")
        return self


class ChannelChange(Wire):
    """Fields to change. Fields that you leave out keep their values."""

    name: Name | None = None
    language: Language | None = None
    enabled: Annotated[bool, Field(strict=True)] | None = None
    """Enabling starts with a clean record."""


class ChannelOut(Answer):
    """Where alerts go."""

    id: str
    project_id: str
    organization_id: str
    name: str
    type: str
    """`email`, or the service's scheme."""
    address: str
    """Of a URL, what tells no secret."""
    language: str
    enabled: bool
    disabled_reason: str | None
    """Why the service disabled it; null if its owner did."""
    confirmed_at: Timestamp | None
    """When its test message arrived, or its recipient followed the link. Until then no alerts are sent."""
    failing_since: Timestamp | None
    """First failure after the last success. After five days of failures, the service disables the channel."""
    created_at: Timestamp
    updated_at: Timestamp


class ChannelMessageOut(Answer):
    """A message of a channel."""

    id: str
    """The same on every try; in mails it is in the header Message-ID."""
    channel_id: str
    kind: str
    """`test`, `confirmation` or `alert`."""
    status: Open[DeliveryStatus]
    attempts: int
    next_attempt_at: Timestamp | None
    latency_ms: int | None
    error: str | None
    created_at: Timestamp
    ended_at: Timestamp | None
