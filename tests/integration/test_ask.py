"""One target, answered in the response: its rows, or the error that it ended with."""

import asyncio
from datetime import UTC, datetime

import pytest

from azscraper.running.save import Outcome
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
    asked = asyncio.create_task(ask(tenant, **body))
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
    assert meta["cached"] is False
    assert [warning["field"] for warning in meta["warnings"]] == ["config.pages"]
    assert 0 <= meta["tookMs"] < 60_000


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
