"""One tree of errors, cut by what a caller can do about each. No HTTP here: ``web.app`` maps codes to statuses.

::

    ServiceError(message, details)
      CallerError                the caller can fix it
        InvalidInputError  UnauthenticatedError  ForbiddenError  NotFoundError  ConflictError
        QuotaExceededError  InsufficientCreditsError  RateLimitedError(retry_after_seconds)  PayloadTooLargeError
        TargetRefusedError
      TargetFailedError          the one page that was asked for could not be fetched or read
      UnavailableError           ours to fix, and gone soon
      FetchError                 the shop or the way to it failed
        FetchTimeoutError  ConnectionFailedError  ProxyFailedError  BodyTooLargeError
        RedirectRefusedError  BodyBrokenError
        RobotsDeniedError  RobotsUnreadableError
        PageGoneError
      ParseError(field, page_kind)   the page is of the right kind but not of the known shape
      SealBrokenError            a stored secret can't be opened with the secrets that there are
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Self


@dataclass(frozen=True, slots=True)
class Detail:
    """One bad field of a request."""

    field: str
    message: str
    code: str | None = None
    """Of a target: why it failed."""


class ServiceError(Exception):
    """The root. ``code`` is stable and machine-readable; the message may change."""

    code: ClassVar[str] = "INTERNAL_ERROR"

    def __init__(self, message: str, details: Sequence[Detail] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.details = tuple(details)


class CallerError(ServiceError):
    """The caller can fix it."""

    code = "VALIDATION_ERROR"


class InvalidInputError(CallerError):
    """A value that was sent is wrong; ``details`` names each bad field."""

    @classmethod
    def of(cls, field: str, problem: str) -> Self:
        """What is wrong with one field: ``url: is not a URL``."""
        return cls(f"{field}: {problem}", [Detail(field, problem)])

    @property
    def problem(self) -> str:
        """What is wrong, without the name of the first field that it is said of."""
        return self.details[0].message if self.details else self.message


class UnauthenticatedError(CallerError):
    """No credential, or one that is expired, forged or revoked."""

    code = "UNAUTHORIZED"


class ForbiddenError(CallerError):
    """The credential is good, the action is not allowed to it."""

    code = "FORBIDDEN"


class QuotaExceededError(ForbiddenError):
    """A monthly limit of the plan is reached."""


class InsufficientCreditsError(CallerError):
    """The balance does not cover the job."""

    code = "INSUFFICIENT_CREDITS"


class NotFoundError(CallerError):
    """No such object, or one of another organization."""

    code = "NOT_FOUND"


class ConflictError(CallerError):
    """The object's state does not allow the action."""

    code = "CONFLICT"


class PayloadTooLargeError(CallerError):
    """The body is over the limit."""

    code = "PAYLOAD_TOO_LARGE"


class RateLimitedError(CallerError):
    """Too many requests; try again after ``retry_after_seconds``."""

    code = "RATE_LIMIT_EXCEEDED"

    def __init__(self, message: str, retry_after_seconds: int) -> None:
        super().__init__(message)
        self.retry_after_seconds = retry_after_seconds


class TargetRefusedError(CallerError):
    """The marketplace does not give the page: robots.txt forbids it, or it wants a sign-in."""

    code = "TARGET_REFUSED"


class TargetFailedError(ServiceError):
    """The page could not be fetched or read."""

    code = "TARGET_FAILED"


class UnavailableError(ServiceError):
    """The database or the queue does not answer."""

    code = "UNAVAILABLE"


class FetchError(ServiceError):
    """The shop, or the way to it, failed. ``code`` is the target's error code (spec: Jobs)."""

    code = "http_error"


class FetchTimeoutError(FetchError):
    """No connection, or no whole answer, in time."""

    code = "timeout"


class ConnectionFailedError(FetchError):
    """Name look-up, connection or TLS failed, or the connection was cut."""


class ProxyFailedError(FetchError):
    """The proxy refused or did not answer."""


class BodyTooLargeError(FetchError):
    """The body is over the limit once decompressed."""


class BodyBrokenError(FetchError):
    """The body is not what its Content-Encoding says."""


class RedirectRefusedError(FetchError):
    """Too many redirects, or one that leaves the marketplace's hosts."""


class RobotsDeniedError(FetchError):
    """robots.txt forbids the URL; asking again would not change that."""

    code = "robots_disallowed"


class RobotsUnreadableError(FetchError):
    """robots.txt could not be read. RFC 9309 2.3.1.4: then everything is forbidden, for as long as that lasts."""

    code = "unreachable"


class PageGoneError(FetchError):
    """The page is no longer in the archive."""

    code = "not_archived"


class ParseError(ServiceError):
    """The page is of the right kind but not of the known shape."""

    code = "parse_error"


class SealBrokenError(ServiceError):
    """A stored secret can't be opened: its key is gone, or it was changed."""
