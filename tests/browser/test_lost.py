"""The server gone, the session over, the network slow: a bar says so, and nothing that was typed is lost."""

import re
from contextlib import contextmanager

import pytest
from playwright.sync_api import expect

from browser.conftest import PASSWORD, register

pytestmark = pytest.mark.xdist_group("browser")

TYPED = "B0DEMO0001\nB0DEMO0002"


@pytest.fixture(scope="module")
def typist(stand):
    return register(stand, "typist@example.com", "Typing")


def bar(page):
    return page.locator("#connection")


def fill(page):
    page.get_by_label("Or paste them here").fill(TYPED)
    page.get_by_text("More options").click()
    page.get_by_label("Currency").fill("USD")
    expect(page.locator("[data-found]")).to_have_text("2")


def expect_filled(page):
    expect(page.get_by_label("Or paste them here")).to_have_value(TYPED)
    expect(page.get_by_label("Currency")).to_have_value("USD")


def post(page):
    page.get_by_role("button", name=re.compile("^Start(:|$)")).click()


@contextmanager
def refused(page):
    """No request of the page reaches the server."""
    page.context.route("**/*", lambda route: route.abort("connectionrefused"))
    yield
    page.context.unroute("**/*")


def test_the_server_is_gone_and_comes_back(visit, typist):
    with visit(typist.token) as it:
        page = it.go(f"/app/projects/{typist.project_id}/jobs/new")
        fill(page)
        with refused(page):
            post(page)
            expect(bar(page)).to_contain_text("The server does not answer")
            expect(page.get_by_role("button", name=re.compile("^Start(:|$)"))).to_be_enabled()
            expect_filled(page)
        expect(bar(page)).to_contain_text("The server answers again")
        expect_filled(page)
        post(page)
        page.wait_for_url("**/app/jobs/**")
        page.goto(f"{it.url}/app/projects/{typist.project_id}/jobs/new")
        expect(page.get_by_label("Or paste them here")).to_have_value("")  # it was sent


def test_the_database_is_gone_and_comes_back(visit, typist):
    """As the service answers then; that it does is told where its database falls silent."""
    alert = '<div class="alert bad" data-outage role="alert">The database does not answer</div>'

    with visit(typist.token) as it:
        path = f"/app/projects/{typist.project_id}/jobs"
        page = it.go(f"{path}/new")
        fill(page)
        parts = {"HX-Retarget": "#alert", "HX-Reswap": "innerHTML"}
        page.context.route(f"**{path}", lambda route: route.fulfill(status=503, headers=parts, body=alert))
        page.context.route("**/health/ready", lambda route: route.fulfill(status=503))
        post(page)
        expect(bar(page)).to_contain_text("The database does not answer. What you typed stays here.")
        expect(page.locator("#alert")).to_be_empty()
        expect_filled(page)
        page.context.unroute("**/health/ready")
        expect(bar(page)).to_contain_text("The server answers again")
        page.context.unroute(f"**{path}")

        def stand_in(route):
            page_instead = route.fetch().text().replace("<h1>Jobs</h1>", "<h1 data-outage>Gone</h1>")
            route.fulfill(status=503, content_type="text/html", body=page_instead)

        page.context.route(f"**{path}", stand_in, times=1)
        page.goto(it.url + path)
        expect(page.get_by_role("heading", name="Jobs", exact=True)).to_be_visible()  # by itself


def test_what_a_proxy_says_is_not_put_into_the_page(visit, typist):
    with visit(typist.token) as it:
        page = it.go(f"/app/projects/{typist.project_id}/jobs/new")
        page.context.route("**/*", lambda route: route.fulfill(status=502, body="<h1>Bad Gateway</h1>"))
        page.get_by_label("Or paste them here").fill(TYPED)
        expect(bar(page)).to_contain_text("The server does not answer")
        expect(page.get_by_text("Bad Gateway")).to_have_count(0)


def test_a_page_that_is_loaded_again_has_what_was_typed(visit, typist):
    with visit(typist.token) as it:
        page = it.go(f"/app/projects/{typist.project_id}/jobs/new")
        fill(page)
        page.reload()
        expect_filled(page)
        expect(page.locator("[data-found]")).to_have_text("2")
        bar(page).get_by_role("button", name="Start over").click()
        expect(page.get_by_label("Or paste them here")).to_have_value("")


def test_the_session_ends_while_somebody_types(visit, typist):
    with visit(typist.token) as it:
        page = it.go(f"/app/projects/{typist.project_id}/schedules/new?job=")
        page.get_by_text("Advanced: write it as cron").click()
        page.get_by_label("Use this instead").check()
        page.get_by_label("As cron", exact=True).fill("30 7 * * 1-5")
        page.get_by_label("Targets").fill(TYPED)
        expect(page.locator("aside")).to_contain_text("At 07:30")
        page.context.clear_cookies()
        page.get_by_role("button", name="Create schedule").click()
        expect(bar(page)).to_contain_text("Your session has ended")
        expect(page.get_by_label("Targets")).to_have_value(TYPED)
        bar(page).get_by_role("link", name="Log in and go on").click()
        page.get_by_label("E-mail address").fill(typist.email)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Log in").click()
        page.wait_for_url("**/schedules/new?job=")
        expect(page.get_by_label("Targets")).to_have_value(TYPED)
        expect(page.get_by_label("As cron", exact=True)).to_have_value("30 7 * * 1-5")
        page.get_by_role("button", name="Create schedule").click()
        expect(page.get_by_role("status").first).to_contain_text("Created")


def test_what_was_chosen_of_a_table_waits_for_the_log_in(visit, owner):
    with visit(owner.token) as it:
        page = it.go(f"/app/projects/{owner.project_id}/products?sort=title")
        rows, bulk = page.locator("tbody tr"), page.locator("#bulk")
        rows.nth(0).locator("input").check()
        bulk.get_by_text("Tag", exact=True).first.click()
        bulk.get_by_label("Tag", exact=True).fill("gift")
        page.context.clear_cookies()
        bulk.locator("button[formaction$='/tag']").click()
        expect(bar(page)).to_contain_text("Your session has ended")
        bar(page).get_by_role("link", name="Log in and go on").click()
        page.get_by_label("E-mail address").fill(owner.email)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Log in").click()
        page.wait_for_url("**/products?sort=title")
        expect(rows.nth(0).locator("input")).to_be_checked()
        expect(bulk).to_contain_text("1 chosen")
        expect(bulk.get_by_label("Tag", exact=True)).to_have_value("gift")
        page.reload()  # once: what is chosen is no draft
        expect(rows.nth(0).locator("input")).not_to_be_checked()
        expect(bulk).to_be_hidden()


def test_a_slow_answer_is_said_and_a_button_that_works_says_so(visit, typist):
    with visit(typist.token) as it:
        page = it.go("/app/projects")
        held = []
        page.context.route("**/app/projects", lambda route: held.append(route))  # noqa: PLW0108 - Playwright marks its handlers, which a builtin refuses
        page.get_by_label("Name").fill("Slow")
        page.get_by_role("button", name="Create project").click()
        expect(page.get_by_role("button", name="Working…")).to_be_disabled()
        expect(bar(page)).to_contain_text("longer than usual")
        held[0].continue_()
        expect(page).to_have_title(re.compile("Slow"))
        assert len(held) == 1


def test_a_job_whose_answer_was_lost_is_not_posted_twice(visit, typist):
    with visit(typist.token) as it:
        path = f"/projects/{typist.project_id}/jobs"
        before = len(typist.api("GET", path))
        page = it.go(f"/app{path}/new")
        fill(page)

        def lose(route):
            route.fetch(max_redirects=0)
            route.abort("connectionreset")

        page.context.route(f"**/app{path}", lose)
        post(page)
        expect(bar(page)).to_contain_text("The server")
        page.context.unroute(f"**/app{path}")
        page.reload()  # the draft has the form's key
        expect_filled(page)
        post(page)
        page.wait_for_url("**/app/jobs/**")
        assert len(typist.api("GET", path)) == before + 1


def test_a_form_whose_answer_takes_its_place_is_not_filled_in_again(visit, typist):
    with visit(typist.token) as it:
        it.page.context.add_init_script("Object.defineProperty(navigator, 'clipboard', { value: undefined });")
        for path, field, button in (
            ("api-keys", "Name", "Create key"),
            ("webhooks", "Address", "Add webhook"),
        ):
            url = f"/app/projects/{typist.project_id}/{path}"
            page = it.go(url)
            page.get_by_label(field).first.fill("https://hooks.example.com/a")
            page.get_by_role("button", name=button).click()
            page.get_by_role("button", name="Copy").first.click()
            expect(page.get_by_role("button", name="Copied")).to_be_visible()  # by plain http, too
            page.goto(f"{it.url}{url}")
            expect(page.get_by_label(field).first).to_have_value("")
            expect(bar(page)).to_be_empty()


def test_what_is_wrong_stands_beside_its_field_and_what_was_typed_stays(visit, typist):
    with visit(typist.token, locale="de-DE") as it:
        page = it.go(f"/app/projects/{typist.project_id}/lists/new")
        page.get_by_text("Etwas anderes als Produkte").click()
        for kind in ("Suchbegriffe", "Produkte"):  # the field and the name that is proposed say what the list holds
            page.locator(".segments").get_by_text(kind, exact=True).click()
            expect(page.get_by_label("Name der Liste")).to_have_value(kind)
            expect(page.locator("#targets-label")).to_have_text(kind)
        page.locator("#targets").fill("B0DEMO0001")
        expect(page.locator("#given")).not_to_be_empty()  # what was found comes in before the rest is opened
        page.evaluate("document.getElementsByName('name')[0].removeAttribute('maxlength')")
        page.get_by_label("Name der Liste").fill("n" * 130)
        page.get_by_text("Mehr Optionen").click()
        page.get_by_label("Zeitzone").fill("Mars/Base")
        page.get_by_role("button", name="Beobachten").click()
        expect(page.get_by_text("Schreiben Sie höchstens 120 Zeichen.").last).to_be_visible()
        expect(page.get_by_label("Name der Liste")).to_be_focused()
        expect(page.get_by_label("Name der Liste")).to_have_value("n" * 130)
        expect(page.get_by_label("Name der Liste")).to_have_accessible_description(re.compile("höchstens 120 Zeichen"))
        page.get_by_label("Name der Liste").fill("Kessel")
        page.get_by_role("button", name="Beobachten").click()
        expect(page.get_by_label("Zeitzone")).to_be_focused()
        expect(page.get_by_text("Wählen Sie eine Zeitzone aus der Liste").last).to_be_visible()
        expect(page.locator(".wrong")).to_have_count(1)


def test_a_form_that_was_not_touched_is_no_draft(visit, typist):
    with visit(typist.token) as it:
        page = it.go(f"/app/projects/{typist.project_id}/alerts")
        expect(page.locator(".preview")).to_be_visible()
        page.wait_for_function("document.querySelector('[data-own-zone]').value === 'Europe/Berlin'")
        page.wait_for_timeout(400)  # a draft would be kept after a quarter of a second
        page.reload()
        expect(page.locator(".preview")).to_be_visible()
        expect(bar(page)).to_be_empty()


def test_the_preview_is_of_the_sentence_that_came_back(visit, typist):
    with visit(typist.token) as it:
        page = it.go(f"/app/projects/{typist.project_id}/alerts")
        page.get_by_label("What happens").first.select_option("price_below")
        page.get_by_label("Number").first.fill("20")
        page.wait_for_function("Object.keys(sessionStorage).length > 0")
        with page.expect_request("**/alerts/preview") as asked:
            page.reload()
        assert "product=price_below&product_value=20" in asked.value.post_data


def test_a_part_that_comes_anew_keeps_the_focus_and_what_is_open(visit, owner):
    """The list of deliveries asks again every three seconds; here with a fold and a field of its own."""
    part = "<details><summary>Why {}</summary><input name='why'></details>"

    def answer(route):
        response = route.fetch()
        route.fulfill(response=response, body=response.text() + part.format(2))

    with visit(owner.token) as it:
        path = f"/app/webhooks/{owner.ids['webhook']}"
        page = it.go(path)
        page.route(f"**{path}", answer)
        page.evaluate(
            """(part) => {
            const all = document.getElementById("deliveries");
            all.insertAdjacentHTML("beforeend", part);
            all.querySelector("details").open = true;
            all.querySelector("[name=why]").value = "typed";
            all.querySelector("nav a").focus();
            }""",
            part.format(1),
        )
        expect(page.locator("#deliveries summary")).to_have_text("Why 2")
        expect(page.locator("#deliveries nav a").first).to_be_focused()
        expect(page.locator("#deliveries input[name=why]")).to_have_value("typed")
        expect(page.locator("#deliveries input[name=why]")).to_be_visible()


def test_the_server_is_gone_when_chosen_products_get_a_tag(visit, owner):
    with visit(owner.token) as it:
        page = it.go(f"/app/projects/{owner.project_id}/products")
        page.locator("tbody input[type=checkbox]").first.check()
        page.locator("#bulk summary", has_text="Tag").click()
        page.locator("#bulk-tag").fill("evening")
        with refused(page):
            page.locator("#bulk .sheet button:visible").click()
            expect(bar(page)).to_contain_text("The server does not answer")
            page.locator("#bulk button", has_text="Export").click()
        expect(bar(page)).to_contain_text("The server answers again")
        expect(page.locator("#bulk-tag")).to_have_value("evening")
        with page.expect_download() as kept:
            page.locator("#bulk button", has_text="Export").click()
        assert kept.value.suggested_filename.startswith("products-")
        stock = page.locator("select[name=stock]")
        stock.focus()
        page.keyboard.press("ArrowDown")  # leads to the same page, filtered
        page.wait_for_url("**stock=in**")
        expect(stock).to_be_focused()
