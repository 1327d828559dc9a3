"""Lists in the dashboard: made, filled, changed and read as a person does."""

import re
from datetime import timedelta

import httpx
import pytest

from azscraper.kinds.observations import Sighting, number, text
from azscraper.store.db import transaction
from azscraper.tracking import series
from azscraper.tracking.observed import Source
from integration.one_app import App
from integration.test_finder import NOW

ORIGIN = {"Origin": "http://test"}
FORM = {
    "name": "My <kettles>",
    "type": "details",
    "targets": "B000000001\nB000000002",
    "marketplaces": ["www.amazon.de", "www.amazon.com"],
    "every": "day",
    "at": "08:00",
    "weekdays": ["mon", "fri"],
    "timezone": "Europe/Berlin",
    "max_age": "60",
}


@pytest.fixture
async def browser(services, tenant):
    transport = httpx.ASGITransport(App(services))
    cookies = {"azscraper_session": tenant.token}
    async with httpx.AsyncClient(transport=transport, base_url="http://test", headers=ORIGIN, cookies=cookies) as it:
        yield it


async def made(browser, tenant):
    base = f"/app/projects/{tenant.project_id}/lists"
    page = await browser.get(f"{base}/new")
    assert page.status_code == 200
    assert 'name="max_age"' in page.text
    token = {"form_token": re.search(r'name="form_token" value="([^"]+)"', page.text)[1]}
    response = await browser.post(base, data=FORM | token)
    assert response.status_code == 303, response.text
    return response.headers["location"].partition("?")[0], token


async def test_a_list_is_made_filled_changed_and_deleted(browser, tenant, pool):
    url, token = await made(browser, tenant)
    [one] = (await tenant.http.get(f"/projects/{tenant.project_id}/lists")).json()["data"]
    assert (one["name"], one["items"], one["config"]) == ("My <kettles>", 2, {"maxAge": 60})
    assert (one["refresh"]["at"], one["refresh"]["weekdays"]) == ("08:00", ["mon", "fri"])
    async with transaction(pool) as conn:
        for hour, price in ((2, 20), (1, 15)):
            values = {"price": number(price, "EUR"), "title": text("A kettle")}
            seen = Sighting("www.amazon.de", "B000000001", NOW - timedelta(hours=hour), values)
            await series.add(conn, Source("o", tenant.project_id, "j" * 24), [seen])
    page = (await browser.get(url)).text
    assert "My &lt;kettles&gt;" in page
    assert "A kettle" in page
    added = await browser.post(f"{url}/items", data=token | {"targets": "B000000003", "note": "new", "tags": "a, b"})
    assert added.status_code == 303, added.text
    file = {"file": ("items.csv", b"target,note,targetPrice\nB000000004,filed,9.90\n", "text/csv")}
    assert (await browser.post(f"{url}/items", data=token, files=file)).status_code == 303
    items = (await tenant.http.get(f"/lists/{one['id']}/items")).json()["data"]
    assert [(item["key"], item["note"]) for item in items[2:]] == [("B000000003", "new"), ("B000000004", "filed")]
    item = f"{url}/items/{items[0]['id']}"
    assert (await browser.post(item, data=token | {"note": "n", "tags": "x", "price": "19,90"})).status_code == 303
    assert (await browser.post(f"{url}/items/{items[1]['id']}", data=token | {"action": "remove"})).status_code == 303
    csv = (await browser.get(f"{url}/items.csv")).text
    assert "B000000001,,n,x,19.9" in csv
    assert "B000000002" not in csv
    change = {**FORM, "name": "Pots", "marketplaces": ["www.amazon.fr"], "every": ""} | token
    assert (await browser.post(url, data=change)).status_code == 303
    assert (await browser.post(url, data=token | {"action": "refresh"})).status_code == 303
    [one] = (await tenant.http.get(f"/projects/{tenant.project_id}/lists")).json()["data"]
    assert (one["name"], one["refresh"], [job["marketplace"] for job in one["lastJobs"]]) == (
        "Pots",
        None,
        ["www.amazon.fr"],
    )
    assert "Pots" in (await browser.get(f"/app/projects/{tenant.project_id}/lists")).text
    assert (await browser.post(f"{url}/delete", data=token)).status_code == 303
    assert (await browser.get(url)).status_code == 404


async def test_what_is_wrong_is_named(browser, tenant):
    url, token = await made(browser, tenant)
    base = f"/app/projects/{tenant.project_id}/lists"
    for address, data, said in (
        (base, FORM | {"targets": "no product"}, "not recognised"),
        (base, FORM | {"at": "25:00"}, "08:00"),
        (base, FORM | {"timezone": "Mars/Base"}, "timezone"),
        (f"{url}/items", {"targets": ""}, "at least one"),
    ):
        response = await browser.post(address, data=data | token)
        assert (response.status_code, said in response.text) == (400, True), (data, response.text[-1500:])
