"""Bodies: nothing of one is read before the credential, no more than the route takes, and large ones beside the loop."""

import asyncio
import itertools
import json
from contextlib import ExitStack

import httpx
import pytest
from fastapi.routing import APIRoute
from structlog.testing import capture_logs

from azscraper.web.dashboard import make_dashboard
from azscraper.web.dashboard.session import PageRoute, User_
from azscraper.web.deps import caller
from azscraper.web.guards.limits import LOGIN_BODY_BYTES, MAX_BODY_BYTES, SMALL_BODY_BYTES, StrictJson
from integration.one_app import App, plain
from integration.test_tenancy import calls_of

ID = "0" * 24
WRITES = ("POST", "PUT", "PATCH", "DELETE")
session_required = User_.__metadata__[0].dependency


def routes_of(app):
    for listed in app.routes:
        for route in listed.effective_route_contexts() if hasattr(listed, "effective_route_contexts") else [listed]:
            if hasattr(route, "dependant"):
                yield route


def writing(app, credential):
    return [
        (method, route.path)
        for route in routes_of(app)
        if credential in calls_of(route.dependant)
        for method in sorted(route.methods & set(WRITES))
    ]


API = writing(plain(), caller)
PAGES = [(method, "/app" + path) for method, path in writing(make_dashboard(None, {}), session_required)]


async def ask(app, method, path, *, headers=(), body=b"x" * 1000, announced=None):
    """The status and the body of the answer, and how many bytes of the request were read."""
    read, answer = 0, {"status": 0, "body": b""}

    async def receive():
        nonlocal read
        read += len(body)
        return {"type": "http.request", "body": body, "more_body": announced is not None}

    async def send(message):
        answer["status"] = message.get("status", answer["status"])
        answer["body"] += message.get("body", b"")

    sent = [(b"host", b"test"), (b"content-type", b"application/json"), *headers]
    if announced is not None:
        sent.append((b"content-length", str(announced).encode()))
    scope = {"type": "http", "method": method, "path": path, "headers": sent, "query_string": b"", "state": {}}
    scope |= {"http_version": "1.1", "scheme": "http", "server": ("test", 80), "client": ("127.0.0.1", 1)}
    await app(scope | {"root_path": "", "raw_path": path.encode()}, receive, send)
    return answer["status"], answer["body"], read


def filled(path):
    return path if "{" not in path else filled(path.partition("{")[0] + ID + path.partition("}")[2])


def test_every_route_that_takes_a_body_is_guarded():
    for app, guard in ((plain(), StrictJson), (make_dashboard(None, {}), PageRoute)):
        for route in routes_of(app):
            original = route if isinstance(route, APIRoute) else route.original_route
            assert isinstance(original, guard) or not route.methods & set(WRITES), route.path
    assert len(API) > 20
    assert len(PAGES) > 20


async def test_without_a_credential_no_route_of_the_api_reads_a_byte(services):
    app = App(services)
    credentials = [(), ((b"authorization", b"Bearer nonsense"),), ((b"x-api-key", b"azs_x"),)]
    for credential, (method, path) in itertools.product(credentials, API):
        status, body, read = await ask(app, method, filled(path), headers=credential, announced=15_700_000)
        assert (status, read) == (401, 0), (method, path)
        assert json.loads(body)["error"]["code"] == "UNAUTHORIZED"


async def test_without_a_session_no_form_of_the_dashboard_is_read(services):
    app = App(services)
    for method, path in PAGES:
        assert (await ask(app, method, filled(path), announced=15_700_000))[::2] == (303, 0), (method, path)


LIMITS = [
    ("POST", "/projects", SMALL_BODY_BYTES),
    ("PATCH", "/me", SMALL_BODY_BYTES),
    ("POST", f"/jobs/{ID}/retry", SMALL_BODY_BYTES),
    ("POST", f"/projects/{ID}/jobs", MAX_BODY_BYTES),
    ("POST", f"/projects/{ID}/schedules", MAX_BODY_BYTES),
    ("PATCH", f"/schedules/{ID}", MAX_BODY_BYTES),
    ("POST", "/auth/login", LOGIN_BODY_BYTES),
    ("POST", "/auth/register", LOGIN_BODY_BYTES),
    ("POST", "/auth/verify-handoff", LOGIN_BODY_BYTES),
]


async def test_a_route_takes_what_it_needs_and_refuses_more_by_what_is_announced(services, tenant):
    app, headers = App(services), [(b"authorization", f"Bearer {tenant.token}".encode())]
    for method, path, most in LIMITS:
        status, body, read = await ask(app, method, path, headers=headers, announced=most + 1)
        assert (status, read) == (413, 0)
        error = {"code": "PAYLOAD_TOO_LARGE", "message": f"The body is over {most} bytes", "details": []}
        assert json.loads(body)["error"] == error


async def test_a_route_refuses_more_than_it_takes_also_where_nothing_is_announced(tenant):
    headers = {"Content-Type": "application/json", "Idempotency-Key": "a"}
    for method, path, most in LIMITS:
        response = await tenant.http.request(method, path, content=_parts(b" " * (most + 1)), headers=headers)
        assert response.status_code == 413, path
        response = await tenant.http.request(method, path, content=b" " * most, headers=headers)
        assert response.status_code in {400, 404}, path


async def _parts(body):
    yield body


async def test_the_dashboard_takes_a_file_of_16_mib_and_a_small_form_elsewhere(services, tenant):
    cookies = {"azscraper_session": tenant.token}
    transport = httpx.ASGITransport(App(services))
    async with httpx.AsyncClient(
        transport=transport, base_url="http://test", cookies=cookies, headers={"Origin": "http://test"}
    ) as browser:
        for path, most in (("/app/projects", SMALL_BODY_BYTES), ("/app/login", LOGIN_BODY_BYTES)):
            assert (await browser.post(path, content=b"x" * (most + 1))).status_code == 413
        path = f"/app/projects/{tenant.project_id}/jobs/upload"
        assert (await browser.post(path, content=b"x" * (SMALL_BODY_BYTES + 1))).status_code == 403  # read: no token
        assert (await browser.post(path, content=b"x" * (MAX_BODY_BYTES + 1))).status_code == 413


@pytest.mark.parametrize(
    ("path", "media_type"), [("/app/login", "application/x-www-form-urlencoded"), ("/auth/login", "application/json")]
)
async def test_who_hangs_up_in_the_middle_is_no_error_of_ours(services, path, media_type):
    headers = {"host": "test", "content-type": media_type, "content-length": "1000", "origin": "http://test"}
    scope = {
        "type": "http",
        "http_version": "1.1",
        "method": "POST",
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "root_path": "",
        "query_string": b"",
        "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
        "client": ("127.0.0.1", 1),
        "server": ("test", 80),
        "state": {},
    }
    sent = iter([{"type": "http.request", "body": b"email=", "more_body": True}])
    statuses = []

    async def receive():
        return next(sent, {"type": "http.disconnect"})

    async def send(message):
        statuses.append(message.get("status"))

    with capture_logs() as logs:
        await App(services)(scope, receive, send)
    assert [line for line in logs if line["log_level"] == "error"] == []
    assert statuses[0] in {400, 499}


async def test_who_calls_is_asked_once(services, tenant):
    await tenant.http.get("/projects")
    before = services.pool.get_stats()["requests_num"]
    await tenant.http.get("/projects")
    assert services.pool.get_stats()["requests_num"] - before == 2  # the credential, the list


async def test_a_body_of_nothing_but_lists_is_refused_before_it_is_parsed(tenant):
    path, headers = f"/projects/{tenant.project_id}/jobs", {"Content-Type": "application/json"}
    for part in (b"[],", b"{},", b'"a":1,', b'"a",'):
        body = b'{"type":"search","targets":[' + part * (15_000_000 // len(part))  # three seconds to parse, and 500 MB
        response = await tenant.http.post(path, content=body, headers=headers)
        assert response.status_code == 400
        assert " than any list of targets needs" in response.json()["error"]["message"]


async def test_a_list_of_many_bad_targets_names_a_hundred_of_them(tenant):
    body = {"type": "search", "targets": [1] * 100_000}
    response = await tenant.http.post(f"/projects/{tenant.project_id}/jobs", json=body)
    details = response.json()["error"]["details"]
    assert (response.status_code, len(details), details[0]["field"]) == (400, 100, "targets.0")


async def test_two_large_bodies_are_parsed_at_a_time_and_small_ones_do_not_wait(services, tenant):
    path, padding = f"/projects/{tenant.project_id}/jobs", " " * SMALL_BODY_BYTES
    large = json.dumps({"type": "search", "targets": ["a"]}) + padding
    headers = {"Content-Type": "application/json"}
    async with services.parsing, services.parsing:
        waiting = asyncio.create_task(tenant.http.post(path, content=large, headers=headers))
        small = await tenant.http.post(path, json={"type": "search", "targets": ["b"]})
        assert (small.status_code, waiting.done()) == (201, False)
    assert (await waiting).status_code == 201


async def test_an_organization_has_two_large_bodies_in_memory_and_small_ones_go_on(services, tenant):
    path, large = f"/projects/{tenant.project_id}/jobs", json.dumps({"type": "search", "targets": ["a"]}) + " " * 70_000
    headers = {"Content-Type": "application/json"}
    organization = (await tenant.http.get("/me")).json()["data"]["organizationId"]
    with services.large_bodies.taken(organization), services.large_bodies.taken(organization):
        for body in (large, _parts(large.encode())):
            refused = await tenant.http.post(path, content=body, headers=headers)
            assert (refused.status_code, refused.headers["Retry-After"]) == (429, "5")
        assert (await tenant.http.post(path, json={"type": "search", "targets": ["b"]})).status_code == 201
    with ExitStack() as others:
        for number in range(8):
            others.enter_context(services.large_bodies.taken(str(number)))
        assert (await tenant.http.post(path, content=large, headers=headers)).status_code == 503
    for status in (201, 400):  # each gives its place back, also where it fails
        body = large if status == 201 else large[:-60_000]
        answers = [await tenant.http.post(path, content=body, headers=headers) for _ in range(3)]
        assert {answer.status_code for answer in answers} <= {status, 201}
