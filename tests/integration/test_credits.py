"""Usage and credits: what is counted, what it costs, and that parallel requests overrun neither."""

import asyncio
import random
from datetime import UTC, datetime, timedelta

import psycopg
import pytest

from azscraper.jobs import jobs, prices
from azscraper.kinds.registry import kinds
from azscraper.running import chunks
from azscraper.store.db import transaction
from azscraper.tenants import accounts, credits, plans
from azscraper.tenants.keyring import Keyring
from azscraper.tenants.principal import Principal
from azscraper.web.deps import Services
from integration.conftest import SECRET
from integration.test_api import failed, run_chunk, succeeded


async def set_plan(pool, plan, granted=0):
    """Of every organization; the first user's one gets the credits."""
    async with transaction(pool) as conn:
        await conn.execute("UPDATE organizations SET plan = %s", [plan])
        cursor = await conn.execute("SELECT id FROM organizations ORDER BY created_at LIMIT 1")
        (organization_id,) = await cursor.fetchone()
        await credits.grant(conn, organization_id, granted, reason="grant", note="for the test")
    return organization_id


async def has(tenant):
    found = (await tenant.http.get("/credits")).json()["data"]
    return found["balance"], found["reserved"]


async def post(tenant, count, kind="details"):
    body = {"type": kind, "targets": [f"B{n:09}" for n in range(count)]}
    return await tenant.http.post(f"/projects/{tenant.project_id}/jobs", json=body)


async def test_usage_as_the_public_page_shows_it(tenant, pool, services):
    await set_plan(pool, "free")
    noon = datetime.now(UTC)
    object.__setattr__(services, "clock", lambda: noon)
    for count in (10, 20, 10):
        assert (await post(tenant, count)).status_code == 201
    job = (await post(tenant, 1)).json()["data"]
    await tenant.http.get(f"/jobs/{job['id']}/export?partial=true")
    usage = (await tenant.http.get("/usage")).json()["data"]
    period = usage.pop("period")
    assert period["start"] == f"{noon:%Y-%m}-01T00:00:00.000Z"
    assert period["end"][7:] == "-01T00:00:00.000Z"
    assert usage == {
        "plan": "free",
        "limits": {"jobsPerMonth": 10, "targetsPerMonth": 100, "exportsPerMonth": 20},
        "used": {"jobsThisMonth": 4, "targetsThisMonth": 41, "exportsThisMonth": 1},
        "remaining": {"jobsPerMonth": 6, "targetsPerMonth": 59, "exportsPerMonth": 19},
        "credits": {"balance": 0, "reserved": 0},
    }


async def test_an_unlimited_plan_has_no_limits(tenant):
    await post(tenant, 3)
    usage = (await tenant.http.get("/usage")).json()["data"]
    nothing = {"jobsPerMonth": None, "targetsPerMonth": None, "exportsPerMonth": None}
    assert usage["limits"] == usage["remaining"] == nothing
    assert usage["used"] == {"jobsThisMonth": 1, "targetsThisMonth": 3, "exportsThisMonth": 0}


@pytest.mark.parametrize("day", [datetime(2026, month, 28, tzinfo=UTC) for month in range(1, 13)], ids=str)
async def test_a_month_ends_where_the_next_begins(pool, day):
    """And there counting starts anew."""
    async with transaction(pool) as conn:
        user = await accounts.register(conn, email="a@example.com", password_hash="-", name=None, plan="free")
        await plans.charge_export(conn, user.organization_id, now=day)
        usage = await plans.usage(conn, user.organization_id, now=day)
        following = await plans.usage(conn, user.organization_id, now=usage.end)
    assert (usage.used.exports, following.used.exports) == (1, 0)
    assert usage.start <= day < usage.end == following.start
    assert timedelta(days=28) <= usage.end - usage.start <= timedelta(days=31)


async def test_two_hundred_parallel_jobs_against_a_limit_of_ten(tenant, pool):
    await set_plan(pool, "free")
    answers = await asyncio.gather(*(post(tenant, 1) for _ in range(200)))
    assert sorted(answer.status_code for answer in answers) == [201] * 10 + [403] * 190
    assert (await tenant.http.get(f"/projects/{tenant.project_id}/jobs")).json()["meta"]["total"] == 10
    assert (await tenant.http.get("/usage")).json()["data"]["used"]["jobsThisMonth"] == 10


async def test_parallel_jobs_do_not_spend_the_same_credits(tenant, pool):
    await set_plan(pool, "credits", 21)
    answers = await asyncio.gather(*(post(tenant, 1) for _ in range(30)))
    assert sorted(answer.status_code for answer in answers) == [201] * 10 + [402] * 20
    assert await has(tenant) == (1, 20)


async def test_a_job_costs_by_its_type_and_failed_targets_come_back(tenant, pool):
    await set_plan(pool, "credits", 100)
    search = (await post(tenant, 4, "search")).json()["data"]
    assert await has(tenant) == (80, 20)
    await run_chunk(pool, search["id"], lambda t: failed(t) if t.ordinal == 0 else succeeded(t))
    assert await has(tenant) == (85, 0)
    again = (await tenant.http.post(f"/jobs/{search['id']}/retry", params={"only": "failed"})).json()["data"]
    assert await has(tenant) == (80, 5)
    await run_chunk(pool, again["id"], failed)
    assert await has(tenant) == (85, 0)
    details = (await post(tenant, 30)).json()["data"]
    assert await has(tenant) == (25, 60)
    await run_chunk(pool, details["id"], succeeded)
    await tenant.http.post(f"/jobs/{details['id']}/cancel")
    assert await has(tenant) == (35, 0)
    entries = (await tenant.http.get("/credits/transactions")).json()
    assert [(entry["kind"], entry["amount"]) for entry in reversed(entries["data"])] == [
        ("grant", 100),
        ("reserve", -20),
        ("return", 5),
        ("reserve", -5),
        ("return", 5),
        ("reserve", -60),
        ("return", 10),
    ]
    assert entries["data"][0]["jobId"] == details["id"]
    assert sum(entry["amount"] for entry in entries["data"]) == 35
    assert (await tenant.http.get("/usage")).json()["data"]["credits"] == {"balance": 35, "reserved": 0}


async def test_too_few_credits_make_no_job(tenant, pool):
    await set_plan(pool, "credits", 9)
    refused = await post(tenant, 5)
    assert refused.status_code == 402
    assert refused.json()["error"]["code"] == "INSUFFICIENT_CREDITS"
    assert await has(tenant) == (9, 0)
    usage = (await tenant.http.get("/usage")).json()["data"]
    assert usage["used"]["jobsThisMonth"] == 0
    assert (await post(tenant, 4)).status_code == 201


async def test_other_plans_use_no_credits(tenant, pool):
    for plan in ("free", "unlimited"):
        await set_plan(pool, plan, 5)
        assert (await post(tenant, 4)).status_code == 201
    assert await has(tenant) == (10, 0)


async def test_pages_of_the_ledger(tenant, stranger, pool):
    organization_id = await set_plan(pool, "credits")
    async with transaction(pool) as conn:
        for amount in range(1, 8):
            await credits.grant(conn, organization_id, amount, reason="grant")
    seen, cursor = [], None
    while True:
        params = {"limit": 3} | ({"cursor": cursor} if cursor else {})
        page = (await tenant.http.get("/credits/transactions", params=params)).json()
        assert page["meta"]["total"] == 7
        seen += [entry["amount"] for entry in page["data"]]
        cursor = page["meta"]["nextCursor"]
        if cursor is None:
            break
    assert sorted(seen) == list(range(1, 8))
    assert (await stranger.http.get("/credits/transactions")).json()["data"] == []
    assert await has(stranger) == (0, 0)


async def test_a_new_organization_gets_its_bonus(pool, http, services):
    object.__setattr__(services, "registration_credits", 50)
    body = {"email": "eve@example.com", "password": "correct horse"}
    token = (await http.post("/auth/register", json=body)).json()["accessToken"]
    headers = {"Authorization": f"Bearer {token}"}
    assert (await http.get("/credits", headers=headers)).json()["data"] == {"balance": 50, "reserved": 0}
    (entry,) = (await http.get("/credits/transactions", headers=headers)).json()["data"]
    assert (entry["kind"], entry["amount"]) == ("registration", 50)
    assert Services(pool, Keyring(SECRET), "free", services.clock).registration_credits == 0


async def test_the_ledger_is_append_only(tenant, pool):
    await set_plan(pool, "credits", 5)
    for sql in ("UPDATE credit_entries SET amount = 10", "DELETE FROM credit_entries"):
        with pytest.raises(psycopg.errors.RaiseException, match="append-only"):
            async with transaction(pool) as conn:
                await conn.execute(sql)
    assert await has(tenant) == (5, 0)


@pytest.mark.parametrize("seed", range(4))
async def test_whatever_happens_credits_pay_for_successes_alone(tenant, pool, seed):
    rng = random.Random(seed)
    organization_id = await set_plan(pool, "credits", 1000)
    paid = 0

    def either(target):
        return rng.choice([failed, succeeded])(target)

    for _ in range(12):
        kind, count = rng.choice(["search", "details"]), rng.randint(1, 40)
        answer = await post(tenant, count, kind)
        if answer.status_code == 402:
            continue
        job_id = answer.json()["data"]["id"]
        await run_chunk(pool, job_id, either)
        async with transaction(pool) as conn:
            job = await jobs.get(conn, Principal(organization_id), job_id)
            if not job.is_over:
                await jobs.cancel(conn, Principal(organization_id), job_id)
                await credits.settle(conn, job_id)
                job = await jobs.get(conn, Principal(organization_id), job_id)
            assert await chunks.claim(conn, job_id, lane=0, run=1, now=datetime.now(UTC)) is None
        paid += prices.of_target(kinds()[kind], job.config) * job.succeeded
        assert await has(tenant) == (1000 - paid, 0)
