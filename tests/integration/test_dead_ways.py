"""Ways to a marketplace that lead nowhere: dead proxies, names that can't be looked up. What targets get, and that they recover."""

import asyncio
import itertools
import socket
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import pytest

from azscraper import accounts, jobs, projects, worker
from azscraper.config import Settings
from azscraper.db import transaction
from azscraper.job_plan import JobType, PlannedTarget
from azscraper.keyring import Keyring
from integration.badserver import BadServer, forward, plain
from integration.fetcher.conftest import closed_port

KEYS = Keyring("a secret of at least thirty-two characters")
HOST = "www.amazon.com"
DEADLINE_SECONDS = 40
PAGE = """<!doctype html><html lang="en-us"><head><title>Kettle</title></head><body><div id="dp"><div id="ppd">
<span id="productTitle">Kettle</span><form><input type="hidden" id="ASIN" value="B000000001"></form></div></div></body></html>"""


@pytest.fixture
async def shop():
    async with BadServer(otherwise=plain(PAGE.encode(), "Content-Type: text/html")) as shop:
        shop.answers["/robots.txt"] = plain(b"User-agent: *\nAllow: /\n", "Content-Type: text/plain")
        yield shop


@asynccontextmanager
async def running(database_url, base_url, *, proxies=(), **settings):
    stop = asyncio.Event()
    settings = Settings(
        marketplace_base_url={HOST: base_url},
        proxies=tuple(proxies),
        crawl_rate=100,
        breaker_seconds=0.1,
        retry_base_seconds=0.05,
        archive_url="memory:///",
        **settings,
    )
    working = asyncio.create_task(worker.run(settings, database_url, keys=KEYS, stop=stop))
    try:
        async with asyncio.timeout(DEADLINE_SECONDS):
            yield
    finally:
        stop.set()
        await working


async def submit(pool, count, retries):
    async with transaction(pool) as conn:
        user = await accounts.register(conn, email="a@example.com", password_hash="-", name=None, plan="unlimited")
        project = await projects.create(conn, user.principal(), "P")
        planned = [PlannedTarget(f"B{n:09}", HOST, f"B{n:09}") for n in range(count)]
        job = await jobs.submit(
            conn,
            user.principal(),
            project.id,
            kind=JobType.DETAILS,
            targets=planned,
            config={"maxRetries": retries},
            now=datetime.now(UTC),
        )
    return job.id


async def states(pool, job_id):
    """Of each target: status, code, message."""
    async with transaction(pool) as conn:
        cursor = await conn.execute(
            "SELECT status, error_code, error_message FROM targets WHERE job_id = %s ORDER BY ordinal", [job_id]
        )
        return await cursor.fetchall()


async def ended(pool, job_id):
    while {status for status, *_ in await states(pool, job_id)} & {"pending", "running"}:
        await asyncio.sleep(0.05)
    return await states(pool, job_id)


async def test_one_dead_proxy_of_several_costs_no_target(pool, database_url, shop):
    job_id = await submit(pool, 6, retries=3)
    async with BadServer(otherwise=forward) as alive:
        dead = [f"http://127.0.0.1:{closed_port()}" for _ in range(2)]
        async with running(database_url, shop.url, proxies=[*dead, alive.url]):
            assert [one for one in await ended(pool, job_id) if one[0] != "success"] == []


async def test_targets_wait_while_no_proxy_works_and_go_on_when_one_is_back(pool, database_url, shop):
    port = closed_port()
    job_id = await submit(pool, 8, retries=2)
    async with running(database_url, shop.url, proxies=[f"http://127.0.0.1:{port}"], obey_robots=False):
        async with asyncio.timeout(DEADLINE_SECONDS):
            while not all("No proxy works" in str(message) for *_, message in await states(pool, job_id)):
                await asyncio.sleep(0.05)
        async with BadServer(otherwise=forward, port=port):
            assert {status for status, *_ in await ended(pool, job_id)} == {"success"}


def no_name_is_found(*_, **__):
    raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")


DEAD_WAYS = [
    ("proxy", True, "unreachable", "the proxy could not be reached"),
    ("name", True, "unreachable", "the marketplace's name was not found"),
    ("name", False, "http_error", "the marketplace's name was not found"),
]


@pytest.mark.parametrize("case", DEAD_WAYS)
async def test_a_target_says_which_way_was_dead(pool, database_url, shop, monkeypatch, case):
    way, obeys, code, why = case
    proxies = [f"http://127.0.0.1:{closed_port()}"] if way == "proxy" else []
    url = shop.url if way == "proxy" else "http://shop.example"
    job_id = await submit(pool, 1, retries=0)
    monkeypatch.setattr(socket, "getaddrinfo", no_name_is_found)
    async with running(database_url, url, proxies=proxies, obey_robots=obeys):
        [(status, found, message)] = await ended(pool, job_id)
    assert (status, found) == ("failed", code)
    assert why in message


async def test_targets_go_on_when_names_are_found_again(pool, database_url, shop, monkeypatch):
    found, failures = socket.getaddrinfo, itertools.count()

    def sometimes(host, *arguments, **options):
        if host == "shop.example" and next(failures) < 3:
            no_name_is_found()
        return found("127.0.0.1" if host == "shop.example" else host, *arguments, **options)

    monkeypatch.setattr(socket, "getaddrinfo", sometimes)
    job_id = await submit(pool, 4, retries=3)
    async with running(database_url, f"http://shop.example:{shop.port}", obey_robots=False):
        assert {status for status, *_ in await ended(pool, job_id)} == {"success"}
    assert next(failures) > 3
