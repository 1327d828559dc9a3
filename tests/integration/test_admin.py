"""The operator's routes: everything in sight, every change audited, closed to everybody else."""

from datetime import UTC, datetime

import pytest

from azscraper.crawl import hosts
from azscraper.store.db import transaction
from integration.test_bad_requests import GONE, check


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
    assert {
        "name": "free",
        "jobsPerMonth": 10,
        "targetsPerMonth": 100,
        "exportsPerMonth": 20,
        "usesCredits": False,
        "weight": 1,
        "concurrency": 8,
    } in plans


async def test_a_change_of_plan_counts_at_once_and_is_audited(tenant, operator):
    organization_id = (await me(tenant))["organizationId"]
    url = f"/admin/organizations/{organization_id}"
    assert (await operator.http.patch(url, json={"plan": "free"})).json()["data"]["plan"] == "free"
    many = {"type": "search", "targets": [str(n) for n in range(101)]}
    check(await tenant.http.post(f"/projects/{tenant.project_id}/jobs", json=many), 403, "FORBIDDEN")
    (entry,) = (await tenant.http.get("/audit", params={"action": "organization.changed"})).json()["data"]
    assert entry["actor"]["id"] == (await me(operator))["id"]
    assert entry["details"] == {"before": {"plan": "unlimited"}, "after": {"plan": "free"}}


async def test_a_plan_is_made_and_changed(tenant, operator):
    made = await operator.http.post("/admin/plans", json={"name": "team", "jobsPerMonth": 1})
    assert made.json()["data"] == {
        "name": "team",
        "jobsPerMonth": 1,
        "targetsPerMonth": None,
        "exportsPerMonth": None,
        "usesCredits": False,
        "weight": 4,
        "concurrency": None,
    }
    check(await operator.http.post("/admin/plans", json={"name": "team"}), 409, "CONFLICT")
    url = f"/admin/organizations/{(await me(tenant))['organizationId']}"
    await operator.http.patch(url, json={"plan": "team"})
    await tenant.post_job()
    one = {"type": "search", "targets": ["x"]}
    check(await tenant.http.post(f"/projects/{tenant.project_id}/jobs", json=one), 403, "FORBIDDEN")
    changed = await operator.http.patch("/admin/plans/team", json={"jobsPerMonth": None, "targetsPerMonth": 3})
    assert [changed.json()["data"][name] for name in ("jobsPerMonth", "targetsPerMonth")] == [None, 3]
    await tenant.post_job(targets=["B000000001"])
    check(await tenant.http.post(f"/projects/{tenant.project_id}/jobs", json=one), 403, "FORBIDDEN")
    (entry,) = (await operator.http.get("/audit", params={"action": "plan.changed"})).json()["data"]
    assert entry["objectId"] == "team"
    assert entry["details"] == {
        "before": {"jobs_per_month": 1, "targets_per_month": None},
        "after": {"jobs_per_month": None, "targets_per_month": 3},
    }
    listed = (await operator.http.get("/admin/organizations", params={"plan": "team"})).json()
    assert listed["meta"]["total"] == 1


async def test_credits_are_granted_and_taken_back(tenant, operator):
    organization_id = (await me(tenant))["organizationId"]
    url = f"/admin/organizations/{organization_id}/credits"
    body, once = {"amount": 500, "note": "invoice 17"}, {"Idempotency-Key": "17"}
    for _ in range(2):
        granted = await operator.http.post(url, json=body, headers=once)
        assert (granted.status_code, granted.json()["data"]) == (201, {"balance": 500, "reserved": 0})
    assert (await operator.http.post(url, json={"amount": -100})).json()["data"]["balance"] == 400
    check(await operator.http.post(url, json={"amount": -401}), 409, "CONFLICT")
    ledger = (await tenant.http.get("/credits/transactions")).json()["data"]
    assert [(entry["kind"], entry["amount"], entry["note"]) for entry in ledger] == [
        ("grant", -100, None),
        ("grant", 500, "invoice 17"),
    ]
    entries = (await tenant.http.get("/audit", params={"action": "credits.granted"})).json()["data"]
    assert entries[1]["details"] == {
        "amount": 500,
        "note": "invoice 17",
        "before": {"balance": 0},
        "after": {"balance": 500},
    }


async def test_one_organization_from_nearby(tenant, operator):
    await tenant.post_job()
    ann = await me(tenant)
    detail = (await operator.http.get(f"/admin/organizations/{ann['organizationId']}")).json()["data"]
    assert (detail["id"], detail["jobs"]) == (ann["organizationId"], 1)
    assert detail["usage"]["used"]["jobsThisMonth"] == 1
    assert detail["usage"]["credits"] == {"balance": 0, "reserved": 0}
    assert [member["email"] for member in detail["members"]] == ["ann@example.com"]


async def test_lists_can_be_searched(tenant, operator):
    ann = await me(tenant)
    job = await tenant.post_job()
    for path, params, field, expected in (
        ("organizations", {"q": "ANN@"}, "id", [ann["organizationId"]]),
        ("organizations", {"q": "%"}, "id", []),
        ("users", {"q": "ann"}, "email", ["ann@example.com"]),
        ("users", {"organizationId": ann["organizationId"]}, "email", ["ann@example.com"]),
        ("jobs", {"organizationId": ann["organizationId"]}, "id", [job["id"]]),
        ("jobs", {"organizationId": GONE}, "id", []),
    ):
        listed = (await operator.http.get(f"/admin/{path}", params=params)).json()
        assert [one[field] for one in listed["data"]] == expected, (path, params)
        assert listed["meta"]["total"] == len(expected)


async def test_rates_are_set_while_the_service_runs(operator, pool):
    def rates(settings):
        return {one["marketplace"]: (one["rate"], one["isDefault"]) for one in settings["crawlRates"]}

    settings = (await operator.http.get("/admin/settings")).json()["data"]
    assert settings["defaultRate"] == 1
    assert rates(settings)["www.amazon.de"] == (1, True)
    body = {"crawlRates": {"de": 0.25, "www.amazon.com": 4}}
    changed = (await operator.http.patch("/admin/settings", json=body)).json()["data"]
    assert rates(changed)["www.amazon.de"] == (0.25, False)
    now = datetime.now(UTC)
    for host, seconds in (("www.amazon.de", 4), ("www.amazon.com", 0.25), ("www.amazon.fr", 1)):
        async with transaction(pool) as conn:
            await hosts.reserve(conn, host, wanted=1, rate=1, crawl_delay=0, now=now)
            following = await conn.execute("SELECT next_slot_at FROM hosts WHERE host = %s", [host])
            assert ((await following.fetchone())[0] - now).total_seconds() == seconds
    back = await operator.http.patch("/admin/settings", json={"crawlRates": {"www.amazon.de": None}})
    assert rates(back.json()["data"])["www.amazon.de"] == (1, True)
    entries = (await operator.http.get("/audit", params={"action": "settings.changed"})).json()["data"]
    assert [entry["details"]["after"] for entry in entries] == [
        {"www.amazon.de": None},
        {"www.amazon.com": 4, "www.amazon.de": 0.25},
    ]


async def test_referrals_of_all_organizations(http, tenant, operator):
    code = (await tenant.http.get("/referral/me")).json()["data"]["code"]
    body = {"email": "cat@example.com", "password": "correct horse", "referralCode": code}
    assert (await http.post("/auth/register", json=body)).status_code == 201
    listed = (await operator.http.get("/admin/referrals")).json()
    assert listed["meta"]["total"] == 1
    [referral] = listed["data"]
    assert (referral["referrerId"], referral["referredName"]) == (
        (await me(tenant))["organizationId"],
        "cat@example.com",
    )
    assert referral["rewardedAt"] is None


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
    ("GET", f"/admin/organizations/{GONE}", None, 404, "NOT_FOUND"),
    ("POST", f"/admin/organizations/{GONE}/credits", {"amount": 1}, 404, "NOT_FOUND"),
    ("POST", f"/admin/organizations/{GONE}/credits", {"amount": 0}, 400, "VALIDATION_ERROR"),
    ("POST", f"/admin/organizations/{GONE}/credits", {"amount": 1.5}, 400, "VALIDATION_ERROR"),
    ("POST", "/admin/plans", {"name": "No Spaces"}, 400, "VALIDATION_ERROR"),
    ("POST", "/admin/plans", {"name": "x", "jobsPerMonth": -1}, 400, "VALIDATION_ERROR"),
    ("PATCH", "/admin/plans/gold", {"jobsPerMonth": 1}, 404, "NOT_FOUND"),
    ("PATCH", "/admin/plans/%00", {"jobsPerMonth": 1}, 404, "NOT_FOUND"),
    ("PATCH", "/admin/plans/free", {"usesCredits": None}, 400, "VALIDATION_ERROR"),
    ("PATCH", "/admin/settings", {}, 400, "VALIDATION_ERROR"),
    ("PATCH", "/admin/settings", {"crawlRates": {"amazon.example": 1}}, 400, "VALIDATION_ERROR"),
    ("PATCH", "/admin/settings", {"crawlRates": {"de": -1}}, 400, "VALIDATION_ERROR"),
    ("GET", "/admin/users?organizationId=x", None, 400, "VALIDATION_ERROR"),
    ("GET", "/admin/organizations?q=%00", None, 400, "VALIDATION_ERROR"),
    ("GET", "/admin/jobs?status=done", None, 400, "VALIDATION_ERROR"),
    ("GET", "/admin/users?limit=0", None, 400, "VALIDATION_ERROR"),
    ("GET", "/admin/organizations?offset=-1", None, 400, "VALIDATION_ERROR"),
]


async def test_bad_requests(operator):
    for method, path, body, status, code in REQUESTS:
        check(await operator.http.request(method, path, json=body), status, code)


@pytest.mark.parametrize("path", ["organizations", "users", "jobs", "plans", "stats", "settings", "referrals"])
async def test_nobody_else_gets_in(http, tenant, path):
    key = await tenant.http.post(f"/projects/{tenant.project_id}/api-keys", json={"name": "x"})
    check(await http.get(f"/admin/{path}"), 401, "UNAUTHORIZED")
    check(await tenant.http.get(f"/admin/{path}"), 403, "FORBIDDEN")
    check(
        await http.get(f"/admin/{path}", headers={"X-API-Key": key.json()["data"]["key"]}),
        403,
        "FORBIDDEN",
    )
