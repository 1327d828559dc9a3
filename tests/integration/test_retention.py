"""What is old leaves, whole months at once; jobs and their counters stay and say what became of their rows."""

from datetime import UTC, datetime, timedelta

import pyarrow.parquet
import pytest

from azscraper.crawl import archive_index
from azscraper.crawl.archive import Archive
from azscraper.crawl.archive_index import ArchivedPage
from azscraper.ids import id_of
from azscraper.kinds.observations import ProductObservation, Ranking
from azscraper.operate import retention
from azscraper.records import RawPage
from azscraper.store import partitions
from azscraper.store.db import scalar, transaction
from azscraper.tracking import observed

NOW = datetime.now(UTC)
LIMIT = NOW - timedelta(days=90)


@pytest.fixture
async def old_job(tenant, pool, database_url):
    """Makes finished jobs of any age out of fresh ones, with a target and a row."""

    async def make(moment, status="completed"):
        fresh = await tenant.post_job(targets=["B000000001"])
        job_id = id_of(int(moment.timestamp() * 1000), bytes.fromhex(fresh["id"][12:]))
        async with transaction(pool) as conn:
            await conn.execute("DELETE FROM procrastinate_jobs")
            await conn.execute(
                """UPDATE jobs SET id = %s, status = %s, pending = 0, succeeded = 1, result_count = 1, completed_at = now()
                   WHERE id = %s""",
                [job_id, status, fresh["id"]],
            )
            await conn.execute(
                "UPDATE targets SET job_id = %s, status = 'success' WHERE job_id = %s", [job_id, fresh["id"]]
            )
            record = '{"asin":"B000000001","title":"Mug","warnings":[]}'
            await conn.execute(
                "INSERT INTO results (job_id, ordinal, position, record) VALUES (%s, 0, 1, %s)", [job_id, record]
            )
        partitions.ensure(database_url, now=NOW)
        return job_id

    return make


async def count(pool, table, job_id):
    async with transaction(pool) as conn:
        cursor = await conn.execute(f"SELECT count(*) FROM {table} WHERE job_id = %s", [job_id])
        return (await cursor.fetchone())[0]


async def names(pool, table):
    async with transaction(pool) as conn:
        return [start.isoformat() for start in await partitions.starts(conn, table)]


async def test_old_months_are_dropped_and_the_limit_is_kept_to_the_job(tenant, pool, old_job):
    ancient = await old_job(LIMIT - timedelta(days=70))
    just_old = await old_job(LIMIT - timedelta(seconds=1))
    just_young = await old_job(LIMIT + timedelta(seconds=1))
    pruned = await retention.prune(pool, before=LIMIT)
    assert pruned.jobs == 2
    assert pruned.months >= 1
    for table in ("targets", "results"):
        assert [await count(pool, table, job) for job in (ancient, just_old, just_young)] == [0, 0, 1]
    assert min(await names(pool, partitions.RESULTS)) >= (LIMIT - timedelta(days=31)).date().isoformat()
    assert await retention.prune(pool, before=LIMIT) == retention.Pruned(0, 0, 0)
    job = (await tenant.http.get(f"/jobs/{ancient}")).json()["data"]
    assert (job["status"], job["resultCount"], job["progress"]["succeeded"], job["targets"]) == ("completed", 1, 1, [])
    assert job["prunedAt"]


async def test_a_pruned_job_says_what_became_of_its_rows(tenant, pool, old_job):
    job_id = await old_job(LIMIT - timedelta(days=1))
    await retention.prune(pool, before=LIMIT)
    routes = [("GET", "targets"), ("GET", "results"), ("GET", "export"), ("POST", "retry"), ("POST", "reparse")]
    for method, route in routes:
        response = await tenant.http.request(method, f"/jobs/{job_id}/{route}")
        error = response.json()["error"]
        assert (response.status_code, error["code"]) == (404, "NOT_FOUND"), route
        assert "were removed on" in error["message"]
    assert (await tenant.http.get("/usage")).json()["data"]["used"]["exportsThisMonth"] == 0


async def test_a_month_with_a_running_job_stays_until_that_ends(pool, old_job):
    moment = LIMIT - timedelta(days=70)
    running = await old_job(moment, status="running")
    over = await old_job(moment)
    assert (await retention.prune(pool, before=LIMIT)).jobs == 1
    assert await count(pool, "targets", running) == 1
    async with transaction(pool) as conn:
        await conn.execute("UPDATE jobs SET status = 'completed' WHERE id = %s", [running])
    pruned = await retention.prune(pool, before=LIMIT)
    assert pruned.jobs == 1
    assert pruned.months >= 1
    assert [await count(pool, "targets", job) for job in (running, over)] == [0, 0]


async def test_rows_are_written_to_files_before_they_leave(tenant, pool, old_job, tmp_path):
    old = [await old_job(LIMIT - timedelta(days=days)) for days in (1, 80)]
    (tmp_path / "file").write_text("")
    with pytest.raises(OSError, match="file"):
        await retention.prune(pool, before=LIMIT, export_to=tmp_path / "file")
    assert [await count(pool, "results", job) for job in old] == [1, 1]
    pruned = await retention.prune(pool, before=LIMIT, export_to=tmp_path / "rows")
    assert (pruned.jobs, pruned.files) == (2, 2)
    organization_id = (await tenant.http.get("/me")).json()["data"]["organizationId"]
    for job in old:
        path = tmp_path / "rows" / organization_id / tenant.project_id / f"job-{job}.parquet"
        assert pyarrow.parquet.read_table(path)["asin"].to_pylist() == ["B000000001"]
    assert len(list((tmp_path / "rows").rglob("*.*"))) == 2, "no draft is left"


async def test_webhook_events_leave_but_not_those_on_their_way(pool, tenant):
    old, young = (id_of(int(at.timestamp() * 1000), b"event!") for at in (LIMIT - timedelta(days=1), NOW))
    waiting = id_of(int((LIMIT - timedelta(days=2)).timestamp() * 1000), b"event!")
    webhook = await tenant.http.post(
        f"/projects/{tenant.project_id}/webhooks", json={"url": "https://hooks.example.com/rows"}
    )
    async with transaction(pool) as conn:
        for event_id, status in ((old, "delivered"), (young, "delivered"), (waiting, "pending")):
            await conn.execute(
                "INSERT INTO webhook_events (id, organization_id, type, body) SELECT %s, id, 'x', '{}' FROM organizations",
                [event_id],
            )
            await conn.execute(
                "INSERT INTO webhook_deliveries (id, webhook_id, event_id, subject, status) VALUES (%s, %s, %s, 'x', %s)",
                [event_id, webhook.json()["data"]["id"], event_id, status],
            )
    await retention.prune(pool, before=LIMIT)
    async with transaction(pool) as conn:
        left = await (await conn.execute("SELECT id FROM webhook_events ORDER BY id")).fetchall()
        assert [row[0] for row in left] == [waiting, young]
        assert (await (await conn.execute("SELECT count(*) FROM webhook_deliveries")).fetchone())[0] == 2


async def test_kept_pages_leave_with_their_days(pool, tenant, database_url, tmp_path):
    job_id = (await tenant.post_job())["id"]
    clock = [NOW]
    async with Archive(tmp_path.as_uri(), software="azscraper/test", clock=lambda: clock[0]) as archive:
        for days in (30, 8, 6, 0):
            clock[0] = NOW - timedelta(days=days)
            page = RawPage("https://www.amazon.com/dp/x", 200, b"<html>", "text/html", clock[0])
            [location] = await archive.store([page])
            async with transaction(pool) as conn:
                await archive_index.add(
                    conn,
                    job_id,
                    [
                        (
                            0,
                            ArchivedPage(
                                str(days), days, b"x" * 16, accepted=True, fetched_at=clock[0], location=location
                            ),
                        )
                    ],
                )
        partitions.ensure(database_url, now=NOW)
        assert await retention.expire_pages(pool, archive, days=7, now=NOW) == 2
        async with transaction(pool) as conn:
            assert sorted(await archive_index.of_target(conn, job_id, 0)) == ["0", "6"]
        assert await retention.expire_pages(pool, archive, days=7, now=NOW) == 0


async def test_history_leaves_with_its_months_and_the_last_state_stays(pool, database_url):
    source = observed.Source("o", "p", "j")
    moments = [NOW - timedelta(days=200), LIMIT - timedelta(days=40), LIMIT, NOW]
    async with transaction(pool) as conn:
        for moment in moments:
            await observed.add_products(conn, source, [ProductObservation("h", "B000000001", moment)])
            await observed.add_rankings(conn, source, [Ranking("h", "mug", "", "", 1, moment, ["B000000001"], [False])])
    partitions.ensure(database_url, now=NOW)
    assert await retention.expire_history(pool, before=LIMIT) == 4
    assert await retention.expire_history(pool, before=LIMIT) == 0
    async with transaction(pool) as conn:
        for table, left in (("product_observations", 2), ("keyword_observations", 2), ("product_states", 1)):
            assert await scalar(conn, int, f"SELECT count(*)::int FROM {table}") == left


@pytest.mark.usefixtures("tenant")
async def test_what_has_expired_is_forgotten_and_what_has_not_stays(pool):
    past, future = NOW - timedelta(days=2), NOW + timedelta(days=2)
    async with transaction(pool) as conn:
        for name, at in (("past", past), ("future", future)):
            await conn.execute("INSERT INTO revoked_tokens VALUES (%s, %s)", [name, at])
            await conn.execute("INSERT INTO login_failures VALUES (%s, 1, %s)", [name, at])
            await conn.execute("INSERT INTO handoffs SELECT %s, id, %s, %s FROM users", [name.encode(), at, at])
            await conn.execute(
                """INSERT INTO idempotency_keys SELECT id, 'POST /projects', %s, 'x', 201, '{}', %s
                   FROM organizations""",
                [name, at],
            )
    assert await retention.forget_expired(pool, now=NOW) == 4
    assert await retention.forget_expired(pool, now=NOW) == 0
    async with transaction(pool) as conn:
        for table in ("revoked_tokens", "login_failures", "handoffs", "idempotency_keys"):
            assert await (await conn.execute(f"SELECT count(*) FROM {table}")).fetchone() == (1,)
