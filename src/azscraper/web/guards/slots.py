"""What may run at once, for one organization and in this process."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from azscraper.errors import RateLimitedError, UnavailableError


class Slots:
    """At most ``each`` for an organization, and ``most`` in all; ``what`` they are, as a plural, is for the message."""

    def __init__(self, what: str, *, each: int, most: int, retry_after_seconds: int) -> None:
        self._what = what
        self._each = each
        self._most = most
        self._retry_after_seconds = retry_after_seconds
        self._taken: Counter[str] = Counter()

    @contextmanager
    def taken(self, organization_id: str) -> Iterator[None]:
        """One of them, for the block. Raises RateLimitedError, or UnavailableError when others have them all."""
        if self._taken[organization_id] >= self._each:
            message = f"{self._each} {self._what} of your organization run already; try again when one has ended"
            raise RateLimitedError(message, self._retry_after_seconds)
        if self._taken.total() >= self._most:
            raise UnavailableError(f"Too many {self._what} run at once; try again in a few seconds")
        self._taken[organization_id] += 1
        try:
            yield
        finally:
            self._taken[organization_id] -= 1
            self._taken += Counter()  # forgets who has none
