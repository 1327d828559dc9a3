"""The header Retry-After (RFC 9110 10.2.3): a number of seconds, or an HTTP date. Pure; never raises."""

import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

_SECONDS = re.compile(r"[0-9]+")
_LONGEST_DIGITS = 9


def parse_retry_after(text: str, now: datetime) -> datetime | None:
    """The time (UTC) that the header names, by seconds from ``now`` or as a date; None when it is neither."""
    seconds = delay_seconds(text)
    if seconds is not None:
        return now + timedelta(seconds=seconds)
    try:
        when = parsedate_to_datetime(text.strip())
        return (when if when.tzinfo else when.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def delay_seconds(text: str) -> int | None:
    """The seconds that the header names, at most a billion; None when it is a date or nothing."""
    text = text.strip()
    if not _SECONDS.fullmatch(text):
        return None
    digits = text.lstrip("0")
    return int(digits or "0") if len(digits) <= _LONGEST_DIGITS else 10**_LONGEST_DIGITS
