"""What each response is put into."""

from collections.abc import Sequence
from typing import Any, Generic, Literal, TypeVar

from pydantic import ConfigDict, Field

from azscraper.slices import Slice
from azscraper.wire.base import Answer, Wire

T = TypeVar("T")
A = TypeVar("A", bound=Answer)

# For a generic, pydantic would read the source at each place that names a parameter, and fails in a file's last lines.
_UNREAD = ConfigDict(use_attribute_docstrings=False)


class Envelope(Wire, Generic[T]):
    """Success."""

    model_config = _UNREAD

    data: T


class Meta(Wire):
    """About the list."""

    total: int
    limit: int | None = None
    offset: int | None = None
    next_cursor: str | None = None


class ListEnvelope(Wire, Generic[T]):
    """Success, a list."""

    model_config = _UNREAD

    data: Sequence[T]
    meta: Meta | None = None


def listed(answer: type[A], part: Slice[Any], *, limit: int, offset: int | None = None) -> ListEnvelope[A]:
    """A slice of a list, each item by the attributes that have the answer's names."""
    meta = Meta(total=part.total, limit=limit, offset=offset, next_cursor=part.cursor)
    return ListEnvelope(data=[answer.of(item) for item in part.items], meta=meta)


class ErrorDetail(Wire):
    """One bad field."""

    field: str
    message: str
    code: str | None = None
    """Of a target that was asked for: why it failed."""


class ErrorBody(Wire):
    """What went wrong."""

    code: str
    message: str
    details: list[ErrorDetail] = Field(default=[])


class ErrorEnvelope(Wire):
    """The body of every error."""

    success: Literal[False] = False
    error: ErrorBody
