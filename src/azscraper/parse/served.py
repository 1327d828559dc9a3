"""When a page was served: apart from what reads dates, so that a page as a value needs no words of any language."""

from datetime import date
from typing import NamedTuple


class Served(NamedTuple):
    """When a page was served, as far as anybody knows."""

    day: date | None = None
    """On which it was fetched."""
    year: int | None = None
    """Of its copyright line."""
    near: date | None = None
    """On which its scripts say that it was made: a day off at most, for want of the reader's time zone."""
