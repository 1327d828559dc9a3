"""When schedules run: the fields, the words, and the two days a year on which clocks change."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from azscraper.errors import InvalidInputError
from azscraper.tracking.cron import WORDS, next_runs

START = datetime(2020, 1, 1, tzinfo=UTC)


def runs(expression, timezone, after, count):
    found = next_runs(expression, timezone, after=datetime.fromisoformat(after), count=count)
    assert all(run.tzinfo is UTC for run in found)
    return [run.strftime("%m-%d %H:%M") for run in found]


@pytest.mark.parametrize(
    ("expression", "timezone", "after", "expected"),
    [
        ("*/20 * * * *", "UTC", "2026-01-01T00:00Z", ["01-01 00:20", "01-01 00:40", "01-01 01:00"]),
        ("@daily", "UTC", "2026-01-01T00:00Z", ["01-02 00:00", "01-03 00:00"]),
        ("@Daily", "Asia/Tokyo", "2026-01-01T00:00Z", ["01-01 15:00", "01-02 15:00"]),
        ("0 9 * jan-feb MON-fri", "UTC", "2026-01-02T12:00Z", ["01-05 09:00", "01-06 09:00"]),
        ("0 0 13 * fri", "UTC", "2026-02-01T00:00Z", ["02-06 00:00", "02-13 00:00", "02-20 00:00"]),
        ("0 0 1 * mon", "UTC", "2026-05-30T00:00Z", ["06-01 00:00", "06-08 00:00"]),
        ("0 0 29 2 *", "UTC", "2026-01-01T00:00Z", ["02-29 00:00"]),
        ("0 0 * * 7", "UTC", "2026-01-01T00:00Z", ["01-04 00:00"]),
        ("0 0 L * *", "UTC", "2026-02-01T00:00Z", ["02-28 00:00", "03-31 00:00"]),
        ("15 6 * * *", "Asia/Kathmandu", "2026-01-01T00:00Z", ["01-01 00:30", "01-02 00:30"]),
    ],
)
def test_runs(expression, timezone, after, expected):
    assert runs(expression, timezone, after, len(expected)) == expected


@pytest.mark.parametrize(
    ("expression", "timezone", "after", "expected"),
    [
        # Berlin, 29 March 2026: 02:00 becomes 03:00 at 01:00 UTC
        ("30 2 * * *", "Europe/Berlin", "2026-03-28T02:00Z", ["03-29 01:00", "03-30 00:30"]),
        ("0 3 * * *", "Europe/Berlin", "2026-03-28T03:00Z", ["03-29 01:00", "03-30 01:00"]),
        ("*/30 * * * *", "Europe/Berlin", "2026-03-29T00:00Z", ["03-29 00:30", "03-29 01:00", "03-29 01:30"]),
        ("0,30 2,3 * * *", "Europe/Berlin", "2026-03-29T00:00Z", ["03-29 01:00", "03-29 01:30", "03-30 00:00"]),
        ("30 2 * * *", "Europe/Berlin", "2026-03-29T01:00Z", ["03-30 00:30"]),
        # Berlin, 25 October 2026: 03:00 becomes 02:00 at 01:00 UTC
        ("30 2 * * *", "Europe/Berlin", "2026-10-24T12:00Z", ["10-25 00:30", "10-26 01:30"]),
        ("30 2 * * *", "Europe/Berlin", "2026-10-25T00:30Z", ["10-26 01:30"]),
        ("30 2 * * *", "Europe/Berlin", "2026-10-25T01:10Z", ["10-26 01:30"]),
        ("*/30 * * * *", "Europe/Berlin", "2026-10-25T00:00Z", ["10-25 00:30", "10-25 02:00", "10-25 02:30"]),
        # New York, 1 November 2026
        ("30 1 * * *", "America/New_York", "2026-10-31T12:00Z", ["11-01 05:30", "11-02 06:30"]),
        # Lord Howe moves by half an hour: 4 October 2026, 02:00 becomes 02:30 at 15:30 UTC
        ("15 2 * * *", "Australia/Lord_Howe", "2026-10-03T00:00Z", ["10-03 15:30", "10-04 15:15"]),
        # Cairo skips midnight itself: 24 April 2026, 00:00 becomes 01:00 at 22:00 UTC
        ("@daily", "Africa/Cairo", "2026-04-23T00:00Z", ["04-23 22:00", "04-24 21:00"]),
        # Apia left out 30 December 2011
        ("0 12 * * *", "Pacific/Apia", "2011-12-29T00:00Z", ["12-29 22:00", "12-30 10:00", "12-30 22:00"]),
    ],
)
def test_clock_changes(expression, timezone, after, expected):
    assert runs(expression, timezone, after, len(expected)) == expected


@pytest.mark.parametrize(
    ("expression", "problem"),
    [
        ("", "has 0 fields; write 5"),
        ("* * * *", "has 4 fields; write 5"),
        ("* * * * * *", "has 6 fields; write 5"),
        ("60 * * * *", "has '60' for the minute, which goes from 0 to 59"),
        ("0 25 * * *", "has '25' for the hour, which goes from 0 to 23"),
        ("0 0 0 * *", "has '0' for the day of the month, which goes from 1 to 31"),
        ("0 0 1 1-13 *", "has '1-13' for the month, which goes from 1 to 12"),
        ("0 0 * * 8", "has '8' for the day of the week, which goes from 0 to 7"),
        ("*/0 * * * *", "is not a cron expression"),
        ("x * * * *", "is not a cron expression"),
        ("r * * * *", "not a cron field"),
        ("h(0-5) * * * *", "not a cron field"),
        ("0 0 * * R", "not a cron field"),
        ("٣ * * * *", "not a cron field"),
        ("0 0 31 2 *", "never comes"),
        ("@reboot", "is not one of"),
        ("@every 5m", "is not one of"),
        ("1-99999999999 * * * *", "which goes from 0 to 59"),
    ],
)
def test_bad_expressions_are_refused_with_the_reason(expression, problem):
    with pytest.raises(InvalidInputError, match=problem) as caught:
        next_runs(expression, "UTC", after=datetime(2026, 1, 1, tzinfo=UTC), count=1)
    assert [detail.field for detail in caught.value.details] == ["cron"]


@pytest.mark.parametrize("name", ["", "Mars/Olympus", "../../etc/passwd", "/etc/localtime", "europe/berlin", "a\x00b"])
def test_bad_zones_are_refused(name):
    with pytest.raises(InvalidInputError, match="IANA") as caught:
        next_runs("@daily", name, after=datetime(2026, 1, 1, tzinfo=UTC), count=1)
    assert [detail.field for detail in caught.value.details] == ["timezone"]


@given(
    expression=st.sampled_from([*WORDS, "*/7 * * * *", "30 2 * * *", "0 0 1,15 * wed", "5 0-4 * mar,oct *"]),
    zone=st.sampled_from(["UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "America/Havana"]),
    after=st.integers(0, 15 * 366 * 86_400).map(lambda second: START + timedelta(seconds=second)),
)
def test_runs_ascend_and_do_not_depend_on_where_one_starts(expression, zone, after):
    first, second, third = next_runs(expression, zone, after=after, count=3)
    assert after < first < second < third
    assert next_runs(expression, zone, after=first, count=2) == [second, third]
    assert next_runs(expression, zone, after=first - timedelta(seconds=1), count=1) == [first]
    assert next_runs(expression, zone, after=after.astimezone(ZoneInfo("Asia/Tokyo")), count=1) == [first]
