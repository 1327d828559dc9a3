"""The operator's routes: everything in sight, every change audited, closed to everybody else."""

import pytest

from azscraper import admin
from azscraper.db import transaction
from integration.test_bad_requests import GONE, check


@pytest.fixture
async def operator(stranger, pool):
    async with transaction(pool) as conn:
        await admin.promote(conn, await admin.find_user(conn, "bob@example.com"))
    return stranger


async def me(tenant):
    return (await tenant.http.get("/me")).json()["data"]


async def test_an_operator_sees_all_organizations(tenant, operator):
    await tenant.post_job()
    ann, bob = await me(tenant), await me(operator)
    listed = (await operator.http.get("/admin/organizations")).json()
    assert listed["meta"] == {"total": 2, "limit": 20, "offset": 0, "nextCursor": None}
    assert {one["id"] for one in listed["data"]} == {ann["organizationId"], bob["organizationId"]}
    (own,) = [one for one in listed["data"] if one["id"] == ann["organizationId"]]
    assert [own[name] for name in ("plan", "users", "projects", "jobs")] == ["unlimited", 1, 1, 1]
    users = (await operator.http.get("/admin/users", params={"limit": 1000})).json()
    assert {(one["email"], one["role"], one["disabled"]) for one in users["data"]} == {
        ("ann@example.com", "owner", False),
        ("bob@example.com", "admin", False),
    }
    assert users["meta"]["limit"] == 100
    page = (await operator.http.get("/admin/users", params={"limit": 1, "offset": 1})).json()
    assert (len(page["data"]), page["meta"]["total"]) == (1, 2)


async def test_plans_and_stats(tenant, operator):
    empty = (await operator.http.get("/admin/stats")).json()["data"]
    assert empty == {"organizations": 2, "users": 2, "projects": 2, "jobs": {}, "targets": 0, "results": 0}
    jobs = [await tenant.post_job() for _ in range(2)]
    await tenant.http.post(f"/jobs/{jobs[0]['id']}/cancel")
    stats = (await operator.http.get("/admin/stats")).json()["data"]
    assert (stats["jobs"], stats["targets"]) == ({"queued": 1, "cancelled": 1}, 4)
    plans = (await operator.http.get("/admin/plans")).json()["data"]
    assert {"name": "free", "jobsPerMonth": 10, "targetsPerMonth": 100, "exportsPerMonth": 20} in plans


async def test_a_change_of_plan_counts_at_once_and_is_audited(tenant, operator):
    organization_id = (await me(tenant))["organizationId"]
    url = f"/admin/organizations/{organization_id}"
    assert (await operator.http.patch(url, json={"plan": "free"})).json()["data"]["plan"] == "free"
    many = {"type": "search", "targets": [str(n) for n in range(101)]}
    check(await tenant.http.post(f"/projects/{tenant.project_id}/jobs", json=many), 403, "FORBIDDEN")
    (entry,) = (await tenant.http.get("/audit", params={"action": "organization.changed"})).json()["data"]
    assert entry["actor"]["id"] == (await me(operator))["id"]
    assert entry["details"] == {"before": {"plan": "unlimited"}, "after": {"plan": "free"}}


async def test_a_disabled_user_is_out_and_old_tokens_stay_revoked(tenant, operator):
    url = f"/admin/users/{(await me(tenant))['id']}"
    assert (await operator.http.patch(url, json={"disabled": True})).json()["data"]["disabled"] is True
    check(await tenant.http.get("/projects"), 401, "UNAUTHORIZED")
    assert (await operator.http.patch(url, json={"disabled": False})).json()["data"]["disabled"] is False
    check(await tenant.http.get("/projects"), 401, "UNAUTHORIZED")


async def test_operators_do_not_lock_themselves_out(operator):
    url = f"/admin/users/{(await me(operator))['id']}"
    check(await operator.http.patch(url, json={"disabled": True}), 409, "CONFLICT")
    assert (await operator.http.patch(url, json={"disabled": False})).status_code == 200


async def test_any_job_can_be_cancelled(tenant, operator):
    job = await tenant.post_job()
    listed = (await operator.http.get("/admin/jobs", params={"status": "queued"})).json()
    assert [one["id"] for one in listed["data"]] == [job["id"]]
    cancelled = await operator.http.post(f"/admin/jobs/{job['id']}/cancel")
    assert cancelled.json()["data"]["status"] == "cancelled"
    check(await operator.http.post(f"/admin/jobs/{job['id']}/cancel"), 409, "CONFLICT")
    assert (await operator.http.get("/admin/jobs", params={"status": "queued"})).json()["meta"]["total"] == 0
    (entry,) = (await tenant.http.get("/audit", params={"action": "job.cancelled"})).json()["data"]
    assert entry["actor"]["id"] == (await me(operator))["id"]


async def test_an_operators_own_routes_stay_in_its_organization(tenant, operator):
    job = await tenant.post_job()
    check(await operator.http.get(f"/jobs/{job['id']}"), 404, "NOT_FOUND")
    check(await operator.http.get(f"/projects/{tenant.project_id}"), 404, "NOT_FOUND")


REQUESTS = [
    ("PATCH", f"/admin/organizations/{GONE}", {"plan": "free"}, 404, "NOT_FOUND"),
    ("PATCH", "/admin/organizations/x", {"plan": "free"}, 404, "NOT_FOUND"),
    ("PATCH", f"/admin/organizations/{GONE}", {"plan": "gold"}, 400, "VALIDATION_ERROR"),
    ("PATCH", f"/admin/organizations/{GONE}", {}, 400, "VALIDATION_ERROR"),
    ("PATCH", f"/admin/users/{GONE}", {"disabled": True}, 404, "NOT_FOUND"),
    ("PATCH", f"/admin/users/{GONE}", {"disabled": 1}, 400, "VALIDATION_ERROR"),
    ("PATCH", f"/admin/users/{GONE}", {}, 400, "VALIDATION_ERROR"),
    ("POST", f"/admin/jobs/{GONE}/cancel", None, 404, "NOT_FOUND"),
    ("GET", "/admin/jobs?status=done", None, 400, "VALIDATION_ERROR"),
    ("GET", "/admin/users?limit=0", None, 400, "VALIDATION_ERROR"),
    ("GET", "/admin/organizations?offset=-1", None, 400, "VALIDATION_ERROR"),
]


async def test_bad_requests(operator):
    for method, path, body, status, code in REQUESTS:
        check(await operator.http.request(method, path, json=body), status, code)


@pytest.mark.parametrize("path", ["organizations", "users", "jobs", "plans", "stats"])
async def test_nobody_else_gets_in(http, tenant, path):
    key = await tenant.http.post(f"/projects/{tenant.project_id}/api-keys", json={"name": "x"})
    check(await http.get(f"/admin/{path}"), 401, "UNAUTHORIZED")
    check(await tenant.http.get(f"/admin/{path}"), 403, "FORBIDDEN")
    check(
        await http.get(f"/admin/{path}", headers={"X-API-Key": key.json()["data"]["key"]}),
        403,
        "FORBIDDEN",
    )
