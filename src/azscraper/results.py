"""Result rows of a job, straight out of the store."""

from collections.abc import AsyncIterator

from azscraper.db import Conn

_BLOCK_BYTES = 65_536
"""Rows are gathered to blocks of this size: one write to the socket each, and constant memory."""

# Records hold no control characters (JSON escapes them), so that with these as delimiter and quote
# PostgreSQL's CSV is the plain JSON, one record a line, and no byte has to be looked at here.
_COPY_OPTIONS = "(FORMAT csv, DELIMITER E'\\x02', QUOTE E'\\x01', NULL E'\\x03')"


async def stream(
    conn: Conn, job_id: str, *, after: tuple[int, int] = (-1, 0), limit: int | None = None
) -> AsyncIterator[bytes]:
    """Blocks of JSON lines: rows in target order, then position; from behind ``after`` (ordinal, position).

    The caller has checked whose job it is.
    """
    sql = f"""COPY (SELECT record FROM results WHERE job_id = %s AND (ordinal, position) > (%s, %s)
                    ORDER BY ordinal, position LIMIT %s) TO STDOUT {_COPY_OPTIONS}"""
    rows: list[bytes] = []
    size = 0
    async with conn.cursor() as cursor, cursor.copy(sql, [job_id, *after, limit]) as copy:
        async for row in copy:
            rows.append(bytes(row))
            size += len(row)
            if size >= _BLOCK_BYTES:
                yield b"".join(rows)
                rows, size = [], 0
    if rows:
        yield b"".join(rows)


async def last_key(conn: Conn, job_id: str, *, after: tuple[int, int], limit: int) -> tuple[int, int] | None:
    """The key of the last row of a page that is full and has rows behind it; None when there are no more."""
    cursor = await conn.execute(
        """SELECT ordinal, position FROM results WHERE job_id = %s AND (ordinal, position) > (%s, %s)
           ORDER BY ordinal, position OFFSET %s LIMIT 2""",
        [job_id, *after, limit - 1],
    )
    rows = await cursor.fetchall()
    return (rows[0][0], rows[0][1]) if len(rows) > 1 else None


async def snapshot(conn: Conn) -> None:
    """Make the caller's transaction see one state of the database: counts and rows fit together."""
    await conn.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
