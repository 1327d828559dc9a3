"""A slice of a list. (*Page* is a web page here.)"""

from collections.abc import Sequence
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
