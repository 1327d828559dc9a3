"""Every route with an id, as the application lists them, against everyone who must not get at the object.

A new route is in the matrix by itself; it fails here until the object behind its id, and its body, are told below.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import get_args

import pytest

from azscraper.ids import new_id
from azscraper.store.db import transaction
from azscraper.tenants import sign_ups
from azscraper.tenants.credentials import read_token, sign_token
from azscraper.tenants.keyring import Keyring
from azscraper.web import deps
from integration.conftest import SECRET
from integration.one_app import plain
from integration.test_bad_requests import GONE, check

USER, KEY, ADMIN = (get_args(kind)[1].dependency for kind in (deps.Caller, deps.KeyCaller, deps.Admin))
OF_PRODUCTS = {f"/products/{{asin}}/{name}" for name in ("history", "stats", "chart.svg", "sellers")}
PUBLIC = {"/schemas/{record}", "/ask/{type}", *OF_PRODUCTS}
"""Routes whose parameter names nothing of a tenant's; whose history is shown is asked in test_history and test_statistics."""
QUERIES = {"removeItems": f"?id={24 * '0'}"}
BODIES = {
    "changeProject": {"archived": True},
    "createJob": {"type": "search", "targets": ["x"]},
    "changeJob": {"name": "x"},
    "ask": {"type": "search", "target": "x", "waitSeconds": 0},
    "createApiKey": {"name": "x"},
    "changeApiKey": {"disabled": True},
    "createSchedule": {"cron": "@daily", "crawlConfig": {"type": "search", "targets": ["x"]}},
    "changeSchedule": {"enabled": False},
    "createWebhook": {"url": "https://hooks.example.com/rows"},
    "changeWebhook": {"enabled": False},
    "createChannel": {"url": "slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ"},
    "changeChannel": {"enabled": False},
    "createAlert": {"when": [{"field": "price", "op": "changes"}]},
    "previewAlert": {"when": [{"field": "price", "op": "changes"}]},
    "changeAlert": {"enabled": False},
    "markNotices": {"read": True},
    "adminChangeOrganization": {"plan": "free"},
    "adminGrantCredits": {"amount": 1},
    "adminChangePlan": {"jobsPerMonth": 1},
    "createList": {"name": "L", "type": "details", "marketplaces": ["us"], "items": [{"target": "B000000001"}]},
    "changeList": {"name": "M"},
    "addItems": {"items": [{"target": "B000000002"}]},
    "changeItem": {"note": "n"},
    "adminChangeUser": {"disabled": True},
}
"""A good body for each route that takes one, so that the identity is all that can be wrong."""


@dataclass(frozen=True)
class Route:
    method: str
    path: str
    operation_id: str
    asks_for: frozenset[object]

    @property
    def takes_keys(self):
        return KEY in self.asks_for and not self.asks_for & {USER, ADMIN}

    def request(self, ids):
        url = self.path.format_map(ids) + QUERIES.get(self.operation_id, "")
        return {"method": self.method, "url": url, "json": BODIES.get(self.operation_id)}


def all_routes():
    routes = []
    for listed in plain().routes:
        for route in listed.effective_route_contexts() if hasattr(listed, "effective_route_contexts") else [listed]:
            if hasattr(route, "dependant"):
                asks_for = frozenset(calls_of(route.dependant))
                routes += [Route(method, route.path, route.operation_id, asks_for) for method in sorted(route.methods)]
    return routes


def calls_of(dependant):
    return [dependant.call, *(call for each in dependant.dependencies for call in calls_of(each))]


ROUTES = [route for route in all_routes() if "{" in route.path and route.path not in PUBLIC]
every_route = pytest.mark.parametrize("route", ROUTES, ids=lambda route: f"{route.method} {route.path}")


@pytest.fixture
async def ids(tenant, pool):
    """The tenant's object behind each name of a path parameter."""
    job = await tenant.post_job()
    key = await tenant.http.post(f"/projects/{tenant.project_id}/api-keys", json={"name": "own"})
    me = (await tenant.http.get("/me")).json()["data"]
    project = f"/projects/{tenant.project_id}"
    schedule = (await tenant.http.post(f"{project}/schedules", json=BODIES["createSchedule"])).json()["data"]
    webhook = (await tenant.http.post(f"{project}/webhooks", json=BODIES["createWebhook"])).json()["data"]
    delivery = (await tenant.http.post(f"/webhooks/{webhook['id']}/test")).json()["data"]
    channel = (await tenant.http.post(f"{project}/channels", json=BODIES["createChannel"])).json()["data"]
    alert = (await tenant.http.post(f"{project}/alerts", json=BODIES["createAlert"])).json()["data"]
    made = (await tenant.http.post(f"{project}/lists", json=BODIES["createList"])).json()["data"]
    items = (await tenant.http.get(f"/lists/{made['id']}/items")).json()["data"]
    async with transaction(pool) as conn:
        invitation = await sign_ups.invite(conn, None, code="c", note=None, now=datetime.now(UTC))
    return {
        "invitation_id": invitation.id,
        "list_id": made["id"],
        "item_id": items[0]["id"],
        "schedule_id": schedule["id"],
        "webhook_id": webhook["id"],
        "delivery_id": delivery["id"],
        "channel_id": channel["id"],
        "alert_id": alert["id"],
        "project_id": tenant.project_id,
        "ordinal": 0,
        "job_id": job["id"],
        "key_id": key.json()["data"]["id"],
        "organization_id": me["organizationId"],
        "user_id": me["id"],
        "plan_name": "free",
    }


@pytest.fixture
async def untouched(tenant, ids):
    """Whatever was asked in the test, the tenant's objects are as they were."""

    async def state():
        project = await tenant.http.get(f"/projects/{ids['project_id']}")
        jobs = await tenant.http.get(f"/projects/{ids['project_id']}/jobs")
        keys = await tenant.http.get(f"/projects/{ids['project_id']}/api-keys")
        return [response.json() for response in (project, jobs, keys)]

    before = await state()
    yield
    assert await state() == before


def test_the_list_of_routes_is_whole():
    documented = {(method.upper(), path) for path, methods in plain().openapi()["paths"].items() for method in methods}
    assert documented <= {(route.method, route.path) for route in all_routes()}
    assert len(ROUTES) >= 18


@cache
def document():
    return plain().openapi()


@pytest.mark.parametrize("route", all_routes(), ids=lambda route: f"{route.method} {route.path}")
def test_every_route_documents_how_it_refuses(route):
    documented = document()["paths"].get(route.path, {}).get(route.method.lower())
    if documented is None:
        return  # a second way to a route that is documented
    statuses = documented["responses"].keys()
    assert ("401" in statuses) >= bool(route.asks_for & {USER, KEY, ADMIN})
    assert ("403" in statuses) >= (bool(route.asks_for & {USER, ADMIN}) and not route.takes_keys)
    assert ("404" in statuses) >= ("{" in route.path and route.path not in PUBLIC)
    assert ("422" in statuses) == route.operation_id.startswith("ask"), (
        "a bad request is 400; 422 is a target that is refused"
    )


@every_route
def test_every_route_with_an_id_asks_who_calls(route):
    assert route.asks_for & {USER, KEY, ADMIN}


@pytest.mark.usefixtures("untouched")
async def test_another_organizations_user_finds_nothing(stranger, ids):
    for route in ROUTES:
        response = await stranger.http.request(**route.request(ids))
        check(response, *((403, "FORBIDDEN") if ADMIN in route.asks_for else (404, "NOT_FOUND")))


@pytest.mark.usefixtures("untouched")
async def test_another_projects_key_finds_nothing(tenant, stranger, http, ids):
    other = (await tenant.http.post("/projects", json={"name": "other"})).json()["data"]["id"]
    for owner, project_id in ((tenant, other), (stranger, stranger.project_id)):
        made = await owner.http.post(f"/projects/{project_id}/api-keys", json={"name": "x"})
        headers = {"X-API-Key": made.json()["data"]["key"]}
        for route in ROUTES:
            response = await http.request(**route.request(ids), headers=headers)
            check(response, *((404, "NOT_FOUND") if route.takes_keys else (403, "FORBIDDEN")))


@pytest.mark.usefixtures("untouched")
async def test_a_key_that_is_disabled_or_deleted_is_refused(tenant, http, ids):
    url = f"/projects/{tenant.project_id}/api-keys"
    made = [(await tenant.http.post(url, json={"name": "x"})).json()["data"] for _ in range(2)]
    await tenant.http.patch(f"{url}/{made[0]['id']}", json={"disabled": True})
    await tenant.http.delete(f"{url}/{made[1]['id']}")
    for route in ROUTES:
        for key in made:
            response = await http.request(**route.request(ids), headers={"X-API-Key": key["key"]})
            check(response, 401, "UNAUTHORIZED")
    await tenant.http.delete(f"{url}/{made[0]['id']}")


@pytest.mark.usefixtures("untouched")
async def test_no_token_and_an_expired_one_are_refused(tenant, http, services, ids):
    now = services.clock()
    claims = read_token(Keyring(SECRET), tenant.token, now=now)
    expired = sign_token(
        Keyring(SECRET),
        user_id=claims.user_id,
        organization_id=claims.organization_id,
        token_id=new_id(),
        now=now - timedelta(days=8),
    )
    for route in ROUTES:
        for headers in ({}, {"Authorization": f"Bearer {expired}"}):
            check(await http.request(**route.request(ids), headers=headers), 401, "UNAUTHORIZED")


async def test_a_revoked_token_is_refused(tenant, http, ids):
    assert (await tenant.http.post("/auth/logout")).status_code == 200
    for route in ROUTES:
        check(await tenant.http.request(**route.request(ids)), 401, "UNAUTHORIZED")
    check(await http.get("/projects"), 401, "UNAUTHORIZED")


async def test_a_disabled_user_is_refused(tenant, pool, ids):
    async with transaction(pool) as conn:
        await conn.execute("UPDATE users SET disabled_at = now()")
    for route in ROUTES:
        check(await tenant.http.request(**route.request(ids)), 401, "UNAUTHORIZED")


async def test_what_does_not_exist_is_not_found(tenant, ids):
    gone = dict.fromkeys(ids, GONE)
    for route in ROUTES:
        response = await tenant.http.request(**route.request(gone))
        check(response, *((403, "FORBIDDEN") if ADMIN in route.asks_for else (404, "NOT_FOUND")))
