"""Jobs and their targets over the wire."""

from itertools import islice
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, ConfigDict, Field

from azscraper.jobs.jobs import Job, JobStatus
from azscraper.jobs.plan import JobConfig, JobType, OnInvalid
from azscraper.jobs.targets import Target
from azscraper.records import Product, SearchRow
from azscraper.results.fill_rates import FillRate
from azscraper.wire.base import Text, Timestamp, Wire

_NAMED = 100
"""Bad targets that one answer names. Each is half a kilobyte of it, and 100,000 take a second to write."""


def _up_to_the_hundredth_bad(targets: object) -> object:
    """The list, ended behind so many bad targets: it is refused for those."""
    if not isinstance(targets, list):
        return targets
    bad = (at for at, target in enumerate(targets) if not isinstance(target, str) or "\0" in target)
    last = next(islice(bad, _NAMED - 1, None), None)
    return targets if last is None else targets[: last + 1]


class NewJob(Wire):
    """A crawl job: keywords or products, and how to crawl them."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"type": "search", "targets": ["wireless earbuds"], "config": {"lang": "en-US"}},
                {"type": "details", "targets": ["B08N5WRWNW", "https://www.amazon.de/dp/B08N5WRWNW"]},
            ],
        }
    )

    type: JobType
    targets: Annotated[
        list[Annotated[Text, Field(json_schema_extra={"format": "crawl-target"})]],
        Field(min_length=1, max_length=100_000),
        BeforeValidator(_up_to_the_hundredth_bad),
    ]
    """Search: keywords of up to 500 characters. Details: ASINs, ISBNs, product URLs of any length or /dp/ASIN paths."""
    config: JobConfig = JobConfig()
    on_invalid: OnInvalid = OnInvalid.FAIL
    """`fail`: a target that is none fails the request, and the error names all of them. `skip`: the job is created without
    them. They are failed targets with the code `invalid` from the start, cost nothing and count against no limit."""


class RowsMeta(Wire):
    """About the rows."""

    total: int
    limit: int | None = None
    next_cursor: str | None = None
    status: JobStatus
    """Where the job stood before the first row was read."""
    partial: Literal[True] | None = None
    """Present while the job runs: these are its rows so far."""


class Rows(Wire):
    """A job's rows: products of a details job, tiles of a search job. Describes the answer; the rows are streamed as stored."""

    data: list[Product | SearchRow]
    meta: RowsMeta


class TargetBrief(Wire):
    """A target inside a job."""

    value: str
    status: str


class TargetError(Wire):
    """Why a target failed, or waits."""

    code: str
    message: str


class TargetOut(TargetBrief):
    """A target with what is known about it."""

    attempts: int
    error: TargetError | None
    result_count: int
    http_status: int | None
    fetched_at: Timestamp | None

    @classmethod
    def of(cls, target: Target) -> Self:
        """From the feature's value."""
        error = (
            TargetError(code=target.error_code, message=target.error_message or "")
            if target.error_code is not None and target.status != "success"
            else None
        )
        return cls(
            value=target.value,
            status=target.status,
            attempts=target.attempts,
            error=error,
            result_count=target.result_count,
            http_status=target.http_status,
            fetched_at=target.fetched_at,
        )


class Progress(Wire):
    """How many of the job's targets stand where."""

    total: int
    pending: int
    running: int
    succeeded: int
    failed: int
    cancelled: int


class JobBrief(Wire):
    """A job without its targets; what is not known yet is left out."""

    id: str
    project_id: str
    organization_id: str
    type: JobType
    status: JobStatus
    config: dict[str, Any]
    progress: Progress
    result_count: int
    result_set_id: str | None = None
    """Once the job is over."""
    error: TargetError | None = None
    """Of a failed job."""
    reparse_of: str | None = None
    """Of a job that reads archived pages again: the job that fetched them."""
    pruned_at: Timestamp | None = None
    """When its targets and rows were removed because they were old; counters stay."""
    created_at: Timestamp
    updated_at: Timestamp
    started_at: Timestamp | None = None
    completed_at: Timestamp | None = None
    bull_job_id: str
    """The id again, under the name that published clients know."""

    @classmethod
    def of(cls, job: Job, **more: Any) -> Self:
        """From the feature's value."""
        return cls(
            id=job.id,
            project_id=job.project_id,
            organization_id=job.organization_id,
            type=job.type,
            status=job.status,
            config=job.config.as_sent,
            progress=Progress(
                total=job.total,
                pending=job.pending,
                running=job.running,
                succeeded=job.succeeded,
                failed=job.failed,
                cancelled=job.cancelled,
            ),
            result_count=job.result_count,
            result_set_id=job.result_set_id,
            error=TargetError(code=job.error_code, message=job.error_message or "") if job.error_code else None,
            reparse_of=job.reparse_of,
            pruned_at=job.pruned_at,
            created_at=job.created_at,
            updated_at=job.updated_at,
            started_at=job.started_at,
            completed_at=job.completed_at,
            bull_job_id=job.id,
            **more,
        )


class JobOut(JobBrief):
    """A job."""

    targets: list[TargetBrief]
    """The first 1,000; all of them are behind the job's targets route."""


class FillRateOut(Wire):
    """How often each field has a value."""

    marketplace: str
    parser_version: str
    records: int
    filled: dict[str, float]
    """JSON name of a field: share of the records in which it has a value, 0 to 1."""

    @classmethod
    def of(cls, rate: FillRate) -> Self:
        """From the feature's value."""
        shares = {name: round(count / rate.records, 4) for name, count in sorted(rate.filled.items())}
        return cls(
            marketplace=rate.marketplace, parser_version=rate.parser_version, records=rate.records, filled=shares
        )
