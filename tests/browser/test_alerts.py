"""From nothing to the mail: any of my kettles falls below its target, in at most 25 clicks. Each step is drawn as a phone shows it, too."""

import io
import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import httpx
import pytest
from playwright.sync_api import expect

from acceptance.conftest import wait_until
from browser.conftest import ASINS, DESKTOP, PASSWORD, PHONE

pytestmark = pytest.mark.xdist_group("browser")

HOSTS = ("www.amazon.de", "www.amazon.fr")
MOST_CLICKS = 25


class Hand:
    """Clicks, and counts them: going into a field to type is one, opening a list and choosing from it two."""

    def __init__(self, visit):
        self.visit, self.page = visit, visit.page
        self.clicks = self.steps = 0

    def press(self, name):
        self.clicks += 1
        self.page.get_by_role("button", name=name).first.click()

    def follow(self, name):
        self.clicks += 1
        self.page.get_by_role("link", name=name, exact=True).first.click()

    def write(self, label, text):
        self.clicks += 1
        self.page.get_by_label(label, exact=True).fill(text)

    def choose(self, label, *values):
        self.clicks += 2
        self.page.get_by_label(label, exact=True).select_option(list(values))

    def tick(self, label):
        self.clicks += 1
        self.page.get_by_label(label).check()

    def shoot(self, what):
        """Nothing is wider than the screen, on either; a page that follows a check loads anew at its end, perhaps now."""
        self.steps += 1
        for name, size in (("phone", PHONE), ("desktop", DESKTOP)):
            self.page.set_viewport_size(size)
            self.page.wait_for_function("width => document.documentElement.scrollWidth <= width", arg=size["width"])
            self.visit.shoot(f"alert-{self.steps}-{what}-{name}")


def price(stand, host, asin, at):
    asked = {"asin": asin, "at": at.isoformat()}
    said = httpx.get(f"{stand.marketplace}/truth", params=asked, headers={"X-Forwarded-Host": host}).json()
    product = said["product"]
    return Decimal(product["price"]) if product and product["price"] else None


def the_one_that_falls(stand, day):
    """An ASIN whose price falls in Germany alone from this day to the next, and a target in between."""
    for asin in ASINS:
        (before, after), (other, then) = (
            [price(stand, host, asin, at) for at in (day, day + timedelta(days=1))] for host in HOSTS
        )
        if None not in (before, after, other, then) and after < before:
            target = (before + after) / 2
            if min(other, then) >= target:
                return asin, before, after, round(target, 2)
    pytest.fail("no price falls")


@pytest.fixture
def moving(stand):
    """Sets the clock of the marketplace; afterwards nothing moves again."""

    def set_clock(at):
        httpx.post(f"{stand.marketplace}/__clock", params={"at": at.isoformat()} if at else {}).raise_for_status()

    yield set_clock
    set_clock(None)


def spreadsheet(asin, target):
    out = io.StringIO(
        "target;tags;targetPrice\n" + "".join(f"{one};kettle;{target if one == asin else '0.01'}\n" for one in ASINS)
    )
    return {"name": "kettles.csv", "mimeType": "text/csv", "buffer": out.getvalue().encode()}


def euros(amount):
    return f"€{amount:,.2f}"


def test_tell_me_when_any_of_my_kettles_falls_below_its_target(visit, stand, mailbox, moving):
    box, _ = mailbox
    day = datetime.now(UTC).replace(hour=6, minute=0, second=0, microsecond=0)
    moving(day)
    asin, before, after, target = the_one_that_falls(stand, day)
    address = "kate@example.com"
    with visit() as it:
        hand = Hand(it)
        hand.visit.go("/app/signup")
        sign_up(hand, address)
        make_list(hand, spreadsheet(asin, target))
        hand.press("Check now")
        all_checked(hand, stand, address, 100)
        make_alert(hand, address)
        confirm(hand, box, address)
        moving(day + timedelta(days=1))
        stand.sql("UPDATE lists SET next_run_at = now() WHERE name = 'Kettles'")  # tomorrow at eight
        wait_until(lambda: len(box.to(address)) == 2, "the mail")
        hand.visit.go("/app/projects")
        hand.page.locator("main a.tile").first.click()
        hand.follow("Notices")
        expect(hand.page.locator("tbody th")).to_contain_text(f"{euros(before)} → {euros(after)}")
        hand.shoot("notice")
    mail = box.to(address)[1]
    said = mail.get_body(("plain",)).get_content()
    assert f"(amazon.de): price {euros(before)} → {euros(after)}, the target is {euros(target)}" in said
    assert f"https://www.amazon.de/dp/{asin}" in said
    assert said.count("(amazon.") == 1, "only one of them fell"
    assert hand.clicks <= MOST_CLICKS


def sign_up(hand, address):
    hand.write("E-mail address", address)
    hand.write("Password", PASSWORD)
    hand.shoot("sign-up")
    hand.press("Sign up")
    expect(hand.page.get_by_role("status")).to_contain_text("Welcome")
    expect(hand.page.get_by_role("heading", name="Which products do you want to watch?")).to_be_visible()
    hand.shoot("first")


def make_list(hand, file):
    """Refreshed every day at 08:00 in the browser's zone, as the form proposes."""
    page = hand.page
    hand.write("Name of the list", "Kettles")
    for country in ("United States", "Germany", "France"):  # the first one is chosen already: that takes it away
        hand.clicks += 1
        page.locator(".pick", has_text=country).click()
    hand.clicks += 1
    page.get_by_label("Or choose a file").set_input_files(file)
    expect(page.locator("#given")).to_contain_text("50 products found")
    hand.shoot("list")
    hand.press("Start watching")
    expect(page.get_by_role("heading", name="Kettles", level=1)).to_be_visible()
    expect(page.locator(".tabs")).to_contain_text("50")
    expect(page.locator(".meta")).to_contain_text("every day at 08:00")
    hand.shoot("items")


def all_checked(hand, stand, address, products):
    """The check is over, and the page that showed it has come anew: what is pressed in between may be pressed on the old one."""

    def count():
        [(found,)] = stand.sql(
            """SELECT count(*) FROM series_states s JOIN projects p ON p.id = s.project_id JOIN users u
               ON u.organization_id = p.organization_id WHERE u.email = %s""",
            address,
        )
        return found

    wait_until(lambda: count() >= products * 0.9, "the first check")
    wait_until(
        lambda: not stand.sql("SELECT 1 FROM jobs WHERE status IN ('queued', 'running') LIMIT 1"), "the end of the jobs"
    )
    expect(hand.page.locator("[data-live]")).to_have_count(0)


def make_alert(hand, address):
    page = hand.page
    hand.follow("Alerts")
    hand.choose(
        "Which products", page.locator("[name=what] optgroup option", has_text="Kettles").first.get_attribute("value")
    )
    expect(page.locator(".preview")).to_contain_text("It would have told you nothing")
    hand.tick(re.compile(re.escape(address)))
    hand.shoot("sentence")
    hand.press("Create alert")
    expect(page.get_by_role("heading", name="price below target", level=1)).to_be_visible()
    expect(page.locator("main")).to_contain_text("has not agreed yet")
    hand.shoot("alert")


def confirm(hand, box, address):
    wait_until(lambda: box.to(address), "the question to the recipient")
    link = re.search(r"http://\S+/app/mail/confirm/\S+", box.to(address)[0].get_body(("plain",)).get_content())[0]
    hand.clicks += 1
    hand.page.goto(link)
    hand.shoot("confirm")
    hand.press("Send me alerts")
    expect(hand.page.locator("main")).to_contain_text("You get alerts from now on")
