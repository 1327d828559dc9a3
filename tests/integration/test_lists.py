"""Lists: what a project follows, on several marketplaces, by the clock and by hand."""

import io
import re
from datetime import UTC, datetime, timedelta

import pytest
from python_calamine import CalamineWorkbook

from azscraper.kinds.observations import Sighting, number, text
from azscraper.store.db import transaction
from azscraper.tracking import due, series
from azscraper.tracking.lists import runs as list_runs
from azscraper.tracking.observed import Source
from azscraper.web.api import list_tables
from unit.jobs.list_files import book, link

NOTHING_LEFT_OUT = {"duplicates": 0, "leftOut": 0, "leftOutLines": []}
HOSTS = ["www.amazon.com", "www.amazon.de"]
BODY = {
    "name": "Kettles",
    "type": "details",
    "marketplaces": ["us", "de"],
    "config": {"lang": "en-US"},
    "refresh": {"every": "day", "at": "08:00", "timezone": "Europe/Berlin"},
    "items": [
        {"target": "B000000001", "note": "ours", "tags": ["mine"], "targetPrice": 19.9},
        {"target": "https://www.amazon.co.uk/dp/B000000002"},
        {"target": "B000000003", "marketplace": "de", "targetPrice": 20},
    ],
}


async def call(tenant, method, path, body=None, status=200, **params):
    response = await tenant.http.request(method, path, json=body, params=params)
    assert response.status_code == status, response.text
    return response.json() if response.content else None


@pytest.fixture
async def made(tenant):
    return (await call(tenant, "POST", f"/projects/{tenant.project_id}/lists", BODY, 201))["data"]


async def test_a_list_is_what_was_asked_for(tenant, made):
    assert (made["marketplaces"], made["items"], made["config"]) == (HOSTS, 3, {"lang": "en-US"})
    assert made["refresh"] == {
        "every": "day",
        "at": "08:00",
        "weekdays": [],
        "cron": None,
        "timezone": "Europe/Berlin",
        "until": None,
    }
    assert made["nextRunAt"][11:] in {"06:00:00.000Z", "07:00:00.000Z"}
    items = (await call(tenant, "GET", f"/lists/{made['id']}/items"))["data"]
    assert [one["comparedOn"] for one in items] == [["www.amazon.com"], [], ["www.amazon.de"]]
    assert [(one["key"], one["marketplace"], one["targetPrice"]) for one in items] == [
        ("B000000001", None, {"amount": 19.9, "currency": "USD"}),
        ("B000000002", "www.amazon.co.uk", None),
        ("B000000003", "www.amazon.de", {"amount": 20, "currency": "EUR"}),
    ]
    assert (await call(tenant, "GET", f"/projects/{tenant.project_id}/lists"))["data"] == [made]


async def test_a_refresh_posts_a_job_for_each_marketplace(tenant, made):
    posted = (await call(tenant, "POST", f"/lists/{made['id']}/refresh", status=201))["data"]
    targets = {}
    for one in posted:
        job = (await call(tenant, "GET", f"/jobs/{one['jobId']}"))["data"]
        assert (job["name"], job["config"]["lang"]) == ("Kettles", "en-US")
        targets[one["marketplace"]] = [target["value"] for target in job["targets"]]
    assert targets == {
        "www.amazon.com": ["B000000001"],
        "www.amazon.de": ["B000000001", "B000000003"],
        "www.amazon.co.uk": ["https://www.amazon.co.uk/dp/B000000002"],
    }
    after = (await call(tenant, "GET", f"/lists/{made['id']}"))["data"]
    assert (after["lastJobs"], after["nextRunAt"]) == (posted, made["nextRunAt"])


async def run_due(pool, now):
    async with transaction(pool) as conn:
        return await list_runs.run_due(conn, now=now)


async def test_what_is_due_runs_once_and_archived_projects_wait(tenant, made, pool):
    due = datetime.fromisoformat(made["nextRunAt"])
    assert await run_due(pool, due - timedelta(minutes=1)) is None
    await call(tenant, "PATCH", f"/projects/{tenant.project_id}", {"archived": True})
    assert await run_due(pool, due) is None
    await call(tenant, "PATCH", f"/projects/{tenant.project_id}", {"archived": False})
    assert (await run_due(pool, due)).id == made["id"]
    assert await run_due(pool, due) is None
    after = (await call(tenant, "GET", f"/lists/{made['id']}"))["data"]
    assert len(after["lastJobs"]) == 3
    assert datetime.fromisoformat(after["nextRunAt"]) > due
    async with transaction(pool) as conn:
        cursor = await conn.execute("SELECT DISTINCT list_id FROM jobs")
        assert await cursor.fetchall() == [(made["id"],)]


async def test_a_run_without_a_job_says_why_and_ends_after_ten(tenant, pool):
    body = {**BODY, "items": [], "refresh": {"every": "hour"}}
    made = (await call(tenant, "POST", f"/projects/{tenant.project_id}/lists", body, 201))["data"]
    for _ in range(due.MOST_FAILURES):
        now = datetime.fromisoformat((await call(tenant, "GET", f"/lists/{made['id']}"))["data"]["nextRunAt"])
        assert await run_due(pool, now) is not None
    after = (await call(tenant, "GET", f"/lists/{made['id']}"))["data"]
    assert after["nextRunAt"] is None
    assert "empty" in after["lastError"]
    assert "10 times" in after["lastError"]


async def test_items_are_edited_and_taken_out(tenant, made):
    path = f"/lists/{made['id']}/items"
    again = await call(
        tenant, "POST", path, {"items": [{"target": "b000000001", "note": "new"}, {"target": "B000000009"}]}
    )
    assert again["data"] == {"added": 1, "changed": 1, "total": 4} | NOTHING_LEFT_OUT
    first = (await call(tenant, "GET", path, text="new"))["data"][0]
    assert (first["note"], first["tags"], first["targetPrice"]) == ("new", [], None)
    changed = await call(tenant, "PATCH", f"{path}/{first['id']}", {"targetPrice": 15, "tags": ["a", "b"]})
    assert (changed["data"]["targetPrice"], changed["data"]["note"]) == ({"amount": 15, "currency": "USD"}, "new")
    assert [one["key"] for one in (await call(tenant, "GET", path, tag="b"))["data"]] == ["B000000001"]
    assert (await call(tenant, "PATCH", f"{path}/{first['id']}", {"targetPrice": None}))["data"]["targetPrice"] is None
    assert (await call(tenant, "DELETE", path, id=[first["id"], "0" * 24]))["data"] == {"removed": 1}
    page = await call(tenant, "GET", path, limit=2)
    rest = await call(tenant, "GET", path, limit=2, cursor=page["meta"]["nextCursor"])
    assert [len(page["data"]), len(rest["data"]), rest["meta"]["nextCursor"]] == [2, 1, None]


async def test_a_file_goes_in_and_comes_out(tenant, made):
    path = f"/lists/{made['id']}/items"
    out = await tenant.http.get(path, params={"format": "csv"})
    assert out.headers["content-disposition"].startswith("attachment")
    lines = out.content + b"B000000004,us,four,x;y,9.99,USD\r\n"
    put = await tenant.http.put(path, content=lines, params={"name": "items.csv"})
    assert put.json()["data"] == {"added": 1, "changed": 3, "total": 4} | NOTHING_LEFT_OUT
    only = await tenant.http.put(path, content=b"ASIN\nB000000007\n", params={"name": "asins.csv", "replace": True})
    assert only.json()["data"] == {"added": 1, "changed": 0, "total": 1} | NOTHING_LEFT_OUT
    long = await tenant.http.put(path, content=b"target\nB000000001\n" + b"x" * 150_000)
    assert (long.status_code, "line 3: can't be read as CSV" in long.text) == (400, True)
    bad = await tenant.http.put(path, content=b"target\nnothing\n")
    assert bad.status_code == 400
    assert "line 2: 'nothing' is neither an ASIN" in bad.text
    saved = b"\xef\xbb\xbftarget;marketplace;note;tags;targetPrice;currency\r\nB000000007;;;;19,9;EUR\r\n"
    assert (await tenant.http.put(path, content=saved)).status_code == 200, "as a German spreadsheet saves an export"
    [only] = (await call(tenant, "GET", path))["data"]
    assert only["targetPrice"] == {"amount": 19.9, "currency": "EUR"}
    some = b'target,note,targetPrice\nB000000007,"two\nlines",\nnothing,,\nB000000008,,cheap\nB000000007,again,\n'
    put = (await tenant.http.put(path, content=some, params={"onInvalid": "skip"})).json()["data"]
    assert (put["changed"], put["duplicates"], put["leftOut"]) == (1, 1, 2)
    assert [line[:16] for line in put["leftOutLines"]] == ["line 3: 'nothing", "line 4: targetPr"]


async def test_a_sheet_as_people_have_it_brings_its_notes_and_prices(tenant):
    body = {"name": "Sheet", "type": "details", "marketplaces": ["de", "us"]}
    one = (await tenant.http.post(f"/projects/{tenant.project_id}/lists", json=body)).json()["data"]
    sheet = book(
        ("Info", [["Stand: Montag"]]),
        (
            "Produkte",
            [
                ["Unsere Produkte 2026", "", "", "", ""],
                ["Nr.", "Produktname", "ASIN", "Zielpreis", "Bemerkung", "Schlagwörter"],
                [1, "Kessel", "b000000001", "19,90 €", "neu im Mai", "eigene; Küche"],
                [2, "Pfanne", link("https://www.amazon.de/dp/B000000002?tag=x", "Pfanne (Link)"), 24.5, "", ""],
                [3, "Topf", "https://www.amazon.com/gp/product/B000000003", "$ 1,299.00", "", "Wettbewerb"],
                [4, "Deckel", "n/a", "", "kommt noch", ""],
                [5, "Kelle", "B000000005", "auf Anfrage", "", ""],
            ],
        ),
    )
    path, name = f"/lists/{one['id']}/items", {"name": "Produkte.xlsx"}
    bad = await tenant.http.put(path, content=sheet, params=name)
    assert bad.status_code == 400
    assert "auf Anfrage" in bad.text
    put = await tenant.http.put(path, content=sheet, params=name | {"onInvalid": "skip"})
    assert put.json()["data"] == {
        "added": 3,
        "changed": 0,
        "total": 3,
        "duplicates": 0,
        "leftOut": 1,
        "leftOutLines": ["B000000005: the target price 'auf Anfrage' is not an amount such as 19.90"],
    }
    other = await tenant.http.put(path, content=sheet, params=name | {"column": "Produktname"})
    assert "line 3: 'Kessel' is neither an ASIN" in other.text
    assert "has no sheet named" in (await tenant.http.put(path, content=sheet, params=name | {"sheet": "None"})).text
    items = (await tenant.http.get(path)).json()["data"]
    told = {
        item["key"]: (item["marketplace"], item["note"], item["tags"], *(item["targetPrice"] or {}).values())
        for item in items
    }
    assert told == {
        "B000000001": (None, "neu im Mai", ["eigene", "Küche"], 19.9, "EUR"),
        "B000000002": ("www.amazon.de", "", [], 24.5, "EUR"),
        "B000000003": ("www.amazon.com", "", ["Wettbewerb"], 1299, "USD"),
    }
    csv = "asin;Notes;Target price\nB000000006;again;7,5\n".encode("utf-16")
    assert (await tenant.http.put(path, content=csv)).json()["data"]["added"] == 1
    [item] = (await tenant.http.get(path, params={"text": "again"})).json()["data"]
    assert (item["key"], item["targetPrice"]) == ("B000000006", {"amount": 7.5, "currency": "EUR"})


async def test_a_list_changes_and_goes(tenant, made):
    path = f"/lists/{made['id']}"
    new = await call(tenant, "PATCH", path, {"name": "Pots", "marketplaces": ["fr"], "refresh": {"every": "6 hours"}})
    assert (new["data"]["name"], new["data"]["marketplaces"], new["data"]["refresh"]["every"]) == (
        "Pots",
        ["www.amazon.fr"],
        "6 hours",
    )
    assert (await call(tenant, "PATCH", path, {"refresh": None}))["data"]["nextRunAt"] is None
    await call(tenant, "DELETE", path, status=204)
    await call(tenant, "GET", path, status=404)


async def test_what_is_wrong_is_named(tenant, made):
    lists = f"/projects/{tenant.project_id}/lists"
    for change, said in (
        ({"type": "nothing"}, "type"),
        ({"marketplaces": ["mars"]}, "marketplaces.0"),
        ({"marketplaces": []}, "marketplaces"),
        ({"config": {"marketplace": "us"}}, "config.marketplace"),
        ({"config": {"maxRetries": "many"}}, "config"),
        ({"refresh": {"every": "day", "cron": "0 8 * * *"}}, "refresh"),
        ({"refresh": {"every": "5 hours"}}, "refresh.every"),
        ({"items": [{"target": "nothing"}]}, "items.0"),
        ({"name": ""}, "name"),
    ):
        assert said in str(await call(tenant, "POST", lists, BODY | change, 400)), change
    assert "config" in str(await call(tenant, "PATCH", f"/lists/{made['id']}", {"config": {"lang": "\0"}}, 400))
    assert "maxRetries" in str(
        await call(tenant, "PATCH", f"/lists/{made['id']}", {"config": {"maxRetries": "x"}}, 400)
    )


async def test_a_list_of_products_as_a_file(tenant, pool):
    items = [
        {"target": "B000000001", "note": "=1+1", "tags": ["own"], "targetPrice": 19.9, "currency": "EUR"},
        {"target": "B000000002", "marketplace": "us"},
    ]
    body = {"name": "Kettles", "type": "details", "marketplaces": ["de", "us"], "items": items}
    made = (await call(tenant, "POST", f"/projects/{tenant.project_id}/lists", body, 201))["data"]
    a, b = "B000000001", "B000000002"
    async with transaction(pool) as conn:
        seen = Sighting(
            "www.amazon.de", a, datetime.now(UTC), {"price": number(18.5, "EUR"), "title": text("A kettle")}
        )
        await series.add(conn, Source("o", tenant.project_id, "j" * 24), [seen])

    async def get(status=200, **params):
        response = await tenant.http.get(f"/lists/{made['id']}/export", params=params)
        assert response.status_code == status, response.text
        return response

    rows = (await get(format="json")).json()
    assert [(row["asin"], row["marketplace"], row["targetReached"]) for row in rows] == [
        (a, "www.amazon.de", True),
        (a, "www.amazon.com", None),
        (b, "www.amazon.com", None),
    ]
    answer = await get(names="labels")
    assert re.search(r'filename="kettles-\d{4}-\d\d-\d\d\.xlsx"', answer.headers["content-disposition"])
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0).to_python()
    assert sheet[0][:5] == ["Title", "ASIN", "Marketplace", "Price", "Price, currency"]
    assert sheet[1][:5] == ["A kettle", a, "www.amazon.de", 18.5, "EUR"]
    assert (await get(format="csv", marketplace="us")).text.count(a) == 2, "the ASIN and its address"
    assert (await get(format="ndjson", tag="own")).text.count("\n") == 2
    assert "'=1+1" in (await get(format="csv")).text
    assert "marketplace" in (await get(400, marketplace="fr")).text
    assert "names" in (await get(400, format="json", names="labels")).text


async def test_the_file_of_a_list_is_bounded(tenant, monkeypatch):
    monkeypatch.setattr(list_tables, "_MOST", 3)
    items = [{"target": "B000000001"}, {"target": "B000000002", "tags": ["own"]}]
    body = {"name": "Long", "type": "details", "marketplaces": ["de", "us"], "items": items}
    made = (await call(tenant, "POST", f"/projects/{tenant.project_id}/lists", body, 201))["data"]
    path = f"/lists/{made['id']}/export"
    assert "marketplace" in (await call(tenant, "GET", path, status=400))["error"]["message"]
    assert len(await call(tenant, "GET", path, format="json", marketplace="de")) == 2
    assert len(await call(tenant, "GET", path, format="json", tag="own")) == 2
    body = {"name": "Words", "type": "search", "marketplaces": ["de"], "items": [{"target": "kettle"}]}
    words = (await call(tenant, "POST", f"/projects/{tenant.project_id}/lists", body, 201))["data"]
    await call(tenant, "GET", f"/lists/{words['id']}/export", status=409)
