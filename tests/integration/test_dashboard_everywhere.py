"""The table of products with all marketplaces in it: prices in several currencies, and what is done with rows of two marketplaces."""

import csv
import io
import re

import httpx
import pytest

from azscraper.store.db import transaction
from azscraper.tracking import series
from azscraper.tracking.observed import Source
from integration.one_app import App
from integration.test_dashboard_pages import COOKIE, ORIGIN, form_token_of
from integration.test_product_table import DE, US, seen

RED, BLUE, GREEN = "B000000001", "B000000002", "B000000003"
ROWS = [
    seen(RED, 8, "50", title="Red kettle", rank=9),
    seen(RED, 0.2, "30"),
    seen(RED, 0.2, "40", host=DE, title="Roter Kessel"),
    seen(BLUE, 0.2, "35", title="Blue kettle"),
    seen(GREEN, 0.2, "20", host=DE, title="Green kettle"),
]


@pytest.fixture
async def browser(services, tenant, pool):
    async with transaction(pool) as conn:
        for page in ROWS:
            await series.add(conn, Source("-", tenant.project_id, "job"), [page])
    transport = httpx.ASGITransport(App(services), raise_app_exceptions=False)
    async with httpx.AsyncClient(
        transport=transport, base_url="http://test", headers=ORIGIN, cookies={COOKIE: tenant.token}
    ) as client:
        yield client


@pytest.fixture
def base(tenant):
    return f"/app/projects/{tenant.project_id}/products"


async def rows(browser, url):
    return re.findall(r'name="asin" value="([^"]+)"', (await browser.get(url)).text)


async def test_each_product_stands_there_once_for_each_marketplace(browser, base):
    page = (await browser.get(base)).text
    assert f'href="{base}?marketplace=all&amp;sort=d7"' in page  # what is followed elsewhere is said
    assert "1 more elsewhere" in page
    everywhere = f"{base}?marketplace=all&sort=title"
    assert await rows(browser, everywhere) == [f"{BLUE}:US", f"{GREEN}:DE", f"{RED}:US", f"{RED}:DE"]
    assert await rows(browser, f"{everywhere}&q=kettle") == [f"{BLUE}:US", f"{GREEN}:DE", f"{RED}:US"]
    page = (await browser.get(everywhere)).text
    for shown in ("$30.00", "€40.00", "4 of 4", f"{RED}?marketplace={DE}"):
        assert shown in page, shown


async def test_prices_in_several_currencies_are_neither_sorted_nor_bounded(browser, base):
    page = (await browser.get(f"{base}?marketplace=all&sort=price&low=33")).text
    assert 'aria-sort="ascending"><a' in page
    assert re.search(r'<th[^>]*aria-sort="ascending"><a [^>]*>7 d', page)
    assert "have no order" in page
    assert "4 of 4" in page
    assert 'name="low"' not in page
    assert len(await rows(browser, f"{base}?marketplace={US}&sort=price&low=33")) == 1


async def test_rows_of_two_marketplaces_are_worked_on_together(browser, base, tenant):
    form = {
        "form_token": await form_token_of(browser),
        "marketplace": "all",
        "asin": [f"{RED}:US", f"{RED}:DE", f"{GREEN}:DE"],
    }

    async def post(action, **more):
        return await browser.post(f"{base}/{action}", data=form | more)

    assert (await post("check")).headers["location"].startswith(f"/app/projects/{tenant.project_id}/jobs")
    jobs = (await tenant.http.get(f"/projects/{tenant.project_id}/jobs")).json()["data"]
    assert sorted((job["config"]["marketplace"], job["progress"]["total"]) for job in jobs) == [(US, 1), (DE, 2)]
    assert f"of={RED}:US&of={RED}:DE&of={GREEN}:DE" in (await post("compare")).headers["location"]
    file = csv.DictReader(io.StringIO((await post("export")).content.decode("utf-8-sig")))
    assert [(row["ASIN"], row["Marketplace"]) for row in file] == [(RED, US), (GREEN, DE), (RED, DE)]
    assert (await post("list", list_name="Kettles")).status_code == 303
    [made] = (await tenant.http.get(f"/projects/{tenant.project_id}/lists")).json()["data"]
    items = (await tenant.http.get(f"/lists/{made['id']}/items")).json()["data"]
    assert [(one["target"], one["marketplace"]) for one in items] == [(RED, US), (RED, DE), (GREEN, DE)]
    refused = await post("target", price="20")
    assert (refused.status_code, "one currency" in refused.text) == (400, True)
    form["asin"] = [f"{RED}:DE", f"{GREEN}:DE"]
    assert (await post("target", price="20,50")).status_code == 303
    items = (await tenant.http.get(f"/lists/{made['id']}/items")).json()["data"]
    assert [one["targetPrice"] and one["targetPrice"]["currency"] for one in items] == [None, "EUR", "EUR"]
    assert (await post("own", own="yes")).status_code == 303
    assert (await browser.post(f"{base}/check", data=form | {"asin": f"{RED}:XX"})).status_code == 400
