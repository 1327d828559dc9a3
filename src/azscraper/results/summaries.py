"""What the pages of a job's targets say about themselves."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from azscraper.store.db import Conn, count_rows, fetch_all

OF_TARGET = 0
"""Number of the summary that is of a target as a whole; those of its pages count from 1."""


@dataclass(frozen=True, slots=True)
class Summary:
    """Of a target, or of its first page where its kind has none of the whole."""

    target: str
    """As it was sent."""
    ordinal: int
    summary: dict[str, Any]
    """As the schema of the kind's summary describes it."""


async def find_slice(conn: Conn, job_id: str, *, after: int, limit: int) -> list[Summary]:
    """In target order, from behind ordinal ``after`` (-1 is the start). The caller has checked whose job it is."""
    return await fetch_all(
        conn,
        Summary,
        """SELECT DISTINCT ON (s.ordinal) t.value AS target, s.ordinal, s.summary
           FROM page_summaries s JOIN targets t ON t.job_id = s.job_id AND t.ordinal = s.ordinal
           WHERE s.job_id = %(job_id)s AND s.ordinal > %(after)s ORDER BY s.ordinal, s.page LIMIT %(limit)s""",
        {"job_id": job_id, "after": after, "limit": limit},
    )


async def count(conn: Conn, job_id: str) -> int:
    """How many targets of the job have a summary."""
    return await count_rows(conn, "SELECT count(DISTINCT ordinal) FROM page_summaries WHERE job_id = %s", [job_id])


async def coverages(conn: Conn, job_id: str, ordinals: Sequence[int]) -> dict[int, dict[str, Any]]:
    """How much of what their pages claim the rows of these targets hold, where their summaries say it."""
    cursor = await conn.execute(
        """SELECT ordinal, summary -> 'coverage' FROM page_summaries
           WHERE job_id = %s AND ordinal = ANY(%s) AND page = %s AND json_typeof(summary -> 'coverage') = 'object'""",
        [job_id, list(ordinals), OF_TARGET],
    )
    return {row[0]: row[1] for row in await cursor.fetchall()}
