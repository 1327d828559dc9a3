"""Rows out of the store by COPY, as blocks of lines: no row becomes an object here."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from dataclasses import dataclass
from typing import Any, LiteralString, Protocol, TypeVar

from psycopg.abc import Params, PQGen
from psycopg.errors import error_from_result
from psycopg.generators import fetch_many
from psycopg.pq import ExecStatus, TransactionStatus
from psycopg.pq.abc import PGconn
from psycopg.waiting import WAIT_R

from azscraper.store.db import Conn

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


class Part(Protocol):
    """What is read in one transaction."""

    @property
    def blocks(self) -> tuple[bytes, ...]:
        """Whole lines."""


_Part = TypeVar("_Part", bound=Part)


async def read_ahead(
    first: _Part, behind: Callable[[_Part], Coroutine[Any, Any, _Part] | None]
) -> AsyncIterator[bytes]:
    """The blocks of all parts; ``behind`` reads the one that follows, None behind the last, while the client takes this one."""
    part = first
    while True:
        reading = behind(part)
        ahead = None if reading is None else asyncio.create_task(reading)
        if ahead is not None:  # nobody asks for its error when the client is gone
            ahead.add_done_callback(lambda task: task.cancelled() or task.exception())
        for block in part.blocks:
            yield block
        if ahead is None:
            return
        part = await ahead


async def copied_bytes(conn: Conn, query: LiteralString, params: Params) -> Lines:
    """What the query brings, a value of bytes each row, which ends with a line break."""
    blocks: list[bytes] = []
    count = 0
    async with conn.cursor() as cursor, cursor.copy(f"COPY ({query}) TO STDOUT (FORMAT binary)", params):
        while part := await conn.wait(_binary_block(conn.pgconn, 0 if count else _BINARY_HEAD)):
            blocks.append(part[0])
            count += part[1]
    return Lines(tuple(blocks), count)


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
        if size > head + _BINARY_END:  # of no rows, the end comes with the head
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
