"""When a task that failed runs again."""

from datetime import UTC, datetime

import pytest
from procrastinate.jobs import Job

from azscraper.errors import UnavailableError
from azscraper.queue import _Again


def seconds_until_retry(error, attempts):
    task = Job(id=1, queue="default", lock=None, queueing_lock=None, task_name="scrape", attempts=attempts)
    decision = _Again().get_retry_decision(exception=error, job=task)
    return decision and round((decision.retry_at - datetime.now(UTC)).total_seconds())


@pytest.mark.parametrize("attempts", [0, 5, 1000])
def test_an_outage_of_the_database_neither_counts_nor_puts_the_task_off_for_long(attempts):
    assert seconds_until_retry(UnavailableError("gone"), attempts) == 2


def test_a_task_that_fails_waits_ever_longer_up_to_a_minute_and_is_given_up_at_last():
    waits = [seconds_until_retry(ValueError(), attempts) for attempts in range(21)]
    assert waits[:8] == [1, 2, 4, 8, 16, 32, 60, 60]
    assert waits[20] is None
