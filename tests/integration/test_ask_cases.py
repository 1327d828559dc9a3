"""Every kind of page, asked for in every way that can end: each answer as the contract says, none lost."""

import asyncio
from contextlib import AsyncExitStack
from functools import partial

import httpx
import pytest

from azscraper import marketplaces, worker
from azscraper.crawl.fetcher import Fetcher
from azscraper.demo.goods.catalogue import products
from azscraper.demo.goods.locales import EN_US
from azscraper.demo.server import base_urls, running_marketplace
from azscraper.kinds.registry import BUILT_IN
from azscraper.marketplaces import MARKETPLACES
from azscraper.store.db import transaction
from azscraper.web.deps import Services
from integration.badserver import BadServer, plain
from integration.crawling import running
from integration.one_app import App

ASIN = products(EN_US)[0].asin
GOOD = {"details": ASIN, "offers": ASIN, "reviews": ASIN, "search": "coffee", "suggestions": "ke"}
"""What the built-in marketplace has of a kind, where that is not the kind's example."""
ALLOWED = plain(b"User-agent: *\nAllow: /\n", "Content-Type: text/plain")
FORBIDDEN = plain(b"User-agent: *\nDisallow: /\n", "Content-Type: text/plain")
ENDS = {
    # of a marketplace that always answers so: status, code of the envelope, code of the target
    "blocked": (503, "UNAVAILABLE", "blocked"),
    "sign-in": (422, "TARGET_REFUSED", "sign_in_required"),
    "robots": (422, "TARGET_REFUSED", "robots_disallowed"),
    "time-out": (502, "TARGET_FAILED", "timeout"),
    "not found": (404, "NOT_FOUND", "not_found"),
}
HOSTS = {
    "blocked": [*MARKETPLACES][
        -len(BUILT_IN) :
    ],  # one a kind: each block makes the next visit to a marketplace wait longer
    "sign-in": ["www.amazon.fr"],
    "robots": ["www.amazon.co.uk"],
    "time-out": ["www.amazon.it"],
    "not found": ["www.amazon.es"],
}


async def never(*_):
    await asyncio.sleep(60)


async def page_of(marketplace, target):
    """A page of the built-in marketplace, to be answered with."""
    async with httpx.AsyncClient(base_url=marketplace, headers={"X-Forwarded-Host": EN_US.host}) as http:
        found = await http.get(f"/dp/{target}")
    return plain(found.content, "Content-Type: text/html", status=f"{found.status_code} Answer")


@pytest.fixture
async def shops():
    """The good marketplace, and for each way to end badly one that always answers so; the base URLs of all."""
    async with AsyncExitStack() as stack:
        good = await stack.enter_async_context(running_marketplace())
        pages = {
            "blocked": await page_of(good, "B0FAULTCAP"),
            "sign-in": await page_of(good, "B0FAULTSGN"),
            "robots": plain(b""),
            "time-out": never,
            "not found": await page_of(good, "B0NOSUCH01"),
        }
        urls = base_urls(good)
        for name, hosts in HOSTS.items():
            shop = await stack.enter_async_context(BadServer(otherwise=pages[name]))
            shop.answers["/robots.txt"] = FORBIDDEN if name == "robots" else ALLOWED
            for host in hosts:
                others = {one for kind in BUILT_IN for one in kind.hosts(marketplaces.by_host(host))}
                urls |= dict.fromkeys({host, *others}, shop.url)
        yield urls


@pytest.fixture
async def world(tenant, services, database_url, shops, monkeypatch):
    """A worker on them, and what asks a kind of a marketplace under a key: the answer, or None where nobody waits for it."""
    monkeypatch.setattr(worker, "Fetcher", partial(Fetcher, total_seconds=2))
    services.pool.timeout = 60  # all of them ask at once, on a machine that may be busy
    again = Services(services.pool, services.keys, "unlimited", services.clock)  # of a process that was started anew
    other = httpx.ASGITransport(App(again), raise_app_exceptions=False)
    listening = [asyncio.create_task(one.changes.listen(database_url)) for one in (services, again)]
    async with (
        running(database_url, "", marketplace_base_url=shops, ask_concurrency=40),
        httpx.AsyncClient(transport=other, base_url="http://test", headers=tenant.http.headers) as restarted,
    ):

        async def ask(kind, host=EN_US.host, target=None, http=tenant.http, *, project_id=tenant.project_id, case="ok"):
            body = {
                "type": kind.name,
                "target": (target or GOOD.get(kind.name, kind.example)).replace(EN_US.host, host),
                "waitSeconds": 60,
            }
            body["config"] = {"marketplace": host, "maxRetries": 0}
            headers = {"Idempotency-Key": f"{kind.name} {host} {target} {case}"}
            return await http.post(f"/projects/{project_id}/ask", json=body, headers=headers)

        yield ask, restarted
    for one in listening:
        one.cancel()


async def test_each_kind_in_each_way_that_it_can_end(tenant, stranger, pool, world):
    ask, restarted = world
    async with transaction(pool) as conn:
        await conn.execute("UPDATE plans SET jobs_per_month = 0 WHERE name = 'free'")
        await conn.execute(
            "UPDATE organizations SET plan = 'free' WHERE id = (SELECT organization_id FROM projects WHERE id = %s)",
            [stranger.project_id],
        )

    async def left(kind, case):
        """The client goes away as soon as its job is there; asked again with the same key, the same job answers."""
        asking = asyncio.create_task(ask(kind, case=case))
        await asyncio.sleep(0.2)
        asking.cancel()
        return await ask(kind, case=case, http=restarted if case == "killed" else tenant.http)

    cases = {}
    for number, kind in enumerate(BUILT_IN):
        ok = (200, None, None)
        cases[kind.name, "ok"] = (ask(kind), ok)
        for name, end in ENDS.items():
            cases[kind.name, name] = (ask(kind, HOSTS[name][number % len(HOSTS[name])]), end)
        cases[kind.name, "bad input"] = (ask(kind, target=" "), (400, "VALIDATION_ERROR", "invalid"))
        refused = ask(kind, http=stranger.http, project_id=stranger.project_id)
        cases[kind.name, "quota"] = (refused, (403, "FORBIDDEN", None))
        cases[kind.name, "dropped connection"] = (left(kind, "dropped"), ok)
        cases[kind.name, "API killed"] = (left(kind, "killed"), ok)
    answers = dict(zip(cases, await asyncio.gather(*(asking for asking, _ in cases.values())), strict=True))
    assert {case: _end(answer) for case, answer in answers.items()} == {case: end for case, (_, end) in cases.items()}
    records = {kind.name: {record.__name__ for record in kind.records} for kind in BUILT_IN}
    for case, answer in answers.items():
        if answer.status_code == 200:
            assert {row["record"] for row in answer.json()["data"]} == records[case[0]], case
        assert ("x-job-id" in answer.headers) == (case[1] not in {"bad input", "quota"}), case
        assert ("retry-after" in answer.headers) == (answer.status_code == 503), case


def _end(answer):
    error = answer.json().get("error")
    if error is None:
        return answer.status_code, None, None
    return answer.status_code, error["code"], next((one.get("code") for one in error["details"]), None)
