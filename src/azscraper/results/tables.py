"""A job's rows as a table: a page of them, sorted and filtered by the store.

Apart from ``stored``, which streams whole records: here a person looks at a hundred at a time.
"""

from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, LiteralString

import psycopg

from azscraper.errors import UnavailableError
from azscraper.kinds.kind import Column
from azscraper.store.db import Conn, count_rows, like


@dataclass(frozen=True, slots=True)
class View:
    """What is to be seen: of which rows, in what order, from where on."""

    text: str = ""
    """In title, ASIN, brand or keyword, whatever the case."""
    lowest: float | None = None
    """Price."""
    highest: float | None = None
    sort: Column | None = None
    """None is the order of the targets, then of the positions."""
    descending: bool = False
    limit: int = 100
    offset: int = 0

    @property
    def is_filtered(self) -> bool:
        """Whether some rows may be left out."""
        return bool(self.text) or self.lowest is not None or self.highest is not None


_WHERE: LiteralString = """job_id = %(job_id)s
    AND (%(text)s::text IS NULL OR concat_ws(' ', record ->> 'title', record ->> 'asin', record #>> '{brand,name}',
         record ->> 'brand', record ->> 'keyword') ILIKE %(text)s)
    AND (%(lowest)s::numeric IS NULL OR (record #>> '{price,amount}')::numeric >= %(lowest)s)
    AND (%(highest)s::numeric IS NULL OR (record #>> '{price,amount}')::numeric <= %(highest)s)"""
_VALUE: dict[bool, LiteralString] = {
    True: "(record #>> %(path)s::text[])::numeric",
    False: "lower(record #>> %(path)s::text[])",
}
_PLAIN_LINES: LiteralString = "(FORMAT csv, DELIMITER E'\\x02', QUOTE E'\\x01', NULL '{}')"
"""PostgreSQL's CSV as plain JSON, one record a line: records hold no control characters, JSON escapes them."""
_ORDER: dict[bool, LiteralString] = {False: "ASC", True: "DESC"}


async def find_slice(conn: Conn, job_id: str, view: View) -> list[dict[str, Any]]:
    """The records to be seen; those without the value that is sorted by come last. The caller has checked whose job it is."""
    sql: LiteralString = f"SELECT record FROM results WHERE {_WHERE} ORDER BY {_order(view)}ordinal, position LIMIT %(limit)s OFFSET %(offset)s"
    with in_time():
        cursor = await conn.execute(sql, _params(job_id, view))
        return [row[0] for row in await cursor.fetchall()]


@contextmanager
def in_time() -> Iterator[None]:
    """The database ends what takes too long: it reads all rows of the job. Raises UnavailableError."""
    try:
        yield
    except psycopg.errors.QueryCanceled as exc:
        raise UnavailableError("This job has too many rows for the filter; export them and filter the file") from exc


async def lines(conn: Conn, job_id: str, view: View, keys: Sequence[str]) -> AsyncIterator[bytes]:
    """Blocks of JSON lines: all rows of the view in its order, with these of the record's keys; all keys where none is named.

    The caller has checked whose job it is, and keeps nobody's download waiting on the open transaction.
    """
    record: LiteralString = "(SELECT json_object_agg(key, value) FROM json_each(record) WHERE key = ANY(%(keys)s))"
    select = (
        f"SELECT {record if keys else 'record'} FROM results WHERE {_WHERE} ORDER BY {_order(view)}ordinal, position"
    )
    params = _params(job_id, view) | {"keys": list(keys)}
    with in_time():
        async with conn.cursor() as cursor, cursor.copy(f"COPY ({select}) TO STDOUT {_PLAIN_LINES}", params) as copy:
            async for block in copy:
                yield bytes(block)


def _order(view: View) -> LiteralString:
    if view.sort is None:
        return ""
    return f"{_VALUE[view.sort.is_number]} {_ORDER[view.descending]} NULLS LAST, "


async def count(conn: Conn, job_id: str, view: View) -> int:
    """How many rows there are to be seen on all pages."""
    with in_time():
        return await count_rows(conn, f"SELECT count(*) FROM results WHERE {_WHERE}", _params(job_id, view))


def _params(job_id: str, view: View) -> dict[str, Any]:
    return {
        "job_id": job_id,
        "text": like(view.text) if view.text else None,
        "lowest": view.lowest,
        "highest": view.highest,
        "path": view.sort.sort_path if view.sort else None,
        "limit": view.limit,
        "offset": view.offset,
    }


def value(record: dict[str, Any], path: Sequence[str]) -> Any:
    """What stands there in the record; None where nothing does."""
    found: Any = record
    for key in path:
        if isinstance(found, dict):
            found = found.get(key)
        elif isinstance(found, list) and key.isdecimal() and int(key) < len(found):
            found = found[int(key)]
        else:
            return None
    return found
