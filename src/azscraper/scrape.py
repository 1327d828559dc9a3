"""A chunk from plan to rows: leave to fetch, fetch, parse, decide, archive, store. The walk of docs/architecture.md.

A page may also come out of the archive: for a job that reads another's pages again, or where ``maxAge`` allows one that
the organization has had lately. Then nothing is asked of the marketplace.
"""

import asyncio
import random
import time
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing, nullcontext, suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import structlog

from azscraper import fill_rates, marketplaces, metrics, observations, pages, targets, tracing, turns
from azscraper.crawl import policy
from azscraper.crawl.archive import Archive, Place
from azscraper.crawl.fetcher import Fetcher, PageRequest
from azscraper.crawl.gate import Gate, Leave, Paused, Seen
from azscraper.crawl.policy import Accept, Decision, GiveUp, Retry
from azscraper.db import Pool, transaction
from azscraper.errors import FetchError, PageGoneError, ProxyFailedError
from azscraper.jobs import CHUNK_SIZE, JobConfig, JobType
from azscraper.marketplaces import Marketplace
from azscraper.observations import ProductObservation, Ranking
from azscraper.pages import ArchivedPage
from azscraper.parse.page import parse
from azscraper.records import PageKind, Parsed, Product, RawPage, SearchRow
from azscraper.targets import Chunk, ClaimedTarget, Outcome, TargetStatus
from azscraper.turns import Limits

_log = structlog.get_logger(__name__)

BLOCKED_LIMIT = timedelta(hours=6)
"""So long a job waits for a marketplace that does nothing but robot checks: an overnight job ends by morning."""
SLICE_SECONDS = 1.0
"""How long a chunk may wait for its pace while others wait for its place."""


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
    limits: Limits = turns.UNLIMITED
    readers: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(16))
    """Bounds the archived pages that are held at a time."""
    jitter: Callable[[], float] = field(default=random.random)


@dataclass(frozen=True, slots=True)
class _Visit:
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


@dataclass(frozen=True, slots=True)
class _Crawled:
    """A target's outcome, and the pages that it came from."""

    outcome: Outcome
    visits: tuple[_Visit, ...]


async def run_chunk(
    scraper: Scraper, job_id: str, *, lane: int, run: int, turn: int = 0, step: int = 1, slept: int = 0
) -> None:
    """Claim the lane's chunk, crawl its targets, store each as it comes, end the chunk.

    Whatever is interrupted stays claimed, and the run of this chunk that follows takes it up again.
    """
    async with transaction(scraper.pool) as conn:
        chunk = await targets.claim(
            conn,
            job_id,
            lane=lane,
            run=run,
            now=scraper.clock(),
            size=scraper.places.size,
            limits=scraper.limits,
            turn=turn,
            step=step,
            slept=bool(slept),
        )
    if chunk is None:
        return
    with (
        structlog.contextvars.bound_contextvars(job_id=job_id, lane=lane, run=run),
        scraper.places if chunk.reparse_of is None else nullcontext(),
    ):
        await _run(scraper, chunk)
    scraper.places.size = min(2 * scraper.places.size, CHUNK_SIZE)


async def _run(scraper: Scraper, chunk: Chunk) -> None:
    async with aclosing(_outcomes(scraper, chunk)) as batches:
        async for crawled in batches:
            outcomes = await _archived(scraper, crawled)
            with tracing.span("store", targets=len(outcomes)), metrics.STORE_SECONDS.time():
                async with transaction(scraper.pool) as conn:
                    if not await targets.record(conn, chunk, outcomes):
                        return
            _tell(chunk, outcomes)
    async with transaction(scraper.pool) as conn:
        await targets.end_chunk(conn, chunk, now=scraper.clock())


def _tell(chunk: Chunk, outcomes: list[Outcome]) -> None:
    for outcome in outcomes:
        retry = outcome.status == TargetStatus.PENDING
        metrics.target_ended(chunk.type, "retry" if retry else outcome.status, outcome.error_code)
        if outcome.status == TargetStatus.FAILED:
            _log.info("target failed", target=outcome.ordinal, code=outcome.error_code, attempts=outcome.attempts)
        else:
            _log.debug("target worked on", target=outcome.ordinal, status=outcome.status, code=outcome.error_code)


async def _archived(scraper: Scraper, crawled: list[_Crawled]) -> list[Outcome]:
    """The outcomes with the places of their pages, which are durable now; without those that could not be kept."""
    fresh = [visit for one in crawled for visit in one.visits if visit.place is None]
    fetched = [visit.page for visit in fresh if visit.page is not None]
    places = (await scraper.archive.store(fetched) if scraper.archiving else None) or []
    place_of = dict(zip(map(id, fetched), places, strict=False))
    return [
        replace(
            one.outcome,
            pages=tuple(
                ArchivedPage(
                    visit.number, visit.request, isinstance(visit.decision, Accept), visit.page.fetched_at, place
                )
                for visit in one.visits
                if visit.page is not None and (place := visit.place or place_of.get(id(visit.page))) is not None
            ),
        )
        for one in crawled
    ]


async def _outcomes(scraper: Scraper, chunk: Chunk) -> AsyncGenerator[list[_Crawled], None]:
    """Outcomes as they come; those that end while the caller stores a batch make up the next one."""
    config = JobConfig.model_validate(chunk.config)
    running = {asyncio.create_task(_crawl(scraper, chunk, config, target)) for target in chunk.targets}
    minders = {
        asyncio.create_task(_cancel_after_grace(scraper, frozenset(running))),
        asyncio.create_task(_give_way(scraper, chunk)),
    }
    try:
        while running:
            done, running = await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
            outcomes = [task.result() for task in done if not task.cancelled()]
            if outcomes:
                yield outcomes
    finally:
        for task in minders | running:
            task.cancel()
        await asyncio.gather(*minders, *running, return_exceptions=True)


async def _cancel_after_grace(scraper: Scraper, running: frozenset[asyncio.Task[_Crawled]]) -> None:
    await scraper.stop.wait()
    await asyncio.sleep(scraper.grace_seconds)
    for task in running:
        task.cancel()


async def _give_way(scraper: Scraper, chunk: Chunk) -> None:
    """After a second make room for others who wait for a place: what still stands in line goes back to the queue."""
    await asyncio.sleep(SLICE_SECONDS)
    await scraper.places.full.wait()
    waiting = scraper.gate.withdraw(chunk)
    if waiting:  # the next chunks claim about as many as they can use
        scraper.places.size = max(len(chunk.targets) - waiting, 1)


async def _crawl(scraper: Scraper, chunk: Chunk, config: JobConfig, target: ClaimedTarget) -> _Crawled:
    """All pages of one target, or the first thing that went wrong."""
    visits: list[_Visit] = []
    for number in range(1, chunk.pages + 1):
        visit = await _visit(scraper, chunk, config, target, number)
        if not isinstance(visit.decision, Accept):
            return _Crawled(_ended(target, visit), (*visits, visit))
        visits.append(visit)
        if _is_last(visit, number):
            break
    return _Crawled(_success(chunk.type, config, target, visits), tuple(visits))


def _is_last(visit: _Visit, number: int) -> bool:
    if visit.parsed is None or visit.parsed.kind is not PageKind.SEARCH:
        return True
    last_page = visit.parsed.summary.last_page if visit.parsed.summary else None
    return not visit.parsed.rows or (last_page is not None and number >= last_page)


async def _visit(scraper: Scraper, chunk: Chunk, config: JobConfig, target: ClaimedTarget, number: int) -> _Visit:
    marketplace = marketplaces.by_host(target.marketplace)
    max_retries = scraper.max_retries if config.max_retries is None else config.max_retries
    if target.attempts > max_retries + 1:
        return _Visit(GiveUp("parse_error", "Reading this page ended the worker each time it was tried."))
    if chunk.reparse_of is not None:
        max_retries = 0  # the page would be the same again
    request = _request(_url(chunk.type, config, target, marketplace, number), config, marketplace)
    key = pages.request_key(request.url, request.language, request.cookies)
    place: Place | None = None
    try:
        kept = await _kept(scraper, chunk, _Asked(target.ordinal, number, key), config.max_age or 0)
        if kept is not None:
            page, place = kept
            parsed = _parsed(page)
        else:
            leave = await scraper.gate.enter(
                target.marketplace,
                request.url,
                place=_place(chunk, target, number),
                holder=chunk if number == 1 else None,  # who has a page in hand is not called off
            )
            if isinstance(leave, Paused):
                return _postponed(scraper, chunk, leave.until)
            page, parsed = await _fetch(scraper, target.marketplace, leave, request)
    except FetchError as error:
        decision = policy.decide_failure(
            error,
            attempts=target.attempts + 1,
            max_retries=max_retries,
            now=scraper.clock(),
            base_seconds=scraper.retry_base_seconds,
            jitter=scraper.jitter(),
        )
        return _Visit(decision)
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
    return _Visit(decision, page, parsed, number=number, request=key, place=place)


async def _kept(scraper: Scraper, chunk: Chunk, visit: _Asked, max_age: int) -> tuple[RawPage, Place] | None:
    """The page out of the archive, where this job may take it from there.

    Raises PageGoneError when it must come from there, and is there no longer.
    """
    if chunk.reparse_of is not None:
        async with transaction(scraper.pool) as conn:
            found = (await pages.of_target(conn, chunk.reparse_of, visit.ordinal)).get(visit.number)
        if found is None:
            raise PageGoneError("The page was never fetched, or is no longer in the archive.")
        return await _read(scraper, found.place)
    if max_age == 0:
        return None
    async with transaction(scraper.pool) as conn:
        since = scraper.clock() - timedelta(seconds=max_age)
        found = await pages.find_fresh(conn, chunk.job_id, visit.key, since=since)
    with suppress(PageGoneError):
        return await _read(scraper, found.place) if found else None
    return None


async def _read(scraper: Scraper, place: Place) -> tuple[RawPage, Place]:
    async with scraper.readers:
        return await scraper.archive.read(place), place


def _place(chunk: Chunk, target: ClaimedTarget, number: int) -> float:
    """Where the page stands in the line of its marketplace: its own virtual time."""
    before = next(index for index, each in enumerate(chunk.targets) if each is target)
    return chunk.turn + (before * chunk.pages + number - 1) * chunk.step


async def _fetch(scraper: Scraper, host: str, leave: Leave, request: PageRequest) -> tuple[RawPage, Parsed]:
    """The page and what it says; the gate is told how the marketplace answered. Raises FetchError."""
    seen: Seen | None = None
    began = time.monotonic()
    try:
        with tracing.span("fetch", marketplace=host):
            page = await scraper.fetcher.get(replace(request, proxy=leave.proxy))
        seconds = time.monotonic() - began
        metrics.FETCH_SECONDS.labels(host).observe(seconds)
        parsed = _parsed(page)
        pause = policy.pause_until(page.status, page.retry_after, scraper.clock())
        seen = Seen(_blocked(parsed.kind, page.status), seconds, pause_until=pause)
    except FetchError as error:
        seen = Seen(None, proxy_failed=isinstance(error, ProxyFailedError))
        raise
    finally:
        await scraper.gate.end(host, leave, seen)
    return page, parsed


def _parsed(page: RawPage) -> Parsed:
    began = time.monotonic()
    with tracing.span("parse", bytes=len(page.body)):
        parsed = parse(page.body, page.url, page.fetched_at.date())
    metrics.PARSE_SECONDS.labels(parsed.kind).observe(time.monotonic() - began)
    return parsed


def _blocked(kind: PageKind, status: int) -> bool | None:
    if policy.is_block(kind, status):
        return True
    return False if policy.is_answer(kind, status) else None


def _postponed(scraper: Scraper, chunk: Chunk, open_until: datetime) -> _Visit:
    if scraper.clock() - chunk.started_at > BLOCKED_LIMIT:
        return _Visit(GiveUp("blocked", f"The marketplace refused every request for {BLOCKED_LIMIT}."))
    message = "The marketplace refuses requests, or asked to wait; the target waits until it is asked again."
    return _Visit(Retry(open_until, "blocked", message), postponed=True)


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


def _ended(target: ClaimedTarget, visit: _Visit) -> Outcome:
    decision = visit.decision
    assert not isinstance(decision, Accept)  # noqa: S101 - the caller asked
    return Outcome(
        target.ordinal,
        target.claim,
        status="pending" if isinstance(decision, Retry) else "failed",
        attempts=target.attempts + (0 if visit.postponed else 1),
        retry_at=decision.at if isinstance(decision, Retry) else None,
        error_code=decision.code,
        error_message=decision.message,
        http_status=visit.page.status if visit.page else None,
        fetched_at=visit.page.fetched_at if visit.page else None,
    )


def _success(kind: JobType, config: JobConfig, target: ClaimedTarget, visits: list[_Visit]) -> Outcome:
    pages = [(visit.page, visit.parsed) for visit in visits if visit.page and visit.parsed]
    last = pages[-1][0]
    products, rows = _products(target, pages), _search_rows(target, pages)
    records = [*products, *rows]
    return Outcome(
        target.ordinal,
        target.claim,
        status="success",
        attempts=target.attempts + 1,
        http_status=last.status,
        fetched_at=last.fetched_at,
        rows=tuple(record.model_dump_json(by_alias=True).encode() for record in records),
        summaries=tuple(_summaries(target, pages)),
        filled=tuple(fill_rates.filled(record) for record in records),
        products=_observed(target, products, last.fetched_at),
        rankings=_ranked(config, target, rows, len(pages), last.fetched_at) if kind is JobType.SEARCH else (),
    )


def _observed(target: ClaimedTarget, products: list[Product], fetched_at: datetime) -> tuple[ProductObservation, ...]:
    seen = (
        observations.of_product(product, marketplace=target.marketplace, observed_at=fetched_at) for product in products
    )
    return tuple(one for one in seen if one is not None)


def _ranked(
    config: JobConfig, target: ClaimedTarget, rows: list[SearchRow], pages: int, fetched_at: datetime
) -> tuple[Ranking, ...]:
    """None for a search within price bounds: places in it can't be compared with those in another."""
    if config.min_price is not None or config.max_price is not None:
        return ()
    ranking = observations.of_rows(
        rows,
        marketplace=target.marketplace,
        keyword=target.value,
        sort=config.sort,
        category=config.category,
        pages=pages,
        observed_at=fetched_at,
    )
    return (ranking,)


def _products(target: ClaimedTarget, pages: list[tuple[RawPage, Parsed]]) -> list[Product]:
    return [
        parsed.record.model_copy(update={"fetched_at": page.fetched_at, "requested_asin": target.asin})
        for page, parsed in pages
        if parsed.record is not None
    ]


def _search_rows(target: ClaimedTarget, pages: list[tuple[RawPage, Parsed]]) -> list[SearchRow]:
    """Positions run on over all pages of the keyword."""
    rows: list[SearchRow] = []
    organic = 0
    for number, (page, parsed) in enumerate(pages, 1):
        for row in parsed.rows:
            organic += not row.sponsored
            update = {
                "keyword": target.value.strip(),
                "page": number,
                "position": len(rows) + 1,
                "organic_position": None if row.sponsored else organic,
                "fetched_at": page.fetched_at,
            }
            rows.append(row.model_copy(update=update))
    return rows


def _summaries(target: ClaimedTarget, pages: list[tuple[RawPage, Parsed]]) -> list[tuple[int, bytes]]:
    keyword = target.value.strip()
    return [
        (
            number,
            parsed.summary.model_copy(update={"keyword": keyword, "page": number})
            .model_dump_json(by_alias=True)
            .encode(),
        )
        for number, (_, parsed) in enumerate(pages, 1)
        if parsed.summary is not None
    ]
