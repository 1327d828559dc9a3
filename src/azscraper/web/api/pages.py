"""The pages that a job's targets were read from, as they came."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Response

from azscraper.crawl import archive_index
from azscraper.crawl.archive_index import ArchivedPage
from azscraper.errors import InvalidInputError, NotFoundError, PageGoneError
from azscraper.jobs import jobs
from azscraper.records import RawPage
from azscraper.store.db import transaction
from azscraper.web.deps import KeyCaller, Services, ServicesDep, UntilSent, errors
from azscraper.web.guards.limits import StrictJson

router = APIRouter(tags=["jobs"], route_class=StrictJson)

_NOT_KEPT = "This page is not kept: pages leave the archive after the days that the operator has set"
_SUFFIXES = {"text/html": "html", "application/json": "json", "application/xhtml+xml": "xhtml", "text/plain": "txt"}
"""By the media types that are passed on; others are bytes."""
_BYTES = "application/octet-stream"
_FILE = {media_type: {"schema": {"type": "string", "format": "binary"}} for media_type in (*_SUFFIXES, _BYTES)}


@router.get(
    "/jobs/{job_id}/targets/{ordinal}/page",
    operation_id="getPage",
    response_class=Response,
    responses=errors(400, 401, 404, 429, 503)
    | {200: {"content": _FILE, "description": "The page, as an attachment that no browser runs"}},
)
async def get_page(
    *,
    job_id: str,
    ordinal: Annotated[int, Path(ge=0, le=2**31 - 1, description="Place of the target in the job, from 0")],
    number: Annotated[int, Query(ge=1, le=2**31 - 1, description="Which of the target's pages, from 1")] = 1,
    caller: KeyCaller,
    services: ServicesDep,
    until_sent: UntilSent,
) -> Response:
    """A page that a target was read from, as the marketplace sent it, while it is kept.

    Of several tries it is the one that was read, else the last one: of a target that failed you see why.
    """
    until_sent.enter_context(services.downloads.taken(caller.organization_id))
    async with transaction(services.pool) as conn:
        await jobs.get_kept(conn, caller, job_id)
        found = await archive_index.of_number(conn, job_id, ordinal, number)
    if found is None:
        raise NotFoundError(_NOT_KEPT)
    page = await _read(services, found)
    media_type = page.content_type.partition(";")[0].strip().lower()
    headers = {
        "Content-Type": _passed_on(page.content_type, media_type),
        "Content-Disposition": f'attachment; filename="{job_id}-{ordinal}-{number}.{_SUFFIXES.get(media_type, "bin")}"',
        "Content-Security-Policy": "sandbox",
    }
    return Response(page.body, headers=headers)


def _passed_on(content_type: str, media_type: str) -> str:
    """With its charset."""
    return content_type if media_type in _SUFFIXES and content_type.isascii() and content_type.isprintable() else _BYTES


async def _read(services: Services, found: ArchivedPage) -> RawPage:
    """Raises NotFoundError, also where this process does not reach the archive of the workers."""
    if services.archive is None:
        raise NotFoundError(_NOT_KEPT)
    try:
        return await services.archive().read(found.location)
    except (PageGoneError, InvalidInputError) as exc:
        raise NotFoundError(f"{_NOT_KEPT}. If the service runs on several machines, they need one archive") from exc
