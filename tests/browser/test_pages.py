"""Every page: nothing serious for axe, nothing from elsewhere, no failure; in light and dark, on desktop and phone."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from browser.conftest import DESKTOP, PHONE

pytestmark = pytest.mark.xdist_group("browser")

PUBLIC = {"landing": "/", "login": "/app/login", "signup": "/app/signup", "not-found": "/app/nowhere"}
PAGES = {
    "projects": "/app/projects",
    "home": "/app/projects/{project}",
    "jobs": "/app/projects/{project}/jobs",
    "project-settings": "/app/projects/{project}/settings",
    "new-job": "/app/projects/{project}/jobs/new",
    "job": "/app/jobs/{job}",
    "rows": "/app/jobs/{job}/rows",
    "search-rows": "/app/jobs/{search}/rows",
    "products": "/app/projects/{project}/products",
    "product": "/app/projects/{project}/products/{asin}?marketplace=www.amazon.com",
    "changes": "/app/projects/{project}/changes?days=30&kind=price",
    "compare": "/app/projects/{project}/compare?of={asin}:US&of=B0DEMO0004:US",
    "keywords": "/app/projects/{project}/keywords",
    "keyword": "/app/projects/{project}/keywords/rank?keyword=coffee&marketplace=www.amazon.com",
    "lists": "/app/projects/{project}/lists",
    "new-list": "/app/projects/{project}/lists/new",
    "list": "/app/lists/{list}",
    "list-checks": "/app/lists/{list}?view=checks",
    "list-settings": "/app/lists/{list}?view=settings",
    "list-products": "/app/projects/{project}/products?list={list}",
    "alerts": "/app/projects/{project}/alerts",
    "alert": "/app/alerts/{alert}",
    "notices": "/app/projects/{project}/notices",
    "channels": "/app/projects/{project}/channels",
    "schedules": "/app/projects/{project}/schedules",
    "new-schedule": "/app/projects/{project}/schedules/new?job={search}",
    "schedule": "/app/schedules/{schedule}",
    "webhooks": "/app/projects/{project}/webhooks",
    "webhook": "/app/webhooks/{webhook}",
    "api-keys": "/app/projects/{project}/api-keys",
    "usage": "/app/usage",
    "audit": "/app/audit",
    "settings": "/app/settings",
    "admin": "/app/admin",
    "admin-organizations": "/app/admin/organizations",
    "admin-organization": "/app/admin/organizations/{organization}",
    "admin-users": "/app/admin/users",
    "admin-jobs": "/app/admin/jobs",
    "admin-plans": "/app/admin/plans",
    "admin-plan": "/app/admin/plans/free",
    "admin-rates": "/app/admin/rates",
    "admin-referrals": "/app/admin/referrals",
}
LOOKS = {
    "desktop-light": {"viewport": DESKTOP, "color_scheme": "light"},
    "phone-dark": {"viewport": PHONE, "color_scheme": "dark", "locale": "de-DE", "has_touch": True},
}
"""Each theme, each size and each language once: what goes wrong in one of them shows there."""
ALL_RULES = {"resultTypes": ["violations"]}
OF_LOOKS = ["color-contrast", "target-size", "scrollable-region-focusable", "link-in-text-block", "html-has-lang"]
RULES = {
    "desktop-light": ALL_RULES,
    "phone-dark": ALL_RULES | {"runOnly": {"type": "rule", "values": OF_LOOKS}},
}
"""Names, roles and ids are the same in each look: the second one is asked for what may differ."""


OPENED = {
    "desktop-light": "document.querySelectorAll('main details').forEach((each) => { each.open = true; })",
    "phone-dark": "document.querySelectorAll('main details:not(.menu)').forEach((each) => { each.open = true; })",
}
"""Menus lie above what is around them, which then has no contrast: they are open in one of the looks."""


def serious(page, look):
    """What axe finds that keeps people out, each with the first place it was found at."""
    found = Axe().run(page, options=RULES[look]).response["violations"]
    return [(each["id"], each["nodes"][0]["html"][:200]) for each in found if each["impact"] in {"serious", "critical"}]


def check(visit, look, name, path, status=200):
    response = visit.page.goto(visit.url + path)
    assert response.status == status, name
    visit.page.evaluate("document.fonts.ready")
    width = visit.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert width <= 0, f"{name} is wider than the screen by {width}"
    visit.shoot(f"{name}-{look}")
    visit.page.evaluate(OPENED[look])
    return {name: found} if (found := serious(visit.page, look)) else {}


@pytest.mark.parametrize("look", LOOKS)
def test_every_page_is_for_everybody(visit, owner, look):
    findings = {}
    with visit(**LOOKS[look]) as it:
        for name, path in PUBLIC.items():
            findings |= check(it, look, name, path, 404 if name == "not-found" else 200)
    with visit(owner.token, **LOOKS[look]) as it:
        for name, path in PAGES.items():
            findings |= check(it, look, name, path.format_map(owner.ids))
        findings |= {state: found for state in STATES if (found := serious(STATES[state](it, owner), look))}
    assert not findings


def chosen_and_searched(it, owner):
    """Chosen rows with their bar, a filter's menu, and the search window above them."""
    page = it.go(f"/app/projects/{owner.project_id}/products")
    page.evaluate("document.querySelector('tbody input[type=checkbox]').click()")
    page.evaluate("document.querySelector('[data-shows=jump]').click()")
    page.locator("#jump [name=q]").fill("kettle")
    expect(page.locator("#jump-found a").first).to_be_visible()
    return page


def left_out_and_gone(it, owner):
    """What a form found, what it leaves out, a field that is wrong, and the bar that says that the server is gone."""
    page = it.go(f"/app/projects/{owner.project_id}/lists/new")
    page.locator("#targets").fill("B0DEMO0001\nrubbish")
    expect(page.locator("#given")).to_contain_text("rubbish")
    page.evaluate("document.getElementsByName('name')[0].removeAttribute('maxlength')")
    page.locator("#list [name=name]").fill("n" * 130)
    page.locator("#list [name=name]").press("Enter")
    expect(page.locator(".wrong").first).to_be_visible()
    page.context.route("**/health", lambda route: route.abort("connectionrefused"))
    page.evaluate("window.dispatchEvent(new Event('offline'))")
    return page


STATES = {"chosen-and-searched": chosen_and_searched, "left-out-and-gone": left_out_and_gone}
