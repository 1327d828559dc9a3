from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from azscraper.crawl.pacing import (
    HORIZON_SECONDS,
    LONGEST_INTERVAL_SECONDS,
    OPENS_AT,
    SLOWEST,
    Breaker,
    Pulse,
    after_answer,
    after_block,
    batch_size,
    interval_seconds,
    is_open,
    slowdown_after,
    usual_after,
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
        (0.01, 100, 25),
        (0.01, 7, 7),
        (0.01, 1, 5),
        (0.1, 25, 2),
        (1.0, 25, 1),
        (60.0, 25, 1),
        (1.0, 0, 1),
        (0.0005, 10_000, 500),
        (0.0005, 1, 100),
    ],
)
def test_batch_is_a_quarter_of_a_seconds_worth(interval: float, wanted: int, size: int) -> None:
    assert batch_size(interval, wanted) == size


@given(st.floats(0, LONGEST_INTERVAL_SECONDS), st.integers(1, 10_000))
def test_a_batch_never_books_more_than_a_quarter_of_a_second_ahead(interval: float, wanted: int) -> None:
    size = batch_size(interval, wanted)
    assert size >= 1
    assert size == 1 or size * interval <= HORIZON_SECONDS + 1e-9


@pytest.mark.parametrize("rate", [50, 1_000, 2_500, 10_000, 100_000])
def test_the_shared_row_is_asked_a_few_times_a_second_whatever_the_rate(rate: int) -> None:
    reservations_per_second = rate / batch_size(1 / rate, 1)
    assert reservations_per_second <= 50


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


REFUSAL, ANSWER = Pulse(refusals=1), Pulse(answers=1, seconds=0.4)
pulses = st.builds(
    Pulse, st.integers(0, 50), st.integers(0, 50), st.integers(0, 50), st.floats(0, 1000, allow_nan=False)
)


def test_slowdown_doubles_up_to_sixteen() -> None:
    slowdown, seen = 1.0, []
    for _ in range(6):
        slowdown = slowdown_after(slowdown, REFUSAL, None)
        seen.append(slowdown)
    assert seen == [2, 4, 8, 16, 16, 16]


def test_slowdown_wears_off_slowly_and_ends() -> None:
    slowdown, answers = SLOWEST, 0
    while slowdown > 1:
        slowdown = slowdown_after(slowdown, ANSWER, None)
        answers += 1
    assert slowdown == 1
    assert 90 < answers < 130


@pytest.mark.parametrize(
    ("pulse", "usual", "after"),
    [
        (Pulse(failures=3), None, 3.0),  # everything fails
        (Pulse(answers=10, failures=3), None, 3.0),
        (Pulse(answers=20, failures=3), None, 1.358),  # single failures are everyday
        (Pulse(failures=2), None, 2.0),  # too few to tell; and no reason to go faster
        (Pulse(answers=4, seconds=8.0), 0.5, 2.5),  # four times as late as usual
        (Pulse(answers=4, seconds=8.0), 1.5, 1.815),  # slow, and always was
        (Pulse(answers=4, seconds=2.0), 0.01, 1.815),  # within a second is no complaint
        (Pulse(answers=4, seconds=8.0), None, 1.815),  # nothing to compare with
        (Pulse(), 0.5, 2.0),
    ],
)
def test_what_slows_down_and_what_wears_it_off(pulse: Pulse, usual: float | None, after: float) -> None:
    assert slowdown_after(2.0, pulse, usual) == pytest.approx(after, abs=0.01)


@given(st.floats(1, SLOWEST), pulses, st.none() | st.floats(0.001, 100))
@example(slowdown=1.03125, pulse=Pulse(), usual=None)
def test_slowdown_stays_in_its_bounds_and_only_answers_make_it_faster(
    slowdown: float, pulse: Pulse, usual: float | None
) -> None:
    after = slowdown_after(slowdown, pulse, usual)
    assert 1 <= after <= SLOWEST
    if pulse.refusals or not pulse.answers:
        assert after >= slowdown


@given(st.floats(1, SLOWEST), st.integers(0, 40), st.integers(1, 40), st.none() | st.floats(0.001, 100))
def test_errors_never_make_it_faster_however_soon_they_come(
    slowdown: float, answers: int, errors: int, usual: float | None
) -> None:
    without = slowdown_after(slowdown, Pulse(answers, seconds=answers * 0.5), usual)
    for pulse in (Pulse(answers, errors, 0, answers * 0.5), Pulse(answers, 0, errors, answers * 0.5)):
        assert slowdown_after(slowdown, pulse, usual) >= without


def test_the_usual_latency_follows_quicker_answers_soon_and_slower_ones_late() -> None:
    assert usual_after(None, ANSWER) == pytest.approx(0.4)
    assert usual_after(1.0, REFUSAL) == 1.0
    assert usual_after(1.0, Pulse(answers=2, seconds=0.0)) == pytest.approx(0.7)
    assert usual_after(1.0, Pulse(answers=1, seconds=11.0)) == pytest.approx(1.5)
