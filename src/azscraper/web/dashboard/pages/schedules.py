"""Schedules: what is crawled again and again, when that is in words, and the next runs."""

import asyncio
from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Query, Request, Response
from starlette.datastructures import FormData

from azscraper import marketplaces
from azscraper.errors import CallerError, Detail, InvalidInputError
from azscraper.jobs import jobs, options, plan, target_lists, targets
from azscraper.jobs.plan import PlannedTarget
from azscraper.jobs.target_lists import Rejected
from azscraper.store.db import Conn, transaction
from azscraper.tenants import projects
from azscraper.tracking import schedules
from azscraper.tracking.keywords.searched import searched
from azscraper.tracking.lists.refresh import Refresh
from azscraper.tracking.schedules import CrawlConfig, Schedule
from azscraper.web.dashboard import crawl_options
from azscraper.web.dashboard.forms import ZONES, comma_texts, read, text
from azscraper.web.dashboard.once import OnceDep
from azscraper.web.dashboard.pages import timing
from azscraper.web.dashboard.pages.new_job import read_job
from azscraper.web.dashboard.render import go, render
from azscraper.web.dashboard.session import Form, PageRoute, Session, User_
from azscraper.web.deps import NameText, ServicesDep, TagText
from azscraper.web.guards.limits import MAX_BODY_BYTES, takes
from azscraper.wire.crawls import NewSchedule, ScheduleChange

router = APIRouter(route_class=PageRoute)

_TARGETS_SHOWN = 10
_USUAL = "0 8 * * *"
"""When people come in."""


def _runs(expression: str, timezone: str, now: datetime) -> dict[str, Any]:
    """The next runs, or why there are none."""
    return timing.shown(Refresh(cron=expression, timezone=timezone), now)


def _expression(form: FormData) -> str:
    """What the form says in words, or as cron. Raises InvalidInputError."""
    said = timing.read(form)
    return text(form, "cron") if said is None else timing.refresh_of(said).expression


@router.get("/projects/{project_id}/schedules")
async def list_schedules(
    *, request: Request, project_id: str, session: User_, services: ServicesDep, q: NameText = "", tag: TagText = None
) -> Response:
    """The project's schedules."""
    async with transaction(services.pool) as conn:
        project = await projects.get(conn, session.principal, project_id)
        found = await schedules.find_all(conn, session.principal, project_id, text=q.strip(), tag=tag or None)
    return render(request, "schedules.html", project=project, schedules=found, q=q, tag=tag or "")


@router.get("/projects/{project_id}/schedules/new")
async def new_schedule_page(
    *,
    request: Request,
    project_id: str,
    session: User_,
    services: ServicesDep,
    job: Annotated[str, Query(max_length=24)] = "",
    asin: Annotated[str, Query(pattern="^([A-Z0-9]{10})?$")] = "",
    keyword: Annotated[str, Query(max_length=500)] = "",
    marketplace: Annotated[str, Query(max_length=100)] = "www.amazon.com",
) -> Response:
    """The form; filled in with what a job did, or with a product or keyword to check every day."""
    async with transaction(services.pool) as conn:
        project = await projects.get(conn, session.principal, project_id)
        like = await _like(conn, session, job) if job else _daily(asin, keyword, marketplace)
    runs = _runs(_USUAL, "UTC", services.clock())
    choices: dict[str, Any] = {
        "zones": ZONES,
        "marketplaces": list(marketplaces.MARKETPLACES.values()),
        "options": crawl_options.fields(),
        "asked": crawl_options.asked(),
    }
    return render(request, "new_schedule.html", project=project, like=like, **choices, **runs)


def _daily(asin: str, keyword: str, marketplace: str) -> dict[str, Any]:
    config = {"marketplace": marketplaces.find(marketplace).host}
    one = searched(keyword)
    kind = one.kind if keyword else "details"
    return {
        "type": kind,
        "targets": one.target if keyword else asin,
        "config": config,
        "gone_at": None,
        "name": None,
        "tags": [],
    }


async def _like(conn: Conn, session: Session, job_id: str) -> dict[str, Any]:
    job = await jobs.get(conn, session.principal, job_id)
    found = await targets.find_slice(conn, job.id, status=None, after=-1, limit=target_lists.MOST_TARGETS)
    values = "\n".join(target.value for target in found if target.error_code != jobs.INVALID)
    return {
        "type": job.type,
        "targets": values,
        "config": job.config.as_sent,
        "gone_at": job.pruned_at,
        "name": job.name,
        "tags": job.tags,
    }


@router.post("/projects/{project_id}/schedules/preview")
@takes(MAX_BODY_BYTES)
async def preview_schedule(
    request: Request, project_id: str, form: Form, session: User_, services: ServicesDep
) -> Response:
    """The time in words, and the next runs."""
    async with transaction(services.pool) as conn:
        await projects.get(conn, session.principal, project_id)
    said = timing.read(form) or {"cron": "", "timezone": "UTC"}
    found = await asyncio.to_thread(timing.shown, timing.refresh_of(said), services.clock())
    return render(request, "_runs.html", is_part=True, **found)


@router.post("/projects/{project_id}/schedules")
@takes(MAX_BODY_BYTES)
async def create_schedule(
    *, request: Request, project_id: str, form: Form, session: User_, services: ServicesDep, once: OnceDep
) -> Response:
    """Make a schedule, and go to it."""
    crawl = await _crawl(form)
    timing = {"cron": _expression(form), "timezone": text(form, "timezone") or "UTC"}
    body = read(NewSchedule, {**timing, **_label(form), "crawl_config": {"type": crawl.type, "targets": ["checked"]}})
    async with transaction(services.pool) as conn:
        if (url := await once.led_to(conn)) is None:
            schedule = await schedules.create(
                conn,
                session.principal,
                project_id,
                cron=body.cron,
                timezone=body.timezone,
                enabled=True,
                crawl=crawl,
                name=body.name,
                tags=body.tags or (),
                now=services.clock(),
            )
            url = await once.leads_to(conn, f"/app/schedules/{schedule.id}")
    return go(request, url, notice="created")


def _label(form: FormData) -> dict[str, Any]:
    return {"name": text(form, "name"), "tags": comma_texts(form, "tags")}


async def _crawl(form: FormData) -> CrawlConfig:
    kind = text(form, "type")
    default = marketplaces.find(text(form, "marketplace") or "us")
    found = await asyncio.to_thread(target_lists.recognise_text, kind, text(form, "targets"), default)
    if found.rejected:
        raise _not_recognised(found.rejected)
    if not found.targets:
        raise InvalidInputError("Add at least one target", [Detail("targets", "nothing was recognised")])
    config = _kept_options(form, kind) | crawl_options.read(form, kind)
    body = read_job({"type": kind, "targets": list(found.targets), "config": config})
    await asyncio.to_thread(plan.plan_targets, body.type, body.targets, body.config)
    return CrawlConfig(body.type, body.targets, plan.checked(body.type, body.config))


def _not_recognised(rejected: Sequence[Rejected]) -> InvalidInputError:
    details = [Detail("targets", f"line {each.row}: {each.message}") for each in rejected[: plan.MOST_NAMED]]
    return InvalidInputError(f"{len(rejected):,} of the targets are not recognised", details)


def _kept_options(form: FormData, kind: str) -> dict[str, Any]:
    """What the job that the schedule is made from asked for, beside what the form asks itself."""
    try:
        kept = orjson.loads(text(form, "options") or "{}")
    except orjson.JSONDecodeError:
        kept = None
    if not isinstance(kept, dict):
        raise InvalidInputError("Load the page again", [Detail("options", "can't be read")])
    others = {detail.field.removeprefix("config.") for detail in options.of_other_types(kind, kept)}
    return {key: value for key, value in kept.items() if key not in others | crawl_options.asked()}


@router.get("/schedules/{schedule_id}")
async def show_schedule(request: Request, schedule_id: str, session: User_, services: ServicesDep) -> Response:
    """One schedule."""
    async with transaction(services.pool) as conn:
        schedule = await schedules.get(conn, session.principal, schedule_id)
        project = await projects.get(conn, session.principal, schedule.project_id)
    runs = _runs(schedule.cron, schedule.timezone, services.clock())
    shown = await asyncio.to_thread(_shown, schedule)
    return render(request, "schedule.html", project=project, schedule=schedule, shown=shown, zones=ZONES, **runs)


def _shown(schedule: Schedule) -> list[PlannedTarget]:
    """The first targets, with the products that they are; as they stand where that can't be read any more."""
    first = schedule.targets[:_TARGETS_SHOWN]
    try:
        return plan.plan_targets(schedule.type, first, schedule.config)
    except (CallerError, ValueError):
        return [PlannedTarget(value, "", None) for value in first]


@router.post("/schedules/{schedule_id}")
async def change_schedule(
    request: Request, schedule_id: str, form: Form, session: User_, services: ServicesDep
) -> Response:
    """Another time, another name or other tags, or on and off."""
    action = text(form, "action")
    if action in {"enable", "disable"}:
        body = ScheduleChange(enabled=action == "enable")
    elif action == "label":
        body = read(ScheduleChange, _label(form))
    else:
        body = read(ScheduleChange, {"cron": _expression(form), "timezone": text(form, "timezone")})
    async with transaction(services.pool) as conn:
        schedule = await _change(conn, session, schedule_id, body, services.clock())
    return go(request, f"/app/schedules/{schedule.id}", notice="saved")


async def _change(conn: Conn, session: Session, schedule_id: str, body: ScheduleChange, now: datetime) -> Schedule:
    return await schedules.change(
        conn,
        session.principal,
        schedule_id,
        cron=body.cron,
        timezone=body.timezone,
        enabled=body.enabled,
        crawl=None,
        name=body.name,
        tags=body.tags,
        now=now,
    )


@router.post("/schedules/{schedule_id}/delete")
async def delete_schedule(
    request: Request, schedule_id: str, _: Form, session: User_, services: ServicesDep
) -> Response:
    """Delete the schedule; its jobs stay."""
    async with transaction(services.pool) as conn:
        schedule = await schedules.get(conn, session.principal, schedule_id)
        await schedules.delete(conn, session.principal, schedule_id)
    return go(request, f"/app/projects/{schedule.project_id}/schedules", notice="deleted")
