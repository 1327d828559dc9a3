from datetime import UTC, datetime, timedelta

import jwt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from azscraper.credentials import TOKEN_LIFETIME, hash_password, read_token, sign_token, verify_password
from azscraper.errors import UnauthenticatedError

SECRET = "a secret of at least thirty-two characters"
NOW = datetime(2026, 1, 1, tzinfo=UTC)


def token(**changes):
    values = {"user_id": "u" * 24, "organization_id": "o" * 24, "token_id": "t" * 24, "now": NOW} | changes
    return sign_token(SECRET, **values)


def test_a_token_reads_back():
    claims = read_token(SECRET, token(), now=NOW)
    assert (claims.user_id, claims.organization_id, claims.token_id) == ("u" * 24, "o" * 24, "t" * 24)
    assert claims.expires_at == NOW + timedelta(days=7)


def test_a_token_ends_after_seven_days():
    read_token(SECRET, token(), now=NOW + TOKEN_LIFETIME - timedelta(seconds=1))
    with pytest.raises(UnauthenticatedError, match="expired"):
        read_token(SECRET, token(), now=NOW + TOKEN_LIFETIME)


@given(st.data())
def test_any_changed_byte_is_refused(data):
    good = token()
    at = data.draw(st.integers(0, len(good) - 2))
    other = data.draw(st.sampled_from("ABCxyz019-_."))
    if good[at] == other:
        return
    forged = good[:at] + other + good[at + 1 :]
    with pytest.raises(UnauthenticatedError):
        read_token(SECRET, forged, now=NOW)


def test_forged_tokens_are_refused():
    payload = {"sub": "u", "org": "o", "jti": "t", "exp": int((NOW + timedelta(days=1)).timestamp())}
    forged = [
        jwt.encode(payload, None, algorithm="none"),
        jwt.encode(payload, "another secret of at least thirty-two chars", algorithm="HS256"),
        jwt.encode({key: value for key, value in payload.items() if key != "org"}, SECRET, algorithm="HS256"),
        jwt.encode(payload | {"exp": 10**30}, SECRET, algorithm="HS256"),
        jwt.encode(payload | {"sub": 7}, SECRET, algorithm="HS256"),
        "",
        "a.b.c",
        "\ud800",
    ]
    for bad in forged:
        with pytest.raises(UnauthenticatedError):
            read_token(SECRET, bad, now=NOW)


def test_passwords():
    hashed = hash_password("correct horse")
    assert hashed.startswith("$argon2id$")
    assert verify_password(hashed, "correct horse")
    assert not verify_password(hashed, "wrong horse")
    assert not verify_password(None, "no account has this password")
    assert not verify_password("not a hash", "x")
