"""One target, answered in the response: its rows, or the error that it ended with."""

import asyncio
from contextlib import ExitStack, suppress
from dataclasses import replace
from datetime import UTC, datetime

import orjson
import pytest

from azscraper.errors import NotFoundError, RateLimitedError
from azscraper.results.summaries import OF_TARGET
from azscraper.running.save import Outcome
from azscraper.store.db import transaction
from azscraper.web import waiting
from integration.test_api import run_chunk, succeeded

ASIN = "B000000001"


def ends(code):
    """An outcome of a target that fails so."""
    return lambda target: Outcome(
        target.ordinal,
        target.claim,
        "failed",
        1,
        error_code=code,
        error_message=f"It is {code}.",
        fetched_at=datetime.now(UTC),
    )


async def ask(tenant, key=None, **body):
    body = {"type": "details", "target": ASIN} | body
    headers = {"Idempotency-Key": key} if key else {}
    return await tenant.http.post(f"/projects/{tenant.project_id}/ask", json=body, headers=headers)


async def answered(tenant, services, outcome, **body):
    """The answer, where a worker ends the target so."""
    return await worked(tenant, services, outcome, ask(tenant, **body))


async def worked(tenant, services, outcome, asking):
    asked = asyncio.create_task(asking)
    while not (jobs := (await tenant.http.get(f"/projects/{tenant.project_id}/jobs?status=queued")).json()["data"]):
        await asyncio.sleep(0.01)
    await run_chunk(services.pool, jobs[0]["id"], outcome)
    services.changes._wake(jobs[0]["id"])  # noqa: SLF001 - as the database does, which nobody listens to here
    answer = await asked
    assert answer.headers["x-job-id"] == jobs[0]["id"]
    return answer


async def test_the_rows_of_the_target(tenant, services):
    answer = await answered(tenant, services, succeeded, config={"pages": 3})
    body = answer.json()
    assert answer.status_code == 200
    assert [row["asin"] for row in body["data"]] == [ASIN]
    meta = body["meta"]
    assert (meta["jobId"], meta["target"], meta["status"]) == (answer.headers["x-job-id"], ASIN, "success")
    assert (meta["cached"], meta["credits"]) == (False, 0)
    assert [warning["field"] for warning in meta["warnings"]] == ["config.pages"]
    assert 0 <= meta["tookMs"] < 60_000


@pytest.mark.parametrize("waiting_ends", [NotFoundError("Job not found"), RateLimitedError("Too many wait", 1)])
async def test_a_job_that_the_database_lost_is_told_to_nobody(tenant, pool, monkeypatch, waiting_ends):
    """Its beginning does not wait for the disk, so that a crash of the database may take it back."""

    async def lost(_services, _caller, job_id, _look, **_):
        async with transaction(pool) as conn:
            await conn.execute("DELETE FROM targets WHERE job_id = %s", [job_id])
            await conn.execute("DELETE FROM jobs WHERE id = %s", [job_id])
        raise waiting_ends

    monkeypatch.setattr(waiting, "seen_over", lost)
    answer = await ask(tenant)
    assert (answer.status_code, answer.json()["error"]["code"]) == (503, "UNAVAILABLE")
    assert "Ask again" in answer.json()["error"]["message"]


@pytest.mark.parametrize(
    ("code", "status", "envelope"),
    [
        ("not_found", 404, "NOT_FOUND"),
        ("blocked", 503, "UNAVAILABLE"),
        ("robots_disallowed", 422, "TARGET_REFUSED"),
        ("sign_in_required", 422, "TARGET_REFUSED"),
        ("timeout", 502, "TARGET_FAILED"),
        ("http_error", 502, "TARGET_FAILED"),
        ("parse_error", 502, "TARGET_FAILED"),
        ("unreachable", 502, "TARGET_FAILED"),
    ],
)
async def test_a_target_that_failed_is_an_error_in_the_envelope(tenant, services, code, status, envelope):
    answer = await answered(tenant, services, ends(code))
    error = answer.json()["error"]
    assert (answer.status_code, error["code"]) == (status, envelope)
    assert error["details"] == [{"field": "target", "message": f"It is {code}.", "code": code}]
    assert ("retry-after" in answer.headers) is (status == 503)


async def test_what_takes_longer_goes_on_and_the_same_request_waits_for_it_again(tenant, pool):
    first = await ask(tenant, "one", waitSeconds=0)
    assert (first.status_code, first.json()["data"]["status"]) == (202, "queued")
    job_id = first.json()["data"]["id"]
    assert first.headers["x-job-id"] == job_id
    await run_chunk(pool, job_id, succeeded)
    again = await ask(tenant, "one", waitSeconds=0)
    assert (again.status_code, again.json()["meta"]["jobId"]) == (200, job_id)
    other = await ask(tenant, "one", waitSeconds=1)
    assert other.status_code == 409, "another request with the key"


@pytest.mark.parametrize(
    ("body", "status", "field"),
    [
        ({"target": "no product"}, 400, "target"),
        ({"target": ""}, 400, "target"),
        ({"target": "x" * 2049}, 400, "target"),
        ({"waitSeconds": 121}, 400, "waitSeconds"),
        ({"config": {"maxAge": -1}}, 400, "config.maxAge"),
        ({"type": "nothing"}, 400, "type"),
    ],
    ids=str,
)
async def test_bad_questions(tenant, body, status, field):
    answer = await ask(tenant, **body)
    assert (answer.status_code, answer.json()["error"]["details"][0]["field"]) == (status, field)


async def test_an_ask_is_a_job_with_its_quota_and_its_audit(tenant, services):
    await answered(tenant, services, succeeded)
    used = (await tenant.http.get("/usage")).json()["data"]["used"]
    assert used["jobsThisMonth"] == 1
    assert (await tenant.http.get("/audit?action=job.created")).json()["data"][0]["details"]["targets"] == 1
    await tenant.http.patch(f"/projects/{tenant.project_id}", json={"archived": True})
    assert (await ask(tenant)).status_code == 409


@pytest.fixture
async def key(tenant):
    made = await tenant.http.post(f"/projects/{tenant.project_id}/api-keys", json={"name": "own"})
    return {"Authorization": f"Bearer {made.json()['data']['key']}"}


def asks(tenant, key, query):
    return tenant.http.get(f"/ask/details?{query}", headers=key)


async def test_an_ask_by_query_with_a_projects_key(tenant, services, key):
    query = f"target={ASIN}&marketplace=de&maxRetries=1&fields=asin"
    answer = await worked(tenant, services, succeeded, asks(tenant, key, query))
    assert answer.json()["data"] == [{"asin": ASIN}]
    job = (await tenant.http.get(f"/jobs/{answer.headers['x-job-id']}")).json()["data"]
    assert job["config"] == {"marketplace": "de", "maxRetries": 1}


@pytest.mark.parametrize(
    ("query", "fields"),
    [
        ("", ["target"]),
        (f"target={ASIN}&pages=3&maxAgee=1", ["pages", "maxAgee"]),
        (f"target={ASIN}&maxAge=x", ["maxAge"]),
        (f"target={ASIN}&maxAge=1&maxAge=2", ["maxAge"]),
        (f"target={ASIN}&marketplace=nowhere", ["marketplace"]),
        (f"target={ASIN}&waitSeconds=121", ["waitSeconds"]),
        (f"target={ASIN}&fields=nothing", ["fields"]),
        (f"target={ASIN}&where=nothing", ["where"]),
        ("target=no+product", ["target"]),
    ],
)
async def test_bad_queries(tenant, key, query, fields):
    answer = await asks(tenant, key, query)
    assert (answer.status_code, [one["field"] for one in answer.json()["error"]["details"]]) == (400, fields)
    assert (await tenant.http.get(f"/projects/{tenant.project_id}/jobs")).json()["data"] == []


async def test_a_target_under_the_name_of_another_service_is_told_this_ones(tenant, key):
    answer = await asks(tenant, key, f"asin={ASIN}")
    assert answer.json()["error"]["message"] == "target: is missing; 'asin' is called 'target' here"


async def by_address(tenant, key, url, **params):
    return await tenant.http.get("/ask", params={"url": url, **params}, headers=key)


async def test_an_ask_by_the_address_of_any_page(tenant, services, key):
    url = f"https://www.amazon.de/Kettle/dp/{ASIN}/ref=sr_1_1"
    answer = await worked(tenant, services, succeeded, by_address(tenant, key, url, variant="auto", fields="asin"))
    assert answer.json()["data"] == [{"asin": ASIN}]
    job_id = answer.headers["x-job-id"]
    job = (await tenant.http.get(f"/jobs/{job_id}")).json()["data"]
    assert (job["type"], job["config"]) == ("auto", {"variant": "auto"})
    (target,) = (await tenant.http.get(f"/jobs/{job_id}/targets")).json()["data"]
    assert target["type"] == "details"


@pytest.mark.parametrize(
    ("params", "field"),
    [
        ({"url": "kettle"}, "url"),
        ({"url": "https://www.example.com/dp/B000000001"}, "url"),
        ({"url": f"https://www.amazon.de/dp/{ASIN}", "pages": "2"}, "pages"),
        ({"url": f"https://www.amazon.de/dp/{ASIN}", "fields": "keyword"}, "fields"),
    ],
)
async def test_bad_addresses(tenant, key, params, field):
    answer = await by_address(tenant, key, **params)
    assert (answer.status_code, answer.json()["error"]["details"][0]["field"]) == (400, field), answer.text


async def test_a_part_of_an_address_that_is_not_encoded_says_so(tenant, key):
    url = f"https://www.amazon.de/dp/{ASIN}?th=1&tag=x-20&pages=2"
    answer = await tenant.http.get(f"/ask?url={url}", headers=key)
    first, second = answer.json()["error"]["details"]
    assert (first["field"], second["field"]) == ("tag", "pages")
    assert first["message"] == (
        "is not a parameter of this route; if it is a part of the address, encode the address: %26 for &"
    )


async def test_more_requests_than_may_wait_are_told_when_to_ask_again(tenant, services, pool):
    (project,) = (await tenant.http.get("/projects")).json()["data"]
    with ExitStack() as others:
        with suppress(RateLimitedError):
            while True:
                others.enter_context(services.streams.taken(project["organizationId"]))
        early = await ask(tenant, "full", waitSeconds=60)
    assert (early.status_code, early.headers["retry-after"]) == (202, "5")
    await run_chunk(pool, early.headers["x-job-id"], succeeded)
    again = await ask(tenant, "full", waitSeconds=60)
    assert (again.status_code, again.headers["x-job-id"]) == (200, early.headers["x-job-id"])
    in_vain = await ask(tenant, waitSeconds=0)
    assert (in_vain.status_code, "retry-after" in in_vain.headers) == (202, False)


async def test_a_log_in_is_told_to_name_the_project(tenant):
    answer = await tenant.http.get(f"/ask/details?target={ASIN}")
    assert answer.status_code == 403
    assert "/projects/{projectId}/ask" in answer.json()["error"]["message"]


async def test_the_same_query_with_an_idempotency_key_is_the_same_job(tenant, pool, key):
    query = f"target={ASIN}&waitSeconds=0"
    first = await asks(tenant, key | {"Idempotency-Key": "one"}, query)
    assert first.status_code == 202
    await run_chunk(pool, first.headers["x-job-id"], succeeded)
    again = await asks(tenant, key | {"Idempotency-Key": "one"}, query)
    assert (again.status_code, again.json()["meta"]["jobId"]) == (200, first.headers["x-job-id"])
    other = await asks(tenant, key | {"Idempotency-Key": "one"}, query + "&maxRetries=1")
    assert other.status_code == 409


async def test_of_the_rows_what_was_asked_for(tenant, services):
    asking = tenant.http.post(
        f"/projects/{tenant.project_id}/ask?fields=title&include=meta&where=asin%3D%22{ASIN}%22",
        json={"type": "details", "target": ASIN},
    )
    (row,) = (await worked(tenant, services, succeeded, asking)).json()["data"]
    assert (set(row), row["meta"]["target"]) == ({"title", "meta"}, ASIN)
    asking = tenant.http.post(
        f"/projects/{tenant.project_id}/ask?where=asin%3D%22B000000002%22", json={"type": "details", "target": ASIN}
    )
    assert (await worked(tenant, services, succeeded, asking)).json()["data"] == []


@pytest.mark.parametrize("count", [249, 250, 251, 1000])
async def test_all_rows_of_a_page_where_they_are_many(tenant, services, count):
    def many(target):
        (row,) = succeeded(target).rows
        return replace(succeeded(target), rows=tuple(replace(row, json=b'{"n":%d}' % n) for n in range(count)))

    body = (await answered(tenant, services, many)).json()
    assert [row["n"] for row in body["data"]] == list(range(count))
    assert body["meta"]["nextCursor"] is None


async def test_how_much_of_what_the_page_claims_is_there(tenant, services):
    coverage = {"have": 1, "total": 3, "complete": False, "reason": "not_served"}

    def partly(target):
        return replace(succeeded(target), summaries=((OF_TARGET, orjson.dumps({"coverage": coverage})),), credits=3)

    answer = await answered(tenant, services, partly)
    assert answer.json()["meta"]["credits"] == 3
    assert answer.json()["meta"]["coverage"] == coverage == answer.json()["summary"]["coverage"]
