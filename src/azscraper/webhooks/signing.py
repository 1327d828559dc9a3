"""Signatures of webhook messages, as Standard Webhooks 1.0 asks (https://www.standardwebhooks.com). Pure."""

import base64
import hmac
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from standardwebhooks import Webhook
from standardwebhooks.webhooks import WebhookVerificationError

from azscraper.errors import UnauthenticatedError

SECRET_BYTES = 32
"""Of the 24 to 64 that the standard allows; as long as the hash of the HMAC."""
SECRET_PREFIX = "whsec_"  # noqa: S105 - marks a secret, is none


def secret_of(randomness: bytes) -> str:
    """The secret as tenants see it: ``whsec_`` and ``SECRET_BYTES`` random bytes as base64."""
    return SECRET_PREFIX + base64.b64encode(randomness).decode()


def derived_secret(key: bytes, seed: str) -> str:
    """The secret of a request that may be repeated: made again from the seed, which nobody without ``key`` can."""
    return secret_of(hmac.digest(key, seed.encode(), "sha256"))


def signed_headers(secrets: Sequence[str], *, message_id: str, now: datetime, body: bytes) -> dict[str, str]:
    """The three headers of a message: one signature a secret, so that a receiver may still know only the older one.

    ``message_id`` stays the same over tries, the aware ``now`` is the time of this one, ``body`` is UTF-8.
    """
    sent_at = now.astimezone(UTC)  # the library takes whatever clock a time shows for UTC
    signatures = [Webhook(secret).sign(message_id, sent_at, body.decode()) for secret in secrets]
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(int(sent_at.timestamp())),
        "webhook-signature": " ".join(signatures),
    }


def verified(secret: str, headers: Mapping[str, str], body: bytes) -> dict[str, Any]:
    """The message of a body whose signature is good; header names are lower-case. Raises UnauthenticatedError."""
    try:
        message: dict[str, Any] = Webhook(secret).verify(body.decode(), dict(headers))
    except (WebhookVerificationError, ValueError) as exc:
        raise UnauthenticatedError(f"the signature is not good ({exc})") from exc
    return message
