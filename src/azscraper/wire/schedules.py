"""Schedules on the wire."""

from typing import Annotated

from pydantic import BeforeValidator, Field

from azscraper.wire.base import Answer, Config, Open, Timestamp
from azscraper.words import JobType, OnInvalid


class CrawlConfigOut(Answer):
    """The job that is submitted."""

    type: Open[JobType]
    targets: list[str]
    """In a list of schedules the first 1,000."""
    config: Config
    on_invalid: Open[OnInvalid] = Field(default=OnInvalid.FAIL, exclude_if=lambda value: value == OnInvalid.FAIL)
    """Left out where it is `fail`."""


class ScheduleOut(Answer):
    """A schedule."""

    id: str
    project_id: str
    organization_id: str
    cron: str
    timezone: str
    enabled: bool
    crawl_config: CrawlConfigOut
    name: str | None = None
    """What people call it, and the jobs that it posts."""
    tags: Annotated[list[str], BeforeValidator(lambda tags: tags or [])] = Field(default=[])
    """Of it, and of the jobs that it posts."""
    next_run_at: Timestamp | None
    """Null while it is not enabled."""
    next_runs: list[Timestamp]
    """The next five runs, the first of which is `nextRunAt`. A list of schedules has only the first. Empty while it is not enabled."""
    last_run_at: Timestamp | None
    last_job_id: str | None
    last_error: str | None
    """Why the last run posted no job; null if it posted one."""
    created_at: Timestamp
    updated_at: Timestamp
