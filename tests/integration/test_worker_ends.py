"""A worker whose engine died, or that is told to stop, ends, and what watches it sees it."""

import asyncio
import gc
import os
import signal
import sys
import urllib.error
import urllib.request
from contextlib import suppress

import psycopg
import pytest
from procrastinate.exceptions import ConnectorException
from procrastinate.manager import JobManager

from azscraper import heartbeats as heartbeats_of
from azscraper import metrics
from azscraper.errors import UnavailableError
from azscraper.heartbeats import Heartbeats
from azscraper.store import queue
from azscraper.store.db import scalar, transaction

LIVE = "SELECT count(*)::int FROM procrastinate_workers WHERE last_heartbeat > now() - interval '5 s'"


async def test_a_worker_ends_although_its_sweeper_loses_the_word_to_end(pool, monkeypatch):
    """As Python 3.11's ``wait_for`` loses a cancellation that meets its result."""
    asked = asyncio.Event()

    async def deaf(*_, **__):
        try:
            asked.set()
            await asyncio.sleep(3600)
        except asyncio.CancelledError:
            pass
        return []

    monkeypatch.setattr(JobManager, "get_stalled_jobs", deaf)
    monkeypatch.setattr(queue, "_SWEEP_SECONDS", 3600.0)
    stop = asyncio.Event()
    working = asyncio.create_task(queue.run_worker(pool, {}, stop=stop, concurrency=1, grace_seconds=0))
    await asked.wait()
    stop.set()
    async with asyncio.timeout(20):
        await working


async def test_a_failure_that_ends_a_worker_that_is_cancelled_is_not_told_again(pool, monkeypatch):
    """As in an outage, where one queue's failure cancels the others while theirs comes in."""
    told, failed = [], asyncio.Event()
    asyncio.get_running_loop().set_exception_handler(lambda _, context: told.append(context["message"]))

    async def failing(*_, **__):
        try:
            failed.set()
            await asyncio.sleep(3600)
        finally:
            raise ConnectorException

    monkeypatch.setattr(JobManager, "get_stalled_jobs", failing)
    working = asyncio.create_task(queue.run_worker(pool, {}, stop=asyncio.Event(), concurrency=1, grace_seconds=0))
    await failed.wait()
    before = asyncio.all_tasks()
    working.cancel()
    await asyncio.sleep(0)  # it waits for its sweeper's end now
    working.cancel()
    with suppress(asyncio.CancelledError, ConnectorException):
        await working
    await asyncio.wait(before - {asyncio.current_task()}, timeout=5)
    del working, before
    gc.collect()
    assert not told


async def test_what_serves_a_queue_beats(pool, monkeypatch):
    monkeypatch.setattr(queue, "HEARTBEAT_SECONDS", 0.05)
    beats: list[str] = []

    class Heard(Heartbeats):
        def beat(self, part):
            super().beat(part)
            beats.append(part)

    stop = asyncio.Event()
    running = queue.run_worker(
        pool, {}, stop=stop, concurrency=1, grace_seconds=0, queues=("some",), heartbeats=Heard()
    )
    working = asyncio.create_task(running)
    async with asyncio.timeout(20):
        while len(beats) < 4:
            await asyncio.sleep(0.02)
    stop.set()
    await working
    assert set(beats) == {"some"}


@pytest.mark.parametrize(("longest", "status", "body"), [(60.0, 200, "ok"), (-1.0, 503, "silent")])
def test_the_metrics_port_answers_for_the_workers_health(monkeypatch, unused_tcp_port, longest, status, body):
    monkeypatch.setattr(heartbeats_of, "LONGEST_SILENCE_SECONDS", longest)
    beats = Heartbeats()
    beats.beat("some")
    stop = metrics.serve("127.0.0.1", unused_tcp_port, beats)
    try:
        assert asked(f"http://127.0.0.1:{unused_tcp_port}/health") == (status, f'{{"status":"{body}"}}')
        found, page = asked(f"http://127.0.0.1:{unused_tcp_port}/metrics")
        assert found == 200
        assert 'azscraper_worker_silent_seconds{queue="some"}' in page
    finally:
        stop()


def asked(url):
    try:
        with urllib.request.urlopen(url, timeout=10) as answer:  # noqa: S310 - a URL of ours
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()


async def test_after_a_read_only_database_a_worker_works_again_and_ends_when_told(pool, database_url):
    environ = {key: value for key, value in os.environ.items() if not key.startswith("AZSCRAPER_")}
    environ |= {"AZSCRAPER_DATABASE_URL": database_url, "AZSCRAPER_ARCHIVE_URL": "memory:///"}
    command = (sys.executable, "-m", "azscraper", "worker")
    worker = await asyncio.create_subprocess_exec(*command, env=environ, stderr=asyncio.subprocess.DEVNULL)
    try:
        await until(pool, 4)
        for read_only in ("on", "off"):
            with psycopg.connect(database_url, autocommit=True) as conn:
                conn.execute("SET default_transaction_read_only = off")
                conn.execute(f'ALTER DATABASE "{conn.info.dbname}" SET default_transaction_read_only = {read_only}')
                conn.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s"
                    " AND pid <> pg_backend_pid()",
                    [conn.info.dbname],
                )
            if read_only == "on":
                await until(pool, 0)
        await until(pool, 4)
        worker.send_signal(signal.SIGTERM)
        async with asyncio.timeout(15):
            assert await worker.wait() == 0
    finally:
        with suppress(ProcessLookupError):
            worker.kill()
        await worker.wait()


async def until(pool, live):
    async with asyncio.timeout(60):
        while True:
            try:
                async with transaction(pool) as conn:
                    if await scalar(conn, int, LIVE) == live:
                        return
            except UnavailableError:  # its connection was ended too
                pass
            await asyncio.sleep(0.2)
