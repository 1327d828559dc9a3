"""Chunks into the queue, each at its turn: those of a new job, the next one of a lane, and those that the queue lost.

Whose turn it is, is a pure rule (:mod:`fairness`); here it meets the jobs' rows and the queue's priorities. Beside
``jobs`` and below it because both submitting a job and ending a chunk put chunks into the queue.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import LiteralString, Self

from azscraper.jobs import fairness
from azscraper.jobs.fairness import Standing
from azscraper.store.db import Conn, fetch_existing
from azscraper.store.queue import DEFAULT_QUEUE, defer, has_tasks
from azscraper.store.sent import Later, send

SCRAPE_TASK = "scrape"
REPARSE_QUEUE = "reparse"
"""Of jobs that read archived pages again: they need no pace, and must not hold up those that fetch."""
KINDS_QUEUE = "kinds"
REPARSE_KINDS_QUEUE = "reparse-kinds"
"""The same of all kinds but ``FIRST_KINDS``: releases that know no others do not look there."""
ASK_QUEUE = "ask"
"""Of jobs that somebody waits for, of any kind."""
FIRST_KINDS = ("details", "search")


@dataclass(frozen=True, slots=True)
class Turn:
    """When a chunk's turn is. Travels in the arguments of its task, which workers of other releases read and write too."""

    at: int = 0
    """Virtual time at which it begins (see ``fairness``)."""
    step: int = 1
    """What a fetch costs in virtual time."""
    slept: bool = False
    """Whether the chunk had to wait for a time before it could begin."""

    @classmethod
    def of(cls, args: Mapping[str, int]) -> Self:
        """Out of the arguments of a task."""
        return cls(args.get("turn", 0), args.get("step", 1), bool(args.get("slept", 0)))

    def args(self) -> dict[str, int]:
        """As arguments of a task."""
        return {"turn": self.at, "step": self.step, "slept": int(self.slept)}

    def order(self, fetches: int) -> int:
        """Virtual time of a fetch, by how many fetches of the chunk come before it."""
        return self.at + fetches * self.step


@dataclass(frozen=True, slots=True)
class _Standing:
    weight: int
    batches: int
    asks: int
    floor: int

    def of(self, weight: int, *, is_ask: bool, itself: int = 0) -> Standing:
        """Of a job of that weight; ``itself`` is 1 where it is not among those that are open."""
        jobs = self.asks if is_ask else self.batches + min(self.asks, 1)
        return Standing(self.weight * weight, jobs + itself, self.floor)


_STANDING: LiteralString = """SELECT p.weight, own.batches, own.asks, others.floor
    FROM organizations o JOIN plans p ON p.name = o.plan,
        LATERAL (SELECT count(*) FILTER (WHERE NOT is_ask) AS batches, count(*) FILTER (WHERE is_ask) AS asks
                 FROM jobs WHERE organization_id = o.id AND status IN ('queued', 'running')) own,
        (SELECT coalesce(min(turn) FILTER (WHERE running > 0), min(turn), 0) AS floor
         FROM jobs WHERE status IN ('queued', 'running') AND id <> %s) others
    WHERE o.id = %s"""
"""Of the job of that id."""


def queue_of(job_type: str, *, reparses: bool, is_ask: bool = False) -> str:
    """Where the chunks of a job wait."""
    if is_ask:
        return ASK_QUEUE
    if job_type in FIRST_KINDS:
        return REPARSE_QUEUE if reparses else DEFAULT_QUEUE
    return REPARSE_KINDS_QUEUE if reparses else KINDS_QUEUE


async def first_turn(
    conn: Conn, organization_id: str, *, weight: int, fetches: int, is_ask: bool = False
) -> Later[Turn]:
    """Of a job that is about to be stored, whose chunks may take so many ``fetches`` each."""
    sent = await send(conn, _Standing, _STANDING, ["", organization_id])

    async def first() -> Turn:
        beside = (await sent.existing()).of(weight, is_ask=is_ask, itself=1)
        return Turn(fairness.first_turn(beside, fetches=fetches), beside.step)

    return first


async def begin(conn: Conn, job_id: str, first: Turn, *, lanes: int, fetches: int, queue: str = DEFAULT_QUEUE) -> None:
    """Put the first chunks of a new job into the queue, one a lane; ``fetches`` is what each may take."""
    for lane in range(lanes):
        turn = replace(first, at=first.order(lane * fetches))
        await defer_chunk(conn, job_id, lane=lane, run=0, turn=turn, queue=queue)


async def defer_chunk(
    conn: Conn,
    job_id: str,
    *,
    lane: int,
    run: int,
    turn: Turn,
    due: datetime | None = None,
    queue: str = DEFAULT_QUEUE,
) -> None:
    """Put a lane's next chunk into the queue at its turn, to run at once or, after a sleep, from ``due`` on."""
    await defer(
        conn,
        SCRAPE_TASK,
        at=due,
        queue=queue,
        priority=fairness.priority(turn.at, is_ask=queue == ASK_QUEUE),
        job_id=job_id,
        lane=lane,
        run=run,
        **replace(turn, slept=due is not None).args(),
    )


async def standing(conn: Conn, organization_id: str, job_id: str, *, weight: int, is_ask: bool = False) -> Standing:
    """Where a job of that weight stands beside all others that are open.

    Asks stand beside the organization's other asks alone, as they come before its batches, to which they all are one job.
    """
    beside = await fetch_existing(conn, _Standing, _STANDING, [job_id, organization_id])
    return beside.of(weight, is_ask=is_ask)


async def revive(conn: Conn, *, idle_since: datetime) -> list[str]:
    """Put lanes of open jobs back into the queue that have no task left there; the ids of these jobs.

    Can only be needed after the queue gave a task up (see ``queue``); a job must not wait for ever because of it.
    """
    cursor = await conn.execute(
        """SELECT id, type, lane_runs, next_turn, reparse_of IS NOT NULL, is_ask FROM jobs WHERE status IN ('queued', 'running') AND updated_at < %s
           ORDER BY updated_at LIMIT 100 FOR UPDATE SKIP LOCKED""",
        [idle_since],
    )
    revived = []
    for job_id, job_type, lane_runs, turn, reparses, is_ask in await cursor.fetchall():
        await conn.execute("UPDATE jobs SET updated_at = now() WHERE id = %s", [job_id])
        if await has_tasks(conn, job_id):
            continue
        for lane, run in enumerate(lane_runs):
            queue = queue_of(job_type, reparses=reparses, is_ask=is_ask)
            await defer_chunk(conn, job_id, lane=lane, run=run, turn=Turn(turn), queue=queue)
        revived.append(job_id)
    return revived
