"""What each worker does beside crawling, and how often. Done twice it does no harm, so that no worker need be the one for it."""

import asyncio
from dataclasses import dataclass
from datetime import timedelta

import structlog

from azscraper.channels import log
from azscraper.config import Settings
from azscraper.crawl.archive import Archive
from azscraper.jobs import dispatch
from azscraper.operate import retention
from azscraper.operate.loops import Loop
from azscraper.results import unread
from azscraper.results.unread import UnreadCounts
from azscraper.store import partitions, queue
from azscraper.store.db import Pool, transaction
from azscraper.store.shared_clock import SharedClock
from azscraper.tenants.keyring import Keyring
from azscraper.tracking import schedule_runs
from azscraper.tracking.alerts import outbox, runs
from azscraper.tracking.lists import runs as list_runs
from azscraper.webhooks import delivering, secrets

SCHEDULES_SECONDS = 5.0
"""How late a schedule may run: a minute is the finest that cron can say."""
_REVIVE_SECONDS = 30.0
_UNREAD_SECONDS = 30.0
_HOURLY_SECONDS = 3600.0
_IDLE = timedelta(minutes=1)
"""An open job that nothing was written to for this long is looked at: has the queue lost its tasks?"""

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Upkeep:
    """What a worker process has for it."""

    settings: Settings
    database_url: str
    pool: Pool
    archive: Archive
    clock: SharedClock
    keys: Keyring
    unread: UnreadCounts

    def loops(self) -> dict[str, Loop]:
        """All of it, by names that metrics and the doctor show."""
        return {
            "schedules": Loop(SCHEDULES_SECONDS, self._run_schedules),
            "revive": Loop(_REVIVE_SECONDS, self._revive),
            "unread": Loop(_UNREAD_SECONDS, self._store_unread, at_once=False),
            "partitions": Loop(_HOURLY_SECONDS, self._add_partitions),
            "archive": Loop(_HOURLY_SECONDS, self._expire_pages),
            "expired": Loop(_HOURLY_SECONDS, self._forget_expired),
            "retention": Loop(_HOURLY_SECONDS, self._expire_rows),
            # not at the start: workers of the release before may still need them in clear
            "seal": Loop(_HOURLY_SECONDS, self._seal, at_once=False),
        }

    async def _run_schedules(self) -> None:
        """By the database's clock, which is measured anew for all that this worker does."""
        async with transaction(self.pool) as conn:
            await self.clock.measure(conn)
        while await self._run_schedule() or await self._run_list():
            pass

    async def _run_schedule(self) -> bool:
        async with transaction(self.pool) as conn:
            return await schedule_runs.run_due(conn, now=self.clock()) is not None

    async def _run_list(self) -> bool:
        async with transaction(self.pool) as conn:
            return await list_runs.run_due(conn, now=self.clock()) is not None

    async def _revive(self) -> None:
        """Put back what the queue has lost."""
        async with transaction(self.pool) as conn:
            revived = await dispatch.revive(conn, idle_since=self.clock() - _IDLE)
        async with transaction(self.pool) as conn:
            lanes = await delivering.revive(conn, due_before=self.clock() - _IDLE)
        async with transaction(self.pool) as conn:
            await log.revive(conn, due_before=self.clock() - _IDLE)
            await outbox.revive(conn, due_before=self.clock() - _IDLE)
        async with transaction(self.pool) as conn:
            await runs.tell_overdue(conn)
        async with transaction(self.pool) as conn:
            await queue.forget_ended(conn)
        if lanes:
            _log.warning("put lost deliveries back into the queue", lanes=lanes)
        if revived:
            _log.warning("put lost tasks of open jobs back into the queue", job_ids=revived)

    async def _store_unread(self) -> None:
        """What is lost when the database is away is not missed: the next pages are counted."""
        counts = self.unread.take()
        async with transaction(self.pool) as conn:
            await unread.store(conn, counts)

    async def _add_partitions(self) -> None:
        await asyncio.to_thread(partitions.ensure, self.database_url, now=self.clock())

    async def _expire_pages(self) -> None:
        await retention.expire_pages(self.pool, self.archive, days=self.settings.archive_days, now=self.clock())

    async def _forget_expired(self) -> None:
        await retention.forget_expired(self.pool, now=self.clock())

    async def _expire_rows(self) -> None:
        """Let go of what is older than the settings say."""
        settings, now = self.settings, self.clock()
        if settings.event_days:
            await retention.expire_events(self.pool, before=now - timedelta(days=settings.event_days))
        if settings.history_days:
            await retention.expire_history(self.pool, before=now - timedelta(days=settings.history_days))
        if settings.retention_days:
            pruned = await retention.prune(self.pool, before=now - timedelta(days=settings.retention_days))
            if pruned.jobs or pruned.months:
                _log.info("old rows removed", jobs=pruned.jobs, months=pruned.months)

    async def _seal(self) -> None:
        while True:
            async with transaction(self.pool) as conn:
                if await secrets.seal_again(conn, self.keys, now=self.clock()) == 0:
                    return
