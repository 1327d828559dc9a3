"""The dashboard's session, its forms and its failures, without a browser."""

import re
from dataclasses import replace
from datetime import UTC, datetime

import httpx
import pytest
from fastapi.routing import APIRoute
from structlog.testing import capture_logs

from azscraper.channels import recipients
from azscraper.channels.links import CONFIRM, UNSUBSCRIBE, Links
from azscraper.store.db import transaction
from azscraper.tenants import sign_ups
from azscraper.tenants.sign_ups import Registration
from azscraper.web.app import STATUS_OF_CODE
from azscraper.web.dashboard import make_dashboard
from azscraper.web.dashboard.session import User_, visitor
from azscraper.web.dashboard.session import form as form_dependency
from integration.one_app import App

ORIGIN = {"Origin": "http://test"}
PASSWORD = "correct horse"
COOKIE = "azscraper_session"


LINKS = (CONFIRM, UNSUBSCRIBE)
LINKS_IN_MAILS = {f"/mail/{each}/{{token}}" for each in LINKS}
"""What changes something without a form of ours: mail programs post to such a link by themselves (RFC 8058, one click),
and the signed token in its path, which only the mail holds, says who asks. No session or cookie counts here."""


@pytest.fixture
async def browser(services):
    transport = httpx.ASGITransport(App(services), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://test", headers=ORIGIN) as client:
        yield client


async def token_of(browser, path="/app/login"):
    return re.search(r'name="form_token" value="([^"]+)"', (await browser.get(path)).text)[1]


async def sign_up(browser, email="ann@example.com"):
    fields = {"email": email, "password": PASSWORD, "form_token": await token_of(browser, "/app/signup")}
    return await browser.post("/app/signup", data=fields)


def all_routes(app):
    for listed in app.routes:
        for route in listed.effective_route_contexts() if hasattr(listed, "effective_route_contexts") else [listed]:
            if hasattr(route, "dependant"):
                yield route


def calls_of(dependant):
    return [dependant.call, *(call for each in dependant.dependencies for call in calls_of(each))]


async def test_signing_up_begins_a_session_and_logging_out_ends_it(browser):
    response = await sign_up(browser)
    assert response.status_code == 303
    first = response.headers["location"]
    assert re.fullmatch(r"/app/projects/[0-9a-f]{24}\?notice=welcome", first)
    cookie = response.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert "Which products do you want to watch?" in (await browser.get(first)).text
    kept = dict(browser.cookies)
    response = await browser.post("/app/logout", data={"form_token": await token_of(browser, "/app/projects")})
    assert response.headers["location"] == "/"
    browser.cookies.update(kept)  # a copy of the cookie is worth nothing any more
    assert (await browser.get("/app/projects")).headers["location"] == "/app/login?next=/app/projects"


async def test_the_first_project_has_a_name_in_the_readers_language(browser):
    browser.headers["Accept-Language"] = "de-DE"
    first = (await sign_up(browser)).headers["location"]
    page = (await browser.get(first)).text
    assert "<title>Mein Projekt" in page
    assert 'value="www.amazon.de" checked' in page


async def test_over_https_the_cookie_stays_there(services):
    transport = httpx.ASGITransport(App(services))
    async with httpx.AsyncClient(
        transport=transport, base_url="https://test", headers={"Origin": "https://test"}
    ) as it:
        cookie = (await sign_up(it)).headers["set-cookie"]
    assert cookie.startswith("__Host-")
    assert "Secure" in cookie


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://elsewhere.example"},
        {"Origin": "null"},
        {"Origin": ""},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
async def test_a_form_from_elsewhere_is_refused(browser, tenant, headers):
    browser.cookies.set(COOKIE, tenant.token)
    fields = {"name": "theirs", "form_token": await token_of(browser, "/app/projects")}
    assert (await browser.post("/app/projects", data=fields, headers=headers)).status_code == 403
    assert "theirs" not in (await browser.get("/app/projects")).text


async def test_a_form_needs_the_token_of_its_session(browser, tenant, stranger, services):
    browser.cookies.set(COOKIE, tenant.token)
    transport = httpx.ASGITransport(App(services))
    async with httpx.AsyncClient(transport=transport, base_url="http://test", headers=ORIGIN) as other:
        anonymous = await token_of(other, "/app/signup")
        other.cookies.set(COOKIE, stranger.token)
        strange = await token_of(other, "/app/projects")
    for token in ("", "x", "é.é", strange, anonymous):
        response = await browser.post("/app/projects", data={"name": "theirs", "form_token": token})
        assert response.status_code == 403


def test_every_route_that_changes_something_takes_a_form_that_was_checked(services):
    routes = list(all_routes(make_dashboard(services, STATUS_OF_CODE)))
    changing = [route for route in routes if not route.methods <= {"GET", "HEAD"}]
    assert {route.path for route in changing} > LINKS_IN_MAILS
    for route in changing:
        calls = calls_of(route.dependant)
        if route.path in LINKS_IN_MAILS:
            assert not {visitor, User_.__metadata__[0].dependency} & set(calls), route.path
        else:
            assert form_dependency in calls, route.path
    assert all(isinstance(route, APIRoute) or hasattr(route, "path") for route in routes)


async def test_one_click_on_a_link_in_a_mail_needs_its_signature_and_nothing_else(services, tenant, pool):
    transport = httpx.ASGITransport(App(replace(services, sends_mail=True)))
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as mail_program:
        made = await mail_program.post(
            f"/projects/{tenant.project_id}/channels",
            json={"email": "bob@example.com"},
            headers={"Authorization": f"Bearer {tenant.token}"},
        )
        channel_id = made.json()["data"]["id"]

        async def click(url):
            return (await mail_program.post(url, data={"List-Unsubscribe": "One-Click"})).status_code

        async def recipient():
            async with transaction(pool) as conn:
                return await recipients.of_channel(conn, channel_id)

        asked = await recipient()
        confirming, leaving = (Links("http://test", services.keys).mail(each, asked.id) for each in LINKS)
        other_use = confirming.replace(CONFIRM, UNSUBSCRIBE), leaving.replace(UNSUBSCRIBE, CONFIRM)
        for forged in (*other_use, confirming[:-1], leaving + "0", leaving.partition(".")[0]):
            assert await click(forged) == 404, forged
        assert await recipient() == asked
        assert await click(confirming) == 200
        assert (await recipient()).confirmed_at
        assert await click(leaving) == 200
        assert (await recipient()).refused_at


async def test_logging_in_leads_back_inside_and_nowhere_else(browser):
    await sign_up(browser)
    for wanted, led_to in (
        ("/app/usage", "/app/usage"),
        ("https://elsewhere.example/app/", "/app/home"),
        ("//elsewhere.example", "/app/home"),
        ("/app/\\elsewhere.example", "/app/home"),
    ):
        browser.cookies.clear()
        fields = {
            "email": "ann@example.com",
            "password": PASSWORD,
            "next": wanted,
            "form_token": await token_of(browser),
        }
        assert (await browser.post("/app/login", data=fields)).headers["location"] == led_to


async def test_home_is_the_one_project_and_the_list_of_several(browser):
    welcome = (await sign_up(browser)).headers["location"].partition("?")[0]
    assert (await browser.get("/app/home")).headers["location"] == welcome
    fields = {"name": "Second", "form_token": await token_of(browser, "/app/projects")}
    await browser.post("/app/projects", data=fields)
    assert (await browser.get("/app/home")).headers["location"] == "/app/projects"


async def test_a_wrong_password_is_a_page_and_for_htmx_an_alert(browser):
    fields = {"email": "ann@example.com", "password": "wrong", "form_token": await token_of(browser)}
    response = await browser.post("/app/login", data=fields)
    assert response.status_code == 401
    assert "<html" in response.text
    response = await browser.post("/app/login", data=fields, headers={"HX-Request": "true"})
    assert response.headers["hx-retarget"] == "#alert"
    assert "<html" not in response.text


async def test_the_browsers_way_back_gets_the_whole_page(browser, tenant):
    browser.cookies.set(COOKIE, tenant.token)
    job = await tenant.post_job()
    for path in (f"/app/jobs/{job['id']}", f"/app/jobs/{job['id']}/rows"):
        part = await browser.get(path, headers={"HX-Request": "true"})
        assert "<html" not in part.text
        back = {"HX-Request": "true", "HX-History-Restore-Request": "true"}
        whole = await browser.get(path, headers=back)
        assert "<html" in whole.text
        assert {"HX-Request", "HX-History-Restore-Request"} <= set(whole.headers["vary"].split(", "))


async def test_a_page_whose_session_is_over_stays_open_and_names_the_way_back(browser, tenant):
    browser.cookies.set(COOKIE, tenant.token)
    token = await token_of(browser, "/app/projects")
    browser.cookies.clear()
    here = "http://test/app/projects?page=2"
    headers = {"HX-Request": "true", "HX-Current-URL": here}
    response = await browser.post("/app/projects", data={"name": "x", "form_token": token}, headers=headers)
    assert response.status_code == 401
    assert response.headers["hx-retarget"] == "#connection"
    assert 'href="/app/login?next=/app/projects%3Fpage%3D2"' in response.text
    plain = await browser.get("/app/audit?page=2")
    assert plain.headers["location"] == "/app/login?next=/app/audit%3Fpage%3D2"


async def test_bad_fields_are_named(browser):
    fields = {"email": "no address", "password": "short", "form_token": await token_of(browser, "/app/signup")}
    response = await browser.post("/app/signup", data=fields, headers={"HX-Request": "true"})
    assert response.status_code == 400
    assert 'data-fields="email password"' in response.text


async def test_failures_are_pages_here_and_envelopes_in_the_api(browser, tenant, services):
    assert "<html" in (await browser.get("/app/nowhere")).text
    assert (await browser.get("/nowhere")).json()["error"]["code"] == "NOT_FOUND"
    browser.cookies.set(COOKIE, tenant.token)
    page = await browser.get("/app/jobs/ffffffffffffffffffffffff")
    assert page.status_code == 404
    assert "<html" in page.text
    await services.pool.close()
    page = await browser.get("/app/projects")
    assert page.status_code in {500, 503}
    assert "<html" in page.text


async def test_an_error_of_ours_is_in_the_log_once_under_the_id_that_the_page_names(browser, tenant, services):
    def fails():
        raise RuntimeError("a secret detail")

    browser.cookies.set(COOKIE, tenant.token)
    object.__setattr__(services, "clock", fails)
    with capture_logs() as lines:
        page = await browser.get("/app/projects")
    assert page.status_code == 500
    assert "secret" not in page.text
    assert [line["request_id"] in page.text for line in lines if line["event"] == "unhandled error"] == [True]


async def test_the_policy_lets_nothing_in_from_elsewhere(browser):
    for path in ("/", "/app/login", "/app/nowhere"):
        policy = (await browser.get(path)).headers["content-security-policy"]
        assert policy.startswith("default-src 'none'")
        assert "unsafe" not in policy
        assert "http" not in policy


@pytest.mark.parametrize(
    ("header", "cookie", "language"),
    [
        ("de-AT,de;q=0.9,en;q=0.5", None, "de"),
        ("fr,en;q=0.1", None, "en"),
        ("ja", None, "en"),
        ("en", "de", "de"),
        ("de;q=x,,;", None, "en"),
        ("de;q=0", None, "en"),
    ],
)
async def test_the_language_is_the_visitors(browser, header, cookie, language):
    if cookie:
        browser.cookies.set("azscraper_language", cookie)
    response = await browser.get("/", headers={"Accept-Language": header})
    assert f'<html lang="{language}"' in response.text


async def test_assets_keep_for_good_and_are_packed(browser):
    page = (await browser.get("/")).text
    for url in re.findall(r'(?:href|src)="(/app/static/[^"]+)"', page):
        response = await browser.get(url)
        assert response.status_code == 200
        assert "immutable" in response.headers["cache-control"]
        assert response.headers.get("content-encoding") == ("gzip" if not url.endswith("woff2") else None)
    assert (await browser.get("/app/static/app.000000000000.css")).status_code == 404


async def page_of(services, **query):
    transport = httpx.ASGITransport(App(services), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://test", headers=ORIGIN) as browser:
        return await browser.get("/app/signup", params=query)


async def test_the_sign_up_page_takes_the_invitation_and_tells_others_whom_to_ask(pool, services):
    services = replace(services, registration=Registration.INVITE)
    async with transaction(pool) as conn:
        await sign_ups.begin_set_up(conn, code="first", now=datetime.now(UTC))
    assert "open the link that it printed" in (await page_of(services)).text
    set_up = await page_of(services, invitation="first")
    assert "Set up this installation" in set_up.text
    transport = httpx.ASGITransport(App(services), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://test", headers=ORIGIN) as browser:
        token = await token_of(browser, "/app/signup?invitation=first")
        fields = {"email": "root@example.com", "password": PASSWORD, "form_token": token, "invitation": "first"}
        assert (await browser.post("/app/signup", data=fields)).status_code == 303
        form_token = await token_of(browser, "/app/admin/invitations")
        made = await browser.post("/app/admin/invitations", data={"note": "Bob", "form_token": form_token})
        link = re.search(r'<code id="secret">([^<]+)</code>', made.text)[1]
        listed = await browser.get("/app/admin/invitations")
        assert ("Bob" in listed.text, "code" in listed.text.split("<main")[1]) == (True, False)
        code = link.partition("http://test/app/signup?invitation=")[2]
        assert 'name="invitation"' in (await page_of(services, invitation=code)).text
        revoke = re.search(r'action="(/app/admin/invitations/[0-9a-f]{24})"', listed.text)[1]
        await browser.post(revoke, data={"form_token": await token_of(browser, "/app/admin/invitations")})
    for query in ({}, {"invitation": code}):
        refused = await page_of(services, **query)
        assert (refused.status_code, "<form" in refused.text.split("<main")[1].split("</main")[0]) == (403, False)
        assert "operator" in refused.text
