"""A visit: one page of a target, from leave to fetch to the decision about what came.

A page may also come out of the archive: for a job that reads another's pages again, or where ``maxAge`` allows one that
the organization has had lately. Then nothing is asked of the marketplace.
"""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from azscraper import marketplaces, metrics, tracing
from azscraper.crawl import archive_index, policy
from azscraper.crawl.archive import Archive, Place
from azscraper.crawl.fetcher import Fetcher, PageRequest
from azscraper.crawl.gate import Gate, Leave, Paused, Seen
from azscraper.crawl.policy import Decision, GiveUp, Retry
from azscraper.errors import FetchError, PageGoneError, ProxyFailedError
from azscraper.jobs.jobs import CHUNK_SIZE
from azscraper.jobs.limits import UNLIMITED, Limits
from azscraper.jobs.plan import JobConfig, JobType
from azscraper.kinds.recognise import parse
from azscraper.marketplaces import Marketplace
from azscraper.records import PageKind, Parsed, RawPage
from azscraper.running.chunks import Chunk, ClaimedTarget
from azscraper.running.readings import Readings
from azscraper.store.db import Conn, Pool, transaction

_PROXIES_A_TRY = 3
_REFUSES = "The marketplace refuses requests, or asked to wait; the target waits until it is asked again."
_NO_PROXY = "No proxy works, or all are refused; the target waits until one is tried again."

BLOCKED_LIMIT = timedelta(hours=6)
"""So long a job waits for a marketplace that does nothing but robot checks: an overnight job ends by morning."""


@dataclass(slots=True)
class Places:
    """What this process runs side by side."""

    total: int
    taken: int = 0
    full: asyncio.Event = field(default_factory=asyncio.Event)
    """Set while a chunk that waits for its pace keeps another one out."""
    size: int = CHUNK_SIZE
    """Targets that the next chunk takes."""

    def __enter__(self) -> None:
        self.taken += 1
        if self.taken >= self.total:
            self.full.set()

    def __exit__(self, *_: object) -> None:
        self.taken -= 1
        self.full.clear()


async def _as_it_is(_: Conn) -> None:
    """The clock stays as it is."""


@dataclass(frozen=True, slots=True)
class Scraper:
    """What a worker process needs to turn chunks into rows."""

    pool: Pool
    fetcher: Fetcher
    gate: Gate
    archive: Archive
    archiving: bool
    """Whether fetched pages are kept; those that were kept before can be read anyway."""
    max_retries: int
    retry_base_seconds: float
    stop: asyncio.Event
    """Set when the worker is to end; a chunk then hands back what it can't finish in the grace time."""
    grace_seconds: float
    clock: Callable[[], datetime]
    places: Places = field(default_factory=lambda: Places(1))
    limits: Limits = UNLIMITED
    readers: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(16))
    """Bounds the archived pages that are held at a time."""
    alone: asyncio.Lock = field(default_factory=asyncio.Lock)
    """Held while a page is read, and by a transaction of a chunk from before its first statement to its end; first come,
    first served. Never taken inside a transaction.

    Reading a page takes ten times as long as a statement: with a dozen pages between any two statements a transaction
    held its job's row for most of a second, all other workers waited for it, and all chunks of a process ended together.
    """
    measure: Callable[[Conn], Awaitable[None]] = field(default=_as_it_is)
    """Sets ``clock`` by the database's."""
    readings: Readings = field(default_factory=Readings)
    jitter: Callable[[], float] = field(default=random.random)


@dataclass(frozen=True, slots=True)
class Visit:
    """One page of a target: what came, and what to do about it."""

    decision: Decision
    page: RawPage | None = None
    parsed: Parsed | None = None
    postponed: bool = False
    """The marketplace is paused: nothing was fetched, so it is no try."""
    number: int = 1
    request: bytes = b""
    place: Place | None = None
    """Where the page is in the archive, when it came from there."""


@dataclass(frozen=True, slots=True)
class _Asked:
    """Which page of a target is wanted."""

    ordinal: int
    number: int
    key: bytes


async def visit(scraper: Scraper, chunk: Chunk, config: JobConfig, target: ClaimedTarget, number: int) -> Visit:
    """Ask for the target's page of that number, or take it from the archive, and decide about it."""
    marketplace = marketplaces.by_host(target.marketplace)
    max_retries = scraper.max_retries if config.max_retries is None else config.max_retries
    if target.attempts > max_retries + 1:
        return Visit(GiveUp("parse_error", "Reading this page ended the worker each time it was tried."))
    if chunk.reparse_of is not None:
        max_retries = 0  # the page would be the same again
    request = _request(_url(chunk.type, config, target, marketplace, number), config, marketplace)
    key = archive_index.request_key(request.url, request.language, request.cookies)
    place: Place | None = None
    try:
        kept = await _kept(scraper, chunk, _Asked(target.ordinal, number, key), config.max_age or 0)
        if kept is not None:
            page, place = kept
            parsed = await _parsed(scraper, chunk, target.ordinal, page)
        else:
            fetched = await _fetch_with_leave(scraper, chunk, target, number, request)
            if isinstance(fetched, Paused):
                return _postponed(scraper, chunk, fetched)
            page, parsed = fetched
    except FetchError as error:
        decision = policy.decide_failure(
            error,
            attempts=target.attempts + 1,
            max_retries=max_retries,
            now=scraper.clock(),
            base_seconds=scraper.retry_base_seconds,
            jitter=scraper.jitter(),
        )
        return Visit(decision)
    decision = policy.decide_page(
        parsed.kind,
        page.status,
        expected=chunk.type.value,
        attempts=target.attempts + 1,
        max_retries=max_retries,
        retry_after=page.retry_after,
        now=scraper.clock(),
        base_seconds=scraper.retry_base_seconds,
        jitter=scraper.jitter(),
    )
    return Visit(decision, page, parsed, number=number, request=key, place=place)


async def _kept(scraper: Scraper, chunk: Chunk, asked: _Asked, max_age: int) -> tuple[RawPage, Place] | None:
    """The page out of the archive, where this job may take it from there.

    Raises PageGoneError when it must come from there, and is there no longer.
    """
    if chunk.reparse_of is not None:
        async with transaction(scraper.pool) as conn:
            found = (await archive_index.of_target(conn, chunk.reparse_of, asked.ordinal)).get(asked.number)
        if found is None:
            raise PageGoneError("The page was never fetched, or is no longer in the archive.")
        return await _read(scraper, found.place)
    if max_age == 0:
        return None
    async with transaction(scraper.pool) as conn:
        since = scraper.clock() - timedelta(seconds=max_age)
        found = await archive_index.find_fresh(conn, chunk.job_id, asked.key, since=since)
    with suppress(PageGoneError):
        return await _read(scraper, found.place) if found else None
    return None


async def _read(scraper: Scraper, place: Place) -> tuple[RawPage, Place]:
    async with scraper.readers:
        return await scraper.archive.read(place), place


def _place(chunk: Chunk, target: ClaimedTarget, number: int) -> float:
    """Where the page stands in the line of its marketplace: its own virtual time."""
    return chunk.turn.order(target.index * chunk.pages + number - 1)


async def _fetch_with_leave(
    scraper: Scraper, chunk: Chunk, target: ClaimedTarget, number: int, request: PageRequest
) -> tuple[RawPage, Parsed] | Paused:
    """The page and what it says. One try is as many as three proxies: that one does not work is no fault of the target."""
    for left in reversed(range(_PROXIES_A_TRY)):
        leave = await scraper.gate.enter(
            target.marketplace,
            request.url,
            place=_place(chunk, target, number),
            holder=chunk if number == 1 else None,  # who has a page in hand is not called off
        )
        if isinstance(leave, Paused):
            return leave
        try:
            return await _fetch(scraper, chunk, target, leave, request)
        except ProxyFailedError:
            if not left:
                raise
    raise AssertionError("unreachable: the last round returns or raises")


async def _fetch(
    scraper: Scraper, chunk: Chunk, target: ClaimedTarget, leave: Leave, request: PageRequest
) -> tuple[RawPage, Parsed]:
    """The page and what it says; the gate is told how the marketplace answered. Raises FetchError."""
    host = target.marketplace
    seen: Seen | None = None
    began = time.monotonic()
    try:
        with tracing.span("fetch", marketplace=host):
            page = await scraper.fetcher.get(replace(request, proxy=leave.proxy))
        seconds = time.monotonic() - began
        metrics.FETCH_SECONDS.labels(host).observe(seconds)
        parsed = await _parsed(scraper, chunk, target.ordinal, page)
        pause = policy.pause_until(page.status, page.retry_after, scraper.clock())
        seen = Seen(_blocked(parsed.kind, page.status), seconds, pause_until=pause)
    except FetchError as error:
        seen = Seen(None, proxy_failed=isinstance(error, ProxyFailedError))
        raise
    finally:
        await scraper.gate.end(host, leave, seen)
    return _to_keep(page), parsed


def _to_keep(page: RawPage) -> RawPage:
    """Once read, a page that came compressed is kept as it came: it may wait for its chunk to be stored, and a hundred of them do."""
    return page if page.packed is None else replace(page, body=b"")


async def _parsed(scraper: Scraper, chunk: Chunk, ordinal: int, page: RawPage) -> Parsed:
    async with scraper.alone:
        await asyncio.sleep(0)  # sockets are looked after between any two pages
        began = time.monotonic()
        with tracing.span("parse", bytes=len(page.body)), scraper.readings.page(chunk, ordinal):
            parsed = parse(page.body, page.url, page.fetched_at.date())
    metrics.PARSE_SECONDS.labels(parsed.kind).observe(time.monotonic() - began)
    return parsed


def _blocked(kind: PageKind, status: int) -> bool | None:
    if policy.is_block(kind, status):
        return True
    return False if policy.is_answer(kind, status) else None


def _postponed(scraper: Scraper, chunk: Chunk, paused: Paused) -> Visit:
    if scraper.clock() - chunk.started_at > BLOCKED_LIMIT:
        who = "No proxy worked, or all were refused," if paused.by_proxies else "The marketplace refused every request"
        return Visit(GiveUp("blocked", f"{who} for {BLOCKED_LIMIT}."))
    message = _NO_PROXY if paused.by_proxies else _REFUSES
    return Visit(Retry(paused.until, "blocked", message), postponed=True)


def _url(kind: JobType, config: JobConfig, target: ClaimedTarget, marketplace: Marketplace, number: int) -> str:
    if kind is JobType.DETAILS:
        return marketplaces.product_url(marketplace, target.asin or "", variant=config.variant == "auto")
    return marketplaces.search_url(
        marketplace,
        target.value.strip(),
        page=number,
        sort=config.sort,
        min_price=config.min_price,
        max_price=config.max_price,
        category=config.category,
    )


def _request(url: str, config: JobConfig, marketplace: Marketplace) -> PageRequest:
    language = (config.lang or marketplace.languages[0]).replace("_", "-")
    cookies = {_language_cookie(marketplace): language.replace("-", "_")} if config.lang else {}
    if config.currency:
        cookies["i18n-prefs"] = config.currency
    return PageRequest(url=url, hosts=frozenset(marketplace.hosts), language=language, cookies=cookies)


def _language_cookie(marketplace: Marketplace) -> str:
    """The cookie that the site itself sets when a visitor chooses a language."""
    country = {"GB": "uk"}.get(marketplace.country, marketplace.country.lower())
    return "lc-main" if country == "us" else f"lc-acb{country}"
