"""The master secret and the keys derived from it: one key for each purpose, so that none can stand in for another.

Pure. The secret can be changed without logging anybody out: secrets that it replaced still verify and decrypt.
"""

import hashlib
import hmac
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache

_SALT = b"azscraper keys 1"
_KID_LENGTH = 8


class Purpose(StrEnum):
    """What a derived key is for. A value is part of the derivation and never changes."""

    ACCESS_TOKEN = "access token"  # noqa: S105 - a purpose, not a secret
    API_KEY = "api key"
    FORM_TOKEN = "form token"  # noqa: S105 - the same
    DEVICE = "device cookie"
    WEBHOOK_SECRET = "webhook secret at rest"  # noqa: S105 - the same
    WEBHOOK_SEED = "webhook secret of a repeated request"
    CHANNEL_URL = "channel url at rest"
    MAIL_LINK = "link in a mail"
    KEY_ID = "key id"


@dataclass(frozen=True, slots=True)
class Keyring:
    """The secret that signs, and the secrets before it, newest first, which still verify."""

    secret: str = field(repr=False)
    old: tuple[str, ...] = field(default=(), repr=False)

    def key(self, purpose: Purpose) -> bytes:
        """The 32 bytes to sign or encrypt with for this purpose."""
        return derived(self.secret, purpose)

    def all_keys(self, purpose: Purpose) -> dict[str, bytes]:
        """Key id to key, the current key first: all keys that may have signed or encrypted for this purpose."""
        return {kid_of(secret): derived(secret, purpose) for secret in self.all_secrets}

    @property
    def kid(self) -> str:
        """Names the current secret without telling anything of it; stored beside what its keys signed or encrypted."""
        return kid_of(self.secret)

    @property
    def all_secrets(self) -> tuple[str, ...]:
        """The secrets themselves, the current one first: for what was signed before there were derived keys."""
        return (self.secret, *self.old)


@cache
def derived(secret: str, purpose: Purpose) -> bytes:
    """32 bytes by HKDF-SHA-256 (RFC 5869); from one of them nobody gets the secret or another of them."""
    extracted = hmac.digest(_SALT, secret.encode(), "sha256")
    return hmac.digest(extracted, purpose.encode() + b"\x01", hashlib.sha256)


def kid_of(secret: str) -> str:
    """The id of a secret's keys: 8 hex digits."""
    return derived(secret, Purpose.KEY_ID).hex()[:_KID_LENGTH]
