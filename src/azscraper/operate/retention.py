"""What leaves when it is old: targets and rows of jobs, what was told to webhooks, kept pages, history. Jobs and their counters stay.

Months that are wholly past leave by being dropped; of the month in which the limit lies, jobs leave one by one. A month
with a job that still runs waits for its end. Whatever is interrupted goes on at the next call.
"""

import os
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import LiteralString

from psycopg import sql

from azscraper.crawl.archive import Archive, sync_folder
from azscraper.jobs import gtins
from azscraper.jobs.jobs import COLUMNS, Job
from azscraper.results import exports, stored, unread
from azscraper.store import partitions
from azscraper.store.db import Conn, Pool, fetch_all, transaction
from azscraper.store.partitions import OBSERVATIONS, PAGES, TARGETS, Partitioned
from azscraper.tenants import accounts, guesses, idempotency, logins

_OF_JOBS = tuple(table for table in partitions.TABLES if table.key == "job_id")
_JOBS_AT_ONCE = 100
_EVENTS_AT_ONCE = 10_000
_FORGOTTEN_AT_ONCE = 10_000
_LOCK_TIMEOUT: LiteralString = "SET LOCAL lock_timeout = '5s'"
"""Dropping waits for readers of the whole table, and everybody waits behind it: rather try again in an hour."""


@dataclass(frozen=True, slots=True)
class Pruned:
    """What left."""

    jobs: int
    """Whose targets and rows were removed."""
    files: int
    """Written before that."""
    months: int
    """That were dropped whole."""


async def prune(pool: Pool, *, before: datetime, export_to: Path | None = None) -> Pruned:
    """Remove targets and rows of the jobs made before then that are over, and what webhooks were told before then.

    With ``export_to`` each job's rows are first written to ``<organization>/<project>/job-<id>.parquet`` below it. Raises
    OSError when that fails; the job then stays as it is.
    """
    pruned = files = 0
    async for job in _old_jobs(pool, before):
        if export_to is not None and job.result_count:
            await _export(pool, job, export_to)
            files += 1
        pruned += await _prune_job(pool, job, before)
    months = await _drop_months(pool, before)
    await expire_events(pool, before=before)
    return Pruned(pruned, files, months)


async def _old_jobs(pool: Pool, before: datetime) -> AsyncIterator[Job]:
    after = ""
    while True:
        async with transaction(pool) as conn:
            batch = await _find_old_jobs(conn, after, before)
        for job in batch:
            yield job
        if len(batch) < _JOBS_AT_ONCE:
            return
        after = batch[-1].id


async def _find_old_jobs(conn: Conn, after: str, before: datetime) -> list[Job]:
    return await fetch_all(
        conn,
        Job,
        f"""SELECT {COLUMNS} FROM jobs WHERE id > %s AND id < %s AND pruned_at IS NULL
              AND status NOT IN ('queued', 'running') ORDER BY id LIMIT %s""",
        [after, partitions.first_id(before), _JOBS_AT_ONCE],
    )


async def _mark_pruned(conn: Conn, job_id: str) -> bool:
    cursor = await conn.execute("UPDATE jobs SET pruned_at = now() WHERE id = %s AND pruned_at IS NULL", [job_id])
    return cursor.rowcount == 1


async def _export(pool: Pool, job: Job, folder: Path) -> None:
    """The file has its name once it is whole and on the disk; one that is there already is not written again."""
    file_format = exports.lossless_format(job)
    path = folder / job.organization_id / job.project_id / exports.file_name(job, file_format)
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(f".{os.getpid()}")
    with draft.open("wb") as file:
        async for block in exports.stream(stored.Rows(pool, job.id), job, file_format):
            file.write(block)
        os.fsync(file.fileno())
    draft.rename(path)
    sync_folder(path.parent)


async def _prune_job(pool: Pool, job: Job, before: datetime) -> bool:
    """Whether this call did it; what lies in a month that is wholly past is left to be dropped with it."""
    start = TARGETS.start_of(partitions.time_of_id(job.id))
    async with transaction(pool) as conn:
        if not await _mark_pruned(conn, job.id):
            return False
        if not _is_past(TARGETS, start, before):
            for table in _OF_JOBS:
                await conn.execute(
                    sql.SQL("DELETE FROM {} WHERE job_id = %s").format(sql.Identifier(table.name)), [job.id]
                )
    return True


def _is_past(table: Partitioned, start: date, before: datetime) -> bool:
    return partitions.midnight(table.end_of(start)) <= before


async def _drop_months(pool: Pool, before: datetime) -> int:
    dropped = 0
    for start in await _starts(pool, TARGETS):
        if _is_past(TARGETS, start, before):
            async with transaction(pool) as conn:
                dropped += await _drop_month(conn, start)
    return dropped


async def _drop_month(conn: Conn, start: date) -> bool:
    bounds = [TARGETS.bound(start), TARGETS.bound(TARGETS.end_of(start))]
    cursor = await conn.execute("SELECT 1 FROM jobs WHERE id >= %s AND id < %s AND pruned_at IS NULL LIMIT 1", bounds)
    if await cursor.fetchone() is not None:
        return False
    for table in _OF_JOBS:
        await _drop(conn, table, start)
    return True


async def _drop(conn: Conn, table: Partitioned, start: date) -> None:
    await conn.execute(_LOCK_TIMEOUT)
    await partitions.drop(conn, table, start)


async def _starts(pool: Pool, table: Partitioned) -> list[date]:
    async with transaction(pool) as conn:
        return await partitions.starts(conn, table)


async def expire_events(pool: Pool, *, before: datetime) -> None:
    """Remove what was told before then and is no longer on its way: webhook events with their deliveries, messages, notices."""
    deleted = _EVENTS_AT_ONCE
    while deleted == _EVENTS_AT_ONCE:
        async with transaction(pool) as conn:
            cursor = await conn.execute(
                """DELETE FROM webhook_events WHERE id IN (
                       SELECT id FROM webhook_events e WHERE id < %s AND NOT EXISTS
                           (SELECT 1 FROM webhook_deliveries WHERE event_id = e.id AND status = 'pending')
                       ORDER BY id LIMIT %s)""",
                [partitions.first_id(before), _EVENTS_AT_ONCE],
            )
            deleted = cursor.rowcount
    for table, waits in _TOLD:
        deleted = _EVENTS_AT_ONCE
        while deleted == _EVENTS_AT_ONCE:
            async with transaction(pool) as conn:
                cursor = await conn.execute(
                    f"""DELETE FROM {table} WHERE id IN (SELECT id FROM {table} t WHERE id < %s AND NOT ({waits})
                                                         ORDER BY id LIMIT %s)""",
                    [partitions.first_id(before), _EVENTS_AT_ONCE],
                )
                deleted = cursor.rowcount


_TOLD: tuple[tuple[LiteralString, LiteralString], ...] = (
    ("channel_messages", "t.status = 'pending'"),
    (
        "notices",
        "EXISTS (SELECT 1 FROM channel_notices c WHERE c.notice_id = t.id AND c.message_id IS NULL AND c.due_at > now())",
    ),
)
"""Tables of what people were told, and what of it is still to be sent."""


async def forget_expired(pool: Pool, *, now: datetime) -> int:
    """Remove what access and idempotency need no more: revoked tokens, codes, counts, answers, products of codes
    after 60 days, and counts of unread regions after 90; how many rows.

    Each write takes a few along; this is for those that nothing follows.
    """
    gone = 0
    for forget in (
        accounts.forget_expired,
        guesses.forget_failures,
        logins.forget_codes,
        idempotency.forget_expired,
        unread.forget_expired,
        gtins.forget,
    ):
        removed = _FORGOTTEN_AT_ONCE
        while removed == _FORGOTTEN_AT_ONCE:
            async with transaction(pool) as conn:
                removed = await forget(conn, now=now, most=_FORGOTTEN_AT_ONCE)
            gone += removed
    return gone


async def expire_pages(pool: Pool, archive: Archive, *, days: int, now: datetime) -> int:
    """Remove the kept pages that were fetched on days that ended more than ``days`` days ago; how many segments that were."""
    before = now - timedelta(days=days)
    await _drop_past(pool, PAGES, before)
    return await archive.delete_before(PAGES.start_of(before))


async def expire_history(pool: Pool, *, before: datetime) -> int:
    """Remove observations of months that were over by then; how many partitions that were.

    What a product was last seen like stays: changes are told against it.
    """
    return sum([await _drop_past(pool, table, before) for table in OBSERVATIONS])


async def _drop_past(pool: Pool, table: Partitioned, before: datetime) -> int:
    past = [start for start in await _starts(pool, table) if _is_past(table, start, before)]
    for start in past:
        async with transaction(pool) as conn:
            await _drop(conn, table, start)
    return len(past)
