"""The project that comes with the built-in marketplace can be deleted whole; others are archived, and nothing of them is lost."""

from psycopg import sql

from azscraper.errors import ConflictError
from azscraper.jobs import jobs
from azscraper.store.db import Conn
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
