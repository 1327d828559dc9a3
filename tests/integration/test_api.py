"""The HTTP contract, route by route: shapes, states, tenants."""

import asyncio
import re
import threading
from dataclasses import replace
from datetime import UTC, datetime

import jsonschema_rs
import orjson
import pytest

from azscraper.crawl import archive_index
from azscraper.crawl.archive import Location
from azscraper.crawl.archive_index import ArchivedPage
from azscraper.jobs import jobs
from azscraper.records import OfferRow, Product
from azscraper.records.parts import Money
from azscraper.results import fill_rates
from azscraper.running import chunks
from azscraper.running.save import Outcome, Row, save
from azscraper.store.db import transaction
from azscraper.tenants.principal import Principal

ID = re.compile(r"[0-9a-f]{24}")
STAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")


async def run_chunk(pool, job_id, outcome, lane=0, run=0):
    """Play a worker: claim a chunk, give each target an outcome, end the chunk."""
    async with transaction(pool) as conn:
        chunk = await chunks.claim(conn, job_id, lane=lane, run=run, now=datetime.now(UTC))
    assert chunk is not None
    async with transaction(pool) as conn:
        assert await save(conn, chunk, [outcome(target) for target in chunk.targets])
        await chunks.end(conn, chunk, now=datetime.now(UTC))
    return chunk


def succeeded(target):
    row = orjson.dumps({"asin": target.key, "title": f"Title of {target.key}"})
    return Outcome(target.ordinal, target.claim, "success", target.attempts + 1, http_status=200, rows=(Row(row),))


def failed(target):
    return Outcome(
        target.ordinal, target.claim, "failed", target.attempts + 1, error_code="not_found", error_message="Gone."
    )


async def test_health_has_no_envelope(http):
    assert (await http.get("/health")).json() == {"status": "ok"}
    assert (await http.get("/health/ready")).json() == {"status": "ok"}
    assert [(await http.head(path)).status_code for path in ("/health", "/health/ready")] == [200, 200]


async def test_register_and_login_give_a_session_in_both_places(http):
    body = {"email": " Ann@Example.com ", "password": "correct horse", "name": "Ann"}
    response = await http.post("/auth/register", json=body)
    assert response.status_code == 201
    session = response.json()
    assert session["accessToken"] == session["data"]["accessToken"]
    assert session["user"] == session["data"]["user"]
    assert session["user"]["email"] == "ann@example.com"
    assert ID.fullmatch(session["user"]["id"])
    again = await http.post("/auth/register", json=body)
    assert (again.status_code, again.json()["error"]["code"]) == (409, "CONFLICT")
    login = await http.post("/auth/login", json={"email": "ann@example.com", "password": "correct horse"})
    assert login.status_code == 200
    assert login.json()["data"]["user"] == session["user"]


async def test_login_tells_the_same_for_no_account_and_a_wrong_password(http):
    await http.post("/auth/register", json={"email": "ann@example.com", "password": "correct horse"})
    wrong = await http.post("/auth/login", json={"email": "ann@example.com", "password": "wrong horse"})
    nobody = await http.post("/auth/login", json={"email": "nobody@example.com", "password": "wrong horse"})
    assert wrong.status_code == nobody.status_code == 401
    assert wrong.json() == nobody.json()


async def test_projects(tenant):
    response = await tenant.http.post("/projects", json={"name": "  US  "})
    assert response.status_code == 201
    project = response.json()["data"]
    assert project["name"] == "US"
    assert project["archived"] is False
    assert STAMP.fullmatch(project["createdAt"])
    six = {"id", "name", "organizationId", "archived", "createdAt", "updatedAt"}
    assert set(project) == six | {"changeThresholds", "ownSellers"}
    changed = await tenant.http.patch(f"/projects/{project['id']}", json={"archived": True})
    assert changed.json()["data"]["archived"] is True
    assert changed.json()["data"]["name"] == "US"
    listed = (await tenant.http.get("/projects", params={"archived": "false"})).json()["data"]
    assert [p["name"] for p in listed] == ["EU keywords"]
    assert len((await tenant.http.get("/projects")).json()["data"]) == 2
    refused = await tenant.http.post(f"/projects/{project['id']}/jobs", json={"type": "search", "targets": ["x"]})
    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "CONFLICT")


async def test_a_job_as_the_public_page_shows_it(tenant):
    body = {"type": "search", "targets": ["wireless earbuds"], "config": {"lang": "en-US", "mine": {"a": [1, None]}}}
    response = await tenant.http.post(f"/projects/{tenant.project_id}/jobs", json=body)
    assert response.status_code == 201
    job = response.json()["data"]
    assert job["status"] == "queued"
    assert job["targets"] == [{"value": "wireless earbuds", "status": "pending"}]
    assert job["config"] == body["config"]
    assert job["bullJobId"] == job["id"]
    assert job["progress"] == {"total": 1, "pending": 1, "running": 0, "succeeded": 0, "failed": 0, "cancelled": 0}
    assert "resultSetId" not in job
    assert "completedAt" not in job
    assert (await tenant.http.get(f"/jobs/{job['id']}")).json()["data"] == job


async def test_a_job_runs_to_its_end(tenant, pool):
    job = await tenant.post_job(targets=["B000000001", "B000000002", "https://www.amazon.de/dp/B000000001"])
    await run_chunk(pool, job["id"], lambda t: failed(t) if t.key == "B000000002" else succeeded(t))
    done = (await tenant.http.get(f"/jobs/{job['id']}")).json()["data"]
    assert done["status"] == "completed"
    assert [t["status"] for t in done["targets"]] == ["success", "failed", "success"]
    assert done["resultCount"] == 2
    assert ID.fullmatch(done["resultSetId"])
    assert STAMP.fullmatch(done["completedAt"])
    rows = (await tenant.http.get(f"/jobs/{job['id']}/results")).json()
    assert rows == {
        "data": [
            {"asin": "B000000001", "title": "Title of B000000001"},
            {"asin": "B000000001", "title": "Title of B000000001"},
        ],
        "meta": {"total": 2, "status": "completed"},
    }
    listed = (await tenant.http.get(f"/jobs/{job['id']}/targets", params={"status": "failed"})).json()
    assert listed["data"][0]["error"] == {"code": "not_found", "message": "Gone."}
    assert listed["data"][0]["attempts"] == 1
    assert listed["meta"]["nextCursor"] is None
    assert listed["meta"]["total"] == 1
    assert (await tenant.http.get(f"/jobs/{job['id']}/results", params={"limit": 10**30})).json()["data"] == rows[
        "data"
    ]


async def test_a_job_without_success_failed_and_says_why(tenant, pool):
    job = await tenant.post_job()
    await run_chunk(pool, job["id"], failed)
    done = (await tenant.http.get(f"/jobs/{job['id']}")).json()["data"]
    assert done["status"] == "failed"
    assert done["error"] == {"code": "not_found", "message": "No target succeeded. Gone."}
    assert (await tenant.http.get(f"/jobs/{job['id']}/results")).json() == {
        "data": [],
        "meta": {"total": 0, "status": "failed"},
    }


async def test_duplicate_targets_are_kept_once_in_first_order(tenant):
    job = await tenant.post_job(targets=["b000000002", "B000000001", "/dp/B000000002", "B000000001"])
    assert [t["value"] for t in job["targets"]] == ["b000000002", "B000000001"]
    assert job["progress"]["total"] == 2


async def test_pages_of_targets_and_results(tenant, pool):
    job = await tenant.post_job(targets=[f"B{n:09}" for n in range(7)])
    await run_chunk(pool, job["id"], succeeded)
    for route, key in (("targets", "value"), ("results", "asin")):
        seen, cursor = [], None
        while True:
            params = {"limit": 3} | ({"cursor": cursor} if cursor else {})
            page = (await tenant.http.get(f"/jobs/{job['id']}/{route}", params=params)).json()
            assert page["meta"]["total"] == 7
            seen += [row[key] for row in page["data"]]
            cursor = page["meta"]["nextCursor"]
            if cursor is None:
                break
        assert seen == [f"B{n:09}" for n in range(7)]


async def test_list_of_jobs(tenant):
    jobs = [await tenant.post_job() for _ in range(3)]
    await tenant.http.post(f"/jobs/{jobs[0]['id']}/cancel")
    url = f"/projects/{tenant.project_id}/jobs"
    page = (await tenant.http.get(url, params={"limit": 2})).json()
    assert [job["id"] for job in page["data"]] == [jobs[2]["id"], jobs[1]["id"]]
    assert "targets" not in page["data"][0]
    assert page["meta"] == {"total": 3, "limit": 2, "offset": 0}
    queued = (await tenant.http.get(url, params={"status": "queued", "offset": 1, "limit": 1000})).json()
    assert [job["id"] for job in queued["data"]] == [jobs[1]["id"]]
    assert queued["meta"]["limit"] == 100
    assert (await tenant.http.get(url, params={"type": "search"})).json()["meta"]["total"] == 0


async def test_exports(tenant, pool):
    job = await tenant.post_job()
    await run_chunk(pool, job["id"], succeeded)
    as_json = await tenant.http.get(f"/jobs/{job['id']}/export")
    assert as_json.headers["content-disposition"] == f'attachment; filename="job-{job["id"]}.json"'
    assert as_json.json() == (await tenant.http.get(f"/jobs/{job['id']}/results")).json()["data"]
    as_csv = await tenant.http.get(f"/jobs/{job['id']}/export", params={"format": "csv"})
    assert as_csv.headers["content-type"] == "text/csv; charset=utf-8"
    header, *lines = as_csv.text.split("\r\n")
    assert "price.amount" in header
    assert len(lines) == 3  # two rows, and what is behind the last line end


async def test_fill_rates_add_up(tenant, pool):
    def half(target):
        record = Product(marketplace="www.amazon.com", title="x" if target.ordinal % 2 else None, is_prime=False)
        other = OfferRow(marketplace="www.amazon.com", asin="B000000001", page=2)
        return replace(succeeded(target), filled=(fill_rates.filled(record), fill_rates.filled(other)))

    job = await tenant.post_job(targets=[f"B{n:09}" for n in range(40)])
    await run_chunk(pool, job["id"], half)
    await run_chunk(pool, job["id"], half, lane=1)
    other, rate = (await tenant.http.get(f"/jobs/{job['id']}/fill-rates")).json()["data"]
    assert (other["record"], other["records"], other["filled"]["page"]) == ("OfferRow", 40, 1.0)
    assert (rate["record"], rate["marketplace"], rate["records"]) == ("Product", "www.amazon.com", 40)
    assert rate["filled"]["title"] == 0.5
    assert rate["filled"]["isPrime"] == 1.0
    assert "brand" not in rate["filled"]


async def test_retry(tenant, pool):
    job = await tenant.post_job(config={"lang": "de-DE"})
    await run_chunk(pool, job["id"], lambda t: replace(failed(t), error_code="timeout") if t.ordinal else succeeded(t))
    again = (await tenant.http.post(f"/jobs/{job['id']}/retry")).json()["data"]
    assert again["id"] != job["id"]
    assert again["status"] == "queued"
    assert again["targets"] == [{"value": v, "status": "pending"} for v in ("B000000001", "B000000002")]
    assert again["config"] == {"lang": "de-DE"}
    only_failed = (await tenant.http.post(f"/jobs/{job['id']}/retry", params={"only": "failed"})).json()["data"]
    assert [t["value"] for t in only_failed["targets"]] == ["B000000002"]
    nothing = await tenant.http.post(f"/jobs/{again['id']}/retry", params={"only": "failed"})
    assert nothing.status_code == 409


async def test_a_retry_of_what_failed_takes_the_failed_ones_but_what_is_no_target(tenant, pool):
    job = await tenant.post_job(targets=["B000000001", "B000000002", "B000000003"])
    codes = ("not_found", "timeout", "invalid")
    await run_chunk(pool, job["id"], lambda target: replace(failed(target), error_code=codes[target.ordinal]))
    again = (await tenant.http.post(f"/jobs/{job['id']}/retry", params={"only": "failed"})).json()["data"]
    assert [t["value"] for t in again["targets"]] == ["B000000001", "B000000002"]


async def test_the_dashboards_retry_leaves_out_what_fails_again(tenant, pool):
    job = await tenant.post_job()
    await run_chunk(pool, job["id"], lambda t: replace(failed(t), error_code="timeout" if t.ordinal else "not_found"))
    async with transaction(pool) as conn:
        [organization_id] = await (await conn.execute("SELECT organization_id FROM jobs LIMIT 1")).fetchone()
        ann = Principal(organization_id)
        again = await jobs.retry(conn, ann, job["id"], only_failed=True, left_out=jobs.HOPELESS, now=datetime.now(UTC))
    assert again.total == 1


async def test_cancel_keeps_rows_and_refuses_a_second_time(tenant, pool):
    job = await tenant.post_job(targets=[f"B{n:09}" for n in range(30)])
    await run_chunk(pool, job["id"], succeeded)
    cancelled = (await tenant.http.post(f"/jobs/{job['id']}/cancel")).json()["data"]
    assert cancelled["status"] == "cancelled"
    assert cancelled["progress"]["cancelled"] == 5
    assert (await tenant.http.get(f"/jobs/{job['id']}/results")).json()["meta"]["total"] == 25
    again = await tenant.http.post(f"/jobs/{job['id']}/cancel")
    assert (again.status_code, again.json()["error"]["code"]) == (409, "CONFLICT")


@pytest.mark.parametrize("plan", ["free"])
async def test_a_plan_limits_jobs(pool, tenant, plan):
    async with transaction(pool) as conn:
        await conn.execute("UPDATE organizations SET plan = %s", [plan])
    for _ in range(10):
        await tenant.post_job()
    body = {"type": "details", "targets": ["B000000001"]}
    refused = await tenant.http.post(f"/projects/{tenant.project_id}/jobs", json=body)
    assert refused.status_code == 403
    assert refused.json() == {
        "success": False,
        "error": {"code": "FORBIDDEN", "message": "Job limit reached for this month", "details": []},
    }
    assert (await tenant.http.get(f"/projects/{tenant.project_id}/jobs")).json()["meta"]["total"] == 10


async def test_swagger_ui_comes_from_here_alone(http):
    page = (await http.get("/api/docs")).text
    links = re.findall(r'(?:src|href)="([^"]+)"', page)
    assert links
    for link in links:
        assert link.startswith("/")
        assert (await http.get(link)).status_code == 200
    document = (await http.get("/openapi.json")).json()
    assert "/jobs/{job_id}/results" in document["paths"]


async def test_other_requests_go_on_while_the_document_is_made(http, monkeypatch):
    wanted, found = threading.Event(), threading.Event()

    def wait(_app):
        wanted.set()
        assert found.wait(30)
        return {}

    monkeypatch.setattr("fastapi.FastAPI.openapi", wait)
    monkeypatch.setattr("azscraper.web.app.document.finish", lambda made: made)
    monkeypatch.setattr("azscraper.web.app._DOCUMENTS", {})
    made = asyncio.ensure_future(http.get("/openapi.json"))
    assert await asyncio.to_thread(wanted.wait, 30)
    assert (await http.get("/health")).status_code == 200
    found.set()
    assert (await made).json() == {}


async def test_schemas_describe_the_rows(http, tenant, pool):
    for name in ("product", "search-row", "page-summary"):
        schema = (await http.get(f"/schemas/{name}")).json()
        jsonschema_rs.validator_for(schema)
    job = await tenant.post_job()

    def full(target):
        record = Product(asin=target.key, price=Money(amount="9.99", currency="USD"), fetched_at=datetime.now(UTC))
        return replace(succeeded(target), rows=(Row(record.model_dump_json(by_alias=True).encode()),))

    await run_chunk(pool, job["id"], full)
    schema = (await http.get("/schemas/product")).json()
    for row in (await tenant.http.get(f"/jobs/{job['id']}/results")).json()["data"]:
        jsonschema_rs.validate(schema, row)
    assert (await http.get("/schemas/nonsense")).status_code == 400


async def test_marketplaces(http):
    listed = (await http.get("/marketplaces")).json()
    assert listed["meta"]["total"] == len(listed["data"]) >= 23
    german = next(one for one in listed["data"] if one["host"] == "www.amazon.de")
    assert (german["country"], german["currency"], german["languages"][0]) == ("DE", "EUR", "de-DE")


async def test_a_job_is_read_again_only_when_it_is_over_and_its_pages_are_kept(tenant, pool):
    job = await tenant.post_job(targets=["B000000001", "nope", "B000000002"], onInvalid="skip")
    response = await tenant.http.post(f"/jobs/{job['id']}/reparse")
    assert (response.status_code, response.json()["error"]["code"]) == (409, "CONFLICT")
    await tenant.http.post(f"/jobs/{job['id']}/cancel")
    response = await tenant.http.post(f"/jobs/{job['id']}/reparse")
    assert response.json()["error"]["message"] == "No page of this job is in the archive"
    page = ArchivedPage(
        "1", 1, b"x" * 16, accepted=True, fetched_at=datetime.now(UTC), location=Location("pages/x", 0, 9)
    )
    async with transaction(pool) as conn:
        await archive_index.add(conn, job["id"], [(0, page)])
    headers = {"Idempotency-Key": "once"}
    again = (await tenant.http.post(f"/jobs/{job['id']}/reparse", headers=headers)).json()["data"]
    assert None not in again.values(), "what is not known yet is left out, as of any other job"
    assert (again["reparseOf"], again["status"], again["targets"]) == (
        job["id"],
        "queued",
        [{**target, "status": "failed" if target["value"] == "nope" else "pending"} for target in job["targets"]],
    )
    assert (await tenant.http.post(f"/jobs/{job['id']}/reparse", headers=headers)).json()["data"]["id"] == again["id"]
    usage = (await tenant.http.get("/usage")).json()["data"]
    assert usage["used"]["jobsThisMonth"] == 1
    entries = (await tenant.http.get("/audit", params={"action": "job.reparsed"})).json()["data"]
    assert [entry["details"]["reparseOf"] for entry in entries] == [job["id"]]


async def test_a_job_whose_config_does_not_hold_any_more_is_shown_and_runs(pool, tenant):
    """It was stored by a release with other rules."""
    job = await tenant.post_job()
    async with transaction(pool) as conn:
        await conn.execute('UPDATE jobs SET config = \'{"weight": 99, "mine": 1}\' WHERE id = %s', [job["id"]])
    chunk = await run_chunk(pool, job["id"], succeeded)
    assert (chunk.config.weight, chunk.config.max_retries) == (None, None)
    shown = (await tenant.http.get(f"/jobs/{job['id']}")).json()["data"]
    assert shown["config"] == {"weight": 99, "mine": 1}
