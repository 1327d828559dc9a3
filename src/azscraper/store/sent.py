"""Statements on their way, and what their rows become."""

from collections.abc import Awaitable, Callable, Mapping
from functools import cache, partial
from typing import Any, Generic, LiteralString, TypeVar, get_type_hints

import psycopg
from psycopg.abc import Params
from psycopg.rows import BaseRowFactory, TupleRow, class_row, kwargs_row

from azscraper.errors import NotFoundError

T = TypeVar("T")
Later = Callable[[], Awaitable[T]]
"""Reads the answer to what was sent, and raises what is wrong with it. Also after the transaction has ended."""


class Sent(Generic[T]):
    """A statement whose rows are read when they are needed: in ``batched`` others travel with it until then."""

    def __init__(self, cursor: psycopg.AsyncCursor[T]) -> None:
        self._cursor = cursor

    async def one(self) -> T | None:
        """The first row."""
        return await self._cursor.fetchone()

    async def existing(self) -> T:
        """The first row, which is there in any case: it was just written, or is locked, or a sum."""
        found = await self.one()
        assert found is not None  # noqa: S101 - no row is a bug in the SQL beside the call
        return found

    async def found(self, what: str) -> T:
        """The first row. Raises NotFoundError ("Job not found") where there is none."""
        if (found := await self.one()) is None:
            raise NotFoundError(f"{what} not found")
        return found

    async def all(self) -> list[T]:
        """All rows."""
        return await self._cursor.fetchall()


async def send(
    conn: psycopg.AsyncConnection[TupleRow], row: type[T], sql: LiteralString, params: Params = ()
) -> Sent[T]:
    """The statement, on its way; its rows as ``row`` values (columns by name). A column whose type has an ``of_json`` is made by that."""
    cursor = conn.cursor(row_factory=_rows_of(row))
    await cursor.execute(sql, params)
    return Sent(cursor)


def _rows_of(row: type[T]) -> BaseRowFactory[T]:
    models = _models(row)  # type: ignore[arg-type]  # a class, which is hashable
    return kwargs_row(partial(_made, row, models)) if models else class_row(row)


@cache
def _models(row: type) -> dict[str, Callable[[Any], Any]]:
    """By the names of the columns that hold one: what makes a model of its JSON."""
    return {name: hint.of_json for name, hint in get_type_hints(row).items() if hasattr(hint, "of_json")}


def _made(row: type[T], models: Mapping[str, Callable[[Any], Any]], **columns: Any) -> T:
    for name, of_json in models.items():
        columns[name] = of_json(columns[name])
    return row(**columns)


async def nothing() -> list[Any]:
    """Of what was not asked for."""
    return []
