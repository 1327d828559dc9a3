"""The clock of the process. Whatever needs the time takes it, or a clock, as an argument; the edges pass this one."""

from datetime import UTC, datetime


def utc_now() -> datetime:
    """The time, in UTC."""
    return datetime.now(UTC)
