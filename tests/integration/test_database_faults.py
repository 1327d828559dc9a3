"""A database that is silent, stopped, read-only or gone in the middle: no wait is without an end, and callers are told 503."""

import asyncio
import os
import signal
from collections.abc import Awaitable, Callable, Iterator
from contextlib import AsyncExitStack, contextmanager
from datetime import timedelta

import httpx
import psycopg
import pytest

from azscraper.clock import utc_now
from azscraper.errors import UnavailableError
from azscraper.store import db, migrations, partitions, queue, roles
from azscraper.store.db import Waits
from azscraper.tenants.keyring import Keyring
from azscraper.web.deps import Services
from azscraper.web.readiness import Readiness
from dbproxy import DatabaseProxy, Mode, database_proxy
from integration.conftest import SECRET
from integration.one_app import App

_HASTY = Waits(statement=10, lock=8, answer=1.0)
_SOON_SECONDS = 20.0


@pytest.fixture
def proxy(database_url: str) -> Iterator[DatabaseProxy]:
    with database_proxy(database_url) as proxy:
        yield proxy


async def _one(pool: db.Pool) -> int | None:
    async with db.transaction(pool) as conn:
        return await db.scalar(conn, int, "SELECT 1")


async def test_a_wait_for_a_silent_database_ends_and_closes_the_connection(proxy: DatabaseProxy) -> None:
    async with db.open_pool(proxy.url, size=1, waits=_HASTY) as pool:
        assert await _one(pool) == 1
        proxy.mode = Mode.SILENT
        async with asyncio.timeout(_SOON_SECONDS):
            with pytest.raises(UnavailableError):
                await _one(pool)
            proxy.mode = Mode.OPEN
            assert await _one(pool) == 1


async def test_a_silence_in_the_middle_of_a_transaction_is_no_hang(proxy: DatabaseProxy) -> None:
    async with db.open_pool(proxy.url, size=1, waits=_HASTY) as pool, asyncio.timeout(_SOON_SECONDS):
        with pytest.raises(UnavailableError):
            async with db.transaction(pool) as conn:
                await conn.execute("SELECT 1")
                proxy.mode = Mode.SILENT  # the commit is not answered
        proxy.mode = Mode.OPEN
        assert await _one(pool) == 1


async def test_callers_of_a_silent_database_get_503(proxy: DatabaseProxy) -> None:
    async with db.open_pool(proxy.url, size=2, waits=_HASTY) as pool, asyncio.timeout(_SOON_SECONDS):
        transport = httpx.ASGITransport(App(Services(pool, Keyring(SECRET), "unlimited", utc_now)))
        async with httpx.AsyncClient(transport=transport, base_url="http://test") as http:
            body = {"email": "ann@example.com", "password": "correct horse battery"}
            made = await http.post("/auth/register", json=body)
            assert made.status_code == 201
            proxy.mode = Mode.SILENT
            answer = await http.post("/auth/login", json=body)
            assert (answer.status_code, answer.json()["error"]["code"]) == (503, "UNAVAILABLE")
            assert int(answer.headers["Retry-After"]) > 0
            http.cookies.set("azscraper_session", made.json()["accessToken"])
            page = await http.get("/app/projects?show=archived")
            assert page.status_code == 503
            assert "data-outage>" in page.text  # for the script that opens the page when it can
            assert 'href="/app/projects?show=archived">Try again</a>' in page.text
            part = await http.get("/app/projects", headers={"HX-Request": "true"})
            assert 'class="alert bad" data-outage' in part.text


async def test_pages_of_a_silent_database_wait_once(proxy: DatabaseProxy) -> None:
    async with (
        db.open_pool(proxy.url, size=2, waits=_HASTY) as pool,
        db.open_pool(proxy.url, size=1, least=0, waits=_HASTY) as probe,
        asyncio.timeout(3 * _SOON_SECONDS),
    ):
        readiness = Readiness(probe)
        services = Services(pool, Keyring(SECRET), "unlimited", utc_now, readiness=readiness)
        async with httpx.AsyncClient(transport=httpx.ASGITransport(App(services)), base_url="http://test") as http:
            made = await http.post("/auth/register", json={"email": "ann@example.com", "password": "correct horse pin"})
            http.cookies.set("azscraper_session", made.json()["accessToken"])

            async def page() -> tuple[int, bool]:
                """Its status, and whether it waited for a connection."""
                waited = pool.get_stats()["requests_num"]
                answer = await http.get("/app/settings")
                assert ("data-outage>" in answer.text) == (answer.status_code == 503)
                return answer.status_code, pool.get_stats()["requests_num"] > waited

            proxy.mode = Mode.SILENT
            assert await page() == (503, True)
            while not readiness.knows_silence:
                await asyncio.sleep(0.01)
            assert [await page() for _ in range(5)] == [(503, False)] * 5
            proxy.mode = Mode.OPEN
            while readiness.knows_silence:
                await asyncio.sleep(0.01)
            async with AsyncExitStack() as stack:  # a busy pool is no outage
                for _ in range(pool.max_size):
                    await stack.enter_async_context(db.transaction(pool))
                assert await page() == (503, True)
                await readiness.require()
                assert await page() == (503, True)
            assert await page() == (200, True)


async def test_a_slow_database_is_waited_for(proxy: DatabaseProxy) -> None:
    proxy.mode = Mode.SLOW
    async with db.open_pool(proxy.url, size=1, waits=_HASTY) as pool:
        assert await _one(pool) == 1


async def test_a_cut_connection_is_an_outage_and_no_error_of_ours(proxy: DatabaseProxy) -> None:
    async with db.open_pool(proxy.url, size=1) as pool:
        assert await _one(pool) == 1
        proxy.mode = Mode.RESET
        with pytest.raises(UnavailableError):
            await _one(pool)
        proxy.mode = Mode.OPEN
        assert await _one(pool) == 1


async def test_listening_may_last_longer_than_any_other_wait(database_url: str) -> None:
    async with db.open_pool(database_url, size=2, waits=Waits(10, 8, 0.2)) as pool, pool.connection() as conn:
        await conn.set_autocommit(True)
        await conn.execute("LISTEN here")
        heard = conn.notifies()
        listening = asyncio.create_task(anext(heard))
        await asyncio.wait([listening], timeout=0.5)
        assert not listening.done()
        async with db.transaction(pool) as other:
            await other.execute("NOTIFY here, 'heard'")
        assert (await asyncio.wait_for(listening, _SOON_SECONDS)).payload == "heard"
        await heard.aclose()


@contextmanager
def stopped(pid: int) -> Iterator[None]:
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(pid, signal.SIGCONT)


async def test_a_stopped_server_process_is_no_hang(database_url: str) -> None:
    async with db.open_pool(database_url, size=1, waits=_HASTY) as pool:
        async with db.transaction(pool) as conn:
            pid = await db.scalar(conn, int, "SELECT pg_backend_pid()")
        assert pid is not None
        with stopped(pid):
            async with asyncio.timeout(_SOON_SECONDS):
                with pytest.raises(UnavailableError):
                    await _one(pool)


@pytest.mark.parametrize(
    "statements",
    [
        ["SET TRANSACTION READ ONLY", "CREATE TABLE t (a int)"],
        ["SET LOCAL idle_in_transaction_session_timeout = 1", "SELECT pg_sleep(0)", None, "SELECT 1"],
        ["SET LOCAL statement_timeout = 1", "SELECT pg_sleep(5)"],
        ["SELECT pg_terminate_backend(pg_backend_pid())", "SELECT 1"],
    ],
)
async def test_what_the_database_can_not_do_now_is_an_outage(database_url: str, statements: list[str | None]) -> None:
    async with db.open_pool(database_url, size=1) as pool:
        with pytest.raises(UnavailableError):
            async with db.transaction(pool) as conn:
                for statement in statements:
                    if statement is None:
                        await asyncio.to_thread(_wait_for_end_of, database_url, conn.info.backend_pid)
                    else:
                        await conn.execute(statement)
        assert await _one(pool) == 1


def _wait_for_end_of(url: str, pid: int) -> None:
    with psycopg.connect(url, autocommit=True) as conn:
        while conn.execute("SELECT 1 FROM pg_stat_activity WHERE pid = %s", [pid]).fetchone():
            pass


@pytest.mark.parametrize("use", [queue.defer, queue.abort], ids=["defer", "abort"])
async def test_the_queue_tells_outages_apart_as_everything_else_does(
    pool: db.Pool, use: Callable[[db.Conn, str], Awaitable[None]]
) -> None:
    async with db.transaction(pool) as conn:
        await queue.defer(conn, "scrape", job_id="scrape")
    with pytest.raises(UnavailableError, match="can't be written to"):
        async with db.transaction(pool) as conn:
            await conn.execute("SET TRANSACTION READ ONLY")
            await use(conn, "scrape")


@pytest.mark.parametrize(
    "step",
    [
        migrations.upgrade,
        lambda url: partitions.ensure(url, now=utc_now() + timedelta(days=400)),
        lambda url: roles.grant(url, "postgresql://someone@/postgres"),
    ],
    ids=["migrate", "partitions", "grant"],
)
def test_each_step_of_a_start_on_a_read_only_database_is_an_outage(
    step: Callable[[str], None], request: pytest.FixtureRequest
) -> None:
    url = request.getfixturevalue("empty_database_url" if step is migrations.upgrade else "database_url")
    with psycopg.connect(url, autocommit=True) as conn:
        conn.execute(f"ALTER DATABASE {conn.info.dbname} SET default_transaction_read_only = on".encode())
    with pytest.raises(UnavailableError, match="can't be written to"):
        step(url)


async def test_a_transaction_that_failed_before_is_no_error_of_ours(pool: db.Pool) -> None:
    with pytest.raises(UnavailableError):
        async with db.transaction(pool) as conn:
            try:
                await conn.execute("SELECT 1 / 0")
            except psycopg.errors.DivisionByZero:
                await conn.execute("SELECT 1")


async def test_a_wrong_statement_stays_a_fault_of_ours(pool: db.Pool) -> None:
    with pytest.raises(psycopg.errors.UndefinedTable):
        async with db.transaction(pool) as conn:
            await conn.execute("SELECT * FROM nothing")


def test_the_address_bounds_every_wait() -> None:
    made = psycopg.conninfo.conninfo_to_dict(db.address("postgresql://a,b/x?options=-c%20work_mem%3D8MB"))
    assert made["target_session_attrs"] == "read-write"
    assert made["tcp_user_timeout"] == "15000"
    for part in ("TimeZone=UTC", "statement_timeout=60s", "lock_timeout=30s", "work_mem=8MB"):
        assert part in str(made["options"])
    one = psycopg.conninfo.conninfo_to_dict(db.address("postgresql://a/x?connect_timeout=2"))
    assert "target_session_attrs" not in one
    assert one["connect_timeout"] == "2"


async def test_a_database_that_can_not_be_written_to_is_not_ready(database_url: str, services: Services) -> None:
    transport = httpx.ASGITransport(App(services))
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as http:
        assert (await http.get("/health/ready")).status_code == 200
        with psycopg.connect(database_url, autocommit=True) as conn:
            name = conn.info.dbname
            conn.execute(f"ALTER DATABASE {name} SET default_transaction_read_only = on")
        async with db.open_pool(database_url, size=1, least=0) as probe:
            with pytest.raises(UnavailableError):
                await Readiness(probe).require()


async def test_readiness_is_asked_over_a_connection_of_its_own(pool: db.Pool, database_url: str) -> None:
    async with db.open_pool(database_url, size=1, least=0) as probe, AsyncExitStack() as stack:
        readiness = Readiness(probe)
        services = Services(pool, Keyring(SECRET), "unlimited", utc_now, readiness=readiness)
        for _ in range(pool.max_size):
            await stack.enter_async_context(db.transaction(pool))
        transport = httpx.ASGITransport(App(services))
        async with httpx.AsyncClient(transport=transport, base_url="http://test") as http:
            answers = await asyncio.gather(*(http.get("/health/ready") for _ in range(20)))
        assert {answer.status_code for answer in answers} == {200}


async def test_a_pool_looks_for_the_database_again_within_seconds(pool: db.Pool) -> None:
    """The time between two attempts doubles up to half of this; a whole outage in a test would take minutes."""
    assert pool.reconnect_timeout <= 10
