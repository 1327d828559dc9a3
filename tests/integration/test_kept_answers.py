"""``maxAge`` of a request that waits: answered from the stored row, or from the kept page read again, or fetched."""

import asyncio
from contextlib import asynccontextmanager

import pytest

from azscraper.clock import utc_now
from azscraper.crawl.archive import Archive
from azscraper.running import kept
from azscraper.store.db import transaction
from azscraper.tenants import credits
from integration.crawling import HOST, PAGE, opened_shop, running
from integration.test_rows import read

ASIN = "B000000001"


@asynccontextmanager
async def open_world(tenant, services, database_url, **settings):
    """A shop, a worker that keeps its pages, and what asks it: the answer, and how many pages the shop was asked for."""
    listening = asyncio.create_task(services.changes.listen(database_url))
    async with opened_shop() as shop, running(database_url, shop.url, **settings):

        async def ask(tenant=tenant, target=ASIN, key=None, **config):
            before = len(shop.asked)
            answer = await tenant.http.post(
                f"/projects/{tenant.project_id}/ask",
                json={"type": "details", "target": target, "config": config},
                headers={"Idempotency-Key": key} if key else {},
            )
            assert answer.status_code == 200, answer.text
            fetched = [asked for asked in shop.asked[before:] if asked.target != "/robots.txt"]
            return answer.json(), len(fetched)

        yield ask
    listening.cancel()


async def test_a_row_that_is_kept_is_the_answer(tenant, stranger, services, database_url):
    async with open_world(tenant, services, database_url) as ask:
        first, fetched = await ask(maxAge=60)
        assert (first["meta"]["cached"], fetched) == (False, 1)
        again, fetched = await ask(maxAge=60, maxRetries=1, key="one", target=f"https://{HOST}/dp/{ASIN}")
        assert (again["meta"]["cached"], fetched) == (True, 0)
        assert again["data"] == first["data"]
        assert again["meta"]["fetchedAt"] == first["meta"]["fetchedAt"]
        assert again["meta"]["jobId"] != first["meta"]["jobId"]
        repeated, _ = await ask(maxAge=60, maxRetries=1, key="one", target=f"https://{HOST}/dp/{ASIN}")
        assert repeated["meta"]["jobId"] == again["meta"]["jobId"]
        for config in ({}, {"maxAge": 0}, {"maxAge": 60, "currency": "EUR"}):
            other, fetched = await ask(**config)
            assert (other["meta"]["cached"], fetched) == (False, 1), config
        other, fetched = await ask(stranger, maxAge=60)
        assert (other["meta"]["cached"], fetched) == (False, 1), "of another organization"
    feed = (await read(tenant))["data"]
    assert [row["meta"]["cached"] for row in feed] == [False, True, False, False, False]
    assert feed[1]["meta"]["jobId"] == again["meta"]["jobId"]


async def test_a_kept_page_is_read_again_where_its_row_is_not_the_answer(tenant, services, database_url, monkeypatch):
    async with open_world(tenant, services, database_url) as ask:
        first, _ = await ask()
        monkeypatch.setattr(kept, "PARSER_VERSION", "another")
        again, fetched = await ask(maxAge=60)
        assert (again["meta"]["cached"], fetched) == (True, 0)
        assert again["data"] == first["data"]
    (target,) = (await tenant.http.get(f"/jobs/{again['meta']['jobId']}/targets")).json()["data"]
    assert (target["cached"], target["attempts"]) == (True, 1)


async def test_a_kept_answer_is_a_job_that_counts_and_costs_nothing(tenant, services, pool, database_url):
    async with transaction(pool) as conn:
        await conn.execute("UPDATE organizations SET plan = 'credits'")
        cursor = await conn.execute("SELECT organization_id FROM projects WHERE id = %s", [tenant.project_id])
        (organization_id,) = await cursor.fetchone()
        await credits.grant(conn, organization_id, 2, reason="grant", note=None)
    async with open_world(tenant, services, database_url) as ask:
        await ask(maxAge=60)
        spent = (await tenant.http.get("/usage")).json()["data"]
        again, _ = await ask(maxAge=60)
        used = (await tenant.http.get("/usage")).json()["data"]
    assert used["credits"] == spent["credits"]
    assert used["used"]["jobsThisMonth"] == spent["used"]["jobsThisMonth"] + 1
    assert used["used"]["targetsThisMonth"] == spent["used"]["targetsThisMonth"] + 1
    job = (await tenant.http.get(f"/jobs/{again['meta']['jobId']}")).json()["data"]
    assert (job["status"], job["progress"]["succeeded"], job["resultCount"]) == ("completed", 1, 1)
    assert job["completedAt"]
    created = (await tenant.http.get("/audit?action=job.created")).json()["data"]
    assert created[0]["details"]["cached"] is True
    rows = (await tenant.http.get(f"/jobs/{job['id']}/results")).json()
    assert (rows["data"], rows["meta"]["total"]) == (again["data"], 1)
    await tenant.http.patch(f"/projects/{tenant.project_id}", json={"archived": True})
    refused = await tenant.http.post(
        f"/projects/{tenant.project_id}/ask", json={"type": "details", "target": ASIN, "config": {"maxAge": 60}}
    )
    assert refused.status_code == 409


async def test_the_page_behind_a_row_as_it_came(tenant, stranger, services, database_url, tmp_path):
    url = (tmp_path / "archive").as_uri()
    object.__setattr__(services, "archive", lambda: Archive(url, software="test", clock=utc_now))
    async with open_world(tenant, services, database_url, archive_url=url) as ask:
        first, _ = await ask()
        again, _ = await ask(maxAge=60)
    for answer in (first, again):
        path = f"/jobs/{answer['meta']['jobId']}/targets/0/page"
        page = await tenant.http.get(path)
        assert (page.status_code, page.content) == (200, PAGE.encode())
        assert page.headers["content-type"] == "text/html"
        assert page.headers["content-security-policy"] == "sandbox"
        assert page.headers["x-content-type-options"] == "nosniff"
        assert page.headers["content-disposition"] == f'attachment; filename="{answer["meta"]["jobId"]}-0-1.html"'
        assert (await stranger.http.get(path)).status_code == 404
    for gone in (f"{path}?number=2", path.replace("/0/", "/1/")):
        assert (await tenant.http.get(gone)).json()["error"]["code"] == "NOT_FOUND"
    object.__setattr__(services, "archive", lambda: Archive("memory:///", software="test", clock=utc_now))
    assert (await tenant.http.get(path)).status_code == 404, "another process, which does not reach it"


@pytest.mark.parametrize("too_old", [True, False])
async def test_every_page_of_the_target_is_young_enough(tenant, services, pool, database_url, too_old):
    async with open_world(tenant, services, database_url) as ask:
        await ask()
        if too_old:
            async with transaction(pool) as conn:
                await conn.execute(
                    """INSERT INTO pages (job_id, organization_id, ordinal, step, number, request, accepted, fetched_at,
                           segment, start, length)
                       SELECT job_id, organization_id, ordinal, '2', 2, request, accepted, fetched_at - interval '1 hour',
                           segment, start, length FROM pages"""
                )
        again, _ = await ask(maxAge=60)
    (target,) = (await tenant.http.get(f"/jobs/{again['meta']['jobId']}/targets")).json()["data"]
    assert (target["cached"], target["attempts"]) == (True, 1 if too_old else 0), (
        "the page is read again, or its row copied"
    )
