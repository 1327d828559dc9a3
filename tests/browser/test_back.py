"""Back and forward: each step of the way is a whole page with what was on it."""

import re

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.xdist_group("browser")


def expect_whole(page):
    """The frame around it, and its styles."""
    expect(page.locator(".side .brand")).to_have_count(1)
    assert page.evaluate("getComputedStyle(document.querySelector('main')).paddingTop") != "0px"


def sorted_by(page, name):
    return expect(page.locator("th[aria-sort]")).to_contain_text(name)


def test_back_and_forward_through_rows_filters_products_and_keywords(visit, owner):
    with visit(owner.token) as it:
        page = it.go(f"/app/jobs/{owner.ids['job']}?view=targets")
        page.get_by_role("link", name=re.compile("^Rows")).click()
        page.get_by_role("link", name="Price", exact=True).click()
        sorted_by(page, "Price")
        page.get_by_label("Search in the rows").fill("B0DEMO0003")
        expect(page.locator("[data-total]")).to_have_text("1 row")
        page.locator("tbody td.mono a").first.click()
        expect(page.get_by_role("heading", name=re.compile("^Price on"))).to_be_visible()

        page.go_back()
        expect(page.locator("[data-total]")).to_have_text("1 row")
        expect_whole(page)
        page.go_back()
        expect(page.locator("[data-total]")).to_have_text("50 rows")
        expect(page.get_by_label("Search in the rows")).to_have_value("")
        sorted_by(page, "Price")
        expect_whole(page)
        page.go_back()
        expect(page.locator("th[aria-sort]")).to_have_count(0)
        expect_whole(page)
        page.go_back()
        expect(page.get_by_role("heading", name="Progress", exact=True)).to_be_visible()
        page.go_forward()
        page.go_forward()
        sorted_by(page, "Price")
        expect_whole(page)
        page.go_forward()
        expect(page.locator("[data-total]")).to_have_text("1 row")
        page.go_forward()
        expect(page.get_by_role("heading", name=re.compile("^Price on"))).to_be_visible()

        page = it.go(f"/app/projects/{owner.project_id}/products")
        page.get_by_label("Title or ASIN").fill("B0DEMO0003")
        page.get_by_label("Title or ASIN").press("Enter")
        expect(page.locator("tbody tr")).to_have_count(1)
        page.go_back()
        expect(page.locator("tbody tr").nth(2)).to_be_visible()
        page = it.go(f"/app/projects/{owner.project_id}/keywords")
        page.get_by_role("link", name="coffee", exact=True).click()
        page.get_by_role("link", name=re.compile("^Chart")).nth(2).click()
        page.wait_for_url("**asin=*")
        page.go_back()
        expect(page.get_by_role("heading", name="Movers")).to_be_visible()
        page.go_back()
        expect(page.get_by_role("link", name="coffee", exact=True)).to_be_visible()
