"""Schedules on the wire."""

from datetime import datetime
from typing import Annotated, Any, Self

from pydantic import Field

from azscraper.jobs.jobs import TARGETS_SHOWN
from azscraper.jobs.plan import JobType, OnInvalid
from azscraper.tracking.schedules import Schedule, coming_runs
from azscraper.wire.base import Text, Timestamp, Wire
from azscraper.wire.jobs import NewJob

_Cron = Annotated[
    Text, Field(min_length=1, max_length=200, examples=["0 6 * * *"], json_schema_extra={"format": "cron"})
]
_Timezone = Annotated[
    Text, Field(min_length=1, max_length=64, examples=["Europe/Berlin"], json_schema_extra={"format": "iana-time-zone"})
]
_RUNS_SHOWN = 5
_Switch = Annotated[bool, Field(strict=True)]


class NewSchedule(Wire):
    """What to crawl again and again, and when."""

    cron: _Cron
    """Five fields as in crontab(5), names allowed, or `@hourly`, `@daily`, `@weekly`, `@monthly`, `@yearly`."""
    crawl_config: NewJob
    timezone: _Timezone = "UTC"
    """IANA name. A time that its clock skips runs at the end of the gap, one that it shows twice runs the first time."""
    enabled: _Switch = True


class ScheduleChange(Wire):
    """What to change; what is left out stays."""

    cron: _Cron | None = None
    crawl_config: NewJob | None = None
    timezone: _Timezone | None = None
    enabled: _Switch | None = None


class CrawlConfigOut(Wire):
    """The job that is submitted."""

    type: JobType
    targets: list[str]
    """In a list of schedules the first 1,000."""
    config: dict[str, Any]
    on_invalid: OnInvalid = Field(default=OnInvalid.FAIL, exclude_if=lambda value: value is OnInvalid.FAIL)
    """Left out where it is `fail`."""


class ScheduleOut(Wire):
    """A schedule."""

    id: str
    project_id: str
    organization_id: str
    cron: str
    timezone: str
    enabled: bool
    crawl_config: CrawlConfigOut
    next_run_at: Timestamp | None
    """None while it is not enabled."""
    next_runs: list[Timestamp]
    """The next five, of which the first is `nextRunAt`; in a list of schedules that one alone. Empty while not enabled."""
    last_run_at: Timestamp | None
    last_job_id: str | None
    last_error: str | None
    """Why the last run brought no job; null when it brought one."""
    created_at: Timestamp
    updated_at: Timestamp

    @classmethod
    def of(
        cls, schedule: Schedule, *, now: datetime, targets_shown: int | None = None, runs: int = _RUNS_SHOWN
    ) -> Self:
        """From the feature's value, with the first targets or all of them."""
        return cls(
            id=schedule.id,
            project_id=schedule.project_id,
            organization_id=schedule.organization_id,
            cron=schedule.cron,
            timezone=schedule.timezone,
            enabled=schedule.enabled,
            crawl_config=CrawlConfigOut(
                type=schedule.type,
                targets=schedule.targets[:targets_shown],
                config=schedule.config.as_sent,
                on_invalid=OnInvalid(schedule.on_invalid),
            ),
            next_run_at=schedule.next_run_at,
            next_runs=coming_runs(schedule, now=now, count=runs),
            last_run_at=schedule.last_run_at,
            last_job_id=schedule.last_job_id,
            last_error=schedule.last_error,
            created_at=schedule.created_at,
            updated_at=schedule.updated_at,
        )

    @classmethod
    def in_list(cls, schedule: Schedule, *, now: datetime) -> Self:
        """The form that a list of schedules has."""
        return cls.of(schedule, now=now, targets_shown=TARGETS_SHOWN, runs=1)
