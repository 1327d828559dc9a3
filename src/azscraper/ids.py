"""Object ids: 24 lower-case hex digits that sort by creation time."""

import os
import re
import time

from azscraper.errors import NotFoundError

_HEX_24 = re.compile(r"[0-9a-f]{24}")


def new_id() -> str:
    """A fresh id: 48 bits of Unix milliseconds, then 48 random bits; sorts by creation time to the millisecond."""
    return id_of(time.time_ns() // 1_000_000, os.urandom(6))


def id_of(unix_ms: int, randomness: bytes) -> str:
    """The id for a time and six random bytes."""
    return unix_ms.to_bytes(6, "big").hex() + randomness.hex()


def require_id(text: str, what: str) -> None:
    """Raise NotFoundError ("Job not found") for a text that can't be an id: no database needs to be asked."""
    if not is_id(text):
        raise NotFoundError(f"{what} not found")


def is_id(text: str) -> bool:
    """Whether the text has the form of an id."""
    return _HEX_24.fullmatch(text) is not None
