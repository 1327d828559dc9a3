"""Jobs of type ``auto``: each target has the kind of its address, and a short link that of where it leads."""

import pytest

from azscraper.store.db import transaction
from integration.badserver import plain
from integration.crawling import HOST, ended, opened_shop, running

LINKS = "amzn.to"


def leads(to, status="301 Moved Permanently"):
    return plain(b"", f"Location: {to}", status=status)


@pytest.fixture
async def shop():
    async with opened_shop() as shop:
        yield shop


@pytest.fixture
def crawling(database_url, shop):
    def run(**settings):
        return running(database_url, shop.url, marketplace_base_url={HOST: shop.url, LINKS: shop.url}, **settings)

    return run


async def post(tenant, *targets, **body):
    return await tenant.post_job(type="auto", targets=list(targets), **body)


async def listed(tenant, job):
    found = (await tenant.http.get(f"/jobs/{job['id']}/targets")).json()["data"]
    return [(one["type"], one["status"], (one["error"] or {}).get("code")) for one in found]


def paths(shop):
    return [one.target for one in shop.asked if one.target != "/robots.txt"]


async def test_the_job_stays_auto_and_each_target_has_its_type(tenant, pool, shop, crawling):
    job = await post(tenant, "B000000001", f"https://{HOST}/-/es/dp/B000000001?tag=x", "https://amzn.to/abc")
    assert (job["type"], job["progress"]["total"]) == ("auto", 2)
    assert await listed(tenant, job) == [("details", "pending", None), ("auto", "pending", None)]
    shop.answers["/abc"] = leads(f"https://{HOST}/Kettle/dp/B000000001?tag=x&linkCode=y")
    async with crawling():
        await ended(pool, job["id"])
    assert await listed(tenant, job) == [("details", "success", None)] * 2
    rows = (await tenant.http.get(f"/jobs/{job['id']}/results")).json()["data"]
    assert [(row["record"], row["asin"]) for row in rows] == [("Product", "B000000001")] * 2
    assert sorted(paths(shop)) == ["/abc", "/dp/B000000001", "/dp/B000000001"]


@pytest.mark.parametrize(
    "leads_to",
    [
        ("https://evil.example/dp/B000000001", "http_error"),
        ("http://169.254.169.254/", "http_error"),
        (f"https://{HOST}/gp/cart", "invalid"),
        ("https://amzn.to/def", "parse_error"),
    ],
)
async def test_a_link_that_leads_nowhere_that_can_be_read(tenant, pool, shop, crawling, leads_to):
    location, code = leads_to
    job = await post(tenant, "https://amzn.to/abc")
    shop.answers["/abc"] = leads(location)
    async with crawling(crawl_retries=0):
        await ended(pool, job["id"])
    ((_, status, found),) = await listed(tenant, job)
    assert (status, found) == ("failed", code)
    assert paths(shop) == ["/abc"]


async def test_a_link_that_is_gone_is_not_found(tenant, pool, shop, crawling):
    job = await post(tenant, "https://amzn.to/abc")
    shop.answers["/abc"] = plain(b"gone", "Content-Type: text/html", status="404 Not Found")
    async with crawling():
        await ended(pool, job["id"])
    assert await listed(tenant, job) == [("auto", "failed", "not_found")]


async def test_robots_of_the_links_host_are_obeyed(tenant, pool, shop, crawling):
    job = await post(tenant, "https://amzn.to/abc")
    shop.answers["/robots.txt"] = plain(b"User-agent: *\nDisallow: /abc\n", "Content-Type: text/plain")
    async with crawling():
        await ended(pool, job["id"])
    assert await listed(tenant, job) == [("auto", "failed", "robots_disallowed")]
    assert paths(shop) == []


async def test_a_details_job_takes_links_that_lead_to_products(tenant, pool, shop, crawling):
    job = await tenant.post_job(targets=["https://amzn.to/abc", "https://amzn.to/def"])
    shop.answers |= {"/abc": leads(f"https://{HOST}/dp/B000000001"), "/def": leads(f"https://{HOST}/s?k=kettle")}
    async with crawling():
        await ended(pool, job["id"])
    assert await listed(tenant, job) == [("details", "success", None), ("details", "failed", "invalid")]


async def test_a_reparse_knows_where_the_link_led(tenant, pool, shop, crawling):
    job = await post(tenant, "https://amzn.to/abc")
    shop.answers["/abc"] = leads(f"https://{HOST}/dp/B000000001")
    async with crawling():
        await ended(pool, job["id"])
        before = len(shop.asked)
        again = (await tenant.http.post(f"/jobs/{job['id']}/reparse")).json()["data"]
        await ended(pool, again["id"])
    assert await listed(tenant, again) == [("details", "success", None)]
    assert len(shop.asked) == before


async def test_words_are_invalid_and_options_are_those_of_the_kinds(tenant):
    path = f"/projects/{tenant.project_id}/jobs"
    refused = await tenant.http.post(path, json={"type": "auto", "targets": ["B000000001", "electric kettle"]})
    assert refused.status_code == 400
    assert [one["field"] for one in refused.json()["error"]["details"]] == ["targets.1"]
    wrong = {"type": "auto", "targets": ["B000000001"], "config": {"variant": "blue"}}
    assert (await tenant.http.post(path, json=wrong)).json()["error"]["details"][0]["field"] == "config.variant"
    unused = {"type": "auto", "targets": ["B000000001"], "config": {"pages": 2, "nonsense": 1}}
    warned = (await tenant.http.post(path, json=unused)).json()["meta"]["warnings"]
    assert [one["field"] for one in warned] == ["config.nonsense"]


async def test_exports_and_lists_know_the_type(tenant, pool, crawling):
    job = await post(tenant, "B000000001")
    async with crawling():
        await ended(pool, job["id"])
    for file_format in ("json", "ndjson", "csv", "parquet", "xlsx"):
        file = await tenant.http.get(f"/jobs/{job['id']}/export", params={"format": file_format})
        assert file.status_code == 200
        assert "X-Other-Records" not in file.headers
    found = (await tenant.http.get(f"/projects/{tenant.project_id}/jobs", params={"type": "auto"})).json()["data"]
    assert [one["id"] for one in found] == [job["id"]]
    rows = (await tenant.http.get(f"/projects/{tenant.project_id}/rows", params={"type": "auto"})).json()["data"]
    assert len(rows) == 1
    fields = await tenant.http.get(f"/jobs/{job['id']}/results", params={"fields": "asin,record"})
    assert fields.json()["data"] == [{"asin": "B000000001", "record": "Product"}]
    again = await tenant.http.post(f"/jobs/{job['id']}/retry")
    assert again.json()["data"]["type"] == "auto"


async def test_credits_are_those_of_what_each_target_is(tenant, pool):
    async with transaction(pool) as conn:
        await conn.execute(
            "INSERT INTO plans (name, uses_credits, weight) VALUES ('credits', true, 1) ON CONFLICT DO NOTHING"
        )
        await conn.execute("UPDATE organizations SET plan = 'credits'")
        cursor = await conn.execute("SELECT id FROM organizations")
        (organization,) = await cursor.fetchone()
        await conn.execute(
            "INSERT INTO credit_entries (id, organization_id, kind, amount) VALUES ('x', %s, 'grant', 100)",
            [organization],
        )
    await post(tenant, "B000000001", "B000000002")
    balance = (await tenant.http.get("/credits")).json()["data"]
    assert balance == {"balance": 96, "reserved": 4}
