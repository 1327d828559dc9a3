"""A suspended organization: nobody and nothing of it gets in or out, and all of it comes back."""

from datetime import UTC, datetime, timedelta

import pytest

from azscraper.errors import ConflictError
from azscraper.ids import new_id
from azscraper.operate import suspensions
from azscraper.store.db import transaction
from azscraper.tenants import accounts
from azscraper.tenants.principal import Principal
from azscraper.tracking import schedule_runs
from azscraper.webhooks import delivering
from integration.deliveryworld import Receiver
from integration.test_admin import me
from integration.test_bad_requests import GONE, check

NOW = datetime(2026, 1, 1, 12, tzinfo=UTC)


@pytest.fixture
async def change(tenant, operator):
    """As the operator, change the tenant's organization."""
    url = f"/admin/organizations/{(await me(tenant))['organizationId']}"

    async def change(**body):
        return await operator.http.patch(url, json=body)

    return change


async def make_key(tenant):
    made = await tenant.http.post(f"/projects/{tenant.project_id}/api-keys", json={"name": "k"})
    return made.json()["data"]["key"]


async def sees_jobs(http, tenant, key):
    answer = await http.get(f"/projects/{tenant.project_id}/jobs", headers={"X-API-Key": key})
    if answer.status_code != 200:
        check(answer, 401, "UNAUTHORIZED")
    return answer.status_code == 200


async def test_users_and_keys_are_refused_and_come_back(http, tenant, change):
    key = await make_key(tenant)
    suspended = (await change(suspended=True)).json()["data"]
    assert (suspended["suspendedAt"] is None, suspended["suspensionReason"]) == (False, "operator")
    check(await tenant.http.get("/projects"), 401, "UNAUTHORIZED")
    refused = await http.get(f"/projects/{tenant.project_id}/jobs", headers={"X-API-Key": key})
    assert "suspended" in refused.json()["error"]["message"]
    back = (await change(suspended=False)).json()["data"]
    assert (back["suspendedAt"], back["suspensionReason"]) == (None, None)
    assert (await tenant.http.get("/projects")).status_code == 200
    assert await sees_jobs(http, tenant, key)
    entries = (await tenant.http.get("/audit", params={"action": "organization.changed"})).json()["data"]
    assert [entry["details"]["after"] for entry in entries] == [{"suspended": None}, {"suspended": "operator"}]


async def test_nobody_of_it_logs_in(http, pool):
    eve = {"email": "eve@example.com", "password": "correct horse"}
    registered = (await http.post("/auth/register", json=eve)).json()
    code = {"code": (await http.post("/auth/login-handoff", json=eve)).json()["code"]}
    organization_id = registered["user"]["organizationId"]
    await suspend(pool, organization_id, suspended=True)
    check(await http.post("/auth/login", json=eve), 401, "UNAUTHORIZED")
    check(await http.post("/auth/login-handoff", json=eve), 401, "UNAUTHORIZED")
    check(await http.post("/auth/verify-handoff", json=code), 401, "UNAUTHORIZED")
    await suspend(pool, organization_id, suspended=False)
    assert (await http.post("/auth/login", json=eve)).status_code == 200


async def test_disabling_its_last_user_suspends_it(http, tenant, operator, pool):
    key, ann = await make_key(tenant), await me(tenant)
    async with transaction(pool) as conn:
        second = new_id()
        sql = "INSERT INTO users (id, organization_id, email, password_hash) VALUES (%s, %s, 'cat@example.com', '-')"
        await conn.execute(sql, [second, ann["organizationId"]])
    for user_id, reason in ((ann["id"], None), (second, "no_enabled_user")):
        assert (await operator.http.patch(f"/admin/users/{user_id}", json={"disabled": True})).status_code == 200
        found = (await operator.http.get(f"/admin/organizations/{ann['organizationId']}")).json()["data"]
        assert found["suspensionReason"] == reason
        assert await sees_jobs(http, tenant, key) is (reason is None)
    url = f"/admin/organizations/{ann['organizationId']}"
    check(await operator.http.patch(url, json={"suspended": False}), 409, "CONFLICT")
    assert (await operator.http.patch(f"/admin/users/{ann['id']}", json={"disabled": False})).status_code == 200
    assert await sees_jobs(http, tenant, key)


async def test_what_an_operator_suspended_stays_so_when_a_user_is_enabled(http, tenant, operator, change):
    key, ann = await make_key(tenant), await me(tenant)
    for disabled, body in ((True, {"suspended": True}), (False, {"suspended": True})):
        assert (await operator.http.patch(f"/admin/users/{ann['id']}", json={"disabled": disabled})).status_code == 200
        assert (await change(**body)).json()["data"]["suspensionReason"] == "operator"
    assert not await sees_jobs(http, tenant, key)
    await change(suspended=False)
    assert await sees_jobs(http, tenant, key)


@pytest.mark.parametrize(("cancel_jobs", "status"), [(False, "queued"), (True, "cancelled")])
async def test_its_open_jobs_are_cancelled_on_request(tenant, operator, change, cancel_jobs, status):
    jobs = [await tenant.post_job() for _ in range(2)]
    assert (await change(suspended=True, cancelJobs=cancel_jobs)).status_code == 200
    listed = (await operator.http.get("/admin/jobs")).json()["data"]
    assert {(job["id"], job["status"]) for job in listed} == {(job["id"], status) for job in jobs}


BAD = [
    {},
    {"cancelJobs": True},
    {"suspended": False, "cancelJobs": True},
    {"suspended": 1},
    {"plan": "free", "cancelJobs": True},
]


async def test_bad_requests_and_the_operators_own(operator, change):
    for body in BAD:
        check(await change(**body), 400, "VALIDATION_ERROR")
    own = f"/admin/organizations/{(await me(operator))['organizationId']}"
    check(await operator.http.patch(own, json={"suspended": True}), 409, "CONFLICT")
    for body in ({"suspended": True}, {"suspended": False}):
        check(await operator.http.patch(f"/admin/organizations/{GONE}", json=body), 404, "NOT_FOUND")


async def test_an_operator_sees_what_acts_for_it(tenant, operator):
    key = await make_key(tenant)
    url = f"/projects/{tenant.project_id}"
    schedule = {"cron": "@daily", "crawlConfig": {"type": "search", "targets": ["kettle", "lamp"]}}
    assert (await tenant.http.post(f"{url}/schedules", json=schedule)).status_code == 201
    webhook = {"url": "https://hooks.example.com/rows?token=abc"}
    secret = (await tenant.http.post(f"{url}/webhooks", json=webhook)).json()["data"]["secret"]
    answer = await operator.http.get(f"/admin/organizations/{(await me(tenant))['organizationId']}")
    found = answer.json()["data"]
    assert [(each["projectId"], each["name"], each["keyHint"]) for each in found["apiKeys"]] == [
        (tenant.project_id, "k", key[-4:])
    ]
    assert [(each["cron"], each["targets"], each["enabled"]) for each in found["schedules"]] == [("@daily", 2, True)]
    assert [each["url"] for each in found["webhooks"]] == ["https://hooks.example.com/rows"]
    assert not any(hidden in answer.text for hidden in (key, secret, "token=abc", "kettle"))


async def test_its_schedules_wait(tenant, change, pool):
    body = {"cron": "* * * * *", "crawlConfig": {"type": "search", "targets": ["kettle"]}}
    made = await tenant.http.post(f"/projects/{tenant.project_id}/schedules", json=body)
    later = datetime.now(UTC) + timedelta(hours=1)

    async def run():
        async with transaction(pool) as conn:
            return await schedule_runs.run_due(conn, now=later)

    await change(suspended=True)
    assert await run() is None
    await change(suspended=False)
    assert (await run()).id == made.json()["data"]["id"]
    assert await run() is None


async def suspend(pool, organization_id, *, suspended):
    async with transaction(pool) as conn:
        if suspended:
            await suspensions.suspend(conn, Principal(organization_id), organization_id, cancel_jobs=False, now=NOW)
        else:
            await suspensions.unsuspend(conn, Principal(organization_id), organization_id, now=NOW)


async def test_its_webhooks_hear_nothing_and_what_waited_arrives_later(world, pool):
    async with Receiver() as receiver:
        await world.listen(receiver.url + "/hook")
        await world.emit(1)
        await suspend(pool, world.principal.organization_id, suspended=True)
        await world.emit(2)  # never told
        await world.run()
        assert (receiver.told(), await world.tasks()) == ([], [])
        assert await revive(world) == 0
        await suspend(pool, world.principal.organization_id, suspended=False)
        assert await revive(world) == 1
        await world.emit(3)
        await world.run()
        assert receiver.told() == [1, 3]


async def revive(world):
    async with transaction(world.pool) as conn:
        return await delivering.revive(conn, due_before=datetime.now(UTC) + timedelta(minutes=1))


async def test_while_all_its_users_are_disabled_it_can_not_be_let_in(tenant, pool):
    service = Principal((await me(tenant))["organizationId"])
    async with transaction(pool) as conn:
        await conn.execute("UPDATE users SET disabled_at = now()")
        await suspensions.follow_users(conn, service, service.organization_id, now=NOW)
        with pytest.raises(ConflictError):
            await suspensions.unsuspend(conn, service, service.organization_id, now=NOW)
        assert await accounts.find_login(conn, "ann@example.com") is None
