"""Signatures: what receivers check with the standard's own library, and by hand."""

import base64
import hashlib
import hmac
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from standardwebhooks import Webhook, WebhookVerificationError

from azscraper.webhooks.signing import SECRET_BYTES, secret_of, signed_headers

OLD, NEW = secret_of(b"o" * SECRET_BYTES), secret_of(b"n" * SECRET_BYTES)


def test_the_signature_is_the_standards():
    now = datetime(2026, 1, 1, 13, 0, 0, 999_999, tzinfo=ZoneInfo("Europe/Berlin"))
    headers = signed_headers([NEW], message_id="m1", now=now, body=b'{"a":1}')
    seconds = int(datetime(2026, 1, 1, 12, tzinfo=UTC).timestamp())
    digest = hmac.new(b"n" * SECRET_BYTES, f'm1.{seconds}.{{"a":1}}'.encode(), hashlib.sha256).digest()
    assert headers == {
        "webhook-id": "m1",
        "webhook-timestamp": str(seconds),
        "webhook-signature": "v1," + base64.b64encode(digest).decode(),
    }


@given(st.text())
def test_what_is_signed_verifies_with_either_secret_and_no_other(text):
    body = text.encode()
    headers = signed_headers([NEW, OLD], message_id="m1", now=datetime.now(UTC), body=body)
    for secret in (NEW, OLD):
        Webhook(secret).verify(body, headers, json_parse=False)
    with pytest.raises(WebhookVerificationError):
        Webhook(secret_of(b"x" * SECRET_BYTES)).verify(body, headers, json_parse=False)


@given(st.binary(min_size=1).filter(lambda data: data.isascii()), st.data())
def test_any_changed_byte_fails(body, data):
    headers = signed_headers([NEW], message_id="m1", now=datetime.now(UTC), body=body)
    at = data.draw(st.integers(0, len(body) - 1))
    changed = body[:at] + bytes([(body[at] + 1) % 128]) + body[at + 1 :]
    with pytest.raises(WebhookVerificationError):
        Webhook(NEW).verify(changed, headers, json_parse=False)
    with pytest.raises(WebhookVerificationError):
        Webhook(NEW).verify(body, headers | {"webhook-id": "m2"}, json_parse=False)
    later = str(int(headers["webhook-timestamp"]) + 1)
    with pytest.raises(WebhookVerificationError):
        Webhook(NEW).verify(body, headers | {"webhook-timestamp": later}, json_parse=False)


def test_a_secret_is_marked_and_long_enough():
    assert NEW.startswith("whsec_")
    assert len(base64.b64decode(NEW.removeprefix("whsec_"))) >= 24
