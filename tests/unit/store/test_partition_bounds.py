"""Which partition a key belongs to."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from azscraper.ids import id_of
from azscraper.store.partitions import TABLES, TARGETS, first_id, time_of_id

MOMENTS = st.datetimes(datetime(2000, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC)).map(  # noqa: DTZ001 - made aware
    lambda moment: moment.replace(microsecond=moment.microsecond // 1000 * 1000)
)


@given(MOMENTS, st.binary(min_size=6, max_size=6))
def test_every_id_lies_between_the_bounds_of_its_months_partition(moment, randomness):
    made = id_of(round(moment.timestamp() * 1000), randomness)
    start = TARGETS.start_of(time_of_id(made))
    assert start == date(moment.year, moment.month, 1)
    assert TARGETS.bound(start) <= made < TARGETS.bound(TARGETS.end_of(start))


@given(MOMENTS)
def test_an_id_tells_its_time(moment):
    assert abs(time_of_id(first_id(moment)) - moment) <= timedelta(milliseconds=1)


@given(MOMENTS)
def test_partitions_follow_each_other_without_a_gap_under_names_that_differ(moment):
    for table in TABLES:
        start = table.start_of(moment)
        following = table.end_of(start)
        assert start <= moment.date() < following
        assert table.start_of(datetime(following.year, following.month, following.day, tzinfo=UTC)) == following
        assert table.partition(start) != table.partition(following)
