"""The table of products by the keyboard alone, and what is done with chosen rows."""

import csv
import re

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.xdist_group("browser")


def test_the_keyboard_moves_chooses_and_opens(visit, owner):
    with visit(owner.token) as it:
        page = it.go(f"/app/projects/{owner.project_id}/products")
        rows = page.locator("tbody tr")
        bar = page.locator("#bulk")
        page.keyboard.press("ArrowDown")
        expect(rows.nth(0)).to_be_focused()
        page.keyboard.press("ArrowDown")
        expect(rows.nth(1)).to_be_focused()
        page.keyboard.press("x")
        expect(rows.nth(1)).to_have_attribute("aria-selected", "true")
        expect(bar).to_contain_text("1 chosen")
        page.keyboard.press("Escape")
        expect(bar).to_be_hidden()
        page.keyboard.press("/")
        expect(page.get_by_label("Title or ASIN")).to_be_focused()
        page.locator("summary", has_text="Columns and row height").click()
        with page.expect_response("**/settings/density"):
            page.get_by_label("Compact").check(force=True)
        page.reload()
        expect(page.locator("#list.compact")).to_be_visible()  # kept for the next visit
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
        page.wait_for_url(re.compile("/products/B0"))


def test_the_chart_tells_a_pointer_and_the_keyboard_what_was(visit, owner):
    with visit(owner.token) as it:
        page = it.go(f"/app/projects/{owner.project_id}/products/{owner.ids['asin']}?marketplace=www.amazon.com")
        chart = page.get_by_role("slider")
        chart.hover(position={"x": 400, "y": 60})
        tip = page.locator(".chart-tip:visible")
        expect(tip).to_contain_text("Price")
        expect(tip).to_contain_text("Rank")
        before = tip.inner_text()
        chart.focus()
        page.keyboard.press("Home")
        expect(chart).to_have_attribute("aria-valuenow", "1")
        assert tip.inner_text() != before
        page.keyboard.press("ArrowRight")
        expect(chart).to_have_attribute("aria-valuetext", re.compile(r"\d{4}, \d\d:\d\d, Price \$"))
        page.get_by_label("Rank").uncheck()
        expect(page.locator(".of-rank").first).to_be_hidden()
        page.keyboard.press("?")
        expect(page.get_by_role("dialog", name="Keys")).to_be_visible()
        page.keyboard.press("Escape")
        page.keyboard.press("Control+k")
        page.keyboard.type(owner.ids["asin"])
        expect(page.locator("#jump-found a")).to_have_count(1)
        page.keyboard.press("Enter")
        page.wait_for_url(re.compile(f"/products/{owner.ids['asin']}"))


def test_chosen_products_go_into_a_list_and_are_checked(visit, owner):
    with visit(owner.token) as it:
        page = it.go(f"/app/projects/{owner.project_id}/products?sort=title")
        for row in (0, 2):
            page.locator("tbody input[type=checkbox]").nth(row).check()
        page.locator("#bulk summary", has_text="Add to list").click()
        page.get_by_label("Name of a list").fill("Two of them")
        page.get_by_label("Name of a list").press("Enter")
        expect(page.get_by_role("heading", name="Two of them", level=1)).to_be_visible()
        expect(page.get_by_role("navigation", name="Lists").get_by_role("link", name="Two of them")).to_be_visible()
        expect(page.locator("tbody tr")).to_have_count(2)
        for menu, label, value in (("Target price", "Target price", "19.90"), ("Tag", "Tag", "rivals")):
            page.locator("#all").check()
            page.locator("#bulk summary", has_text=menu).click()
            page.locator("#bulk").get_by_label(label, exact=True).fill(value)
            page.locator("#bulk").get_by_label(label, exact=True).press("Enter")
            expect(page.locator("#bulk")).to_be_hidden()  # the page came anew
            expect(page.get_by_role("status")).to_contain_text("Saved")
        page.locator("tbody input[type=checkbox]").first.check()
        page.get_by_role("button", name="Take out").click()
        expect(page.locator("tbody tr")).to_have_count(1)
        page.locator("tbody th a").click()
        expect(page.get_by_role("link", name="rivals")).to_be_visible()
        expect(page.locator(".buy summary")).to_have_text("Target $19.90")
        page.go_back()
        page.locator("#all").check()
        page.get_by_role("toolbar").get_by_role("button", name="Check now").click()
        page.wait_for_url("**/app/jobs/**")


def test_chosen_products_are_compared_in_one_chart(visit, owner):
    with visit(owner.token) as it:
        page = it.go(f"/app/projects/{owner.project_id}/products?sort=title")
        rows = page.locator("tbody input[type=checkbox]")
        for row in range(7):
            rows.nth(row).check()
        compare = page.get_by_role("toolbar").get_by_role("button", name="Compare")
        expect(compare).to_be_disabled()
        for row in range(4, 7):
            rows.nth(row).uncheck()
        compare.click()
        expect(page.get_by_role("heading", name="Compare", level=1)).to_be_visible()
        expect(page.locator(".compare-table thead th")).to_have_count(4)
        page.get_by_role("slider").hover(position={"x": 400, "y": 60})
        expect(page.locator(".chart-tip:visible p")).to_have_count(4)
        page.get_by_role("link", name="Rank").click()
        page.get_by_role("link", name=re.compile("out of the comparison")).first.click()
        expect(page.locator(".compare-table thead th")).to_have_count(3)
        expect(page.get_by_role("heading", name="Rank", level=2)).to_be_visible()  # stays as it was chosen
        it.shoot("compare")


def test_columns_and_filters_are_chosen_in_the_bar(visit, owner):
    with visit(owner.token) as it:
        page = it.go(f"/app/projects/{owner.project_id}/products")
        page.locator("summary", has_text="Columns").click()
        page.get_by_label("Tracked in").uncheck()
        page.get_by_role("button", name="Show").click()
        expect(page.locator("thead th", has_text="Tracked in")).to_have_count(0)
        page.locator("summary", has_text="Filter").click()
        page.get_by_label("Stars, at least").fill("3")
        page.get_by_label("Stars, at least").press("Enter")
        expect(page.get_by_role("link", name="Stars: 3 or more")).to_be_visible()
        expect(page.locator("thead th", has_text="Tracked in")).to_have_count(0)
        page.get_by_role("link", name="Stars: 3 or more").click()
        expect(page.get_by_role("link", name="Stars: 3 or more")).to_have_count(0)
        it.shoot("products-columns")


def test_a_file_of_chosen_products_is_in_the_readers_words_and_zone(visit, owner):
    with visit(owner.token, locale="de-DE", timezone_id="Asia/Kolkata") as it:
        page = it.go(f"/app/projects/{owner.project_id}/products")
        page.locator("tbody input[type=checkbox]").first.check()
        with page.expect_download() as download:
            page.locator("#bulk [data-download]").click()
        assert re.fullmatch(r"products-\d{4}-\d\d-\d\d\.csv", download.value.suggested_filename)
        [row] = csv.DictReader(download.value.path().read_text("utf-8-sig").splitlines())
    assert row["Geprüft am"].endswith("+05:30")
