"""Idempotency-Key: one effect and one answer, whatever is sent again and however much at once."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import httpx
import pytest

from azscraper.store.db import transaction
from azscraper.tenants import idempotency
from azscraper.tenants.keyring import Keyring
from integration.conftest import SECRET
from integration.one_app import App
from integration.test_api import failed, run_chunk
from integration.test_bad_requests import check

KEY = {"Idempotency-Key": "a key of mine"}
JSON = {"Content-Type": "application/json"}
JOB = {"type": "details", "targets": ["B000000001"], "config": {"mine": {"a": [1, None], "b": None}}}


async def count(pool, table):
    async with transaction(pool) as conn:
        return (await (await conn.execute(f"SELECT count(*) FROM {table}")).fetchone())[0]


@pytest.mark.parametrize("what", ["projects", "jobs", "retry"])
async def test_the_same_request_gets_the_first_answer_again(tenant, pool, what):
    job = await tenant.post_job()
    path, body = {
        "projects": ("/projects", {"name": "Once"}),
        "jobs": (f"/projects/{tenant.project_id}/jobs", JOB),
        "retry": (f"/jobs/{job['id']}/retry", None),
    }[what]
    first = await tenant.http.post(path, json=body, headers=KEY)
    again = await tenant.http.post(path, json=body, headers=KEY)
    assert first.status_code == again.status_code == 201
    assert first.content == again.content
    assert "idempotent-replayed" not in first.headers
    assert again.headers["idempotent-replayed"] == "true"
    assert await count(pool, "projects") == (2 if what == "projects" else 1)
    assert await count(pool, "jobs") == (1 if what == "projects" else 2)
    plain = await tenant.http.post(path, json=body)
    assert plain.json()["data"].keys() == first.json()["data"].keys()
    assert plain.json()["data"]["id"] != first.json()["data"]["id"]


async def test_another_request_under_the_same_key_is_refused(tenant):
    assert (await tenant.http.post("/projects", json={"name": "A"}, headers=KEY)).status_code == 201
    check(await tenant.http.post("/projects", json={"name": "B"}, headers=KEY), 409, "CONFLICT")
    spaced = await tenant.http.post("/projects", content=b'{ "name" : "A" }', headers=KEY | JSON)
    assert spaced.status_code == 201
    job = await tenant.post_job()
    assert (await tenant.http.post(f"/jobs/{job['id']}/retry", headers=KEY)).status_code == 201
    check(await tenant.http.post(f"/jobs/{job['id']}/retry?only=failed", headers=KEY), 409, "CONFLICT")


async def test_keys_are_of_an_organization_and_a_route(tenant, stranger):
    answers = [
        await tenant.http.post("/projects", json={"name": "A"}, headers=KEY),
        await stranger.http.post("/projects", json={"name": "A"}, headers=KEY),
        await tenant.http.post(f"/projects/{tenant.project_id}/jobs", json=JOB, headers=KEY),
        await stranger.http.post(f"/projects/{stranger.project_id}/jobs", json=JOB, headers=KEY),
    ]
    assert [answer.status_code for answer in answers] == [201] * 4
    assert len({answer.json()["data"]["id"] for answer in answers}) == 4


async def test_twins_at_once_create_once(tenant, pool):
    path = f"/projects/{tenant.project_id}/jobs"
    answers = await asyncio.gather(*(tenant.http.post(path, json=JOB, headers=KEY) for _ in range(20)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.content for answer in answers}) == 1
    assert sum("idempotent-replayed" not in answer.headers for answer in answers) == 1
    assert await count(pool, "jobs") == 1


async def test_what_failed_is_tried_again(tenant, pool):
    path = f"/projects/{tenant.project_id}"
    await tenant.http.patch(path, json={"archived": True})
    check(await tenant.http.post(f"{path}/jobs", json=JOB, headers=KEY), 409, "CONFLICT")
    check(await tenant.http.post(f"{path}/jobs", json={}, headers=KEY), 400, "VALIDATION_ERROR")
    await tenant.http.patch(path, json={"archived": False})
    assert (await tenant.http.post(f"{path}/jobs", json=JOB, headers=KEY)).status_code == 201
    job = await tenant.post_job()
    await run_chunk(pool, job["id"], failed)
    retried = await tenant.http.post(f"/jobs/{job['id']}/retry?only=failed", headers=KEY)
    assert retried.json()["data"]["status"] == "queued"


async def test_a_key_is_free_again_after_a_day_and_swept_soon_after(tenant, services, pool):
    now = services.clock()
    first = await tenant.http.post("/projects", json={"name": "A"}, headers=KEY)
    object.__setattr__(services, "clock", lambda: now + idempotency.LIFETIME - timedelta(seconds=10))
    assert (await tenant.http.post("/projects", json={"name": "A"}, headers=KEY)).content == first.content
    object.__setattr__(services, "clock", lambda: now + idempotency.LIFETIME + timedelta(seconds=10))
    other = await tenant.http.post("/projects", json={"name": "B"}, headers=KEY)
    assert other.json()["data"]["name"] == "B"
    assert await count(pool, "idempotency_keys") == 1
    object.__setattr__(services, "clock", lambda: now + 3 * idempotency.LIFETIME)
    await tenant.http.post("/projects", json={"name": "C"}, headers={"Idempotency-Key": "another"})
    assert await count(pool, "idempotency_keys") == 1


@pytest.mark.parametrize("key", ["", "x" * 256])
async def test_keys_have_a_length(tenant, key):
    response = await tenant.http.post("/projects", json={"name": "A"}, headers={"Idempotency-Key": key})
    check(response, 400, "VALIDATION_ERROR")
    assert [detail["field"] for detail in response.json()["error"]["details"]] == ["idempotency-key"]


SCHEDULE = {"cron": "0 6 * * *", "crawlConfig": {"type": "search", "targets": ["x"]}}
WEBHOOK = {"url": "https://hooks.example.com/"}


@pytest.mark.parametrize(
    ("table", "path", "body"),
    [
        ("schedules", "schedules", SCHEDULE),
        ("webhooks", "webhooks", WEBHOOK),
        ("api_keys", "api-keys", {"name": "k"}),
    ],
)
async def test_all_that_a_project_is_given_is_made_once(tenant, pool, table, path, body):
    url = f"/projects/{tenant.project_id}/{path}"
    first = await tenant.http.post(url, json=body, headers=KEY)
    again = await tenant.http.post(url, json=body, headers=KEY)
    assert first.status_code == again.status_code == 201
    assert first.content == again.content
    assert again.headers["idempotent-replayed"] == "true"
    assert await count(pool, table) == 1
    plain = (await tenant.http.post(url, json=body)).json()["data"]
    assert plain.keys() == first.json()["data"].keys()
    check(await tenant.http.post(url, json=body | {"name": "other"}, headers=KEY), 409, "CONFLICT")


async def test_a_test_message_and_a_redelivery_are_sent_once(tenant, pool):
    made = (await tenant.http.post(f"/projects/{tenant.project_id}/webhooks", json=WEBHOOK)).json()["data"]
    path = f"/webhooks/{made['id']}/test"
    first, again = [(await tenant.http.post(path, headers=KEY)).json() for _ in range(2)]
    assert first == again
    path = f"/deliveries/{first['data']['id']}/redeliver"
    assert [(await tenant.http.post(path, headers=KEY)).status_code for _ in range(2)] == [201, 201]
    assert await count(pool, "webhook_deliveries") == 2


async def test_an_api_key_is_answered_again_and_stored_nowhere(tenant, http, pool):
    url = f"/projects/{tenant.project_id}/api-keys"
    key = (await tenant.http.post(url, json={"name": "k"}, headers=KEY)).json()["data"]["key"]
    again = (await tenant.http.post(url, json={"name": "k"}, headers=KEY)).json()["data"]["key"]
    assert (await http.get("/projects", headers={"X-API-Key": again})).status_code == 200
    async with transaction(pool) as conn:
        [(kept,)] = await (await conn.execute("SELECT body FROM idempotency_keys")).fetchall()
    secret = key.split("_")[2]
    assert secret.encode() not in bytes(kept)


async def test_an_api_key_is_answered_again_after_the_secret_was_replaced(tenant, services):
    url = f"/projects/{tenant.project_id}/api-keys"
    key = (await tenant.http.post(url, json={"name": "k"}, headers=KEY)).json()["data"]["key"]
    after = replace(services, keys=Keyring("another secret, thirty-two characters or more", (SECRET,)))
    transport = httpx.ASGITransport(App(after))
    async with httpx.AsyncClient(transport=transport, base_url="http://test", headers=tenant.http.headers) as client:
        assert (await client.post(url, json={"name": "k"}, headers=KEY)).json()["data"]["key"] == key
        assert (await client.get("/me")).status_code == 200


async def test_a_projects_key_is_not_answered_what_others_were(tenant, http):
    other = (await tenant.http.post("/projects", json={"name": "other"})).json()["data"]["id"]
    made = await tenant.http.post(f"/projects/{other}/api-keys", json={"name": "k"})
    url = f"/projects/{tenant.project_id}/webhooks"
    assert (await tenant.http.post(url, json=WEBHOOK, headers=KEY)).status_code == 201
    key = {"X-API-Key": made.json()["data"]["key"]}
    check(await http.post(url, json=WEBHOOK, headers=KEY | key), 404, "NOT_FOUND")
