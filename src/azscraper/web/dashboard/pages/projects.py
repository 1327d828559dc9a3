"""Projects: all of them, and one with what changed and its jobs."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from azscraper import marketplaces
from azscraper.jobs import labels
from azscraper.jobs.labels import Filter
from azscraper.operate import demo_projects
from azscraper.store.db import Conn, transaction
from azscraper.tenants import projects
from azscraper.tracking import morning, overviews, product_table
from azscraper.tracking.alerts import notices, wording
from azscraper.tracking.finding import changes
from azscraper.tracking.finding.changes import Changed
from azscraper.tracking.lists import items as list_items
from azscraper.tracking.lists import lists
from azscraper.tracking.lists.lists import ProductList
from azscraper.web.api import projects as api
from azscraper.web.dashboard.charts import medians
from azscraper.web.dashboard.charts.sparklines import Spark, spark
from azscraper.web.dashboard.forms import number, read, text
from azscraper.web.dashboard.once import OnceDep
from azscraper.web.dashboard.pages.new_list import first_choices
from azscraper.web.dashboard.render import PageNumber, go, language_of, render
from azscraper.web.dashboard.session import Form, PageRoute, User_
from azscraper.web.deps import ServicesDep
from azscraper.wire.requests import NewProject, ProjectChange
from azscraper.words import JobStatus, JobType, SeriesField

router = APIRouter(route_class=PageRoute)

_PAGE = 25
_A_DAY = timedelta(days=1)
_CHANGES = 30
_LAST_JOBS = 6
_NOTICES = 5
_CARDS = 8
_TREND = timedelta(days=30)
_MOST_OF_TREND = 200
"""Products of a list whose prices are looked at for its card."""


@router.get("/projects")
async def list_projects(request: Request, session: User_, services: ServicesDep) -> Response:
    """The organization's projects, open ones first."""
    async with transaction(services.pool) as conn:
        found = await projects.find_all(conn, session.principal)
        summaries = await overviews.summaries(conn, session.principal)
    found.sort(key=lambda project: project.archived)
    return render(request, "projects.html", projects=found, summaries=summaries)


@router.post("/projects")
async def create_project(
    request: Request, form: Form, session: User_, services: ServicesDep, once: OnceDep
) -> Response:
    """Make a project, and go there."""
    body = read(NewProject, {"name": text(form, "name")})
    async with transaction(services.pool) as conn:
        if (url := await once.led_to(conn)) is None:
            project = await projects.create(conn, session.principal, body.name)
            url = await once.leads_to(conn, f"/app/projects/{project.id}")
    return go(request, url)


@router.get("/projects/{project_id}")
async def show_home(
    *,
    request: Request,
    project_id: str,
    session: User_,
    services: ServicesDep,
    kind: Annotated[str, Query(max_length=20)] = "",
) -> Response:
    """What changed since yesterday, what failed, and the last checks."""
    now = services.clock()
    since = now - _A_DAY
    kind = kind if kind in morning.KINDS else ""
    async with transaction(services.pool) as conn:
        project = await projects.get(conn, session.principal, project_id)
        counts = await morning.count(conn, project_id, since=since)
        wanted = changes.Wanted(since, morning.KINDS.get(kind, morning.FIELDS))
        found = await changes.find_changes(conn, session.principal, project_id, wanted, limit=_CHANGES)
        places = await product_table.places(conn, project_id)
        followed = await lists.find_all(conn, session.principal, project_id)
        of_lists = await morning.count_by_list(conn, project_id, since=since)
        fired = await notices.find_slice(conn, session.principal, project_id, limit=_NOTICES)
        keywords = await overviews.find_keywords(conn, session.principal, project_id)
        last = await labels.find_slice(conn, session.principal, project_id, Filter(), limit=_LAST_JOBS, offset=0)
        first = await overviews.first_targets(conn, [job.id for job in last.items])
        trends = {one.id: trend for one in followed[:_CARDS] if (trend := await _trend(conn, one, now))}
        is_new = not (places or keywords or last.items)
        offered = await first_choices(conn, request, session, project) if is_new else {}
    return render(
        request,
        "home.html",
        trends=trends,
        project=project,
        since=since,
        kind=kind,
        counts=counts,
        lists=followed,
        of_lists=of_lists,
        notices=[(notice, wording.line(notice, language_of(request))) for notice in fired.items],
        changes=[change for change in found.items if _is_news(change)],
        products=max((place.products for place in places), default=0),
        places=places,
        keywords=keywords,
        jobs=last.items,
        first=first,
        **offered,
    )


@dataclass(frozen=True, slots=True)
class Trend:
    """What the products of a list cost in the middle, over thirty days."""

    line: Spark | None
    median: dict[str, Any]
    """Amount and currency, by now."""
    change: float | None


async def _trend(conn: Conn, one: ProductList, now: datetime) -> Trend | None:
    """On the list's first marketplace; None of lists of other things, and of those too long to look at each morning."""
    if one.type != JobType.DETAILS or not 0 < one.items <= _MOST_OF_TREND:
        return None
    host, start = one.marketplaces[0], now - _TREND
    asins = [item.key for item in await list_items.find_all(conn, one.id)]
    points = await product_table.prices(conn, one.project_id, marketplace=host, asins=asins, since=start)
    found = medians.medians(points, start=start, end=now)
    median = found[-1][1]
    if median is None:
        return None
    told = {"amount": median, "currency": marketplaces.find(host).currency}
    return Trend(spark(found, start=start, end=now), told, medians.change(found))


def _is_news(change: Changed) -> bool:
    """A price or a seller that comes or goes says no more than the stock does."""
    if change.field == SeriesField.PRICE:
        return change.percent is not None
    return change.field != SeriesField.SELLER or bool(change.before.text and change.after.text)


@router.get("/projects/{project_id}/jobs")
async def list_jobs(
    *,
    request: Request,
    project_id: str,
    session: User_,
    services: ServicesDep,
    status: JobStatus | None = None,
    type: JobType | None = None,  # noqa: A002 - the parameter's name in addresses
    q: Annotated[str, Query(max_length=120)] = "",
    tag: Annotated[str, Query(max_length=40)] = "",
    page: PageNumber = 1,
) -> Response:
    """The project's jobs, newest first."""
    async with transaction(services.pool) as conn:
        project = await projects.get(conn, session.principal, project_id)
        wanted = Filter(status, type, q.replace("\0", "").strip(), tag.replace("\0", "") or None)
        found = await labels.find_slice(
            conn, session.principal, project_id, wanted, limit=_PAGE, offset=_PAGE * (page - 1)
        )
        first = await overviews.first_targets(conn, [job.id for job in found.items])
    return render(
        request,
        "jobs.html",
        first=first,
        project=project,
        jobs=found.items,
        total=found.total,
        page=page,
        pages=found.pages(_PAGE),
        status=status,
        type=type,
        q=q,
        tag=tag,
        statuses=list(JobStatus),
    )


@router.get("/projects/{project_id}/settings")
async def project_settings(request: Request, project_id: str, session: User_, services: ServicesDep) -> Response:
    """Name and archive."""
    async with transaction(services.pool) as conn:
        project = await projects.get(conn, session.principal, project_id)
    return render(request, "project_settings.html", project=project)


@router.post("/projects/{project_id}/settings")
async def change_project(
    request: Request, project_id: str, form: Form, session: User_, services: ServicesDep
) -> Response:
    """Rename, archive or reopen, delete a demonstration; set from where on the project is told of a product's change."""
    action = text(form, "action")
    if action == "delete":
        async with transaction(services.pool) as conn:
            await demo_projects.delete(conn, session.principal, project_id)
        return go(request, "/app/projects", notice="deleted")
    if action in {"archive", "reopen"}:
        body = ProjectChange(archived=action == "archive")
    elif action == "thresholds":
        body = read(ProjectChange, {"change_thresholds": number(form, "price_percent") | number(form, "rating")})
    else:
        body = read(ProjectChange, {"name": text(form, "name")})
    await api.change_project(project_id, body, session.principal, services)
    notice = {"archive": "archived", "reopen": "reopened"}.get(action, "saved")
    return go(request, f"/app/projects/{project_id}/settings", notice=notice)
