"""Result rows of a job, straight out of the store."""

from collections.abc import AsyncIterator

from psycopg.abc import Buffer, PQGen
from psycopg.generators import copy_from
from psycopg.pq import TransactionStatus
from psycopg.pq.abc import PGconn

from azscraper.db import Conn

_BLOCK_BYTES = 262_144
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
    async with conn.cursor() as cursor, cursor.copy(sql, [job_id, *after, limit]):
        while block := await conn.wait(_block(conn.pgconn)):
            yield block


def _block(pgconn: PGconn) -> PQGen[bytes]:
    """The next rows, empty behind the last. Reading the copy row by row costs a task switch a row, which is most of it."""
    rows: list[Buffer] = []
    size = 0
    while size < _BLOCK_BYTES and pgconn.transaction_status == TransactionStatus.ACTIVE:
        row = yield from copy_from(pgconn)
        if not isinstance(row, memoryview):  # the result, behind the last row
            break
        rows.append(row)
        size += len(row)
    return b"".join(rows)


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
