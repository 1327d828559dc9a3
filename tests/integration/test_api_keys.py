"""Project API keys: made, shown once, changed, deleted; and that a key stays in its project."""

from datetime import UTC, datetime, timedelta

import httpx
import pytest

from azscraper.store.db import transaction
from azscraper.tenants.credentials import lookup_of
from integration.one_app import App
from integration.test_bad_requests import GONE, check

PREFIXES = ("", "/private")


@pytest.fixture
async def key(tenant):
    response = await tenant.http.post(f"/projects/{tenant.project_id}/api-keys", json={"name": "nightly"})
    assert response.status_code == 201
    return response.json()["data"]


@pytest.fixture
async def keyed(services, key):
    """A client that holds nothing but the key."""
    transport = httpx.ASGITransport(App(services), raise_app_exceptions=False)
    headers = {"X-API-Key": key["key"]}
    async with httpx.AsyncClient(transport=transport, base_url="http://test", headers=headers) as client:
        yield client


async def test_a_key_is_shown_once_and_stored_hashed(tenant, key, pool):
    assert key["key"].startswith("azs_")
    assert key["keyHint"] == key["key"][-4:]
    assert (key["name"], key["disabled"], key["lastUsedAt"]) == ("nightly", False, None)
    listed = await tenant.http.get(f"/projects/{tenant.project_id}/api-keys")
    assert listed.json() == {
        "data": [{name: value for name, value in key.items() if name != "key"}],
        "meta": {"total": 1, "limit": None, "offset": None, "nextCursor": None},
    }
    async with transaction(pool) as conn:
        (row,) = await (await conn.execute("SELECT to_jsonb(k)::text FROM api_keys k")).fetchall()
        (entry,) = await (await conn.execute("SELECT details::text FROM audit WHERE action LIKE 'api_key%'")).fetchall()
    assert key["key"] not in row[0]
    assert key["key"].split("_")[2][:40] not in row[0] + entry[0]


@pytest.mark.parametrize("prefix", PREFIXES)
async def test_a_keys_life_under_either_path(tenant, http, prefix):
    url = f"{prefix}/projects/{tenant.project_id}/api-keys"
    made = (await tenant.http.post(url, json={"name": "a"})).json()["data"]
    own = f"{url}/{made['id']}"
    headers = {"X-API-Key": made["key"]}
    steps = [
        ({"name": "b"}, "b", False),
        ({"disabled": True}, "b", True),
        ({"disabled": False, "enabled": True}, "b", False),
        ({"enabled": False}, "b", True),
        ({}, "b", True),
        ({"enabled": True}, "b", False),
    ]
    for body, name, disabled in steps:
        changed = (await tenant.http.patch(own, json=body)).json()["data"]
        assert (changed["name"], changed["disabled"]) == (name, disabled)
        assert (await http.get("/projects", headers=headers)).status_code == (401 if disabled else 200)
    deleted = await tenant.http.delete(own)
    assert deleted.json() == {"data": {"id": made["id"], "deleted": True}}
    check(await http.get("/projects", headers=headers), 401, "UNAUTHORIZED")
    check(await tenant.http.delete(own), 404, "NOT_FOUND")
    check(await tenant.http.patch(own, json={}), 404, "NOT_FOUND")
    assert (await tenant.http.get(url)).json()["data"] == []


async def test_both_headers_carry_a_key(tenant, http, key):
    for headers in ({"X-API-Key": key["key"]}, {"Authorization": f"Bearer {key['key']}"}):
        assert (await http.get(f"/projects/{tenant.project_id}", headers=headers)).status_code == 200
    check(await http.get("/projects", headers={"X-API-Key": tenant.token}), 401, "UNAUTHORIZED")


async def test_forged_keys(http, key):
    good = key["key"]
    other = "a" if good[20] != "a" else "b"
    for bad in (
        "",
        "azs_",
        good[:-1],
        good + "0",
        good.upper(),
        good[:20] + other + good[21:],
        good.replace("azs_", "azs-"),
        "azs_" + "ü" * 57,
    ):
        for headers in ({"X-API-Key": bad.encode()}, {"Authorization": f"Bearer {bad}".encode()}):
            check(await http.get("/projects", headers=headers), 401, "UNAUTHORIZED")


async def test_a_key_with_the_right_public_part_alone_is_refused(http, pool, key):
    async with transaction(pool) as conn:
        await conn.execute("UPDATE api_keys SET key_hash = sha256('another')")
    assert lookup_of(key["key"])
    check(await http.get("/projects", headers={"X-API-Key": key["key"]}), 401, "UNAUTHORIZED")


async def test_a_key_does_a_projects_work(tenant, keyed):
    url = f"/projects/{tenant.project_id}"
    assert (await keyed.patch(url, json={"name": "renamed"})).json()["data"]["name"] == "renamed"
    job = (await keyed.post(f"{url}/jobs", json={"type": "details", "targets": ["B000000001"]})).json()["data"]
    assert (await keyed.get(f"{url}/jobs")).json()["meta"]["total"] == 1
    for route in ("", "/targets", "/summaries", "/results", "/export?partial=true", "/fill-rates"):
        assert (await keyed.get(f"/jobs/{job['id']}{route}")).status_code == 200
    again = (await keyed.post(f"/jobs/{job['id']}/retry")).json()["data"]
    assert (await keyed.post(f"/jobs/{again['id']}/cancel")).json()["data"]["status"] == "cancelled"


async def test_outside_of_its_project_nothing_exists_for_a_key(tenant, keyed):
    other = (await tenant.http.post("/projects", json={"name": "other"})).json()["data"]["id"]
    job = (await tenant.http.post(f"/projects/{other}/jobs", json={"type": "search", "targets": ["x"]})).json()["data"]
    assert [project["id"] for project in (await keyed.get("/projects")).json()["data"]] == [tenant.project_id]
    check(await keyed.get(f"/projects/{other}"), 404, "NOT_FOUND")
    check(await keyed.patch(f"/projects/{other}", json={"archived": True}), 404, "NOT_FOUND")
    check(await keyed.get(f"/jobs/{job['id']}"), 404, "NOT_FOUND")


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/projects"),
        ("GET", "/me"),
        ("PATCH", "/me"),
        ("GET", "/audit"),
        ("GET", "/projects/{project}/api-keys"),
        ("POST", "/projects/{project}/api-keys"),
        ("DELETE", f"/projects/{{project}}/api-keys/{GONE}"),
        ("GET", "/private/projects/{project}/api-keys"),
    ],
)
async def test_what_a_key_can_never_do(tenant, keyed, method, path):
    json = None if method in {"GET", "DELETE"} else {"name": "x"}
    url = path.replace("{project}", tenant.project_id)
    check(await keyed.request(method, url, json=json), 403, "FORBIDDEN")


async def test_the_last_use_is_noted_to_the_minute(tenant, keyed, services):
    at = datetime(2026, 1, 1, tzinfo=UTC)
    clock = services.clock
    seen = []
    for seconds in (0, 59, 60):
        object.__setattr__(services, "clock", lambda seconds=seconds: at + timedelta(seconds=seconds))
        await keyed.get("/projects")
        object.__setattr__(services, "clock", clock)
        (key,) = (await tenant.http.get(f"/projects/{tenant.project_id}/api-keys")).json()["data"]
        seen.append(key["lastUsedAt"])
    assert seen == ["2026-01-01T00:00:00.000Z", "2026-01-01T00:00:00.000Z", "2026-01-01T00:01:00.000Z"]


@pytest.mark.parametrize(
    "body", [{}, {"name": ""}, {"name": 7}, {"name": "a\x00b"}, {"name": "x" * 201}, [], None], ids=str
)
async def test_bad_new_keys(tenant, body):
    response = await tenant.http.post(f"/projects/{tenant.project_id}/api-keys", json=body)
    check(response, 400, "VALIDATION_ERROR")


async def test_bad_changes(tenant, key):
    url = f"/projects/{tenant.project_id}/api-keys"
    for body in ({"disabled": "yes"}, {"disabled": 1}, {"disabled": True, "enabled": True}, {"name": " "}, []):
        check(await tenant.http.patch(f"{url}/{key['id']}", json=body), 400, "VALIDATION_ERROR")
    for key_id in (GONE, "x", "%00"):
        check(await tenant.http.patch(f"{url}/{key_id}", json={}), 404, "NOT_FOUND")


async def test_a_key_is_no_key_of_another_project(tenant, key):
    other = (await tenant.http.post("/projects", json={"name": "other"})).json()["data"]["id"]
    check(await tenant.http.patch(f"/projects/{other}/api-keys/{key['id']}", json={}), 404, "NOT_FOUND")
    check(await tenant.http.delete(f"/projects/{other}/api-keys/{key['id']}"), 404, "NOT_FOUND")
