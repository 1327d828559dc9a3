"""What tools answer with, and how they wait for it."""

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Self

from mcp.server.mcpserver import Context
from mcp.server.mcpserver.exceptions import ToolError
from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from azscraper.client import Async, AsyncAzScraper, Job
from azscraper.client.models import JobState, JobStatus
from azscraper.errors import ServiceError

_WAIT_SECONDS = 90.0


class Answer(BaseModel):
    """A part of an answer, in the names of the HTTP API."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True)


class Failure(Answer):
    """A target that brought nothing."""

    target: str
    code: str
    message: str


class JobAnswer(Answer):
    """Where a crawl job stands."""

    job_id: str
    status: JobStatus
    finished: bool
    """False: call job_results with the jobId later."""
    targets: int
    succeeded: int
    failed: int
    rows: int

    @classmethod
    def of(cls, state: JobState, **more: object) -> Self:
        """From the job as it was seen last."""
        counts = state.progress
        return cls.model_validate(
            {
                "job_id": state.id,
                "status": state.status,
                "finished": state.is_over,
                "targets": counts.total,
                "succeeded": counts.succeeded,
                "failed": counts.failed,
                "rows": state.result_count,
                **more,
            }
        )


class RowsAnswer(JobAnswer):
    """Rows of a kind of page, as its schema describes them."""

    items: list[dict[str, Any]] = Field(default=[])
    failures: list[Failure] = Field(default=[])


@contextmanager
def spoken() -> Iterator[None]:
    """What the service refused, as the sentence that the agent reads."""
    try:
        yield
    except ServiceError as error:
        raise ToolError(f"{error.message} ({error.code})") from error


async def begin(
    client: AsyncAzScraper, kind: str, targets: Sequence[str], *, project: str | None, **config: Any
) -> Job[Async]:
    """A job; that of one target does not wait behind others."""
    if len(targets) == 1:
        return await client.begin(kind, targets[0], project=project, **config)
    return await client.run(kind, targets, project=project, **config)


async def wait(job: Job[Async], context: Context) -> None:
    """Until the job is over, but not for long: an agent that hears nothing gives up."""
    try:
        async with asyncio.timeout(_WAIT_SECONDS):
            async for state in job.events():
                job.state = state
                await context.report_progress(state.progress.ended, state.progress.total)
    except TimeoutError:
        pass


async def failures_of(job: Job[Async]) -> Sequence[Failure]:
    """Targets that failed, and why."""
    if not job.progress.failed:
        return []
    failed = [target async for target in job.targets(status="failed")]
    return [Failure(target=one.value, code=one.error.code, message=one.error.message) for one in failed if one.error]
