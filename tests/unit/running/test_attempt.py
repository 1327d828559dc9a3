"""One attempt at a page: which source is asked, and what is decided about what came."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import pytest

from azscraper.crawl.gate import Paused
from azscraper.crawl.policy import Accept, GiveUp, Retry
from azscraper.errors import FetchTimeoutError, PageGoneError
from azscraper.jobs.dispatch import Turn
from azscraper.kinds.kind import Done, Step
from azscraper.records import PageKind, Parsed, RawPage, SearchRow
from azscraper.records.details import DetailsOptions
from azscraper.records.pages import Read
from azscraper.records.search import SearchOptions
from azscraper.running.ask import ask_for
from azscraper.running.attempt import BLOCKED_LIMIT, Attempt, RetryRule, attempt
from azscraper.running.chunks import Chunk, ClaimedTarget
from azscraper.running.sources import Got
from azscraper.running.walk import Walk
from azscraper.wire.crawls import JobConfig

NOW = datetime(2026, 1, 1, 12, tzinfo=UTC)
RULE = RetryRule(2, 1.0, lambda: NOW, lambda: 0.5)
TARGET = ClaimedTarget(7, 1, "B000000001", "www.amazon.com", "B000000001", 0, index=3)


TYPES = {PageKind.PRODUCT: "details", PageKind.SEARCH: "search"}


def chunk(**fields):
    given = {"config": JobConfig(), "type": "details", "started_at": NOW} | fields
    options = {given["type"]: given.pop("options", DetailsOptions())}
    return Chunk(job_id="j", lane=0, run=0, targets=(TARGET,), options=options, **given)


def got(ask, kind=PageKind.PRODUCT, status=200):
    return Got(ask, RawPage(ask.request.url, status, b"", "text/html", NOW), Parsed(kind, TYPES.get(kind)))


def ask(chunk, target, number):
    came = (Done(Step("1", "", chunk.type), Read((SearchRow(asin="A"),)), None, "", NOW),) * (number - 1)
    walk = replace(Walk.begin(chunk, target), done=came)
    return ask_for(walk, target, walk.next())


@dataclass
class Source:
    """Gives what it was given, or raises it; counts who asks."""

    brings: object = None
    asked: list[object] = field(default_factory=list)

    async def page(self, ask):
        self.asked.append(ask)
        if isinstance(self.brings, Exception):
            raise self.brings
        return self.brings(ask) if callable(self.brings) else self.brings


@dataclass
class Two:
    kept: Source = field(default_factory=Source)
    fetched: Source = field(default_factory=lambda: Source(got))


async def test_a_kept_page_is_not_fetched():
    sources = Two(kept=Source(got))
    made = await attempt(ask(chunk(), TARGET, 1), sources, RULE)
    assert isinstance(made.decision, Accept)
    assert made.got.parsed.kind is PageKind.PRODUCT
    assert not sources.fetched.asked


async def test_what_is_not_kept_is_fetched():
    made = await attempt(ask(chunk(), TARGET, 1), Two(), RULE)
    assert isinstance(made.decision, Accept)


@pytest.mark.parametrize(
    ("fields", "attempts", "brings", "decision"),
    [
        ({}, 0, FetchTimeoutError("slow"), Retry),
        ({}, 2, FetchTimeoutError("slow"), GiveUp),
        ({"config": JobConfig(max_retries=0)}, 0, FetchTimeoutError("slow"), GiveUp),
        ({"config": JobConfig(max_retries=5)}, 4, FetchTimeoutError("slow"), Retry),
        ({"reparse_of": "other"}, 0, FetchTimeoutError("slow"), GiveUp),
        ({}, 0, lambda ask: got(ask, PageKind.BLOCKED, 503), Retry),
        ({}, 0, lambda ask: got(ask, PageKind.SEARCH), GiveUp),
        ({}, 0, PageGoneError("gone"), GiveUp),
    ],
)
async def test_what_is_decided(fields, attempts, brings, decision):
    target = replace(TARGET, attempts=attempts)
    made = await attempt(ask(chunk(**fields), target, 1), Two(fetched=Source(brings)), RULE)
    assert isinstance(made.decision, decision)
    assert not made.postponed


@pytest.mark.parametrize(
    ("retries", "attempts", "asks"), [(None, 3, True), (None, 4, False), (0, 1, True), (0, 2, False)]
)
async def test_a_page_that_ends_its_worker_is_given_up(retries, attempts, asks):
    sources = Two()
    asked = ask(chunk(config=JobConfig(max_retries=retries)), replace(TARGET, attempts=attempts), 1)
    made = await attempt(asked, sources, RULE)
    assert bool(sources.fetched.asked) is asks
    assert asks or made == Attempt(GiveUp("parse_error", "Reading this page ended the worker each time it was tried."))


@pytest.mark.parametrize("by_proxies", [False, True])
async def test_a_pause_is_no_try_until_the_job_has_waited_too_long(by_proxies):
    until = NOW + timedelta(minutes=1)
    sources = Two(fetched=Source(Paused(until, by_proxies=by_proxies)))
    made = await attempt(ask(chunk(), TARGET, 1), sources, RULE)
    assert (made.decision.at, made.decision.code, made.postponed) == (until, "blocked", True)
    long_ago = NOW - BLOCKED_LIMIT - timedelta(seconds=1)
    made = await attempt(ask(chunk(started_at=long_ago), TARGET, 1), sources, RULE)
    assert isinstance(made.decision, GiveUp)
    assert not made.postponed


def test_the_order_of_pages_in_the_marketplaces_line():
    searching = chunk(type="search", options=SearchOptions(pages=4), turn=Turn(100, 10))
    third = replace(TARGET, index=12)
    assert [ask(searching, third, number).order for number in (1, 4)] == [220, 250]
