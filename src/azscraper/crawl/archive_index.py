"""Where the pages of jobs are in the archive: written with the rows, so that a row and its page are found together.

The bytes are ``crawl.archive``'s; here is what is looked for: the pages of a target, and a page of the same organization
that was fetched lately. Cut by day of the fetch, as the archive's segments are, so that both leave together.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import LiteralString

from azscraper.crawl.archive import Location
from azscraper.store.db import Conn, fetch_all, fetch_one, scalar


@dataclass(frozen=True, slots=True)
class ArchivedPage:
    """A page of a target, and where it is."""

    step: str
    """Of the target's walk."""
    number: int
    """1, 2, … of the target's pages."""
    request: bytes
    """What was asked for, see :func:`request_key`."""
    accepted: bool
    """Whether it was what was asked for: only such a page is used again for another job."""
    fetched_at: datetime
    location: Location


@dataclass(frozen=True, slots=True)
class _Row:
    step: str
    number: int
    request: bytes
    accepted: bool
    fetched_at: datetime
    segment: str
    start: int
    length: int

    def page(self) -> ArchivedPage:
        location = Location(self.segment, self.start, self.length)
        return ArchivedPage(self.step, self.number, self.request, self.accepted, self.fetched_at, location)


_COLUMNS: LiteralString = (
    "coalesce(step, number::text) AS step, number, request, accepted, fetched_at, segment, start, length"
)


def request_key(url: str, language: str | None, cookies: Mapping[str, str]) -> bytes:
    """The same for two requests exactly when their answers can stand for each other: 16 bytes of a SHA-256."""
    parts = [url, language or "", *(part for item in sorted(cookies.items()) for part in item)]
    return hashlib.sha256("\n".join(parts).encode()).digest()[:16]


async def add(conn: Conn, job_id: str, pages: Sequence[tuple[int, ArchivedPage]]) -> None:
    """Add pages of the job's targets (ordinal and page). In the transaction that stores what they brought."""
    if not pages:
        return
    await conn.execute(
        """INSERT INTO pages (job_id, organization_id, ordinal, step, number, request, accepted, fetched_at, segment, start, length)
           SELECT %s, (SELECT organization_id FROM jobs WHERE id = %s), *
           FROM unnest(%s::int[], %s::text[], %s::int[], %s::bytea[], %s::boolean[], %s::timestamptz[], %s::text[], %s::bigint[], %s::int[])
           ON CONFLICT DO NOTHING""",
        [
            job_id,
            job_id,
            [ordinal for ordinal, _ in pages],
            [page.step for _, page in pages],
            [page.number for _, page in pages],
            [page.request for _, page in pages],
            [page.accepted for _, page in pages],
            [page.fetched_at for _, page in pages],
            [page.location.segment for _, page in pages],
            [page.location.start for _, page in pages],
            [page.location.length for _, page in pages],
        ],
    )


async def of_target(conn: Conn, job_id: str, ordinal: int) -> dict[str, ArchivedPage]:
    """The page that was fetched last at each step of the target. The caller has checked whose job it is."""
    rows = await fetch_all(
        conn,
        _Row,
        f"""SELECT DISTINCT ON (coalesce(step, number::text)) {_COLUMNS} FROM pages WHERE job_id = %s AND ordinal = %s
            ORDER BY coalesce(step, number::text), fetched_at DESC""",
        [job_id, ordinal],
    )
    return {row.step: row.page() for row in rows}


async def of_number(conn: Conn, job_id: str, ordinal: int, number: int) -> ArchivedPage | None:
    """The target's page of that number, from 1: that which was read, else the last one. The caller has checked whose job it is."""
    row = await fetch_one(
        conn,
        _Row,
        f"""SELECT {_COLUMNS} FROM pages WHERE job_id = %s AND ordinal = %s AND number = %s
            ORDER BY accepted DESC, fetched_at DESC LIMIT 1""",
        [job_id, ordinal, number],
    )
    return row.page() if row else None


async def has_any(conn: Conn, job_id: str) -> bool:
    """Whether any page of the job is in the archive."""
    return await scalar(conn, int, "SELECT 1 FROM pages WHERE job_id = %s LIMIT 1", [job_id]) is not None


async def find_fresh(conn: Conn, job_id: str, request: bytes, *, since: datetime) -> ArchivedPage | None:
    """The newest accepted answer to the request that the job's organization has had since then."""
    row = await fetch_one(
        conn,
        _Row,
        f"""SELECT {_COLUMNS} FROM pages
            WHERE organization_id = (SELECT organization_id FROM jobs WHERE id = %s) AND request = %s AND accepted
              AND fetched_at >= %s ORDER BY fetched_at DESC LIMIT 1""",
        [job_id, request, since],
    )
    return row.page() if row else None
