"""The finder and the list of changes say what pandas makes of the exported series."""

import random
from datetime import UTC, datetime, timedelta

import pandas as pd
import pytest

from azscraper.kinds.observations import ABSENT, Sighting, number, text
from azscraper.store.db import transaction
from azscraper.tracking import series
from azscraper.tracking.observed import Source

HOST = "www.amazon.de"
NOW = datetime.now(UTC).replace(microsecond=0)
ASINS = [f"B{n:09}" for n in range(1, 13)]


@pytest.fixture
async def followed(tenant, pool):
    """Twelve products over forty days, of which the last began five days ago."""
    chance = random.Random(7)
    async with transaction(pool) as conn:
        for day in range(40, 0, -1):
            for asin in ASINS[: None if day < 6 else -1]:
                if chance.random() < 0.4:
                    price = chance.choice([ABSENT, *(number(n, "EUR") for n in range(8, 15))])
                    values = {
                        "price": price,
                        "rating": number(chance.choice([4.1, 4.5])),
                        "title": text(f"Kettle {asin}"),
                    }
                    at = NOW - timedelta(days=day, hours=-9)  # far from the ends of days, however long the run takes
                    seen = [Sighting(HOST, asin, at, values)]
                    await series.add(conn, Source("o", tenant.project_id, "job"), seen)
    return tenant


async def get(tenant, path, status=200, **params):
    response = await tenant.http.get(f"/projects/{tenant.project_id}/{path}", params=params)
    assert response.status_code == status, response.text
    return response.json()


async def exported(tenant):
    frames = []
    for asin in ASINS:
        answer = await tenant.http.get(f"/products/{asin}/history?fields=all")
        for one in answer.json()["data"]:
            frame = pd.DataFrame(one["points"])
            frames.append(frame.assign(asin=asin, field=one["field"], at=pd.to_datetime(frame["at"])))
    return pd.concat(frames)


async def test_changes_are_the_points_that_differ_from_the_one_before(followed):
    points = await exported(followed)
    key = points.value.map(repr)
    before = key.groupby([points.asin, points.field]).shift()
    differs = points[before.notna() & (before != key) & (points["at"] >= pd.Timestamp(NOW - timedelta(days=20)))]
    listed, cursor = [], None
    while True:
        params = {"since": (NOW - timedelta(days=20)).isoformat(), "limit": 7} | ({"cursor": cursor} if cursor else {})
        page = await get(followed, "changes", **params)
        listed += page["data"]
        if (cursor := page["meta"]["nextCursor"]) is None:
            break
    assert len(listed) == page["meta"]["total"] == len(differs) > 20
    assert {(one["asin"], one["field"], pd.Timestamp(one["at"])) for one in listed} == set(
        differs[["asin", "field", "at"]].itertuples(index=False, name=None)
    )
    times = [one["at"] for one in listed]
    assert times == sorted(times, reverse=True)
    assert {one["title"] for one in listed} <= {f"Kettle {asin}" for asin in ASINS}


async def test_changes_of_some_fields_and_of_at_least_so_much(followed):
    since = (NOW - timedelta(days=30)).isoformat()
    everything = (await get(followed, "changes", since=since, kind="price", limit=1000))["data"]
    large = (await get(followed, "changes", since=since, kind="price", min=30, limit=1000))["data"]
    assert {one["field"] for one in everything} == {"price"}
    assert large == [one for one in everything if one["percent"] is not None and abs(one["percent"]) >= 30]
    for one in large:
        before, after = one["before"]["value"], one["after"]["value"]
        assert one["percent"] == pytest.approx((after - before) / before * 100)
    assert (await get(followed, "changes", marketplace="us", since=since))["data"] == []


async def test_moves_are_from_the_value_that_held(followed):
    points = (await exported(followed)).query("field == 'price'")
    found = (await get(followed, "products", sort="asin"))["data"]
    assert [one["asin"] for one in found] == ASINS
    for one in found:
        own = points[points.asin == one["asin"]]
        now = one["values"]["price"]["value"]
        expected = {}
        for days in (1, 7, 30):
            then = own[own["at"] <= pd.Timestamp(NOW - timedelta(days=days))]
            if len(then) and now is not None and pd.notna(then.value.iloc[-1]):
                expected[days] = now - then.value.iloc[-1]
        assert {move["days"]: move["amount"] for move in one["changes"]} == expected


async def test_where_and_sort_hold(followed):
    found = (await get(followed, "products", sort="asin"))["data"]

    def moved(one):
        return next((move["percent"] for move in one["changes"] if move["days"] == 7), None)

    fallen = await get(followed, "products", where="change.7<0", sort="change.7")
    assert [one["asin"] for one in fallen["data"]] == [
        one["asin"] for one in sorted(found, key=lambda one: moved(one) or 0) if (moved(one) or 0) < 0
    ]
    assert fallen["meta"]["total"] == len(fallen["data"]) > 0
    cheap = await get(
        followed, "products", where='price<=10,rating>4.2,title~"KETTLE",marketplace="www.amazon.de"', sort="-price"
    )
    wanted = [
        one for one in found if (one["values"]["price"]["value"] or 99) <= 10 and one["values"]["rating"]["value"] > 4.2
    ]
    assert {one["asin"] for one in cheap["data"]} == {one["asin"] for one in wanted}
    prices = [one["values"]["price"]["value"] for one in cheap["data"]]
    assert prices == sorted(prices, reverse=True)
    assert (await get(followed, "products", where='price.unit="EUR",checkedAt<"2020-01-01"'))["data"] == []
    behind = await get(followed, "products", offset=50)
    assert (behind["data"], behind["meta"]["total"]) == ([], len(ASINS))


async def test_what_is_wrong_is_named(tenant):
    for path, params, said in (
        ("products", {"where": "prise<20"}, "where"),
        ("products", {"where": 'price<"20"'}, "a number"),
        ("products", {"where": "title=20"}, "text"),
        ("products", {"where": 'checkedAt<"yesterday"'}, "ISO 8601"),
        ("products", {"where": "change.2<20"}, "change.7"),
        ("products", {"sort": "-size"}, "sort"),
        ("products", {"changeOf": "title"}, "changeOf"),
        ("changes", {"kind": "prise"}, "kind"),
        ("changes", {"min": "-1"}, "min"),
        ("changes", {"cursor": "x"}, "cursor"),
    ):
        assert said in str(await get(tenant, path, 400, **params)), params


async def test_more_finders_at_once_than_an_organization_has_are_refused(followed, services):
    path = f"/projects/{followed.project_id}/products"
    organization = (await followed.http.get("/me")).json()["data"]["organizationId"]
    with services.filters.taken(organization), services.filters.taken(organization):
        refused = await followed.http.get(path)
    assert (refused.status_code, refused.headers["retry-after"]) == (429, "2")
    assert (await followed.http.get(path)).status_code == 200
