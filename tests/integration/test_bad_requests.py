"""Bad requests: each with the status and code that the contract says, in the one envelope, and none of them a 500."""

import json
from datetime import UTC, datetime, timedelta

import jwt
import pytest

from azscraper.kinds.registry import types
from azscraper.tenants.credentials import sign_token
from azscraper.tenants.keyring import Keyring
from azscraper.web.guards.limits import MAX_BODY_BYTES
from integration.conftest import SECRET

J = "/projects/{project}/jobs"
S = "/projects/{project}/schedules"
CRAWL = {"type": "search", "targets": ["x"]}
W = "/projects/{project}/webhooks"
URL = "https://hooks.example.com/"
GONE = "0" * 24
TYPES = " or ".join(", ".join(map(repr, types())).rsplit(", ", 1))

# method, path, JSON body, status, code
REQUESTS = [
    ("POST", "/projects", {}, 400, "VALIDATION_ERROR"),
    ("POST", "/projects", {"name": 7}, 400, "VALIDATION_ERROR"),
    ("POST", "/projects", {"name": ""}, 400, "VALIDATION_ERROR"),
    ("POST", "/projects", {"name": "   "}, 400, "VALIDATION_ERROR"),
    ("POST", "/projects", {"name": "x" * 201}, 400, "VALIDATION_ERROR"),
    ("POST", "/projects", {"name": "a\x00b"}, 400, "VALIDATION_ERROR"),
    ("POST", "/projects", [], 400, "VALIDATION_ERROR"),
    ("POST", "/projects", None, 400, "VALIDATION_ERROR"),
    ("GET", "/projects?archived=perhaps", None, 400, "VALIDATION_ERROR"),
    ("PATCH", "/projects/{project}", {"archived": "yes"}, 400, "VALIDATION_ERROR"),
    ("PATCH", "/projects/{project}", {"name": None, "archived": 1}, 400, "VALIDATION_ERROR"),
    ("PATCH", f"/projects/{GONE}", {"archived": True}, 404, "NOT_FOUND"),
    ("GET", "/projects/nonsense", None, 404, "NOT_FOUND"),
    ("GET", "/projects/%00", None, 404, "NOT_FOUND"),
    ("POST", J, {}, 400, "VALIDATION_ERROR"),
    ("POST", J, {"type": "search"}, 400, "VALIDATION_ERROR"),
    ("POST", J, {"type": "questions", "targets": ["B000000001"]}, 400, "VALIDATION_ERROR"),
    ("POST", J, {"type": "reviews", "targets": ["x"]}, 400, "VALIDATION_ERROR"),
    ("POST", J, {"type": "search", "targets": []}, 400, "VALIDATION_ERROR"),
    ("POST", J, {"type": "search", "targets": "x"}, 400, "VALIDATION_ERROR"),
    ("POST", J, {"type": "search", "targets": [7]}, 400, "VALIDATION_ERROR"),
    ("POST", J, {"type": "search", "targets": [None]}, 400, "VALIDATION_ERROR"),
    ("POST", J, {"type": "search", "targets": [""]}, 400, "VALIDATION_ERROR"),
    ("POST", J, {"type": "search", "targets": ["  "]}, 400, "VALIDATION_ERROR"),
    ("POST", J, {"type": "search", "targets": ["x" * 501]}, 400, "VALIDATION_ERROR"),
    ("POST", J, {"type": "search", "targets": ["a\x00b"]}, 400, "VALIDATION_ERROR"),
    ("POST", J, {"type": "details", "targets": ["B0000000011"]}, 400, "VALIDATION_ERROR"),
    ("POST", J, {"type": "details", "targets": ["B00000000"]}, 400, "VALIDATION_ERROR"),
    ("POST", J, {"type": "details", "targets": ["https://example.com/dp/B000000001"]}, 400, "VALIDATION_ERROR"),
    ("POST", J, {"type": "details", "targets": ["https://www.amazon.com/gp/cart"]}, 400, "VALIDATION_ERROR"),
    (
        "POST",
        J,
        {"type": "details", "targets": ["https://www.amazon.com.evil.example/dp/B000000001"]},
        400,
        "VALIDATION_ERROR",
    ),
    ("POST", J, {"type": "search", "targets": ["x"], "config": 7}, 400, "VALIDATION_ERROR"),
    ("POST", J, {"type": "search", "targets": ["x"], "config": {"pages": 0}}, 400, "VALIDATION_ERROR"),
    ("POST", J, {"type": "search", "targets": ["x"], "config": {"pages": 21}}, 400, "VALIDATION_ERROR"),
    ("POST", J, {"type": "search", "targets": ["x"], "config": {"pages": "2"}}, 400, "VALIDATION_ERROR"),
    (
        "POST",
        J,
        {"type": "search", "targets": ["x"], "config": {"marketplace": "amazon.example"}},
        400,
        "VALIDATION_ERROR",
    ),
    ("POST", J, {"type": "search", "targets": ["x"], "config": {"lang": "not a language"}}, 400, "VALIDATION_ERROR"),
    ("POST", J, {"type": "search", "targets": ["x"], "config": {"mine": "a\x00b"}}, 400, "VALIDATION_ERROR"),
    ("POST", J, {"type": "search", "targets": ["x"], "config": {"mine": "x" * 17_000}}, 400, "VALIDATION_ERROR"),
    ("POST", J, {"type": "search", "targets": ["x"], "config": {"maxAge": 10**30}}, 400, "VALIDATION_ERROR"),
    ("POST", J, {"type": "search", "targets": ["x"], "config": {"maxAge": 2**60}}, 400, "VALIDATION_ERROR"),
    ("POST", J, {"type": "search", "targets": ["x"], "config": {"maxRetries": -1}}, 400, "VALIDATION_ERROR"),
    ("POST", J, {"type": "search", "targets": ["x"], "config": {"variant": "all"}}, 400, "VALIDATION_ERROR"),
    ("POST", f"/projects/{GONE}/jobs", {"type": "search", "targets": ["x"]}, 404, "NOT_FOUND"),
    ("GET", J + "?limit=-1", None, 400, "VALIDATION_ERROR"),
    ("GET", J + "?limit=0", None, 400, "VALIDATION_ERROR"),
    ("GET", J + "?limit=many", None, 400, "VALIDATION_ERROR"),
    ("GET", J + "?offset=-1", None, 400, "VALIDATION_ERROR"),
    ("GET", J + "?offset=99999999999999999999", None, 400, "VALIDATION_ERROR"),
    ("GET", J + "?status=done", None, 400, "VALIDATION_ERROR"),
    ("GET", J + "?type=questions", None, 400, "VALIDATION_ERROR"),
    ("GET", f"/jobs/{GONE}", None, 404, "NOT_FOUND"),
    ("GET", "/jobs/x", None, 404, "NOT_FOUND"),
    ("GET", "/jobs/%00", None, 404, "NOT_FOUND"),
    ("GET", "/jobs/%ff%fe", None, 404, "NOT_FOUND"),
    ("GET", "/jobs/" + "a" * 5000, None, 404, "NOT_FOUND"),
    ("GET", f"/jobs/{GONE}/results", None, 404, "NOT_FOUND"),
    ("GET", f"/jobs/{GONE}/export", None, 404, "NOT_FOUND"),
    ("GET", f"/jobs/{GONE}/events", None, 404, "NOT_FOUND"),
    ("GET", f"/jobs/{GONE}/targets", None, 404, "NOT_FOUND"),
    ("POST", f"/jobs/{GONE}/retry", None, 404, "NOT_FOUND"),
    ("POST", f"/jobs/{GONE}/cancel", None, 404, "NOT_FOUND"),
    ("GET", "/jobs/{job}/export?format=docx", None, 400, "VALIDATION_ERROR"),
    ("GET", "/jobs/{job}/export?format=csv&guard=perhaps", None, 400, "VALIDATION_ERROR"),
    ("GET", "/jobs/{job}/targets?status=done", None, 400, "VALIDATION_ERROR"),
    ("GET", "/jobs/{job}/targets?cursor=x", None, 400, "VALIDATION_ERROR"),
    ("GET", "/jobs/{job}/results?cursor=1.2.3", None, 400, "VALIDATION_ERROR"),
    ("GET", "/jobs/{job}/results?cursor=9999999999", None, 400, "VALIDATION_ERROR"),
    ("GET", "/jobs/{job}/results?limit=-5", None, 400, "VALIDATION_ERROR"),
    ("POST", "/jobs/{job}/retry?only=all", None, 400, "VALIDATION_ERROR"),
    ("POST", "/referral/click", {}, 400, "VALIDATION_ERROR"),
    ("POST", "/referral/click", {"code": "a\x00"}, 400, "VALIDATION_ERROR"),
    ("POST", "/referral/click", {"code": "nobody"}, 404, "NOT_FOUND"),
    ("GET", "/referral/signups?cursor=x", None, 400, "VALIDATION_ERROR"),
    ("GET", "/credits/transactions?limit=0", None, 400, "VALIDATION_ERROR"),
    ("GET", "/credits/transactions?cursor=x", None, 400, "VALIDATION_ERROR"),
    ("POST", S, {}, 400, "VALIDATION_ERROR"),
    ("POST", S, {"cron": "@daily"}, 400, "VALIDATION_ERROR"),
    ("POST", S, {"cron": 7, "crawlConfig": CRAWL}, 400, "VALIDATION_ERROR"),
    ("POST", S, {"cron": "", "crawlConfig": CRAWL}, 400, "VALIDATION_ERROR"),
    ("POST", S, {"cron": "* * * *", "crawlConfig": CRAWL}, 400, "VALIDATION_ERROR"),
    ("POST", S, {"cron": "0 0 31 2 *", "crawlConfig": CRAWL}, 400, "VALIDATION_ERROR"),
    ("POST", S, {"cron": "* " * 200, "crawlConfig": CRAWL}, 400, "VALIDATION_ERROR"),
    ("POST", S, {"cron": "@daily\x00", "crawlConfig": CRAWL}, 400, "VALIDATION_ERROR"),
    ("POST", S, {"cron": "@daily", "timezone": "Mars/Olympus", "crawlConfig": CRAWL}, 400, "VALIDATION_ERROR"),
    ("POST", S, {"cron": "@daily", "timezone": None, "crawlConfig": CRAWL}, 400, "VALIDATION_ERROR"),
    ("POST", S, {"cron": "@daily", "enabled": "yes", "crawlConfig": CRAWL}, 400, "VALIDATION_ERROR"),
    ("POST", S, {"cron": "@daily", "crawlConfig": CRAWL | {"targets": []}}, 400, "VALIDATION_ERROR"),
    ("POST", S, {"cron": "@daily", "crawlConfig": CRAWL | {"type": "details"}}, 400, "VALIDATION_ERROR"),
    ("POST", S, {"cron": "@daily", "crawlConfig": CRAWL | {"config": {"x": "y" * 17_000}}}, 400, "VALIDATION_ERROR"),
    ("POST", f"/projects/{GONE}/schedules", {"cron": "@daily", "crawlConfig": CRAWL}, 404, "NOT_FOUND"),
    ("GET", f"/schedules/{GONE}", None, 404, "NOT_FOUND"),
    ("GET", "/schedules/%00", None, 404, "NOT_FOUND"),
    ("PATCH", f"/schedules/{GONE}", {"enabled": False}, 404, "NOT_FOUND"),
    ("PATCH", f"/schedules/{GONE}", {"crawlConfig": 7}, 400, "VALIDATION_ERROR"),
    ("DELETE", f"/schedules/{GONE}", None, 404, "NOT_FOUND"),
    ("POST", W, {}, 400, "VALIDATION_ERROR"),
    ("POST", W, {"url": 7}, 400, "VALIDATION_ERROR"),
    ("POST", W, {"url": ""}, 400, "VALIDATION_ERROR"),
    ("POST", W, {"url": "nonsense"}, 400, "VALIDATION_ERROR"),
    ("POST", W, {"url": "http://hooks.example.com/"}, 400, "VALIDATION_ERROR"),
    ("POST", W, {"url": "https://127.0.0.1/"}, 400, "VALIDATION_ERROR"),
    ("POST", W, {"url": "https://[::ffff:10.0.0.1]/"}, 400, "VALIDATION_ERROR"),
    ("POST", W, {"url": "https://ann:secret@hooks.example.com/"}, 400, "VALIDATION_ERROR"),
    ("POST", W, {"url": URL + "a\x00b"}, 400, "VALIDATION_ERROR"),
    ("POST", W, {"url": URL + "x" * 3000}, 400, "VALIDATION_ERROR"),
    ("POST", W, {"url": URL, "events": []}, 400, "VALIDATION_ERROR"),
    ("POST", W, {"url": URL, "events": ["job.paused"]}, 400, "VALIDATION_ERROR"),
    ("POST", W, {"url": URL, "events": "job.failed"}, 400, "VALIDATION_ERROR"),
    ("POST", f"/projects/{GONE}/webhooks", {"url": URL}, 404, "NOT_FOUND"),
    ("GET", f"/webhooks/{GONE}", None, 404, "NOT_FOUND"),
    ("GET", "/webhooks/%00", None, 404, "NOT_FOUND"),
    ("PATCH", f"/webhooks/{GONE}", {"enabled": False}, 404, "NOT_FOUND"),
    ("PATCH", f"/webhooks/{GONE}", {"url": "https://10.0.0.1/"}, 400, "VALIDATION_ERROR"),
    ("PATCH", f"/webhooks/{GONE}", {"enabled": 1}, 400, "VALIDATION_ERROR"),
    ("DELETE", f"/webhooks/{GONE}", None, 404, "NOT_FOUND"),
    ("POST", f"/webhooks/{GONE}/rotate-secret", None, 404, "NOT_FOUND"),
    ("POST", f"/webhooks/{GONE}/test", None, 404, "NOT_FOUND"),
    ("GET", f"/webhooks/{GONE}/deliveries", None, 404, "NOT_FOUND"),
    ("GET", f"/webhooks/{GONE}/deliveries?status=lost", None, 400, "VALIDATION_ERROR"),
    ("GET", f"/webhooks/{GONE}/deliveries?cursor=x", None, 400, "VALIDATION_ERROR"),
    ("GET", f"/webhooks/{GONE}/deliveries?cursor=99999999999999999999", None, 400, "VALIDATION_ERROR"),
    ("POST", f"/deliveries/{GONE}/redeliver", None, 404, "NOT_FOUND"),
    ("POST", "/deliveries/x/redeliver", None, 404, "NOT_FOUND"),
    ("POST", "/auth/register", {"email": "x", "password": "long enough"}, 400, "VALIDATION_ERROR"),
    ("POST", "/auth/register", {"email": "a@b.c", "password": "short"}, 400, "VALIDATION_ERROR"),
    ("POST", "/auth/register", {"email": "a\x00@b.c", "password": "long enough"}, 400, "VALIDATION_ERROR"),
    ("POST", "/auth/register", {"email": "ann@example.com", "password": "long enough"}, 409, "CONFLICT"),
    ("POST", "/auth/login", {"email": "a@b.c"}, 400, "VALIDATION_ERROR"),
    ("POST", "/auth/login", {"email": "a@b.c", "password": "x" * 300}, 400, "VALIDATION_ERROR"),
    ("POST", "/auth/login", {"email": "a\x00@b.c", "password": "x"}, 400, "VALIDATION_ERROR"),
    ("POST", "/auth/login-handoff", {"email": "a@b.c"}, 400, "VALIDATION_ERROR"),
    ("POST", "/auth/verify-handoff", {"code": 7}, 400, "VALIDATION_ERROR"),
    ("PATCH", "/me", {"newPassword": "long enough"}, 400, "VALIDATION_ERROR"),
    ("POST", "/projects/{project}/api-keys", {}, 400, "VALIDATION_ERROR"),
    ("PATCH", f"/projects/{{project}}/api-keys/{GONE}", {"disabled": 1}, 400, "VALIDATION_ERROR"),
    ("PATCH", f"/projects/{{project}}/api-keys/{GONE}", {}, 404, "NOT_FOUND"),
    ("DELETE", f"/projects/{{project}}/api-keys/{GONE}", None, 404, "NOT_FOUND"),
    ("GET", "/audit?action=nonsense", None, 400, "VALIDATION_ERROR"),
    ("GET", "/audit?cursor=x", None, 400, "VALIDATION_ERROR"),
    ("GET", "/nowhere", None, 404, "NOT_FOUND"),
    ("DELETE", "/projects", None, 405, "METHOD_NOT_ALLOWED"),
    ("PUT", "/jobs/{job}", {}, 405, "METHOD_NOT_ALLOWED"),
]

# raw bodies of POST /projects
BODIES = [
    b"",
    b"{",
    b'{"name": "x"',
    b"nonsense",
    b'{"name": "\xff\xfe"}',
    b'{"name": "\\ud800"}',
    b'{"name": "a", "n": NaN}',
    b'{"name": "a", "n": Infinity}',
    b"[" * 60_000,
    b"\x00" * 100,
    b'\xef\xbb\xbf{"name": 7}',
]


def check(response, status, code):
    assert response.status_code == status, response.text
    body = response.json()
    assert set(body) == {"success", "error"}
    assert body["success"] is False
    assert set(body["error"]) == {"code", "message", "details"}
    assert body["error"]["code"] == code
    assert body["error"]["message"]
    for detail in body["error"]["details"]:
        assert set(detail) == {"field", "message"}


async def test_requests(tenant):
    job = await tenant.post_job()
    for method, path, body, status, code in REQUESTS:
        url = path.replace("{project}", tenant.project_id).replace("{job}", job["id"])
        content = None if body is None else json.dumps(body)  # which writes integers of any size
        response = await tenant.http.request(method, url, content=content, headers={"Content-Type": "application/json"})
        check(response, status, code)


async def test_bodies(tenant):
    for body in BODIES:
        headers = {"Content-Type": "application/json"}
        check(await tenant.http.post("/projects", content=body, headers=headers), 400, "VALIDATION_ERROR")


async def test_a_bad_field_is_named(tenant):
    body = {"type": "details", "targets": ["B000000001", "nonsense"]}
    response = await tenant.http.post(f"/projects/{tenant.project_id}/jobs", json=body)
    check(response, 400, "VALIDATION_ERROR")
    assert [detail["field"] for detail in response.json()["error"]["details"]] == ["targets.1"]
    response = await tenant.http.post("/projects", content=b"{", headers={"Content-Type": "application/json"})
    assert response.json()["error"]["details"] == [{"field": "body", "message": "is not valid JSON"}]


@pytest.mark.parametrize(
    ("path", "body", "message"),
    [
        ("/projects", {"name": ""}, "must not be empty"),
        ("/projects", {"name": "x" * 201}, "must have at most 200 characters"),
        ("/projects", {}, "is missing"),
        (f"/projects/{'0' * 24}/jobs", {"type": "x", "targets": ["a"]}, f"must be {TYPES}"),
        (
            f"/projects/{'0' * 24}/jobs",
            {"type": "product", "targets": ["a"]},
            f"must be {TYPES}; did you mean 'details'?",
        ),
        (J, {**CRAWL, "config": {"currency": "euro"}}, "is not a currency: write three capital letters, such as EUR"),
        (J, {**CRAWL, "config": {"lang": "?"}}, "is not a language: write its tag, such as en-US"),
        (J, {"type": "seller", "targets": ["A"]}, "is neither a seller's id nor the address of its page, /sp?seller=…"),
        (
            J,
            {"type": "auto", "targets": ["kettle"]},
            "'kettle' is neither an ASIN (ten letters and digits) nor an address of Amazon: for a keyword, ask for the type search",
        ),
        ("/projects", [], "must be a JSON object"),
        ("/auth/register", {"email": "ann", "password": "correct horse"}, "is not an e-mail address"),
        (
            "/auth/register",
            {"email": "ann@example.com", "password": "Azscraper1"},
            "must not be the name of this product",
        ),
        (
            "/auth/register",
            {"email": "archibald@example.com", "password": "Archibald1"},
            "must not be the e-mail address or a part of it",
        ),
        ("/auth/register", {"email": "ann@example.com", "password": "x"}, "must have at least 8 characters"),
        ("/auth/register", {"email": "ann@example.com", "password": "x" * 257}, "must have at most 256 characters"),
        (
            f"/projects/{'0' * 24}/jobs",
            {"type": "search", "targets": ["a"] * 100_001},
            "must have at most 100,000 items",
        ),
    ],
)
async def test_what_is_bad_is_said_in_words_for_people(tenant, path, body, message):
    path = path.replace("{project}", tenant.project_id)
    assert (await tenant.http.post(path, json=body)).json()["error"]["details"][0]["message"] == message


@pytest.mark.parametrize("content_type", ["", "text/plain", "application/x-www-form-urlencoded"])
async def test_json_of_another_content_type_says_which_one_to_send(tenant, content_type):
    headers = {"Content-Type": content_type} if content_type else {}
    answer = await tenant.http.post("/projects", content=b'{"name": "EU"}', headers=headers)
    check(answer, 400, "VALIDATION_ERROR")
    assert answer.json()["error"]["message"] == (
        "body: is read as JSON only with the header Content-Type: application/json"
    )


async def test_too_large_a_body_is_refused_whether_announced_or_not(tenant):
    check(await tenant.http.post("/projects", content=b"x" * (MAX_BODY_BYTES + 1)), 413, "PAYLOAD_TOO_LARGE")

    async def blocks():
        for _ in range(17):
            yield b" " * 1024 * 1024

    check(await tenant.http.post("/projects", content=blocks()), 413, "PAYLOAD_TOO_LARGE")


async def test_too_many_targets(tenant):
    body = {"type": "search", "targets": [str(n) for n in range(100_001)]}
    check(await tenant.http.post(f"/projects/{tenant.project_id}/jobs", json=body), 400, "VALIDATION_ERROR")


def forged_tokens(token):
    claims = jwt.decode(token, options={"verify_signature": False})
    now = datetime.now(UTC)
    ids = {"user_id": claims["sub"], "token_id": "t" * 24}
    return [
        "",
        "nonsense",
        "Bearer",
        jwt.encode(claims, None, algorithm="none"),
        jwt.encode(claims, "another secret of at least thirty-two chars", algorithm="HS256"),
        jwt.encode(claims | {"sub": GONE}, SECRET, algorithm="HS256"),
        jwt.encode({key: claims[key] for key in ("sub", "org", "jti")}, SECRET, algorithm="HS256"),
        sign_token(Keyring(SECRET), organization_id=claims["org"], now=now - timedelta(days=8), **ids),
        sign_token(Keyring(SECRET), organization_id=GONE, now=now, **ids),
        token[:-2],
    ]


async def test_tokens(http, tenant):
    for path in (
        "/projects",
        f"/projects/{tenant.project_id}",
        f"/jobs/{GONE}",
        f"/jobs/{GONE}/results",
        "/usage",
        "/credits",
        "/referral/me",
    ):
        check(await http.get(path), 401, "UNAUTHORIZED")
        for token in forged_tokens(tenant.token):
            response = await http.get(path, headers={"Authorization": f"Bearer {token}"})
            check(response, 401, "UNAUTHORIZED")
            assert response.headers["WWW-Authenticate"] == "Bearer"
        check(await http.get(path, headers={"Authorization": f"Basic {tenant.token}"}), 401, "UNAUTHORIZED")


async def test_another_organizations_objects_do_not_exist(tenant, stranger):
    job = await tenant.post_job()
    body = {"cron": "@daily", "crawlConfig": CRAWL}
    schedule = (await tenant.http.post(f"/projects/{tenant.project_id}/schedules", json=body)).json()["data"]
    webhook = (await tenant.http.post(f"/projects/{tenant.project_id}/webhooks", json={"url": URL})).json()["data"]
    delivery = (await tenant.http.post(f"/webhooks/{webhook['id']}/test")).json()["data"]
    requests = [
        ("GET", f"/projects/{tenant.project_id}"),
        ("PATCH", f"/projects/{tenant.project_id}"),
        ("GET", f"/projects/{tenant.project_id}/jobs"),
        ("POST", f"/projects/{tenant.project_id}/jobs"),
        ("GET", f"/jobs/{job['id']}"),
        ("GET", f"/jobs/{job['id']}/targets"),
        ("GET", f"/jobs/{job['id']}/summaries"),
        ("GET", f"/jobs/{job['id']}/results"),
        ("GET", f"/jobs/{job['id']}/export"),
        ("GET", f"/jobs/{job['id']}/fill-rates"),
        ("GET", f"/jobs/{job['id']}/events"),
        ("POST", f"/jobs/{job['id']}/retry"),
        ("POST", f"/jobs/{job['id']}/cancel"),
        ("GET", f"/projects/{tenant.project_id}/schedules"),
        ("POST", f"/projects/{tenant.project_id}/schedules"),
        ("GET", f"/schedules/{schedule['id']}"),
        ("PATCH", f"/schedules/{schedule['id']}"),
        ("DELETE", f"/schedules/{schedule['id']}"),
        ("GET", f"/projects/{tenant.project_id}/webhooks"),
        ("POST", f"/projects/{tenant.project_id}/webhooks"),
        ("GET", f"/webhooks/{webhook['id']}"),
        ("PATCH", f"/webhooks/{webhook['id']}"),
        ("DELETE", f"/webhooks/{webhook['id']}"),
        ("POST", f"/webhooks/{webhook['id']}/rotate-secret"),
        ("POST", f"/webhooks/{webhook['id']}/test"),
        ("GET", f"/webhooks/{webhook['id']}/deliveries"),
        ("POST", f"/deliveries/{delivery['id']}/redeliver"),
    ]
    for method, path in requests:
        json = None if method == "GET" else CRAWL | body | {"url": URL, "archived": True}
        check(await stranger.http.request(method, path, json=json), 404, "NOT_FOUND")
    assert (await tenant.http.get(f"/jobs/{job['id']}")).json()["data"]["status"] == "queued"


async def test_an_error_of_ours_is_500_with_a_request_id_and_nothing_else(tenant, services):
    def fails():
        raise RuntimeError("a secret detail")

    object.__setattr__(services, "clock", fails)
    response = await tenant.http.get("/projects")
    check(response, 500, "INTERNAL_ERROR")
    assert "request id" in response.json()["error"]["message"]
    assert "secret" not in response.text


async def test_a_limit_that_no_database_can_count_to_is_all_rows(tenant):
    job = await tenant.post_job()
    response = await tenant.http.get(f"/jobs/{job['id']}/results?limit=58894005236645732352")
    assert response.status_code == 200
    assert response.json()["meta"]["limit"] == 10**9
