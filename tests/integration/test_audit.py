"""The audit: one entry for each thing that was done, none for what failed, and none can be changed."""

import psycopg
import pytest

from azscraper.store.db import transaction
from integration.test_bad_requests import check

ANN = {"email": "ann@example.com", "password": "correct horse"}


async def entries(http, **params):
    return (await http.get("/audit", params=params)).json()["data"]


async def test_sessions_leave_their_traces(http):
    token = (await http.post("/auth/register", json=ANN)).json()["accessToken"]
    http.headers["Authorization"] = f"Bearer {token}"
    code = (await http.post("/auth/login-handoff", json=ANN)).json()["code"]
    await http.post("/auth/verify-handoff", json={"code": code})
    body = {"currentPassword": ANN["password"], "newPassword": "a new password", "name": "Ann"}
    changed = await http.patch("/me", json=body)
    await http.post("/auth/login", json=ANN)  # refused
    http.headers["Authorization"] = f"Bearer {changed.json()['data']['accessToken']}"
    other = (await http.post("/auth/login", json=ANN | {"password": "a new password"})).json()
    await http.post("/auth/logout", headers={"Authorization": f"Bearer {other['accessToken']}"})
    found = await entries(http)
    assert [entry["action"] for entry in reversed(found)] == [
        "user.registered",
        "user.handed_off",
        "user.logged_in",
        "user.changed",
        "user.password_changed",
        "user.login_failed",
        "user.logged_in",
        "user.logged_out",
    ]
    me = other["user"]["id"]
    for entry in found:
        failed = entry["action"] == "user.login_failed"  # by whoever sent the password: nobody knows
        actor = {"type": "service", "id": None} if failed else {"type": "user", "id": me}
        assert (entry["actor"], entry["objectId"], entry["address"]) == (actor, me, "127.0.0.1")
        assert "password" not in str(entry["details"])
    assert found[4]["details"] == {"before": {"name": None}, "after": {"name": "Ann"}}


async def test_work_leaves_its_traces_and_failures_none(tenant):
    project = f"/projects/{tenant.project_id}"
    await tenant.http.patch(project, json={"name": "renamed"})
    key = (await tenant.http.post(f"{project}/api-keys", json={"name": "k"})).json()["data"]
    headers = {"X-API-Key": key["key"]}
    del tenant.http.headers["Authorization"]
    job = (await tenant.http.post(f"{project}/jobs", json={"type": "search", "targets": ["x"]}, headers=headers)).json()
    job_id = job["data"]["id"]
    await tenant.http.post(f"/jobs/{job_id}/cancel", headers=headers)
    await tenant.http.post(f"/jobs/{job_id}/cancel", headers=headers)  # refused
    again = (await tenant.http.post(f"/jobs/{job_id}/retry", headers=headers)).json()["data"]["id"]
    await tenant.http.get(f"/jobs/{job_id}/export?format=csv", headers=headers)
    tenant.http.headers["Authorization"] = f"Bearer {tenant.token}"
    await tenant.http.patch(f"{project}/api-keys/{key['id']}", json={"enabled": False})
    await tenant.http.patch(project, json={"archived": True})
    await tenant.http.post(f"/jobs/{job_id}/retry")  # refused
    await tenant.http.delete(f"{project}/api-keys/{key['id']}")
    found = list(reversed(await entries(tenant.http)))[2:]
    by_key = {"type": "key", "id": key["id"]}
    shown = {"name": "k", "disabled": False, "keyHint": key["keyHint"]}
    assert [(e["action"], e["objectId"], e["details"]) for e in found] == [
        ("project.changed", tenant.project_id, {"before": {"name": "EU keywords"}, "after": {"name": "renamed"}}),
        ("api_key.created", key["id"], {"projectId": tenant.project_id, "after": shown}),
        ("job.created", job_id, {"projectId": tenant.project_id, "type": "search", "targets": 1}),
        ("job.cancelled", job_id, {"before": {"status": "queued"}, "after": {"status": "cancelled"}}),
        (
            "job.retried",
            again,
            {"projectId": tenant.project_id, "type": "search", "targets": 1, "retryOf": job_id, "onlyFailed": False},
        ),
        ("job.exported", job_id, {"format": "csv"}),
        (
            "api_key.changed",
            key["id"],
            {"projectId": tenant.project_id, "before": {"disabled": False}, "after": {"disabled": True}},
        ),
        ("project.changed", tenant.project_id, {"before": {"archived": False}, "after": {"archived": True}}),
        ("api_key.deleted", key["id"], {"projectId": tenant.project_id, "before": shown | {"disabled": True}}),
    ]
    assert [e["actor"] == by_key for e in found] == [False, False, True, True, True, True, False, False, False]


async def test_pages_and_actions(tenant, stranger):
    for n in range(6):
        await tenant.http.post("/projects", json={"name": str(n)})
    seen, cursor = [], None
    while True:
        params = {"action": "project.created", "limit": 3} | ({"cursor": cursor} if cursor else {})
        page = (await tenant.http.get("/audit", params=params)).json()
        assert page["meta"]["total"] == 7
        seen += [entry["details"]["after"]["name"] for entry in page["data"]]
        cursor = page["meta"]["nextCursor"]
        if cursor is None:
            break
    assert sorted(seen) == ["0", "1", "2", "3", "4", "5", "EU keywords"]
    assert len(await entries(stranger.http)) == 2  # its own registration and project


@pytest.mark.parametrize("query", ["action=nonsense", "limit=0", "limit=x", "cursor=x", f"cursor={'g' * 24}"])
async def test_bad_questions(tenant, query):
    check(await tenant.http.get(f"/audit?{query}"), 400, "VALIDATION_ERROR")


@pytest.mark.parametrize("sql", ["UPDATE audit SET action = 'x'", "DELETE FROM audit", "TRUNCATE audit"])
async def test_no_entry_can_be_changed(tenant, pool, sql):
    with pytest.raises(psycopg.errors.RaiseException, match="append-only"):
        async with transaction(pool) as conn:
            await conn.execute(sql)
    assert len(await entries(tenant.http)) == 2


async def test_schedules_and_webhooks_leave_their_traces(tenant):
    project = f"/projects/{tenant.project_id}"
    crawl = {"type": "search", "targets": ["x", "y"]}
    schedule = (await tenant.http.post(f"{project}/schedules", json={"cron": "@daily", "crawlConfig": crawl})).json()
    path = f"/schedules/{schedule['data']['id']}"
    await tenant.http.patch(path, json={"enabled": False})
    await tenant.http.delete(path)
    webhook = (await tenant.http.post(f"{project}/webhooks", json={"url": "https://hooks.example.com/?t=x"})).json()
    path = f"/webhooks/{webhook['data']['id']}"
    await tenant.http.patch(path, json={"events": ["job.failed"]})
    await tenant.http.post(f"{path}/rotate-secret")
    await tenant.http.delete(path)
    found = await entries(tenant.http, **{"from": "2020-01-01"})
    assert [entry["action"] for entry in reversed(found)][-7:] == [
        "schedule.created",
        "schedule.changed",
        "schedule.deleted",
        "webhook.created",
        "webhook.changed",
        "webhook.secret_rotated",
        "webhook.deleted",
    ]
    assert found[5]["details"] == {
        "projectId": tenant.project_id,
        "before": {"enabled": True},
        "after": {"enabled": False},
    }
    assert found[6]["details"]["after"]["targets"] == 2
    assert found[3]["details"]["after"]["url"] == "https://hooks.example.com/"
    assert webhook["data"]["secret"] not in str(found)


async def test_entries_are_found_by_who_what_and_when(tenant):
    project = f"/projects/{tenant.project_id}"
    key = (await tenant.http.post(f"{project}/api-keys", json={"name": "k"})).json()["data"]
    await tenant.http.post(f"{project}/jobs", json={"type": "search", "targets": ["x"]}, headers={})
    assert [entry["action"] for entry in await entries(tenant.http, objectId=key["id"])] == ["api_key.created"]
    me = (await tenant.http.get("/me")).json()["data"]["id"]
    assert len(await entries(tenant.http, actorId=me)) == 4
    assert await entries(tenant.http, actorId=key["id"]) == []
    assert await entries(tenant.http, to="2020-01-01") == []
    check(await tenant.http.get("/audit?from=soon"), 400, "VALIDATION_ERROR")
    check(await tenant.http.get("/audit?actorId=x"), 400, "VALIDATION_ERROR")
