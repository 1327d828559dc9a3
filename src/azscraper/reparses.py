"""A reparse: a new job with the targets of an old one, whose pages come out of the archive.

In ``jobs`` beside ``retry`` it would be at home, but for the length of that module. What its chunks do is in ``scrape``.
"""

from azscraper import audit, jobs, pages, projects
from azscraper.audit import Action
from azscraper.db import Conn, fetch_one
from azscraper.errors import ConflictError
from azscraper.ids import new_id
from azscraper.jobs import COLUMNS, Job
from azscraper.principal import Principal


async def reparse(conn: Conn, principal: Principal, job_id: str) -> Job:
    """A new queued job with the same targets, which reads the archived pages of the old one and fetches nothing.

    The old job and its rows stay as they are. Costs neither quota nor credits. Raises NotFoundError, and ConflictError
    when the job is not over or no page of it is in the archive.
    """
    job = await jobs.get_kept(conn, principal, job_id)
    await projects.require_open(conn, principal, job.project_id)
    if not job.is_over:
        raise ConflictError(f"The job is still {job.status}; its pages can be read again when it is over")
    if not await pages.has_any(conn, job_id):
        raise ConflictError("No page of this job is in the archive")
    again = await fetch_one(
        conn,
        Job,
        f"""INSERT INTO jobs (id, organization_id, project_id, type, config, total, pending, lane_runs, reparse_of)
            SELECT %s, organization_id, project_id, type, config, total, total, %s, id FROM jobs
            WHERE organization_id = %s AND id = %s RETURNING {COLUMNS}""",
        [new_id(), [0] * jobs.lanes_of(job.total), principal.organization_id, job_id],
    )
    assert again is not None  # noqa: S101 - RETURNING gives the row
    await conn.execute(
        """INSERT INTO targets (job_id, ordinal, value, marketplace, asin)
           SELECT %s, ordinal, value, marketplace, asin FROM targets WHERE job_id = %s""",
        [again.id, job_id],
    )
    await jobs.begin(conn, again)
    details = {**jobs.summary(again), "reparseOf": job_id}
    await audit.record(conn, principal, Action.JOB_REPARSED, again.id, details=details)
    return again
