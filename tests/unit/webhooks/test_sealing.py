"""Sealed texts: what opens them, and that nothing else does."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from azscraper.errors import SealBrokenError
from azscraper.tenants.keyring import Keyring, Purpose
from azscraper.webhooks.sealing import opened, seal

OLD = "the secret before, of thirty-two characters"
KEYS = Keyring("a secret of at least thirty-two characters")
AFTER = Keyring("another secret of at least thirty-two characters", (KEYS.secret, OLD))
HERE = {"purpose": Purpose.WEBHOOK_SECRET, "place": "row"}


@given(st.text())
def test_what_is_sealed_opens_again_and_reads_as_nothing(text):
    sealed = seal(KEYS, text, **HERE)
    assert opened(KEYS, sealed, **HERE) == text
    assert len(text) < 4 or text.encode() not in sealed
    assert seal(KEYS, text, **HERE) != sealed


def test_what_a_secret_that_was_replaced_has_sealed_still_opens():
    sealed = seal(KEYS, "whsec_x", **HERE)
    assert opened(AFTER, sealed, **HERE) == "whsec_x"


@given(st.integers(min_value=0, max_value=200), st.integers(min_value=1, max_value=255))
def test_any_changed_byte_is_noticed(position, flipped):
    sealed = bytearray(seal(KEYS, "whsec_" + "x" * 44, **HERE))
    sealed[position % len(sealed)] ^= flipped
    with pytest.raises(SealBrokenError):
        opened(KEYS, bytes(sealed), **HERE)


@pytest.mark.parametrize(
    ("keys", "sealed", "purpose", "place"),
    [
        (Keyring(OLD), None, Purpose.WEBHOOK_SECRET, "row"),
        (KEYS, None, Purpose.WEBHOOK_SECRET, "another row"),
        (KEYS, None, Purpose.WEBHOOK_SEED, "row"),
        (KEYS, b"", Purpose.WEBHOOK_SECRET, "row"),
        (KEYS, b"\x01" + bytes.fromhex(KEYS.kid), Purpose.WEBHOOK_SECRET, "row"),
    ],
)
def test_it_opens_nowhere_else(keys, sealed, purpose, place):
    with pytest.raises(SealBrokenError):
        opened(keys, seal(KEYS, "x", **HERE) if sealed is None else sealed, purpose=purpose, place=place)
