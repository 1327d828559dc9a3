"""When a task that failed runs again."""

from datetime import UTC, datetime

import pytest
from procrastinate import JobContext
from procrastinate.jobs import Job

from azscraper.errors import UnavailableError
from azscraper.store.queue import STALLED_SECONDS, _Again, _Here

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
"""Of the database: this machine's own clock is another."""


def seconds_until_retry(error, attempts):
    task = Job(id=1, queue="default", lock=None, queueing_lock=None, task_name="scrape", attempts=attempts)
    decision = _Again(lambda: NOW).get_retry_decision(exception=error, job=task)
    return decision and round((decision.retry_at - NOW).total_seconds())


@pytest.mark.parametrize("attempts", [0, 5, 1000])
def test_an_outage_of_the_database_neither_counts_nor_puts_the_task_off_for_long(attempts):
    assert seconds_until_retry(UnavailableError("gone"), attempts) == 2


def test_a_task_that_fails_waits_ever_longer_up_to_a_minute_and_is_given_up_at_last():
    waits = [seconds_until_retry(ValueError(), attempts) for attempts in range(21)]
    assert waits[:8] == [1, 2, 4, 8, 16, 32, 60, 60]
    assert waits[20] is None


def task_of(number):
    return Job(id=number, queue="default", lock=None, queueing_lock=None, task_name="scrape", status="doing")


async def test_a_task_that_is_here_by_the_database_alone_is_lost_after_a_while():
    here, told = _Here(), [task_of(1), task_of(2)]
    lost = []

    async def run():
        lost.extend(here.lost(told, now) for now in (0, STALLED_SECONDS - 1, STALLED_SECONDS))

    await here.note(run, JobContext(app=None, job=told[0], start_timestamp=0, abort_reason=lambda: None), None)
    assert [[task.id for task in each] for each in lost] == [[], [], [2]]
    assert here.lost([told[0]], STALLED_SECONDS) == []  # its end may be on its way
    assert here.lost(told, 2 * STALLED_SECONDS) == [told[0]]
