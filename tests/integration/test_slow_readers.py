"""Rows leave page by page: a client that reads slowly holds nothing in the database, and not for ever its place."""

import asyncio
import socket
from contextlib import AsyncExitStack, ExitStack, asynccontextmanager, suppress
from dataclasses import replace

import httpx
import orjson
import pytest
import uvicorn
from psycopg.errors import DivisionByZero

from azscraper.clock import utc_now
from azscraper.errors import NotFoundError, RateLimitedError, UnavailableError
from azscraper.operate import retention
from azscraper.results import copying, stored, tables
from azscraper.results.formats import Format
from azscraper.results.stored import Rows
from azscraper.results.tables import View
from azscraper.store.db import Waits, open_pool, transaction
from azscraper.web.guards.connections import Bounds, server_config
from azscraper.web.guards.slots import Slots
from integration.one_app import App
from integration.test_dashboard_pages import COOKIE

_ROWS = 3000
_ROW_BYTES = 4000
_SOON_SECONDS = 20


async def end_with_rows(pool, job_id, rows, size=10):
    async with transaction(pool) as conn:
        await conn.execute(
            """INSERT INTO results (job_id, ordinal, position, record)
               SELECT %s, n / 4, n %% 4 + 1, json_build_object('n', n, 'asin', 'B0', 'title', repeat(md5(n::text), %s))
               FROM generate_series(0, %s - 1) n""",
            [job_id, size // 32, rows],
        )
        await conn.execute(
            "UPDATE jobs SET status = 'completed', result_count = %s, completed_at = now() WHERE id = %s",
            [rows, job_id],
        )


@asynccontextmanager
async def serving(services, bounds):
    server = uvicorn.Server(server_config(App(services), host="127.0.0.1", port=0, bounds=bounds))
    task = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.wait([task], timeout=0.01)
    try:
        yield server.servers[0].sockets[0].getsockname()[1]
    finally:
        server.should_exit = True
        await task


async def slow_reader(port, path, token):
    """Reads the head of the answer, and nothing of its body."""
    sock = socket.socket()
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    sock.setblocking(False)  # noqa: FBT003 - the standard library
    loop = asyncio.get_running_loop()
    await loop.sock_connect(sock, ("127.0.0.1", port))
    await loop.sock_sendall(sock, f"GET {path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\n\r\n".encode())
    return sock, (await loop.sock_recv(sock, 200)).decode()


async def read_to_end(sock):
    size = 0
    while block := await asyncio.get_running_loop().sock_recv(sock, 65536):
        size += len(block)
    return size


async def until(condition):
    async with asyncio.timeout(_SOON_SECONDS):
        while not await condition():
            await asyncio.sleep(0.02)


async def test_slow_readers_hold_no_connection_and_are_counted(services, tenant, stranger, pool):
    job = await tenant.post_job()
    await end_with_rows(pool, job["id"], _ROWS, _ROW_BYTES)
    paths = ["results", "export?format=ndjson", "export?format=csv"]
    async with AsyncExitStack() as stack:
        port = await stack.enter_async_context(serving(services, Bounds()))
        for path in paths:
            sock, head = await slow_reader(port, f"/jobs/{job['id']}/{path}", tenant.token)
            stack.callback(sock.close)
            assert " 200 " in head

        async def nothing_is_held():
            async with transaction(pool) as conn:
                cursor = await conn.execute(
                    """SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()
                       AND xact_start IS NOT NULL AND pid <> pg_backend_pid()"""
                )
                return (await cursor.fetchone())[0] == 0

        await until(nothing_is_held)
        one_more = await tenant.http.get(f"/jobs/{job['id']}/results")
        assert (one_more.status_code, int(one_more.headers["Retry-After"]) > 0) == (429, True)
        refused = await tenant.http.get(f"/jobs/{job['id']}/export")
        assert refused.status_code == 429
        assert (await tenant.http.get(f"/jobs/{job['id']}/results?limit=1000")).status_code == 200
        assert (await tenant.http.get("/usage")).json()["data"]["used"]["exportsThisMonth"] == 2
        other = await stranger.post_job()
        await end_with_rows(pool, other["id"], _ROWS)
        assert (await stranger.http.get(f"/jobs/{other['id']}/results")).status_code == 200


async def test_who_does_not_take_what_is_sent_is_cut_off_and_loses_its_place(services, tenant, pool):
    job = await tenant.post_job()
    await end_with_rows(pool, job["id"], _ROWS, _ROW_BYTES)
    async with serving(services, Bounds(send_seconds=0.3)) as port, asyncio.timeout(_SOON_SECONDS):
        path = f"/jobs/{job['id']}/results"
        readers = [await slow_reader(port, path, tenant.token) for _ in range(3)]

        async def all_may_come():
            me = (await tenant.http.get("/me")).json()["data"]["organizationId"]
            with ExitStack() as places, suppress(RateLimitedError):
                for _ in readers:
                    places.enter_context(services.downloads.taken(me))
                return True
            return False

        await until(all_may_come)  # before that, one that is not cut off yet reads the rest
        assert (await tenant.http.get(path)).status_code == 200
        for sock, _ in readers:
            with suppress(ConnectionResetError):
                assert await read_to_end(sock) < _ROWS * _ROW_BYTES
            sock.close()


async def test_a_client_that_reads_gets_all(services, tenant, pool):
    job = await tenant.post_job()
    await end_with_rows(pool, job["id"], _ROWS, _ROW_BYTES)
    async with serving(services, Bounds(send_seconds=0.5)) as port:
        headers = {"Authorization": f"Bearer {tenant.token}"}
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", headers=headers, trust_env=False) as http:
            answer = (await http.get(f"/jobs/{job['id']}/results")).json()
            assert [row["n"] for row in answer["data"]] == list(range(_ROWS))
            assert answer["meta"]["total"] == _ROWS
            for file_format in (Format.CSV, Format.NDJSON):
                file = await http.get(f"/jobs/{job['id']}/export", params={"format": file_format}, timeout=30)
                assert file.status_code == 200


@pytest.mark.parametrize("rows", [0, 1, 7, 8, 40])
async def test_pages_join_without_a_seam(tenant, pool, monkeypatch, rows):
    monkeypatch.setattr(stored, "_FIRST_ROWS", 3)
    monkeypatch.setattr(stored, "PAGE_ROWS", 5)
    job = await tenant.post_job()
    await end_with_rows(pool, job["id"], rows)
    path = f"/jobs/{job['id']}/results"
    assert [row["n"] for row in (await tenant.http.get(path)).json()["data"]] == list(range(rows))
    for limit in (1, 3, 4, 8, 40):
        seen, cursor = [], None
        while True:
            params = {"limit": limit} | ({"cursor": cursor} if cursor else {})
            answer = (await tenant.http.get(path, params=params)).json()
            seen += [row["n"] for row in answer["data"]]
            cursor = answer["meta"]["nextCursor"]
            if cursor is None:
                break
            assert len(answer["data"]) == limit
        assert seen == list(range(rows))


async def test_rows_that_leave_meanwhile_are_no_short_answer(tenant, pool, monkeypatch):
    monkeypatch.setattr(stored, "_FIRST_ROWS", 3)
    monkeypatch.setattr(stored, "_size_behind", lambda _: 3)
    job = await tenant.post_job()
    await end_with_rows(pool, job["id"], 40)
    blocks = aiter(Rows(pool, job["id"]))
    assert len((await anext(blocks)).splitlines()) == 3
    await retention.prune(pool, before=utc_now().replace(year=utc_now().year + 1))
    with pytest.raises(NotFoundError):
        [block async for block in blocks]


async def test_rows_of_a_job_that_runs_come_once_each(tenant, pool, monkeypatch):
    monkeypatch.setattr(stored, "_FIRST_ROWS", 3)
    monkeypatch.setattr(stored, "_size_behind", lambda _: 3)
    job = await tenant.post_job()
    await end_with_rows(pool, job["id"], 20)
    seen = []
    async for block in Rows(pool, job["id"]):
        seen += [orjson.loads(line)["n"] for line in block.splitlines()]
        async with transaction(pool) as conn:
            await conn.execute(
                "INSERT INTO results VALUES (%s, %s, 1, %s)",
                [job["id"], 1000 + len(seen), f'{{"n":{1000 + len(seen)}}}'],
            )
        if len(seen) > 30:
            break
    assert len(seen) == len(set(seen))
    assert seen[:20] == list(range(20))


async def test_a_filter_that_takes_too_long_ends_in_a_sentence(tenant, pool):
    job = await tenant.post_job()
    await end_with_rows(pool, job["id"], _ROWS, _ROW_BYTES)
    with pytest.raises(UnavailableError, match="too many rows"):
        async with transaction(pool) as conn:
            await conn.execute("SET LOCAL statement_timeout = 1")
            await tables.find_slice(conn, job["id"], View(text="mug"))


def test_filters_are_counted_for_each_organization():
    slots = Slots("filters", each=2, most=3, retry_after_seconds=2)
    with slots.taken("a"), slots.taken("a"):
        with pytest.raises(RateLimitedError), slots.taken("a"):
            pass
        with slots.taken("b"), pytest.raises(UnavailableError), slots.taken("c"):
            pass
    with slots.taken("a"):
        pass


async def test_what_ends_a_copy_in_its_middle_is_told(pool):
    sql = "COPY (SELECT 100 / (5000 - n) FROM generate_series(1, 9000) n) TO STDOUT"
    with pytest.raises(DivisionByZero):
        async with transaction(pool) as conn, conn.cursor() as cursor, cursor.copy(sql):
            while await conn.wait(copying._block(conn.pgconn)):  # noqa: SLF001 - no record of ours fails in the middle
                pass
    async with transaction(pool) as conn:
        assert await (await conn.execute("SELECT 1")).fetchone() == (1,)


async def test_a_reader_is_told_in_its_language_why_a_filter_does_not_run(tenant, services, pool, database_url):
    job = await tenant.post_job()
    await end_with_rows(pool, job["id"], 10)
    url = f"/app/jobs/{job['id']}/rows?q=mug"
    async with AsyncExitStack() as stack:
        hasty = await stack.enter_async_context(open_pool(database_url, waits=Waits(statement=1, lock=0, answer=15)))
        transport = httpx.ASGITransport(App(replace(services, pool=hasty)), raise_app_exceptions=False)
        browser = await stack.enter_async_context(
            httpx.AsyncClient(transport=transport, base_url="http://test", cookies={COOKIE: tenant.token})
        )
        browser.headers["Accept-Language"] = "de"
        with services.filters.taken(job["organizationId"]), services.filters.taken(job["organizationId"]):
            refused = await browser.get(url)
        assert refused.status_code == 429
        assert "Ihre Organisation filtert gerade schon zweimal" in refused.text
        holder = await stack.enter_async_context(transaction(pool))
        await holder.execute("LOCK TABLE results IN ACCESS EXCLUSIVE MODE")  # the filter waits until its time is over
        late = await browser.get(url)
        assert late.status_code == 503
        assert "Dieser Auftrag hat zu viele Zeilen für den Filter" in late.text
