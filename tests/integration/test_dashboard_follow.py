"""Lists in the dashboard: made, filled, changed and read as a person does."""

import html
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
    assert "Not checked yet" in page
    changes = (await browser.get(f"{url}?view=changes")).text
    assert "fell in price" in changes
    assert 'value="My &lt;kettles&gt;"' in (await browser.get(f"{url}?view=settings")).text
    added = await browser.post(f"{url}/items", data=token | {"targets": "B000000003", "note": "new", "tags": "a, b"})
    assert added.status_code == 303, added.text
    assert "1 item was added." in (await browser.get(added.headers["location"])).text
    again = {"targets": "B000000003\nhello", "note": "new", "tags": "a, b"}
    put = await browser.post(f"{url}/items", data=token | again)
    said = html.unescape((await browser.get(put.headers["location"])).text)
    assert "0 items were added. 1 was in the list already. 1 entry was left out." in said
    file = {"file": ("items.csv", b"target,note,targetPrice\nB000000004,filed,9.90\n", "text/csv")}
    assert (await browser.post(f"{url}/items", data=token, files=file)).status_code == 303
    items = (await tenant.http.get(f"/lists/{one['id']}/items")).json()["data"]
    assert [(item["key"], item["note"]) for item in items[2:]] == [("B000000003", "new"), ("B000000004", "filed")]
    item = f"{url}/items/{items[0]['id']}"
    refused = await browser.post(item, data=token | {"price": "cheap"}, headers={"HX-Request": "true"})
    assert 'data-field="price">price</span> <span data-why>Write a number, for example 19.90.' in refused.text
    assert (await browser.post(item, data=token | {"note": "n", "tags": "x", "price": "19,90 €"})).status_code == 303
    assert (await browser.post(f"{url}/items/{items[1]['id']}", data=token | {"action": "remove"})).status_code == 303
    csv = (await browser.get(f"{url}/items.csv")).text
    assert "B000000001,,n,x,19.9" in csv
    assert "B000000002" not in csv
    change = {**FORM, "name": "Pots", "marketplaces": ["www.amazon.fr"], "action": "settings"} | token
    del change["every"]
    assert (await browser.post(url, data=change)).status_code == 303
    assert (await browser.post(url, data=token | {"action": "checks", "mode": "hand"})).status_code == 303
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


async def test_a_target_price_says_where_it_is_compared(browser, tenant):
    url, token = await made(browser, tenant)
    list_id = url.rpartition("/")[2]
    items = (await tenant.http.get(f"/lists/{list_id}/items")).json()["data"]
    item = f"{url}/items/{items[0]['id']}"
    form = (await browser.get(f"{url}?edit={items[0]['id']}")).text
    assert re.search(r'name="currency".*<option>EUR</option><option>USD</option>', form)
    dollars = token | {"note": "n", "tags": "x", "price": "19,90", "currency": "USD"}
    assert (await browser.post(item, data=dollars)).status_code == 303
    there = (await browser.get(f"{url}?marketplace=www.amazon.de")).text
    assert '<b>$19.90</b><span class="line2 muted">not compared here' in there
    assert "<b>$19.90</b></td>" in (await browser.get(f"{url}?marketplace=www.amazon.com")).text


async def test_a_list_says_when_it_is_checked_and_what_that_takes(browser, tenant):
    url, token = await made(browser, tenant)
    page = (await browser.get(f"{url}?view=checks")).text
    assert page.count('<circle class="f1"') == 2  # Monday and Friday at 08:00
    assert page.count('cx="33.33%"') == 2
    assert re.search(r"Each check</dt><dd>4 pages", page)
    for form, runs, words in (
        ({"mode": "hours", "hours": "6 hours"}, 28, "about 480 pages"),
        ({"mode": "days", "weekdays": ["tue"], "at": "16:30", "timezone": "Europe/Berlin"}, 1, ", <b>16:30</b>"),
        ({"mode": "month", "at": "08:00"}, None, "08:00"),
        ({"mode": "hand"}, 0, "By hand"),
        ({"mode": "cron", "cron": "99 * * * *"}, 0, "out of range"),
        ({"mode": "days", "timezone": "Mars/Base"}, 0, "Time zone"),
    ):
        said = (await browser.post(f"{url}/checks", data=token | form)).text
        assert words in said
        assert runs is None or said.count("<circle") == runs
    saved = {
        "action": "checks",
        "mode": "days",
        "weekdays": ["tue"],
        "at": "16:30",
        "timezone": "Europe/Berlin",
        "until": "2031-01-31",
    }
    assert (await browser.post(url, data=token | saved)).status_code == 303
    [one] = (await tenant.http.get(f"/projects/{tenant.project_id}/lists")).json()["data"]
    assert (one["refresh"]["every"], one["refresh"]["weekdays"], one["refresh"]["until"]) == (
        "day", ["tue"], "2031-01-31T23:00:00.000Z",
    )  # fmt: skip
    renamed = {**FORM, "name": "Pots", "action": "settings"} | token
    del renamed["every"]
    assert (await browser.post(url, data=renamed)).status_code == 303
    [kept] = (await tenant.http.get(f"/projects/{tenant.project_id}/lists")).json()["data"]
    assert (kept["name"], kept["refresh"]) == ("Pots", one["refresh"])


async def test_items_are_found_sorted_and_marked_together(browser, tenant, pool):
    url, token = await made(browser, tenant)
    list_id = url.rpartition("/")[2]
    async with transaction(pool) as conn:
        for asin, price, title in (("B000000001", 20, "Red kettle"), ("B000000002", 15, "Blue kettle")):
            values = {"price": number(price, "EUR"), "title": text(title)}
            await series.add(
                conn,
                Source("o", tenant.project_id, "j" * 24),
                [Sighting("www.amazon.de", asin, NOW - timedelta(days=9), values)],
            )
    items = (await tenant.http.get(f"/lists/{list_id}/items")).json()["data"]
    ids = {item["key"]: item["id"] for item in items}

    async def shown(query):
        page = (await browser.get(f"{url}?{query}")).text
        return re.findall(r'tabindex="-1">((?:Red|Blue) kettle)</a>', page)

    assert await shown("sort=price") == ["Blue kettle", "Red kettle"]
    assert await shown("sort=-price") == ["Red kettle", "Blue kettle"]
    assert await shown("q=blue&sort=d7") == ["Blue kettle"]
    assert await shown("marketplace=www.amazon.com") == [], "it was seen on the other marketplace alone"
    chosen = token | {"item": list(ids.values()), "action": "mark", "tag": "mine", "price": "15"}
    assert (await browser.post(f"{url}/chosen", data=chosen)).status_code == 303
    assert await shown("tag=mine&sort=target") == ["Blue kettle", "Red kettle"]
    page = (await browser.get(url)).text
    assert page.count("Reached") == 1, "of the two, one costs as much as it may"
    edited = (await browser.get(f"{url}?edit={ids['B000000001']}")).text
    assert 'value="15' in edited
    assert (await browser.get(f"{url}?edit={'0' * 24}")).status_code == 404
    one = token | {"item": [ids["B000000002"]], "action": "check"}
    assert (await browser.post(f"{url}/chosen", data=one)).status_code == 303
    jobs = (await tenant.http.get(f"/projects/{tenant.project_id}/jobs")).json()["data"]
    totals = [job["progress"]["total"] for job in jobs]
    assert totals == [1, 1, 2, 2], (
        "one job a marketplace: first of all items, as the list was new, then of the chosen one"
    )
    gone = token | {"item": [ids["B000000002"]], "action": "remove"}
    assert (await browser.post(f"{url}/chosen", data=gone)).status_code == 303
    left = (await tenant.http.get(f"/lists/{list_id}/items")).json()["data"]
    assert [(item["key"], item["tags"], item["targetPrice"]) for item in left] == [
        ("B000000001", ["mine"], {"amount": 15, "currency": "EUR"})
    ]
    assert (await browser.post(f"{url}/chosen", data=token | {"action": "check"})).status_code == 400
    assert (await browser.post(f"{url}/chosen", data=token | {"action": "mark", "item": ["x"]})).status_code == 400


async def test_a_list_is_made_of_a_schedule(browser, tenant):
    crawl = {"type": "details", "targets": ["B000000001", "B000000002"], "config": {"marketplace": "de", "maxAge": 60}}
    body = {"cron": "30 8 * * 1-5", "timezone": "Europe/Berlin", "crawlConfig": crawl}
    schedule = (await tenant.http.post(f"/projects/{tenant.project_id}/schedules", json=body)).json()["data"]
    page = (await browser.get(f"/app/schedules/{schedule['id']}")).text
    token = {"form_token": re.search(r'name="form_token" value="([^"]+)"', page)[1]}
    response = await browser.post(f"/app/schedules/{schedule['id']}/list", data=token)
    assert response.status_code == 303, response.text
    [one] = (await tenant.http.get(f"/projects/{tenant.project_id}/lists")).json()["data"]
    assert response.headers["location"].startswith(f"/app/lists/{one['id']}")
    assert (one["items"], one["marketplaces"], one["config"]) == (2, ["www.amazon.de"], {"maxAge": 60})
    weekdays = ["mon", "tue", "wed", "thu", "fri"]
    when = {"every": "day", "at": "08:30", "weekdays": weekdays, "timezone": "Europe/Berlin"}
    assert {name: value for name, value in one["refresh"].items() if value} == when
    assert one["nextRunAt"] == schedule["nextRunAt"]
    schedule = (await tenant.http.get(f"/schedules/{schedule['id']}")).json()["data"]
    assert not schedule["enabled"], "else both would crawl the same"


async def test_what_is_wrong_is_named(browser, tenant):
    url, token = await made(browser, tenant)
    base = f"/app/projects/{tenant.project_id}/lists"
    for address, data, said in (
        (base, FORM | {"targets": "no product"}, "nothing that is recognised"),
        (base, FORM | {"at": "25:00"}, "08:00"),
        (base, FORM | {"timezone": "Mars/Base"}, "timezone"),
        (f"{url}/items", {"targets": ""}, "nothing that is recognised"),
    ):
        response = await browser.post(address, data=data | token)
        assert (response.status_code, said in response.text) == (400, True), (data, response.text[-1500:])


async def test_what_was_pasted_and_what_is_in_a_file_are_named_before_anything_is_made(browser, tenant):
    base = f"/app/projects/{tenant.project_id}/lists"
    page = (await browser.get(f"{base}/new", headers={"Accept-Language": "de-DE,en;q=0.5"})).text
    assert re.findall(r'value="(www[^"]+)" checked', page) == ["www.amazon.de"]  # the reader's own country
    token = {"form_token": re.search(r'name="form_token" value="([^"]+)"', page)[1]}
    pasted = FORM | token | {"targets": "B000000001\nhello\n0306406152"}
    file = {"file": ("mine.csv", b"ASIN;Notiz;Zielpreis\nB000000007;Eigene;19,90\nB000000008;;teuer\n", "text/csv")}
    said = html.unescape((await browser.post(f"{base}/preview", data=pasted, files=file)).text)
    for words in (
        "3 products found",
        "2 entries are left out",
        "6 pages per check",
        "hello",
        "the target price 'teuer'",
    ):
        assert words in said
    left = await browser.post(f"{base}/left-out", data=pasted)
    assert "hello" in left.content.decode("utf-8-sig")
    made = await browser.post(base, data=pasted, files=file)
    assert "?added=3&left_out=2" in made.headers["location"]
    items = (await tenant.http.get(made.headers["location"].partition("?")[0].replace("/app", "") + "/items")).json()[
        "data"
    ]
    assert [(each["key"], each["note"]) for each in items] == [
        ("B000000001", ""),
        ("0306406152", ""),
        ("B000000007", "Eigene"),
    ]
    again = (await browser.get(f"{base}/new")).text
    assert set(re.findall(r'value="(www[^"]+)" checked', again)) == {
        "www.amazon.de",
        "www.amazon.com",
    }  # as the list before


async def test_cells_of_a_spreadsheet_are_pasted_as_a_file_is_read(browser, tenant):
    base = f"/app/projects/{tenant.project_id}/lists"
    page = (await browser.get(f"{base}/new?kind=search")).text
    assert 'value="Keywords"' in page
    token = {"form_token": re.search(r'name="form_token" value="([^"]+)"', page)[1]}
    cells = "ASIN\tName\tNotiz\nB000000001\tKettle\tEigene\nB000000001\tKettle\t\nhttps://www.amazon.fr/dp/B000000002\tPan\t\n"
    said = html.unescape((await browser.post(f"{base}/preview", data=FORM | token | {"targets": cells})).text)
    for words in ("2 products found", "1 duplicate", "Addresses keep their marketplace: amazon.fr (1)"):
        assert words in re.sub(r"<[^>]+>|\s+", " ", said).replace("  ", " "), said
    assert "left out" not in said
    made = await browser.post(base, data=FORM | token | {"targets": cells})
    url = made.headers["location"].partition("?")[0].replace("/app", "")
    items = (await tenant.http.get(f"{url}/items")).json()["data"]
    assert [(each["key"], each["note"]) for each in items] == [("B000000001", "Eigene"), ("B000000002", "")]


async def test_a_job_begins_where_the_last_list_is_checked(browser, tenant):
    """Not where its last job was, which may have been of one product elsewhere."""
    await made(browser, tenant)
    await tenant.post_job(type="details", targets=["B000000001"], config={"marketplace": "www.amazon.fr"})
    page = (await browser.get(f"/app/projects/{tenant.project_id}/jobs/new")).text
    assert re.findall(r'value="(www[^"]+)" checked', page) == ["www.amazon.de"]


async def test_what_was_not_found_says_so_and_leads_nowhere(browser, tenant, pool):
    """New items are checked at once; what a check of any of them failed at is told until it is found."""
    url, token = await made(browser, tenant)
    assert (await browser.get(url)).text.count("Not checked yet") == 2
    async with transaction(pool) as conn:
        await conn.execute(
            "UPDATE targets SET status = 'failed', error_code = 'not_found' WHERE asin = 'B000000001' AND marketplace = 'www.amazon.de'"
        )
    added = await browser.post(f"{url}/items", data=token | {"targets": "B000000003"})
    assert added.headers["location"].endswith("job=last")
    jobs = (await tenant.http.get(f"/projects/{tenant.project_id}/jobs")).json()["data"]
    assert sorted(job["progress"]["total"] for job in jobs) == [1, 1, 2, 2]
    page = (await browser.get(url)).text
    assert (page.count("Not found"), page.count("Not checked yet")) == (1, 2)
    assert "/products/B000000001" not in page
    # it is corrected where it stands, and the job that failed at it leads there
    async with transaction(pool) as conn:
        await conn.execute(
            "UPDATE jobs SET failed = 1, pending = pending - 1 WHERE id IN (SELECT job_id FROM targets WHERE status = 'failed')"
        )
    failed = next(
        job["id"]
        for job in (await tenant.http.get(f"/projects/{tenant.project_id}/jobs")).json()["data"]
        if job["progress"]["failed"]
    )
    assert "Correct in the list" in (await browser.get(f"/app/jobs/{failed}?status=failed")).text
    items = (await tenant.http.get(f"{url.replace('/app', '')}/items")).json()["data"]
    wrong = next(item["id"] for item in items if item["key"] == "B000000001")
    refused = await browser.post(f"{url}/items/{wrong}", data=token | {"target": "hello"})
    assert (refused.status_code, "hello" in refused.text) == (400, True)
    done = await browser.post(f"{url}/items/{wrong}", data=token | {"target": "B000000009", "note": "right now"})
    assert done.headers["location"].endswith("job=last")
    items = (await tenant.http.get(f"{url.replace('/app', '')}/items")).json()["data"]
    assert {(item["key"], item["note"]) for item in items} == {
        ("B000000002", ""),
        ("B000000003", ""),
        ("B000000009", "right now"),
    }


async def test_a_product_whose_fields_came_one_after_the_other_has_a_page(browser, tenant, pool):
    """A rank, a seller and a rating that were told later than the price are not known before."""
    async with transaction(pool) as conn:
        for hour in range(8, 0, -1):
            values = {"price": number(20 + hour, "EUR"), "title": text("A kettle")}
            values |= {"rank": number(hour, "Kitchen"), "seller": text("S"), "rating": number(4)} if hour < 4 else {}
            seen = Sighting("www.amazon.de", "B000000001", NOW - timedelta(hours=hour), values)
            await series.add(conn, Source("o", tenant.project_id, "j" * 24), [seen])
    page = await browser.get(f"/app/projects/{tenant.project_id}/products/B000000001?marketplace=www.amazon.de")
    assert page.status_code == 200
    assert "All values as a table" in page.text
