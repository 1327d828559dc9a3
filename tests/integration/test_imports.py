"""History from elsewhere: in files, marked, and told to nobody."""

from datetime import UTC, datetime, timedelta

from azscraper.kinds.observations import Sighting, number
from azscraper.store.db import transaction
from azscraper.tracking import series
from azscraper.tracking.observed import Source

ASIN, OTHER = "B000000001", "B000000002"
NOW = datetime.now(UTC).replace(microsecond=0)


async def put(tenant, text, status=201, **params):
    path = f"/projects/{tenant.project_id}/imports"
    response = await tenant.http.post(path, content=text.encode(), params=params, headers={"Content-Type": "text/csv"})
    assert response.status_code == status, response.text
    return response.json()


async def read(tenant, asin=ASIN):
    series = (await tenant.http.get(f"/products/{asin}/history?fields=all&marketplace=de")).json()["data"]
    stats = (await tenant.http.get(f"/products/{asin}/stats?marketplace=de")).json()["data"]
    points = {one["field"]: [(point["value"], point["source"]) for point in one["points"]] for one in series}
    return points, {one["field"]: one for one in stats[0]["fields"]}


def lines(*rows):
    return "\n".join(("asin,marketplace,time,field,value", *rows))


async def test_a_csv_becomes_history(tenant):
    body = lines(
        f"{ASIN},de,2025-01-01,price,20", f"{ASIN},de,2025-01-01,seller,A", f"{ASIN},de,2025-02-01,price,",
        f"{ASIN},de,2025-01-15T12:00:00Z,price,15.5", f"{OTHER.lower()},www.amazon.de,2025-01-01,rank:Home & Garden,7",
    )  # fmt: skip
    assert (await put(tenant, body))["data"] == {"products": 2, "points": 5}
    points, fields = await read(tenant)
    assert points == {
        "price": [(20, "imported"), (15.5, "imported"), (None, "imported")],
        "seller": [("A", "imported")],
    }
    assert (fields["price"]["lowest"], fields["price"]["value"]) == (15.5, None)
    assert (await read(tenant, OTHER))[0] == {"rank:Home & Garden": [(7, "imported")]}
    await put(tenant, body)
    assert (await read(tenant))[0] == points


async def test_what_was_seen_stays_what_is_now(tenant, pool):
    async with transaction(pool) as conn:
        seen = Sighting("www.amazon.de", ASIN, NOW - timedelta(hours=1), {"price": number(12, "EUR")})
        await series.add(conn, Source("o", tenant.project_id, "j"), [seen])
    await put(tenant, lines(f"{ASIN},de,2025-01-01,price,5", f"{ASIN},de,2025-01-02,price,50"))
    points, fields = await read(tenant)
    assert points["price"] == [(5, "imported"), (50, "imported"), (12, "details")]
    assert (fields["price"]["value"], fields["price"]["lowest"], fields["price"]["highest"]) == (12, 5, 50)
    changes = (await tenant.http.get(f"/projects/{tenant.project_id}/changes?since=2024-01-01")).json()["data"]
    assert changes == []


async def test_keepas_export(tenant):
    body = (
        '"Locale","Image","Title","Sales Rank: Current","Reviews: Rating","Buy Box 🚚: Current","New: Current","List Price: Current",'
        '"Count of retrieved live offers: New, FBA","New Offer Count: Current","Bought in past month","Used: Current","ASIN"\n'
        f'"de","https://m.media-amazon.com/a.jpg","A kettle","# 1,234","4.5","€ 1,019.99","-1","","3","12","2K+","-","{ASIN}"\n'
    )
    assert (await put(tenant, body, at="2025-03-01"))["data"] == {"products": 1, "points": 8}
    _, fields = await read(tenant)
    assert {name: (one["value"], one["unit"]) for name, one in fields.items()} == {
        "price": (1019.99, "EUR"), "rank": (1234, None), "rating": (4.5, None), "title": ("A kettle", None),
        "newFrom": (None, None), "usedFrom": (None, None), "newCount": (12, None), "boughtPastMonth": (2000, None),
    }  # fmt: skip


async def test_what_is_wrong_is_named(tenant):
    for row, said in (
        (f"{ASIN},de,2025-01-01,prise,1", "line 2: 'prise' is not a field"),
        (f"{ASIN},de,2025-01-01,price,cheap", "line 2: value 'cheap'"),
        (f"{ASIN},de,1999-01-01,price,1", "before 2010"),
        (f"{ASIN},de,2999-01-01,price,1", "future"),
        (f"{ASIN},mars,2025-01-01,price,1", "mars"),
        ("x,de,2025-01-01,price,1", "asin 'x'"),
        (f"{ASIN},de,2025-01-01,title,{'x' * 150_000}", "line 2: can't be read as CSV"),
    ):
        assert said in str(await put(tenant, lines(row), 400))
    assert "headers" in str(await put(tenant, "a,b\n1,2", 400))
    assert "save it as CSV" in str(await put(tenant, "PK\x03\x04workbook", 400))
    keepa = f"ASIN,Buy Box: Current\n{ASIN},19.99\n{ASIN},cheap\n"
    assert "line 2: names no marketplace" in str(await put(tenant, keepa, 400))
    assert "line 3: Buy Box: Current: 'cheap'" in str(await put(tenant, keepa, 400, marketplace="de"))
    assert "UTF-8" in str((await tenant.http.post(f"/projects/{tenant.project_id}/imports", content=b"\xff")).text)
