"""The rows of a project in the order in which they were stored, to be read forwards from a place that is kept: none twice, none missed.

Each storing transaction takes the next numbers of the project's feed, as its last statement: whoever comes after waits for
its commit, so that a reader who sees a number has seen all before it. Failed targets are a feed of their own. What
retention removed leaves a gap in the numbers, by which a reader is told how much that was.
"""

from collections.abc import AsyncIterator, Coroutine, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from psycopg.types.multirange import Multirange
from psycopg.types.range import Range

from azscraper.errors import InvalidInputError
from azscraper.results import row_meta, stored
from azscraper.results.copying import Lines, read_ahead
from azscraper.results.row_meta import Origin, Span
from azscraper.results.selection import Where
from azscraper.store.db import Conn, Pool, fetch_all, transaction

_BATCHES_AT_ONCE = 1000
_FIRST_ROWS = 2000
_MOST_ROWS = 20_000
_PART_BYTES = 8 * 1024 * 1024
"""So much is read in one transaction, about."""
MOST_BYTES = 32 * 1024 * 1024
"""Of one reading, about: whoever takes an answer whole needs no more memory where rows are large."""
_MOST_PARTS = 100
"""A reader who wants few of many rows gets what was found in so many, and a cursor."""


async def add(conn: Conn, project_id: str, job_id: str, *, rows: Mapping[int, int], failed: Sequence[int]) -> None:
    """Number the rows of some targets (by ordinal: how many), and the failed ones. The caller's last statement."""
    count = sum(rows.values())
    if not count and not failed:
        return
    with_rows = _ranges([ordinal for ordinal, rows_of in rows.items() if rows_of])
    await conn.execute(
        "SELECT feed(%s, %s, %s::int, %s::int4multirange, %s::int, %s::int4multirange)",
        [project_id, job_id, count, with_rows, len(failed), _ranges(failed)],
    )


def _ranges(ordinals: Sequence[int]) -> str:
    return f"{{{','.join(f'[{ordinal},{ordinal}]' for ordinal in ordinals)}}}"


@dataclass(frozen=True, slots=True)
class Place:
    """How far a reader has come: the number of the last row in the feed; its target's ordinal and its position there."""

    number: int = 0
    ordinal: int = 0
    position: int = 0

    @property
    def cursor(self) -> str:
        """As text."""
        return f"{self.number}.{self.ordinal}.{self.position}"

    @classmethod
    def of_cursor(cls, text: str) -> "Place":
        """Of the text, which has the form of one."""
        return cls(*map(int, text.split(".")))


@dataclass(frozen=True, slots=True)
class _Batch:
    """Rows that were stored together, with the numbers behind ``start`` up to ``seq``."""

    seq: int
    size: int
    ordinals: Multirange[int]
    type: str
    is_kept: bool
    job_id: str
    project_id: str
    schedule_id: str | None
    list_id: str | None
    job_created_at: datetime
    stored_at: datetime

    @property
    def start(self) -> int:
        return self.seq - self.size

    def spans(self, place: Place) -> list[Span]:
        """What is left of it for a reader who has come so far."""
        origin = Origin(
            self.job_id, self.project_id, self.schedule_id, self.list_id, self.job_created_at, self.stored_at
        )
        spans = [_span(origin, one) for one in self.ordinals]
        if place.number <= self.start:
            return spans
        left = [span for span in spans if span.until > place.ordinal]
        if left and left[0].first <= place.ordinal:
            left[0] = Span(origin, place.ordinal, left[0].until, place.position or 1)
        return left


def _span(origin: Origin, ordinals: Range[int]) -> Span:
    assert ordinals.lower is not None and ordinals.upper is not None  # noqa: S101, PT018 - all are bounded
    return Span(origin, ordinals.lower, ordinals.upper)


class Feed:
    """The rows behind a place, at most ``limit`` and about 32 MiB, of jobs of one type where it is named. Iterates once, over blocks of JSON lines.

    Reads part by part, each in a short transaction. The caller has checked whose project it is. Raises UnavailableError.
    """

    def __init__(
        self,
        pool: Pool,
        project_id: str,
        place: Place,
        *,
        limit: int,
        failed: bool = False,
        kind: str | None = None,
        where: Where | None = None,
    ) -> None:
        self._pool = pool
        self._project_id = project_id
        self._failed = failed
        self._kind = kind
        self._where = where
        self._left = limit
        self._bytes = 0
        self._parts = 0
        self.place = place
        """How far it has come."""
        self.skipped = 0
        """How many rows on the way were removed by retention."""
        self.has_more = True
        """Whether rows follow, as far as is known."""

    async def __aiter__(self) -> AsyncIterator[bytes]:
        """The blocks."""
        async for block in read_ahead(await self._part(_FIRST_ROWS), self._behind):
            yield block

    def _behind(self, part: Lines) -> Coroutine[Any, Any, Lines] | None:
        size = sum(map(len, part.blocks))
        self._bytes += size
        if not self.has_more or self._left <= 0 or self._parts >= _MOST_PARTS or self._bytes >= MOST_BYTES:
            return None
        return self._part(part.count * _PART_BYTES // size if size else _MOST_ROWS)

    async def _part(self, size: int) -> Lines:
        """The next rows, at most so many; goes on to behind them."""
        most = min(max(size, 1), _MOST_ROWS, self._left)
        async with transaction(self._pool) as conn:
            await stored.snapshot(conn)
            part = await self._read(conn, most)
        self._left -= part.count
        self._parts += 1
        return part

    async def _read(self, conn: Conn, most: int) -> Lines:
        batches = await self._batches(conn)
        taken = self._taken(batches, most)
        spans = [span for batch in taken if self._wants(batch) for span in batch.spans(self.place)]
        lines = await row_meta.read(conn, spans, failed=self._failed, where=self._where, limit=most)
        if self._where:
            return await self._go_on_fitting(conn, batches, taken, lines, most)
        left_over = sum(self._left_of(batch) for batch in taken if self._wants(batch)) - lines.count
        if left_over:
            last = row_meta.last_of(lines)
            self._go_on(taken, Place(taken[-1].seq - left_over, last.ordinal, last.position))
        elif taken:
            self._go_on(taken, Place(taken[-1].seq))
        self.has_more = bool(left_over) or len(taken) < len(batches) or len(batches) == _BATCHES_AT_ONCE
        return lines

    async def _go_on_fitting(
        self, conn: Conn, batches: Sequence[_Batch], taken: Sequence[_Batch], lines: Lines, most: int
    ) -> Lines:
        """As many rows as were wanted may end anywhere; fewer are all that fit of what was taken."""
        self.has_more = lines.count == most or len(taken) < len(batches) or len(batches) == _BATCHES_AT_ONCE
        if lines.count < most:
            self._go_on(taken, Place(taken[-1].seq) if taken else self.place)
            return lines
        last = row_meta.last_of(lines)
        number, batch = next(
            (number, batch)
            for number, batch in enumerate(taken, 1)
            if batch.job_id == last.job_id and any(last.ordinal in ordinals for ordinals in batch.ordinals)
        )
        cursor = await conn.execute(
            """SELECT count(*) FROM results
               WHERE job_id = %s AND ordinal <@ %s::int4multirange AND (ordinal, position) > (%s, %s)""",
            [batch.job_id, batch.ordinals, last.ordinal, last.position],
        )
        row = await cursor.fetchone()
        behind = row[0] if row else 0
        self._go_on(taken[:number], Place(batch.seq - behind, last.ordinal, last.position))
        return lines

    async def _batches(self, conn: Conn) -> list[_Batch]:
        return await fetch_all(
            conn,
            _Batch,
            """SELECT b.seq, b.size, b.ordinals, j.type, j.pruned_at IS NULL AS is_kept, b.job_id, b.project_id, j.schedule_id,
                      j.list_id, j.created_at AS job_created_at, b.stored_at
               FROM row_batches b JOIN jobs j ON j.id = b.job_id
               WHERE b.project_id = %s AND b.failed = %s AND b.seq > %s ORDER BY b.seq LIMIT %s""",
            [self._project_id, self._failed, self.place.number, _BATCHES_AT_ONCE],
        )

    def _taken(self, batches: Sequence[_Batch], most: int) -> list[_Batch]:
        """The first ones, as far as they have not more rows than are to be read, or one that has."""
        most = _MOST_ROWS if self._where else most
        taken = []
        for batch in batches:
            taken.append(batch)
            most -= self._left_of(batch) if self._wants(batch) else 0
            if most <= 0:
                break
        return taken

    def _wants(self, batch: _Batch) -> bool:
        return batch.is_kept and self._kind in {None, batch.type}

    def _left_of(self, batch: _Batch) -> int:
        return batch.seq - max(batch.start, self.place.number)

    def _go_on(self, taken: Sequence[_Batch], place: Place) -> None:
        number = self.place.number
        for batch in taken:
            self.skipped += max(batch.start - number, 0)
            self.skipped += 0 if batch.is_kept else batch.seq - max(batch.start, number)
            number = batch.seq
        self.place = place


async def place_of(conn: Conn, project_id: str, cursor: str, *, failed: bool) -> Place:
    """Of a cursor, which has the form of one. Raises InvalidInputError for one that lies behind the end of the feed.

    That of the very end is valid, and those of rows that were removed: the numbers of a feed never go back.
    """
    place = Place.of_cursor(cursor)
    found = await conn.execute(
        "SELECT CASE WHEN %s THEN failures ELSE rows END FROM project_feeds WHERE project_id = %s", [failed, project_id]
    )
    row = await found.fetchone()
    if place.number > (row[0] if row else 0):
        raise InvalidInputError.of("cursor", "is of another project, or of another feed")
    return place


async def place_at(conn: Conn, project_id: str, *, failed: bool, since: datetime) -> Place:
    """Before the first row that was stored then or later; where there is none, behind the last one."""
    cursor = await conn.execute(
        """SELECT coalesce(
               (SELECT seq - size FROM row_batches WHERE project_id = %(project_id)s AND failed = %(failed)s
                  AND stored_at >= %(since)s ORDER BY stored_at, seq LIMIT 1),
               (SELECT CASE WHEN %(failed)s THEN failures ELSE rows END FROM project_feeds WHERE project_id = %(project_id)s),
               0)""",
        {"project_id": project_id, "failed": failed, "since": since},
    )
    row = await cursor.fetchone()
    return Place(row[0] if row else 0)
