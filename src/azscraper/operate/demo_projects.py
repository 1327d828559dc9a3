"""The project that comes with the built-in marketplace can be deleted whole; others are archived, and nothing of them is lost."""

import asyncio
from typing import LiteralString

from psycopg import sql

from azscraper.errors import ConflictError
from azscraper.jobs import jobs
from azscraper.store.db import Conn, Pool, scalar, transaction
from azscraper.store.partitions import PAGE_SUMMARIES, RESULTS, TARGETS
from azscraper.tenants import audit, projects
from azscraper.tenants.audit import Action
from azscraper.tenants.principal import Principal

_TABLES = (
    "notices",
    "alerts",
    "lists",
    "schedules",
    "webhooks",
    "api_keys",
    "row_batches",
    "project_feeds",
    "product_series",
    "series_states",
    "product_states",
    "product_observations",
    "keyword_observations",
    "offer_observations",
    "jobs",
)
"""What a project owns, in an order in which it can go; what hangs on these goes with them."""


_ANNOUNCED = 0x617A_DE40
"""Of an advisory lock that nobody waits for: it is there to be seen, and goes with its process."""
_WAIT_SECONDS = 5.0
_LOOK_SECONDS = 0.1
_IS_COMING: LiteralString = """SELECT EXISTS (SELECT FROM pg_locks JOIN pg_database d ON d.oid = database
    WHERE locktype = 'advisory' AND classid = 0 AND objid = %s AND d.datname = current_database())
    AND NOT EXISTS (SELECT FROM projects WHERE is_demo)"""


async def announce(conn: Conn) -> None:
    """Say, for as long as the connection is open or until ``withdraw``, that whoever signs up first gets a demonstration."""
    await conn.execute("SELECT pg_advisory_lock(0, %s)", [_ANNOUNCED])


async def withdraw(conn: Conn) -> None:
    """Say it no longer."""
    await conn.execute("SELECT pg_advisory_unlock(0, %s)", [_ANNOUNCED])


async def arrival(pool: Pool, organization_id: str) -> str | None:
    """The id of the demonstration that the organization gets; None where none comes, or not within five seconds."""
    of_it: LiteralString = "SELECT id FROM projects WHERE organization_id = %s AND is_demo"
    for _ in range(int(_WAIT_SECONDS / _LOOK_SECONDS)):
        async with transaction(pool) as conn:
            is_coming = await scalar(conn, bool, _IS_COMING, [_ANNOUNCED])
            if (found := await scalar(conn, str, of_it, [organization_id])) or not is_coming:
                return found
        await asyncio.sleep(_LOOK_SECONDS)
    return None


async def delete(conn: Conn, principal: Principal, project_id: str) -> None:
    """The project with all its jobs, rows, lists, alerts and history. Its open jobs are cancelled first.

    Raises NotFoundError, and ConflictError for a project that is not a demonstration.
    """
    project = await projects.lock(conn, principal, project_id)
    if not project.is_demo:
        raise ConflictError("Only the demonstration can be deleted; archive this project instead")
    cursor = await conn.execute("SELECT id, completed_at IS NULL FROM jobs WHERE project_id = %s", [project_id])
    found = await cursor.fetchall()
    for job_id, is_open in found:
        if is_open:
            await jobs.cancel(conn, principal, job_id)
    for table in (TARGETS, RESULTS, PAGE_SUMMARIES):
        name = sql.Identifier(table.name)
        await conn.execute(
            sql.SQL("DELETE FROM {} WHERE job_id = ANY(%s)").format(name), [[job_id for job_id, _ in found]]
        )
    for owned in _TABLES:
        await conn.execute(sql.SQL("DELETE FROM {} WHERE project_id = %s").format(sql.Identifier(owned)), [project_id])
    await conn.execute("DELETE FROM projects WHERE id = %s", [project_id])
    details = {"before": {"name": project.name}, "after": {"deleted": True}}
    await audit.note(conn, principal, Action.PROJECT_CHANGED, project_id, details=details)
