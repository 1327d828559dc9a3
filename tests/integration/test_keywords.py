"""Share of shelf, positions and moves over HTTP, of what searches stored."""

from dataclasses import replace
from datetime import timedelta

import pytest

from azscraper.kinds.observations import Ranking, Sighting, text
from azscraper.store.db import transaction
from azscraper.tenants.principal import Principal
from azscraper.tracking import observed, series
from azscraper.tracking.observed import Source
from integration.test_history import NOW

A, B, C = "B000000001", "B000000002", "B000000003"
FIRST = Ranking(
    "www.amazon.de",
    "kettle",
    "",
    "",
    2,
    NOW,
    (A, B, A, C),
    (True, False, False, False),
    ("X", None, "X", None),
    (1, 1, 1, 2),
)
SECOND = replace(FIRST, observed_at=NOW + timedelta(days=1), asins=(A, C, A, B), tile_pages=(1, 1, 1, 2))


@pytest.fixture
async def searched(tenant, pool):
    me = (await tenant.http.get("/me")).json()["data"]
    source = Source(me["organizationId"], tenant.project_id, "job", "search")
    async with transaction(pool) as conn:
        await series.add(conn, source, [Sighting("www.amazon.de", B, NOW, {"brand": text("Y")})])
        for one in (FIRST, SECOND):
            await observed.add_rankings(conn, source, [one])
    return tenant


async def get(tenant, name, status=200, **params):
    response = await tenant.http.get(f"/keywords/{name}", params={"keyword": "Kettle", "marketplace": "de"} | params)
    assert response.status_code == status, response.text
    return response.json()["data"] if status == 200 else response.text


async def test_share_of_shelf_over_time(searched):
    last, first = await get(searched, "share")
    assert [(one["name"], one["tiles"], one["share"], one["bestPosition"]) for one in first["shares"]] == [
        ("X", 2, 0.5, 1),
        ("Y", 1, 0.25, 2),
        (None, 1, 0.25, 4),
    ]
    assert last["observedAt"] > first["observedAt"]
    [organic, _] = await get(searched, "share", placement="organic", pages=1)
    assert [(one["name"], one["share"]) for one in organic["shares"]] == [(None, 0.5), ("X", 0.5)]
    assert organic["shares"][0]["weightedShare"] > 0.5
    assert [one["name"] for one in (await get(searched, "share", by="asin", limit=1))[0]["shares"]] == [A, C, B]


async def test_positions_of_products_brands_and_lists(searched):
    body = {"name": "L", "type": "details", "marketplaces": ["de"], "items": [{"target": C}]}
    made = (await searched.http.post(f"/projects/{searched.project_id}/lists", json=body)).json()["data"]
    found = await get(searched, "positions", asins=A.lower(), brands="y,nobody", listId=made["id"])
    assert [
        (one["name"], one["position"], one["organicPosition"], one["sponsoredPosition"], one["change"]) for one in found
    ] == [
        (A, 1, 2, 1, 0),
        (C, 2, 1, None, -2),
        ("y", 4, 3, None, 2),
        ("nobody", None, None, None, None),
    ]
    assert found[2]["bestOrganicPosition"] == 1
    assert found[2]["bestAt"] < found[2]["observedAt"]
    assert await get(searched, "positions", keyword="never", asins=A) == []
    await get(searched, "positions", status=404, listId="0" * 24)


async def test_moves(searched):
    [only] = await get(searched, "moves")
    assert [(one["asin"], one["kind"], one["before"], one["after"], one["overtook"]) for one in only["moves"]] == [
        (C, "up", 3, 1, [B, A]),
        (B, "down", 1, 3, []),
    ]


async def test_what_is_wrong_is_named_and_strangers_see_nothing(searched, stranger):
    assert "placement" in await get(searched, "share", status=400, placement="top")
    assert "asins" in await get(searched, "positions", status=400, asins="x")
    assert "marketplace" in await get(searched, "share", status=400, marketplace="mars")
    assert await get(stranger, "share") == []


async def test_what_the_version_before_wrote_is_read(searched, pool):
    async with transaction(pool) as conn:
        await conn.execute("UPDATE keyword_observations SET brands = NULL, tile_pages = NULL")
        principal = Principal((await searched.http.get("/me")).json()["data"]["organizationId"])
        assert principal
    last, _ = await get(searched, "share", pages=1)
    assert (last["tiles"], last["shares"][0]["name"]) == (2, None)
