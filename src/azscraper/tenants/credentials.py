"""Passwords, access tokens, API keys: what is hashed, signed, refused. Pure but for the password hash's salt."""

import base64
import hashlib
import hmac
import re
import zlib
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import jwt
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

from azscraper.errors import UnauthenticatedError
from azscraper.tenants.keyring import Keyring, Purpose

TOKEN_LIFETIME = timedelta(days=7)
_ALGORITHM = "HS256"
KEY_BYTES = 30
"""Random bytes in an API key: 40 bits that find it, 200 bits that nobody guesses."""
_LOOKUP_BYTES = 5
_KEY_PREFIX = "azs_"
_CHECKSUM_LENGTH = 8
_KEY = re.compile(r"azs_[a-z2-7]{8}_[a-z2-7]{40}[0-9a-f]{8}")
_HASHER = PasswordHasher()  # argon2id with the parameters of RFC 9106's low-memory profile


@dataclass(frozen=True, slots=True)
class Claims:
    """What an access token says."""

    user_id: str
    organization_id: str
    token_id: str
    issued_at: datetime
    expires_at: datetime


def hash_password(password: str) -> str:
    """The argon2id hash, salt and parameters included."""
    return _HASHER.hash(password)


def verify_password(password_hash: str | None, password: str) -> bool:
    """Whether the password is right; takes as long for an account that does not exist (``None``)."""
    try:
        return _HASHER.verify(password_hash or _nobody(), password) and password_hash is not None
    except (VerifyMismatchError, InvalidHashError):
        return False


@cache
def _nobody() -> str:
    return _HASHER.hash("no account has this password")


def sign_token(keys: Keyring, *, user_id: str, organization_id: str, token_id: str, now: datetime) -> str:
    """A JWT that is good for seven days; its header names the key that signed it."""
    payload = {
        "sub": user_id,
        "org": organization_id,
        "jti": token_id,
        "iat": now.timestamp(),  # with its fraction (RFC 7519, 2): a token of the second before a revocation is refused
        "exp": int((now + TOKEN_LIFETIME).timestamp()),
    }
    return jwt.encode(payload, keys.key(Purpose.ACCESS_TOKEN), algorithm=_ALGORITHM, headers={"kid": keys.kid})


def read_token(keys: Keyring, token: str, *, now: datetime) -> Claims:
    """The claims of a token that these keys signed. Raises UnauthenticatedError for any other, and an expired one."""
    try:
        payload = _payload(keys, token)
        issued_at, expires_at = (datetime.fromtimestamp(payload[name], UTC) for name in ("iat", "exp"))
        claims = Claims(payload["sub"], payload["org"], payload["jti"], issued_at, expires_at)
    except (jwt.InvalidTokenError, TypeError, ValueError, OverflowError, OSError) as exc:
        raise UnauthenticatedError("The access token is not valid; log in again") from exc
    if claims.expires_at <= now:
        raise UnauthenticatedError("The access token has expired; log in again")
    return claims


def _payload(keys: Keyring, token: str) -> dict[str, Any]:
    kid = jwt.get_unverified_header(token).get("kid")
    if kid is None:  # the release before signed with the secret itself; such tokens live for seven days
        return _first_verified(token, keys.all_secrets)
    key = keys.all_keys(Purpose.ACCESS_TOKEN).get(kid)
    return _first_verified(token, [key] if key else [])


def _first_verified(token: str, candidates: Iterable[str | bytes]) -> dict[str, Any]:
    for key in candidates:
        with suppress(jwt.InvalidSignatureError):
            return jwt.decode(
                token,
                key,
                algorithms=[_ALGORITHM],  # the token's own "alg" is never believed (RFC 8725, 3.1)
                options={"require": ["sub", "org", "jti", "iat", "exp"], "verify_exp": False, "verify_iat": False},
            )
    raise jwt.InvalidSignatureError("none of the keys signed it")


def digest(secret: str) -> bytes:
    """SHA-256: enough for secrets of 200 random bits and more, which nobody can try out."""
    return hashlib.sha256(secret.encode()).digest()


def new_code(randomness: bytes) -> str:
    """A one-time code out of 32 random bytes."""
    return base64.urlsafe_b64encode(randomness).rstrip(b"=").decode()


def device_cookie(keys: Keyring, email: str, randomness: bytes) -> str:
    """What a browser or client that has logged in shows next time: good for this account alone, and names it to nobody."""
    nonce = base64.urlsafe_b64encode(randomness).rstrip(b"=").decode()
    return f"{nonce}.{_device_signature(keys.key(Purpose.DEVICE), email, nonce)}"


def read_device(keys: Keyring, email: str, cookie: str) -> str | None:
    """The device that the cookie names, None when the cookie was not made for this account."""
    nonce, _, signature = cookie.partition(".")
    expected = (_device_signature(key, email, nonce) for key in keys.all_keys(Purpose.DEVICE).values())
    return nonce if any(hmac.compare_digest(signature.encode(), each.encode()) for each in expected) else None


def _device_signature(key: bytes, email: str, nonce: str) -> str:
    return hmac.digest(key, f"{nonce}:{email.lower()}".encode(), "sha256").hex()


def new_key(randomness: bytes) -> str:
    """A project API key out of ``KEY_BYTES`` random bytes: ``azs_``, 8 characters to look it up by, ``_``, secret, checksum.

    The prefix and the checksum let scanners find keys that were published by mistake, and let a mistyped one be
    refused without asking the database.
    """
    lookup, secret = _base32(randomness[:_LOOKUP_BYTES]), _base32(randomness[_LOOKUP_BYTES:KEY_BYTES])
    body = f"{_KEY_PREFIX}{lookup}_{secret}"
    return body + _checksum(body)


def derived_bytes(key: bytes, seed: str) -> bytes:
    """The random bytes of an API key that must be made again for a repeated request: nobody without ``key`` can.

    Lets the key be answered twice and be stored nowhere.
    """
    return hmac.digest(key, b"azscraper api key\x00" + seed.encode(), "sha256")[:KEY_BYTES]


def is_key(credential: str) -> bool:
    """Whether this is meant to be an API key, and not an access token."""
    return credential.startswith(_KEY_PREFIX)


def lookup_of(key: str) -> str:
    """The part that finds the key's row. Raises UnauthenticatedError for what can't be a key."""
    if not _KEY.fullmatch(key) or not key.endswith(_checksum(key[:-_CHECKSUM_LENGTH])):
        raise UnauthenticatedError("The API key is not valid; check it, or create another one")
    return key.split("_")[1]


def _base32(data: bytes) -> str:
    return base64.b32encode(data).decode().lower()


def _checksum(text: str) -> str:
    return f"{zlib.crc32(text.encode()):08x}"
