"""Webhooks and deliveries on the wire."""

from pydantic import Field

from azscraper.wire.base import Answer, Open, Timestamp
from azscraper.words import DeliveryStatus


class WebhookOut(Answer):
    """An endpoint."""

    id: str
    project_id: str
    organization_id: str
    url: str
    events: list[str]
    enabled: bool
    disabled_reason: str | None
    """Why the service disabled it; null if its owner did."""
    failing_since: Timestamp | None
    """First failure after the last success. After five days of failures, the service disables the endpoint."""
    previous_secret_until: Timestamp | None
    """Until then, messages also carry a signature of the previous secret."""
    created_at: Timestamp
    updated_at: Timestamp


class WebhookSecretOut(WebhookOut):
    """An endpoint with its new secret, which only this response shows."""

    secret: str = Field(examples=["whsec_…"])
    """Verify messages with it by Standard Webhooks 1.0 (https://www.standardwebhooks.com)."""


class KeptWebhook(WebhookOut):
    """What is kept of the answer for a repeated request: the secret itself is made again from the seed."""

    seed: str = ""
    kid: str = ""
    """Names the key that the seed belongs to."""
    secret: str | None = None
    """Of what the release before kept."""


class DeliveryOut(Answer):
    """An event on its way to an endpoint."""

    id: str
    webhook_id: str
    event_id: str
    """The header webhook-id: the same on every try, and when the event is sent again."""
    type: str
    subject: str
    """Id of what the event is about; events of one subject arrive in order."""
    status: Open[DeliveryStatus]
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
