from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from azscraper.retry_after import delay_seconds, parse_retry_after

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("0", 0),
        ("  90 ", 90),
        ("000090", 90),
        ("9" * 5000, 10**9),
        ("Sun, 01 Mar 2026 12:00:30 GMT", 30),
        ("Sunday, 01-Mar-26 12:00:30 GMT", 30),
        ("Sun Mar  1 12:00:30 2026", 30),
        ("Sun, 01 Mar 2026 13:00:30 +0100", 30),
    ],
)
def test_retry_after_forms(text: str, seconds: int) -> None:
    assert parse_retry_after(text, NOW) == NOW + timedelta(seconds=seconds)


@pytest.mark.parametrize(
    "text", ["", "soon", "-5", "1.5", "5 s", "٣", "Sun, 99 Mar 2026 12:00:30 GMT", "Fri, 31 Dec 9999 23:00:00 -2300"]
)
def test_what_is_no_retry_after(text: str) -> None:
    assert parse_retry_after(text, NOW) is None


@given(st.datetimes(datetime(1990, 1, 1), datetime(2060, 1, 1)))  # noqa: DTZ001 - hypothesis wants naive bounds
def test_any_http_date_reads_back(when: datetime) -> None:
    when = when.replace(microsecond=0, tzinfo=UTC)
    assert parse_retry_after(format_datetime(when, usegmt=True), NOW) == when


@given(st.one_of(st.text(), st.from_regex(r"\A\w{3}, \d{1,3} \w{3} \d{1,5} \d\d?:\d\d:?\d* ?[-+\w]*\Z")))
def test_no_retry_after_raises(text: str) -> None:
    when = parse_retry_after(text, NOW)
    assert when is None or when.tzinfo is UTC


@pytest.mark.parametrize(
    ("text", "seconds"), [("3", 3), (" 090 ", 90), ("9" * 5000, 10**9), ("\u00b2", None), ("", None), ("soon", None)]
)
def test_seconds_alone(text: str, seconds: int | None) -> None:
    assert delay_seconds(text) == seconds
