"""A job while it runs and after: progress, targets, what went wrong and what to do about it, the files."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Header, Query, Request, Response

from azscraper.errors import Detail, InvalidInputError, NotFoundError
from azscraper.jobs import jobs, labels, targets
from azscraper.jobs.jobs import Job
from azscraper.jobs.targets import TargetStatus
from azscraper.results.exports import Shown
from azscraper.results.formats import Format, Names
from azscraper.store.db import Conn, transaction
from azscraper.tenants import projects
from azscraper.tenants.principal import Principal
from azscraper.tenants.projects import Project
from azscraper.tracking import overviews
from azscraper.tracking.lists import lists, runs
from azscraper.tracking.lists.lists import ProductList
from azscraper.web.api import events
from azscraper.web.api import results as api
from azscraper.web.dashboard import rows
from azscraper.web.dashboard.forms import comma_texts, read, text
from azscraper.web.dashboard.once import OnceDep
from azscraper.web.dashboard.render import go, is_fragment, reader_of, render
from azscraper.web.dashboard.session import Form, PageRoute, Session, User_
from azscraper.web.deps import ServicesDep, UntilSent, authenticate
from azscraper.wire.requests import JobChange
from azscraper.words import JobStatus

router = APIRouter(route_class=PageRoute)

_TARGETS = 50


@dataclass(frozen=True, slots=True)
class Pace:
    """How long a job takes."""

    elapsed: timedelta | None
    left: timedelta | None
    """At the pace so far; None when that can't be said yet."""


def pace(job: Job, now: datetime) -> Pace:
    """Of a job as it stands."""
    if job.started_at is None:
        return Pace(None, None)
    elapsed = (job.completed_at or now) - job.started_at
    done = job.succeeded + job.failed + job.cancelled
    if job.is_over or not done:
        return Pace(elapsed, None)
    return Pace(elapsed, elapsed / done * (job.total - done))


async def _job(conn: Conn, session: Session, job_id: str) -> tuple[Job, Project]:
    job = await jobs.get(conn, session.principal, job_id)
    return job, await projects.get(conn, session.principal, job.project_id)


async def running(conn: Conn, principal: Principal, job_id: str) -> Job | None:
    """A check that the reader started and that still runs."""
    job = await look_up(conn, principal, job_id)
    return None if job is None or job.is_over else job


async def checks_of(conn: Conn, principal: Principal, followed: Iterable[ProductList]) -> list[Job]:
    """The last jobs of the lists, where they are still there."""
    posted = [each.job_id for one in followed for each in one.jobs]
    return [check for each in posted if (check := await look_up(conn, principal, each))]


def told_of(checks: Sequence[Job]) -> dict[str, Any]:
    """Of these checks, what a page says of them: the one that runs, and those with failures."""
    return {
        "check": next((one for one in checks if not one.is_over), None),
        "failed": [one for one in checks if one.failed],
    }


async def check_now(conn: Conn, principal: Principal, one: ProductList, *, now: datetime) -> None:
    """Check the list, unless a check of all of it runs. Raises what ``runs.run_now`` raises."""
    running = [job for job in await checks_of(conn, principal, [one]) if not job.is_over]
    if not any(job.total >= one.items for job in running):
        await runs.run_now(conn, principal, one.id, now=now)


async def look_up(conn: Conn, principal: Principal, job_id: str) -> Job | None:
    """A job that may be gone."""
    try:
        return await jobs.get(conn, principal, job_id)
    except NotFoundError:
        return None


@router.get("/jobs/{job_id}")
async def show_job(
    *,
    request: Request,
    job_id: str,
    session: User_,
    services: ServicesDep,
    status: TargetStatus | None = None,
    after: Annotated[int, Query(ge=-1, le=10**6)] = -1,
) -> Response:
    """The job with its progress, what failed, and its targets; a completed one opens on its rows, unless most of it failed."""
    async with transaction(services.pool) as conn:
        job, project = await _job(conn, session, job_id)
        is_plain = not request.url.query and not is_fragment(request)
        if is_plain and job.status == JobStatus.COMPLETED and job.result_count and job.failed <= job.succeeded:
            return go(request, f"/app/jobs/{job_id}/rows")
        found = await targets.find_slice(conn, job_id, status=status, after=after, limit=_TARGETS + 1)
        failures = await targets.count_errors(conn, job_id) if job.failed else []
        of_list = await lists.of_job(conn, session.principal, job_id) if failures else None
        first = await overviews.first_targets(conn, [job_id])
    if is_fragment(request) and job.is_over:  # the whole page is another one now
        return Response(status_code=204, headers={"HX-Refresh": "true"})
    return render(
        request,
        "_job_live.html" if is_fragment(request) else "job.html",
        project=project,
        job=job,
        pace=pace(job, services.clock()),
        targets=found[:_TARGETS],
        more=found[_TARGETS - 1].ordinal if len(found) > _TARGETS else None,
        after=after,
        status=status,
        statuses=list(TargetStatus),
        failures=failures,
        of_list=of_list,
        title=first.get(job_id),
        formats=list(Format),
    )


@router.get("/jobs/{job_id}/check")
async def follow_check(request: Request, job_id: str, session: User_, services: ServicesDep) -> Response:
    """How far the job is, as a part of a page that shows what it checks; the page comes anew when it is over."""
    async with transaction(services.pool) as conn:
        job, _project = await _job(conn, session, job_id)
    if job.is_over:
        return Response(status_code=204, headers={"HX-Refresh": "true"})
    return render(request, "_checking.html", job=job, pace=pace(job, services.clock()))


@router.get("/jobs/{job_id}/events")
async def follow_job(
    job_id: str,
    session: User_,
    services: ServicesDep,
    until_sent: UntilSent,
    last_event_id: Annotated[str | None, Header()] = None,
) -> Response:
    """The job's progress as server-sent events, as the API tells them, while the session is good."""
    check = partial(authenticate, services, session.token, as_key=False, address=session.principal.address)
    return await events.follow(job_id, session.principal, services, check, last_event_id, until_sent=until_sent)


@router.post("/jobs/{job_id}/label")
async def label_job(request: Request, job_id: str, form: Form, session: User_, services: ServicesDep) -> Response:
    """Another name or other tags; back to where the form was."""
    body = read(JobChange, {"name": text(form, "name"), "tags": comma_texts(form, "tags")})
    async with transaction(services.pool) as conn:
        await labels.change(conn, session.principal, job_id, name=body.name, tags=body.tags)
    return go(request, f"/app/jobs/{job_id}{'/rows' if text(form, 'view') == 'rows' else ''}", notice="saved")


@router.post("/jobs/{job_id}/cancel")
async def cancel_job(request: Request, job_id: str, _: Form, session: User_, services: ServicesDep) -> Response:
    """Stop the job; its rows stay."""
    async with transaction(services.pool) as conn:
        await jobs.cancel(conn, session.principal, job_id)
    return go(request, f"/app/jobs/{job_id}", notice="cancelled")


@router.post("/jobs/{job_id}/retry")
async def retry_job(
    *, request: Request, job_id: str, form: Form, session: User_, services: ServicesDep, once: OnceDep
) -> Response:
    """A new job of the same targets, or of those that failed and can succeed; on to it."""
    async with transaction(services.pool) as conn:
        if (url := await once.led_to(conn)) is None:
            only_failed = text(form, "only") == "failed"
            job = await jobs.retry(
                conn, session.principal, job_id, only_failed=only_failed, left_out=jobs.HOPELESS, now=services.clock()
            )
            url = await once.leads_to(conn, f"/app/jobs/{job.id}")
    return go(request, url)


@router.post("/jobs/{job_id}/export")
async def export_job(
    *, request: Request, job_id: str, form: Form, session: User_, services: ServicesDep, until_sent: UntilSent
) -> Response:
    """The job's rows as a file; it counts against the month's exports."""
    wanted = text(form, "format")
    if wanted not in set(Format):
        raise InvalidInputError("Choose a format", [Detail("format", "is unknown")])
    partial = text(form, "partial") == "true"
    is_table = wanted in {Format.CSV, Format.XLSX}
    names = Names.LABELS if is_table and text(form, "labels") else Names.DOTTED
    if view := text(form, "view"):
        return await rows.export(
            services,
            session,
            job_id,
            Format(wanted),
            view,
            names=names,
            until_sent=until_sent,
            partial=partial,
            reader=reader_of(request),
        )
    return await api.job_file(
        job_id=job_id,
        caller=session.principal,
        services=services,
        until_sent=until_sent,
        format=Format(wanted),
        partial=partial,
        names=names,
        columns=Shown.TABLE if is_table and text(form, "labels") == "table" else Shown.ALL,
        reader=reader_of(request),
    )
