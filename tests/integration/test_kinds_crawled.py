"""Jobs of sellers, deals, stores and authors, crawled from the built-in marketplace."""

from datetime import UTC, datetime

import httpx
import pytest

from azscraper.demo.faults import Faults
from azscraper.demo.goods.words import SELLERS
from azscraper.demo.pages.store import page_id
from azscraper.demo.server import running_marketplace
from azscraper.jobs import jobs, plan
from azscraper.kinds import registry
from azscraper.store.db import transaction
from azscraper.tenants import accounts, projects
from azscraper.wire.crawls import JobConfig
from integration.crawling import HOST, ended, running


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
        return await jobs.submit(conn, *whose, kind=found, targets=planned, config=config, now=datetime.now(UTC))


async def of_job(pool, query, job):
    async with transaction(pool) as conn:
        cursor = await conn.execute(query, [job.id])
        return await cursor.fetchall()


async def test_each_kind_brings_its_rows_and_says_how_many_there_are(pool, database_url, whose):
    async with running_marketplace(Faults()) as base_url:
        posted = {
            "seller": await post(pool, whose, "seller", SELLERS[0][1], "A000NOBODY0", "A0FAULTSGN"),
            "deals": await post(pool, whose, "deals", "today", "https://www.amazon.com/events/hundred"),
            "store": await post(pool, whose, "store", page_id(1), subpages=2),
            "author": await post(pool, whose, "author", "B0DEMOAU01"),
        }
        async with running(database_url, base_url, marketplace_base_url={HOST: base_url}):
            ends = {kind: [code for _, code, _ in await ended(pool, job.id)] for kind, job in posted.items()}
        async with httpx.AsyncClient(base_url=base_url, trust_env=False) as client:
            asked = (await client.get("/__stats")).json()

    assert ends == {
        "seller": [None, "not_found", "sign_in_required"],
        "deals": [None, None],
        "store": [None],
        "author": [None],
    }
    counted = {
        kind: (await of_job(pool, "SELECT count(*) FROM results WHERE job_id = %s", job))[0][0]
        for kind, job in posted.items()
    }
    assert counted["seller"] == 1
    assert counted["deals"] == 33 + 100
    assert counted["store"] >= 2
    assert counted["author"] > 1
    steps = await of_job(pool, "SELECT step FROM pages WHERE job_id = %s ORDER BY number", posted["store"])
    assert [step for (step,) in steps] == ["1", f"sub:{page_id(2)}", f"sub:{page_id(3)}"]
    summaries = await of_job(pool, "SELECT summary FROM page_summaries WHERE job_id = %s AND page = 0", posted["store"])
    assert summaries[0][0]["coverage"]["have"] == counted["store"]
    assert asked["counts"]["seller"] == 3  # nothing that the form to sign in refused is asked again
