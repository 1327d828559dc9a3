"""Requests and answers as values: nothing here opens a socket, waits or knows sync from async."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Generic, TypeVar

import orjson
from pydantic import BaseModel, ValidationError

from azscraper import errors
from azscraper.errors import Detail, RateLimitedError, ServiceError, UnavailableError
from azscraper.retry_after import delay_seconds
from azscraper.slices import Slice

T = TypeVar("T")
M = TypeVar("M", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Call(Generic[T]):
    """A request, and how its answer's body is read."""

    method: str
    path: str
    read: Callable[[bytes], T]
    params: Mapping[str, str | Sequence[str]] = field(default_factory=dict)
    body: Any = None
    once: bool = False
    """The route takes an idempotency key: sent twice it has its effect once."""
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_repeatable(self) -> bool:
        """Whether it may be sent again when nobody knows if it arrived."""
        return self.method == "GET" or self.once


@dataclass(frozen=True, slots=True)
class Answer:
    """What the service answered; ``headers`` by lower-case name."""

    status: int
    headers: Mapping[str, str]
    body: bytes = b""

    @property
    def is_error(self) -> bool:
        """Whether the body is, or should be, the error envelope."""
        return self.status >= 400  # noqa: PLR2004 - RFC 9110, section 15

    @property
    def retry_after_seconds(self) -> int | None:
        """Of the header Retry-After; the service sends seconds, never a date."""
        return delay_seconds(self.headers.get("retry-after", ""))


@dataclass(frozen=True, slots=True)
class Lost:
    """No whole answer came."""

    reason: str
    was_sent: bool
    """Whether the service may have taken the request up."""


def data(model: type[M]) -> Callable[[bytes], M]:
    """Reads the envelope's ``data`` as the model."""
    return lambda body: read_model(model, _envelope(body)["data"])


def items(model: type[M]) -> Callable[[bytes], list[M]]:
    """Reads a whole list."""
    return lambda body: [read_model(model, item) for item in _envelope(body)["data"]]


def slice_of(model: type[M], *, partial: bool = True) -> Callable[[bytes], Slice[M]]:
    """Reads a slice of a list; where it has an offset, that is the cursor.

    Unless ``partial``, the list of something that still grows raises ConflictError.
    """
    return slice_by(lambda item: read_model(model, item), partial=partial)


def slice_by(of_item: Callable[[Any], T], *, partial: bool = True) -> Callable[[bytes], Slice[T]]:
    """The same of a list whose items are read by a function of their own."""

    def read(body: bytes) -> Slice[T]:
        envelope = _envelope(body)
        meta = envelope.get("meta") or {}
        if not partial and meta.get("partial"):
            raise errors.ConflictError(
                "The job is still running: wait for its end, or read its rows so far with partial=True"
            )
        found = [of_item(item) for item in envelope["data"]]
        return Slice(found, meta.get("total", len(found)), _cursor(meta, len(found)))

    return read


def _cursor(meta: Mapping[str, Any], count: int) -> str | None:
    if meta.get("offset") is None:
        cursor: str | None = meta.get("nextCursor")
        return cursor
    end = meta["offset"] + count
    return str(end) if count and end < meta["total"] else None


def given(**params: str | None) -> dict[str, str]:
    """The parameters that have a value."""
    return {name: value for name, value in params.items() if value is not None}


def body_of(**fields: Any) -> dict[str, Any]:
    """A body of the fields that have a value."""
    return {name: value for name, value in fields.items() if value is not None}


def moment(value: date | None) -> str | None:
    """A day or a time as a parameter."""
    return None if value is None else value.isoformat()


def nothing(_: bytes) -> None:
    """Reads an answer that says no more than that it is done."""


def json_of(body: bytes) -> Any:
    """Reads an answer without an envelope."""
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError as exc:
        raise UnavailableError("The answer is not JSON: is this the address of an AzScraper service?") from exc


def _envelope(body: bytes) -> dict[str, Any]:
    envelope = json_of(body)
    if not isinstance(envelope, dict) or "data" not in envelope:
        raise UnavailableError("The answer has no data: is this the address of an AzScraper service?")
    return envelope


def read_model(model: type[M], value: Any) -> M:
    """The value as the model, unknown fields passed over. Raises UnavailableError for one of another shape."""
    try:
        return model.model_validate(value, extra="ignore")
    except ValidationError as exc:
        said = f"The response is not a valid {model.__name__}; client and service may be different versions"
        raise UnavailableError(said) from exc


def error_of(answer: Answer | Lost) -> ServiceError:
    """What a failed answer means, as the class of its code."""
    if isinstance(answer, Lost):
        return UnavailableError(f"The service does not answer: {answer.reason}")
    try:
        found = orjson.loads(answer.body)["error"]
        details = [Detail(one["field"], one["message"], one.get("code")) for one in found["details"]]
        return _error(found["code"], found["message"], details, answer)
    except (ValueError, KeyError, TypeError):
        return UnavailableError(f"The service answered {answer.status} without saying why")


def _error(code: str, message: str, details: Sequence[Detail], answer: Answer) -> ServiceError:
    if code == RateLimitedError.code:
        return RateLimitedError(message, answer.retry_after_seconds or 0)
    return _CLASS_OF_CODE.get(code, ServiceError)(message, details)


_CLASS_OF_CODE: dict[str, type[ServiceError]] = {
    error.code: error
    for error in (
        errors.InvalidInputError,
        errors.UnauthenticatedError,
        errors.InsufficientCreditsError,
        errors.ForbiddenError,
        errors.NotFoundError,
        errors.ConflictError,
        errors.PayloadTooLargeError,
        errors.TargetRefusedError,
        errors.TargetFailedError,
        errors.UnavailableError,
    )
}
