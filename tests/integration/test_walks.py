"""A target of four steps on two hosts: what it brings, and what is asked again after a fault in the middle."""

import asyncio
import io
from collections import Counter
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime

import orjson
import pytest
from python_calamine import CalamineWorkbook

from azscraper.errors import ConflictError, InvalidInputError
from azscraper.jobs import jobs, plan, reparses
from azscraper.kinds import registry
from azscraper.results import exports, stored
from azscraper.results.exports import Shape
from azscraper.results.formats import Format
from azscraper.store.db import transaction
from azscraper.tenants import accounts, projects
from azscraper.wire.crawls import JobConfig
from integration.badserver import plain
from integration.crawling import HOST, ended, opened_shop, running
from integration.lampshop import lamps_offered, stock

NOTES = "notes.amazon.com"
NAMES = ["Globe", "Tiffany", "Flood"]


@pytest.fixture(autouse=True)
def lamps():
    with lamps_offered() as kind:
        yield kind


@pytest.fixture
async def shop():
    async with opened_shop() as shop:
        yield shop


@pytest.fixture
async def whose(pool):
    async with transaction(pool) as conn:
        user = await accounts.register(conn, email="a@example.com", password_hash="-", name=None, plan="unlimited")
        project = await projects.create(conn, user.principal(), "P")
    return user.principal(), project.id


@pytest.fixture
def crawling(database_url, shop):
    def run(**settings):
        given = {"marketplace_base_url": {HOST: shop.url, NOTES: shop.url}, "crawl_retries": 2}
        return running(database_url, shop.url, **given | settings)

    return run


async def post(pool, whose, *targets, **config):
    config = JobConfig.of_json(config)
    async with transaction(pool) as conn:
        planned = plan.plan_targets("lamps", targets or ("lumen",), config)
        kind = registry.find_kind("lamps")
        return await jobs.submit(conn, *whose, kind=kind, targets=planned, config=config, now=datetime.now(UTC))


async def rows(pool, job):
    async with transaction(pool) as conn:
        cursor = await conn.execute("SELECT type, record FROM results WHERE job_id = %s ORDER BY position", [job.id])
        return await cursor.fetchall()


def asked(shop, paths):
    """How often each step was asked for."""
    counts = Counter(one.target.split("?")[0] for one in shop.asked)
    return {step: counts[path] for step, path in paths.items()}


def failing(shop, path, *answers):
    """Answer the path so at first, then as before."""
    usual, left = shop.answers[path], list(answers)

    async def answer(asked, writer):
        await (left.pop(0) if left else usual)(asked, writer)

    shop.answers[path] = answer


@asynccontextmanager
async def seen_by_workers(kind):
    """A worker that has another kind of that name than whoever posts, or none."""
    others = {name: one for name, one in registry.kinds().items() if name != "lamps"}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("azscraper.running.chunks.kinds", lambda: others | ({"lamps": kind} if kind else {}))
        yield


REFUSED = plain(b"later", "Content-Type: text/html", status="500 Internal Server Error")
GONE = plain(b"gone", "Content-Type: text/html", status="404 Not Found")


async def test_a_target_brings_the_records_of_all_its_steps(pool, whose, shop, crawling):
    paths = stock(shop)
    job = await post(pool, whose, "https://www.amazon.com/lamps/Lumen", "lumen", shade="red")
    async with crawling():
        assert await ended(pool, job.id) == [("success", None, None)]
    found = await rows(pool, job)
    assert [(type_, record.get("name"), record.get("watts")) for type_, record in found] == [
        (None, "Globe", 40),
        (None, "Tiffany", 60),
        (None, "Flood", 500),
        ("LampNote", None, None),
    ]
    assert asked(shop, paths) == {"list": 1, "note": 1, "more": 1, "watts": 1}
    assert f"{paths['list']}?shade=red" in {one.target for one in shop.asked}
    async with transaction(pool) as conn:
        cursor = await conn.execute("SELECT page, summary FROM page_summaries WHERE job_id = %s", [job.id])
        assert await cursor.fetchall() == [(0, {"maker": "lumen", "lamps": 3, "hasNote": True})]
        cursor = await conn.execute("SELECT step FROM pages WHERE job_id = %s ORDER BY number", [job.id])
        assert [step for (step,) in await cursor.fetchall()] == ["list", "note", "more", "watts"]
        cursor = await conn.execute("SELECT asin, key, kind FROM targets WHERE job_id = %s", [job.id])
        assert await cursor.fetchall() == [(None, "lumen", "lamps")]


async def test_tables_have_one_type_of_records_each(pool, whose, shop, crawling):
    stock(shop)
    job = await post(pool, whose)
    async with crawling():
        await ended(pool, job.id)
    async with transaction(pool) as conn:
        job = await jobs.get(conn, whose[0], job.id)

    async def exported(file_format, **more):
        blocks = exports.stream(stored.Rows(pool, job.id), job, file_format, Shape(**more))
        return b"".join([block async for block in blocks])

    lines = (await exported(Format.CSV)).decode().splitlines()
    assert lines[0].endswith(",maker,position,name,watts,record")
    assert [line.rpartition(",")[2] for line in lines[1:]] == ["Lamp"] * 3
    lines = (await exported(Format.CSV, record="LampNote")).decode().splitlines()
    assert [line.rpartition(",")[2] for line in lines] == ["record", "LampNote"]
    assert len(orjson.loads(await exported(Format.JSON))) == 4
    book = CalamineWorkbook.from_filelike(io.BytesIO(await exported(Format.XLSX)))
    assert [(name, len(book.get_sheet_by_name(name).to_python())) for name in book.sheet_names] == [
        ("Lamp", 4),
        ("LampNote", 2),
    ]
    with pytest.raises(InvalidInputError, match="record: must be 'Lamp' or 'LampNote'"):
        exports.records_of(job, "Product")
    with pytest.raises(ConflictError, match="not installed here: take the rows as JSON"):
        exports.records_of(replace(job, type="tables"))


async def test_both_hosts_are_asked_for_their_robots_txt(pool, whose, shop, crawling):
    stock(shop)
    job = await post(pool, whose)
    async with crawling():
        await ended(pool, job.id)
    robots = [one for one in shop.asked if one.target == "/robots.txt"]
    assert sorted(one.headers["x-forwarded-host"] for one in robots) == [NOTES, HOST]


async def test_a_retry_goes_on_behind_what_came(pool, whose, shop, crawling):
    paths = stock(shop)
    failing(shop, paths["more"], REFUSED, REFUSED)
    failing(shop, paths["watts"], REFUSED, REFUSED)
    job = await post(pool, whose)
    async with crawling():
        assert await ended(pool, job.id) == [("success", None, None)]
    assert asked(shop, paths) == {"list": 1, "note": 1, "more": 3, "watts": 3}
    assert [record.get("name") for _, record in await rows(pool, job)] == [*NAMES, None]


async def test_each_step_has_all_tries_and_no_more(pool, whose, shop, crawling):
    paths = stock(shop)
    failing(shop, paths["more"], REFUSED)
    shop.answers[paths["watts"]] = REFUSED
    job = await post(pool, whose)
    async with crawling():
        ((status, code, message),) = await ended(pool, job.id)
    assert (status, code) == ("failed", "http_error")
    assert "It was tried 3 times." in message
    assert asked(shop, paths) == {"list": 1, "note": 1, "more": 2, "watts": 3}


async def test_without_an_archive_the_walk_begins_again_and_ends(pool, whose, shop, crawling):
    paths = stock(shop)
    shop.answers[paths["watts"]] = REFUSED
    job = await post(pool, whose)
    async with crawling(archive_days=0):
        ((status, code, _),) = await ended(pool, job.id)
    assert (status, code) == ("failed", "http_error")
    assert asked(shop, paths) == {"list": 3, "note": 3, "more": 3, "watts": 3}


@pytest.mark.parametrize("more", [(), (REFUSED,)], ids=["at once", "with a retry behind it"])
async def test_a_target_does_without_an_optional_step(pool, whose, shop, crawling, more):
    paths = stock(shop)
    shop.answers[paths["note"]] = GONE
    failing(shop, paths["more"], *more)
    job = await post(pool, whose)
    async with crawling():
        assert await ended(pool, job.id) == [("success", None, None)]
    assert [record.get("name") for _, record in await rows(pool, job)] == NAMES
    assert asked(shop, paths) == {"list": 1, "note": 1, "more": 1 + len(more), "watts": 1}


async def test_a_step_that_is_needed_and_gone_ends_the_target(pool, whose, shop, crawling):
    paths = stock(shop)
    shop.answers[paths["more"]] = GONE
    job = await post(pool, whose)
    async with crawling():
        ((status, code, message),) = await ended(pool, job.id)
    assert (status, code) == ("failed", "not_found")
    assert message.endswith("Check the name of the maker.")
    assert asked(shop, paths)["watts"] == 0


async def test_a_worker_that_ends_in_the_middle_of_a_walk(pool, whose, shop, crawling):
    paths = stock(shop)
    met = asyncio.Event()
    usual = shop.answers[paths["more"]]

    async def hangs(*_):
        shop.answers[paths["more"]] = usual
        met.set()
        await asyncio.sleep(60)

    shop.answers[paths["more"]] = hangs
    job = await post(pool, whose)
    async with crawling():
        await met.wait()
    async with crawling():
        assert await ended(pool, job.id) == [("success", None, None)]
    assert [record.get("name") for _, record in await rows(pool, job)] == [*NAMES, None]


async def test_a_reparse_walks_the_kept_steps(pool, whose, shop, crawling):
    paths = stock(shop)
    shop.answers[paths["note"]] = GONE
    job = await post(pool, whose, brightest=100)
    async with crawling():
        await ended(pool, job.id)
        asked_before = len(shop.asked)
        async with transaction(pool) as conn:
            again = await reparses.reparse(conn, whose[0], job.id, now=datetime.now(UTC))
        assert await ended(pool, again.id) == [("success", None, None)]
        async with transaction(pool) as conn:
            await conn.execute("DELETE FROM pages WHERE job_id = %s AND step = 'watts'", [job.id])
            less = await reparses.reparse(conn, whose[0], job.id, now=datetime.now(UTC))
        assert [(status, code) for status, code, _ in await ended(pool, less.id)] == [("failed", "not_archived")]
    assert len(shop.asked) == asked_before
    assert await rows(pool, again) == await rows(pool, job)
    assert [record["name"] for _, record in await rows(pool, again)] == ["Globe", "Tiffany"]


async def test_a_worker_without_the_kind_leaves_it_to_others(pool, whose, shop, crawling):
    stock(shop)
    job = await post(pool, whose)
    async with seen_by_workers(None), crawling():
        while True:
            async with transaction(pool) as conn:
                cursor = await conn.execute(
                    "SELECT queue_name, scheduled_at FROM procrastinate_jobs WHERE args->>'job_id' = %s", [job.id]
                )
                if (found := await cursor.fetchone()) and found[1] is not None:
                    break
            await asyncio.sleep(0.05)
    assert found[0] == "kinds"
    assert 50 < (found[1] - datetime.now(UTC)).total_seconds() <= 60
    async with transaction(pool) as conn:
        cursor = await conn.execute("SELECT status, attempts FROM targets WHERE job_id = %s", [job.id])
        assert await cursor.fetchall() == [("pending", 0)]


async def test_a_step_on_a_host_that_the_kind_does_not_list_is_never_asked(pool, whose, shop, crawling):
    stock(shop)
    elsewhere = replace(registry.find_kind("lamps"), hosts=lambda marketplace: (marketplace.host,))
    job = await post(pool, whose)
    async with seen_by_workers(elsewhere), crawling():
        ((status, code, message),) = await ended(pool, job.id)
    assert (status, code) == ("failed", "parse_error")
    assert "notes.amazon.com is not a host of lamps jobs" in message
    assert not [one for one in shop.asked if one.headers.get("x-forwarded-host") == NOTES]


def test_what_the_rows_are_made_of(lamps):
    assert list(lamps.schemas) == ["lamp", "lamp-note", "lamp-summary"]
    assert orjson.dumps(lamps.record.model_json_schema())
