"""A reparse: a new job with the targets of an old one, whose pages come out of the archive.

In ``jobs`` beside ``retry`` it would be at home, but for the length of that module. What its chunks do is in ``run_chunk``.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

from azscraper.crawl import archive_index
from azscraper.errors import ConflictError, RateLimitedError
from azscraper.ids import new_id
from azscraper.jobs import dispatch, jobs, prices
from azscraper.jobs.jobs import CHUNK_SIZE, COLUMNS, Job
from azscraper.store.db import Conn, fetch_existing, fetch_one, scalar
from azscraper.tenants import audit, projects
from azscraper.tenants.audit import Action
from azscraper.tenants.principal import Principal

A_DAY = 3
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class _Reparses:
    is_open: bool
    today: int
    first_at: datetime | None


async def reparse(conn: Conn, principal: Principal, job_id: str, *, now: datetime, a_day: int | None = A_DAY) -> Job:
    """A new queued job with the same targets, which reads the archived pages of the old one and fetches nothing.

    The old job and its rows stay as they are. Costs neither quota nor credits; what a job fetched is read again by one
    job at a time, and ``a_day`` (None: any number). Raises NotFoundError, ConflictError when the job is not over, no page of it is in the
    archive or it is being read again, and RateLimitedError for one too many of a day.
    """
    job = await jobs.get_kept(conn, principal, job_id)
    await projects.require_open(conn, principal, job.project_id)
    if not job.is_over:
        raise ConflictError(f"The job is still {job.status}; its pages can be read again when it is over")
    if not await archive_index.has_any(conn, job_id):
        raise ConflictError("No page of this job is in the archive")
    root = await _counted_root(conn, principal, job_id, a_day=a_day, now=now)
    lanes = jobs.lanes_of(job.total - job.invalid)
    fetches = min(CHUNK_SIZE, job.total - job.invalid) * prices.most_steps_of(job.kind_names, job.config)
    turn = await (
        await dispatch.first_turn(conn, job.organization_id, weight=job.config.weight or 1, fetches=fetches)
    )()
    again = await fetch_existing(
        conn,
        Job,
        f"""INSERT INTO jobs (id, organization_id, project_id, type, config, total, pending, failed, invalid, lane_runs,
                reparse_of, reparse_root, name, tags, kinds, turn, next_turn)
            SELECT %(id)s, organization_id, project_id, type, config, total, total - invalid, invalid, invalid, %(lane_runs)s,
                id, %(root)s, name, tags, kinds, %(turn)s, %(turn)s
            FROM jobs WHERE organization_id = %(organization_id)s AND id = %(job_id)s RETURNING {COLUMNS}""",
        {
            "id": new_id(),
            "lane_runs": [0] * lanes,
            "root": root,
            "turn": turn.at,
            "organization_id": principal.organization_id,
            "job_id": job_id,
        },
    )
    await conn.execute(
        """INSERT INTO targets (job_id, ordinal, value, marketplace, asin, key, kind, status, error_code, error_message)
           SELECT %(again)s, ordinal, value, marketplace, asin, key, kind, CASE WHEN wrong THEN 'failed' ELSE 'pending' END,
               CASE WHEN wrong THEN error_code END, CASE WHEN wrong THEN error_message END
           FROM (SELECT *, error_code IS NOT DISTINCT FROM %(invalid)s AS wrong FROM targets WHERE job_id = %(job_id)s) old""",
        {"again": again.id, "job_id": job_id, "invalid": jobs.INVALID},
    )
    queue = dispatch.queue_of(job.type, reparses=True)
    await dispatch.begin(conn, again.id, turn, lanes=lanes, fetches=fetches, queue=queue)
    details = {**jobs.summary(again.project_id, again.type, again.total), "reparseOf": job_id}
    await audit.note(conn, principal, Action.JOB_REPARSED, again.id, details=details)
    return again


async def _counted_root(conn: Conn, principal: Principal, job_id: str, *, a_day: int | None, now: datetime) -> str:
    """The job that fetched what the job read, if it may be read again; its row is locked until the commit."""
    root = await scalar(
        conn,
        str,
        "SELECT coalesce(reparse_root, reparse_of, id) FROM jobs WHERE organization_id = %s AND id = %s",
        [principal.organization_id, job_id],
    )
    assert root is not None  # noqa: S101 - the caller has looked it up
    await conn.execute(
        "SELECT 1 FROM jobs WHERE organization_id = %s AND id = %s FOR NO KEY UPDATE", [principal.organization_id, root]
    )
    found = await fetch_one(
        conn,
        _Reparses,
        """SELECT coalesce(bool_or(status IN ('queued', 'running')), false) AS is_open,
               count(*) FILTER (WHERE created_at > %(since)s) AS today,
               min(created_at) FILTER (WHERE created_at > %(since)s) AS first_at
           FROM jobs WHERE organization_id = %(organization_id)s AND reparse_of IS NOT NULL
             AND coalesce(reparse_root, reparse_of) = %(root)s""",
        {"organization_id": principal.organization_id, "root": root, "since": now - _DAY},
    )
    assert found is not None  # noqa: S101 - an aggregate has a row
    _check(found, a_day, now)
    return root


def _check(found: _Reparses, a_day: int | None, now: datetime) -> None:
    if found.is_open:
        raise ConflictError("The pages of this job are being read again; wait until that job is over, or cancel it")
    if a_day is not None and found.first_at is not None and found.today >= a_day:
        seconds = ceil((found.first_at + _DAY - now).total_seconds())
        raise RateLimitedError(f"The pages of a job are read again {a_day} times a day", max(1, seconds))
