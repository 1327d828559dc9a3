"""The pool."""

import psycopg

from azscraper.store import db


async def test_a_connection_that_the_server_closed_is_not_handed_out(database_url: str) -> None:
    async with db.open_pool(database_url, size=1) as pool:
        async with db.transaction(pool) as conn:
            pid = await db.scalar(conn, int, "SELECT pg_backend_pid()")
        with psycopg.connect(database_url, autocommit=True) as other:
            other.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])
        async with db.transaction(pool) as conn:
            assert await db.scalar(conn, int, "SELECT pg_backend_pid()") != pid
