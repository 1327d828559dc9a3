"""Jobs whose lists hold entries that are no targets: refused with all of them named, or created without them."""

from datetime import UTC, datetime, timedelta

import orjson
import pytest

from azscraper.running import chunks
from azscraper.store.db import transaction
from azscraper.tracking import schedule_runs, schedules
from azscraper.tracking.schedules import CrawlConfig
from azscraper.wire.crawls import JobConfig
from azscraper.words import EventType, OnInvalid
from integration.deliveryworld import Receiver
from integration.test_api import failed, run_chunk, succeeded
from integration.test_credits import has, set_plan

A, B = "B0DEMO0001", "B0DEMO0002"
LONG = f"https://www.amazon.co.jp/{'%E3%82%84' * 200}/dp/{A}/ref=sr_1_1"


async def post(tenant, *values, **body):
    body = {"type": "details", "targets": values} | body
    return await tenant.http.post(f"/projects/{tenant.project_id}/jobs", json=body)


async def targets_of(tenant, job):
    listed = (await tenant.http.get(f"/jobs/{job['id']}/targets")).json()["data"]
    return [(each["value"], each["status"], each["error"] and each["error"]["code"]) for each in listed]


async def test_all_bad_targets_are_named(tenant):
    error = (await post(tenant, A, "nope", "https://amzn.in/3x", "")).json()["error"]
    assert [each["field"] for each in error["details"]] == ["targets.1", "targets.2", "targets.3"]
    assert "short link" in error["details"][1]["message"]
    assert error["message"].startswith("targets.1: 'nope' is neither")
    assert "In all, 3 targets are not valid" in error["message"]


async def test_of_many_a_hundred_are_named_and_the_rest_is_counted(tenant):
    error = (await post(tenant, *(f"nope {n}" for n in range(250)))).json()["error"]
    assert len(error["details"]) == 100
    assert "In all, 250 targets are not valid; the details name the first 100" in error["message"]


async def test_as_people_write_them_products_are_targets(tenant):
    written = [
        "\u200eB0DEMO0001",
        "ASIN: B0DEMO0002",
        "978-0-13-110362-7",
        LONG,
        '"B0DEMO0003"',
        "amazon.jp/dp/B0DEMO0004",
    ]
    response = await post(tenant, *written)
    assert response.status_code == 201
    values = [value for value, _, _ in await targets_of(tenant, response.json()["data"])]
    assert values == [*written[:3], f"https://www.amazon.co.jp/dp/{A}", *written[4:]]


async def test_a_job_goes_on_without_what_is_no_target(tenant, pool):
    await set_plan(pool, "credits", 100)
    job = (await post(tenant, "nope", A, "https://amzn.in/3x", B, "nope", onInvalid="skip")).json()["data"]
    assert job["progress"] == {"total": 4, "pending": 2, "running": 0, "succeeded": 0, "failed": 2, "cancelled": 0}
    assert "onInvalid" not in job["config"]
    assert await has(tenant) == (96, 4)
    assert (await tenant.http.get("/usage")).json()["data"]["used"]["targetsThisMonth"] == 2
    chunk = await run_chunk(pool, job["id"], lambda target: succeeded(target) if target.key == A else failed(target))
    assert [target.key for target in chunk.targets] == [A, B]
    ended = (await tenant.http.get(f"/jobs/{job['id']}")).json()["data"]
    assert (ended["status"], ended["progress"]["failed"], ended["progress"]["succeeded"]) == ("completed", 3, 1)
    assert await has(tenant) == (98, 0)
    assert await targets_of(tenant, job) == [
        ("nope", "failed", "invalid"),
        (A, "success", None),
        ("https://amzn.in/3x", "failed", "invalid"),
        (B, "failed", "not_found"),
    ]


async def test_a_retry_takes_what_failed_and_never_what_is_none(tenant, pool):
    job = (await post(tenant, "nope", A, B, onInvalid="skip")).json()["data"]
    await run_chunk(pool, job["id"], lambda target: succeeded(target) if target.key == A else failed(target))
    again = (await tenant.http.post(f"/jobs/{job['id']}/retry", params={"only": "failed"})).json()["data"]
    assert await targets_of(tenant, again) == [(B, "pending", None)]
    whole = (await tenant.http.post(f"/jobs/{job['id']}/retry")).json()["data"]
    assert await targets_of(tenant, whole) == [
        ("nope", "failed", "invalid"),
        (A, "pending", None),
        (B, "pending", None),
    ]
    await run_chunk(pool, again["id"], succeeded)
    response = await tenant.http.post(f"/jobs/{again['id']}/retry", params={"only": "failed"})
    assert response.status_code == 409


async def test_a_job_that_fails_names_what_failed_of_its_targets(tenant, pool):
    job = (await post(tenant, "x1", "x2", "x3", A, onInvalid="skip")).json()["data"]
    await run_chunk(pool, job["id"], failed)
    ended = (await tenant.http.get(f"/jobs/{job['id']}")).json()["data"]
    assert (ended["status"], ended["error"]["code"]) == ("failed", "not_found")


@pytest.mark.parametrize(
    "body", [{"type": "details", "targets": ["nope", ""]}, {"type": "search", "targets": ["x" * 501, " "]}]
)
async def test_a_job_of_nothing_but_bad_targets_is_refused(tenant, body):
    response = await post(tenant, **body, onInvalid="skip")
    assert response.status_code == 400
    assert len(response.json()["error"]["details"]) == 2


async def test_what_to_do_is_one_of_two(tenant):
    assert (await post(tenant, A, onInvalid="ignore")).status_code == 400


async def test_a_worker_passes_over_what_is_none_at_once(tenant, pool):
    values = [f"nope {n}" for n in range(300)]
    values[150] = A
    job = (await post(tenant, *values, B, onInvalid="skip")).json()["data"]
    chunk = await run_chunk(pool, job["id"], succeeded)
    assert [target.key for target in chunk.targets] == [A, B]
    assert (await tenant.http.get(f"/jobs/{job['id']}")).json()["data"]["status"] == "completed"


async def test_chunks_of_a_job_with_bad_targets_take_each_good_one_once(tenant, pool):
    values = [f"nope {n}" if n % 3 else f"B{n:09}" for n in range(150)]
    job = (await post(tenant, *values, onInvalid="skip")).json()["data"]
    claimed = []
    async with transaction(pool) as conn:
        for lane in range(2):
            chunk = await chunks.claim(conn, job["id"], lane=lane, run=0, now=datetime.now(UTC))
            claimed += [target.ordinal for target in chunk.targets]
    assert claimed == list(range(0, 150, 3))


async def test_each_is_told_once_and_a_schedule_keeps_what_to_do(world):
    async with Receiver() as receiver:
        await world.listen(receiver.url, EventType.TARGET_FAILED)
        crawl = CrawlConfig("details", ["nope", A], JobConfig(), OnInvalid.SKIP)
        async with transaction(world.pool) as conn:
            made = await schedules.create(
                conn, world.principal, world.project_id, cron="@hourly", timezone="UTC", enabled=True, crawl=crawl, now=world.now
            )  # fmt: skip
            assert made.on_invalid == "skip"
        async with transaction(world.pool) as conn:
            ran = await schedule_runs.run_due(conn, now=world.now + timedelta(hours=1))
            assert ran is not None
        await world.run()
        [(_, body)] = receiver.messages
        data = orjson.loads(body)["data"]
        assert (data["target"], data["error"]["code"], data["attempts"]) == ("nope", "invalid", 0)


async def test_a_schedule_says_so_over_http(tenant):
    crawl = {"type": "details", "targets": ["nope", A], "config": {}}
    body = {"cron": "@daily", "crawlConfig": crawl}
    path = f"/projects/{tenant.project_id}/schedules"
    assert (await tenant.http.post(path, json=body)).status_code == 400
    crawl["onInvalid"] = "skip"
    made = (await tenant.http.post(path, json=body)).json()["data"]
    assert made["crawlConfig"] == crawl
