"""Eight writers that are killed at random, and a reader that stops and starts: every row exactly once."""

import asyncio
import multiprocessing
import random
from datetime import UTC, datetime

import pytest

from acceptance import feed_writer
from azscraper.jobs import jobs
from azscraper.jobs.plan import PlannedTarget
from azscraper.kinds.details import DETAILS
from azscraper.results.feed import Feed, Place
from azscraper.store.db import transaction
from azscraper.tenants import accounts, projects
from azscraper.wire.crawls import JobConfig
from integration.crawling import HOST

TARGETS = 80
LANES = 4
DEADLINE_SECONDS = 60
KILLED = 0.1
processes = multiprocessing.get_context("fork")  # all is imported already


@pytest.fixture
def seeds(request):
    return range(20 if request.config.getoption("--whole") else 2)


async def posted(pool):
    """A project with two jobs."""
    async with transaction(pool) as conn:
        user = await accounts.register(conn, email="a@example.com", password_hash="-", name=None, plan="unlimited")
        project = await projects.create(conn, user.principal(), "P")
    made = [await post(pool, user.principal(), project.id) for _ in range(2)]
    return user.principal(), project.id, made


async def post(pool, principal, project_id):
    planned = [PlannedTarget(f"B{n:09}", HOST, f"B{n:09}") for n in range(TARGETS)]
    async with transaction(pool) as conn:
        job = await jobs.submit(
            conn,
            principal,
            project_id,
            kind=DETAILS,
            targets=planned,
            config=JobConfig(),
            now=datetime.now(UTC),
        )
    return job.id


class Writers:
    """A process a lane of two jobs; one of them is of the release before."""

    def __init__(self, url, job_ids, chance):
        self.url, self.chance = url, chance
        self.lanes = [(job_id, lane) for job_id in job_ids for lane in range(LANES)]
        self.running = {key: self.start(key) for key in self.lanes}

    def start(self, key):
        process = processes.Process(
            target=feed_writer.write,
            args=(self.url, *key, self.chance.random()),
            kwargs={"is_older": key == self.lanes[0]},
        )
        process.start()
        return process

    def disturb(self):
        """Kill one now and then; a new one takes its place."""
        key = self.chance.choice(self.lanes)
        if self.running[key].is_alive() and self.chance.random() < KILLED:
            self.running[key].kill()
            self.running[key].join()
        for other in self.lanes:
            if self.running[other].exitcode not in {None, 0}:
                self.running[other] = self.start(other)

    @property
    def are_over(self):
        return all(process.exitcode == 0 for process in self.running.values())

    def end(self):
        for process in self.running.values():
            process.kill()
            process.join()


class Reader:
    """Keeps what it has read and its cursor together; what it had not kept is read again."""

    def __init__(self, pool, project_id, chance, *, failed):
        self.pool, self.project_id, self.chance, self.failed = pool, project_id, chance, failed
        self.cursor, self.ids = "0.0.0", []

    async def read(self):
        feed = Feed(
            self.pool,
            self.project_id,
            Place.of_cursor(self.cursor),
            limit=self.chance.choice([1, 3, 7, 50, 1000]),
            failed=self.failed,
        )
        lines = b"".join([block async for block in feed]).splitlines()
        if self.chance.random() < 0.2:
            return  # stopped before it kept anything
        self.ids += [line.rsplit(b'"rowId":"', 1)[1].split(b'"')[0].decode() for line in lines]
        self.cursor = feed.place.cursor
        assert feed.skipped == 0


async def test_every_row_is_read_exactly_once(database_url, pool, seeds):
    principal, project_id, made = await posted(pool)
    for seed in seeds:
        chance = random.Random(seed)
        job_ids = made if seed == 0 else [await post(pool, principal, project_id) for _ in range(2)]
        readers = [Reader(pool, project_id, chance, failed=failed) for failed in (False, True)]
        writers = Writers(database_url, job_ids, chance)
        try:
            async with asyncio.timeout(DEADLINE_SECONDS):
                while not writers.are_over:
                    writers.disturb()
                    for reader in readers:
                        await reader.read()
                    await asyncio.sleep(chance.uniform(0, 0.02))
        finally:
            writers.end()
        for reader in readers:
            expected = await stored_ids(pool, project_id, failed=reader.failed)
            async with asyncio.timeout(DEADLINE_SECONDS):
                while len(reader.ids) < len(expected):
                    await reader.read()
            assert sorted(reader.ids) == expected, f"seed {seed}"


async def stored_ids(pool, project_id, *, failed):
    sql = {
        False: """SELECT job_id || '-' || ordinal || '-' || position FROM results JOIN jobs ON id = job_id
                  WHERE project_id = %s""",
        True: """SELECT job_id || '-' || ordinal || '-0' FROM targets t JOIN jobs ON id = job_id
                 WHERE project_id = %s AND t.status = 'failed'""",
    }
    async with transaction(pool) as conn:
        rows = await (await conn.execute(sql[failed], [project_id])).fetchall()
    return sorted(row[0] for row in rows)
