"""The pool, and statements on their way."""

import asyncio
from dataclasses import dataclass

import anyio
import psycopg
import pytest

from azscraper.errors import NotFoundError, UnavailableError
from azscraper.store import db
from azscraper.store.sent import send


@dataclass(frozen=True)
class _Number:
    n: int


async def test_a_connection_that_the_server_closed_is_not_handed_out(database_url: str) -> None:
    async with db.open_pool(database_url, size=1) as pool:
        async with db.transaction(pool) as conn:
            pid = await db.scalar(conn, int, "SELECT pg_backend_pid()")
        with psycopg.connect(database_url, autocommit=True) as other:
            other.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])
        async with db.transaction(pool) as conn:
            assert await db.scalar(conn, int, "SELECT pg_backend_pid()") != pid


async def test_who_hangs_up_in_the_middle_of_a_statement_costs_no_connection(database_url: str) -> None:
    async def look(pool: db.Pool, seconds: float) -> int:
        async with db.transaction(pool) as conn:
            return await db.scalar(conn, int, "SELECT pg_backend_pid() FROM pg_sleep(%s)", [seconds])

    async with db.open_pool(database_url, size=1) as pool:
        pid = await look(pool, 0)
        for _ in range(3):
            async with anyio.create_task_group() as request:  # as starlette runs one
                request.start_soon(look, pool, 0.05)
                await anyio.sleep(0.01)
                request.cancel_scope.cancel()
            assert await look(pool, 0) == pid


async def test_who_hangs_up_while_the_pool_is_busy_costs_no_connection(database_url: str) -> None:
    begun = anyio.Event()

    async def hold(pool: db.Pool) -> None:
        async with db.transaction(pool):
            begun.set()
            await anyio.sleep_forever()

    async with db.open_pool(database_url, size=1) as pool:
        async with anyio.create_task_group() as request:
            request.start_soon(hold, pool)
            await begun.wait()
            lock = pool._lock  # noqa: SLF001 - as while another one gets a connection
            await lock.acquire()
            asyncio.get_running_loop().call_later(0.1, lock.release)
            request.cancel_scope.cancel()
        pool.timeout = 1
        async with db.transaction(pool) as conn:
            assert await db.scalar(conn, int, "SELECT 1") == 1


async def test_batched_statements_are_one_transaction(pool: db.Pool) -> None:
    async with db.transaction(pool) as conn:
        await conn.execute("CREATE TABLE batched (n int PRIMARY KEY)")
    try:
        async with db.batched(pool) as conn:
            await conn.execute("INSERT INTO batched VALUES (1)")
            assert await db.scalar(conn, int, "SELECT n FROM batched") == 1
            await conn.execute("INSERT INTO batched VALUES (2)")
        with pytest.raises(RuntimeError):
            async with db.batched(pool) as conn:
                await conn.execute("INSERT INTO batched VALUES (3)")
                raise RuntimeError
        with pytest.raises(psycopg.errors.UniqueViolation):  # at the end, where no rows are read
            async with db.batched(pool) as conn:
                await conn.execute("INSERT INTO batched VALUES (4)")
                await conn.execute("INSERT INTO batched VALUES (1)")
                await conn.execute("INSERT INTO batched VALUES (5)")
        async with db.transaction(pool) as conn:
            rows = await (await conn.execute("SELECT n FROM batched ORDER BY n")).fetchall()
        assert rows == [(1,), (2,)]
    finally:
        async with db.transaction(pool) as conn:
            await conn.execute("DROP TABLE batched")


async def test_a_look_leaves_no_connection_that_commits_by_itself(pool: db.Pool) -> None:
    async with db.looking(pool) as conn:
        assert await db.scalar(conn, int, "SELECT 1") == 1
    with pytest.raises(psycopg.errors.DivisionByZero):
        async with db.looking(pool) as conn:
            await conn.execute("SELECT 1 / 0")
    with pytest.raises(UnavailableError):
        async with db.at_once(pool) as conn:
            await conn.execute("SELECT pg_terminate_backend(pg_backend_pid())")
    for _ in range(2):
        async with db.transaction(pool) as conn:
            assert not conn.autocommit
            assert await db.scalar(conn, int, "SELECT 1") == 1


async def test_what_was_sent_is_read_later(pool: db.Pool) -> None:
    async with db.batched(pool) as conn:
        first = await send(conn, _Number, "SELECT 1 AS n")
        second = await send(conn, _Number, "SELECT n FROM generate_series(2, 3) AS n")
        assert await first.found("Number") == _Number(1)
    assert await second.all() == [_Number(2), _Number(3)]
    async with db.batched(pool) as conn:
        none = await send(conn, _Number, "SELECT 1 AS n WHERE false")
    with pytest.raises(NotFoundError, match="Number not found"):
        await none.found("Number")
