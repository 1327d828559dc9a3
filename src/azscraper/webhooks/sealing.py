"""Texts that are stored so that whoever reads the database alone can't read them: AES-256-GCM. Pure but for the nonce.

A sealed text is one byte of version, four that name the key, twelve of nonce, and the ciphertext with its tag.
"""

import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from azscraper.errors import SealBrokenError
from azscraper.tenants.keyring import Keyring, Purpose

_VERSION = b"\x01"
_KEY_ID = slice(1, 5)
_NONCE = slice(5, 17)
_TEXT = slice(17, None)
_NONCE_BYTES = 12


def seal(keys: Keyring, text: str, *, purpose: Purpose, place: str) -> bytes:
    """The text, sealed with the current key. It opens at the same place alone, such as the id of its row."""
    nonce = os.urandom(_NONCE_BYTES)
    sealed = AESGCM(keys.key(purpose)).encrypt(nonce, text.encode(), place.encode())
    return _VERSION + bytes.fromhex(keys.kid) + nonce + sealed


def opened(keys: Keyring, sealed: bytes, *, purpose: Purpose, place: str) -> str:
    """The text. Raises SealBrokenError when it was sealed with another secret, for another place, or was changed."""
    key = keys.all_keys(purpose).get(sealed[_KEY_ID].hex())
    if key is None or not sealed.startswith(_VERSION):
        raise SealBrokenError(
            "It was sealed with another secret than AZSCRAPER_JWT_SECRET and AZSCRAPER_JWT_OLD_SECRETS"
        )
    try:
        return AESGCM(key).decrypt(sealed[_NONCE], sealed[_TEXT], place.encode()).decode()
    except (InvalidTag, ValueError) as exc:
        raise SealBrokenError("It was changed, or belongs elsewhere") from exc
