"""The tables that are cut by time: rows find their month, also those that were there before; updates stay in place."""

from datetime import UTC, datetime, timedelta

import psycopg

from azscraper.ids import id_of, new_id
from azscraper.jobs import jobs
from azscraper.jobs.plan import PlannedTarget
from azscraper.kinds.details import DETAILS
from azscraper.running import chunks
from azscraper.running.save import Outcome, save
from azscraper.store import db, migrations, partitions
from azscraper.store.db import transaction
from azscraper.tenants import accounts, projects
from azscraper.wire.crawls import JobConfig

NOW = datetime(2026, 3, 15, tzinfo=UTC)


def job_id_of(moment):
    return id_of(int(moment.timestamp() * 1000), b"random")


def insert_result(conn, job_id, ordinal=0):
    conn.execute("INSERT INTO results (job_id, ordinal, position, record) VALUES (%s, %s, 1, '{}')", [job_id, ordinal])


def home_of(conn, job_id):
    return conn.execute("SELECT DISTINCT tableoid::regclass::text FROM results WHERE job_id = %s", [job_id]).fetchone()[
        0
    ]


def test_the_months_ahead_are_there_and_take_their_rows(database_url):
    now = datetime.now(UTC)
    with psycopg.connect(database_url) as conn:
        for moment in (now, now + timedelta(days=80)):
            insert_result(conn, job_id_of(moment))
            assert home_of(conn, job_id_of(moment)) == f"results_{moment:%Y_%m}"


def test_what_came_too_early_or_too_late_waits_for_its_month_and_is_found_all_the_while(database_url):
    early = [job_id_of(NOW - timedelta(days=days)) for days in (0, 40, 400)]
    with psycopg.connect(database_url) as conn:
        for job_id in early:
            insert_result(conn, job_id)
            assert home_of(conn, job_id) == "results_default"
    partitions.ensure(database_url, now=NOW)
    partitions.ensure(database_url, now=NOW)
    with psycopg.connect(database_url) as conn:
        assert [home_of(conn, job_id) for job_id in early] == ["results_2026_03", "results_2026_02", "results_2025_02"]


def test_a_look_up_by_job_reads_one_partition(database_url):
    with psycopg.connect(database_url) as conn:
        plan = conn.execute("EXPLAIN SELECT * FROM targets WHERE job_id = %s", [new_id()]).fetchall()
    assert sum("targets_" in line and "pkey" not in line for (line,) in plan) <= 2
    assert not any("default" in line for (line,) in plan)


def test_the_migration_takes_everything_along(empty_database_url):
    migrations.upgrade(empty_database_url, "0006")
    job_ids = [job_id_of(NOW), job_id_of(datetime.now(UTC))]
    with psycopg.connect(empty_database_url) as conn:
        conn.execute("INSERT INTO organizations (id, name, plan) VALUES ('o', 'O', 'free')")
        conn.execute("INSERT INTO projects (id, organization_id, name) VALUES ('p', 'o', 'P')")
        for job_id in job_ids:
            conn.execute(
                """INSERT INTO jobs (id, organization_id, project_id, type, status, config, total, pending, running, succeeded,
                       lane_runs) VALUES (%s, 'o', 'p', 'details', 'running', '{}', 3, 1, 1, 1, '{0}')""",
                [job_id],
            )
            for ordinal, status in enumerate(["success", "running", "pending"]):
                conn.execute(
                    "INSERT INTO targets (job_id, ordinal, value, marketplace, status, lane) VALUES (%s, %s, 'x', 'h', %s, %s)",
                    [job_id, ordinal, status, 0 if status == "running" else None],
                )
            insert_result(conn, job_id)
    migrations.migrate(empty_database_url)
    with psycopg.connect(empty_database_url) as conn:
        assert [home_of(conn, job_id) for job_id in job_ids] == [
            "results_2026_03",
            f"results_{datetime.now(UTC):%Y_%m}",
        ]
        assert conn.execute("SELECT count(*) FROM targets").fetchone() == (6,)
        assert conn.execute("SELECT lane, ordinals FROM lane_claims").fetchall() == [(0, [1])] * 2
        assert conn.execute("SELECT ordinal FROM waiting_targets").fetchall() == [(2,)] * 2


def test_the_migration_of_the_history_takes_it_along_and_counts_on(empty_database_url):
    migrations.upgrade(empty_database_url, "0012")
    insert = """INSERT INTO product_observations (organization_id, project_id, job_id, marketplace, asin, observed_at)
                VALUES ('o', 'p', 'j', 'h', 'B000000001', %s)"""
    with psycopg.connect(empty_database_url) as conn:
        for moment in (NOW - timedelta(days=40), NOW):
            conn.execute(insert, [moment])
    migrations.migrate(empty_database_url)
    with psycopg.connect(empty_database_url) as conn:
        conn.execute(insert, [datetime.now(UTC)])
        places = conn.execute("SELECT seq, tableoid::regclass::text FROM product_observations ORDER BY seq").fetchall()
    assert [seq for seq, _ in places] == [1, 2, 3]
    assert [place for _, place in places[:2]] == ["product_observations_2026_02", "product_observations_2026_03"]


async def test_almost_all_updates_of_targets_leave_the_indexes_alone(database_url):
    planned = [PlannedTarget(f"B{n:09}", "www.amazon.com", f"B{n:09}") for n in range(1000)]
    async with db.open_pool(database_url, size=1) as pool:
        async with transaction(pool) as conn:
            user = await accounts.register(conn, email="a@example.com", password_hash="-", name=None, plan="unlimited")
            project = await projects.create(conn, user.principal(), "P")
            job = await jobs.submit(
                conn, user.principal(), project.id, kind=DETAILS, targets=planned, config=JobConfig(), now=NOW
            )
        for run in range(40):
            async with transaction(pool) as conn:
                chunk = await chunks.claim(conn, job.id, lane=0, run=run, now=NOW)
            async with transaction(pool) as conn:
                ended = [
                    Outcome(t.ordinal, t.claim, "success", 1, fetched_at=NOW, http_status=200) for t in chunk.targets
                ]
                await save(conn, chunk, ended)
            async with transaction(pool) as conn:
                await chunks.end(conn, chunk, now=NOW)
    # the pool's sessions have ended and told the statistics what they did
    with psycopg.connect(database_url) as conn:
        updated, in_place = conn.execute(
            "SELECT sum(n_tup_upd)::int, sum(n_tup_hot_upd)::int FROM pg_stat_user_tables WHERE relname LIKE 'targets_%'"
        ).fetchone()
        job_updates = conn.execute(
            "SELECT n_tup_upd, n_tup_hot_upd FROM pg_stat_user_tables WHERE relname = 'jobs'"
        ).fetchone()
    assert updated == 2000
    assert in_place > 0.9 * updated
    assert job_updates[1] > 0.9 * job_updates[0] - 3
