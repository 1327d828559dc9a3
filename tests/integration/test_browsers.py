"""What browsers are told, by which hosts they may ask, and that no address leads them away."""

from dataclasses import replace

import httpx
import pytest

from integration.one_app import App
from integration.test_dashboard_session import sign_up, token_of
from integration.test_sessions import ANN, bearer, register

PUBLIC = "https://azscraper.corp.test"


@pytest.fixture
def browser_at(services):
    """A client at an address, of a service that people open at PUBLIC."""

    def browser_at(base_url, public_url=PUBLIC, **headers):
        transport = httpx.ASGITransport(App(replace(services, public_url=public_url)), raise_app_exceptions=False)
        return httpx.AsyncClient(transport=transport, base_url=base_url, headers=headers)

    return browser_at


async def test_answers_of_the_api_are_kept_nowhere_and_framed_nowhere(http):
    headers = bearer(await register(http))
    paths = ("/me", "/projects", "/health", "/nowhere", "/openapi.json")
    answers = [await http.get(path, headers=headers) for path in paths]
    answers += [await http.post("/auth/login", json=ANN), await http.get("/me"), await http.get("/app/projects")]
    for answer in answers:
        assert answer.headers["cache-control"] == "no-store", answer.url
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
        assert "strict-transport-security" not in answer.headers


async def test_the_reference_page_works_under_its_policy_and_is_not_framed(http):
    page = await http.get("/api/docs")
    policy = page.headers["content-security-policy"]
    assert "frame-ancestors 'none'" in policy
    assert "script-src 'self' 'unsafe-inline'" in policy
    script = await http.get("/static/swagger/swagger-ui-bundle.js")
    assert (script.status_code, script.headers["cache-control"]) == (200, "no-cache")


@pytest.mark.parametrize(
    ("host", "path", "status"),
    [
        ("azscraper.corp.test", "/app/login", 200),
        ("AZSCRAPER.corp.test:443", "/app/login", 200),
        ("localhost:8000", "/app/login", 200),
        ("127.0.0.1:8000", "/openapi.json", 200),
        ("[::1]:8000", "/openapi.json", 200),
        ("evil.example", "/app/login", 400),
        ("evil.example", "/", 400),
        ("azscraper.corp.test.evil.example", "/openapi.json", 400),
        ("azscraper.corp.test@evil.example", "/openapi.json", 400),
        ("[::1", "/openapi.json", 400),
        ("evil.example", "/health", 200),
        ("10.0.0.7:8000", "/health/ready", 200),
    ],
)
async def test_other_hosts_are_refused_where_there_is_a_public_address(browser_at, host, path, status):
    async with browser_at("http://test") as client:
        answer = await client.get(path, headers={"Host": host})
    assert answer.status_code == status, answer.text
    if status == 400:
        assert answer.json()["error"]["code"] == "VALIDATION_ERROR"


async def test_any_host_is_served_where_there_is_none(browser_at):
    async with browser_at("http://test", public_url=None) as client:
        assert (await client.get("/app/login", headers={"Host": "evil.example"})).status_code == 200


async def test_behind_a_proxy_that_says_nothing_cookies_are_secure_and_links_are_public(browser_at):
    async with browser_at("http://localhost", Origin=PUBLIC) as client:
        answer = await sign_up(client)
        cookies = answer.headers.get_list("set-cookie")
        assert len(cookies) == 2
        assert all(cookie.startswith("__Host-") and "Secure" in cookie for cookie in cookies)
        assert answer.headers["strict-transport-security"].startswith("max-age=")
        token = (await client.post("/auth/login", json=ANN)).json().get("accessToken")
        link = (await client.get("/referral/me", headers=bearer(token))).json()["data"]["link"]
    assert link.startswith(f"{PUBLIC}/?ref=")


async def test_forms_come_from_the_public_address(browser_at):
    fields = {"email": "ann@example.com", "password": "x"}
    async with browser_at("http://localhost") as client:
        fields["form_token"] = await token_of(client)
        for origin, status in ((PUBLIC, 401), ("http://localhost", 401), ("https://evil.example", 403), ("null", 403)):
            answer = await client.post("/app/login", data=fields, headers={"Origin": origin})
            assert answer.status_code == status, origin
        for origin in (PUBLIC.replace("https:", "http:"), f"{PUBLIC}:8443"):
            headers = {"Origin": origin, "Host": origin.partition("//")[2]}
            answer = await client.post("/app/login", data=fields, headers=headers)
            assert answer.status_code == 403, origin


@pytest.mark.parametrize("path", ["/admin/users/", "/projects/", "/app/login/", "/health/"])
async def test_no_redirect_names_the_host_of_the_request(http, path):
    answer = await http.get(path, headers={"Host": "evil.example"})
    assert "location" not in answer.headers
    assert answer.status_code == 404


async def test_the_dashboard_has_one_address_without_a_slash(http):
    answer = await http.get("/app")
    assert (answer.status_code, answer.headers["location"]) == (307, "/app/")
    assert (await http.get("/app/")).status_code == 200


LED = [
    ("/app/projects/鞄", "/app/projects/%E9%9E%84"),
    ("/app/projects?q=%C3%BC", "/app/projects?q=%C3%BC"),
    ("/app/x\r\nSet-Cookie: a=b", "/app/home"),
    ("/app/x\ty", "/app/home"),
    ("//evil.example", "/app/home"),
    ("/app/\\evil", "/app/home"),
]


@pytest.mark.parametrize("fragment", [True, False])
@pytest.mark.parametrize(("wanted", "led"), LED)
async def test_a_log_in_leads_to_our_pages_alone(browser_at, tenant, fragment, wanted, led):
    headers = {"HX-Request": "true"} if fragment else {}
    async with browser_at("http://test", public_url=None, Origin="http://test", **headers) as client:
        client.cookies.set("azscraper_session", tenant.token)
        answer = await client.get("/app/login", params={"next": wanted})
    assert answer.headers["hx-redirect" if fragment else "location"] == led


@pytest.mark.parametrize("fragment", [True, False])
@pytest.mark.parametrize(
    ("back", "led"),
    [
        ("/app/usage", "/app/usage"),
        ("/\t/evil.example", "/"),
        ("/\n/evil", "/"),
        ("//evil", "/"),
        ("/\\evil", "/"),
        ("/ü", "/%C3%BC"),
    ],
)
async def test_preferences_lead_back_to_our_pages_alone(browser_at, fragment, back, led):
    async with browser_at("http://test", public_url=None, Origin="http://test") as client:
        fields = {"form_token": await token_of(client), "theme": "dark", "back": back}
        headers = {"HX-Request": "true"} if fragment else {}
        answer = await client.post("/app/preferences", data=fields, headers=headers)
    assert answer.headers["hx-redirect" if fragment else "location"] == led
