"""What an endpoint's answer means."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from azscraper.webhooks.policy import (
    DELAYS,
    FAILING_LIMIT,
    LONGEST_WAIT,
    Answer,
    Delivered,
    GiveUp,
    Retry,
    SwitchOff,
    decide,
)

NOW = datetime(2026, 1, 1, 12, tzinfo=UTC)


def answer(status, **more):
    return Answer(status, b"", 5, **more)


def after(seconds, *, pause=False):
    at = NOW + timedelta(seconds=seconds)
    return Retry(at, at if pause else None)


def of(given_answer, *, attempts=1, failing_since=None, jitter=0.0):
    return decide(given_answer, attempts=attempts, failing_since=failing_since, now=NOW, jitter=jitter)


@pytest.mark.parametrize(
    ("given_answer", "decision"),
    [
        (answer(200), Delivered()),
        (answer(204), Delivered()),
        (answer(299), Delivered()),
        (answer(100), after(5)),
        (answer(301), after(5)),
        (answer(304), after(5)),
        (answer(307), after(5)),
        (answer(400), after(5)),
        (answer(401), after(5)),
        (answer(404), after(5)),
        (answer(410), SwitchOff("It answered 410 Gone")),
        (answer(429), after(5, pause=True)),
        (answer(500), after(5)),
        (answer(502), after(5, pause=True)),
        (answer(503), after(5)),
        (answer(504), after(5, pause=True)),
        (answer(None, error="gone"), after(5)),
        (answer(None, timed_out=True), after(5, pause=True)),
        (answer(429, retry_after="60"), after(60, pause=True)),
        (answer(503, retry_after="60"), after(60)),
        (answer(503, retry_after="1"), after(5)),
        (answer(503, retry_after="Thu, 01 Jan 2026 12:10:00 GMT"), after(600)),
        (answer(503, retry_after="Thu, 01 Jan 2026 11:00:00 GMT"), after(5)),
        (answer(503, retry_after="soon"), after(5)),
        (answer(503, retry_after="-1"), after(5)),
        (answer(503, retry_after="9" * 40), after(LONGEST_WAIT.total_seconds())),
        (answer(200, retry_after="60"), Delivered()),
    ],
)
def test_answers(given_answer, decision):
    assert of(given_answer) == decision


def test_delays_are_those_of_the_standard():
    hours = [of(answer(500), attempts=n).at - NOW for n in range(1, 10)]
    assert [str(delay) for delay in hours] == [
        "0:00:05",
        "0:05:00",
        "0:30:00",
        "2:00:00",
        "5:00:00",
        "10:00:00",
        "14:00:00",
        "20:00:00",
        "1 day, 0:00:00",
    ]
    assert of(answer(500), attempts=10) == GiveUp()
    assert of(answer(200), attempts=10) == Delivered()


def test_a_late_try_does_not_hold_up_the_other_lanes_for_long_unless_asked():
    decision = of(answer(504), attempts=8)
    assert (decision.at - NOW, decision.pause_until - NOW) == (timedelta(hours=20), timedelta(minutes=5))
    decision = of(answer(429, retry_after="7200"), attempts=8)
    assert (decision.at - NOW, decision.pause_until - NOW) == (timedelta(hours=20), timedelta(hours=2))


def test_an_endpoint_that_failed_for_five_days_is_switched_off():
    almost, long = NOW - FAILING_LIMIT + timedelta(seconds=1), NOW - FAILING_LIMIT
    assert of(answer(500), failing_since=almost) == after(5)
    assert of(answer(500), attempts=10, failing_since=almost) == GiveUp()
    assert isinstance(of(answer(500), failing_since=long), SwitchOff)
    assert isinstance(of(answer(None), attempts=10, failing_since=long), SwitchOff)
    assert of(answer(200), failing_since=long) == Delivered()


@given(
    status=st.none() | st.integers(100, 599),
    attempts=st.integers(1, 10),
    jitter=st.floats(0, 1, exclude_max=True),
    retry_after=st.none() | st.text(max_size=30),
)
def test_a_try_is_never_earlier_than_its_delay_and_only_2xx_is_success(status, attempts, jitter, retry_after):
    decision = of(answer(status, retry_after=retry_after), attempts=attempts, jitter=jitter)
    assert isinstance(decision, Delivered) == (status is not None and 200 <= status <= 299)
    if isinstance(decision, Retry):
        delay = DELAYS[attempts - 1]
        assert NOW + delay <= decision.at <= NOW + max(delay * 1.2, LONGEST_WAIT)
        assert decision.pause_until is None or NOW < decision.pause_until <= decision.at
