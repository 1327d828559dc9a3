"""PostgreSQL: the pool, the visible transaction. Nothing here knows a table."""

import select
from collections.abc import AsyncGenerator, AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, fields
from datetime import datetime
from time import monotonic
from typing import Any, LiteralString, TypeVar

import psycopg
from anyio import CancelScope
from psycopg import sql
from psycopg.abc import RV, Params, PQGen
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg.pq import TransactionStatus
from psycopg.rows import TupleRow
from psycopg_pool import AsyncConnectionPool, PoolTimeout

import azscraper
from azscraper.errors import NotFoundError, UnavailableError
from azscraper.ids import require_id
from azscraper.store.sent import send

T = TypeVar("T")

_POOL_TIMEOUT_SECONDS = 10.0
"""How long a request waits for a connection before it is told that the service is unavailable."""
_RECONNECT_SECONDS = 10.0
"""The pool doubles the time between two attempts to connect until then; the next one who asks begins anew. With the library's five
minutes, a service stayed away for up to two after its database was back."""
_CONNECTING = {
    "connect_timeout": 5,
    "keepalives": 1,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 15_000,
}
"""libpq's own: a host that is gone is noticed within half a minute."""
_IDLE_IN_TRANSACTION_SECONDS = 60
_WAIT_INTERVAL_SECONDS = 0.1
_LEAST_PATIENCE_SECONDS = 1.0
_PREPARED = 500
"""Statements that stay prepared on a connection: more than a process has, so that none is prepared again and again."""
_LISTEN_SECONDS = 15.0
"""After so long without a notification a connection that listens is asked whether it lives."""
_WRONG_STATE = "25"
"""The class of SQLSTATEs that say that the transaction can't go on: read-only, ended by a timeout, failed before."""


SILENT = "The database does not answer"
_WHY = {"25006": "The database can't be written to", "53100": "The database's disk is full"}
"""What is told of an outage by its SQLSTATE."""


@dataclass(frozen=True, slots=True)
class Waits:
    """How long a process waits for the database, in seconds."""

    statement: int
    """The server ends a statement that takes longer."""
    lock: int
    """The server ends a statement that waits longer for a lock."""
    answer: float
    """A connection without any answer for longer is closed: a proxy may accept what it never delivers."""
    disk: bool = True
    """Whether a commit waits until it is durable; else a crash of the database takes the last half second back."""


CALLER_WAITS = Waits(statement=10, lock=8, answer=15)
"""Of a process that a person or a program waits for."""
WORKER_WAITS = Waits(statement=60, lock=30, answer=65)
UNHURRIED = Waits(statement=0, lock=0, answer=0)
"""Of migrations: 0 is no bound."""


class Conn(psycopg.AsyncConnection[TupleRow]):
    """A connection on which no wait for an answer is without an end: the end closes it."""

    longest_seconds = CALLER_WAITS.answer
    patience_seconds = CALLER_WAITS.answer
    """For the next wait; ``transaction`` sets it, ``longest_seconds`` less what it waited for the connection."""
    _is_listening = False

    async def wait(
        self,
        gen: PQGen[RV],
        interval: float = _WAIT_INTERVAL_SECONDS,
        timeout: float | None = None,  # noqa: ASYNC109 - psycopg's own signature
    ) -> RV:
        """Every exchange with the server passes here. Raises OperationalError when the answer does not come in time.

        A client of the service that hangs up ends its request behind the exchange: in the middle of it the connection would
        be lost, and the next one to ask would wait for a new one.
        """
        if timeout is not None or self._is_listening:
            return await super().wait(gen, interval, timeout)
        try:
            with CancelScope(shield=True):
                answer = await super().wait(gen, interval, self.patience_seconds)
        except psycopg.errors._WaitTimeout as exc:  # noqa: SLF001 - psycopg asks callers of wait to convert it
            self.pgconn.finish()
            raise psycopg.OperationalError(f"no answer for {self.patience_seconds:.0f} s") from exc
        return answer

    async def notifies(
        self,
        *,
        timeout: float | None = None,  # noqa: ASYNC109 - the same
        stop_after: int | None = None,
    ) -> AsyncGenerator[psycopg.Notify]:
        """As psycopg's: the one wait that may last for ever."""
        self._is_listening = True
        try:
            async for notify in super().notifies(timeout=timeout, stop_after=stop_after):
                yield notify
        finally:
            self._is_listening = False


Pool = AsyncConnectionPool[Conn]


def address(url: str, waits: Waits = WORKER_WAITS, *, part: str = "azscraper") -> str:
    """The URL as libpq takes it, in UTC and with bounds on every wait; what the URL sets itself wins.

    Of several hosts the one that can be written to is taken. ``part`` and the release are the connection's name in
    ``pg_stat_activity``, so that everybody sees who is connected.
    """
    given = conninfo_to_dict(url)
    several = {"target_session_attrs": "read-write"} if "," in str(given.get("host", "")) else {}
    options = " ".join(f"-c {name}={value}" for name, value in _session(waits).items())
    merged: dict[str, Any] = {
        **_CONNECTING,
        "application_name": f"{part}/{azscraper.__version__}",
        **several,
        **given,
        "options": f"{options} {given.get('options', '')}".strip(),
    }
    return make_conninfo(**merged)


def _session(waits: Waits) -> dict[str, str]:
    return {
        "TimeZone": "UTC",
        "statement_timeout": f"{waits.statement}s",
        "lock_timeout": f"{waits.lock}s",
        "idle_in_transaction_session_timeout": f"{_IDLE_IN_TRANSACTION_SECONDS}s",
    } | ({} if waits.disk else {"synchronous_commit": "off"})


@asynccontextmanager
async def open_pool(
    url: str,
    *,
    size: int = 10,
    least: int = 1,
    waits: Waits = WORKER_WAITS,
    part: str = "azscraper",
    autocommit: bool = False,
) -> AsyncIterator[Pool]:
    """A pool of ``least`` to ``size`` connections in UTC. Raises UnavailableError when the database does not answer.

    With ``autocommit`` each statement is a transaction by itself, without the ways to the server that begin and commit it.
    """

    async def configure(conn: Conn) -> None:
        conn.longest_seconds = conn.patience_seconds = waits.answer
        conn.prepared_max = _PREPARED
        await conn.set_autocommit(autocommit)

    pool: Pool = AsyncConnectionPool(
        address(url, waits, part=part),
        connection_class=Conn,
        min_size=least,
        max_size=size,
        timeout=min(_POOL_TIMEOUT_SECONDS, waits.answer),
        reconnect_timeout=_RECONNECT_SECONDS,
        open=False,
        configure=configure,
        check=_check,
    )
    try:
        await pool.open(wait=True, timeout=_POOL_TIMEOUT_SECONDS)
        yield pool
    except PoolTimeout as exc:
        raise UnavailableError(SILENT) from exc
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

    Raises UnavailableError when no connection is to be had, it breaks, or the database can't be written to.
    """
    began = monotonic()
    with telling_outages():
        conn = await pool.getconn()
        try:
            async with conn:
                conn.patience_seconds = max(conn.longest_seconds - (monotonic() - began), _LEAST_PATIENCE_SECONDS)
                yield conn
        finally:
            with CancelScope(shield=True):  # of who has hung up it would be lost while another one gets a connection
                await pool.putconn(conn)


@asynccontextmanager
async def batched(pool: Pool) -> AsyncIterator[Conn]:
    """A transaction as ``transaction`` gives, whose statements travel together up to the next one whose rows are read.

    That saves most ways to the server and back. Inside there are no row counts and no COPY, and what is wrong with a
    statement is raised when the next rows are read, or at the end.
    """
    async with transaction(pool) as conn, conn.pipeline():
        yield conn
        # travels with what waits to be sent; ``commit`` would take a way of its own
        await conn.execute("COMMIT", prepare=False)


@contextmanager
def telling_outages(hint: str = "") -> Iterator[None]:
    """Raises UnavailableError, with the hint in its message, instead of the library's error where the database is to blame."""
    try:
        yield
    except psycopg.Error as exc:
        if not _will_pass(exc):
            raise
        raise UnavailableError(_WHY.get(exc.sqlstate or "", SILENT) + hint) from exc


@asynccontextmanager
async def connection(url: str, waits: Waits) -> AsyncIterator[Conn]:
    """A connection of its own with one transaction, committed at the end of the block.

    Raises UnavailableError as ``transaction`` does, but with PostgreSQL's reason: for whoever looks for what is wrong.
    """
    try:
        async with await Conn.connect(address(url, waits)) as conn:
            conn.patience_seconds = waits.answer
            yield conn
    except psycopg.Error as exc:
        if not _will_pass(exc):
            raise
        raise UnavailableError(f"{SILENT}: {reason(exc)}") from exc


def reason(error: psycopg.Error) -> str:
    """What PostgreSQL says, in a line: what a statement was given is not in it."""
    said = error.diag.message_primary or str(error)
    telling = [line.strip() for line in said.splitlines() if line.strip()]
    return telling[0] if telling else type(error).__name__


async def require_writable(conn: Conn) -> None:
    """Leave a record in the log of the database and nowhere else, which fails on a full disk as any commit does.

    Raises UnavailableError where the database can only be read.
    """
    cursor = await conn.execute("SELECT current_setting('transaction_read_only')")
    if await cursor.fetchone() == ("on",):
        raise UnavailableError("The database can't be written to")
    await conn.execute("SELECT pg_logical_emit_message(true, 'azscraper', 'ready')")


def _will_pass(error: BaseException | None) -> bool:
    """Whether the database is to blame, and not the statement."""
    return isinstance(error, psycopg.OperationalError | psycopg.InterfaceError) or (
        isinstance(error, psycopg.Error) and (error.sqlstate or "").startswith(_WRONG_STATE)
    )


async def notifications(url: str, channel: LiteralString) -> AsyncGenerator[str | None]:
    """What is told on the channel, over a connection of its own; None once it listens: whatever came before is lost.

    Raises UnavailableError when the connection breaks, which a silent one does within half a minute.
    """
    with telling_outages():
        async with await Conn.connect(address(url, CALLER_WAITS), autocommit=True) as conn:
            await conn.execute(sql.SQL("LISTEN {}").format(sql.Identifier(channel)))
            yield None
            while True:
                async for notify in conn.notifies(timeout=_LISTEN_SECONDS):
                    yield notify.payload
                await conn.execute("SELECT 1")


@asynccontextmanager
async def at_once(pool: Pool) -> AsyncIterator[Conn]:
    """As ``transaction``, for a look: each statement is a transaction by itself, which saves the ways to begin and to commit one."""
    async with transaction(pool) as conn:
        await conn.set_autocommit(True)
        try:
            yield conn
        finally:
            if conn.info.transaction_status == TransactionStatus.IDLE:
                await conn.set_autocommit(False)
            else:  # nobody else may have one that commits by itself
                await conn.close()


@asynccontextmanager
async def looking(pool: Pool) -> AsyncIterator[Conn]:
    """As ``batched``, for a look that ends with its first answer: statements that travel together are a transaction by themselves."""
    async with at_once(pool) as conn, conn.pipeline():
        yield conn


async def fetch_one(conn: Conn, row: type[T], sql: LiteralString, params: Params = ()) -> T | None:
    """The first row as a ``row``, made as by ``send``, or None."""
    return await (await send(conn, row, sql, params)).one()


async def fetch_existing(conn: Conn, row: type[T], sql: LiteralString, params: Params = ()) -> T:
    """As ``fetch_one``, of a row that is there in any case."""
    return await (await send(conn, row, sql, params)).existing()


async def look_up(conn: Conn, row: type[T], sql: LiteralString, params: Params, *, what: str, named: str) -> T:
    """As ``fetch_one``, of the row that a caller names by its id, ``named``. Raises NotFoundError ("Job not found")."""
    require_id(named, what)
    found = await fetch_one(conn, row, sql, params)
    if found is None:
        raise NotFoundError(f"{what} not found")
    return found


SWEPT = 100
"""Expired rows that one write takes with it: more than one write adds, and no more than it can bear."""


async def sweep(
    conn: Conn, table: LiteralString, key: LiteralString, expired: LiteralString, at: datetime, *, most: int = SWEPT
) -> int:
    """Remove rows of which ``expired`` (``ends_at < %s``) holds ``at`` a time; how many. Rows that are locked are left."""
    sql: LiteralString = f"""DELETE FROM {table} WHERE {key} IN
        (SELECT {key} FROM {table} WHERE {expired} LIMIT %s FOR UPDATE SKIP LOCKED)"""
    return (await conn.execute(sql, [at, most])).rowcount


async def fetch_all(conn: Conn, row: type[T], sql: LiteralString, params: Params = ()) -> list[T]:
    """All rows, made as by ``send``."""
    return await (await send(conn, row, sql, params)).all()


async def scalar(conn: Conn, expected: type[T], sql: LiteralString, params: Params = ()) -> T | None:
    """The first column of the first row, None when there is no row; ``expected`` is its type."""
    row = await (await conn.execute(sql, params)).fetchone()
    if row is None or row[0] is None:
        return None
    assert isinstance(row[0], expected)  # noqa: S101 - a wrong type here is a bug in the SQL beside the call
    return row[0]


def like(text: str) -> str:
    """The pattern of LIKE for texts that hold this one: its own ``%``, ``_`` and backslashes are letters."""
    letters = text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{letters}%"


async def count_rows(conn: Conn, sql: LiteralString, params: Params = ()) -> int:
    """The number that the statement counts."""
    return await scalar(conn, int, sql, params) or 0


def columns_of(row: type) -> LiteralString:
    """The columns that make a value: they have its fields' names."""
    return ", ".join(field.name for field in fields(row))
