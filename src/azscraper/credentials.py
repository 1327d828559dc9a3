"""Passwords and access tokens: what is hashed, what is signed, what is refused. Pure but for the hash's salt."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache

import jwt
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

from azscraper.errors import UnauthenticatedError

TOKEN_LIFETIME = timedelta(days=7)
_ALGORITHM = "HS256"
_HASHER = PasswordHasher()  # argon2id with the parameters of RFC 9106's low-memory profile


@dataclass(frozen=True, slots=True)
class Claims:
    """What an access token says."""

    user_id: str
    organization_id: str
    token_id: str
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


def sign_token(secret: str, *, user_id: str, organization_id: str, token_id: str, now: datetime) -> str:
    """A JWT that is good for seven days."""
    payload = {
        "sub": user_id,
        "org": organization_id,
        "jti": token_id,
        "iat": int(now.timestamp()),
        "exp": int((now + TOKEN_LIFETIME).timestamp()),
    }
    return jwt.encode(payload, secret, algorithm=_ALGORITHM)


def read_token(secret: str, token: str, *, now: datetime) -> Claims:
    """The claims of a token that this secret signed. Raises UnauthenticatedError for any other, and an expired one."""
    try:
        payload = jwt.decode(
            token,
            secret,
            algorithms=[_ALGORITHM],  # the token's own "alg" is never believed (RFC 8725, 3.1)
            options={"require": ["sub", "org", "jti", "exp"], "verify_exp": False, "verify_iat": False},
        )
        claims = Claims(payload["sub"], payload["org"], payload["jti"], datetime.fromtimestamp(payload["exp"], UTC))
    except (jwt.InvalidTokenError, TypeError, ValueError, OverflowError, OSError) as exc:
        raise UnauthenticatedError("The access token is not valid") from exc
    if claims.expires_at <= now:
        raise UnauthenticatedError("The access token has expired")
    return claims
