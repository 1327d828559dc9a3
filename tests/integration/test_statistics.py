"""Series and statistics over HTTP: what pandas makes of the exported series is what the service says."""

from datetime import UTC, datetime, timedelta

import pandas as pd
import pytest

from azscraper.kinds.observations import ABSENT, Sighting, number, text
from azscraper.store.db import transaction
from azscraper.tracking import series
from azscraper.tracking.observed import Source

HOST, ASIN = "www.amazon.de", "B000000001"
NOW = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
PRICES = (20, 20, 18, None, 18, 25, 25, 15, 19)
"""A day each, the last one yesterday."""


@pytest.fixture
async def followed(tenant, pool):
    async with transaction(pool) as conn:
        for day, price in enumerate(PRICES):
            values = {
                "price": ABSENT if price is None else number(price, "EUR"),
                "rank": number(100 - day, "Home, Garden"),
                "seller": text("A" if day < 3 else "B"),
                "availability": text("in_stock" if price else "unavailable"),
            }
            at = NOW - timedelta(days=len(PRICES) - day)
            await series.add(conn, Source("o", tenant.project_id, f"job{day}"), [Sighting(HOST, ASIN, at, values)])
    return tenant


async def get(tenant, path, status=200):
    response = await tenant.http.get(path)
    assert response.status_code == status, response.text
    return response.json() if response.headers["content-type"] == "application/json" else response.text


async def test_a_series_has_its_changes_and_its_last_check(followed):
    answer = await get(followed, f"/products/{ASIN}/history?fields=price")
    [one] = answer["data"]
    assert [point["value"] for point in one["points"]] == [20, 18, None, 18, 25, 15, 19]
    assert (one["field"], one["marketplace"], one["place"], one["points"][0]["unit"]) == ("price", HOST, "", "EUR")
    assert one["checkedAt"] == one["points"][-1]["at"]
    assert one["points"][1] == {
        "at": (NOW - timedelta(days=7)).strftime("%Y-%m-%dT%H:%M:%S.000Z"),
        "value": 18,
        "unit": "EUR",
        "source": "details",
        "jobId": "job2",
        "lowest": None,
        "highest": None,
        "mean": None,
    }
    since = (NOW - timedelta(days=4, hours=-1)).isoformat().replace("+", "%2B")
    [late] = (await get(followed, f"/products/{ASIN}/history?fields=price&from={since}"))["data"]
    assert [point["value"] for point in late["points"]] == [25, 15, 19]
    everything = await get(followed, f"/products/{ASIN.lower()}/history?fields=all")
    assert {one["field"] for one in everything["data"]} == {"price", "rank", "seller", "availability"}


async def test_statistics_equal_those_of_the_exported_series(followed):
    exported = (await get(followed, f"/products/{ASIN}/history?fields=all"))["data"]
    [found] = (await get(followed, f"/products/{ASIN}/stats?days=6,30"))["data"]
    for window in found["windows"]:
        start = pd.Timestamp(window["start"])
        for told in window["fields"]:
            [one] = [one for one in exported if one["field"] == told["field"]]
            points = pd.Series(
                [point["value"] for point in one["points"]],
                index=pd.to_datetime([point["at"] for point in one["points"]]),
                dtype=float,
            )
            ends = [*points.index[1:], pd.Timestamp(one["checkedAt"])]
            seconds = pd.Series(
                [(end - max(at, start)).total_seconds() for at, end in zip(points.index, ends, strict=True)],
                index=points.index,
            ).clip(lower=0)
            has = points.notna()
            assert told["mean"] == pytest.approx((points * seconds)[has].sum() / seconds[has].sum())
            within = points[(seconds > 0) | (points.index >= start)]
            assert (told["lowest"], told["highest"]) == (within.min(), within.max())
    [current] = [one for one in found["fields"] if one["field"] == "price"]
    assert (current["value"], current["lowest"], current["highest"], current["isLowest"], current["isLowest90"]) == (
        19,
        15,
        25,
        False,
        False,
    )
    [rank] = [one for one in found["fields"] if one["field"] == "rank"]
    assert (rank["isLowest"], rank["unit"]) == (True, "Home, Garden")
    month = found["windows"][1]
    assert {one["field"]: one["drops"] for one in month["fields"]} == {"price": 2, "rank": 8}
    assert month["buyBox"] == [{"seller": "B", "share": 0.625}, {"seller": "A", "share": 0.375}]
    assert month["outOfStockShare"] == 0.125


async def test_steps_and_pictures(followed):
    [one] = (await get(followed, f"/products/{ASIN}/history?fields=price&step=month"))["data"]
    assert len(one["points"]) <= 2
    assert {point["highest"] for point in one["points"]} <= {20, 25}
    picture = await get(followed, f"/products/{ASIN}/chart.svg?days=30")
    assert picture.startswith("<svg")
    assert "(EUR)" in picture
    both = await get(followed, f"/products/{ASIN}/chart.svg?days=30&fields=price,listPrice,newFrom")
    assert (both.count('stroke-width="2"'), ">price</text>" in both) == (1, False), "one of them alone is known"


async def test_what_is_wrong_is_named(followed):
    for path, status, said in (
        ("history?fields=prise", 400, "price"),
        ("history?fields=price&step=year", 400, "step"),
        ("history?fields=price&step=hour&from=1990-01-01", 200, ""),
        ("stats?days=0", 400, "days"),
        ("stats?days=1,2,3,4,5,6,7,8,9,10,11", 400, "days"),
        ("chart.svg?field=nothing", 400, "fields"),
        ("chart.svg?fields=price,rank", 400, "one scale"),
        ("chart.svg?fields=price,listPrice,newFrom,usedFrom,landedPrice", 400, "one to 4"),
    ):
        assert said in str(await get(followed, f"/products/{ASIN}/{path}", status))


@pytest.mark.usefixtures("followed")
async def test_a_stranger_sees_nothing_of_it(stranger):
    for path in ("history?fields=all", "stats"):
        assert (await get(stranger, f"/products/{ASIN}/{path}"))["data"] == []
    await get(stranger, f"/products/{ASIN}/chart.svg", 404)
