"""A job's rows as a table: sorted, filtered, with the columns that the reader chose, a hundred at a time."""

import tempfile
from collections.abc import AsyncIterator
from contextlib import ExitStack, nullcontext
from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import StreamingResponse

from azscraper.jobs import jobs
from azscraper.results import exports, formats, stored, tables
from azscraper.results.exports import Shape
from azscraper.results.formats import ANYBODY, Format, Names, Reader
from azscraper.results.selection import Fields
from azscraper.store.db import transaction
from azscraper.tenants import audit, plans, projects
from azscraper.tenants.audit import Action
from azscraper.tracking import overviews
from azscraper.web.attachments import attachment
from azscraper.web.dashboard import views
from azscraper.web.dashboard.render import go, is_fragment, render
from azscraper.web.dashboard.session import PageRoute, Session, User_
from azscraper.web.dashboard.views import PAGE_ROWS, Asked
from azscraper.web.deps import Services, ServicesDep

router = APIRouter(route_class=PageRoute)

_FILTERS = "azscraper_rows"
"""Of one job: the cookie is bound to the path of its table."""
_COLUMNS = "azscraper_columns_{}"
_KEPT_SECONDS = 90 * 24 * 3600
_IN_MEMORY_BYTES = 8 * 1024 * 1024
_BLOCK_BYTES = 262_144
_Text = Annotated[str, Query(max_length=200)]
_Price = Annotated[str, Query(max_length=20)]


@router.get("/jobs/{job_id}/rows")
async def show_rows(
    *,
    request: Request,
    job_id: str,
    session: User_,
    services: ServicesDep,
    q: _Text = "",  # noqa: ARG001 - these are read by ``views``, which links and exports use as well
    lowest: _Price = "",  # noqa: ARG001
    highest: _Price = "",  # noqa: ARG001
) -> Response:
    """The table. Address and form hold everything, so that a view can be kept and sent on."""
    async with transaction(services.pool) as conn:
        job = await jobs.get(conn, session.principal, job_id)
        project = await projects.get(conn, session.principal, job.project_id)
        asked = _asked(request, job.type)
        if kept := _kept(request, asked):
            return go(request, f"{request.url.path}?{kept}")
        view = asked.view
        reads_all = view.is_filtered or view.sort is not None
        with services.filters.taken(job.organization_id) if reads_all else nullcontext():
            records = await tables.find_slice(conn, job_id, view)
            total = await tables.count(conn, job_id, view) if view.is_filtered else job.result_count
        first = await overviews.first_targets(conn, [job_id])
    response = render(
        request,
        "_rows.html" if is_fragment(request) else "rows.html",
        job=job,
        title=first.get(job_id),
        project=project,
        asked=asked,
        is_part=is_fragment(request),
        columns=views.columns_of(asked.kind),
        shown=asked.shown,
        records=records,
        value=tables.value,
        pages=max(1, -(-total // PAGE_ROWS)),
        total=total,
        first=asked.view.offset,
        here=lambda **changes: f"{request.url.path}?{asked.but(**changes).query or 'q='}",
    )
    _keep(request, response, asked)
    return response


def _asked(request: Request, kind: str) -> Asked:
    """What the address asks for; columns that it does not name are those of the last visit to such a table."""
    asked = views.read(kind, request.query_params.multi_items())
    if "column" in request.query_params:
        return asked
    return asked.but(
        page=asked.page, columns=views.known_columns(kind, request.cookies.get(_COLUMNS.format(kind), "").split("."))
    )


def _kept(request: Request, asked: Asked) -> str:
    """The query of the last visit, for an address that asks for nothing: everything stands in the address."""
    is_new_visit = request.headers.get("hx-request") != "true" and "hx-history-restore-request" not in request.headers
    if request.query_params or not is_new_visit:
        return ""
    filters = views.read_query(asked.kind, request.cookies.get(_FILTERS, ""))
    return filters.but(columns=asked.columns).query


def _keep(request: Request, response: Response, asked: Asked) -> None:
    """For the next visit: filters and sort of this job, columns of all jobs of the kind. What is empty is forgotten."""
    if is_fragment(request):
        query = asked.query
        response.headers["HX-Push-Url"] = f"{request.url.path}?{query}" if query else request.url.path
    filters = asked.but(columns=()).query
    columns = ".".join(asked.columns)
    for name, value, path in (
        (_FILTERS, filters, request.url.path),
        (_COLUMNS.format(asked.kind), columns, "/app/jobs"),
    ):
        if value:
            secure = request.url.scheme == "https"
            response.set_cookie(name, value, _KEPT_SECONDS, path=path, secure=secure, httponly=True, samesite="lax")
        elif name in request.cookies:
            response.delete_cookie(name, path=path)


async def export(
    services: Services,
    session: Session,
    job_id: str,
    file_format: Format,
    query: str,
    *,
    names: Names = Names.DOTTED,
    until_sent: ExitStack,
    partial: bool,
    reader: Reader = ANYBODY,
) -> Response:
    """What the table of the query shows, all its pages, as a file; with labels for the reader, the columns' names in words.

    Counts against the month's exports.

    Raises ConflictError for a job that still runs, unless ``partial``: what is there so far is asked for.
    """
    organization_id = session.principal.organization_id
    async with transaction(services.pool) as conn:
        job = await jobs.get_kept(conn, session.principal, job_id)
    if not partial:
        exports.require_over(job, how_partial="from the menu")
    if job.result_count > stored.PAGE_ROWS:
        until_sent.enter_context(services.downloads.taken(organization_id))
    until_sent.enter_context(services.filters.taken(organization_id))
    asked = views.read_query(job.type, query)
    async with transaction(services.pool) as conn:
        await plans.charge_export(conn, organization_id, now=services.clock())
        details = {"format": file_format, "view": asked.query}
        await audit.note(conn, session.principal, Action.JOB_EXPORTED, job_id, details=details)
    table = tuple(asked.shown) if names is Names.LABELS and asked.columns else None
    shape = Shape(
        Fields(tuple(asked.keys)), names=names, table=table, reader=reader if table else replace(reader, say=str)
    )
    file = exports.stream(_lines(services, job_id, asked), job, file_format, shape)
    headers = {"Content-Disposition": attachment(exports.file_name(job, file_format, names, reader.zone))}
    return StreamingResponse(file, media_type=formats.MEDIA_TYPES[file_format], headers=headers)


async def _lines(services: Services, job_id: str, asked: Asked) -> AsyncIterator[bytes]:
    """By way of a file: the store sorts once, and waits for no client."""
    with tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY_BYTES) as spool:
        async with transaction(services.pool) as conn:
            await stored.snapshot(conn)
            async for block in tables.lines(conn, job_id, asked.view, asked.keys):
                spool.write(block)
        spool.seek(0)
        while block := spool.read(_BLOCK_BYTES):
            yield block + spool.readline()
