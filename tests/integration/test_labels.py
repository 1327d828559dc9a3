"""What people call jobs, how they find them, and requests that wait for a job's end."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from azscraper.web import waiting
from integration.test_api import run_chunk, succeeded


async def listed(tenant, **params):
    answer = await tenant.http.get(f"/projects/{tenant.project_id}/jobs", params=params)
    assert answer.status_code == 200, answer.text
    body = answer.json()
    assert body["meta"]["total"] == len(body["data"])
    return [job["id"] for job in body["data"]]


async def test_jobs_are_found_by_what_they_are_called(tenant):
    plain = await tenant.post_job()
    assert {"name", "tags"}.isdisjoint(plain), "the answer is the published one where there is nothing to say"
    kettles = await tenant.post_job(name="Kettles 100%", tags=["de", "weekly", "de"])
    irons = await tenant.post_job(name="irons", tags=["weekly"])
    assert (kettles["name"], kettles["tags"]) == ("Kettles 100%", ["de", "weekly"])
    assert await listed(tenant, q="kettle") == [kettles["id"]]
    assert await listed(tenant, q="0%") == [kettles["id"]]
    assert await listed(tenant, q="_") == []
    assert await listed(tenant, q=plain["id"][:23]) == [plain["id"]]
    assert await listed(tenant, tag="weekly") == [irons["id"], kettles["id"]]
    assert await listed(tenant, tag="week") == []
    assert await listed(tenant, tag="") == await listed(tenant)
    assert await listed(tenant, tag="weekly", q="iron", status="queued", type="details") == [irons["id"]]
    assert await listed(tenant, createdAfter=irons["createdAt"]) == [irons["id"]]
    assert await listed(tenant, createdBefore=kettles["createdAt"]) == [plain["id"]]
    assert await listed(tenant, createdAfter=(datetime.now(UTC) + timedelta(days=1)).isoformat()) == []
    again = (await tenant.http.post(f"/jobs/{kettles['id']}/retry")).json()["data"]
    assert (again["name"], again["tags"]) == ("Kettles 100%", ["de", "weekly"])


async def test_a_job_is_renamed_and_the_audit_says_so(tenant):
    job = await tenant.post_job(name="Kettles", tags=["de"])
    path = f"/jobs/{job['id']}"
    changed = (await tenant.http.patch(path, json={"name": "Irons"})).json()["data"]
    assert (changed["name"], changed["tags"]) == ("Irons", ["de"])
    changed = (await tenant.http.patch(path, json={"name": "", "tags": []})).json()["data"]
    assert {"name", "tags"}.isdisjoint(changed)
    entries = (await tenant.http.get("/audit", params={"action": "job.changed"})).json()["data"]
    assert entries[1]["details"] == {"before": {"name": "Kettles"}, "after": {"name": "Irons"}}


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"name": "n" * 121}, "name"),
        ({"tags": ["t" * 41]}, "tags.0"),
        ({"tags": [str(n) for n in range(21)]}, "tags"),
        ({"tags": [""]}, "tags.0"),
        ({"waitSeconds": 121}, "waitSeconds"),
        ({"waitSeconds": -1}, "waitSeconds"),
    ],
    ids=str,
)
async def test_bounds(tenant, body, field):
    body = {"type": "details", "targets": ["B000000001"]} | body
    answer = await tenant.http.post(f"/projects/{tenant.project_id}/jobs", json=body)
    assert (answer.status_code, answer.json()["error"]["details"][0]["field"]) == (400, field)


async def post(tenant, seconds, key=None):
    body = {"type": "details", "targets": ["B000000001", "B000000002"], "waitSeconds": seconds}
    headers = {"Idempotency-Key": key} if key else {}
    return await tenant.http.post(f"/projects/{tenant.project_id}/jobs", json=body, headers=headers)


async def test_a_request_waits_for_the_end_of_its_job(tenant, services, pool):
    """Two requests with one key: one job, and both get its rows."""
    asked = [asyncio.create_task(post(tenant, 60, "one")) for _ in range(2)]
    while not (found := await listed(tenant)):
        await asyncio.sleep(0.01)
    await run_chunk(pool, found[0], succeeded)
    services.changes._wake(found[0])  # noqa: SLF001 - as the database does, which nobody listens to here
    for answer in await asyncio.gather(*asked):
        body = answer.json()
        assert (answer.status_code, body["data"]["id"], body["data"]["status"]) == (200, found[0], "completed")
        assert [row["asin"] for row in body["rows"]] == ["B000000001", "B000000002"]
        assert body["meta"] == {"total": 2, "nextCursor": None}
    assert len(await listed(tenant)) == 1


async def test_a_job_that_is_not_over_in_time_runs_on(tenant, monkeypatch):
    monkeypatch.setattr(waiting, "_LOOK_SECONDS", 0.01)
    answer = await post(tenant, 1)
    assert (answer.status_code, answer.json()["data"]["status"]) == (201, "queued")
    assert "rows" not in answer.json()


async def test_who_waits_for_too_much_is_answered_at_once(tenant, services):
    slots = [services.streams.taken((await tenant.post_job())["organizationId"]) for _ in range(100)]
    for slot in slots:
        slot.__enter__()
    answer = await post(tenant, 120)
    assert answer.status_code == 201
    for slot in slots:
        slot.__exit__(None, None, None)
