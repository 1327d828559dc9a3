"""A job's rows as a table: sorted, filtered, with the columns that the reader chose, a hundred at a time."""

from contextlib import nullcontext
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request, Response

from azscraper import jobs, projects, result_tables
from azscraper.db import transaction
from azscraper.job_plan import JobType
from azscraper.result_tables import COLUMNS, View
from azscraper.web.dashboard.pages import is_fragment, render
from azscraper.web.dashboard.session import PageRoute, User_
from azscraper.web.deps import ServicesDep

router = APIRouter(route_class=PageRoute)

_PAGE = 100
_Price = Annotated[str, Query(max_length=20)]


@router.get("/jobs/{job_id}/rows")
async def show_rows(
    *,
    request: Request,
    job_id: str,
    session: User_,
    services: ServicesDep,
    q: Annotated[str, Query(max_length=200)] = "",
    lowest: _Price = "",
    highest: _Price = "",
    sort: Annotated[str, Query(max_length=40)] = "",
    page: Annotated[int, Query(ge=1, le=10**6)] = 1,
    column: Annotated[list[str] | None, Query(max_length=40)] = None,
) -> Response:
    """The table. Address and form hold everything, so that a view can be kept and sent on."""
    async with transaction(services.pool) as conn:
        job = await jobs.get(conn, session.principal, job_id)
        project = await projects.get(conn, session.principal, job.project_id)
        columns = COLUMNS[JobType(job.type)]
        by = next((each for each in columns if each.name == sort.removeprefix("-")), None)
        view = View(
            text=q.replace("\x00", ""),
            lowest=_number(lowest),
            highest=_number(highest),
            sort=by,
            descending=sort.startswith("-"),
            limit=_PAGE,
            offset=_PAGE * (page - 1),
        )
        reads_all = view.is_filtered or view.sort is not None
        with services.filters.taken(job.organization_id) if reads_all else nullcontext():
            records = await result_tables.find_page(conn, job_id, view)
            total = await result_tables.count(conn, job_id, view) if view.is_filtered else job.result_count
    shown = {each.name for each in columns if each.shown} if column is None else set(column)
    return render(
        request,
        "_rows.html" if is_fragment(request) else "rows.html",
        job=job,
        project=project,
        columns=columns,
        shown=[each for each in columns if each.name in shown],
        records=records,
        value=result_tables.value,
        view=view,
        sort=sort,
        q=q,
        lowest=lowest,
        highest=highest,
        page=page,
        pages=max(1, -(-total // _PAGE)),
        total=total,
        first=view.offset,
        here=lambda **changes: _address(request, changes),
    )


def _number(text: str) -> float | None:
    """A price as it was typed; what is no number filters nothing."""
    try:
        found = float(text.replace(",", "."))
    except ValueError:
        return None
    return found if abs(found) < 10**12 else None


def _address(request: Request, changes: dict[str, Any]) -> str:
    """This view with something changed; whatever changes, it begins on its first page."""
    kept = [(name, value) for name, value in request.query_params.multi_items() if name not in {*changes, "page"}]
    query = urlencode([*kept, *((name, value) for name, value in changes.items() if value)])
    return f"{request.url.path}?{query}" if query else request.url.path
