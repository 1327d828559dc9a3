"""What the version before walks wrote goes on under this one, and what this one writes that one can read.

Both versions run side by side while an installation is brought up to date, on the schema of the newer. The statements
here are those of the version before, word for word.
"""

import asyncio
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import orjson
import pytest

from azscraper.ids import new_id
from azscraper.jobs import jobs, plan, reparses
from azscraper.kinds.registry import find_kind
from azscraper.store import queue
from azscraper.store.db import transaction
from azscraper.tenants import accounts, projects
from azscraper.tracking import schedule_runs
from azscraper.wire.crawls import JobConfig
from integration.badserver import plain
from integration.crawling import HOST, ended, opened_shop, running

ASIN, OTHER_ASIN = "B000000001", "B000000002"
KEYWORD = "steel kettle"
PAGES = 3
TASK_ARGS = {"job_id", "lane", "run", "turn", "step", "slept"}
"""What the task of the version before takes."""
INSERT_JOB = """INSERT INTO jobs (id, organization_id, project_id, type, config, total, pending, failed, invalid, lane_runs,
                schedule_id)
            VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"""
COPY_TARGETS = "COPY targets (job_id, ordinal, value, marketplace, asin, status, error_code, error_message) FROM STDIN"
INSERT_SCHEDULE = """INSERT INTO schedules
                (id, organization_id, project_id, cron, timezone, enabled, type, targets, config, on_invalid, next_run_at)
            VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"""
INSERT_REPARSE = """INSERT INTO jobs (id, organization_id, project_id, type, config, total, pending, failed, invalid, lane_runs,
                reparse_of, reparse_root)
            SELECT %s, organization_id, project_id, type, config, total, total - invalid, invalid, invalid, %s, id, %s
            FROM jobs WHERE organization_id = %s AND id = %s"""
COPY_FOR_REPARSE = """INSERT INTO targets (job_id, ordinal, value, marketplace, asin, status, error_code, error_message)
           SELECT %(again)s, ordinal, value, marketplace, asin, CASE WHEN wrong THEN 'failed' ELSE 'pending' END,
               CASE WHEN wrong THEN error_code END, CASE WHEN wrong THEN error_message END
           FROM (SELECT *, error_code IS NOT DISTINCT FROM %(invalid)s AS wrong FROM targets WHERE job_id = %(job_id)s) old"""
CLAIM_FRESH = """UPDATE targets SET status = 'running', claim = claim + 1, lane = %s
           WHERE job_id = %s AND ordinal >= %s AND ordinal < %s AND status = 'pending'
           RETURNING ordinal, claim, value, marketplace, asin, attempts"""
NOTE_CLAIMS = """INSERT INTO lane_claims (job_id, lane, ordinals) VALUES (%s, %s, %s)
           ON CONFLICT (job_id, lane) DO UPDATE SET ordinals = excluded.ordinals"""
BEGIN_CHUNK = """UPDATE jobs SET status = 'running', started_at = coalesce(started_at, %s), updated_at = now(),
                pending = pending - %s, running = running + %s, next_ordinal = least(%s, total), turn = %s
            WHERE id = %s"""
PUT_BACK = """INSERT INTO waiting_targets (job_id, retry_at, ordinal)
               SELECT %s, coalesce(o.retry_at, '-infinity'), o.ordinal
               FROM unnest(%s::timestamptz[], %s::int[]) AS o (retry_at, ordinal)"""
PAGES_OF_TARGET = """SELECT DISTINCT ON (number) number FROM pages WHERE job_id = %s AND ordinal = %s
            ORDER BY number, fetched_at DESC"""
TARGETS_TO_RETRY = "SELECT value, marketplace, asin FROM targets WHERE job_id = %s ORDER BY ordinal"


@pytest.fixture
async def shop():
    async with opened_shop() as shop:
        shop.answers["/s"] = results
        yield shop


async def results(asked, writer):
    number = parse_qs(urlsplit(asked.target).query).get("page", ["1"])[0]
    tile = f'<div data-asin="B00000001{number}" data-component-type="s-search-result" class="s-result-item"><h2>Kettle {number}</h2></div>'
    page = f'<!doctype html><html lang="en-us"><body><div id="search"><div class="s-main-slot">{tile}</div></div></body></html>'
    await plain(page.encode(), "Content-Type: text/html")(asked, writer)


@pytest.fixture
async def whose(pool):
    async with transaction(pool) as conn:
        user = await accounts.register(conn, email="a@example.com", password_hash="-", name=None, plan="unlimited")
        project = await projects.create(conn, user.principal(), "P")
    return user.principal(), project.id


async def execute(pool, sql, params):
    async with transaction(pool) as conn:
        cursor = await conn.execute(sql, params)
        return await cursor.fetchall() if cursor.description else None


async def task(conn, job_id, name=queue.DEFAULT_QUEUE, **args):
    await queue.defer(conn, "scrape", queue=name, priority=0, job_id=job_id, lane=0, run=0, **args)


async def store(conn, whose, type_, targets, *, invalid=0, **config):
    """A job of the version before, without a task; each target is its row behind the ordinal."""
    principal, project = whose
    job_id, total = new_id(), len(targets)
    left = [total, total - invalid, invalid, invalid, [0], None]
    config = orjson.dumps(config).decode()
    await conn.execute(INSERT_JOB, [job_id, principal.organization_id, project, type_, config, *left])
    async with conn.cursor() as cursor, cursor.copy(COPY_TARGETS) as copy:
        for ordinal, target in enumerate(targets):
            await copy.write_row((job_id, ordinal, *target))
    return job_id


def product(asin):
    return (f"https://www.amazon.com/dp/{asin}", HOST, asin, "pending", None, None)


def keyword(value):
    return (value, HOST, None, "pending", None, None)


async def rows(pool, job_id):
    sql = "SELECT ordinal, position, type, record FROM results WHERE job_id = %s ORDER BY ordinal, position"
    return await execute(pool, sql, [job_id])


async def found(pool, job_id):
    """What its rows say of the target and of the product."""
    keys = ("requestedAsin", "keyword", "page", "position", "title")
    return [{key: record[key] for key in keys if key in record} for *_, record in await rows(pool, job_id)]


def of_product(asin):
    return {"requestedAsin": asin, "title": "Kettle"}


OF_KEYWORD = [{"keyword": KEYWORD, "page": n, "position": n, "title": f"Kettle {n}"} for n in (1, 2, 3)]
SUCCESS = ("success", None, None)


@pytest.mark.parametrize("turn", [{"turn": 3, "step": 2, "slept": 0}, {}], ids=["with a turn", "without one"])
async def test_queued_jobs_are_run(pool, database_url, whose, shop, turn):
    wrong = ("kettle", HOST, None, "failed", "invalid", "is no ASIN")
    async with transaction(pool) as conn:
        details = await store(conn, whose, "details", [product(ASIN), wrong, product(OTHER_ASIN)], invalid=1)
        search = await store(conn, whose, "search", [keyword(f" {KEYWORD} ")], pages=PAGES, sort="price-asc")
        for job_id in (details, search):
            await task(conn, job_id, **turn)
    async with running(database_url, shop.url):
        assert await ended(pool, details) == [SUCCESS, ("failed", "invalid", "is no ASIN"), SUCCESS]
        assert await ended(pool, search) == [SUCCESS]
    assert await found(pool, details) == [of_product(ASIN), of_product(OTHER_ASIN)]
    assert await found(pool, search) == OF_KEYWORD
    summaries = await execute(
        pool, "SELECT page, summary ->> 'keyword' FROM page_summaries WHERE job_id = %s", [search]
    )
    assert sorted(summaries) == [(1, KEYWORD), (2, KEYWORD), (3, KEYWORD)]
    assert all("s=price-asc-rank" in one.target for one in shop.asked if one.target.startswith("/s?"))


async def test_the_chunk_of_a_dead_worker_is_taken_up(pool, database_url, whose, shop):
    async with transaction(pool) as conn:
        targets = [keyword(KEYWORD), keyword("lamp"), keyword("never claimed")]
        job_id = await store(conn, whose, "search", targets, pages=PAGES)
        await conn.execute(CLAIM_FRESH, [0, job_id, 0, 2])
        await conn.execute(NOTE_CLAIMS, [job_id, 0, [0, 1]])
        await conn.execute(BEGIN_CHUNK, [datetime.now(UTC), 2, 2, 2, 0, job_id])
        # its second target was to be tried again
        await conn.execute(
            "UPDATE targets SET status = 'pending', attempts = 1, lane = NULL, error_code = 'timeout' WHERE job_id = %s AND ordinal = 1",
            [job_id],
        )
        await conn.execute("UPDATE jobs SET running = running - 1, pending = pending + 1 WHERE id = %s", [job_id])
        await conn.execute(PUT_BACK, [job_id, [datetime.now(UTC)], [1]])
        await task(conn, job_id, turn=0, step=1, slept=0)
    async with running(database_url, shop.url):
        assert await ended(pool, job_id) == [SUCCESS] * 3
    assert [(one["keyword"], one["page"]) for one in await found(pool, job_id)] == [
        (value, page) for value in (KEYWORD, "lamp", "never claimed") for page in (1, 2, 3)
    ]
    assert await execute(pool, "SELECT attempts FROM targets WHERE job_id = %s ORDER BY ordinal", [job_id]) == [
        (2,),
        (2,),
        (1,),
    ]
    over = await execute(pool, "SELECT status, running, pending, succeeded FROM jobs WHERE id = %s", [job_id])
    assert over == [("completed", 0, 0, 3)]
    assert await execute(pool, "SELECT 1 FROM lane_claims WHERE job_id = %s", [job_id]) == []


async def test_a_target_that_has_no_tries_left_fails(pool, database_url, whose, shop):
    shop.answers["/s"] = plain(b"later", "Content-Type: text/html", status="500 Internal Server Error")
    async with transaction(pool) as conn:
        job_id = await store(conn, whose, "search", [keyword(KEYWORD)], pages=PAGES, maxRetries=2)
        await conn.execute("UPDATE targets SET attempts = 2 WHERE job_id = %s", [job_id])
        await task(conn, job_id)
    async with running(database_url, shop.url):
        ((status, code, _),) = await ended(pool, job_id)
    assert (status, code) == ("failed", "http_error")
    assert len([one for one in shop.asked if one.target.startswith("/s")]) == 1


async def test_an_old_job_is_run_again(pool, database_url, whose, shop):
    made = []
    async with transaction(pool) as conn:
        for type_, target, config in (
            ("details", product(ASIN), {}),
            ("search", keyword(f" {KEYWORD} "), {"pages": PAGES}),
        ):
            old = await store(conn, whose, type_, [target], **config)
            await conn.execute("UPDATE targets SET status = 'failed', error_code = 'timeout' WHERE job_id = %s", [old])
            await conn.execute("UPDATE jobs SET status = 'failed', pending = 0, failed = 1 WHERE id = %s", [old])
            made.append((await jobs.retry(conn, whose[0], old, only_failed=True, now=datetime.now(UTC))).id)
    async with running(database_url, shop.url):
        assert [await ended(pool, job_id) for job_id in made] == [[SUCCESS], [SUCCESS]]
    assert [await found(pool, job_id) for job_id in made] == [[of_product(ASIN)], OF_KEYWORD]
    assert await execute(pool, "SELECT asin, kind FROM targets WHERE job_id = %s", [made[0]]) == [(ASIN, "details")]


async def test_a_schedule_brings_its_job(pool, database_url, whose, shop):
    principal, project = whose
    now = datetime.now(UTC)
    types = {"details": ([ASIN], {"variant": "auto"}), "search": ([KEYWORD], {"pages": PAGES})}
    async with transaction(pool) as conn:
        for type_, (targets, config) in types.items():
            when = ["0 6 * * *", "Europe/Berlin", True]
            what = [type_, targets, orjson.dumps(config).decode(), "fail", now - timedelta(minutes=1)]
            await conn.execute(INSERT_SCHEDULE, [new_id(), principal.organization_id, project, *when, *what])
    for _ in types:
        async with transaction(pool) as conn:
            assert await schedule_runs.run_due(conn, now=now) is not None
    jobs_ = dict(await execute(pool, "SELECT type, id FROM jobs", []))
    async with running(database_url, shop.url):
        for job_id in jobs_.values():
            assert await ended(pool, job_id) == [SUCCESS]
    assert await found(pool, jobs_["details"]) == [of_product(ASIN)]
    assert await found(pool, jobs_["search"]) == OF_KEYWORD


async def test_pages_are_read_again(pool, database_url, whose, shop):
    """Pages without the name of a step, once by a job of the version before, once by one of this."""
    async with transaction(pool) as conn:
        job_id = await store(conn, whose, "search", [keyword(KEYWORD)], pages=PAGES)
        await task(conn, job_id)
    async with running(database_url, shop.url):
        await ended(pool, job_id)
        asked_before = len(shop.asked)
        again = new_id()
        async with transaction(pool) as conn:
            await conn.execute("UPDATE pages SET step = NULL WHERE job_id = %s", [job_id])
            await conn.execute(INSERT_REPARSE, [again, [0], job_id, whose[0].organization_id, job_id])
            await conn.execute(COPY_FOR_REPARSE, {"again": again, "job_id": job_id, "invalid": "invalid"})
            await task(conn, again, "reparse", turn=0, step=1, slept=0)
        assert await ended(pool, again) == [SUCCESS]
        async with transaction(pool) as conn:
            third = await reparses.reparse(conn, whose[0], job_id, now=datetime.now(UTC))
        assert await ended(pool, third.id) == [SUCCESS]
    assert len(shop.asked) == asked_before
    assert await found(pool, again) == await found(pool, third.id) == OF_KEYWORD


async def test_the_version_before_reads_what_this_one_writes(pool, database_url, whose, shop):
    made = {}
    types = {"details": ((ASIN, "https://www.amazon.de/dp/B000000002"), {}), "search": ((KEYWORD,), {"pages": PAGES})}
    async with transaction(pool) as conn:
        for type_, (values, config) in types.items():
            job_config = JobConfig.of_json(config)
            targets = plan.plan_targets(type_, values, job_config)
            kind, now = find_kind(type_), datetime.now(UTC)
            made[type_] = (await jobs.submit(conn, *whose, kind=kind, targets=targets, config=job_config, now=now)).id
        tasks = await conn.execute(
            "SELECT queue_name, task_name, args FROM procrastinate_jobs WHERE task_name = 'scrape'"
        )
        queued = await tasks.fetchall()
    assert {name for name, *_ in queued} == {"default"}
    assert all(set(args) <= TASK_ARGS for *_, args in queued)
    assert await execute(pool, TARGETS_TO_RETRY, [made["details"]]) == [
        (ASIN, HOST, ASIN),
        ("https://www.amazon.de/dp/B000000002", "www.amazon.de", OTHER_ASIN),
    ]
    assert await execute(pool, TARGETS_TO_RETRY, [made["search"]]) == [(KEYWORD, HOST, None)]
    async with running(database_url, shop.url, marketplace_base_url={HOST: shop.url, "www.amazon.de": shop.url}):
        for job_id in made.values():
            await ended(pool, job_id)
        async with transaction(pool) as conn:
            again = await reparses.reparse(conn, whose[0], made["search"], now=datetime.now(UTC))
            cursor = await conn.execute(
                "SELECT queue_name FROM procrastinate_jobs WHERE args->>'job_id' = %s", [again.id]
            )
            assert await cursor.fetchall() == [("reparse",)]
        await ended(pool, again.id)
    assert await execute(pool, PAGES_OF_TARGET, [made["search"], 0]) == [(1,), (2,), (3,)]
    assert await execute(pool, PAGES_OF_TARGET, [made["details"], 0]) == [(1,)]
    types = {type_ for job_id in made.values() for _, _, type_, _ in await rows(pool, job_id)}
    assert types == {None}


async def test_a_target_that_this_version_puts_back_is_claimed_by_the_one_before(pool, database_url, whose, shop):
    shop.answers["/s"] = plain(b"later", "Content-Type: text/html", status="500 Internal Server Error")
    async with transaction(pool) as conn:
        job_id = await store(conn, whose, "search", [keyword(KEYWORD)], pages=PAGES, maxRetries=5)
        await task(conn, job_id)
    async with running(database_url, shop.url, retry_base_seconds=600):
        while not await execute(pool, "SELECT 1 FROM waiting_targets WHERE job_id = %s", [job_id]):
            await asyncio.sleep(0.05)
    assert await execute(pool, CLAIM_FRESH, [0, job_id, 0, 1]) == [(0, 2, KEYWORD, HOST, None, 1)]
