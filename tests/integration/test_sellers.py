"""Sellers of a product over HTTP, of the looks and the series that jobs stored."""

import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import httpx
import pandas as pd
import pytest

from azscraper.kinds.observations import OfferSeen, OffersSeen, Sighting, number, text
from azscraper.store.db import fetch_all, transaction
from azscraper.tracking import series
from azscraper.tracking.observed import Source
from azscraper.tracking.offers import looks
from integration.one_app import App
from integration.test_keywords import FIRST

HOST, ASIN = FIRST.marketplace, FIRST.asins[0]
NOW = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
DAYS = (
    {"Anna": 20, "Ben": 19},
    {"Anna": 20, "Ben": 19, "Carl": 18},
    {"Anna": 21, "Carl": 18},
    {"Anna": 21, "Carl": 18},
    {"Anna": 21, "Dora": 17, "Carl": 16},
)
"""What each asks, a day each, the last one yesterday; Anna has the buy box, and Dora on the last day."""
FEATURED = ("Anna", "Anna", "Anna", "Anna", "Dora")


def seen(day, hour=0):
    offers = tuple(
        OfferSeen(name, f"A{name.upper()}", "new", Decimal(price), name == FEATURED[day])
        for name, price in DAYS[day].items()
    )
    at = NOW - timedelta(days=len(DAYS) - day, hours=-hour)
    return OffersSeen(HOST, ASIN, at, is_whole=True, currency="EUR", offers=offers)


def sighting(one):
    featured = next(offer for offer in one.offers if offer.is_featured)
    values = {
        "seller": text(featured.seller),
        "price": number(featured.price, "EUR"),
        "newFrom": number(min(offer.price for offer in one.offers), "EUR"),
    }
    return Sighting(HOST, ASIN, one.observed_at, values)


@dataclass
class _Kept:
    observed_at: datetime
    checked_at: datetime


@pytest.fixture
async def sold(tenant, pool):
    async with transaction(pool) as conn:
        for day in range(len(DAYS)):
            source = Source("o", tenant.project_id, f"job{day}", "offers")
            for one in (seen(day), seen(day, hour=6)):
                await looks.add(conn, source, [one])
                await series.add(conn, source, [sighting(one)])
    return tenant


async def get(tenant, status=200, **params):
    response = await tenant.http.get(f"/products/{ASIN}/sellers", params=params)
    assert response.status_code == status, response.text
    return response.json()["data"] if status == 200 else response.text


async def test_who_sold_when_and_who_is_new_and_lost(sold):
    [found] = await get(sold, marketplace="de")
    told = {one["seller"]: (one["isNew"], one["isLost"], one["isListed"]) for one in found["sellers"]}
    assert told == {
        "Anna": (False, False, True),
        "Ben": (False, True, False),
        "Carl": (True, False, True),
        "Dora": (True, False, True),
    }
    assert (found["new"], found["lost"], found["looks"]) == (2, 1, 5), "looks that show the same are one"
    anna, dora = found["sellers"][:2]
    assert (anna["seller"], anna["sellerId"], anna["hasBuyBox"], anna["price"], anna["currency"]) == (
        "Anna",
        "AANNA",
        False,
        21,
        "EUR",
    )
    assert (dora["hasBuyBox"], dora["condition"], dora["offers"]) == (True, "new", 1)
    assert found["listedAt"] == dora["lastSeenAt"] == seen(4, hour=6).observed_at.strftime("%Y-%m-%dT%H:%M:%S.000Z")
    [later] = await get(sold, **{"from": (NOW - timedelta(days=3, hours=-1)).isoformat()})
    assert {one["seller"] for one in later["sellers"] if one["isNew"]} == {"Dora"}
    assert {one["seller"] for one in later["sellers"] if one["isLost"]} == set(), "Ben had left before"


async def test_who_is_new_within_a_week(sold, pool):
    async with transaction(pool) as conn:
        for days, new in ((5, ["Dora"]), (2, ["Carl", "Dora"]), (1, [])):  # after seven days, of looks from before them
            found = await looks.find_last(
                conn, sold.project_id, {(ASIN, HOST)}, now=NOW + timedelta(days=days, hours=1)
            )
            assert (found[ASIN, HOST].sellers, found[ASIN, HOST].new) == (["Anna", "Carl", "Dora"], new), days
        assert not await looks.find_last(conn, sold.project_id, {(ASIN, "www.amazon.com")}, now=NOW)


async def test_shares_and_gaps_equal_those_of_the_exported_series(sold):
    [found] = await get(sold)
    answer = await sold.http.get(f"/products/{ASIN}/history", params={"fields": "price,newFrom,seller"})
    exported = {one["field"]: one for one in answer.json()["data"]}
    hours = pd.date_range(NOW - timedelta(days=len(DAYS)), exported["price"]["checkedAt"], freq="h", inclusive="left")

    def hourly(field):
        points = exported[field]["points"]
        index = pd.to_datetime([point["at"] for point in points])
        return pd.Series([point["value"] for point in points], index=index).reindex(hours, method="ffill")

    shares = hourly("seller").value_counts(normalize=True)
    assert {one["seller"]: one["buyBoxShare"] for one in found["sellers"] if one["buyBoxShare"]} == pytest.approx(
        shares.to_dict()
    )
    gap = hourly("price") - hourly("newFrom")
    assert found["meanGap"] == pytest.approx(gap.mean())
    for one in found["gaps"]:
        within = gap[(gap.index >= one["at"]) & (gap.index < one["until"])]
        assert set(within) == {one["amount"]} == {one["buyBox"] - one["lowestNew"]}
        assert one["percent"] == pytest.approx(one["amount"] / one["lowestNew"] * 100)
    assert sum(
        (pd.Timestamp(one["until"]) - pd.Timestamp(one["at"])) / pd.Timedelta("1h") for one in found["gaps"]
    ) == len(hours)


async def test_a_look_is_kept_where_it_differs_and_once_a_day(sold, pool):
    async with transaction(pool) as conn:
        source = Source("o", sold.project_id, "job", "offers")
        await looks.add(conn, source, [seen(4, hour=30)])
        kept = await fetch_all(conn, _Kept, "SELECT observed_at, checked_at FROM offer_observations ORDER BY 1")
    assert [one.observed_at for one in kept[-2:]] == [seen(4).observed_at, seen(4, hour=30).observed_at]
    assert kept[-2].checked_at == seen(4, hour=6).observed_at
    bare = OffersSeen(HOST, ASIN, NOW, is_whole=False, currency=None, offers=(OfferSeen("Eve", None, None, None),))
    async with transaction(pool) as conn:
        for one in (bare, replace(bare, observed_at=NOW + timedelta(hours=1))):
            await looks.add(conn, source, [one, replace(one, asin="B000000009")])
        kept = await fetch_all(
            conn, _Kept, "SELECT observed_at, checked_at FROM offer_observations WHERE currency IS NULL"
        )
    assert [one.checked_at - one.observed_at for one in kept] == [timedelta(hours=1)] * 2
    (found,) = await get(sold, to=(NOW + timedelta(hours=2)).isoformat())
    assert [(one["price"], one["isListed"]) for one in found["sellers"] if one["seller"] == "Eve"] == [(None, True)]


async def test_a_product_that_was_seen_without_a_price_has_no_gaps(tenant, pool):
    async with transaction(pool) as conn:
        source = Source("o", tenant.project_id, "job", "search")
        await series.add(conn, source, [Sighting(HOST, ASIN, NOW - timedelta(days=1), {"rating": number(4.5)})])
    (found,) = await get(tenant)
    assert (found["gaps"], found["meanGap"], found["sellers"]) == ([], None, [])


async def test_what_is_wrong_is_named_and_strangers_see_nothing(sold, stranger):
    assert "before" in await get(sold, 400, **{"from": "2026-01-02", "to": "2026-01-01"})
    assert "marketplace" in await get(sold, 400, marketplace="mars")
    assert [one["sellers"] for one in await get(sold, to="0001-01-02")] == [[]]
    assert await get(stranger) == []


async def test_the_dashboard_shows_them_on_the_products_page(sold, services):
    transport = httpx.ASGITransport(App(services))
    cookies = {"azscraper_session": sold.token}
    async with httpx.AsyncClient(transport=transport, base_url="http://test", cookies=cookies) as browser:
        page = (await browser.get(f"/app/projects/{sold.project_id}/products/{ASIN}?days=30")).text
        body = {"name": "Offers", "type": "offers", "marketplaces": ["de"], "items": [{"target": ASIN}]}
        made = await sold.http.post(f"/projects/{sold.project_id}/lists", json=body)
        listed = (await browser.get(f"/app/lists/{made.json()['data']['id']}")).text
    assert re.search(r'class="c-box"><b dir="auto">Dora</b><span class="line2">3 sellers</span>', listed)
    assert "4 sellers · 2 new · 1 lost" in page
    assert "buy box on average €2.18 above the lowest price" in page
    assert re.search(r"Ben</span>.*?left", page, re.DOTALL)
