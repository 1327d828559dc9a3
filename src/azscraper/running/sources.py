"""Where a page comes from: out of the archive, or from the marketplace when its gate permits. Either source reads it, too.

A page comes out of the archive for a job that reads another's pages again, and where ``maxAge`` allows one that the
organization has had lately. Then nothing is asked of the marketplace.
"""

import asyncio
import time
from collections.abc import Callable, Coroutine, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from azscraper import metrics, tracing
from azscraper.crawl import archive_index, policy
from azscraper.crawl.archive import Archive, Location
from azscraper.crawl.archive_index import ArchivedPage
from azscraper.crawl.fetcher import Fetcher
from azscraper.crawl.gate import Gate, Party, Paused, Permit, Report
from azscraper.crawl.policy import Verdict
from azscraper.errors import FetchError, PageGoneError, ProxyFailedError
from azscraper.kinds.auto import AUTO
from azscraper.kinds.recognise import read_page, wall
from azscraper.marketplaces.addresses import address_of
from azscraper.parse.page import Page
from azscraper.records import Parsed, RawPage
from azscraper.running.ask import Ask
from azscraper.running.process import Process
from azscraper.store.db import Pool, transaction

_PROXIES_A_TRY = 3


@dataclass(frozen=True, slots=True)
class Got:
    """A page that was asked for, and what it says."""

    ask: Ask
    page: RawPage
    parsed: Parsed
    location: Location | None = None
    """Where it is in the archive, when it came from there."""
    keeping: "asyncio.Task[list[Location]] | None" = None
    """On its way into the archive."""

    @property
    def verdict(self) -> Verdict:
        """What the page is to whoever asked for it."""
        return _verdict(self.parsed, self.ask)


@dataclass(frozen=True, slots=True)
class Kept:
    """Pages out of the archive, and into it."""

    pool: Pool
    archive: Archive
    process: Process
    clock: Callable[[], datetime]
    archiving: bool
    """Whether fetched pages are kept; those that were kept before can be read anyway."""
    readers: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(16))
    """Bounds the pages that are held at a time."""

    async def page(self, ask: Ask) -> Got | None:
        """The page, where this job may take it from here; else None.

        Raises PageGoneError when it must come from here, and is here no longer.
        """
        if ask.chunk.reparse_of is not None:
            return await self._again(ask, ask.chunk.reparse_of)
        if ask.again and (got := await self._before(ask)) is not None:
            return got
        return await self._lately(ask, ask.chunk.config.max_age) if ask.chunk.config.max_age else None

    async def _again(self, ask: Ask, job_id: str) -> Got:
        async with transaction(self.pool) as conn:
            found = (await archive_index.of_target(conn, job_id, ask.target.ordinal)).get(ask.step.name)
        if found is None:
            raise PageGoneError("The page was never fetched, or is no longer in the archive.")
        return await self._read(ask, found)

    async def _before(self, ask: Ask) -> Got | None:
        """The page that an earlier walk of the target got behind: nothing is asked for twice."""
        async with transaction(self.pool) as conn:
            found = (await archive_index.of_target(conn, ask.chunk.job_id, ask.target.ordinal)).get(ask.step.name)
        with suppress(PageGoneError):
            return await self._read(ask, found) if found and (found.accepted or ask.step.optional) else None
        return None

    async def _lately(self, ask: Ask, max_age: int) -> Got | None:
        since = self.clock() - timedelta(seconds=max_age)
        async with transaction(self.pool) as conn:
            found = await archive_index.find_fresh(conn, ask.chunk.job_id, ask.key, since=since)
        with suppress(PageGoneError):
            return await self._read(ask, found) if found else None
        return None

    async def _read(self, ask: Ask, found: ArchivedPage) -> Got:
        async with self.readers:
            page = await self.archive.read(found.location)
        return Got(ask, page, await read(self.process, ask, page), found.location)

    async def add(self, pages: Sequence[RawPage]) -> list[Location]:
        """The locations of the pages, in order, once they are durable; none where they are not kept, or can't be."""
        return (await self.archive.store(pages) if self.archiving else None) or []


@dataclass(frozen=True, slots=True)
class Fetched:
    """Pages from the marketplace, which its gate is told of."""

    gate: Gate
    fetcher: Fetcher
    process: Process
    clock: Callable[[], datetime]
    keep: Callable[[Sequence[RawPage]], Coroutine[Any, Any, list[Location]]] | None = None
    """Into the archive."""

    async def page(self, ask: Ask) -> Got | Paused:
        """The page, once it is its turn. One try is as many as three proxies: that one does not work is no fault of the target."""
        for left in reversed(range(_PROXIES_A_TRY)):
            permit = await self.gate.enter(
                ask.host,
                ask.request.url,
                order=ask.order,
                chunk=ask.chunk if ask.number == 1 else None,  # who has a page in hand is not called off
                party=Party(ask.chunk.organization_id, ask.chunk.is_ask),
            )
            if isinstance(permit, Paused):
                return permit
            try:
                return await self._fetch(ask, permit)
            except ProxyFailedError:
                if not left:
                    raise
        raise AssertionError("unreachable: the last round returns or raises")

    async def _fetch(self, ask: Ask, permit: Permit) -> Got:
        """The gate is told how the marketplace answered. Raises FetchError."""
        host = ask.host
        report: Report | None = None
        began = time.monotonic()
        try:
            with tracing.span("fetch", marketplace=host):
                page = await self.fetcher.get(replace(ask.request, proxy=permit.proxy))
            seconds = time.monotonic() - began
            metrics.FETCH_SECONDS.labels(host).observe(seconds)
            keeping = self._kept_meanwhile(ask, page)
            parsed = await read(self.process, ask, page)
            pause = policy.pause_until(page.status, page.retry_after, self.clock())
            report = Report(_blocked(_verdict(parsed, ask), page.status), seconds, pause_until=pause)
        except FetchError as error:
            report = Report(None, proxy_failed=isinstance(error, ProxyFailedError))
            raise
        finally:
            await self.gate.end(host, permit, report)
        return Got(ask, _to_keep(page), parsed, keeping=keeping)

    def _kept_meanwhile(self, ask: Ask, page: RawPage) -> "asyncio.Task[list[Location]] | None":
        """While somebody waits, the disk is waited for beside the reading; pages of batches go there together."""
        return asyncio.create_task(self.keep([page])) if self.keep and ask.chunk.is_ask else None


def _to_keep(page: RawPage) -> RawPage:
    """Once read, a page that came compressed is kept as it came: it may wait for its chunk to be stored, and a hundred of them do."""
    return page if page.packed is None else replace(page, body=b"")


def _verdict(parsed: Parsed, ask: Ask) -> Verdict:
    if parsed.type is None:
        return Verdict(parsed.kind)
    return Verdict.WANTED if parsed.type == ask.step.reads else Verdict.OTHER_CONTENT


def _blocked(verdict: Verdict, status: int) -> bool | None:
    if policy.is_block(verdict, status):
        return True
    return False if policy.is_answer(verdict, status) else None


@dataclass(frozen=True, slots=True)
class Sources:
    """The two ways to a page; ``page`` of either raises FetchError."""

    kept: Kept
    fetched: Fetched


def _landing(page: RawPage) -> Parsed:
    """Of a short link: where it leads is all that it says."""
    leads = address_of(page.url) is not None
    return Parsed("link", AUTO) if leads else Parsed(wall(Page(page.body, page.url, page.content_type)))


async def read(process: Process, ask: Ask, page: RawPage) -> Parsed:
    """What a page says. One page at a time, and noted where the overseer can see it."""
    async with process.alone:
        await asyncio.sleep(0)  # sockets are looked after between any two pages
        began = time.monotonic()
        with tracing.span("parse", bytes=len(page.body)), process.readings.page(ask.chunk, ask.target.ordinal):
            shown = Page(page.body, page.url, page.content_type, page.fetched_at)
            parsed = _landing(page) if ask.step.reads == AUTO else read_page(shown, ask.asked, ask.step.reads)
            process.unread.look(shown, parsed.type, ask.host, page.fetched_at)
    metrics.PARSE_SECONDS.labels(parsed.kind).observe(time.monotonic() - began)
    return parsed
