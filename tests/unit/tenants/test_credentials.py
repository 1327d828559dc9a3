from datetime import UTC, datetime, timedelta

import jwt
import pytest
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from hypothesis import given
from hypothesis import strategies as st

from azscraper.errors import UnauthenticatedError
from azscraper.tenants.credentials import (
    KEY_BYTES,
    TOKEN_LIFETIME,
    digest,
    hash_password,
    is_key,
    lookup_of,
    new_code,
    new_key,
    read_token,
    sign_token,
    verify_password,
)
from azscraper.tenants.keyring import Keyring, Purpose, kid_of

SECRET = "a master secret of at least thirty-two characters"
NOW = datetime(2026, 1, 1, tzinfo=UTC)


def token(**changes):
    values = {"user_id": "u" * 24, "organization_id": "o" * 24, "token_id": "t" * 24, "now": NOW} | changes
    return sign_token(Keyring(SECRET), **values)


def test_a_token_reads_back():
    claims = read_token(Keyring(SECRET), token(), now=NOW)
    assert (claims.user_id, claims.organization_id, claims.token_id) == ("u" * 24, "o" * 24, "t" * 24)
    assert claims.expires_at == NOW + timedelta(days=7)
    assert claims.issued_at == NOW


def test_the_time_of_issue_reads_back_to_the_microsecond():
    at = NOW + timedelta(microseconds=123_457)
    assert read_token(Keyring(SECRET), token(now=at), now=at).issued_at == at


def test_a_token_ends_after_seven_days():
    read_token(Keyring(SECRET), token(), now=NOW + TOKEN_LIFETIME - timedelta(seconds=1))
    with pytest.raises(UnauthenticatedError, match="expired"):
        read_token(Keyring(SECRET), token(), now=NOW + TOKEN_LIFETIME)


@given(st.data())
def test_any_changed_byte_is_refused(data):
    good = token()
    at = data.draw(st.integers(0, len(good) - 2))
    other = data.draw(st.sampled_from("ABCxyz019-_."))
    if good[at] == other:
        return
    forged = good[:at] + other + good[at + 1 :]
    with pytest.raises(UnauthenticatedError):
        read_token(Keyring(SECRET), forged, now=NOW)


def test_forged_tokens_are_refused():
    payload = {"sub": "u", "org": "o", "jti": "t", "iat": 0, "exp": int((NOW + timedelta(days=1)).timestamp())}
    forged = [
        jwt.encode(payload, None, algorithm="none"),
        jwt.encode(payload, "another secret of at least thirty-two chars", algorithm="HS256"),
        jwt.encode({key: value for key, value in payload.items() if key != "org"}, SECRET, algorithm="HS256"),
        jwt.encode(payload | {"exp": 10**30}, SECRET, algorithm="HS256"),
        jwt.encode(payload | {"sub": 7}, SECRET, algorithm="HS256"),
        jwt.encode(payload | {"iat": "now"}, SECRET, algorithm="HS256"),
        jwt.encode({key: value for key, value in payload.items() if key != "iat"}, SECRET, algorithm="HS256"),
        "",
        "a.b.c",
        "\ud800",
    ]
    for bad in forged:
        with pytest.raises(UnauthenticatedError):
            read_token(Keyring(SECRET), bad, now=NOW)


def test_a_token_is_good_while_its_secret_is_among_the_old_ones():
    other = "another secret, thirty-two characters or more"
    assert read_token(Keyring(other, ("x" * 32, SECRET)), token(), now=NOW).user_id == "u" * 24
    with pytest.raises(UnauthenticatedError):
        read_token(Keyring(other, ("x" * 32,)), token(), now=NOW)


@pytest.mark.parametrize("keys", [Keyring(SECRET), Keyring("y" * 32, (SECRET,))])
def test_a_token_of_the_release_before_is_good(keys):
    payload = {"sub": "u", "org": "o", "jti": "t", "iat": 0, "exp": int((NOW + timedelta(days=1)).timestamp())}
    assert read_token(keys, jwt.encode(payload, SECRET, algorithm="HS256"), now=NOW).token_id == "t"
    for kid in (kid_of(SECRET), "00000000"):  # whoever names a key is not asked for the secret itself
        with pytest.raises(UnauthenticatedError):
            read_token(keys, jwt.encode(payload, SECRET, algorithm="HS256", headers={"kid": kid}), now=NOW)


def test_each_purpose_has_a_key_of_its_own():
    keys = Keyring(SECRET, ("x" * 32,))
    made = [keys.key(purpose) for purpose in Purpose]
    assert len(set(made)) == len(Purpose)
    assert {len(key) for key in made} == {32}
    assert list(keys.all_keys(Purpose.DEVICE)) == [keys.kid, kid_of("x" * 32)]
    assert keys.all_keys(Purpose.DEVICE)[keys.kid] == keys.key(Purpose.DEVICE)
    assert SECRET not in repr(keys)


def test_derivation_is_hkdf():
    by_library = HKDF(SHA256(), 32, b"azscraper keys 1", Purpose.WEBHOOK_SECRET.encode()).derive(SECRET.encode())
    assert Keyring(SECRET).key(Purpose.WEBHOOK_SECRET) == by_library


def test_passwords():
    hashed = hash_password("correct horse")
    assert hashed.startswith("$argon2id$")
    assert verify_password(hashed, "correct horse")
    assert not verify_password(hashed, "wrong horse")
    assert not verify_password(None, "no account has this password")
    assert not verify_password("not a hash", "x")


@given(st.binary(min_size=KEY_BYTES, max_size=KEY_BYTES))
def test_a_key_reads_back_and_any_changed_character_is_refused(randomness):
    key = new_key(randomness)
    assert is_key(key)
    assert key == f"azs_{lookup_of(key)}_{key[13:]}"
    for at in range(len(key)):
        with pytest.raises(UnauthenticatedError):
            lookup_of(key[:at] + ("a" if key[at] != "a" else "b") + key[at + 1 :])


@pytest.mark.parametrize("text", ["", "azs_", "azs_x_y", "x" * 61, "a.b.c", "azs_" + "ü" * 57])
def test_what_is_no_key_is_refused(text):
    with pytest.raises(UnauthenticatedError):
        lookup_of(text)


def test_codes_and_digests():
    assert len(new_code(bytes(32))) == 43
    assert new_code(b"a" * 32) != new_code(b"b" * 32)
    assert digest("a") != digest("b")
