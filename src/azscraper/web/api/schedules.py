"""Schedules over HTTP."""

import asyncio
from dataclasses import replace
from datetime import datetime

from fastapi import APIRouter, Request, Response

from azscraper.errors import Detail
from azscraper.jobs import options, plan
from azscraper.jobs.jobs import TARGETS_SHOWN
from azscraper.store.db import transaction
from azscraper.tracking import schedules
from azscraper.tracking.schedules import CrawlConfig, Schedule, coming_runs
from azscraper.web.deps import KeyCaller, NameText, ServicesDep, TagText, errors
from azscraper.web.guards.limits import MAX_BODY_BYTES, StrictJson, takes
from azscraper.web.once import OnceDep
from azscraper.web.warnings import warn
from azscraper.wire.crawls import NewJob, NewSchedule, ScheduleChange
from azscraper.wire.envelopes import Envelope, ListEnvelope, Meta
from azscraper.wire.schedules import ScheduleOut

router = APIRouter(tags=["schedules"], route_class=StrictJson)

_RUNS_SHOWN = 5


@router.post(
    "/projects/{project_id}/schedules",
    status_code=201,
    operation_id="createSchedule",
    response_model=Envelope[ScheduleOut],
    responses=errors(400, 401, 404, 409, 413),
)
@takes(MAX_BODY_BYTES)
async def create_schedule(
    *, request: Request, project_id: str, body: NewSchedule, caller: KeyCaller, services: ServicesDep, once: OnceDep
) -> Response:
    """Create a schedule, which posts the same job at given times of a time zone. `meta.warnings` names options without effect."""
    crawl = await _crawl_config(request, body.crawl_config)
    async with transaction(services.pool) as conn:
        if (answer := await once.answered(conn)) is not None:
            return answer
        schedule = await schedules.create(
            conn,
            caller,
            project_id,
            cron=body.cron,
            timezone=body.timezone,
            enabled=body.enabled,
            crawl=crawl,
            name=body.crawl_config.name if body.name is None else body.name,
            tags=body.crawl_config.tags if body.tags is None else body.tags,
            now=services.clock(),
        )
        return await once.answer(conn, Envelope(data=_out(schedule, now=services.clock())))


@router.get("/projects/{project_id}/schedules", operation_id="listSchedules", responses=errors(400, 401, 404))
async def list_schedules(
    project_id: str, caller: KeyCaller, services: ServicesDep, q: NameText = "", tag: TagText = None
) -> ListEnvelope[ScheduleOut]:
    """A project's schedules, newest first, each with its first 1,000 targets."""
    async with transaction(services.pool) as conn:
        found = await schedules.find_all(conn, caller, project_id, text=q, tag=tag)
    now = services.clock()
    return ListEnvelope(data=[_in_list(schedule, now=now) for schedule in found], meta=Meta(total=len(found)))


@router.get("/schedules/{schedule_id}", operation_id="getSchedule", responses=errors(401, 404))
async def get_schedule(schedule_id: str, caller: KeyCaller, services: ServicesDep) -> Envelope[ScheduleOut]:
    """One schedule."""
    async with transaction(services.pool) as conn:
        return Envelope(data=_out(await schedules.get(conn, caller, schedule_id), now=services.clock()))


@router.patch("/schedules/{schedule_id}", operation_id="changeSchedule", responses=errors(400, 401, 404, 413))
@takes(MAX_BODY_BYTES)
async def change_schedule(
    request: Request, schedule_id: str, body: ScheduleChange, caller: KeyCaller, services: ServicesDep
) -> Envelope[ScheduleOut]:
    """Change the time, the zone, the job, the name or the tags; switch off or on.

    Times that passed while it was off are not made up for.
    """
    job = body.crawl_config
    crawl = None if job is None else await _crawl_config(request, job)
    async with transaction(services.pool) as conn:
        schedule = await schedules.change(
            conn,
            caller,
            schedule_id,
            cron=body.cron,
            timezone=body.timezone,
            enabled=body.enabled,
            crawl=crawl,
            name=body.name if body.name is not None or job is None else job.name,
            tags=body.tags if body.tags is not None or job is None else job.tags or None,
            now=services.clock(),
        )
    return Envelope(data=_out(schedule, now=services.clock()))


@router.delete("/schedules/{schedule_id}", status_code=204, operation_id="deleteSchedule", responses=errors(401, 404))
async def delete_schedule(schedule_id: str, caller: KeyCaller, services: ServicesDep) -> None:
    """Delete a schedule; the jobs that it posted stay."""
    async with transaction(services.pool) as conn:
        await schedules.delete(conn, caller, schedule_id)


async def _crawl_config(request: Request, body: NewJob) -> CrawlConfig:
    config = plan.checked(body.type, body.config)
    check = plan.plan_targets
    await asyncio.to_thread(check, body.type, body.targets, body.config, on_invalid=body.on_invalid)
    crawl = CrawlConfig(body.type, body.targets, config, body.on_invalid)
    found = options.without_effect(crawl.type, crawl.config.as_sent, crawl.targets)
    if body.wait_seconds:
        found = [*found, Detail("waitSeconds", "has no effect in a schedule: nobody waits for its jobs")]
    warn(request, [Detail(f"crawlConfig.{one.field}", one.message) for one in found])
    return crawl


def _out(schedule: Schedule, *, now: datetime, runs: int = _RUNS_SHOWN) -> ScheduleOut:
    return ScheduleOut.of(schedule, next_runs=coming_runs(schedule, now=now, count=runs))


def _in_list(schedule: Schedule, *, now: datetime) -> ScheduleOut:
    """With its first targets and its next run alone."""
    return _out(replace(schedule, targets=schedule.targets[:TARGETS_SHOWN]), now=now, runs=1)
