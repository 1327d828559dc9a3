"""Every route of the dashboard, as the application lists them: it renders, empty and full, and is nobody else's.

A new route with an id fails here until the object behind it, and its form, are told below.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlencode

import httpx
import pytest

from azscraper.store.db import transaction
from azscraper.tenants import sign_ups
from azscraper.web.app import STATUS_OF_CODE
from azscraper.web.dashboard import make_dashboard
from azscraper.web.dashboard.session import Operator, User_
from integration.one_app import App
from integration.test_dashboard_session import COOKIE, ORIGIN, all_routes, calls_of

NOWHERE = "f" * 24
USER, OPERATOR = (kind.__metadata__[0].dependency for kind in (User_, Operator))
QUERIES = {
    "/projects/{project_id}/keywords/rank": {"keyword": "kettle"},
    "/pictures": {"url": "https://elsewhere.example/images/x.jpg"},
}
SLACK = "slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ"
FORMS = {
    "/projects": {"name": "Garden"},
    "/projects/{project_id}/settings": {"action": "archive"},
    "/projects/{project_id}/jobs": {"type": "search", "targets": "kettle"},
    "/projects/{project_id}/jobs/preview": {"type": "details", "targets": "B0DEMO0001\nnope"},
    "/projects/{project_id}/jobs/left-out": {"type": "details", "targets": "B0DEMO0001\nnope"},
    "/projects/{project_id}/schedules": {"cron": "@daily", "type": "search", "targets": "kettle"},
    "/projects/{project_id}/schedules/preview": {"cron": "@daily", "timezone": "UTC"},
    "/projects/{project_id}/webhooks": {"url": "https://hooks.example.com/rows", "events": "job.completed"},
    "/projects/{project_id}/api-keys": {"name": "x"},
    "/projects/{project_id}/api-keys/{key_id}": {"action": "disable"},
    "/schedules/{schedule_id}": {"action": "disable"},
    "/webhooks/{webhook_id}": {"action": "enable"},
    "/projects/{project_id}/alerts": {
        "product": "price_below",
        "product_value": "19,90",
        "marketplace": "www.amazon.de",
    },
    "/projects/{project_id}/alerts/preview": {"product": "price_changes"},
    "/alerts/{alert_id}": {"action": "disable"},
    "/projects/{project_id}/channels": {"address": SLACK, "name": "another"},
    "/channels/{channel_id}": {"action": "enable"},
    "/projects/{project_id}/lists": {"name": "Pans", "type": "details", "marketplaces": "us", "targets": "B0DEMO0001"},
    "/lists/{list_id}": {"name": "Pots", "marketplaces": "www.amazon.de"},
    "/lists/{list_id}/items": {"targets": "B0DEMO0002", "note": "new", "tags": "a, b"},
    "/lists/{list_id}/items/{item_id}": {"note": "n", "tags": "x", "price": "19,90"},
    "/jobs/{job_id}/export": {"format": "json"},
    "/lists/{list_id}/chosen": {"item": "0" * 24, "action": "remove"},
    "/projects/{project_id}/keywords/check": {"marketplace": "www.amazon.com", "keyword": "kettle"},
    "/projects/{project_id}/products/check": {"marketplace": "www.amazon.com", "asin": "B0DEMO0001"},
    "/projects/{project_id}/products/offers": {"marketplace": "www.amazon.com", "asin": "B0DEMO0001"},
    "/projects/{project_id}/products/target": {"marketplace": "www.amazon.com", "asin": "B0DEMO0001", "price": "19,90"},
    "/projects/{project_id}/products/own": {"marketplace": "www.amazon.com", "asin": "B0DEMO0001", "own": "yes"},
    "/projects/{project_id}/products/tag": {"marketplace": "www.amazon.com", "asin": "B0DEMO0001", "tag": "mine"},
    "/projects/{project_id}/products/remove": {"marketplace": "www.amazon.com", "asin": "B0DEMO0001"},
    "/projects/{project_id}/products/list": {
        "marketplace": "www.amazon.com",
        "asin": "B0DEMO0001",
        "list_name": "Kettles",
    },
    "/projects/{project_id}/products/compare": {"marketplace": "www.amazon.com", "asin": "B0DEMO0001"},
    "/projects/{project_id}/products/export": {"marketplace": "www.amazon.com", "asin": "B0DEMO0001"},
    "/admin/organizations/{organization_id}": {"plan": "free"},
    "/admin/organizations/{organization_id}/credits": {"amount": "5", "action": "grant"},
    "/admin/organizations/{organization_id}/suspension": {"action": "unsuspend"},
    "/admin/plans/{plan_name}": {"jobs_per_month": "7"},
    "/admin/users/{user_id}": {"action": "disable"},
}
EMPTY = {
    "/projects/{project_id}/products/{asin}",
    "/projects/{project_id}/products/{asin}/history.csv",
    "/projects/{project_id}/keywords/rank",
}
"""What is not found before anything was crawled."""
FILES = {"/projects/{project_id}/jobs/upload"}
STREAMS = {"/jobs/{job_id}/events", "/static/{path}"}


@dataclass(frozen=True)
class Route:
    method: str
    path: str
    asks_for: frozenset[object]

    def url(self, ids):
        query = QUERIES.get(self.path)
        return "/app" + self.path.format_map(ids) + (f"?{urlencode(query)}" if query else "")


ROUTES = [
    Route(method, route.path, frozenset(calls_of(route.dependant)))
    for route in all_routes(make_dashboard(None, STATUS_OF_CODE))
    for method in sorted(route.methods)
    if "{token}" not in route.path  # pages of links in mails: whoever has one need not log in
]
OF_IDS = [route for route in ROUTES if "{" in route.path and route.path != "/static/{path}"]


@pytest.fixture
async def ids(tenant, pool):
    job = await tenant.post_job()
    me = (await tenant.http.get("/me")).json()["data"]
    project = f"/projects/{tenant.project_id}"
    made = {}
    for name, body in (
        ("api-keys", {"name": "own"}),
        ("schedules", {"cron": "@daily", "crawlConfig": {"type": "search", "targets": ["x"]}}),
        ("webhooks", {"url": "https://hooks.example.com/rows"}),
        ("channels", {"url": SLACK}),
        ("alerts", {"when": [{"field": "price", "op": "changes"}], "channels": ["Slack"]}),
        ("lists", {"name": "L", "type": "details", "marketplaces": ["us"], "items": [{"target": "B0DEMO0001"}]}),
    ):
        made[name] = (await tenant.http.post(f"{project}/{name}", json=body)).json()["data"]["id"]
    delivery = (await tenant.http.post(f"/webhooks/{made['webhooks']}/test")).json()["data"]["id"]
    [item] = (await tenant.http.get(f"/lists/{made['lists']}/items")).json()["data"]
    async with transaction(pool) as conn:
        invitation = await sign_ups.invite(conn, None, code="c", note=None, now=datetime.now(UTC))
    return {
        "invitation_id": invitation.id,
        "project_id": tenant.project_id,
        "job_id": job["id"],
        "key_id": made["api-keys"],
        "schedule_id": made["schedules"],
        "webhook_id": made["webhooks"],
        "channel_id": made["channels"],
        "alert_id": made["alerts"],
        "list_id": made["lists"],
        "item_id": item["id"],
        "delivery_id": delivery,
        "organization_id": me["organizationId"],
        "user_id": me["id"],
        "plan_name": "free",
        "asin": "B0DEMO0001",
    }


@pytest.fixture
def browser_of(services):
    app = App(services)

    def browser(token=None, **headers):
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        cookies = {COOKIE: token} if token else {}
        return httpx.AsyncClient(transport=transport, base_url="http://test", headers=ORIGIN | headers, cookies=cookies)

    return browser


async def send(browser, route, ids, form_token):
    """The route with a good form, so that who asks is all that can be wrong."""
    if route.method == "GET":
        return await browser.get(route.url(ids))
    files = {"file": ("targets.csv", b"ASIN\nB0DEMO0001\n")} if route.path in FILES else None
    return await browser.post(route.url(ids), data=FORMS.get(route.path, {}) | {"form_token": form_token}, files=files)


async def form_token_of(browser):
    return re.search(r'name="form_token" value="([^"]+)"', (await browser.get("/app/projects")).text)[1]


def test_every_route_with_an_id_asks_who_looks():
    assert len(OF_IDS) > 30
    for route in OF_IDS:
        assert route.asks_for & {USER, OPERATOR}, route.path


@pytest.mark.parametrize("language", ["en", "de"])
async def test_every_page_renders_for_who_has_nothing_yet(tenant, browser_of, language):
    async with browser_of(tenant.token, **{"Accept-Language": language}) as browser:
        for route in ROUTES:
            if route.method == "GET" and not re.search(r"\{(?!project_id|asin)", route.path):
                response = await browser.get(route.url({"project_id": tenant.project_id, "asin": "B0DEMO0001"}))
                expected = {404} if route.path in EMPTY else {403} if OPERATOR in route.asks_for else {200, 303}
                assert response.status_code in expected, route.path


async def test_every_page_renders_for_who_has_everything(tenant, pool, browser_of, ids):
    async with transaction(pool) as conn:
        await conn.execute("UPDATE users SET role = 'admin'")
    async with browser_of(tenant.token) as browser:
        for route in ROUTES:
            if route.method == "GET" and route.path not in STREAMS | EMPTY:
                response = await browser.get(route.url(ids))
                assert response.status_code in {200, 303}, route.path


async def test_every_form_does_what_it_says(tenant, pool, browser_of, ids):
    async with transaction(pool) as conn:
        await conn.execute("UPDATE users SET role = 'admin'")
    last = ("delete", "archive", "settings", "/admin/", "cancel", "logout", "login", "signup")
    routes = sorted(
        (route for route in OF_IDS if route.method == "POST"),
        key=lambda route: any(each in route.path for each in last),
    )
    async with browser_of(tenant.token) as browser:
        token = await form_token_of(browser)
        for route in routes:
            response = await send(browser, route, ids, token)
            refused = {"/admin/users/{user_id}", "/admin/jobs/{job_id}/cancel", "/jobs/{job_id}/export"}
            expected = {409} if route.path in refused else {200, 303}
            if "/delete" in route.path or route.path == "/deliveries/{delivery_id}/redeliver":
                expected = {200, 303, 404, 409}  # its object may have gone with another, or is on its way
            assert response.status_code in expected, (route.path, response.text[-800:])


async def test_an_alert_is_switched_off_where_all_are_listed(tenant, browser_of, ids):
    async with browser_of(tenant.token) as browser:
        url = f"/app/projects/{tenant.project_id}/alerts"
        page = (await browser.get(url)).text
        assert 'role="switch" aria-checked="true"' in page
        form = {"form_token": await form_token_of(browser), "action": "disable", "from": "list"}
        back = await browser.post(f"/app/alerts/{ids['alert_id']}", data=form)
        assert back.headers["location"] == f"{url}?notice=saved"
        assert 'role="switch" aria-checked="false"' in (await browser.get(url)).text


async def test_another_organizations_user_finds_nothing(tenant, stranger, browser_of, ids):
    async with browser_of(stranger.token) as browser:
        token = await form_token_of(browser)
        for route in OF_IDS:
            response = await send(browser, route, ids, token)
            assert response.status_code == (403 if OPERATOR in route.asks_for else 404), (route.method, route.path)
    projects = (await tenant.http.get("/projects")).json()["data"]
    assert [project["archived"] for project in projects] == [False]
    assert (await tenant.http.get(f"/schedules/{ids['schedule_id']}")).json()["data"]["enabled"]


async def test_a_wrong_form_does_not_tell_a_stranger_what_exists(stranger, browser_of, ids):
    gone = dict.fromkeys(ids, NOWHERE) | {"asin": ids["asin"]}
    async with browser_of(stranger.token) as browser:
        token = {"form_token": await form_token_of(browser)}
        for route in OF_IDS:
            if route.method == "POST":
                theirs, nobodys = [await browser.post(route.url(each), data=token) for each in (ids, gone)]
                assert theirs.status_code == nobodys.status_code, route.path
                expected = {403} if OPERATOR in route.asks_for else {404}
                assert theirs.status_code in expected, route.path  # before anything of the form is read
        lists = await browser.post(f"/app/projects/{ids['project_id']}/lists", data=token)
        assert lists.status_code == 404  # before anything of what may be a long form is read


async def test_who_is_not_logged_in_is_led_to_the_log_in(browser_of, ids):
    async with browser_of() as browser:
        for route in OF_IDS:
            response = await send(browser, route, ids, "")
            assert response.status_code in {303, 403}, route.path
            if route.method == "GET":
                assert response.headers["location"].startswith("/app/login?next=/app/")


async def test_what_does_not_exist_is_not_found(tenant, browser_of, ids):
    gone = dict.fromkeys(ids, NOWHERE) | {"asin": "B0DEMO0001"}
    async with browser_of(tenant.token) as browser:
        token = await form_token_of(browser)
        for route in OF_IDS:
            response = await send(browser, route, gone, token)
            assert response.status_code == (403 if OPERATOR in route.asks_for else 404), (route.method, route.path)


@pytest.mark.parametrize(
    "url",
    [
        "http://m.media-amazon.com/images/I/x.jpg",
        "https://m.media-amazon.com:8443/images/I/x.jpg",
        "https://user@m.media-amazon.com/images/I/x.jpg",
        "https://m.media-amazon.com.elsewhere.example/images/I/x.jpg",
        "https://m.media-amazon.com/other/x.jpg",
        "https://www.amazon.com/images/../gp/cart",
        "https://127.0.0.1/images/x.jpg",
        "https://[::1/images/x.jpg",
        "",
    ],
)
async def test_pictures_come_from_marketplaces_alone(tenant, browser_of, url):
    async with browser_of(tenant.token) as browser:
        response = await browser.get("/app/pictures", params={"url": url})
    assert response.headers["content-type"] == "image/svg+xml"
    assert "sandbox" in response.headers["content-security-policy"]


async def test_the_thresholds_of_changes_are_kept(tenant, browser_of):
    url = f"/app/projects/{tenant.project_id}/settings"
    fields = {"action": "thresholds", "price_percent": "2,5", "rating": "0.3"}
    async with browser_of(tenant.token) as browser:
        token = await form_token_of(browser)
        assert (await browser.post(url, data=fields | {"form_token": token})).status_code == 303
        refused = await browser.post(url, data=fields | {"rating": "nine", "form_token": token})
    assert refused.status_code == 400
    project = (await tenant.http.get(f"/projects/{tenant.project_id}")).json()["data"]
    assert project["changeThresholds"] == {"pricePercent": 2.5, "rating": 0.3}


@pytest.fixture
async def operator(tenant, pool, browser_of):
    async with transaction(pool) as conn:
        await conn.execute("UPDATE users SET role = 'admin'")
    async with browser_of(tenant.token) as browser:
        token = await form_token_of(browser)

        async def post(path, **fields):
            return await browser.post(f"/app/admin{path}", data=fields | {"form_token": token})

        yield post


async def audited(tenant, action):
    found = (await tenant.http.get("/audit", params={"action": action})).json()["data"]
    return [entry["details"] for entry in found]


async def test_an_operator_gives_credits_and_takes_them_back(tenant, operator):
    path = f"/organizations/{(await tenant.http.get('/me')).json()['data']['organizationId']}"
    assert (await operator(f"{path}/credits", amount="500", note="invoice 17")).status_code == 303
    assert (await operator(f"{path}/credits", amount="30", action="take")).status_code == 303
    assert (await tenant.http.get("/usage")).json()["data"]["credits"]["balance"] == 470
    too_much = await operator(f"{path}/credits", amount="471", action="take")
    wrong = [(await operator(f"{path}/credits", amount=each)).status_code for each in ("", "0", "-5", "1.5", "many")]
    assert (too_much.status_code, wrong) == (409, [400] * 5)
    assert sorted(each["amount"] for each in await audited(tenant, "credits.granted")) == [-30, 500]


async def test_an_operator_suspends_an_organization(operator, stranger):
    job = await stranger.post_job()
    organization_id = (await stranger.http.get("/me")).json()["data"]["organizationId"]
    path = f"/organizations/{organization_id}/suspension"
    done = await operator(path, action="suspend", cancel_jobs="on")
    assert (done.status_code, done.headers["location"]) == (
        303,
        f"/app/admin/organizations/{organization_id}?notice=suspended",
    )
    assert (await stranger.http.get("/projects")).status_code == 401
    assert (await operator(path, action="unsuspend")).status_code == 303
    assert (await stranger.http.get(f"/jobs/{job['id']}")).json()["data"]["status"] == "cancelled"


async def test_an_operator_makes_and_changes_a_plan(tenant, operator):
    fields = {"jobs_per_month": "20", "weight": "3", "uses_credits": "yes"}
    assert (await operator("/plans", name="team", **fields)).status_code == 303
    assert (await operator("/plans", name="team")).status_code == 409
    assert (await operator("/plans", name="Two Words")).status_code == 400
    assert (await operator("/plans/team", targets_per_month="900", weight="3")).status_code == 303
    assert (await operator("/plans/team", weight="101")).status_code == 400
    plans = {each["name"]: each for each in (await tenant.http.get("/admin/plans")).json()["data"]}
    team = [plans["team"][name] for name in ("jobsPerMonth", "targetsPerMonth", "weight", "usesCredits")]
    assert team == [None, 900, 3, False]
    assert [len(await audited(tenant, action)) for action in ("plan.created", "plan.changed")] == [1, 1]


async def test_an_operator_sets_a_crawl_rate_and_gives_it_back(tenant, operator):
    async def rate():
        listed = (await tenant.http.get("/admin/settings")).json()["data"]["crawlRates"]
        (found,) = [each for each in listed if each["marketplace"] == "www.amazon.de"]
        return found["rate"], found["isDefault"]

    default = await rate()
    assert (await operator("/rates", marketplace="www.amazon.de", rate="0,5")).status_code == 303
    assert await rate() == (0.5, False)
    for fields in ({"rate": "fast"}, {"rate": "-1"}, {"rate": "inf"}, {"rate": "1", "marketplace": "shop.example"}):
        assert (await operator("/rates", **({"marketplace": "www.amazon.de"} | fields))).status_code == 400
    assert (await operator("/rates", marketplace="www.amazon.de", rate="")).status_code == 303
    assert await rate() == default
    assert len(await audited(tenant, "settings.changed")) == 2
