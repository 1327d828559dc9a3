"""What each response is put into."""

from collections.abc import Sequence
from typing import Generic, Literal, TypeVar

from pydantic import ConfigDict, Field

from azscraper.wire.base import Wire

T = TypeVar("T")

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


class ErrorDetail(Wire):
    """One bad field."""

    field: str
    message: str


class ErrorBody(Wire):
    """What went wrong."""

    code: str
    message: str
    details: list[ErrorDetail] = Field(default=[])


class ErrorEnvelope(Wire):
    """Failure, of every kind there is."""

    success: Literal[False] = False
    error: ErrorBody
