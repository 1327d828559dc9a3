"""Whose turn it is, with the real queue: shares of organizations and jobs, and limits on what is in work."""

from collections import Counter
from datetime import UTC, datetime

import pytest

from azscraper.jobs import dispatch, jobs
from azscraper.jobs.dispatch import Turn
from azscraper.jobs.limits import Limits
from azscraper.jobs.plan import PlannedTarget
from azscraper.kinds.details import DETAILS
from azscraper.running import chunks
from azscraper.running.save import Outcome, save
from azscraper.store.db import transaction
from azscraper.tenants import accounts, projects
from azscraper.wire.crawls import JobConfig

NOW = datetime(2026, 1, 1, 12, tzinfo=UTC)


async def organization(pool, name, plan="unlimited"):
    async with transaction(pool) as conn:
        user = await accounts.register(conn, email=f"{name}@example.com", password_hash="-", name=None, plan=plan)
        project = await projects.create(conn, user.principal(), "P")
    return user.principal(), project.id


async def submit(pool, whose, count, *, is_ask=False, **config):
    planned = [PlannedTarget(f"B{n:09}", "www.amazon.com", f"B{n:09}") for n in range(count)]
    async with transaction(pool) as conn:
        return await jobs.submit(
            conn, *whose, kind=DETAILS, targets=planned, config=JobConfig(**config), now=NOW, is_ask=is_ask
        )


async def next_chunk(pool, limits=None, queue="default"):
    """What a worker's queue engine does, with its own function: take the task whose turn it is; then claim its chunk."""
    async with transaction(pool) as conn:
        cursor = await conn.execute("SELECT id, args FROM procrastinate_fetch_job_v2(ARRAY[%s]::text[], NULL)", [queue])
        task_id, args = await cursor.fetchone()
    if task_id is None:
        return None
    async with transaction(pool) as conn:
        await conn.execute("DELETE FROM procrastinate_jobs WHERE id = %s", [task_id])
        job_id, lane, run = args["job_id"], args["lane"], args["run"]
        return await chunks.claim(
            conn, job_id, lane=lane, run=run, now=NOW, limits=limits or Limits(), turn=Turn.of(args)
        )


async def finish(pool, chunk):
    outcomes = [Outcome(t.ordinal, t.claim, "success", t.attempts + 1) for t in chunk.targets]
    async with transaction(pool) as conn:
        await save(conn, chunk, outcomes)
    async with transaction(pool) as conn:
        await chunks.end(conn, chunk, now=NOW)


async def served(pool, chunks, at_once=4):
    """How many targets each job gets of so many chunks, ``at_once`` of them running side by side."""
    counts, running = Counter(), []
    for _ in range(chunks):
        chunk = await next_chunk(pool)
        counts[chunk.job_id] += len(chunk.targets)
        running.append(chunk)
        if len(running) == at_once:
            await finish(pool, running.pop(0))
    for chunk in running:
        await finish(pool, chunk)
    return counts


async def test_organizations_share_alike_however_many_jobs_each_has(pool):
    many, one = await organization(pool, "many"), await organization(pool, "one")
    crowd = [await submit(pool, many, 2500) for _ in range(6)]
    single = await submit(pool, one, 2500)
    await served(pool, 40)  # the first of them were posted while there were few
    counts = await served(pool, 56)
    of_many = sum(counts[job.id] for job in crowd)
    assert counts[single.id] / of_many == pytest.approx(1, abs=0.25)
    assert max(counts[job.id] for job in crowd) <= 2 * min(counts[job.id] for job in crowd)


async def test_a_job_of_more_weight_gets_more(pool):
    whose = await organization(pool, "ann")
    heavy = await submit(pool, whose, 2500, weight=3)
    usual = await submit(pool, whose, 2500)
    counts = await served(pool, 60)
    assert counts[heavy.id] / counts[usual.id] == pytest.approx(3, rel=0.3)


async def test_an_organization_on_a_plan_of_more_weight_gets_more(pool):
    full, light = await organization(pool, "full"), await organization(pool, "light")
    large, small = await submit(pool, full, 2500), await submit(pool, light, 2500)
    async with transaction(pool) as conn:  # once it is submitted: the plan would not allow so many
        await conn.execute("UPDATE organizations SET plan = 'free' WHERE id = %s", [light[0].organization_id])
    counts = await served(pool, 100)
    assert counts[large.id] / max(counts[small.id], 1) > 2


async def test_a_small_job_is_next_behind_ten_large_ones_of_the_same_organization(pool):
    whose = await organization(pool, "ann")
    for _ in range(10):
        await submit(pool, whose, 1000)
    await served(pool, 50, at_once=8)
    small = await submit(pool, whose, 1)
    turn = 0
    while (await next_chunk(pool)).job_id != small.id:
        turn += 1
    assert turn <= 10  # at most one chunk of each of the others


async def test_a_small_job_of_another_organization_is_next(pool):
    ann, bob = await organization(pool, "ann"), await organization(pool, "bob")
    for _ in range(10):
        await submit(pool, ann, 1000)
    await served(pool, 50, at_once=8)
    small = await submit(pool, bob, 1)
    order = [(await next_chunk(pool)).job_id for _ in range(3)]
    assert small.id in order


async def test_a_thousand_small_jobs_do_not_keep_others_out(pool):
    flood, other = await organization(pool, "flood"), await organization(pool, "other")
    for _ in range(200):
        await submit(pool, flood, 1)
    large = await submit(pool, other, 500)
    counts = await served(pool, 40)
    assert counts[large.id] >= 25 * 3


async def test_a_job_that_slept_has_saved_nothing_up(pool):
    ann, bob = await organization(pool, "ann"), await organization(pool, "bob")
    early = await submit(pool, ann, 2500)
    async with transaction(pool) as conn:  # its tasks wait, as for a marketplace that is paused
        await conn.execute("UPDATE procrastinate_jobs SET scheduled_at = 'infinity'")
    busy = await submit(pool, bob, 2500)
    await served(pool, 40)
    async with transaction(pool) as conn:
        await conn.execute(
            "UPDATE procrastinate_jobs SET scheduled_at = NULL, args = args || '{\"slept\": 1}' WHERE scheduled_at IS NOT NULL"
        )
    await served(pool, 4)
    counts = await served(pool, 40)
    assert counts[busy.id] >= 25 * 12
    assert counts[early.id] >= 25 * 12


async def test_no_more_is_in_work_than_the_plan_allows(pool):
    whose = await organization(pool, "ann", plan="free")
    for _ in range(2):
        await submit(pool, whose, 40)
    chunks = [await next_chunk(pool) for _ in range(4)]
    assert sum(len(chunk.targets) for chunk in chunks) == 8
    await finish(pool, chunks[-1])
    async with transaction(pool) as conn:
        cursor = await conn.execute("SELECT count(*) FROM procrastinate_jobs WHERE scheduled_at > %s", [NOW])
        assert await cursor.fetchone() == (1,)


async def test_no_more_is_in_work_than_the_settings_allow(pool):
    ann, bob = await organization(pool, "ann"), await organization(pool, "bob")
    await submit(pool, ann, 100)
    await submit(pool, bob, 100)
    limits = Limits(total=40, organization=30)
    chunks = [await next_chunk(pool, limits) for _ in range(8)]
    by_job = Counter()
    for chunk in chunks:
        by_job[chunk.job_id] += len(chunk.targets)
    assert sum(by_job.values()) == 40
    assert max(by_job.values()) <= 30


async def test_asks_have_a_line_of_their_own_that_organizations_share(pool):
    ann, bob = await organization(pool, "ann"), await organization(pool, "bob")
    batch = await submit(pool, ann, 100)
    crowd = [await submit(pool, ann, 1, is_ask=True) for _ in range(40)]
    early = [await next_chunk(pool, queue="ask") for _ in range(4)]
    other = await submit(pool, bob, 1, is_ask=True)
    assert {chunk.job_id for chunk in early} <= {job.id for job in crowd}
    assert (await next_chunk(pool, queue="ask")).job_id == other.id, "before those of the crowd"
    assert (await next_chunk(pool)).job_id == batch.id, "goes on meanwhile"


async def test_many_asks_count_as_one_job_beside_the_batches_of_their_organization(pool):
    ann, bob = await organization(pool, "ann"), await organization(pool, "bob")
    for _ in range(30):
        await submit(pool, ann, 1, is_ask=True)
    mine, others = await submit(pool, ann, 2500), await submit(pool, bob, 2500)
    counts = await served(pool, 60)
    assert counts[others.id] / counts[mine.id] == pytest.approx(2, rel=0.3)


async def test_an_ask_that_is_tried_again_and_one_that_the_queue_lost_stay_in_their_line(pool):
    whose = await organization(pool, "ann")
    await submit(pool, whose, 1, is_ask=True)
    chunk = await next_chunk(pool, queue="ask")
    (target,) = chunk.targets
    async with transaction(pool) as conn:
        await save(conn, chunk, [Outcome(target.ordinal, target.claim, "pending", 1)])
    async with transaction(pool) as conn:
        await chunks.end(conn, chunk, now=NOW)
    again = await next_chunk(pool, queue="ask")
    assert again.job_id == chunk.job_id
    async with transaction(pool) as conn:
        assert await dispatch.revive(conn, idle_since=datetime.now(UTC)) == [chunk.job_id]
        await conn.execute("UPDATE jobs SET lane_runs = '{1}'")
    assert await next_chunk(pool) is None


async def test_a_batch_leaves_room_for_the_asks_that_wait(pool):
    whose = await organization(pool, "ann")
    await submit(pool, whose, 100)
    limits = Limits(organization=30)
    asks = [await submit(pool, whose, 1, is_ask=True) for _ in range(3)]
    first, second = [await next_chunk(pool, limits) for _ in range(2)]
    assert (len(first.targets), len(second.targets)) == (25, 2)
    found = [await next_chunk(pool, limits, "ask") for _ in asks]
    assert [len(chunk.targets) for chunk in found] == [1, 1, 1]
