"""What to do with an answer: keep it, ask again, or give up. Pure: a decision is a value, one place acts on it.

The kind of the page counts before its status: a product page is a product page, and a robot check with status 200 is
no record. Every message is a sentence for the person who reads the job: what happened, and what to do about it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from azscraper.crawl.robots import UNREADABLE_FRESH
from azscraper.errors import (
    BodyTooLargeError,
    FetchError,
    FetchTimeoutError,
    PageGoneError,
    ProxyFailedError,
    RedirectRefusedError,
    RobotsDeniedError,
    RobotsUnreadableError,
)
from azscraper.retry_after import parse_retry_after

LONGEST_WAIT = timedelta(hours=1)
"""Of a Retry-After: a job must end. A shop that still refuses then says so again and is asked again an hour later."""
LONGEST_BACKOFF_SECONDS = 900.0
"""Fifteen minutes, jitter included."""

_JITTER_FROM = 0.5
_MOST_DOUBLINGS = 32
_LONGEST_BEFORE_JITTER = LONGEST_BACKOFF_SECONDS / (1 + _JITTER_FROM)

_GONE = (404, 410)
_REFUSED = (202, 403, 429, 503)
_SAYS_WHEN = (429, 503)
"""The statuses whose Retry-After is a promise (RFC 6585 4, RFC 9110 15.6.4)."""
_ASK_AGAIN = (408, 425)
"""Client errors that the RFCs tell a client to repeat (RFC 9110 15.5.9, RFC 8470 5.2)."""
_CHALLENGED = (202, 403)
"""202 comes with an empty page or with a script that is to prove a browser; no shop's page has it."""
_TOO_MANY = 429
_CLIENT_ERROR = 400
_SERVER_ERROR = 500


class Verdict(StrEnum):
    """What a page is to whoever asked for it."""

    WANTED = "wanted"
    OTHER_CONTENT = "other_content"
    """Of another kind than was asked for."""
    NOT_FOUND = "not_found"
    BLOCKED = "blocked"
    SIGN_IN = "sign_in"
    CONSENT = "consent"
    TRUNCATED = "truncated"
    UNREADABLE = "unreadable"
    UNKNOWN = "unknown"


_CONTENT = frozenset({Verdict.WANTED, Verdict.OTHER_CONTENT})


@dataclass(frozen=True, slots=True)
class Accept:
    """The page is what was asked for."""


@dataclass(frozen=True, slots=True)
class Retry:
    """Ask again, not before ``at`` (UTC)."""

    at: datetime
    code: str
    message: str


@dataclass(frozen=True, slots=True)
class GiveUp:
    """The target has failed."""

    code: str
    message: str


Decision = Accept | Retry | GiveUp


@dataclass(frozen=True, slots=True)
class _Trouble:
    """What is wrong, and how often it is worth another try."""

    code: str
    what: str
    advice: str
    retries: int | None = None
    """At most so many retries, whatever the job allows; None is no limit of its own."""
    wait: timedelta = timedelta(0)
    """At least so long until the next try."""


def decide_page(
    verdict: Verdict,
    status: int,
    *,
    missing: str,
    other: str,
    attempts: int,
    max_retries: int,
    retry_after: str | None,
    now: datetime,
    base_seconds: float,
    jitter: float,
) -> Decision:
    """What to do with a page. ``attempts`` counts the tries made, this one included; ``jitter`` is in [0, 1).

    ``missing`` is what to do about a page that is not there, ``other`` what a page of another kind shows: sentences.
    A Retry-After of 429 and 503 is honoured to the second, up to an hour; else the backoff counts.
    """
    if verdict is Verdict.WANTED and status not in _GONE:
        return Accept()
    asked = pause_until(status, retry_after, now)

    def next_try() -> datetime:
        if asked is not None:
            return asked
        return now + timedelta(seconds=backoff_seconds(attempts, base_seconds, jitter))

    return _decide(_page_trouble(verdict, status, missing, other), attempts, max_retries, next_try)


def decide_failure(
    error: FetchError, *, attempts: int, max_retries: int, now: datetime, base_seconds: float, jitter: float
) -> Decision:
    """What to do when there is no page. Arguments as for :func:`decide_page`."""
    trouble = _failure_trouble(error)

    def next_try() -> datetime:
        return now + trouble.wait + timedelta(seconds=backoff_seconds(attempts, base_seconds, jitter))

    return _decide(trouble, attempts, max_retries, next_try)


def pause_until(status: int, retry_after: str | None, now: datetime) -> datetime | None:
    """Until when an answer asks that the marketplace be left alone: its Retry-After, at most an hour from now."""
    asked = parse_retry_after(retry_after, now) if retry_after and status in _SAYS_WHEN else None
    return None if asked is None or asked <= now else min(asked, now + LONGEST_WAIT)


def is_block(verdict: Verdict, status: int) -> bool:
    """Whether the marketplace refused: a robot check, or 403, 429, 503 without the content that was asked for."""
    return status not in _GONE and (verdict is Verdict.BLOCKED or (status in _REFUSED and verdict not in _CONTENT))


def is_answer(verdict: Verdict, status: int) -> bool:
    """Whether the marketplace really answered: content, or word that there is none.

    What is neither this nor :func:`is_block` (a 500, half a page) says nothing about the pace.
    """
    return verdict in _CONTENT or _is_not_found(verdict, status)


def backoff_seconds(attempts: int, base_seconds: float, jitter: float) -> float:
    """Seconds to wait after so many tries: ``base_seconds``, doubled with each, times 0.5 to 1.5; at most 15 min.

    The jitter spreads targets that failed together. ``jitter`` is in [0, 1).
    """
    doubled = base_seconds * 2.0 ** min(max(attempts - 1, 0), _MOST_DOUBLINGS)
    return min(doubled, _LONGEST_BEFORE_JITTER) * (_JITTER_FROM + jitter)


def _decide(trouble: _Trouble, attempts: int, max_retries: int, next_try: Callable[[], datetime]) -> Decision:
    retries = max_retries if trouble.retries is None else min(max_retries, trouble.retries)
    if attempts <= retries:
        return Retry(next_try(), trouble.code, f"{trouble.what} The target is tried again by itself.")
    tries = "" if attempts == 1 else f" It was tried {attempts} times."
    return GiveUp(trouble.code, f"{trouble.what}{tries} {trouble.advice}")


def _is_not_found(verdict: Verdict, status: int) -> bool:
    # A "page not found" in the clothes of a refusal or a server error is that: the product may be there tomorrow.
    return status in _GONE or (verdict is Verdict.NOT_FOUND and status not in _REFUSED and status < _SERVER_ERROR)


def _page_trouble(verdict: Verdict, status: int, missing: str, other: str) -> _Trouble:
    if _is_not_found(verdict, status):
        return _Trouble("not_found", "The marketplace has no such page.", missing, 0)
    if verdict is Verdict.BLOCKED or status in _CHALLENGED:
        return _BLOCKED
    if verdict in _CONTENT:
        return _Trouble("parse_error", other, _CHECK, 0)
    return _WALLS.get(verdict) or _status_trouble(status) or _BROKEN.get(verdict, _UNKNOWN)


def _status_trouble(status: int) -> _Trouble | None:
    if status == _TOO_MANY:
        return _TOO_FAST
    if status >= _SERVER_ERROR or status in _ASK_AGAIN:
        return _Trouble("http_error", f"The marketplace answered with HTTP status {status}.", _LATER)
    if status >= _CLIENT_ERROR:
        return _Trouble("http_error", f"The marketplace refused the request with HTTP status {status}.", _CHECK, 0)
    return None


def _failure_trouble(error: FetchError) -> _Trouble:
    what = error.message if error.message.endswith(".") else f"{error.message}."
    match error:
        case RobotsDeniedError() | PageGoneError():
            return _Trouble(error.code, what, _INSTEAD[type(error)], 0)
        case RobotsUnreadableError():
            # Before that time the same "could not be read" would be met again, and the tries used up for nothing.
            return _Trouble(error.code, what, _LATER, wait=UNREADABLE_FRESH)
        case BodyTooLargeError() | RedirectRefusedError():
            return _Trouble(error.code, what, _CHECK, 0)
        case FetchTimeoutError():
            return _Trouble(error.code, what, _SLOWER)
        case ProxyFailedError():
            return _Trouble(error.code, what, "Check the proxies in the settings, then retry the job.")
        case _:
            return _Trouble(error.code, what, _LATER)


_LATER = "Retry the job later."
_CHECK = "Open the target in a browser to see what is there."
_INSTEAD: dict[type[FetchError], str] = {
    RobotsDeniedError: "Choose another target, or ask the marketplace for permission.",
    PageGoneError: "Retry the job to fetch it anew.",
}
_SLOWER = "Lower the crawl rate, then retry the job later."

_BLOCKED = _Trouble("blocked", "The marketplace answered with a robot check.", _SLOWER)
_TOO_FAST = _Trouble("blocked", "The marketplace says that it is asked too often (HTTP status 429).", _SLOWER)
_CUT_OFF = _Trouble("parse_error", "The page was cut off before its content ended.", _LATER)
_UNKNOWN = _Trouble(
    "parse_error", "The page is of no known kind.", f"{_CHECK} If it looks right there, report it as a bug.", 1
)
_UNREADABLE = _Trouble("parse_error", "The page is built so that reading it would take minutes.", _CHECK, 0)
TOO_SLOW_TO_READ = GiveUp("parse_error", f"Reading the page took too long, so it was ended. {_CHECK}")
"""Of a page that had to be ended from outside: it would be the same again."""
_BROKEN = {Verdict.TRUNCATED: _CUT_OFF, Verdict.UNREADABLE: _UNREADABLE}
_WALLS = {
    Verdict.SIGN_IN: _Trouble(
        "sign_in_required", "The marketplace shows the page only to those who sign in.", "AzScraper never signs in.", 0
    ),
    Verdict.CONSENT: _Trouble("blocked", "The marketplace asks for consent before it shows the page.", _SLOWER),
}
