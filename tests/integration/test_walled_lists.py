"""Lists of offers and of reviews against the built-in marketplace: where they are shown, behind a wall, and forbidden."""

from datetime import UTC, datetime

import httpx
import pytest

from azscraper.demo.server import base_urls, running_marketplace
from azscraper.jobs import jobs, plan
from azscraper.kinds import registry
from azscraper.store.db import transaction
from azscraper.tenants import accounts, projects
from azscraper.wire.crawls import JobConfig
from integration.crawling import ended, running

SHOWN, WALLED, FORBIDDEN = "www.amazon.com", "www.amazon.de", "www.amazon.co.jp"


@pytest.fixture
async def shop():
    async with running_marketplace() as url:
        yield url


@pytest.fixture
async def whose(pool):
    async with transaction(pool) as conn:
        user = await accounts.register(conn, email="a@example.com", password_hash="-", name=None, plan="unlimited")
        project = await projects.create(conn, user.principal(), "P")
    return user.principal(), project.id


async def post(pool, whose, kind, *targets, **config):
    config = JobConfig.of_json(config)
    async with transaction(pool) as conn:
        planned = plan.plan_targets(kind, targets, config)
        found = registry.find_kind(kind)
        job = await jobs.submit(conn, *whose, kind=found, targets=planned, config=config, now=datetime.now(UTC))
    return job.id


async def answers(pool, job_id):
    """Of each target: its rows, and its summary."""
    async with transaction(pool) as conn:
        cursor = await conn.execute(
            "SELECT ordinal, record FROM results WHERE job_id = %s ORDER BY ordinal, position", [job_id]
        )
        rows = await cursor.fetchall()
        cursor = await conn.execute("SELECT ordinal, summary FROM page_summaries WHERE job_id = %s", [job_id])
        summaries = dict(await cursor.fetchall())
    return {
        ordinal: ([record for place, record in rows if place == ordinal], summaries.get(ordinal))
        for ordinal in {*summaries, *(place for place, _ in rows)}
    }


async def asked_of(shop):
    """How often each page was asked for, by host and path."""
    async with httpx.AsyncClient(trust_env=False) as client:
        return (await client.get(f"{shop}/__stats")).json()["asked"]


def on(*hosts, path="dp/B0DEMO0001"):
    return tuple(f"https://{host}/{path}" for host in hosts)


async def test_offers_where_the_list_is_shown_walled_and_forbidden(pool, database_url, whose, shop):
    job = await post(pool, whose, "offers", *on(SHOWN, WALLED, FORBIDDEN), pages=2)
    async with running(database_url, shop, marketplace_base_url=base_urls(shop)):
        states = await ended(pool, job)
    found = await answers(pool, job)

    assert [status for status, *_ in states] == ["success"] * 3
    assert [found[place][1]["source"] for place in range(3)] == ["offer_list", "product_page", "product_page"]
    reasons = [found[place][1]["coverage"]["reason"] for place in range(3)]
    assert reasons == [None, "sign_in_required", "robots_disallowed"]
    rows, summary = found[0]
    assert len(rows) == summary["coverage"]["have"] > 10
    assert [row["position"] for row in rows] == list(range(1, len(rows) + 1))
    assert [row["isFeatured"] for row in rows].count(True) == 1
    for place in (1, 2):
        assert [row["isFeatured"] for row in found[place][0]] == [True]
    asked = await asked_of(shop)
    panels = {key: count for key, count in asked.items() if "aodAjaxMain" in key}
    assert not any(key.startswith(FORBIDDEN) for key in panels)
    assert {key: count for key, count in panels.items() if key.startswith(WALLED)} == {
        f"{WALLED}/gp/product/ajax/aodAjaxMain/?asin=B0DEMO0001&pageno=1": 1
    }


async def test_reviews_where_the_list_is_shown_walled_and_forbidden(pool, database_url, whose, shop):
    printed = "dp/B0DEMO0002"
    plain = await post(pool, whose, "reviews", *on(SHOWN, WALLED, FORBIDDEN, path=printed))
    sorted_ = await post(pool, whose, "reviews", *on(SHOWN, WALLED, FORBIDDEN, path=printed), sort="recent", pages=2)
    async with running(database_url, shop, marketplace_base_url=base_urls(shop)):
        states = await ended(pool, plain)
        refusals = await ended(pool, sorted_)
    found, listed = await answers(pool, plain), await answers(pool, sorted_)

    assert [status for status, *_ in states] == ["success"] * 3
    assert [found[place][1]["source"] for place in range(3)] == ["both", "product_page", "product_page"]
    reasons = [found[place][1]["coverage"]["reason"] for place in range(3)]
    assert reasons == [None, "sign_in_required", "robots_disallowed"]
    assert [len(found[place][0]) for place in range(3)] == [10, 3, 3]
    assert [(status, code) for status, code, _ in refusals] == [
        ("success", None),
        ("failed", "sign_in_required"),
        ("failed", "robots_disallowed"),
    ]
    days = [row["date"] for row in listed[0][0]]
    assert days == sorted(days, reverse=True)
    assert len(days) == len({row["id"] for row in listed[0][0]}) == 20
    asked = await asked_of(shop)
    assert not any(key.startswith(f"{FORBIDDEN}/product-reviews") for key in asked)
    assert asked[f"{WALLED}/product-reviews/B0DEMO0002?pageNumber=1"] == 2  # each job once: nothing is retried


async def test_suggestions_are_asked_of_the_host_that_completes_searches(pool, database_url, whose, shop):
    job = await post(pool, whose, "suggestions", "ket", "zzzz", depth=1)
    async with running(database_url, shop, marketplace_base_url=base_urls(shop)):
        states = await ended(pool, job)
    found = await answers(pool, job)

    assert [status for status, *_ in states] == ["success"] * 2
    rows, summary = found[0]
    assert (summary["requests"], summary["coverage"]["have"]) == (27, len(rows))
    values = [row["value"] for row in rows if row["department"] is None]
    assert values
    assert len(values) == len(set(values))
    assert all(value.startswith("ket") for value in values)
    assert found[1][0] == []
    async with transaction(pool) as conn:
        cursor = await conn.execute("SELECT credits FROM targets WHERE job_id = %s", [job])
        assert [spent for (spent,) in await cursor.fetchall()] == [4, 4]
        cursor = await conn.execute("SELECT host FROM hosts WHERE robots_body IS NOT NULL")
        assert [host for (host,) in await cursor.fetchall()] == ["completion.amazon.com"]
