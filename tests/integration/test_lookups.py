"""Targets of several product pages: codes, siblings, and the products of a list; what they cost, and what is remembered of them."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from azscraper.demo.goods.catalogue import products
from azscraper.demo.goods.locales import LOCALES
from azscraper.demo.server import base_urls, running_marketplace
from azscraper.jobs import gtins
from azscraper.operate import retention
from azscraper.store.db import transaction
from azscraper.tenants import credits
from integration.badserver import plain
from integration.crawling import HOST, ended, opened_shop, running

CODE = "4006381333931"
PRINTING = """<!doctype html><html lang="en-us"><head><title>{0}</title></head><body><div id="dp"><div id="ppd">
<span id="productTitle">{0}</span><form><input type="hidden" id="ASIN" value="{0}"></form>
<table id="productDetails_techSpec_section_1"><tr><th>{1}</th><td>{2}</td></tr></table></div></div></body></html>"""
FOUND = """<!doctype html><html lang="en-us"><body><div id="search"><div class="s-main-slot s-result-list">{}</div></div>
<div id="navFooter"></div></body></html>"""
TILE = """<div data-asin="{0}" data-component-type="s-search-result" data-index="1" class="s-result-item">
<h2><a href="/dp/{0}"><span>{0}</span></a></h2></div>"""


def html(text):
    return plain(text.encode(), "Content-Type: text/html")


def stock(shop, **pages):
    """A search that finds these products; what each page prints as its EAN."""
    shop.answers["/s"] = html(FOUND.format("".join(map(TILE.format, pages))))
    for asin, ean in pages.items():
        row = ("EAN", ean) if ean else ("Color", "red")
        shop.answers[f"/dp/{asin}"] = html(PRINTING.format(asin, *row))


def paths(shop):
    return [one.target.partition("?")[0] for one in shop.asked if one.target != "/robots.txt"]


@pytest.fixture
async def shop():
    async with opened_shop() as shop:
        yield shop


async def with_credits(pool, amount):
    async with transaction(pool) as conn:
        await conn.execute(
            "INSERT INTO plans (name, uses_credits, weight) VALUES ('credits', true, 1) ON CONFLICT DO NOTHING"
        )
        await conn.execute("UPDATE organizations SET plan = 'credits'")
        cursor = await conn.execute("SELECT id FROM organizations")
        (organization,) = await cursor.fetchone()
        await credits.grant(conn, organization, amount, reason="grant")
    return organization


async def balance(tenant):
    found = (await tenant.http.get("/credits")).json()["data"]
    return found["balance"], found["reserved"]


async def rows_of(tenant, job):
    return (await tenant.http.get(f"/jobs/{job['id']}/results")).json()["data"]


async def test_a_code_is_searched_for_once_and_remembered(tenant, pool, database_url, shop):
    stock(shop, B000000011=None, B000000012=CODE)
    async with running(database_url, shop.url):
        first = await tenant.post_job(targets=[f"EAN {CODE}", "4012345678901"], onInvalid="fail")
        states = await ended(pool, first["id"])
        again = await tenant.post_job(targets=[CODE])
        await ended(pool, again["id"])
    assert [(status, code) for status, code, _ in states] == [("success", None), ("failed", "not_found")]
    for job in (first, again):
        (row,) = await rows_of(tenant, job)
        assert (row["asin"], row["requestedGtin"], row["gtinVerified"]) == ("B000000012", CODE, True)
    assert sorted(paths(shop)[:6]) == sorted(["/s", "/dp/B000000011", "/dp/B000000012"] * 2)
    assert paths(shop)[6:] == ["/dp/B000000012"]


async def test_what_is_remembered_leaves_after_sixty_days_and_is_each_organizations_own(pool):
    now = datetime.now(UTC)
    key = (HOST, CODE)
    async with transaction(pool) as conn:
        await gtins.keep(conn, "a", [(*key, ("B000000001",))], now=now - timedelta(days=59))
        await gtins.keep(conn, "b", [(*key, ("B000000002",))], now=now - timedelta(days=61))
        assert await gtins.find(conn, "a", [key], now=now) == {key: ("B000000001",)}
        assert await gtins.find(conn, "b", [key], now=now) == {}
    await retention.forget_expired(pool, now=now)
    async with transaction(pool) as conn:
        cursor = await conn.execute("SELECT organization_id FROM gtins")
        assert await cursor.fetchall() == [("a",)]


async def test_the_only_result_is_taken_unverified(tenant, pool, database_url, shop):
    stock(shop, B000000011=None)
    async with running(database_url, shop.url):
        job = await tenant.post_job(targets=[CODE])
        await ended(pool, job["id"])
    (row,) = await rows_of(tenant, job)
    assert (row["asin"], row["gtinVerified"]) == ("B000000011", False)


@pytest.fixture
async def marketplace(database_url):
    async with (
        running_marketplace() as url,
        running(database_url, url, marketplace_base_url=base_urls(url)) as worker,
    ):
        yield worker


@pytest.mark.usefixtures("marketplace")
async def test_three_keywords_with_twenty_products_each_are_one_job(tenant, pool):
    await with_credits(pool, 1000)
    keywords = ["kettle", "mug", "lamp"]
    job = await tenant.post_job(type="search", targets=keywords, config={"withDetails": 20, "pages": 2})
    assert await balance(tenant) == (1000 - 3 * 45, 3 * 45)
    await ended(pool, job["id"])
    rows = await rows_of(tenant, job)
    names = [row["record"] for row in rows]
    lists, products_ = names.count("SearchRow"), names.count("Product")
    assert products_ >= 3
    assert await balance(tenant) == (1000 - 3 * 5 - 2 * products_, 0)
    changes = sum(a != b for a, b in pairwise(names))
    assert changes == 2 * 3 - 1  # the rows of each list, then its products
    organic = [row["asin"] for row in rows if row["record"] == "SearchRow" and not row["sponsored"]]
    assert {row["asin"] for row in rows if row["record"] == "Product"} <= set(organic)
    export = f"/jobs/{job['id']}/export"
    csv = await tenant.http.get(export, params={"format": "csv"})
    assert csv.headers["X-Other-Records"] == "Product"
    assert len(csv.text.splitlines()) == lists + 1
    others = await tenant.http.get(export, params={"format": "csv", "record": "Product", "fields": "asin"})
    assert len(others.text.splitlines()) == products_ + 1
    used = (await tenant.http.get("/usage")).json()["data"]["used"]["targetsThisMonth"]
    assert used == 3 * 21


@pytest.mark.usefixtures("marketplace")
async def test_the_siblings_of_a_product_are_rows_of_its_target(tenant, pool):
    product = next(one for one in products(LOCALES[0]) if one.family is not None)
    await with_credits(pool, 100)
    config = {"expand": "variants", "maxVariants": 3}
    job = await tenant.post_job(targets=[product.asin], config=config)
    assert await balance(tenant) == (94, 6)
    await ended(pool, job["id"])
    rows = await rows_of(tenant, job)
    family = [member.asin for member in product.family.members]
    expected = [product.asin, *(asin for asin in family if asin != product.asin)][:3]
    assert [row["asin"] for row in rows] == expected
    assert await balance(tenant) == (100 - 2 * len(rows), 0)
    plain_job = await tenant.post_job(targets=[product.asin], config={"expand": "all"})
    await ended(pool, plain_job["id"])
    assert len(await rows_of(tenant, plain_job)) == 1


async def test_options_that_came_later_are_kept_with_a_warning_where_they_do_not_hold(tenant):
    body = {"type": "details", "targets": ["B000000001"], "config": {"expand": True, "maxVariants": 500}}
    made = (await tenant.http.post(f"/projects/{tenant.project_id}/jobs", json=body)).json()
    assert made["data"]["config"] == {"expand": True, "maxVariants": 500}
    assert {one["field"] for one in made["meta"]["warnings"]} == {"config.expand", "config.maxVariants"}
