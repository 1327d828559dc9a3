"""The table of products by the keyboard alone, and what is done with chosen rows."""

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
        page.get_by_label("Compact").check(force=True)
        page.reload()
        expect(page.locator("#list.compact")).to_be_visible()  # kept for the next visit
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
        page.wait_for_url(re.compile("/products/B0"))


def test_chosen_products_go_into_a_list_and_are_checked(visit, owner):
    with visit(owner.token) as it:
        page = it.go(f"/app/projects/{owner.project_id}/products?sort=title")
        for row in (0, 2):
            page.locator("tbody input[type=checkbox]").nth(row).check()
        page.get_by_placeholder("Name of a list").fill("Two of them")
        page.get_by_role("button", name="Add to list").click()
        expect(page.get_by_role("heading", name="Two of them", level=1)).to_be_visible()
        expect(page.locator("tbody tr")).to_have_count(2)
        page.locator("#all").check()
        page.get_by_role("button", name="Check now").click()
        page.wait_for_url("**/app/jobs/*")
