"""The rows of a project in the order of storing: every row once, whoever stores, whatever was removed."""

import importlib
from datetime import UTC, datetime, timedelta
from pathlib import Path

import orjson
import psycopg
import pytest

from azscraper.operate import retention
from azscraper.results import feed
from azscraper.running.save import Outcome, Row
from azscraper.store import migrations
from azscraper.store.db import transaction
from azscraper.store.migrations import versions
from azscraper.tracking import schedule_runs
from integration.test_api import failed, run_chunk

A_YEAR = timedelta(days=365)
(ROW_FEEDS,) = (
    importlib.import_module(f"azscraper.store.migrations.versions.{path.stem}")
    for path in Path(versions.__file__).parent.glob("*_row_feeds.py")
)


def two_rows(target):
    rows = tuple(Row(orjson.dumps({"asin": target.key, "title": f'Ä "{n}"'})) for n in range(2))
    return Outcome(target.ordinal, target.claim, "success", target.attempts + 1, http_status=200, rows=rows)


async def read(tenant, **params):
    answer = await tenant.http.get(f"/projects/{tenant.project_id}/rows", params=params)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def read_all(tenant, limit=1000, **params):
    """Row ids of the whole feed, page by page, and the last cursor."""
    ids, page = [], {"meta": {"hasMore": True}}
    while page["meta"]["hasMore"]:
        page = await read(tenant, limit=limit, **params)
        ids += [row["meta"]["rowId"] for row in page["data"]]
        params = {name: value for name, value in params.items() if name != "since"}
        params["cursor"] = page["meta"]["nextCursor"]
    return ids, page["meta"]["nextCursor"]


async def job(tenant, pool, outcome=two_rows, targets=3, **body):
    posted = await tenant.post_job(targets=[f"B{n:09}" for n in range(targets)], **body)
    await run_chunk(pool, posted["id"], outcome)
    return posted


async def test_a_row_says_where_it_came_from(tenant, pool):
    posted = await job(tenant, pool)
    page = await read(tenant, limit=2)
    assert [row["title"] for row in page["data"]] == ['Ä "0"', 'Ä "1"']
    meta = page["data"][1]["meta"]
    assert datetime.fromisoformat(meta.pop("storedAt")) > datetime.now(UTC) - timedelta(minutes=1)
    assert meta == {
        "jobId": posted["id"],
        "projectId": tenant.project_id,
        "scheduleId": None,
        "listId": None,
        "target": "B000000000",
        "ordinal": 0,
        "position": 2,
        "jobCreatedAt": posted["createdAt"],
        "rowId": f"{posted['id']}-0-2",
        "cached": False,
    }
    assert page["meta"] == {"limit": 2, "nextCursor": "2.0.2", "hasMore": True, "skipped": 0}


async def test_pages_of_any_size_give_every_row_once_in_order(tenant, pool):
    jobs = [await job(tenant, pool) for _ in range(2)]
    expected = [f"{one['id']}-{n}-{position}" for one in jobs for n in range(3) for position in (1, 2)]
    for limit in (1, 2, 3, 4, 5, 6, 1000):
        ids, cursor = await read_all(tenant, limit)
        assert ids == expected
        assert (await read(tenant, cursor=cursor))["data"] == []
    third = await job(tenant, pool, targets=1)
    assert (await read_all(tenant, cursor=cursor))[0] == [f"{third['id']}-0-1", f"{third['id']}-0-2"]


async def test_an_answer_ends_where_it_has_enough_bytes(tenant, pool, monkeypatch):
    posted = await job(tenant, pool)
    monkeypatch.setattr(feed, "_FIRST_ROWS", 4)
    monkeypatch.setattr(feed, "MOST_BYTES", 1)
    page = await read(tenant, limit=100)
    assert (len(page["data"]), page["meta"]["hasMore"]) == (4, True)
    assert (await read_all(tenant, 100))[0] == [
        f"{posted['id']}-{n}-{position}" for n in range(3) for position in (1, 2)
    ]


async def test_failed_targets_are_a_feed_of_their_own(tenant, pool):
    posted = await job(tenant, pool, lambda t: failed(t) if t.ordinal else two_rows(t))
    assert (await read_all(tenant, 1))[0] == [f"{posted['id']}-0-1", f"{posted['id']}-0-2"]
    ids, cursor = await read_all(tenant, 1, failures=True)
    assert ids == [f"{posted['id']}-1-0", f"{posted['id']}-2-0"]
    (row, _) = (await read(tenant, failures=True))["data"]
    assert (row["target"], row["error"]) == ("B000000001", {"code": "not_found", "message": "Gone."})
    assert (row["attempts"], row["fetchedAt"], row["meta"]["position"]) == (1, None, 0)
    assert (await read(tenant, failures=True, cursor=cursor))["data"] == []


async def test_targets_that_were_invalid_come_with_the_end_of_their_job(tenant, pool):
    posted = await tenant.post_job(targets=["B000000001", "no target"], onInvalid="skip")
    assert (await read(tenant, failures=True))["data"] == []
    await run_chunk(pool, posted["id"], two_rows)
    (row,) = (await read(tenant, failures=True))["data"]
    assert (row["target"], row["error"]["code"]) == ("no target", "invalid")


async def test_since_begins_with_what_was_stored_then(tenant, pool):
    await job(tenant, pool)
    between = datetime.now(UTC)
    later = await job(tenant, pool, targets=1)
    assert (await read_all(tenant, since=between.isoformat()))[0] == [f"{later['id']}-0-1", f"{later['id']}-0-2"]
    ids, cursor = await read_all(tenant, since=(between + A_YEAR).isoformat())
    assert ids == []
    third = await job(tenant, pool, targets=1)
    assert (await read_all(tenant, cursor=cursor))[0][0] == f"{third['id']}-0-1"


async def test_rows_that_fit_come_once_each_whatever_the_page(tenant, pool):
    for _ in range(2):
        await job(tenant, pool, targets=4)
    everything = (await read(tenant))["data"]
    where = 'asin>"B000000000",title~"1"'
    expected = [row["meta"]["rowId"] for row in everything if row["asin"] > "B000000000" and "1" in row["title"]]
    for limit in (1, 2, 3, 5, 6, 7):
        ids, cursor = await read_all(tenant, limit, where=where)
        assert ids == expected
        assert (await read_all(tenant, cursor=cursor))[0] == []
    first = await read(tenant, limit=1, where=where)
    assert first["meta"]["nextCursor"].split(".")[0] == "4", "the number of the row in the feed, with those left out"
    page = await read(tenant, fields="asin,meta.rowId", limit=1)
    assert page["data"] == [{"asin": "B000000000", "meta": {"rowId": everything[0]["meta"]["rowId"]}}]
    lines = (await tenant.http.get(f"/projects/{tenant.project_id}/rows?format=ndjson&limit=3")).content.splitlines()
    assert [orjson.loads(line) for line in lines[:3]] == everything[:3]
    assert orjson.loads(lines[3])["_meta"]["hasMore"]


async def test_where_no_row_fits_the_cursor_goes_on_to_the_end(tenant, pool):
    await job(tenant, pool)
    for limit in (1, 2, 1000):
        page = await read(tenant, limit=limit, where='asin="B00000000X"')
        assert (page["data"], page["meta"]["nextCursor"], page["meta"]["hasMore"]) == ([], "6.0.0", False)


async def test_one_type_alone(tenant, pool):
    products = await job(tenant, pool)
    search = await job(tenant, pool, type="search", targets=1)
    assert len((await read_all(tenant, 1, type="details"))[0]) == 6
    ids, _ = await read_all(tenant, 1, type="search")
    assert ids == [f"{search['id']}-0-1", f"{search['id']}-0-2"]
    assert products["id"] not in ids[0]
    assert (await read(tenant, type="search"))["meta"]["skipped"] == 0


async def test_rows_that_retention_removed_are_skipped_and_counted(tenant, pool):
    await job(tenant, pool)
    cursors = {0: "0.0.0"} | {n: (await read(tenant, limit=n))["meta"]["nextCursor"] for n in (1, 2, 3, 6)}
    await retention.prune(pool, before=datetime.now(UTC) + timedelta(milliseconds=1))
    assert (await read(tenant))["data"] == []
    kept = await job(tenant, pool, targets=1)
    for came_to, cursor in cursors.items():
        page = await read(tenant, cursor=cursor)
        assert [row["meta"]["jobId"] for row in page["data"]] == [kept["id"]] * 2
        assert page["meta"]["skipped"] == 6 - came_to
    async with transaction(pool) as conn:
        left = await (await conn.execute("SELECT DISTINCT job_id FROM row_batches")).fetchall()
    assert left == [(kept["id"],)]


async def test_a_release_that_leaves_the_batches_of_removed_rows(tenant, pool):
    posted = await job(tenant, pool)
    async with transaction(pool) as conn:
        await conn.execute("DELETE FROM results WHERE job_id = %s", [posted["id"]])
        await conn.execute("UPDATE jobs SET pruned_at = now() WHERE id = %s", [posted["id"]])
    page = await read(tenant, limit=2)
    assert (page["data"], page["meta"]["skipped"], page["meta"]["hasMore"]) == ([], 6, False)


async def test_what_a_worker_of_the_release_before_stores_comes_with_the_end_of_the_job(tenant, pool, monkeypatch):
    """It knows no feed; here by a save that leaves it out, for one of two chunks."""
    posted = await tenant.post_job(targets=[f"B{n:09}" for n in range(30)])
    with monkeypatch.context() as older:
        older.setattr("azscraper.results.feed.add", _nothing)
        await run_chunk(pool, posted["id"], lambda t: failed(t) if t.ordinal == 3 else two_rows(t))
    assert (await read_all(tenant))[0] == []
    await run_chunk(pool, posted["id"], two_rows, lane=1)
    ids, _ = await read_all(tenant, 7)
    assert sorted(ids) == sorted(f"{posted['id']}-{n}-{at}" for n in range(30) if n != 3 for at in (1, 2))
    assert (await read_all(tenant, failures=True))[0] == [f"{posted['id']}-3-0"]


async def test_rows_of_a_job_that_is_cancelled_under_an_older_worker(tenant, pool, monkeypatch):
    posted = await tenant.post_job(targets=[f"B{n:09}" for n in range(30)])
    with monkeypatch.context() as older:
        older.setattr("azscraper.results.feed.add", _nothing)
        await run_chunk(pool, posted["id"], two_rows)
    await tenant.http.post(f"/jobs/{posted['id']}/cancel")
    assert len((await read_all(tenant, 7))[0]) == 50


async def _nothing(*_, **__):
    pass


async def test_jobs_of_the_release_before_are_a_batch_each(tenant, pool, database_url):
    """The migration, on what an older release left: a job that is over, and one that runs and goes on."""
    over = await job(tenant, pool)
    runs = await tenant.post_job(targets=[f"B{n:09}" for n in range(30)])
    await run_chunk(pool, runs["id"], lambda t: failed(t) if t.ordinal == 3 else two_rows(t))
    with psycopg.connect(database_url) as conn:
        conn.execute("DROP TABLE row_batches, project_feeds; DROP FUNCTION feed, feed_rest CASCADE")
        conn.execute("ALTER TABLE jobs DROP schedule_id, DROP list_id")
        conn.execute("UPDATE alembic_version SET version_num = %s", [ROW_FEEDS.down_revision])
    migrations.upgrade(database_url, ROW_FEEDS.revision)
    before = await read_all(tenant, 7)
    assert before[0] == [f"{over['id']}-{n}-{at}" for n in range(3) for at in (1, 2)] + [
        f"{runs['id']}-{n}-{at}" for n in range(25) if n != 3 for at in (1, 2)
    ]
    await run_chunk(pool, runs["id"], two_rows, lane=1)
    assert (await read_all(tenant, cursor=before[1]))[0] == [
        f"{runs['id']}-{n}-{at}" for n in range(25, 30) for at in (1, 2)
    ]
    assert (await read_all(tenant, failures=True))[0] == [f"{runs['id']}-3-0"]


async def test_a_schedule_is_named(tenant, pool):
    body = {"cron": "* * * * *", "crawlConfig": {"type": "details", "targets": ["B000000001"]}}
    schedule = (await tenant.http.post(f"/projects/{tenant.project_id}/schedules", json=body)).json()["data"]
    async with transaction(pool) as conn:
        await schedule_runs.run_due(conn, now=datetime.now(UTC) + timedelta(minutes=2))
    (posted,) = (await tenant.http.get(f"/projects/{tenant.project_id}/jobs")).json()["data"]
    await run_chunk(pool, posted["id"], two_rows)
    assert (await read(tenant))["data"][0]["meta"]["scheduleId"] == schedule["id"]


async def test_a_cursor_behind_the_end_is_of_another_feed(tenant, pool):
    await job(tenant, pool, lambda t: failed(t) if t.ordinal else two_rows(t))
    ends = {False: "2.0.0", True: "2.0.0"}
    for failures, cursor in ends.items():
        assert (await read_all(tenant, failures=failures))[1] == cursor
        assert (await read(tenant, failures=failures, cursor=cursor))["data"] == []
    await retention.prune(pool, before=datetime.now(UTC) + timedelta(milliseconds=1))
    assert (await read(tenant, cursor="2.0.0"))["meta"]["nextCursor"] == "2.0.0"
    assert (await read(tenant, cursor="1.0.1"))["data"] == []
    await job(tenant, pool, targets=1)
    assert (await read(tenant, cursor="4.0.0"))["data"] == []
    empty = (await tenant.http.post("/projects", json={"name": "Empty"})).json()["data"]["id"]
    assert (await tenant.http.get(f"/projects/{empty}/rows?cursor=0.0.0")).status_code == 200
    for project_id, params in (
        (tenant.project_id, {"cursor": "5.0.0"}),
        (tenant.project_id, {"cursor": "3.0.0", "failures": "true"}),
        (empty, {"cursor": "2.0.0"}),
    ):
        answer = await tenant.http.get(f"/projects/{project_id}/rows", params=params)
        assert answer.status_code == 400
        assert answer.json()["error"]["details"] == [
            {"field": "cursor", "message": "is of another project, or of another feed"}
        ]


@pytest.mark.parametrize(
    ("params", "field"),
    [
        ({"cursor": "1.2"}, "cursor"),
        ({"cursor": "9" * 30 + ".0.0"}, "cursor"),
        ({"cursor": "1.0.0", "since": "2026-01-01"}, "since"),
        ({"since": "yesterday"}, "since"),
        ({"limit": "0"}, "limit"),
        ({"type": "reviews of nothing"}, "type"),
        ({"offset": "3"}, "offset"),
        ({"fields": "prise"}, "fields"),
        ({"where": "price.amount"}, "where"),
        ({"where": 'meta.jobId="1"'}, "where"),
        ({"where": "price.amount<1", "failures": "true"}, "where"),
    ],
    ids=str,
)
async def test_bad_questions(tenant, params, field):
    answer = await tenant.http.get(f"/projects/{tenant.project_id}/rows", params=params)
    assert (answer.status_code, answer.json()["error"]["details"][0]["field"]) == (400, field)
