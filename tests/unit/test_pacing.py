from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from azscraper.crawl.pacing import (
    LONGEST_INTERVAL_SECONDS,
    OPENS_AT,
    SLOWEST,
    Breaker,
    after_answer,
    after_block,
    batch_size,
    interval_seconds,
    is_open,
    slowdown_after,
)

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)
positive = st.floats(min_value=0, allow_nan=False, allow_infinity=False)


@pytest.mark.parametrize(
    ("rate", "crawl_delay", "slowdown", "seconds"),
    [
        (1.0, 0.0, 1.0, 1.0),
        (4.0, 0.0, 1.0, 0.25),
        (4.0, 2.0, 1.0, 2.0),
        (0.1, 2.0, 1.0, 10.0),
        (4.0, 0.0, 16.0, 4.0),
        (0.0, 0.0, 16.0, 0.0),
        (0.0, 3.0, 2.0, 6.0),
        (5e-324, 0.0, 1.0, LONGEST_INTERVAL_SECONDS),
        (1.0, 1e300, 16.0, LONGEST_INTERVAL_SECONDS),
    ],
)
def test_interval(rate: float, crawl_delay: float, slowdown: float, seconds: float) -> None:
    assert interval_seconds(rate, crawl_delay, slowdown) == pytest.approx(seconds)


@given(positive, positive, st.floats(1, SLOWEST))
def test_no_interval_is_shorter_than_what_was_asked_for(rate: float, crawl_delay: float, slowdown: float) -> None:
    interval = interval_seconds(rate, crawl_delay, slowdown)
    assert 0 <= interval <= LONGEST_INTERVAL_SECONDS
    assert interval >= min(crawl_delay, LONGEST_INTERVAL_SECONDS)
    assert interval >= interval_seconds(rate, crawl_delay, 1.0)
    timedelta(seconds=interval)


@pytest.mark.parametrize(
    ("interval", "wanted", "size"),
    [
        (0.0, 25, 25),
        (0.01, 25, 25),
        (0.1, 25, 10),
        (0.3, 25, 3),
        (1.0, 25, 1),
        (60.0, 25, 1),
        (0.25, 2, 2),
        (1.0, 0, 1),
    ],
)
def test_batch_is_a_seconds_worth(interval: float, wanted: int, size: int) -> None:
    assert batch_size(interval, wanted) == size


@given(st.floats(0, LONGEST_INTERVAL_SECONDS), st.integers(1, 10_000))
def test_a_batch_never_books_more_than_a_second_ahead(interval: float, wanted: int) -> None:
    size = batch_size(interval, wanted)
    assert 1 <= size <= wanted
    assert size == 1 or size * interval <= 1.000001


def blocked(breaker: Breaker, times: int, *, now: datetime = NOW) -> Breaker:
    for _ in range(times):
        breaker = after_block(breaker, now=now, base_seconds=60)
    return breaker


def test_five_refusals_in_a_row_open_the_breaker() -> None:
    assert not is_open(blocked(Breaker(), OPENS_AT - 1), NOW)
    breaker = blocked(Breaker(), OPENS_AT)
    assert breaker == Breaker(OPENS_AT, NOW + 60 * SECOND)
    assert is_open(breaker, NOW)
    assert is_open(breaker, NOW + 59 * SECOND)
    assert not is_open(breaker, NOW + 60 * SECOND)


def test_an_answer_between_them_starts_the_count_anew() -> None:
    breaker = after_answer(blocked(Breaker(), OPENS_AT - 1))
    assert breaker == Breaker()
    assert not is_open(blocked(breaker, OPENS_AT - 1), NOW)


def test_each_refusal_of_a_probe_doubles_the_pause_up_to_sixteenfold() -> None:
    breaker, now, pauses = blocked(Breaker(), OPENS_AT), NOW, []
    for _ in range(9):
        assert breaker.open_until is not None
        pauses.append((breaker.open_until - now).total_seconds())
        now = breaker.open_until
        breaker = after_block(breaker, now=now, base_seconds=60)
    assert pauses == [60, 120, 240, 480, 960, 960, 960, 960, 960]


def test_late_refusals_of_requests_sent_before_restart_the_pause_but_do_not_lengthen_it() -> None:
    breaker = blocked(Breaker(), OPENS_AT)
    later = NOW + 10 * SECOND
    assert blocked(breaker, 16, now=later) == Breaker(OPENS_AT, later + 60 * SECOND)


def test_one_real_answer_closes_the_breaker() -> None:
    assert not is_open(after_answer(blocked(Breaker(), OPENS_AT)), NOW)


@given(st.lists(st.tuples(st.booleans(), st.floats(0, 5000)), max_size=60), st.floats(0.001, 1e6))
def test_breaker_over_any_history(history: list[tuple[bool, float]], base_seconds: float) -> None:
    breaker, now, in_a_row = Breaker(), NOW, 0
    for is_block, seconds in history:
        now += timedelta(seconds=seconds)
        breaker = after_block(breaker, now=now, base_seconds=base_seconds) if is_block else after_answer(breaker)
        in_a_row = in_a_row + 1 if is_block else 0
        assert breaker.failures <= in_a_row
        assert (breaker.open_until is not None) == (in_a_row >= OPENS_AT)
        assert not is_open(breaker, now + timedelta(seconds=16 * base_seconds))


def test_the_longest_history_of_refusals_stays_within_a_float() -> None:
    assert after_block(Breaker(10**9, NOW), now=NOW, base_seconds=60).open_until == NOW + 960 * SECOND


def test_slowdown_doubles_up_to_sixteen() -> None:
    slowdown, seen = 1.0, []
    for _ in range(6):
        slowdown = slowdown_after(slowdown, blocked=True)
        seen.append(slowdown)
    assert seen == [2, 4, 8, 16, 16, 16]


def test_slowdown_wears_off_slowly_and_ends() -> None:
    slowdown, answers = SLOWEST, 0
    while slowdown > 1:
        slowdown = slowdown_after(slowdown, blocked=False)
        answers += 1
    assert slowdown == 1
    assert 90 < answers < 130


@given(st.floats(1, SLOWEST), st.booleans())
def test_slowdown_stays_in_its_bounds_and_moves_the_right_way(slowdown: float, blocked: bool) -> None:  # noqa: FBT001
    after = slowdown_after(slowdown, blocked=blocked)
    assert 1 <= after <= SLOWEST
    assert after >= slowdown if blocked else after <= slowdown
