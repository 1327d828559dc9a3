"""What a job tells the endpoints of its project, and in what order."""

from datetime import timedelta

import orjson

from azscraper.jobs import jobs
from azscraper.jobs.plan import PlannedTarget
from azscraper.kinds.details import DETAILS
from azscraper.running import chunks
from azscraper.running.save import Outcome, save
from azscraper.store import queue
from azscraper.store.db import transaction
from azscraper.tenants import projects
from azscraper.tracking import schedule_runs, schedules
from azscraper.tracking.schedules import CrawlConfig
from azscraper.wire.crawls import JobConfig
from azscraper.words import EventType
from integration.deliveryworld import Receiver


async def make_job(world, count):
    planned = [PlannedTarget(f"B{n:09}", "www.amazon.com", f"B{n:09}") for n in range(count)]
    async with transaction(world.pool) as conn:
        return await jobs.submit(
            conn,
            world.principal,
            world.project_id,
            kind=DETAILS,
            targets=planned,
            config=JobConfig(),
            now=world.now,
        )


async def run_job(world, job, *statuses):
    async with transaction(world.pool) as conn:
        chunk = await chunks.claim(conn, job.id, lane=0, run=0, now=world.now)
    for target, ending in zip(chunk.targets, statuses, strict=True):
        code = None if ending == "success" else "not_found"
        outcome = Outcome(target.ordinal, target.claim, ending, 1, error_code=code, error_message=code and "Gone.")
        async with transaction(world.pool) as conn:
            await save(conn, chunk, [outcome])


async def test_a_job_tells_its_life_in_order(world):
    async with Receiver() as receiver:
        await world.listen(receiver.url)
        job = await make_job(world, 3)
        await run_job(world, job, "success", "failed", "success")
        await world.run()
        assert receiver.types() == ["job.started", "target.failed", "job.completed"]
        started, failed, completed = (orjson.loads(body)["data"] for _, body in receiver.messages)
        assert (started["jobId"], started["status"], started["total"]) == (job.id, "running", 3)
        assert failed == {
            "jobId": job.id,
            "target": "B000000001",
            "error": {"code": "not_found", "message": "Gone."},
            "httpStatus": None,
            "attempts": 1,
        }
        assert (completed["status"], completed["succeeded"], completed["failed"]) == ("completed", 2, 1)


async def test_a_failed_job_names_its_error_and_a_cancelled_one_says_so(world):
    async with Receiver() as receiver:
        await world.listen(receiver.url, EventType.JOB_FAILED, EventType.JOB_CANCELLED)
        await run_job(world, await make_job(world, 1), "failed")
        job = await make_job(world, 1)
        async with transaction(world.pool) as conn:
            await jobs.cancel(conn, world.principal, job.id)
        await world.run()
        assert sorted(receiver.types()) == ["job.cancelled", "job.failed"]
        data = {orjson.loads(body)["type"]: orjson.loads(body)["data"] for _, body in receiver.messages}
        assert data["job.failed"]["error"]["code"] == "not_found"
        assert data["job.cancelled"]["cancelled"] == 1


async def test_a_slot_without_a_job_is_told(world):
    async with Receiver() as receiver:
        await world.listen(receiver.url)
        crawl = CrawlConfig("search", ["mug"], JobConfig())
        async with transaction(world.pool) as conn:
            schedule = await schedules.create(
                conn,
                world.principal,
                world.project_id,
                cron="@hourly",
                timezone="UTC",
                enabled=True,
                crawl=crawl,
                now=world.now,
            )
            await projects.change(conn, world.principal, world.project_id, name=None, archived=True)
        async with transaction(world.pool) as conn:
            await schedule_runs.run_due(conn, now=world.now + timedelta(hours=1))
        await world.run()
        [(_, body)] = receiver.messages
        message = orjson.loads(body)
        assert (message["type"], message["data"]["scheduleId"]) == ("schedule.failed", schedule.id)
        assert message["data"]["error"]["code"] == "CONFLICT"
        assert message["data"]["slot"].endswith(":00:00.000Z")


async def test_the_tasks_of_a_cancelled_job_are_taken_out_and_its_deliveries_are_not(world):
    async with Receiver() as receiver:
        await world.listen(receiver.url)
        job = await make_job(world, 1)
        async with transaction(world.pool) as conn:
            await chunks.claim(conn, job.id, lane=0, run=0, now=world.now)
            await jobs.cancel(conn, world.principal, job.id)
            assert not await queue.has_tasks(conn, job.id)
        await world.run()
        assert receiver.types() == ["job.started", "job.cancelled"]
