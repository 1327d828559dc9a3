"""The change of an alert: one more condition joins it, with a preview of both, and one of them is left out again."""

import pytest
from playwright.sync_api import expect

from browser.conftest import DESKTOP, PHONE

pytestmark = pytest.mark.xdist_group("browser")


@pytest.mark.parametrize(("size", "language"), [(DESKTOP, "en-US"), (PHONE, "de-DE")])
def test_a_condition_joins_an_alert_and_leaves_it(visit, owner, size, language):
    drops = {"field": "price", "op": "drops_by", "value": 5, "unit": "percent", "days": 30}
    made = owner.api("POST", f"/projects/{owner.project_id}/alerts", when=[drops])["id"]
    words = {
        "en-US": ("Edit", "What happens", "price drops by 5% and best sellers rank enters the first 20", "Save"),
        "de-DE": ("Bearbeiten", "Was passiert", "Preis fällt um 5 % und Bestseller-Rang kommt unter", "Speichern"),
    }
    edit, happens, both, save = words[language]
    with visit(owner.token, viewport=size, locale=language) as it:
        page = it.go(f"/app/alerts/{made}")
        page.get_by_text(edit, exact=True).click()
        expect(page.locator("#f-match")).to_be_hidden()
        page.get_by_label(happens).select_option("rank_enters")
        expect(page.locator("[name=product_value]")).to_have_value("100")
        expect(page.locator("#f-match")).to_be_visible()
        with page.expect_request(lambda sent: "product_value=20" in (sent.post_data or "")) as asked:
            page.locator("[name=product_value]").fill("20")
        assert asked.value.url.endswith("/preview")
        expect(page.locator(".preview")).to_be_visible()
        page.wait_for_function("width => document.documentElement.scrollWidth <= width", arg=size["width"])
        it.shoot(f"alert-change-{language}")
        page.get_by_role("button", name=save).first.click()
        expect(page.locator("main .facts")).to_contain_text(both)
        page.get_by_text(edit, exact=True).click()
        page.locator("[name=leave_0]").check()
        page.get_by_role("button", name=save).first.click()
        expect(page.locator("main .facts")).not_to_contain_text(both)
    assert [one["field"] for one in owner.api("GET", f"/alerts/{made}")["when"]] == ["rank"]


def test_a_condition_joins_without_scripts(visit, owner):
    made = owner.api("POST", f"/projects/{owner.project_id}/alerts", when=[{"field": "price", "op": "changes"}])["id"]
    with visit(owner.token, java_script_enabled=False) as it:
        page = it.go(f"/app/alerts/{made}")
        page.get_by_text("Edit", exact=True).click()
        page.get_by_label("What happens").select_option("in_stock")
        page.get_by_label("Tell me when").select_option("any")
        page.get_by_role("button", name="Save").first.click()
        expect(page.locator("main .facts")).to_contain_text("price changes or availability changes to in stock")


def test_what_was_ticked_before_the_alert_changed_does_not_come_back(visit, owner):
    """The draft was kept by the page's address, which says what was saved, and by the places of conditions."""
    drops = {"field": "price", "op": "drops_by", "value": 10, "unit": "percent"}
    rated = {"field": "rating", "op": "below", "value": 4}
    made = owner.api("POST", f"/projects/{owner.project_id}/alerts", when=[drops, rated])["id"]
    with visit(owner.token) as it:
        page = it.go(f"/app/alerts/{made}?notice=saved")
        page.get_by_text("Edit", exact=True).click()
        page.locator("[name=leave_0]").check()
        it.go(f"/app/projects/{owner.project_id}/alerts")
        it.go(f"/app/alerts/{made}")
        expect(page.locator("[name=leave_0]")).to_be_checked()  # nothing has changed: it waited
        page.locator("[name=leave_0]").uncheck()
        page.locator("[name=leave_1]").check()
        it.go(f"/app/projects/{owner.project_id}/alerts")
        owner.api("PATCH", f"/alerts/{made}", when=[drops | {"value": 20}, rated])
        it.go(f"/app/alerts/{made}")
        expect(page.locator("[name=value_0]")).to_have_value("20")
        expect(page.locator("[name=leave_1]")).not_to_be_checked()
        expect(page.locator("#connection")).to_be_empty()
