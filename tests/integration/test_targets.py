"""The fences: whatever crashes, comes late or runs twice, each target ends once and no task is lost."""

import random
from datetime import UTC, datetime, timedelta

import pytest

from azscraper.jobs import dispatch, jobs
from azscraper.jobs.plan import PlannedTarget
from azscraper.kinds.details import DETAILS
from azscraper.kinds.search import SEARCH
from azscraper.running import chunks
from azscraper.running.save import Outcome, Row, save
from azscraper.store import queue
from azscraper.store.db import transaction
from azscraper.tenants import accounts, projects
from azscraper.tenants.principal import Principal
from azscraper.wire.crawls import JobConfig

NOW = datetime(2026, 1, 1, 12, tzinfo=UTC)


@pytest.fixture
async def organization(pool):
    async with transaction(pool) as conn:
        user = await accounts.register(conn, email="a@example.com", password_hash="-", name=None, plan="unlimited")
        project = await projects.create(conn, user.principal(), "P")
    return user.principal(), project.id


async def submit(pool, organization, count):
    planned = [PlannedTarget(f"B{n:09}", "www.amazon.com", f"B{n:09}") for n in range(count)]
    async with transaction(pool) as conn:
        return await jobs.submit(conn, *organization, kind=DETAILS, targets=planned, config=JobConfig(), now=NOW)


def outcome(target, status="success", **more):
    rows = (Row(b'{"asin":"%s"}' % target.value.encode()),) if status == "success" else ()
    return Outcome(target.ordinal, target.claim, status, target.attempts + 1, rows=rows, **more)


async def claim(pool, job, lane=0, run=0, now=NOW):
    async with transaction(pool) as conn:
        return await chunks.claim(conn, job.id, lane=lane, run=run, now=now)


async def record(pool, chunk, outcomes):
    async with transaction(pool) as conn:
        return await save(conn, chunk, outcomes)


async def end(pool, chunk, now=NOW):
    async with transaction(pool) as conn:
        await chunks.end(conn, chunk, now=now)


async def tasks(pool):
    async with transaction(pool) as conn:
        cursor = await conn.execute(
            """SELECT (args->>'lane')::int, (args->>'run')::int, scheduled_at FROM procrastinate_jobs
               WHERE status = 'todo' ORDER BY id"""
        )
        return await cursor.fetchall()


async def job_row(pool, job):
    async with transaction(pool) as conn:
        return await jobs.get(conn, Principal(job.organization_id), job.id)


async def count_rows(pool, job):
    async with transaction(pool) as conn:
        cursor = await conn.execute("SELECT count(*), count(DISTINCT ordinal) FROM results WHERE job_id = %s", [job.id])
        return await cursor.fetchone()


async def test_a_large_job_has_four_chunks_in_the_queue_and_a_small_one_one(pool, organization):
    await submit(pool, organization, 1000)
    assert [(lane, run) for lane, run, _ in await tasks(pool)] == [(0, 0), (1, 0), (2, 0), (3, 0)]
    await submit(pool, organization, 25)
    assert len(await tasks(pool)) == 5


async def test_nothing_is_stored_when_the_transaction_fails(pool, organization):
    with pytest.raises(ZeroDivisionError):
        async with transaction(pool) as conn:
            planned = [PlannedTarget("x", "www.amazon.com", None)]
            await jobs.submit(conn, *organization, kind=SEARCH, targets=planned, config=JobConfig(), now=NOW)
            raise ZeroDivisionError
    assert await tasks(pool) == []
    async with transaction(pool) as conn:
        assert (await (await conn.execute("SELECT count(*) FROM jobs")).fetchone())[0] == 0


async def test_a_worker_that_died_is_replaced_and_what_it_brings_late_is_refused(pool, organization):
    job = await submit(pool, organization, 3)
    lost = await claim(pool, job)
    await record(pool, lost, [outcome(lost.targets[0])])
    again = await claim(pool, job)
    assert [t.ordinal for t in again.targets] == [1, 2]
    assert [t.attempts for t in again.targets] == [1, 1]
    assert await record(pool, lost, [outcome(lost.targets[1])])
    assert (await job_row(pool, job)).succeeded == 1
    await record(pool, again, [outcome(t) for t in again.targets])
    assert await count_rows(pool, job) == (3, 3)
    assert (await job_row(pool, job)).status == "completed"
    assert not await record(pool, lost, [outcome(lost.targets[1])])


async def test_a_chunk_that_ran_before_does_not_run_again_and_ends_once(pool, organization):
    job = await submit(pool, organization, 40)
    chunk = await claim(pool, job)
    await record(pool, chunk, [outcome(t) for t in chunk.targets])
    await end(pool, chunk)
    await end(pool, chunk)
    assert [(lane, run) for lane, run, _ in await tasks(pool)] == [(0, 0), (1, 0), (0, 1)]
    assert await claim(pool, job, lane=0, run=0) is None


async def test_what_is_not_finished_is_handed_back(pool, organization):
    job = await submit(pool, organization, 5)
    chunk = await claim(pool, job)
    await record(pool, chunk, [outcome(chunk.targets[0])])
    await end(pool, chunk)
    row = await job_row(pool, job)
    assert (row.pending, row.running, row.succeeded) == (4, 0, 1)
    following = await claim(pool, job, run=1)
    assert [t.ordinal for t in following.targets] == [1, 2, 3, 4]
    assert [t.attempts for t in following.targets] == [0, 0, 0, 0]


async def test_a_target_to_be_tried_again_waits_for_its_time(pool, organization):
    job = await submit(pool, organization, 2)
    chunk = await claim(pool, job)
    later = NOW + timedelta(minutes=5)
    waiting = outcome(chunk.targets[0], "pending", retry_at=later, error_code="timeout", error_message="Too slow.")
    await record(pool, chunk, [waiting, outcome(chunk.targets[1])])
    await end(pool, chunk)
    assert (await tasks(pool))[-1] == (0, 1, later)
    assert (await claim(pool, job, run=1)).targets == ()
    assert [t.attempts for t in (await claim(pool, job, run=1, now=later)).targets] == [1]


async def test_cancel_takes_the_tasks_out_and_refuses_late_rows(pool, organization):
    job = await submit(pool, organization, 100)
    chunk = await claim(pool, job)
    async with transaction(pool) as conn:
        await jobs.cancel(conn, organization[0], job.id)
    assert await tasks(pool) == []
    assert not await record(pool, chunk, [outcome(chunk.targets[0])])
    await end(pool, chunk)
    assert await tasks(pool) == []
    assert await claim(pool, job, lane=1) is None
    row = await job_row(pool, job)
    assert (row.cancelled, row.pending, row.running) == (100, 0, 0)


async def test_a_task_that_was_to_stop_when_its_worker_died_does_not_stay_in_the_queue(pool, organization):
    job = await submit(pool, organization, 100)
    async with transaction(pool) as conn:
        await conn.execute("SELECT procrastinate_fetch_job_v2(ARRAY['default'], NULL)")
        await jobs.cancel(conn, organization[0], job.id)
        await conn.execute("SELECT procrastinate_retry_job_v2(id, now(), NULL, NULL, NULL) FROM procrastinate_jobs")
    async with transaction(pool) as conn:
        assert await queue.forget_ended(conn) == 1
        assert await queue.forget_ended(conn) == 0
        assert not await queue.has_tasks(conn, job.id)


async def test_lost_tasks_are_put_back(pool, organization):
    job = await submit(pool, organization, 100)
    async with transaction(pool) as conn:
        assert await dispatch.revive(conn, idle_since=datetime.now(UTC) + timedelta(hours=1)) == []
        await conn.execute("DELETE FROM procrastinate_jobs")
        assert not await queue.has_tasks(conn, job.id)
        assert await dispatch.revive(conn, idle_since=datetime.now(UTC) - timedelta(hours=1)) == []
        assert await dispatch.revive(conn, idle_since=datetime.now(UTC) + timedelta(hours=1)) == [job.id]
    assert len(await tasks(pool)) == 4


@pytest.mark.parametrize("seed", range(8))
async def test_any_order_of_claims_crashes_late_writes_and_ends_loses_and_doubles_nothing(pool, organization, seed):
    rng = random.Random(seed)
    job = await submit(pool, organization, 60)
    todo = {(lane, run) for lane, run, _ in await tasks(pool)}
    alive, ghosts = [], []
    for _ in range(2000):
        row = await job_row(pool, job)
        if row.is_over:
            break
        move = rng.choice(["claim", "claim", "store", "store", "crash", "ghost", "end", "twice"])
        if move == "claim" and todo:
            lane, run = rng.choice(sorted(todo))
            chunk = await claim(pool, job, lane, run)
            if chunk is not None:
                alive.append((chunk, list(chunk.targets)))
        elif move in {"store", "crash"} and alive:
            chunk, left = rng.choice(alive)
            if left:
                status = rng.choice(["success", "success", "pending"])
                await record(pool, chunk, [outcome(left.pop(), status)])
            if move == "crash":
                ghosts.append((chunk, left))
                alive = [one for one in alive if one[0] is not chunk]
        elif move == "ghost" and ghosts:
            chunk, left = rng.choice(ghosts)
            await record(pool, chunk, [outcome(t) for t in left])
        elif move in {"end", "twice"} and alive:
            chunk, _ = alive.pop(rng.randrange(len(alive)))
            for _ in range(2 if move == "twice" else 1):
                await end(pool, chunk)
        todo = {(lane, run) for lane, run, _ in await tasks(pool)}
    row = await job_row(pool, job)
    assert row.status == "completed"
    assert row.succeeded == 60
    assert await count_rows(pool, job) == (60, 60)
    assert row.result_count == 60
