from datetime import UTC, datetime
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from azscraper.crawl.policy import (
    LONGEST_BACKOFF_SECONDS,
    LONGEST_WAIT,
    Accept,
    Decision,
    GiveUp,
    Retry,
    Verdict,
    backoff_seconds,
    decide_failure,
    decide_page,
    is_answer,
    is_block,
)
from azscraper.crawl.robots import UNREADABLE_FRESH
from azscraper.errors import (
    BodyBrokenError,
    BodyTooLargeError,
    ConnectionFailedError,
    FetchError,
    FetchTimeoutError,
    ProxyFailedError,
    RedirectRefusedError,
    RobotsDeniedError,
    RobotsUnreadableError,
)
from azscraper.records import PageKind

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
CODES = {
    "not_found",
    "blocked",
    "timeout",
    "http_error",
    "robots_disallowed",
    "unreachable",
    "parse_error",
    "invalid",
    "sign_in_required",
    "not_archived",
}
STATUSES = [200, 202, 302, 400, 401, 403, 404, 408, 410, 418, 425, 429, 500, 502, 503, 504]
WANTED = {"details": {PageKind.PRODUCT}, "search": {PageKind.SEARCH, PageKind.EMPTY_SEARCH}}
CONTENT = {PageKind.PRODUCT, PageKind.SEARCH, PageKind.EMPTY_SEARCH}


def verdict(kind: PageKind, expected: str) -> Verdict:
    if kind not in CONTENT:
        return Verdict(kind)
    return Verdict.WANTED if kind in WANTED[expected] else Verdict.OTHER_CONTENT


def page(
    kind: PageKind,
    status: int = 200,
    expected: str = "details",
    *,
    attempts: int = 1,
    max_retries: int = 3,
    retry_after: str | None = None,
) -> Decision:
    return decide_page(
        verdict(kind, expected),
        status,
        missing="Check the target.",
        other="The marketplace answered with another page.",
        attempts=attempts,
        max_retries=max_retries,
        retry_after=retry_after,
        now=NOW,
        base_seconds=8,
        jitter=0.5,
    )


def failure(error: FetchError, *, attempts: int = 1, max_retries: int = 3) -> Decision:
    return decide_failure(error, attempts=attempts, max_retries=max_retries, now=NOW, base_seconds=8, jitter=0.5)


def outcome(decision: Decision) -> str:
    return "accept" if isinstance(decision, Accept) else f"{type(decision).__name__.lower()} {decision.code}"


@pytest.mark.parametrize(
    ("kind", "status", "expected", "first", "last"),
    [
        # what was asked for
        (PageKind.PRODUCT, 200, "details", "accept", "accept"),
        (PageKind.SEARCH, 200, "search", "accept", "accept"),
        (PageKind.EMPTY_SEARCH, 200, "search", "accept", "accept"),
        (PageKind.PRODUCT, 503, "details", "accept", "accept"),
        # the other thing
        (PageKind.SEARCH, 200, "details", "giveup parse_error", "giveup parse_error"),
        (PageKind.EMPTY_SEARCH, 200, "details", "giveup parse_error", "giveup parse_error"),
        (PageKind.PRODUCT, 200, "search", "giveup parse_error", "giveup parse_error"),
        # not there
        (PageKind.NOT_FOUND, 200, "details", "giveup not_found", "giveup not_found"),
        (PageKind.NOT_FOUND, 404, "search", "giveup not_found", "giveup not_found"),
        (PageKind.UNKNOWN, 404, "details", "giveup not_found", "giveup not_found"),
        (PageKind.UNKNOWN, 410, "details", "giveup not_found", "giveup not_found"),
        (PageKind.PRODUCT, 404, "details", "giveup not_found", "giveup not_found"),
        (PageKind.NOT_FOUND, 500, "details", "retry http_error", "giveup http_error"),
        (PageKind.NOT_FOUND, 503, "details", "retry http_error", "giveup http_error"),
        # refused
        (PageKind.BLOCKED, 200, "details", "retry blocked", "giveup blocked"),
        (PageKind.BLOCKED, 503, "search", "retry blocked", "giveup blocked"),
        (PageKind.UNKNOWN, 403, "details", "retry blocked", "giveup blocked"),
        (PageKind.UNKNOWN, 202, "details", "retry blocked", "giveup blocked"),
        (PageKind.UNKNOWN, 429, "details", "retry blocked", "giveup blocked"),
        (PageKind.SIGN_IN, 200, "details", "giveup sign_in_required", "giveup sign_in_required"),
        (PageKind.CONSENT, 200, "search", "retry blocked", "giveup blocked"),
        # the server's fault
        (PageKind.UNKNOWN, 500, "details", "retry http_error", "giveup http_error"),
        (PageKind.UNKNOWN, 503, "details", "retry http_error", "giveup http_error"),
        (PageKind.TRUNCATED, 502, "details", "retry http_error", "giveup http_error"),
        (PageKind.UNKNOWN, 408, "details", "retry http_error", "giveup http_error"),
        (PageKind.UNKNOWN, 400, "details", "giveup http_error", "giveup http_error"),
        (PageKind.UNKNOWN, 401, "details", "giveup http_error", "giveup http_error"),
        # not whole, not known
        (PageKind.TRUNCATED, 200, "details", "retry parse_error", "giveup parse_error"),
        (PageKind.UNKNOWN, 200, "search", "retry parse_error", "giveup parse_error"),
        (PageKind.UNKNOWN, 302, "search", "retry parse_error", "giveup parse_error"),
        # made to be unreadable: it would be the same again
        (PageKind.UNREADABLE, 200, "details", "giveup parse_error", "giveup parse_error"),
        (PageKind.UNREADABLE, 403, "details", "retry blocked", "giveup blocked"),
        (PageKind.UNREADABLE, 500, "details", "retry http_error", "giveup http_error"),
    ],
)
def test_pages(kind: PageKind, status: int, expected: str, first: str, last: str) -> None:
    assert outcome(page(kind, status, expected)) == first
    assert outcome(page(kind, status, expected, attempts=4)) == last


def test_an_unknown_page_is_asked_for_twice_at_most() -> None:
    assert outcome(page(PageKind.UNKNOWN, attempts=1)) == "retry parse_error"
    assert outcome(page(PageKind.UNKNOWN, attempts=2)) == "giveup parse_error"
    assert outcome(page(PageKind.UNKNOWN, attempts=1, max_retries=0)) == "giveup parse_error"


@pytest.mark.parametrize("max_retries", [0, 1, 3])
def test_a_target_is_tried_once_and_then_as_often_as_allowed(max_retries: int) -> None:
    tries = 1
    while isinstance(page(PageKind.BLOCKED, attempts=tries, max_retries=max_retries), Retry):
        tries += 1
    assert tries == max_retries + 1


def retry_at(decision: Decision) -> float:
    assert isinstance(decision, Retry)
    return (decision.at - NOW).total_seconds()


@pytest.mark.parametrize(
    ("kind", "status", "retry_after", "seconds"),
    [
        (PageKind.UNKNOWN, 503, "120", 120),
        (PageKind.BLOCKED, 503, "120", 120),
        (PageKind.UNKNOWN, 429, "1", 1),
        (PageKind.UNKNOWN, 429, "Sun, 01 Mar 2026 12:10:00 GMT", 600),
        (PageKind.UNKNOWN, 503, "7200", LONGEST_WAIT.total_seconds()),
        (PageKind.UNKNOWN, 503, "Sun, 01 Mar 2099 12:10:00 GMT", LONGEST_WAIT.total_seconds()),
        # nothing to honour: the backoff
        (PageKind.UNKNOWN, 503, "0", 8),
        (PageKind.UNKNOWN, 503, "Sun, 01 Mar 2026 11:00:00 GMT", 8),
        (PageKind.UNKNOWN, 503, "later", 8),
        (PageKind.UNKNOWN, 503, "", 8),
        (PageKind.UNKNOWN, 503, None, 8),
        (PageKind.UNKNOWN, 500, "120", 8),
        (PageKind.BLOCKED, 200, "120", 8),
    ],
)
def test_retry_after_is_honoured(kind: PageKind, status: int, retry_after: str | None, seconds: float) -> None:
    assert retry_at(page(kind, status, retry_after=retry_after)) == seconds


@pytest.mark.parametrize(
    ("error", "first", "last"),
    [
        (FetchTimeoutError("x"), "retry timeout", "giveup timeout"),
        (ConnectionFailedError("x"), "retry http_error", "giveup http_error"),
        (ProxyFailedError("x"), "retry http_error", "giveup http_error"),
        (BodyBrokenError("x"), "retry http_error", "giveup http_error"),
        (FetchError("x"), "retry http_error", "giveup http_error"),
        (BodyTooLargeError("x"), "giveup http_error", "giveup http_error"),
        (RedirectRefusedError("x"), "giveup http_error", "giveup http_error"),
        (RobotsDeniedError("x"), "giveup robots_disallowed", "giveup robots_disallowed"),
        (RobotsUnreadableError("x"), "retry unreachable", "giveup unreachable"),
    ],
)
def test_failures(error: FetchError, first: str, last: str) -> None:
    assert outcome(failure(error)) == first
    assert outcome(failure(error, attempts=4)) == last


def test_an_unreadable_robots_txt_is_not_asked_about_before_it_is_read_again() -> None:
    assert retry_at(failure(RobotsUnreadableError("x"))) == UNREADABLE_FRESH.total_seconds() + 8
    assert retry_at(failure(ConnectionFailedError("x"))) == 8


def test_every_fetch_error_has_a_code_that_the_api_names() -> None:
    errors, found = [FetchError], []
    while errors:
        found.append(errors.pop())
        errors.extend(found[-1].__subclasses__())
    for error in found:
        decision = failure(error("What happened"), attempts=9)
        assert isinstance(decision, GiveUp)
        assert decision.code in CODES
        assert decision.message.startswith("What happened. ")


@pytest.mark.parametrize(("kind", "status", "expected"), [*product(PageKind, STATUSES, ("details", "search"))])
@pytest.mark.parametrize("attempts", [1, 4])
def test_every_page_gets_a_decision_with_a_sentence(kind: PageKind, status: int, expected: str, attempts: int) -> None:
    decision = page(kind, status, expected, attempts=attempts)
    wanted = WANTED[expected]
    if isinstance(decision, Accept):
        assert kind in wanted
        return
    assert kind not in wanted or status in (404, 410)
    assert decision.code in CODES
    assert decision.message[0].isupper()
    assert decision.message.endswith(".")
    assert decision.message.count(". ") >= 1
    assert "  " not in decision.message
    assert ("It was tried 4 times." in decision.message) == (attempts == 4)


@pytest.mark.parametrize(("kind", "status"), [*product(PageKind, STATUSES)])
def test_no_page_is_both_an_answer_and_a_refusal(kind: PageKind, status: int) -> None:
    found = verdict(kind, "details")
    assert not (is_answer(found, status) and is_block(found, status))
    if kind in CONTENT:
        assert is_answer(found, status)


@pytest.mark.parametrize(
    ("kind", "status", "block", "answer"),
    [
        (PageKind.BLOCKED, 200, True, False),
        (PageKind.UNKNOWN, 403, True, False),
        (PageKind.UNKNOWN, 202, True, False),
        (PageKind.UNKNOWN, 429, True, False),
        (PageKind.UNKNOWN, 503, True, False),
        (PageKind.NOT_FOUND, 503, True, False),
        (PageKind.UNKNOWN, 500, False, False),
        (PageKind.TRUNCATED, 200, False, False),
        (PageKind.SIGN_IN, 200, False, False),
        (PageKind.UNKNOWN, 404, False, True),
        (PageKind.NOT_FOUND, 200, False, True),
        (PageKind.PRODUCT, 200, False, True),
        (PageKind.PRODUCT, 503, False, True),
    ],
)
def test_what_counts_for_the_pace(kind: PageKind, status: int, block: bool, answer: bool) -> None:  # noqa: FBT001
    assert is_block(verdict(kind, "search"), status) is block
    assert is_answer(verdict(kind, "search"), status) is answer


@pytest.mark.parametrize(
    ("attempts", "jitter", "seconds"),
    [(1, 0.5, 8), (2, 0.5, 16), (3, 0.5, 32), (1, 0.0, 4), (1, 0.99, 11.92), (20, 0.5, 600), (10**9, 0.0, 300)],
)
def test_backoff(attempts: int, jitter: float, seconds: float) -> None:
    assert backoff_seconds(attempts, 8, jitter) == pytest.approx(seconds)


@given(
    st.integers(0, 10**6),
    st.floats(0, allow_nan=False, allow_infinity=False),
    st.floats(0, 1, exclude_max=True),
    st.floats(0, 1, exclude_max=True),
)
def test_backoff_is_bounded_and_does_not_shrink(attempts: int, base: float, jitter: float, other: float) -> None:
    assert 0 <= backoff_seconds(attempts, base, jitter) <= LONGEST_BACKOFF_SECONDS
    assert backoff_seconds(attempts, base, jitter) <= backoff_seconds(attempts + 1, base, jitter)
    assert backoff_seconds(attempts, base, jitter) <= 3 * backoff_seconds(attempts, base, other) + 1e-300
