"""A worker that reads no pages: claims a lane's targets, makes up what became of them, saves. Run as a process, to be killed."""

import asyncio
import random
from datetime import UTC, datetime

import orjson

from azscraper.results import feed
from azscraper.running import chunks
from azscraper.running.save import Outcome, Row, save
from azscraper.store import db

AT_ONCE = 5


def write(url, job_id, lane, seed, *, is_older):
    """Until the lane has no more targets. ``is_older``: as a worker of the release before, which knows no feed."""
    if is_older:
        feed.add = _nothing
    asyncio.run(_write(url, job_id, lane, random.Random(seed)))


async def _nothing(*_, **__):
    pass


async def _write(url, job_id, lane, chance):
    async with db.open_pool(url, size=1) as pool:
        while await _chunk(pool, job_id, lane, chance):
            pass


async def _chunk(pool, job_id, lane, chance):
    async with db.transaction(pool) as conn:
        cursor = await conn.execute("SELECT lane_runs[%s] FROM jobs WHERE id = %s", [lane + 1, job_id])
        (run,) = await cursor.fetchone()
        chunk = await chunks.claim(conn, job_id, lane=lane, run=run, now=datetime.now(UTC), size=AT_ONCE)
        if chunk is None or not chunk.targets:
            return False
    await asyncio.sleep(chance.uniform(0, 0.01))
    async with db.transaction(pool) as conn:
        await save(conn, chunk, [_outcome(target, chance) for target in chunk.targets])
        await chunks.end(conn, chunk, now=datetime.now(UTC))
        await asyncio.sleep(chance.uniform(0, 0.02))  # the feed is locked meanwhile: others must wait, not go before
    return True


def _outcome(target, chance):
    number, tries = target.ordinal, target.attempts + 1
    match chance.choice(["rows", "rows", "rows", "failed", "again"]):
        case "rows":
            rows = tuple(Row(orjson.dumps({"asin": target.key, "at": at})) for at in range(chance.randint(0, 3)))
            return Outcome(number, target.claim, "success", tries, rows=rows)
        case "failed":
            return Outcome(number, target.claim, "failed", tries, error_code="not_found", error_message="Gone.")
    return Outcome(number, target.claim, "pending", tries, retry_at=datetime.now(UTC))
