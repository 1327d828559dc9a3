"""What people come for, done in a browser: each thing by itself, and the whole way from nothing to a file and a message."""

import io
import re
import time

import pytest
from playwright.sync_api import expect
from python_calamine import CalamineWorkbook

from browser.conftest import ASINS, DESKTOP, PASSWORD, PHONE, register

pytestmark = pytest.mark.xdist_group("browser")

CSV = "Title;ASIN;Note\r\n" + "".join(f"Thing {asin};{asin};x\r\n" for asin in ASINS) + "Broken;nothing;x\r\n"
FILE = {"name": "asins.csv", "mimeType": "text/csv", "buffer": CSV.encode()}


@pytest.fixture(scope="module")
def newcomer(stand):
    return register(stand, "new@example.com", "Kitchen")


def press(page, name):
    page.get_by_role("button", name=name).first.click()


def open_menu(page):
    """On a phone, the way to the other pages is behind a button."""
    if page.viewport_size["width"] < 900:
        press(page, "Menu")


def go_to(page, name):
    open_menu(page)
    page.get_by_role("link", name=name, exact=True).first.click()


def sign_up(page, url, email):
    page.goto(f"{url}/app/signup")
    page.get_by_label("Name").fill("Nora Newcomer")
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    press(page, "Sign up")
    expect(page.get_by_role("status")).to_contain_text("Welcome")


def make_project(page, url, name):
    page.goto(f"{url}/app/projects")
    page.get_by_label("Name").fill(name)
    press(page, "Create project")
    expect(page).to_have_title(re.compile(name))


def drop(page, file):
    """The file as a drag from the desktop brings it: as the data of a drop event."""
    expect(page.locator(".drop")).to_be_visible()
    page.wait_for_load_state("load")  # the script that listens has run by then
    page.evaluate(
        """([name, type, text]) => {
            const transfer = new DataTransfer();
            transfer.items.add(new File([text], name, { type }));
            document.querySelector(".drop").dispatchEvent(
                new DragEvent("drop", { dataTransfer: transfer, bubbles: true, cancelable: true }));
        }""",
        [file["name"], file["mimeType"], file["buffer"].decode()],
    )


def post_dropped(page):
    drop(page, FILE)
    expect(page.locator("[data-found]")).to_have_text("50")
    expect(page.locator("#upload")).to_contain_text("1 entry is not recognised")
    press(page, re.compile("Start: 50 products"))
    page.wait_for_url("**/app/jobs/**")


def watch_the_end(page):
    page.wait_for_url("**/rows", timeout=90_000)  # what came of it, first
    expect(page.locator(".head")).to_contain_text("50 of 50 succeeded")


def sort_by_price(page):
    page.get_by_role("link", name="Price", exact=True).click()
    expect(page.locator("th[aria-sort=ascending]")).to_contain_text("Price")
    return [float(text.replace("$", "").replace(",", "")) for text in prices(page) if text != "–"]


def prices(page):
    [column] = [
        place for place, name in enumerate(page.locator("thead th").all_inner_texts(), 1) if name.startswith("Price")
    ]
    return page.locator(f"tbody tr td:nth-child({column})").all_inner_texts()


def export(page, file_format):
    page.locator("summary", has_text="Export").click()
    with page.expect_download() as download:
        page.get_by_role("button", name=re.compile(rf"\.{file_format}$")).click()
    return download.value


def test_sign_up_log_out_and_log_in(visit):
    with visit() as it:
        sign_up(it.page, it.url, "sam@example.com")
        it.page.locator(".who").click()
        press(it.page, "Log out")
        expect(it.page.get_by_role("link", name="Start now")).to_be_visible()
        it.go("/app/usage")
        it.page.get_by_label("E-mail address").fill("sam@example.com")
        it.page.get_by_label("Password").fill("wrong wrong")
        press(it.page, "Log in")
        expect(it.page.get_by_role("alert")).to_contain_text("wrong")
        it.page.get_by_label("Password").fill(PASSWORD)
        press(it.page, "Log in")
        expect(it.page.get_by_role("heading", name="Usage")).to_be_visible()


def test_make_a_project(visit, newcomer):
    with visit(newcomer.token) as it:
        it.go("/app/projects")
        make_project(it.page, it.url, "Garden")
        expect(it.page.get_by_role("heading", name="Which products do you want to watch?")).to_be_visible()


def test_drop_a_file_and_watch_the_job_end(visit, newcomer):
    with visit(newcomer.token) as it:
        it.go(f"/app/projects/{newcomer.project_id}/jobs/new")
        post_dropped(it.page)
        watch_the_end(it.page)


def test_a_pasted_list_and_what_is_wrong_with_it(visit, newcomer):
    with visit(newcomer.token) as it:
        page = it.go(f"/app/projects/{newcomer.project_id}/jobs/new")
        page.get_by_label("Or paste them here").fill("B0DEMO0001\nnope\nB0DEMO0001")
        expect(page.locator("[data-found]")).to_have_text("1")
        expect(page.locator("#preview")).to_contain_text("1 duplicate is left out.")
        page.locator(".segments").get_by_text("Keywords", exact=True).click()
        expect(page.locator("[data-found]")).to_have_text("2")
        page.get_by_text("More options").click()
        page.get_by_label("Currency").fill("dollars")
        press(page, re.compile("^Start(:|$)"))
        expect(page.get_by_role("alert")).to_contain_text("Currency:")
        expect(page.get_by_role("alert")).not_to_contain_text("config.currency")
        assert page.get_by_label("Currency").get_attribute("aria-invalid") == "true"
        assert page.get_by_label("Or paste them here").input_value().startswith("B0DEMO0001")


def test_sort_filter_and_choose_columns(visit, owner):
    with visit(owner.token) as it:
        page = it.go(f"/app/jobs/{owner.ids['job']}/rows")
        found = sort_by_price(page)
        assert found == sorted(found)
        assert len(found) > 20
        page.get_by_label("Search in the rows").fill("B0DEMO0007")
        expect(page.locator("[data-total]")).to_have_text("1 row")
        page.locator("summary", has_text="Columns").click()
        page.get_by_label("Seller").check()
        expect(page.locator("thead")).to_contain_text("Seller")
        expect(page.locator("[data-total]")).to_have_text("1 row")  # the filter is still there
        assert "column=seller" in page.url


def test_open_a_products_chart(visit, owner):
    with visit(owner.token) as it:
        page = it.go(f"/app/projects/{owner.project_id}/products?q={owner.ids['asin']}")
        page.locator("tbody th a").first.click()
        expect(page.get_by_role("img", name=re.compile("^Price over time")).first).to_be_visible()
        drawn = page.locator(".plot .line.k1").first.get_attribute("d")
        assert drawn.count("H") > 20, "the chart has no steps"
        page.get_by_text("All values as a table").click()
        expect(page.locator(".rows tbody tr")).to_have_count(31)  # the same numbers, for who can't see the chart


def test_a_keywords_chart(visit, owner):
    with visit(owner.token) as it:
        page = it.go(f"/app/projects/{owner.project_id}/keywords")
        page.get_by_role("link", name="coffee", exact=True).click()
        expect(page.get_by_role("img", name=re.compile("^Positions over time"))).to_be_visible()
        link = page.get_by_role("link", name=re.compile("^Chart")).nth(2)
        asin = link.inner_text().split()[-1]
        link.click()
        expect(page.locator(".own-table tbody tr").first).to_contain_text(asin)
        assert page.locator(".plot .line.k1").first.get_attribute("d").count("L") > 15


def test_export_a_workbook(visit, owner):
    with visit(owner.token) as it:
        page = it.go(f"/app/jobs/{owner.ids['job']}")
        body = io.BytesIO(export(page, "xlsx").path().read_bytes())
    rows = CalamineWorkbook.from_filelike(body).get_sheet_by_index(0).to_python()
    assert len(rows) == 51
    assert "asin" in rows[0]


def test_make_a_schedule(visit, newcomer):
    with visit(newcomer.token) as it:
        page = it.go(f"/app/projects/{newcomer.project_id}/schedules/new")
        page.locator("select[name=at]").select_option("07:30")
        for day in ("Sat", "Sun"):  # every day is chosen at first
            page.locator(".days").get_by_text(day, exact=True).click()
        page.get_by_label("Time zone").fill("Europe/Berlin")
        expect(page.locator("[data-runs='5'] li")).to_have_count(5)
        expect(page.locator("aside")).to_contain_text(
            "At 07:30, only on Monday, Tuesday, Wednesday, Thursday, and Friday"
        )
        page.get_by_label("Targets").fill("B0DEMO0001")
        press(page, "Create schedule")
        expect(
            page.get_by_role("heading", name="At 07:30, only on Monday, Tuesday, Wednesday, Thursday, and Friday")
        ).to_be_visible()
        expect(page.get_by_label("Fri")).to_be_checked()  # and it is told in words again
        press(page, "Switch off")
        expect(page.get_by_text("It is off")).to_be_visible()


def test_get_a_webhook(visit, newcomer, receiver):
    with visit(newcomer.token) as it:
        page = it.go(f"/app/projects/{newcomer.project_id}/webhooks")
        page.get_by_label("Address").fill(receiver.url)
        press(page, "Add webhook")
        expect(page.locator("#secret")).to_contain_text("whsec_")
        page.get_by_role("link", name="I have copied it").click()
        before = len(receiver.messages)
        press(page, "Send a test")
        expect(page.locator(".badge.delivered")).to_be_visible()
        assert receiver.messages[before]["body"]["type"] == "webhook.test"
        page.on("dialog", lambda dialog: dialog.accept())
        press(page, "New secret")
        expect(page.locator("#secret")).to_contain_text("whsec_")


def test_an_api_key_is_shown_once(visit, newcomer):
    with visit(newcomer.token) as it:
        page = it.go(f"/app/projects/{newcomer.project_id}/api-keys")
        page.get_by_label("Name").fill("nightly")
        press(page, "Create key")
        key = page.locator("#secret").inner_text()
        assert key.startswith("azs_")
        page.get_by_role("link", name="I have copied it").click()
        expect(page.locator("tbody")).to_contain_text("nightly")
        assert key not in page.content()


def test_cancel_and_retry(visit, owner, newcomer):
    waiting = newcomer.api("POST", f"/projects/{newcomer.project_id}/jobs", type="details", targets=["B0FAULTSLO"])[
        "id"
    ]
    with visit(newcomer.token) as it:
        it.page.on("dialog", lambda dialog: dialog.accept())
        page = it.go(f"/app/jobs/{waiting}")
        if page.get_by_role("button", name="Cancel job").count():
            press(page, "Cancel job")
        expect(page.get_by_role("button", name="Run again")).to_be_visible()
    with visit(owner.token) as it:
        page = it.go(f"/app/jobs/{owner.ids['job']}")
        page.get_by_role("link", name="2 failed").click()
        expect(page.get_by_text("Not allowed by robots.txt").first).to_be_visible()
        press(page, "Retry failed")
        page.wait_for_url(lambda url: owner.ids["job"] not in url)


def test_the_theme_and_the_language_stay(visit, owner):
    with visit(owner.token) as it:
        page = it.go("/app/projects")
        page.locator(".who").click()
        page.get_by_label("Theme").first.select_option("dark")
        expect(page.locator("html[data-theme=dark]")).to_be_attached()
        page.locator(".who").click()
        page.get_by_label("Language").first.select_option("de")
        expect(page.get_by_role("heading", name="Projekte", level=1)).to_be_visible()
        assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(12, 17, 23)"


def test_the_keyboard_reaches_everything(visit, owner):
    with visit(owner.token) as it:
        page = it.go("/app/projects")
        page.keyboard.press("Tab")
        expect(page.get_by_role("link", name="Skip to content")).to_be_focused()
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        expect(page.locator("main a.tile").first).to_be_focused()


def test_another_organizations_pages_are_not_found(visit, owner, newcomer):
    with visit(newcomer.token) as it:
        response = it.page.goto(f"{it.url}/app/jobs/{owner.ids['job']}")
        assert response.status == 404
        expect(it.page.get_by_role("heading", name="There is nothing here")).to_be_visible()
        assert it.page.goto(f"{it.url}/app/admin").status == 403


@pytest.mark.parametrize(("name", "options"), [("desktop", {"viewport": DESKTOP}), ("phone", {"viewport": PHONE})])
def test_the_whole_way(visit, receiver, name, options):
    with visit(**options) as it:
        page = it.page
        sign_up(page, it.url, f"{name}-{time.time_ns()}@example.com")
        expect(page.get_by_role("heading", name="Which products do you want to watch?")).to_be_visible()
        go_to(page, "Integrations")
        page.get_by_label("Address").fill(receiver.url)
        press(page, "Add webhook")
        page.get_by_role("link", name="I have copied it").click()
        go_to(page, "Jobs")
        page.get_by_role("link", name="New job").first.click()
        post_dropped(page)
        it.shoot(f"journey-live-{name}", full=False)
        page.get_by_role("link", name="Rows (50)").click()
        found = sort_by_price(page)
        assert found == sorted(found)
        page.locator("tbody td.mono a").first.click()
        expect(page.get_by_role("heading", name="Checked once")).to_be_visible()
        expect(page.get_by_role("button", name="Check every day at 08:00")).to_be_visible()
        it.shoot(f"journey-product-{name}", full=False)
        page.go_back()
        page.get_by_role("link", name="Progress and targets").click()
        assert export(page, "xlsx").suggested_filename.endswith(".xlsx")
        page.get_by_role("link", name="Schedule", exact=True).click()
        press(page, "Create schedule")
        expect(page.get_by_role("status")).to_contain_text("Created")
        go_to(page, "Integrations")
        page.locator("tbody th a").click()
        expect(page.locator(".badge.delivered").first).to_be_visible()
        assert "job.completed" in {message["body"]["type"] for message in receiver.messages}


def test_a_file_that_is_not_taken_leaves_nothing_of_the_one_before(visit, newcomer):
    def choose(page, body):
        page.locator("[name=file]").set_input_files(
            {"name": "list.csv", "mimeType": "text/csv", "buffer": body.encode()}
        )

    both = f"asin,keyword\n{ASINS[0]},kettle\n{ASINS[1]},mug\n"
    with visit(newcomer.token) as it:
        page = it.go(f"/app/projects/{newcomer.project_id}/jobs/new")
        targets = page.get_by_label("Or paste them here")
        choose(page, both)
        expect(targets).to_have_value("\n".join(ASINS[:2]))
        choose(page, "")
        expect(page.locator("#alert")).to_contain_text("The file is empty")
        expect(page.locator("#upload")).to_be_empty()
        expect(targets).to_have_value("")
        expect(page.locator("[data-found]")).to_have_text("0")
        choose(page, both)  # the same file, mended
        expect(targets).to_have_value("\n".join(ASINS[:2]))
        expect(page.locator("#alert")).to_be_empty()
        page.locator(".segments").get_by_text("Keywords").click()
        expect(targets).to_have_value("kettle\nmug")
        expect(page.locator("#upload")).to_contain_text("2 keywords from the column “keyword”.")
        targets.fill("kettle\nteapot")
        page.locator(".segments").get_by_text("Products", exact=True).click()
        expect(page.get_by_label("Variants", exact=True)).to_be_visible()
        expect(targets).to_have_value("kettle\nteapot")  # changed by hand: it stays
        page.get_by_role("button", name="These are keywords").click()
        expect(page.locator("[data-found]")).to_have_text("2")
        expect(targets).to_have_value("kettle\nteapot")
