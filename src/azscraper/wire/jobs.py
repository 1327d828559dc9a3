"""Jobs, their targets and their rows on the wire."""

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator

from azscraper.records.parts import Coverage
from azscraper.wire.base import Answer, Config, Open, Timestamp
from azscraper.wire.envelopes import ErrorDetail
from azscraper.words import JobStatus, JobType

RowData = dict[str, Any]
"""A row as it is stored. The document of the API says which types there are, by ``record``."""


class RowsMeta(Answer):
    """About the rows."""

    total: int
    limit: int | None = None
    next_cursor: str | None = None
    status: JobStatus
    """Status of the job before the first row was read."""
    partial: Literal[True] | None = None
    """Present while the job runs: these are its rows so far."""


class Rows(Answer):
    """A job's rows; `record` says what each is. Describes the answer; the rows are streamed as stored."""

    data: list[RowData]
    meta: RowsMeta


class TargetBrief(Answer):
    """A target inside a job."""

    value: str
    status: str


class TargetError(Answer):
    """Why a target failed, or waits."""

    code: str
    message: str


class CoverageOut(Answer):
    """How much of what the pages of a target claim its rows hold."""

    have: int
    """Rows."""
    total: int | None
    """What the page claims to have; null where it claims nothing."""
    complete: bool
    reason: str | None = None
    """Why it is not complete."""


class TargetOut(TargetBrief):
    """A target with what is known about it."""

    type: Open[JobType] | None
    """Of what it asks for; in a job of type `auto` each target has its own. `auto` of a short link that was not followed yet."""

    attempts: int
    error: TargetError | None
    result_count: int
    http_status: int | None
    fetched_at: Timestamp | None
    coverage: CoverageOut | None = None
    """Where the summary of the target says it."""
    cached: bool = False
    """Whether it was answered from what was kept: `maxAge` allowed it."""


class SummaryOut(Answer):
    """What the pages of a target say about themselves."""

    target: str
    """As it was sent."""
    ordinal: int
    """Place of the target in the job, from 0."""
    summary: dict[str, Any]
    """As `/schemas` describes the summary of the kind."""


class Progress(Answer):
    """The job's targets by status."""

    total: int
    pending: int
    running: int
    succeeded: int
    failed: int
    cancelled: int

    @property
    def ended(self) -> int:
        """Targets that nothing more will happen to."""
        return self.succeeded + self.failed + self.cancelled


class JobBrief(Answer):
    """A job without its targets. Fields that are not known yet are left out."""

    id: str
    project_id: str
    organization_id: str
    type: Open[JobType]
    status: Open[JobStatus]
    config: Config
    progress: Progress
    result_count: int
    name: str | None = None
    """What people call it."""
    tags: Annotated[list[str] | None, BeforeValidator(lambda tags: tags or None)] = None
    result_set_id: str | None = None
    """Set once the job is over."""
    error: TargetError | None = None
    """Set if the job failed."""
    reparse_of: str | None = None
    """Of a job that reads archived pages again: the job that fetched them."""
    pruned_at: Timestamp | None = None
    """When its targets and rows were removed because they were old; counters stay."""
    created_at: Timestamp
    updated_at: Timestamp
    started_at: Timestamp | None = None
    completed_at: Timestamp | None = None
    bull_job_id: str
    """The same id, under the name that older clients read."""

    @property
    def is_over(self) -> bool:
        """Whether nothing more will happen to it; where a newer service says a status that is not known here, by its times."""
        return self.completed_at is not None or self.status in {
            JobStatus.COMPLETED,
            JobStatus.FAILED,
            JobStatus.CANCELLED,
        }


class JobOut(JobBrief):
    """A job."""

    targets: list[TargetBrief]
    """The first 1,000; all of them are behind the job's targets route."""


class FinishedMeta(Answer):
    """About the rows of a job that was waited for."""

    total: int
    next_cursor: str | None = None
    """Where more than 1,000 rows go on: of GET /jobs/:id/results."""


class FinishedJob(Answer):
    """A job that was over in time, with its first 1,000 rows."""

    data: JobOut
    rows: list[RowData]
    meta: FinishedMeta


class AskMeta(Answer):
    """About an answer."""

    job_id: str
    target: str
    type: Open[JobType] | None = None
    """What the target was of, where `auto` or an address was asked."""
    status: Literal["success"]
    cached: bool
    """Whether it was answered from what is stored."""
    fetched_at: Timestamp | None
    coverage: Coverage | None = None
    """How much of what the pages claim the answer holds, where they claim anything."""
    next_cursor: str | None = None
    """Where more than 1,000 rows go on: of GET /jobs/:id/results."""
    took_ms: int
    credits: int | None = None
    """What the target cost. Only plans that use credits take them."""
    warnings: list[ErrorDetail]
    """What the request had in it that has no effect."""


class Asked(Answer):
    """What one target brought."""

    data: list[RowData]
    summary: dict[str, Any] | None = None
    """What its page says about itself, as `/schemas` describes the summary of the kind."""
    meta: AskMeta


class FillRateOut(Answer):
    """How often each field has a value, of one type of records."""

    record: str | None = None
    """Type of the records, such as `Product`; null where an older release counted those of all types together."""
    marketplace: str
    parser_version: str
    records: int
    filled: dict[str, float]
    """JSON name of a field: share of the records in which it has a value, 0 to 1."""
