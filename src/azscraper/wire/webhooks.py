"""Webhooks and deliveries on the wire."""

from typing import Annotated, Self

from pydantic import Field

from azscraper.webhooks.deliveries import Delivery, DeliveryStatus
from azscraper.webhooks.endpoints import EventType, Webhook
from azscraper.wire.base import Text, Timestamp, Wire

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
    """What to be told; everything when left out."""


class WebhookChange(Wire):
    """What to change; what is left out stays."""

    url: _Url | None = None
    events: _Events | None = None
    enabled: Annotated[bool, Field(strict=True)] | None = None
    """Switching off gives up what is pending; switching on starts with a clean record."""


class WebhookOut(Wire):
    """An endpoint."""

    id: str
    project_id: str
    organization_id: str
    url: str
    events: list[str]
    enabled: bool
    disabled_reason: str | None
    """Why it was switched off, unless its owner did."""
    failing_since: Timestamp | None
    """First failure after the last success; at five days the endpoint is switched off."""
    previous_secret_until: Timestamp | None
    """Until when the secret before the last rotation signs along."""
    created_at: Timestamp
    updated_at: Timestamp

    @classmethod
    def of(cls, webhook: Webhook, **more: str) -> Self:
        """From the feature's value."""
        return cls(
            id=webhook.id,
            project_id=webhook.project_id,
            organization_id=webhook.organization_id,
            url=webhook.url,
            events=webhook.events,
            enabled=webhook.enabled,
            disabled_reason=webhook.disabled_reason,
            failing_since=webhook.failing_since,
            previous_secret_until=webhook.previous_secret_until,
            created_at=webhook.created_at,
            updated_at=webhook.updated_at,
            **more,
        )


class WebhookSecretOut(WebhookOut):
    """An endpoint with its new secret, which is shown this once."""

    secret: str = Field(examples=["whsec_…"])
    """Verify messages with it by Standard Webhooks 1.0 (https://www.standardwebhooks.com)."""


class KeptWebhook(WebhookOut):
    """What is kept of the answer for a repeated request: the secret itself is made again from the seed."""

    seed: str = ""
    kid: str = ""
    """Names the key that the seed belongs to."""
    secret: str | None = None
    """Of what the release before kept."""


class DeliveryOut(Wire):
    """An event on its way to an endpoint."""

    id: str
    webhook_id: str
    event_id: str
    """The header webhook-id: the same on every try, and when the event is sent again."""
    type: str
    subject: str
    """Id of what the event is about; events of one subject arrive in order."""
    status: DeliveryStatus
    attempts: int
    next_attempt_at: Timestamp | None
    status_code: int | None
    """Of the last try, as all that follows."""
    latency_ms: int | None
    answer: str | None
    """Its first 2 KiB."""
    error: str | None
    created_at: Timestamp
    ended_at: Timestamp | None

    @classmethod
    def of(cls, delivery: Delivery) -> Self:
        """From the feature's value."""
        return cls(
            id=delivery.id,
            webhook_id=delivery.webhook_id,
            event_id=delivery.event_id,
            type=delivery.type,
            subject=delivery.subject,
            status=DeliveryStatus(delivery.status),
            attempts=delivery.attempts,
            next_attempt_at=delivery.next_attempt_at,
            status_code=delivery.status_code,
            latency_ms=delivery.latency_ms,
            answer=delivery.answer,
            error=delivery.error,
            created_at=delivery.created_at,
            ended_at=delivery.ended_at,
        )
