"""Result rows of a job, straight out of the store: batch by batch, so that nothing is held in the database while a client reads."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import LiteralString

from psycopg.abc import Params, PQGen
from psycopg.errors import error_from_result
from psycopg.generators import fetch_many
from psycopg.pq import ExecStatus, TransactionStatus
from psycopg.pq.abc import PGconn
from psycopg.waiting import WAIT_R

from azscraper.errors import NotFoundError
from azscraper.store.db import Conn, Pool, transaction

Key = tuple[int, int]
"""Ordinal of the target, position among its rows."""
START: Key = (-1, 0)
PAGE_ROWS = 1000
"""An answer of more rows is a download."""
_MOST_ROWS = 20_000
"""Rows that are read in one transaction, at most."""
_FIRST_ROWS = 250
_BATCH_BYTES = 8 * 1024 * 1024
"""A batch after the first has about so much, at most: two of them are in memory at a time."""
_BLOCK_BYTES = 262_144
"""Rows are gathered to blocks of this size: one write to the socket each."""

# Records hold no control characters (JSON escapes them), so that with these as delimiter and quote
# PostgreSQL's CSV is the plain JSON, one record a line, and no byte has to be looked at here.
_COPY_OPTIONS: LiteralString = "(FORMAT csv, DELIMITER E'\\x02', QUOTE E'\\x01', NULL E'\\x03')"

# PostgreSQL's binary form: a head, then each row as the number of its values (2 bytes) and the length of each (4) before it; at
# the end the number -1.
_BINARY_HEAD = 19
_BINARY_ROW = 6
_BINARY_END = 2


@dataclass(frozen=True, slots=True)
class Batch:
    """Some rows, as blocks of JSON lines."""

    blocks: tuple[bytes, ...]
    asked: int
    """How many rows were asked for; so many it has where others follow."""
    next: Key | None
    """The key of its last row, where others follow."""


class Rows:
    """A job's rows in target order, then position. Iterates once, over blocks of whole JSON lines.

    Each batch is read in a short transaction of its own, the next one while the client takes this one. Rows of a job that is
    over never change; of one that runs these are rows that were there, in order, and maybe not all. Raises NotFoundError in
    the middle when retention removes them, and UnavailableError.
    """

    def __init__(
        self, pool: Pool, job_id: str, *, after: Key = START, limit: int | None = None, first: Batch | None = None
    ) -> None:
        self._pool = pool
        self._job_id = job_id
        self._after = after
        self._left = limit
        self._first = first
        self.next: Key | None = None
        """Once they are read: the key of the last one, where others follow that the limit left out."""

    async def __aiter__(self) -> AsyncIterator[bytes]:
        """The blocks."""
        batch = self._first or await self._read(self._after, _FIRST_ROWS)
        while True:
            self.next = batch.next
            self._left = None if self._left is None else self._left - batch.asked
            ahead = self._read_ahead(batch)
            for block in batch.blocks:
                yield block
            if ahead is None:
                return
            batch = await ahead

    def _read_ahead(self, batch: Batch) -> "asyncio.Task[Batch] | None":
        if batch.next is None or self._left == 0:
            return None
        ahead = asyncio.create_task(self._read(batch.next, _size_behind(batch)))
        ahead.add_done_callback(
            lambda task: task.cancelled() or task.exception()
        )  # nobody asks when the client is gone
        return ahead

    async def _read(self, after: Key, size: int) -> Batch:
        size = size if self._left is None else min(size, self._left)
        async with transaction(self._pool) as conn:
            await snapshot(conn)
            return await _batch(conn, self._job_id, after, size)


def _size_behind(batch: Batch) -> int:
    """Rows of the next batch, by the size of those before."""
    size = sum(map(len, batch.blocks))
    return max(1, min(_MOST_ROWS, batch.asked * _BATCH_BYTES // max(size, 1)))


async def first_batch(conn: Conn, job_id: str, *, after: Key = START, limit: int | None = None) -> Batch:
    """What ``Rows`` begins with, for who has a transaction open in any case, with a ``snapshot``. Raises NotFoundError."""
    return await _batch(conn, job_id, after, _FIRST_ROWS if limit is None else min(limit, _FIRST_ROWS))


async def _batch(conn: Conn, job_id: str, after: Key, size: int) -> Batch:
    last = await _last_key(conn, job_id, after, size)
    blocks = await copied(
        conn,
        """SELECT record FROM results WHERE job_id = %s AND (ordinal, position) > (%s, %s)
           ORDER BY ordinal, position LIMIT %s""",
        [job_id, *after, size],
    )
    return Batch(blocks, size, last)


async def copied(conn: Conn, query: LiteralString, params: Params) -> tuple[bytes, ...]:
    """What the query brings, a value each row: as blocks of whole lines. Values have no control characters."""
    blocks: list[bytes] = []
    async with conn.cursor() as cursor, cursor.copy(f"COPY ({query}) TO STDOUT {_COPY_OPTIONS}", params):
        while block := await conn.wait(_block(conn.pgconn)):
            blocks.append(block)
    return tuple(blocks)


@dataclass(frozen=True, slots=True)
class Lines:
    """Lines as blocks, and how many they are."""

    blocks: tuple[bytes, ...] = ()
    count: int = 0


async def copied_bytes(conn: Conn, query: LiteralString, params: Params) -> Lines:
    """What the query brings, a value of bytes each row, which ends with a line break."""
    blocks: list[bytes] = []
    count = 0
    async with conn.cursor() as cursor, cursor.copy(f"COPY ({query}) TO STDOUT (FORMAT binary)", params):
        while part := await conn.wait(_binary_block(conn.pgconn, 0 if count else _BINARY_HEAD)):
            blocks.append(part[0])
            count += part[1]
    return Lines(tuple(blocks), count)


async def _last_key(conn: Conn, job_id: str, after: Key, size: int) -> Key | None:
    """The key of the batch's last row where others follow. Holds the job's partition to the end of the transaction."""
    cursor = await conn.execute(
        """SELECT pruned_at IS NULL, ordinal, position FROM jobs LEFT JOIN
             (SELECT ordinal, position FROM results WHERE job_id = %s AND (ordinal, position) > (%s, %s)
              ORDER BY ordinal, position OFFSET %s LIMIT 2) AS ends ON true
           WHERE id = %s ORDER BY ordinal, position""",
        [job_id, *after, size - 1, job_id],
    )
    rows = await cursor.fetchall()
    if not rows or not rows[0][0]:
        raise NotFoundError("The rows of this job were removed, as old ones are here")
    return (rows[0][1], rows[0][2]) if len(rows) > 1 else None


def _block(pgconn: PGconn) -> PQGen[bytes]:
    """The next rows, empty behind the last.

    A task switch a row, or a list of rows, is most of what reading them costs: its members are what the garbage collector
    counts, and a collection every few hundred rows takes as long as sending them.
    """
    block = bytearray()
    while len(block) < _BLOCK_BYTES and pgconn.transaction_status == TransactionStatus.ACTIVE:
        size, row = pgconn.get_copy_data(1)
        if size > 0:
            block += row
        elif size < 0:
            yield from _end_of_copy(pgconn)
        elif (yield WAIT_R):
            pgconn.consume_input()
    return bytes(block)


def _binary_block(pgconn: PGconn, head: int) -> PQGen[tuple[bytes, int] | None]:
    """The next values and their number, None behind the last; ``head`` bytes stand before the first.

    What has come is read before anything is waited for: to wait takes longer than to read the few rows that come at once.
    """
    block = bytearray()
    count = 0
    looked = False
    while len(block) < _BLOCK_BYTES and pgconn.transaction_status == TransactionStatus.ACTIVE:
        size, row = pgconn.get_copy_data(1)
        if size > _BINARY_END:
            block += row[head + _BINARY_ROW :]
            head, looked = 0, False
            count += 1
        elif size < 0:
            yield from _end_of_copy(pgconn)
        elif not size and (not looked or (yield WAIT_R)):
            pgconn.consume_input()
            looked = not looked
    return (bytes(block), count) if count else None


def _end_of_copy(pgconn: PGconn) -> PQGen[None]:
    """Reads the result, behind the last row. Raises what the server says there."""
    for result in (yield from fetch_many(pgconn)):
        if result.status != ExecStatus.COMMAND_OK:
            raise error_from_result(result)


async def snapshot(conn: Conn) -> None:
    """Make the caller's transaction see one state of the database: counts and rows fit together."""
    await conn.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
