"""A slice of a list. (*Page* is a web page here.)"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Slice(Generic[T]):
    """Some items of a list, in its order."""

    items: Sequence[T]
    total: int
    """Items of the whole list."""
    cursor: str | None = None
    """Where the next slice begins, in lists that go by cursors; None: this was the last."""

    def pages(self, size: int) -> int:
        """How many slices of so many items the whole list has; an empty list has one."""
        return max(1, -(-self.total // size))


def cut(rows: Sequence[T], total: int, *, limit: int, cursor: Callable[[T], str]) -> Slice[T]:
    """The first ``limit`` of ``rows``, of which one more was asked for: it says whether others follow, behind ``cursor``."""
    return Slice(rows[:limit], total, cursor(rows[limit - 1]) if len(rows) > limit else None)
