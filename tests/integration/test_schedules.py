"""Schedules: the routes, and that each slot brings one job whoever looks."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from azscraper.jobs import jobs, labels
from azscraper.store.db import transaction
from azscraper.tenants import accounts, projects
from azscraper.tenants.principal import Principal
from azscraper.tracking import schedule_runs, schedules
from azscraper.tracking.schedules import CrawlConfig
from azscraper.wire.crawls import JobConfig

NOW = datetime(2026, 1, 1, 12, tzinfo=UTC)
BODY = {"cron": "0 6 * * *", "crawlConfig": {"type": "search", "targets": ["wireless earbuds"], "config": {"pages": 2}}}


@pytest.fixture
async def organization(pool):
    async with transaction(pool) as conn:
        user = await accounts.register(conn, email="a@example.com", password_hash="-", name=None, plan="free")
        project = await projects.create(conn, user.principal(), "P")
    return user.principal(), project.id


async def make(pool, organization, *, cron="0 * * * *", targets=("a", "b"), enabled=True):
    crawl = CrawlConfig("search", list(targets), JobConfig(pages=2))
    async with transaction(pool) as conn:
        return await schedules.create(
            conn, *organization, cron=cron, timezone="UTC", enabled=enabled, crawl=crawl, now=NOW
        )


async def run_due(pool, now):
    async with transaction(pool) as conn:
        return await schedule_runs.run_due(conn, now=now)


async def look(pool, schedule):
    async with transaction(pool) as conn:
        return await schedules.get(conn, Principal(schedule.organization_id), schedule.id)


async def jobs_of(pool, organization):
    async with transaction(pool) as conn:
        page = await labels.find_slice(conn, *organization, labels.Filter(), limit=100, offset=0)
    return page.items


async def post(tenant, **body):
    response = await tenant.http.post(f"/projects/{tenant.project_id}/schedules", json=BODY | body)
    assert response.status_code == 201, response.text
    return response.json()["data"]


async def test_a_schedule_shows_its_job_and_its_next_run(tenant):
    made = await post(tenant, timezone="Europe/Berlin")
    assert made["crawlConfig"] == BODY["crawlConfig"]
    assert (made["cron"], made["timezone"], made["enabled"]) == ("0 6 * * *", "Europe/Berlin", True)
    assert made["nextRunAt"] > datetime.now(UTC).isoformat()
    assert made["nextRuns"][0] == made["nextRunAt"]
    assert made["nextRuns"] == sorted(set(made["nextRuns"]))
    assert len(made["nextRuns"]) == 5
    assert (made["lastRunAt"], made["lastJobId"], made["lastError"]) == (None, None, None)
    other = await post(tenant, enabled=False)
    assert other["nextRunAt"] is None
    assert (await tenant.http.get(f"/schedules/{made['id']}")).json()["data"] == made
    listed = (await tenant.http.get(f"/projects/{tenant.project_id}/schedules")).json()
    assert listed["data"] == [other, made | {"nextRuns": made["nextRuns"][:1]}]
    assert listed["meta"]["total"] == 2


async def test_a_change_counts_the_next_run_anew_only_when_the_time_changes(tenant):
    made = await post(tenant)
    path = f"/schedules/{made['id']}"
    details = {"type": "details", "targets": ["B000000001"], "config": {}}
    changed = (await tenant.http.patch(path, json={"crawlConfig": details})).json()["data"]
    assert changed["crawlConfig"] == details
    assert changed["nextRunAt"] == made["nextRunAt"]
    off = (await tenant.http.patch(path, json={"enabled": False})).json()["data"]
    assert (off["enabled"], off["nextRunAt"]) == (False, None)
    on = (await tenant.http.patch(path, json={"enabled": True, "cron": "@hourly"})).json()["data"]
    assert on["nextRunAt"].endswith(":00:00.000Z")
    bad = await tenant.http.patch(path, json={"cron": "61 * * * *"})
    assert bad.status_code == 400
    assert "goes from 0 to 59" in bad.json()["error"]["message"]
    assert (await tenant.http.get(path)).json()["data"] == on


async def test_a_deleted_schedule_is_gone(tenant):
    made = await post(tenant)
    assert (await tenant.http.delete(f"/schedules/{made['id']}")).status_code == 204
    assert (await tenant.http.get(f"/schedules/{made['id']}")).status_code == 404
    assert (await tenant.http.delete(f"/schedules/{made['id']}")).status_code == 404


async def test_a_project_has_a_hundred_schedules_at_most(tenant, monkeypatch):
    monkeypatch.setattr(schedules, "MOST_PER_PROJECT", 2)
    await post(tenant)
    await post(tenant)
    response = await tenant.http.post(f"/projects/{tenant.project_id}/schedules", json=BODY)
    assert (response.status_code, response.json()["error"]["code"]) == (409, "CONFLICT")


async def test_a_due_slot_brings_a_job_and_the_next_slot(pool, organization):
    schedule = await make(pool, organization)
    assert schedule.next_run_at == NOW + timedelta(hours=1)
    assert await run_due(pool, NOW + timedelta(minutes=59)) is None
    now = NOW + timedelta(hours=1, seconds=2)
    assert (await run_due(pool, now)).id == schedule.id
    assert await run_due(pool, now) is None
    [job] = await jobs_of(pool, organization)
    assert (job.type, job.total, job.config.as_sent) == ("search", 2, {"pages": 2})
    row = await look(pool, schedule)
    assert (row.last_job_id, row.last_run_at, row.last_error) == (job.id, now, None)
    assert row.next_run_at == NOW + timedelta(hours=2)


async def test_slots_missed_while_nobody_looked_run_once(pool, organization):
    schedule = await make(pool, organization)
    now = NOW + timedelta(days=3, minutes=30)
    assert await run_due(pool, now) is not None
    assert await run_due(pool, now) is None
    assert len(await jobs_of(pool, organization)) == 1
    assert (await look(pool, schedule)).next_run_at == NOW + timedelta(days=3, hours=1)


async def test_a_slot_runs_once_with_any_number_of_workers(pool, organization):
    for _ in range(4):
        await make(pool, organization)
    for hour in (1, 2):
        now = NOW + timedelta(hours=hour)
        found = await asyncio.gather(*[run_due(pool, now) for _ in range(12)])
        found += [await run_due(pool, now)]  # one that all others had locked is left for the next look
        assert len(await jobs_of(pool, organization)) == 4 * hour
        assert len([one for one in found if one]) == 4


async def test_a_worker_that_dies_in_the_middle_leaves_the_slot_to_the_next(pool, organization):
    schedule = await make(pool, organization)
    now = NOW + timedelta(hours=1)
    with pytest.raises(ZeroDivisionError):
        async with transaction(pool) as conn:
            assert await schedule_runs.run_due(conn, now=now) is not None
            raise ZeroDivisionError
    assert await jobs_of(pool, organization) == []
    assert (await look(pool, schedule)).next_run_at == now
    assert await run_due(pool, now) is not None
    assert len(await jobs_of(pool, organization)) == 1


async def test_disabled_schedules_rest(pool, organization):
    await make(pool, organization, enabled=False)
    assert await run_due(pool, NOW + timedelta(days=1)) is None


async def test_an_archived_project_leaves_the_reason_and_the_schedule_goes_on(pool, organization):
    schedule = await make(pool, organization)
    async with transaction(pool) as conn:
        await projects.change(conn, *organization, name=None, archived=True)
    assert await run_due(pool, NOW + timedelta(hours=1)) is not None
    row = await look(pool, schedule)
    assert "archived" in row.last_error
    assert (row.enabled, row.next_run_at, row.last_job_id) == (True, NOW + timedelta(hours=2), None)
    async with transaction(pool) as conn:
        await projects.change(conn, *organization, name=None, archived=False)
    assert await run_due(pool, NOW + timedelta(hours=2)) is not None
    row = await look(pool, schedule)
    assert row.last_error is None
    assert row.last_job_id is not None


async def test_an_exhausted_quota_charges_nothing_and_the_other_schedules_go_on(pool, organization):
    large = await make(pool, organization, targets=[str(n) for n in range(101)])
    small = await make(pool, organization, cron="1 * * * *")
    now = NOW + timedelta(hours=1, minutes=1)
    assert {(await run_due(pool, now)).id, (await run_due(pool, now)).id} == {large.id, small.id}
    assert "limit reached" in (await look(pool, large)).last_error
    assert (await look(pool, small)).last_error is None
    async with transaction(pool) as conn:
        used = await (await conn.execute("SELECT jobs, targets FROM usage")).fetchone()
    assert used == (1, 2)


async def test_a_zone_that_is_no_more_switches_the_schedule_off(pool, organization):
    schedule = await make(pool, organization)
    async with transaction(pool) as conn:
        await conn.execute("UPDATE schedules SET timezone = 'Mars/Olympus'")
    assert await run_due(pool, NOW + timedelta(hours=1)) is not None
    row = await look(pool, schedule)
    assert (row.enabled, row.next_run_at) == (False, None)
    assert "timezone" in row.last_error
    assert await run_due(pool, NOW + timedelta(hours=2)) is None


async def test_a_config_that_no_longer_holds_is_its_own_schedules_failure_alone(pool, organization):
    broken, good = await make(pool, organization), await make(pool, organization, cron="1 * * * *")
    async with transaction(pool) as conn:
        await conn.execute("UPDATE schedules SET config = '{\"pages\": 5000}' WHERE id = %s", [broken.id])
    now = NOW + timedelta(hours=1, minutes=1)
    assert {(await run_due(pool, now)).id, (await run_due(pool, now)).id} == {broken.id, good.id}
    assert await run_due(pool, now) is None
    row = await look(pool, broken)
    assert "pages" in row.last_error
    assert (row.enabled, row.failures, row.next_run_at) == (True, 1, NOW + timedelta(hours=2))
    assert (await look(pool, good)).last_job_id is not None


async def test_an_unforeseen_error_of_one_schedule_keeps_no_other_from_running(pool, organization, monkeypatch):
    submit = jobs.submit

    async def broken(conn, *args, targets, **kwargs):
        if targets[0].value == "broken":
            await conn.execute("SELECT 1 / 0")
        return await submit(conn, *args, targets=targets, **kwargs)

    monkeypatch.setattr(jobs, "submit", broken)
    one, other = await make(pool, organization, targets=["broken"]), await make(pool, organization)
    now = NOW + timedelta(hours=1)
    assert {(await run_due(pool, now)).id, (await run_due(pool, now)).id} == {one.id, other.id}
    assert "DivisionByZero" in (await look(pool, one)).last_error
    assert (await look(pool, other)).last_job_id is not None


async def test_a_schedule_that_goes_on_failing_is_put_off_and_switched_off_after_ten(pool, organization):
    schedule = await make(pool, organization, cron="* * * * *")
    async with transaction(pool) as conn:
        await conn.execute("UPDATE schedules SET config = '{\"pages\": 5000}'")
    now, waits = NOW, []
    for _ in range(9):
        at = (await look(pool, schedule)).next_run_at
        waits.append(round((at - now) / timedelta(minutes=1)))
        now = at
        assert await run_due(pool, now) is not None
    assert waits == [1, 1, 2, 4, 8, 16, 32, 61, 61]
    now = (await look(pool, schedule)).next_run_at
    assert await run_due(pool, now) is not None
    row = await look(pool, schedule)
    assert (row.enabled, row.next_run_at, row.failures) == (False, None, 10)
    assert "10 times in a row" in row.last_error
    async with transaction(pool) as conn:
        await schedules.change(
            conn, organization[0], schedule.id, cron=None, timezone=None, enabled=True, crawl=None, now=now
        )
    assert (await look(pool, schedule)).failures == 0


async def test_a_job_ends_the_row_of_failures(pool, organization):
    schedule = await make(pool, organization)
    async with transaction(pool) as conn:
        await conn.execute("UPDATE schedules SET failures = 9")
    assert await run_due(pool, NOW + timedelta(hours=1)) is not None
    assert (await look(pool, schedule)).failures == 0


async def test_a_schedule_and_its_jobs_have_a_name_and_tags(pool, tenant):
    made = await post(tenant, name="Morning", tags=["daily", "eu", "daily"])
    assert (made["name"], made["tags"]) == ("Morning", ["daily", "eu"])
    other = await post(tenant, crawlConfig=BODY["crawlConfig"] | {"name": "Earbuds", "tags": ["audio"]})
    assert (other["name"], other["tags"]) == ("Earbuds", ["audio"])  # what its job is called
    listed = f"/projects/{tenant.project_id}/schedules"
    for query, found in [("q=morn", [made]), ("q=none", []), ("tag=audio", [other]), (f"q={made['id']}", [made])]:
        answer = (await tenant.http.get(f"{listed}?{query}")).json()["data"]
        assert [one["id"] for one in answer] == [one["id"] for one in found], query
    path = f"/schedules/{made['id']}"
    assert (await tenant.http.patch(path, json={"enabled": True})).json()["data"]["tags"] == ["daily", "eu"]
    changed = (await tenant.http.patch(path, json={"name": "", "tags": ["late"]})).json()["data"]
    assert (changed["name"], changed["tags"]) == (None, ["late"])
    await tenant.http.patch(path, json={"crawlConfig": BODY["crawlConfig"] | {"name": "Evening"}})
    assert (await run_due(pool, datetime.fromisoformat(made["nextRunAt"]))) is not None
    assert (await run_due(pool, datetime.fromisoformat(made["nextRunAt"]))) is not None
    jobs_made = (await tenant.http.get(f"/projects/{tenant.project_id}/jobs?tag=late")).json()["data"]
    assert [(one["name"], one["tags"]) for one in jobs_made] == [("Evening", ["late"])]


async def test_a_schedule_warns_of_waiting_for_its_jobs(tenant):
    body = BODY | {"crawlConfig": BODY["crawlConfig"] | {"waitSeconds": 5}}
    answer = (await tenant.http.post(f"/projects/{tenant.project_id}/schedules", json=body)).json()
    assert [one["field"] for one in answer["meta"]["warnings"]] == ["crawlConfig.waitSeconds"]
