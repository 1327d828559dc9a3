"""What people call a job: a name and tags; and the jobs of a project that have them."""

from dataclasses import dataclass
from datetime import datetime
from typing import LiteralString

from azscraper.jobs import jobs
from azscraper.jobs.jobs import COLUMNS, Job
from azscraper.slices import Slice
from azscraper.store.db import Conn, count_rows, fetch_all, like
from azscraper.tenants import audit, projects
from azscraper.tenants.audit import Action
from azscraper.tenants.principal import Principal
from azscraper.words import JobStatus


@dataclass(frozen=True, slots=True)
class Filter:
    """Which jobs; what is None, or empty, leaves none out."""

    status: JobStatus | None = None
    kind: str | None = None
    text: str = ""
    """In the name, whatever the case, or the beginning of the id."""
    tag: str | None = None
    created_after: datetime | None = None
    """Or then."""
    created_before: datetime | None = None


_WHERE: LiteralString = """organization_id = %(organization_id)s AND project_id = %(project_id)s
    AND (%(status)s::text IS NULL OR status = %(status)s) AND (%(type)s::text IS NULL OR type = %(type)s)
    AND (%(text)s = '' OR name ILIKE %(pattern)s OR starts_with(id, %(text)s))
    AND (%(tag)s::text IS NULL OR tags @> ARRAY[%(tag)s]::text[])
    AND (%(after)s::timestamptz IS NULL OR created_at >= %(after)s)
    AND (%(before)s::timestamptz IS NULL OR created_at < %(before)s)"""


async def find_slice(
    conn: Conn, principal: Principal, project_id: str, wanted: Filter, *, limit: int, offset: int
) -> Slice[Job]:
    """A project's jobs, newest first. Raises NotFoundError when the principal reaches no such project."""
    await projects.get(conn, principal, project_id)
    params = {
        "organization_id": principal.organization_id,
        "project_id": project_id,
        "status": wanted.status,
        "type": wanted.kind,
        "text": wanted.text,
        "pattern": like(wanted.text),
        "tag": wanted.tag,
        "after": wanted.created_after,
        "before": wanted.created_before,
    }
    found = await fetch_all(
        conn,
        Job,
        f"SELECT {COLUMNS} FROM jobs WHERE {_WHERE} ORDER BY id DESC LIMIT %(limit)s OFFSET %(offset)s",
        {**params, "limit": limit, "offset": offset},
    )
    return Slice(found, await count_rows(conn, f"SELECT count(*) FROM jobs WHERE {_WHERE}", params))


async def change(
    conn: Conn, principal: Principal, job_id: str, *, name: str | None = None, tags: list[str] | None = None
) -> Job:
    """Call a job something else; what is None stays, an empty name takes it away. Raises NotFoundError."""
    job = await jobs.get(conn, principal, job_id)
    await conn.execute(
        """UPDATE jobs SET name = CASE WHEN %(name)s::text IS NULL THEN name ELSE nullif(%(name)s, '') END,
               tags = coalesce(%(tags)s::text[], tags) WHERE organization_id = %(organization_id)s AND id = %(job_id)s""",
        {"name": name, "tags": tags, "organization_id": principal.organization_id, "job_id": job_id},
    )
    changed = await jobs.get(conn, principal, job_id)
    details = audit.changes({"name": job.name, "tags": job.tags}, {"name": changed.name, "tags": changed.tags})
    await audit.note(conn, principal, Action.JOB_CHANGED, job_id, details=details)
    return changed
