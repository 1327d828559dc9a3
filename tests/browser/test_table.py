"""The table of rows: on a phone, with columns that are chosen, kept for the next visit, and as a file."""

import csv
import re

import pytest
from playwright.sync_api import expect

from browser.conftest import PHONE

pytestmark = pytest.mark.xdist_group("browser")


def rows_url(owner):
    return f"/app/jobs/{owner.ids['job']}/rows"


def test_a_phone_shows_the_price_first_and_the_menu_on_the_screen(visit, owner):
    with visit(owner.token, viewport=PHONE, has_touch=True) as it:
        page = it.go(rows_url(owner))
        row = page.locator("tbody tr").first.bounding_box()
        price = page.locator("tbody .lead-price").first.bounding_box()
        assert price["y"] - row["y"] < 80
        assert 0 <= price["x"] < PHONE["width"]
        page.locator("summary", has_text="Columns").click()
        sheet = page.locator("details[open] .sheet")
        box = sheet.bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= PHONE["width"]
        assert box["y"] + box["height"] <= PHONE["height"]
        for name in ("Seller", "List price"):
            page.get_by_label(name, exact=True).check()
            expect(page.locator("thead")).to_contain_text(name)
            expect(sheet).to_be_visible()
        it.shoot("rows-columns-phone", full=False)


def test_a_choice_is_in_the_address_and_kept_for_the_next_visit(visit, owner):
    with visit(owner.token) as it:
        page = it.go(rows_url(owner))
        page.locator("summary", has_text="Columns").click()
        page.get_by_label("Seller", exact=True).check()
        expect(page.locator("thead")).to_contain_text("Seller")
        page.get_by_label("Search in the rows").fill("B0DEMO0007")
        expect(page.locator("[data-total]")).to_have_text("1 row")
        address = page.url
        assert "column=seller" in address
        assert "q=B0DEMO0007" in address

        again = page.context.new_page()
        again.goto(it.url + rows_url(owner))
        assert again.url == address
        expect(again.get_by_label("Search in the rows")).to_have_value("B0DEMO0007")
        again.get_by_label("Search in the rows").fill("nothing of the kind")
        again.get_by_role("link", name="Show all rows").click()
        expect(again.locator("[data-total]")).to_have_text("50 rows")
        expect(again.locator("thead")).to_contain_text("Seller")
        again.goto(f"{it.url}/app/jobs/{owner.ids['search']}/rows")
        assert "?" not in again.url  # another kind has other columns, another job other filters


def test_what_is_typed_while_the_table_comes_stays(visit, owner):
    with visit(owner.token) as it:
        page = it.go(rows_url(owner))
        held = []
        page.context.route("**/rows?*", lambda route: held.append(route))  # noqa: PLW0108 - Playwright marks its handlers
        page.get_by_label("Search in the rows").fill("B0DEMO0007")
        page.get_by_label("Lowest price").fill("1")
        expect(page.locator(".spinner")).to_be_visible()
        page.get_by_label("Highest price").fill("12")
        held[0].continue_()
        expect(page.locator("[data-total]")).to_have_text("1 row")
        expect(page.get_by_label("Highest price")).to_have_value("12")


def test_an_impossible_price_limit_is_told(visit, owner):
    with visit(owner.token) as it:
        page = it.go(f"{rows_url(owner)}?lowest=50&highest=20")
        expect(page.get_by_role("alert")).to_contain_text("is below the lowest price")
        page.get_by_label("Lowest price").fill("cheap")
        page.get_by_role("button", name="Filter").click()
        expect(page.get_by_role("alert")).to_contain_text("is not a price")


def test_an_export_holds_what_the_table_shows(visit, owner):
    with visit(owner.token) as it:
        page = it.go(rows_url(owner))
        page.get_by_role("link", name="Price", exact=True).click()
        expect(page.locator("th[aria-sort=ascending]")).to_contain_text("Price")
        page.get_by_label("Search in the rows").fill("B0DEMO000")
        expect(page.locator("[data-total]")).to_have_text("9 rows")
        page.locator("summary", has_text="Columns").click()
        for name in ("Rating", "Rank"):
            page.get_by_label(name, exact=True).uncheck()
            expect(page.locator("thead th", has_text=re.compile(f"^{name}$"))).to_have_count(0)
        page.keyboard.press("Escape")
        page.locator("summary", has_text="Export").click()
        with page.expect_download() as download:
            page.get_by_role("button", name=re.compile(r"\.csv$")).click()
        expect(page.locator("#connection")).to_contain_text("on its way")
        rows = list(csv.DictReader(download.value.path().read_text().splitlines()))
    assert len(rows) == 9
    assert "asin" in rows[0]
    assert "rating" not in rows[0]
    amounts = [float(row["price.amount"]) for row in rows if row["price.amount"]]
    assert amounts == sorted(amounts)
    assert len(amounts) > 3


def test_the_results_of_a_keyword_fit_onto_a_phone(visit, owner):
    address = f"/app/projects/{owner.project_id}/keywords/rank?keyword=kettle&marketplace=www.amazon.com"
    for language in ("de-DE", "en-US"):
        with visit(owner.token, viewport=PHONE, locale=language) as it:
            table = it.go(address).locator(".results-table")
            assert table.evaluate("table => table.scrollWidth - table.parentElement.clientWidth") <= 0, language
            expect(table.locator("tbody td").first.locator(".phone-only")).to_have_count(1)


def test_a_phone_shows_which_line_of_the_chart_is_which_product(visit, owner):
    address = f"/app/projects/{owner.project_id}/keywords/rank?keyword=kettle&marketplace=www.amazon.com"
    with visit(owner.token, viewport=PHONE) as it:
        page = it.go(address)
        assert page.locator(".own-table .swatch").first.bounding_box()["width"] == 16
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        expect(page.get_by_text("At the end: points within 30 days.")).to_be_hidden()
