"""Result rows of a job, straight out of the store: batch by batch, so that nothing is held in the database while a client reads."""

from collections.abc import AsyncIterator, Coroutine, Sequence
from dataclasses import dataclass
from typing import Any, LiteralString

from azscraper.errors import NotFoundError
from azscraper.results import copying, row_meta
from azscraper.results.copying import read_ahead
from azscraper.results.selection import FITS, Where
from azscraper.store.db import Conn, Pool, count_rows, transaction
from azscraper.store.sent import Later

Key = tuple[int, int]
"""Ordinal of the target, position among its rows."""
START: Key = (-1, 0)
PAGE_ROWS = 1000
"""An answer of more rows is a download."""
_MOST_ROWS = 20_000
"""Rows that are read in one transaction, at most."""
_FIRST_ROWS = 250
_PRUNED = "The rows of this job were removed, as old ones are here"
_BATCH_BYTES = 8 * 1024 * 1024
"""A batch after the first has about so much, at most: two of them are in memory at a time."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which rows, and how."""

    where: Where | None = None
    """None: all."""
    meta: bool = False
    """With where each came from."""


ALL = Wanted()


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
        self,
        pool: Pool,
        job_id: str,
        *,
        after: Key = START,
        limit: int | None = None,
        first: Batch | None = None,
        wanted: Wanted = ALL,
    ) -> None:
        self._pool = pool
        self._wanted = wanted
        self._job_id = job_id
        self._after = after
        self._left = limit
        self._first = first
        self.next: Key | None = None
        """Once they are read: the key of the last one, where others follow that the limit left out."""

    async def __aiter__(self) -> AsyncIterator[bytes]:
        """The blocks."""
        first = self._first or await self._read(self._after, _FIRST_ROWS)
        async for block in read_ahead(first, self._behind):
            yield block

    def _behind(self, batch: Batch) -> Coroutine[Any, Any, Batch] | None:
        self.next = batch.next
        self._left = None if self._left is None else self._left - batch.asked
        return None if batch.next is None or self._left == 0 else self._read(batch.next, _size_behind(batch))

    async def _read(self, after: Key, size: int) -> Batch:
        size = size if self._left is None else min(size, self._left)
        async with transaction(self._pool) as conn:
            await snapshot(conn)
            return await _batch(conn, self._job_id, after, size, self._wanted)


def _size_behind(batch: Batch) -> int:
    """Rows of the next batch, by the size of those before."""
    size = sum(map(len, batch.blocks))
    return max(1, min(_MOST_ROWS, batch.asked * _BATCH_BYTES // max(size, 1)))


async def first_batch(
    conn: Conn, job_id: str, *, after: Key = START, limit: int | None = None, wanted: Wanted = ALL
) -> Batch:
    """What ``Rows`` begins with, for who has a transaction open in any case, with a ``snapshot``. Raises NotFoundError."""
    return await _batch(conn, job_id, after, _FIRST_ROWS if limit is None else min(limit, _FIRST_ROWS), wanted)


async def _batch(conn: Conn, job_id: str, after: Key, size: int, wanted: Wanted) -> Batch:
    last = await _last_key(conn, job_id, after, size, wanted.where)
    if wanted.meta:
        spans = await row_meta.spans_of_job(conn, job_id, after, until=last[0] + 1 if last else None)
        return Batch((await row_meta.read(conn, spans, where=wanted.where, limit=size)).blocks, size, last)
    fits: LiteralString = f"AND {FITS}" if wanted.where else ""
    blocks = await copying.copied(
        conn,
        f"""SELECT record FROM results WHERE job_id = %(job_id)s AND (ordinal, position) > (%(ordinal)s, %(position)s)
              {fits} ORDER BY ordinal, position LIMIT %(size)s""",
        {"job_id": job_id, "ordinal": after[0], "position": after[1], "size": size} | _params(wanted.where),
    )
    return Batch(blocks, size, last)


async def few(conn: Conn, job_id: str, wanted: Wanted) -> Later[Batch]:
    """As ``first_batch``, of a job with few rows: it may stand in a ``batched`` transaction, and no row has its meta.

    Rows by COPY come faster where they are many, but nothing can travel with it.
    """
    fits: LiteralString = f"AND {FITS}" if wanted.where else ""
    cursor = await conn.execute(
        f"""SELECT pruned_at IS NULL, ordinal, position, record::text FROM jobs LEFT JOIN
             (SELECT ordinal, position, record FROM results WHERE job_id = %(job_id)s {fits}
              ORDER BY ordinal, position LIMIT %(limit)s) AS first ON true
           WHERE id = %(job_id)s ORDER BY ordinal, position""",
        {"job_id": job_id, "limit": _FIRST_ROWS + 1} | _params(wanted.where),
    )

    async def batch() -> Batch:
        return _first(await cursor.fetchall())

    return batch


def _first(rows: Sequence[tuple[Any, ...]]) -> Batch:
    if not rows or not rows[0][0]:
        raise NotFoundError(_PRUNED)
    lines = [row[3] for row in rows[:_FIRST_ROWS] if row[3] is not None]
    block = "".join(f"{line}\n" for line in lines).encode()
    return Batch((block,) if block else (), _FIRST_ROWS, rows[-2][1:3] if len(rows) > _FIRST_ROWS else None)


def _params(where: Where | None) -> dict[str, list[str]]:
    return where.params if where else {}


async def _last_key(conn: Conn, job_id: str, after: Key, size: int, where: Where | None) -> Key | None:
    """The key of the batch's last row where others follow. Holds the job's partition to the end of the transaction."""
    fits: LiteralString = f"AND {FITS}" if where else ""
    cursor = await conn.execute(
        f"""SELECT pruned_at IS NULL, ordinal, position FROM jobs LEFT JOIN
             (SELECT ordinal, position FROM results
              WHERE job_id = %(job_id)s AND (ordinal, position) > (%(ordinal)s, %(position)s) {fits}
              ORDER BY ordinal, position OFFSET %(offset)s LIMIT 2) AS ends ON true
           WHERE id = %(job_id)s ORDER BY ordinal, position""",
        {"job_id": job_id, "ordinal": after[0], "position": after[1], "offset": size - 1} | _params(where),
    )
    rows = await cursor.fetchall()
    if not rows or not rows[0][0]:
        raise NotFoundError(_PRUNED)
    return (rows[0][1], rows[0][2]) if len(rows) > 1 else None


async def count(conn: Conn, job_id: str, where: Where) -> int:
    """How many rows of the job fit."""
    return await count_rows(
        conn, f"SELECT count(*) FROM results WHERE job_id = %(job_id)s AND {FITS}", {"job_id": job_id} | where.params
    )


async def snapshot(conn: Conn) -> None:
    """Make the caller's transaction see one state of the database: counts and rows fit together."""
    await conn.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
