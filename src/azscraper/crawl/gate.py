"""Leave to fetch: robots.txt, the breaker, the pace. What one process keeps in memory of the shared ``hosts``.

Not in ``hosts`` because it waits and fetches, which must not happen inside a transaction.
"""

import asyncio
from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from azscraper.crawl import hosts, robots
from azscraper.crawl.fetcher import Fetcher
from azscraper.crawl.robots import RobotsText
from azscraper.db import Pool, transaction
from azscraper.errors import RobotsDeniedError, RobotsUnreadableError

_STALE = timedelta(seconds=0.25)
"""A slot not used by then is given up: saved-up slots would make a burst."""
_BATCH = 25
"""Slots asked for at once: a chunk's worth; the pace may give fewer."""


@dataclass
class _Host:
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    slots: deque[datetime] = field(default_factory=deque)
    robots: RobotsText | None = None
    troubled: bool = False
    probing: bool = False


class Gate:
    """One a worker process; safe for concurrent use."""

    def __init__(
        self,
        pool: Pool,
        fetcher: Fetcher,
        *,
        user_agent: str,
        rate: float,
        obey_robots: bool,
        breaker_seconds: float,
        clock: Callable[[], datetime],
    ) -> None:
        """``rate`` is requests per second and host over all workers; ``breaker_seconds`` the first pause."""
        self._pool = pool
        self._fetcher = fetcher
        self._user_agent = user_agent
        self._rate = rate
        self._obey_robots = obey_robots
        self._breaker_seconds = breaker_seconds
        self._clock = clock
        self._hosts: defaultdict[str, _Host] = defaultdict(_Host)

    async def enter(self, host: str, url: str) -> datetime | None:
        """Wait for the host's next slot; then None. When its breaker is open, until when, at once.

        Raises RobotsDeniedError, or RobotsUnreadableError where robots.txt could not be read.
        """
        state = self._hosts[host]
        async with state.lock:
            crawl_delay = await self._check_robots(state, host, url) if self._obey_robots else 0.0
            self._drop_stale(state)
            if not state.slots:
                open_until = await self._reserve(state, host, crawl_delay)
                if open_until is not None:
                    return open_until
            slot = state.slots.popleft()
        await asyncio.sleep((slot - self._clock()).total_seconds())
        return None

    async def observe(self, host: str, *, blocked: bool | None) -> None:
        """Tell the shared state how the host answered; None for a fetch that says nothing about it.

        Writes only where that changes anything.
        """
        state = self._hosts[host]
        probed, state.probing = state.probing, False
        if blocked is None:
            if probed:
                async with transaction(self._pool) as conn:
                    await hosts.end_probe(conn, host)
            return
        if not blocked and not state.troubled:
            return
        state.troubled = blocked
        if blocked:
            state.slots.clear()
        async with transaction(self._pool) as conn:
            await hosts.observe(conn, host, blocked=blocked, now=self._clock(), breaker_seconds=self._breaker_seconds)

    def _drop_stale(self, state: _Host) -> None:
        oldest = self._clock() - _STALE
        while state.slots and state.slots[0] < oldest:
            state.slots.popleft()

    async def _reserve(self, state: _Host, host: str, crawl_delay: float) -> datetime | None:
        async with transaction(self._pool) as conn:
            reservation = await hosts.reserve(
                conn, host, wanted=_BATCH, rate=self._rate, crawl_delay=crawl_delay, now=self._clock()
            )
        state.slots.extend(reservation.slots)
        state.troubled = reservation.troubled
        state.probing = reservation.probing
        return reservation.open_until

    async def _check_robots(self, state: _Host, host: str, url: str) -> float:
        text = await self._robots(state, host)
        if not robots.allows(text, self._user_agent, url):
            if not robots.is_known(text):
                raise RobotsUnreadableError(f"robots.txt of {host} could not be read, so nothing may be fetched.")
            raise RobotsDeniedError(f"robots.txt of {host} forbids this page.")
        return robots.crawl_delay(text, self._user_agent)

    async def _robots(self, state: _Host, host: str) -> RobotsText:
        if state.robots is not None and robots.is_fresh(state.robots, self._clock()):
            return state.robots
        async with transaction(self._pool) as conn:
            text = await hosts.robots(conn, host)
        if text is None or not robots.is_fresh(text, self._clock()):
            text = await self._fetcher.robots(host)
            async with transaction(self._pool) as conn:
                await hosts.store_robots(conn, host, text)
        state.robots = text
        return text
