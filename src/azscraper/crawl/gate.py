"""Permission to fetch: robots.txt, the breakers, the pace. What one process keeps in memory of the shared ``hosts``.

Not in ``hosts`` because it waits and fetches, which must not happen inside a transaction.
"""

import asyncio
import heapq
import itertools
from collections import defaultdict, deque
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import structlog

from azscraper.crawl import hosts, pacing, proxies, robots
from azscraper.crawl.fetcher import Fetcher
from azscraper.crawl.hosts import Reservation, Routes
from azscraper.crawl.pacing import Pulse
from azscraper.crawl.proxies import Proxy
from azscraper.crawl.robots import RobotsText
from azscraper.errors import RobotsDeniedError, RobotsUnreadableError
from azscraper.store.db import Conn, Pool, transaction

_log = structlog.get_logger(__name__)

_STALE = timedelta(seconds=0.15)
"""A slot not used by then is given up: saved-up slots would make a burst. On the way to the marketplace a request may lose 0.1 s more."""
_TELL = timedelta(seconds=1)
"""How often a process tells the others what is worth telling and not urgent."""
_TELL_USUAL = timedelta(seconds=10)
"""How often it tells how long answers take while all is well."""


@dataclass(frozen=True, slots=True)
class Permit:
    """Permission for one fetch; hand it back to ``Gate.end`` with what came of it."""

    proxy: Proxy | None = None
    probing: bool = False
    """Whether everybody waits for what comes of it."""


@dataclass(frozen=True, slots=True)
class Paused:
    """No permission: the marketplace, or every proxy to it, is not asked until then."""

    until: datetime
    by_proxies: bool = False
    """Whether every proxy is shut, rather than the marketplace."""


@dataclass(frozen=True, slots=True)
class Report:
    """How the marketplace answered a fetch."""

    blocked: bool | None
    """True for a refusal, False for a real answer, None for what says nothing about it."""
    seconds: float = 0.0
    """How long the answer took."""
    pause_until: datetime | None = None
    """What a Retry-After asked for."""
    proxy_failed: bool = False
    """The proxy, not the marketplace, is to blame."""


@dataclass(frozen=True, slots=True)
class Party:
    """For whom a page is asked for."""

    organization_id: str = ""
    is_ask: bool = False
    """Whether somebody waits for it: then it goes before the other pages of the organization."""


_NOBODY = Party()


@dataclass(order=True, slots=True)
class _Waiter:
    order: float
    number: int
    slot: "asyncio.Future[datetime | Paused]" = field(compare=False)
    chunk: object = field(compare=False)
    party: "Party" = field(compare=False)


@dataclass(slots=True)
class _Host:
    line: list[_Waiter] = field(default_factory=list)
    serving: "asyncio.Task[None] | None" = None
    slots: deque[datetime] = field(default_factory=deque)
    free_until: datetime | None = None
    probing: bool = False
    crawl_delay: float = 0.0
    robots: RobotsText | None = None
    robots_lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    routes: Routes = field(default_factory=lambda: Routes({}))
    probes: deque[str] = field(default_factory=deque)
    refused: bool = False
    slowed: bool = False
    usual_seconds: float | None = None
    pulse: Pulse = field(default_factory=Pulse)
    told_at: datetime | None = None

    def forget_slots(self) -> None:
        self.slots.clear()
        self.free_until = None


class Gate:
    """One a worker process; safe for concurrent use. Whoever waits stands in line by order, not by arrival."""

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
        measure: Callable[[Conn], Awaitable[None]] | None = None,
        concurrency: int = 16,
        proxies: Sequence[Proxy] = (),
    ) -> None:
        """``rate`` is requests per second and host over all workers; ``breaker_seconds`` the first pause.

        ``measure`` sets ``clock`` by the database's, within the transaction of each reservation. ``concurrency`` is how many permits may be out at a time.
        """
        self._pool = pool
        self._fetcher = fetcher
        self._user_agent = user_agent
        self._rate = rate
        self._obey_robots = obey_robots
        self._breaker_seconds = breaker_seconds
        self._clock = clock
        self._measure = measure
        self._proxies = proxies
        self._in_flight = asyncio.Semaphore(concurrency)
        self._hosts: defaultdict[str, _Host] = defaultdict(_Host)
        self._numbers = itertools.count()
        self._turns = itertools.count()

    async def enter(
        self, host: str, url: str, *, order: float = 0.0, chunk: object = None, party: Party = _NOBODY
    ) -> Permit | Paused:
        """Stand in line for the host's next slot; the lowest ``order`` goes first. At once ``Paused`` where it is.

        At the turn of an organization it is that of its first ask, where one stands in line.

        Raises RobotsDeniedError, or RobotsUnreadableError where robots.txt could not be read, and UnavailableError.
        """
        state = self._hosts[host]
        if self._obey_robots:
            state.crawl_delay = await self._check_robots(state, host, url)
        while True:
            slot = await self._stand(state, host, _Waiter(order, next(self._numbers), _future(), chunk, party))
            if isinstance(slot, Paused):
                return slot
            if not self._is_late(state, slot):
                probing, state.probing = state.probing, False
                return Permit(self._route(state), probing)
            self._in_flight.release()  # other pages were read between slot and now: a late use would make a burst

    async def _stand(self, state: _Host, host: str, waiter: _Waiter) -> datetime | Paused:
        """The slot, whose permit is out from then on; or the pause that everybody in line is told of."""
        heapq.heappush(state.line, waiter)
        if state.serving is None or state.serving.done():
            state.serving = asyncio.create_task(self._serve(state, host))
        try:
            return await waiter.slot
        except asyncio.CancelledError:
            if waiter.slot.done() and not waiter.slot.cancelled() and isinstance(waiter.slot.result(), datetime):
                self._in_flight.release()  # it was given a slot in the moment in which it was called off
            raise

    def call_off(self, chunk: object) -> int:
        """Call off whoever of this chunk still stands in line, whose ``enter`` then is cancelled; how many."""
        waiting = [waiter for state in self._hosts.values() for waiter in state.line if waiter.chunk is chunk]
        return sum(waiter.slot.cancel() for waiter in waiting)

    async def end(self, host: str, permit: Permit, report: Report | None) -> None:
        """Give the permit back and tell the shared state how the host answered; None where nothing was asked.

        Writes only where that changes anything. Raises UnavailableError.
        """
        self._in_flight.release()
        state = self._hosts[host]
        if report is None or (report.blocked is None and permit.probing):
            if permit.probing:
                async with transaction(self._pool) as conn:
                    await hosts.end_probe(conn, host)
            if report is None:
                return
        if permit.proxy is not None:
            report = await self._end_route(state, host, permit.proxy, report)
        state.pulse += _pulse(report)
        if report.blocked or report.pause_until is not None:
            state.forget_slots()
        if self._worth_telling(state, report, permit):
            await self._tell(state, host, report.pause_until)

    async def close(self) -> None:
        """End what serves the lines; whoever still stands there is called off."""
        serving = [state.serving for state in self._hosts.values() if state.serving is not None]
        for task in serving:
            task.cancel()
        await asyncio.gather(*serving, return_exceptions=True)

    async def _serve(self, state: _Host, host: str) -> None:
        try:
            while _live(state.line):
                await self._serve_next(state, host)
        except Exception as exc:  # noqa: BLE001 - handed to everybody who waits for it
            for waiter in _all(state.line):
                waiter.slot.set_exception(exc)
        finally:
            for waiter in _all(state.line):
                waiter.slot.cancel()

    async def _serve_next(self, state: _Host, host: str) -> None:
        slot = await self._next_slot(state, host)
        if isinstance(slot, Paused):
            for each in _all(state.line):
                each.slot.set_result(slot)
            return
        if slot is None:
            return
        await self._in_flight.acquire()
        waiter = None if self._is_late(state, slot) else _first(state.line)
        if waiter is None:
            self._in_flight.release()
            return
        waiter.slot.set_result(slot)

    def _is_late(self, state: _Host, slot: datetime) -> bool:
        """Whether to use the slot now would make a burst; not where the pace is unlimited, nor for a probe, which is one request."""
        return state.free_until is None and not state.probing and slot < self._clock() - _STALE

    async def _next_slot(self, state: _Host, host: str) -> datetime | Paused | None:
        """The slot that is due, waited for; None when there was none to be had yet."""
        now = self._clock()
        if state.free_until is not None and state.free_until > now:
            return now
        while state.slots and state.slots[0] < now - _STALE:
            state.slots.popleft()
        if not state.slots:
            reservation, paused = await self._reserve(state, host)
            if paused is not None:
                return paused
            if reservation.ask_again is not None:
                await asyncio.sleep((reservation.ask_again - self._clock()).total_seconds())
            return None
        await asyncio.sleep((state.slots[0] - now).total_seconds())
        return state.slots.popleft() if state.slots else None  # a refusal meanwhile took them all away

    async def _reserve(self, state: _Host, host: str) -> tuple[Reservation, Paused | None]:
        async with transaction(self._pool) as conn:
            # no page waits for the disk: slots that a crash of the database forgets have passed when it is back
            await conn.execute("SET LOCAL synchronous_commit = off")
            if self._measure is not None:
                await self._measure(conn)
            now = self._clock()
            routes = state.routes
            if self._proxies:
                routes = await hosts.reserve_routes(conn, host, now=now, breaker_seconds=self._breaker_seconds)
            closed_until = self._closed_until(routes)
            if closed_until is not None:
                return Reservation(), Paused(closed_until, by_proxies=True)
            reservation = await hosts.reserve(
                conn,
                host,
                wanted=len(state.line),
                rate=self._rate,
                crawl_delay=state.crawl_delay,
                now=now,
                breaker_seconds=self._breaker_seconds,
            )
        state.slots.extend(reservation.slots)
        state.free_until = reservation.free_until
        state.refused, state.slowed = reservation.refused, reservation.slowed
        state.usual_seconds = reservation.usual_seconds or state.usual_seconds
        state.probing = reservation.probing
        state.routes, state.probes = routes, deque(routes.probes)
        return reservation, Paused(reservation.open_until) if reservation.open_until else None

    def _closed_until(self, routes: Routes) -> datetime | None:
        """When the first of the proxies is asked again, where all are shut."""
        keys = [proxies.key(proxy) for proxy in self._proxies]
        if not keys or any(key not in routes.shut for key in keys):
            return None
        return min(routes.shut[key] for key in keys)

    def _route(self, state: _Host) -> Proxy | None:
        if state.probes:
            key = state.probes.popleft()
            return next((proxy for proxy in self._proxies if proxies.key(proxy) == key), None)
        shut = {*state.routes.shut, *state.routes.probes}
        return proxies.choose(self._proxies, next(self._turns), shut) or proxies.choose(self._proxies, 0)

    async def _end_route(self, state: _Host, host: str, proxy: Proxy, report: Report) -> Report:
        """What is left for the marketplace's own state: a refusal through one of several proxies is the proxy's."""
        key = proxies.key(proxy)
        refused = bool(report.blocked) or report.proxy_failed
        if refused or (report.blocked is False and key in state.routes.troubled):
            async with transaction(self._pool) as conn:
                until = await hosts.observe_route(
                    conn, host, key, refused=refused, now=self._clock(), breaker_seconds=self._breaker_seconds
                )
            if until is not None:
                state.routes.shut[key] = until
                why = "does not work" if report.proxy_failed else "is refused"
                _log.warning(f"a proxy {why} and is left out for a while", marketplace=host, proxy=key, until=until)
            state.forget_slots()  # the next reservation brings the breakers' new state
        return replace(report, blocked=None) if refused else report

    def _worth_telling(self, state: _Host, report: Report, permit: Permit) -> bool:
        if report.blocked is not None and (report.blocked or state.refused or permit.probing):
            return True
        if report.pause_until is not None:
            return True
        since = self._clock() - (state.told_at or self._clock() - _TELL)
        strained = pacing.is_failing(state.pulse) or pacing.is_late(state.pulse, state.usual_seconds)
        return since >= (_TELL if state.slowed or strained or state.told_at is None else _TELL_USUAL)

    async def _tell(self, state: _Host, host: str, pause_until: datetime | None) -> None:
        pulse, state.pulse = state.pulse, Pulse()
        now = state.told_at = self._clock()
        state.refused = pulse.refusals > 0
        async with transaction(self._pool) as conn:
            await hosts.observe(
                conn, host, pulse, now=now, breaker_seconds=self._breaker_seconds, pause_until=pause_until
            )

    async def _check_robots(self, state: _Host, host: str, url: str) -> float:
        text = state.robots
        if text is None or not robots.is_fresh(text, self._clock()):
            async with state.robots_lock:
                text = await self._robots(state, host)
        if not robots.allows(text, self._user_agent, url):
            if not robots.is_known(text):
                why = f": {text.body}" if text.status is None and text.body else "."
                raise RobotsUnreadableError(f"robots.txt of {host} could not be read, so nothing may be fetched{why}")
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


def _future() -> "asyncio.Future[datetime | Paused]":
    return asyncio.get_running_loop().create_future()


def _pulse(report: Report) -> Pulse:
    if report.blocked is None:
        return Pulse(failures=0 if report.proxy_failed else 1)
    return Pulse(refusals=1) if report.blocked else Pulse(answers=1, seconds=report.seconds)


def _live(line: list[_Waiter]) -> bool:
    """Whether anybody stands in line; who was called off leaves it when he comes to its head."""
    while line and line[0].slot.done():
        heapq.heappop(line)
    return bool(line)


def _first(line: list[_Waiter]) -> _Waiter | None:
    """Out of the line: whose turn it is, or an ask of the same organization in whose place it then stands."""
    if not _live(line):
        return None
    first = heapq.heappop(line)
    asks = () if first.party.is_ask else (one for one in line if one.party.is_ask and not one.slot.done())
    ask = min((one for one in asks if one.party.organization_id == first.party.organization_id), default=None)
    if ask is None:
        return first
    line.remove(ask)
    first.order, ask.order = ask.order, first.order
    line.append(first)
    heapq.heapify(line)
    return ask


def _all(line: list[_Waiter]) -> list[_Waiter]:
    """Everybody who stands in line; nobody does afterwards."""
    waiting = [waiter for waiter in line if not waiter.slot.done()]
    line.clear()
    return waiting
