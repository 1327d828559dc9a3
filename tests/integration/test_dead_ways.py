"""Ways to a marketplace that lead nowhere: dead proxies, names that can't be looked up. What targets get, and that they recover."""

import asyncio
import itertools
import socket

import pytest

from integration.badserver import BadServer, forward
from integration.crawling import DEADLINE_SECONDS, ended, opened_shop, running, states, submit
from integration.fetcher.conftest import closed_port


@pytest.fixture
async def shop():
    async with opened_shop() as shop:
        yield shop


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
