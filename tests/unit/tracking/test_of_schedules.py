"""Times of schedules in the words that lists have for them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from azscraper.tracking import cron
from azscraper.tracking.lists.of_schedules import in_words
from azscraper.tracking.lists.refresh import EVERY, Refresh

CASES = [
    ("0 8 * * *", ("day", "08:00", ())),
    ("30 8 * * 1-5", ("day", "08:30", ("mon", "tue", "wed", "thu", "fri"))),
    ("0 8 * * 7", ("day", "08:00", ("sun",))),
    ("5 8 1 * *", ("month", "08:05", ())),
    ("0 */6 * * *", ("6 hours", "00:00", ())),
    ("15 2,8,14,20 * * *", ("6 hours", "02:15", ())),
    ("@hourly", ("hour", "00:00", ())),
    ("@daily", ("day", "00:00", ())),
]


@pytest.mark.parametrize(("expression", "said"), CASES)
def test_what_people_say_is_said(expression, said):
    refresh = in_words(expression, "Europe/Berlin")
    assert (refresh.every, refresh.at, refresh.weekdays) == said
    assert refresh.timezone == "Europe/Berlin"


@pytest.mark.parametrize(
    "expression", ["0,30 8 * * *", "0 8 * 2 *", "0 8 * * L5", "0 8 * * 1#2", "1 * 5 * *", "0 8 1 * 1"]
)
def test_other_times_stay_as_they_are(expression):
    assert in_words(expression, "UTC") == Refresh(cron=expression)


@given(st.sampled_from(EVERY), st.times(), st.sets(st.sampled_from(["mon", "wed", "sun"])))
def test_what_a_list_says_comes_back_to_the_same_times(every, at, weekdays):
    days = () if every == "month" else tuple(weekdays)
    expression = Refresh(every, f"{at:%H:%M}", days).expression
    assert cron.values(in_words(expression, "UTC").expression) == cron.values(expression)
