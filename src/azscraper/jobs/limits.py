"""How many targets may be in work at a time, over all workers and of one organization."""

from dataclasses import dataclass

from azscraper.store.db import Conn, scalar


@dataclass(frozen=True, slots=True)
class Limits:
    """Targets that may be in work at a time over all workers; None is unlimited."""

    total: int | None = None
    organization: int | None = None
    """Of one organization; its plan may say less."""


UNLIMITED = Limits()


async def room(
    conn: Conn, organization_id: str, of_plan: int | None, limits: Limits, *, most: int, is_ask: bool = False
) -> int:
    """How many more targets may be taken into work, at most ``most``; of batches, beside the asks that wait.

    ``of_plan`` is what the organization's plan says, None where it says nothing.

    Who asks under a limit waits until those who asked before have committed, so that no two take the same room.
    """
    of_organization = min((n for n in (limits.organization, of_plan) if n is not None), default=None)
    for scope, limit in ((None, limits.total), (organization_id, of_organization)):
        if limit is not None:
            await conn.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"in work {scope or ''}"])
            most = min(most, limit - await _in_work(conn, scope, with_asks=not is_ask))
    return max(most, 0)


async def _in_work(conn: Conn, organization_id: str | None, *, with_asks: bool) -> int:
    """With the asks that wait: those of the organization come before its batches."""
    sql = """SELECT coalesce(sum(running + CASE WHEN is_ask AND %(with_asks)s THEN pending ELSE 0 END), 0)::int FROM jobs
             WHERE status IN ('queued', 'running') AND (%(id)s::text IS NULL OR organization_id = %(id)s)"""
    return await scalar(conn, int, sql, {"id": organization_id, "with_asks": with_asks}) or 0
