"""History: observations come with the rows or not at all, changes are told once, and each sees its own."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import orjson
import pytest

from azscraper.kinds.observations import Observations, Price, ProductObservation, Ranking
from azscraper.running import chunks
from azscraper.running.save import Outcome, save
from azscraper.store.db import transaction
from azscraper.tenants.principal import Principal
from azscraper.tracking import overviews
from integration.test_bad_requests import check

NOW = datetime(2026, 1, 1, 12, tzinfo=UTC)
ASIN = "B000000001"
SEEN = ProductObservation("www.amazon.de", ASIN, NOW, Price(Decimal("19.90"), "EUR"), 4.5, 120, 7, "Küche", "in_stock")
RANKING = Ranking("www.amazon.de", "kettle", "", "", 1, NOW, ("A", ASIN, ASIN, "B"), (True, True, False, False))


def later(one, hours, **values):
    return replace(one, observed_at=one.observed_at + timedelta(hours=hours), **values)


@pytest.fixture
def crawl(pool):
    """Runs a job of one target that brings what is given."""

    async def run(tenant, *, products=(), rankings=()):
        job = await tenant.post_job(targets=[ASIN])
        async with transaction(pool) as conn:
            chunk = await chunks.claim(conn, job["id"], lane=0, run=0, now=NOW)
        [target] = chunk.targets
        outcome = Outcome(target.ordinal, target.claim, "success", 1, observed=Observations(products, rankings))
        async with transaction(pool) as conn:
            assert await save(conn, chunk, [outcome])
        return job

    return run


async def points(tenant, query="", asin=ASIN):
    response = await tenant.http.get(f"/products/{asin}/history{query}")
    assert response.status_code == 200, response.text
    return response.json()


async def places(tenant, query="", keyword="kettle", asin=ASIN):
    response = await tenant.http.get(f"/keywords/history?keyword={keyword}&asin={asin}{query}")
    assert response.status_code == 200, response.text
    return response.json()


async def changes_told(pool):
    async with transaction(pool) as conn:
        sql = "SELECT body FROM webhook_events WHERE type = 'product.changed' ORDER BY id"
        return [orjson.loads(row[0])["data"] for row in await (await conn.execute(sql)).fetchall()]


async def listen(tenant):
    body = {"url": "https://hooks.example.com/", "events": ["product.changed"]}
    assert (await tenant.http.post(f"/projects/{tenant.project_id}/webhooks", json=body)).status_code == 201


async def test_a_point_has_what_the_page_told(tenant, crawl):
    job = await crawl(tenant, products=(SEEN,))
    listed = await points(tenant)
    assert listed["meta"] == {"total": 1, "limit": 100, "offset": None, "nextCursor": None}
    assert listed["data"] == [
        {
            "observedAt": "2026-01-01T12:00:00.000Z",
            "marketplace": "www.amazon.de",
            "asin": ASIN,
            "price": {"amount": 19.9, "currency": "EUR"},
            "rating": 4.5,
            "ratingCount": 120,
            "rank": 7,
            "rankCategory": "Küche",
            "availability": "in_stock",
            "projectId": tenant.project_id,
            "jobId": job["id"],
        }
    ]
    bare = ProductObservation("www.amazon.com", ASIN, NOW, tells_price=False)
    await crawl(tenant, products=(bare,))
    [point] = (await points(tenant, "?marketplace=us"))["data"]
    assert [point[name] for name in ("price", "rating", "ratingCount", "rank", "availability")] == [None] * 5
    assert (await points(tenant, asin=ASIN.lower()))["meta"]["total"] == 2


async def test_only_changes_are_kept_and_one_point_a_day(tenant, crawl):
    for hours, values in ((0, {}), (1, {}), (2, {"rank": 8}), (25, {"rank": 8}), (26, {"rank": 8}), (27, {})):
        await crawl(tenant, products=(later(SEEN, hours, **values),))
    listed = (await points(tenant))["data"]
    assert [(point["observedAt"][8:13], point["rank"]) for point in listed] == [
        ("02T15", 7),
        ("02T14", 8),
        ("01T14", 8),
        ("01T12", 7),
    ]


async def test_a_check_without_a_change_is_the_last_check(tenant, crawl, pool):
    async def checks():
        async with transaction(pool) as conn:
            caller = Principal(organization_id=(await tenant.http.get("/me")).json()["data"]["organizationId"])
            ranking = await overviews.last_ranking(
                conn, caller, tenant.project_id, marketplace="www.amazon.de", keyword="kettle"
            )
            cursor = await conn.execute("SELECT asin, coalesce(checked_at, observed_at) FROM product_states")
            [(asin, checked_at)] = await cursor.fetchall()
        assert asin == ASIN
        return checked_at, ranking.observed_at

    await crawl(tenant, products=(SEEN,), rankings=(RANKING,))
    assert await checks() == (NOW, NOW)
    await crawl(tenant, products=(later(SEEN, 3),), rankings=(later(RANKING, 3),))
    assert await checks() == (NOW + timedelta(hours=3),) * 2
    await crawl(tenant, products=(later(SEEN, 2),), rankings=(later(RANKING, 2),))  # a page that comes late
    assert await checks() == (NOW + timedelta(hours=3),) * 2
    assert (await points(tenant))["meta"]["total"] == 1
    assert (await places(tenant))["meta"]["total"] == 1
    cheaper = later(SEEN, 4, price=Price(Decimal("17.90"), "EUR"))
    await crawl(tenant, products=(cheaper,))
    assert (await checks())[0] == NOW + timedelta(hours=4)


async def test_pages_and_bounds(tenant, crawl):
    for day in range(5):
        await crawl(tenant, products=(later(SEEN, 24 * day, rank=day + 1),))
    ranks, cursor = [], ""
    for _ in range(3):
        page = await points(tenant, f"?limit=2{cursor}")
        ranks += [point["rank"] for point in page["data"]]
        cursor = f"&cursor={page['meta']['nextCursor']}"
    assert (ranks, page["meta"]["nextCursor"], page["meta"]["total"]) == ([5, 4, 3, 2, 1], None, 5)
    within = await points(tenant, "?from=2026-01-02&to=2026-01-04T12:00:00Z")
    assert [point["rank"] for point in within["data"]] == [3, 2]
    assert (await points(tenant, "?from=2026-01-05T13:00:00%2B02:00"))["meta"]["total"] == 1
    assert (await points(tenant, "?marketplace=www.amazon.com"))["data"] == []


async def test_the_same_product_twice_in_one_batch_is_one_point(tenant, crawl):
    await crawl(tenant, products=(SEEN, later(SEEN, 0)))
    assert (await points(tenant))["meta"]["total"] == 1


async def test_a_page_that_comes_late_is_kept_and_tells_nothing(tenant, crawl, pool):
    await listen(tenant)
    await crawl(tenant, products=(SEEN,))
    await crawl(tenant, products=(later(SEEN, -2, price=Price(Decimal(5), "EUR")),))
    await crawl(tenant, products=(later(SEEN, 1),))
    assert [point["price"]["amount"] for point in (await points(tenant))["data"]] == [19.9, 5]
    assert await changes_told(pool) == []


async def test_what_an_outdated_claim_brings_is_not_observed(tenant, pool):
    job = await tenant.post_job(targets=[ASIN])
    async with transaction(pool) as conn:
        chunk = await chunks.claim(conn, job["id"], lane=0, run=0, now=NOW)
    async with transaction(pool) as conn:
        stale = Outcome(0, chunk.targets[0].claim - 1, "success", 1, observed=Observations((SEEN,), (RANKING,)))
        await save(conn, chunk, [stale])
    assert (await points(tenant))["data"] == []
    assert (await places(tenant))["data"] == []


async def test_a_change_is_told_with_before_and_after(tenant, crawl, pool):
    await listen(tenant)
    await crawl(tenant, products=(SEEN,))
    assert await changes_told(pool) == []
    cheaper = later(SEEN, 1, price=Price(Decimal("14.90"), "EUR"), rating=4.6, availability="low_stock")
    job = await crawl(tenant, products=(cheaper,))
    await crawl(tenant, products=(later(cheaper, 1, price=Price(Decimal("14.91"), "EUR")),))
    assert await changes_told(pool) == [
        {
            "jobId": job["id"],
            "projectId": tenant.project_id,
            "marketplace": "www.amazon.de",
            "asin": ASIN,
            "observedAt": "2026-01-01T13:00:00.000Z",
            "changes": {
                "price": {
                    "before": {"amount": 19.9, "currency": "EUR"},
                    "after": {"amount": 14.9, "currency": "EUR"},
                },
                "rating": {"before": 4.5, "after": 4.6},
                "availability": {"before": "in_stock", "after": "low_stock"},
            },
        }
    ]


async def test_small_steps_add_up_and_the_threshold_is_the_projects(tenant, crawl, pool):
    await listen(tenant)
    url = f"/projects/{tenant.project_id}"
    assert (await tenant.http.get(url)).json()["data"]["changeThresholds"] == {"pricePercent": 1, "rating": 0.1}
    changed = await tenant.http.patch(url, json={"changeThresholds": {"pricePercent": 10}})
    assert changed.json()["data"]["changeThresholds"] == {"pricePercent": 10, "rating": 0.1}
    for hour, amount in enumerate((100, 95, 91, 90, 89)):
        await crawl(tenant, products=(later(SEEN, hour, price=Price(Decimal(amount), "EUR")),))
    [told] = await changes_told(pool)
    assert told["changes"] == {
        "price": {"before": {"amount": 100, "currency": "EUR"}, "after": {"amount": 90, "currency": "EUR"}}
    }
    check(await tenant.http.patch(url, json={"changeThresholds": {"rating": -1}}), 400, "VALIDATION_ERROR")


async def test_each_project_has_a_state_of_its_own(tenant, crawl, pool):
    await listen(tenant)
    await crawl(tenant, products=(SEEN,))
    first = tenant.project_id
    tenant.project_id = (await tenant.http.post("/projects", json={"name": "other"})).json()["data"]["id"]
    await listen(tenant)
    await crawl(tenant, products=(later(SEEN, 1, availability="out_of_stock"),))
    assert await changes_told(pool) == []
    assert {point["projectId"] for point in (await points(tenant))["data"]} == {first, tenant.project_id}


async def test_a_place_for_a_keyword(tenant, crawl):
    job = await crawl(tenant, rankings=(RANKING,))
    assert (await places(tenant, keyword="%20Kettle"))["data"] == [
        {
            "observedAt": "2026-01-01T12:00:00.000Z",
            "marketplace": "www.amazon.de",
            "keyword": "kettle",
            "asin": ASIN,
            "position": 2,
            "organicPosition": 1,
            "sponsored": True,
            "pages": 1,
            "projectId": tenant.project_id,
            "jobId": job["id"],
        }
    ]
    [point] = (await places(tenant, asin="B000000009"))["data"]
    assert [point[name] for name in ("position", "organicPosition", "sponsored")] == [None] * 3


async def test_only_changed_rankings_are_kept_and_one_a_day(tenant, crawl):
    moved = {"asins": (ASIN, "A", "B"), "sponsored": (False,) * 3}
    for hours, values in ((0, {}), (1, {}), (2, moved), (25, moved), (26, moved), (27, {"asins": (), "sponsored": ()})):
        await crawl(tenant, rankings=(later(RANKING, hours, **values),))
    listed = await places(tenant)
    assert [(point["observedAt"][8:13], point["position"]) for point in listed["data"]] == [
        ("02T15", None),
        ("02T14", 1),
        ("01T14", 1),
        ("01T12", 2),
    ]
    assert listed["meta"]["total"] == 4
    first = await places(tenant, "&limit=3")
    [last] = (await places(tenant, f"&limit=3&cursor={first['meta']['nextCursor']}"))["data"]
    assert last["position"] == 2


async def test_searches_by_another_order_stand_apart(tenant, crawl):
    sorted_by_price = replace(RANKING, sort="price-asc", asins=(ASIN,), sponsored=(False,))
    await crawl(tenant, rankings=(RANKING, sorted_by_price, replace(RANKING, category="kitchen")))
    assert [point["position"] for point in (await places(tenant))["data"]] == [2]
    assert [point["position"] for point in (await places(tenant, "&sort=price-asc"))["data"]] == [1]
    assert (await places(tenant, "&category=kitchen"))["meta"]["total"] == 1


async def test_each_sees_its_own(tenant, stranger, http, crawl):
    await crawl(tenant, products=(SEEN,), rankings=(RANKING,))
    for path in (f"/products/{ASIN}/history", f"/keywords/history?keyword=kettle&asin={ASIN}"):
        assert (await tenant.http.get(path)).json()["meta"]["total"] == 1
        assert (await stranger.http.get(path)).json() == {
            "data": [],
            "meta": {"total": 0, "limit": 100, "offset": None, "nextCursor": None},
        }
        check(await http.get(path), 401, "UNAUTHORIZED")
        other = (await tenant.http.post("/projects", json={"name": "other"})).json()["data"]["id"]
        for project_id, total in ((tenant.project_id, 1), (other, 0)):
            made = await tenant.http.post(f"/projects/{project_id}/api-keys", json={"name": "x"})
            listed = await http.get(path, headers={"X-API-Key": made.json()["data"]["key"]})
            assert listed.json()["meta"]["total"] == total


@pytest.mark.parametrize(
    "path",
    [
        "/products/B00/history",
        "/products/B00000000%2F/history",
        f"/products/{ASIN}/history?marketplace=amazon.example",
        f"/products/{ASIN}/history?marketplace=%00",
        f"/products/{ASIN}/history?from=yesterday",
        f"/products/{ASIN}/history?to=0.5",
        f"/products/{ASIN}/history?from=0001-01-01T00:00:00%2B14:00",
        f"/products/{ASIN}/history?limit=0",
        f"/products/{ASIN}/history?cursor=x",
        f"/products/{ASIN}/history?cursor=999999999999999999.1",
        "/keywords/history?keyword=kettle",
        f"/keywords/history?asin={ASIN}",
        f"/keywords/history?keyword=%00&asin={ASIN}",
        f"/keywords/history?keyword=kettle&asin={ASIN}&sort=%00",
        "/keywords/history?keyword=kettle&asin=x",
    ],
)
async def test_bad_requests(tenant, path):
    response = await tenant.http.get(path)
    if "%2F" in path:
        check(response, 404, "NOT_FOUND")
    else:
        check(response, 400, "VALIDATION_ERROR")
