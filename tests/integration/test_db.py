"""The embedded server's start."""

import fcntl
import os
from pathlib import Path

import psycopg
import pytest

from azscraper import db


def test_starts_by_root_wait_for_one_another(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(db, "gettempdir", lambda: str(tmp_path))
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    with (
        db.one_start_at_a_time(),
        (tmp_path / "azscraper-root.lock").open("w") as other,
        pytest.raises(BlockingIOError),
    ):
        fcntl.flock(other, fcntl.LOCK_EX | fcntl.LOCK_NB)
    with (tmp_path / "azscraper-root.lock").open("w") as other:
        fcntl.flock(other, fcntl.LOCK_EX | fcntl.LOCK_NB)


async def test_a_connection_that_the_server_closed_is_not_handed_out(database_url: str) -> None:
    async with db.open_pool(database_url, size=1) as pool:
        async with db.transaction(pool) as conn:
            pid = await db.scalar(conn, int, "SELECT pg_backend_pid()")
        with psycopg.connect(database_url, autocommit=True) as other:
            other.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])
        async with db.transaction(pool) as conn:
            assert await db.scalar(conn, int, "SELECT pg_backend_pid()") != pid
