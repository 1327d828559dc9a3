"""Which kinds of pages a service says that it has, and what a marketplace's robots.txt says of them."""

from datetime import UTC, datetime, timedelta

import pytest

from azscraper.crawl import hosts
from azscraper.crawl.robots import RobotsText
from azscraper.kinds.registry import kinds
from azscraper.store.db import transaction

FORBIDS_LISTS = "User-agent: *\nDisallow: /s\n"


async def robots_of(http, marketplace):
    found = (await http.get("/kinds", params={"marketplace": marketplace})).json()["data"]
    return {one["type"]: one["robots"].get("allowed") for one in found}


async def test_kinds_are_told_to_everybody(http):
    found = (await http.get("/kinds")).json()["data"]
    assert [one["type"] for one in found] == list(kinds())
    for one in found:
        assert "robots" not in one
        for name in (*one["records"], *filter(None, [one.get("summary")]), one["options"]):
            schema = (await http.get(f"/schemas/{name}")).json()
            assert schema["properties"], name


async def test_options_have_a_schema(http):
    schema = (await http.get("/schemas/search-options")).json()
    assert schema["properties"]["pages"]["description"] == "Result pages of each keyword."
    assert "variant" not in schema["properties"]


async def test_robots_txt_is_told_as_it_was_read(http, pool):
    assert set((await robots_of(http, "de")).values()) == {None}
    async with transaction(pool) as conn:
        await hosts.store_robots(conn, "www.amazon.de", RobotsText(200, FORBIDS_LISTS, datetime.now(UTC)))
    assert (await robots_of(http, "www.amazon.de"))["details"] is True
    assert (await robots_of(http, "de"))["search"] is False
    assert (await robots_of(http, "fr"))["search"] is None


async def test_robots_txt_of_yesterday_is_not_told(http, pool):
    before = datetime.now(UTC) - timedelta(hours=25)
    async with transaction(pool) as conn:
        await hosts.store_robots(conn, "www.amazon.de", RobotsText(200, FORBIDS_LISTS, before))
    assert set((await robots_of(http, "de")).values()) == {None}


@pytest.mark.parametrize("marketplace", ["atlantis", "www.example.org", "\x00"])
async def test_a_marketplace_that_is_none_is_named(http, marketplace):
    answer = await http.get("/kinds", params={"marketplace": marketplace})
    assert answer.status_code == 400
    assert answer.json()["error"]["code"] == "VALIDATION_ERROR"
