"""Referrals: clicks are counted and throttled, signups noted, both sides paid once."""

import asyncio
from contextlib import aclosing
from datetime import timedelta

import httpx
import pytest

from azscraper.store.db import transaction
from azscraper.tenants import referrals
from azscraper.tenants.referrals import Rewards
from integration.one_app import App
from integration.test_api import failed, run_chunk, succeeded
from integration.test_bad_requests import check


@pytest.fixture
def code_of(services):
    object.__setattr__(services, "referral_rewards", Rewards(referrer=30, referred=20))

    async def code_of(tenant):
        return (await tenant.http.get("/referral/me")).json()["data"]["code"]

    return code_of


async def register(services, code):
    """A client that speaks for a new organization, and its project."""
    transport = httpx.ASGITransport(App(services))
    client = httpx.AsyncClient(transport=transport, base_url="http://test")
    body = {"email": "new@example.com", "password": "correct horse", "referralCode": code}
    response = await client.post("/auth/register", json=body)
    assert response.status_code == 201
    client.headers["Authorization"] = f"Bearer {response.json()['accessToken']}"
    project = (await client.post("/projects", json={"name": "P"})).json()["data"]["id"]
    return client, project


async def run_job(client, project, pool, outcome):
    body = {"type": "details", "targets": ["B000000001"]}
    job = (await client.post(f"/projects/{project}/jobs", json=body)).json()["data"]
    await run_chunk(pool, job["id"], outcome)


async def balance(client):
    return (await client.get("/credits")).json()["data"]["balance"]


async def test_standing(tenant, stranger, code_of):
    standing = (await tenant.http.get("/referral/me")).json()["data"]
    code = standing.pop("code")
    assert standing == {
        "link": f"http://test/?ref={code}",
        "clicks": 0,
        "signups": 0,
        "rewarded": 0,
        "earned": 0,
        "rewards": {"referrer": 30, "referred": 20},
    }
    assert await code_of(tenant) == code
    assert await code_of(stranger) != code


async def test_both_sides_are_paid_when_the_new_one_completes_its_first_job(tenant, pool, services, code_of):
    client, project = await register(services, (await code_of(tenant)).upper())
    async with aclosing(client):
        (signup,) = (await tenant.http.get("/referral/signups")).json()["data"]
        assert (signup["status"], signup["credits"], signup["rewardedAt"]) == ("pending", 30, None)
        object.__setattr__(services, "referral_rewards", Rewards(referrer=1, referred=1))  # a promise is a promise
        await run_job(client, project, pool, failed)
        assert (await balance(client), await balance(tenant.http)) == (0, 0)
        for _ in range(2):
            await run_job(client, project, pool, succeeded)
            assert (await balance(client), await balance(tenant.http)) == (20, 30)
    page = (await tenant.http.get("/referral/signups")).json()
    assert page["meta"]["total"] == 1
    assert page["data"][0]["status"] == "rewarded"
    standing = (await tenant.http.get("/referral/me")).json()["data"]
    assert (standing["signups"], standing["rewarded"], standing["earned"]) == (1, 1, 30)


async def test_the_referrers_own_jobs_pay_nothing(tenant, pool, services, code_of):
    client, _ = await register(services, await code_of(tenant))
    async with aclosing(client):
        await run_job(tenant.http, tenant.project_id, pool, succeeded)
        assert (await balance(client), await balance(tenant.http)) == (0, 0)


async def test_an_unknown_code_keeps_nobody_out(tenant, services, code_of):
    await code_of(tenant)
    client, _ = await register(services, "nonsense")
    await client.aclose()
    assert (await tenant.http.get("/referral/signups")).json()["data"] == []


async def test_pages_of_signups(tenant, pool, code_of):
    code = await code_of(tenant)
    async with transaction(pool) as conn:
        for n in range(5):
            await conn.execute("INSERT INTO organizations (id, name, plan) VALUES (%s, '', 'free')", [f"{n:024x}"])
            await referrals.sign_up(conn, f"{n:024x}", code, rewards=Rewards(), vouched=False)
    seen, params = [], {"limit": "2"}
    while params.get("cursor", "") is not None:
        page = (await tenant.http.get("/referral/signups", params=params)).json()
        seen += [signup["id"] for signup in page["data"]]
        params["cursor"] = page["meta"]["nextCursor"]
    assert seen == [f"{n:024x}" for n in (4, 3, 2, 1, 0)]


async def test_clicks_are_counted_and_throttled(tenant, http, services, code_of):
    code = await code_of(tenant)
    now = services.clock()
    object.__setattr__(services, "clock", lambda: now)
    answers = await asyncio.gather(*(http.post("/referral/click", json={"code": code}) for _ in range(20)))
    assert sorted(answer.status_code for answer in answers) == [200] * 5 + [429] * 15
    refused = next(answer for answer in answers if answer.status_code == 429)
    check(refused, 429, "RATE_LIMIT_EXCEEDED")
    assert refused.headers["retry-after"] == "10"
    assert (await tenant.http.get("/referral/me")).json()["data"]["clicks"] == 5
    object.__setattr__(services, "clock", lambda: now + timedelta(seconds=10))
    assert (await http.post("/referral/click", json={"code": code})).json() == {"data": {"counted": True}}


async def test_guesses_are_throttled_like_clicks(http):
    for _ in range(5):
        check(await http.post("/referral/click", json={"code": "guess"}), 404, "NOT_FOUND")
    check(await http.post("/referral/click", json={"code": "guess"}), 429, "RATE_LIMIT_EXCEEDED")


async def test_addresses_that_are_quiet_are_forgotten(pool, services):
    now = services.clock()
    async with transaction(pool) as conn:
        for n in range(5):
            await referrals.throttle(conn, f"192.0.2.{n}", now=now + timedelta(seconds=n))
        await referrals.throttle(conn, "192.0.2.9", now=now + timedelta(seconds=12))
        cursor = await conn.execute("SELECT address FROM referral_clicks ORDER BY address")
        assert [row[0] for row in await cursor.fetchall()] == ["192.0.2.3", "192.0.2.4", "192.0.2.9"]
