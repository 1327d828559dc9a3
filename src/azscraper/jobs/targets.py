"""Targets of a job, as callers see them."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from azscraper.store.db import Conn
from azscraper.store.sent import Sent, send


class TargetStatus(StrEnum):
    """Status of a target."""

    PENDING = "pending"
    RUNNING = "running"
    SUCCESS = "success"
    FAILED = "failed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Target:
    """A target as callers see it."""

    ordinal: int
    value: str
    status: str
    attempts: int
    error_code: str | None
    error_message: str | None
    result_count: int
    http_status: int | None
    fetched_at: datetime | None
    marketplace: str | None
    asin: str | None
    cached: bool
    """Whether it was answered from what is kept."""
    kind: str | None
    """Its type; None of what a release wrote that knew no kinds."""
    credits: int | None
    """What it cost; None of one that did not succeed, and of one that was answered without the queue."""


async def find_slice(conn: Conn, job_id: str, *, status: str | None, after: int, limit: int) -> list[Target]:
    """Targets in order, from behind ordinal ``after`` (-1 is the start). The caller has checked whose job it is."""
    return await (await send_slice(conn, job_id, status=status, after=after, limit=limit)).all()


async def send_slice(conn: Conn, job_id: str, *, status: str | None, after: int, limit: int) -> Sent[Target]:
    """As ``find_slice``, for who sends more before the answer is needed."""
    return await send(
        conn,
        Target,
        """SELECT ordinal, value, status, attempts, error_code, error_message, result_count, http_status, fetched_at,
                  marketplace, asin, cached, kind, credits
           FROM targets WHERE job_id = %(job_id)s AND ordinal > %(after)s
             AND (%(status)s::text IS NULL OR status = %(status)s) ORDER BY ordinal LIMIT %(limit)s""",
        {"job_id": job_id, "after": after, "status": status, "limit": limit},
    )


async def count_errors(conn: Conn, job_id: str) -> list[tuple[str, int]]:
    """Error codes of the failed targets with their counts, the most frequent first. The caller has checked whose job it is."""
    cursor = await conn.execute(
        """SELECT coalesce(error_code, ''), count(*) FROM targets WHERE job_id = %s AND status = 'failed'
           GROUP BY 1 ORDER BY 2 DESC, 1""",
        [job_id],
    )
    return [(row[0], row[1]) for row in await cursor.fetchall()]
