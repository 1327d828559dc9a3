"""One attempt at one page of a target: get it, read it, decide."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from azscraper.crawl import policy
from azscraper.crawl.gate import Paused
from azscraper.crawl.policy import Decision, GiveUp, Retry
from azscraper.errors import FetchError
from azscraper.kinds.registry import find_kind
from azscraper.running.ask import Ask
from azscraper.running.sources import Got, Sources

_REFUSES = "The marketplace refuses requests, or asked to wait; the target waits until it is asked again."
_NO_PROXY = "No proxy works, or all are refused; the target waits until one is tried again."

BLOCKED_LIMIT = timedelta(hours=6)
"""So long a job waits for a marketplace that does nothing but robot checks: an overnight job ends by morning."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """What came of an attempt, and what to do about it."""

    decision: Decision
    got: Got | None = None
    postponed: bool = False
    """The marketplace is paused: nothing was fetched, so it is no try."""


@dataclass(frozen=True, slots=True)
class RetryRule:
    """When a page is asked for again, as the service has it where the job says nothing else."""

    max_retries: int
    base_seconds: float
    clock: Callable[[], datetime]
    jitter: Callable[[], float] = random.random

    def crashed_too_often(self, ask: Ask) -> bool:
        """Whether all tries ended without a decision: each ended its worker."""
        target = ask.target
        tries = target.attempts if target.step is None else target.step_attempts or 0
        return tries > self._of_job(ask) + 1

    def page(self, got: Got) -> Decision:
        """About a page that came."""
        return policy.decide_page(
            got.verdict,
            got.page.status,
            missing=find_kind(got.ask.step.reads).missing,
            other=_other(got),
            attempts=got.ask.tries + 1,
            max_retries=self._retries(got.ask),
            retry_after=got.page.retry_after,
            now=self.clock(),
            base_seconds=self.base_seconds,
            jitter=self.jitter(),
        )

    def failure(self, ask: Ask, error: FetchError) -> Decision:
        """About a page that did not come."""
        return policy.decide_failure(
            error,
            attempts=ask.tries + 1,
            max_retries=self._retries(ask),
            now=self.clock(),
            base_seconds=self.base_seconds,
            jitter=self.jitter(),
        )

    def pause(self, ask: Ask, paused: Paused) -> Decision:
        """About a page that may not be asked for at present."""
        if self.clock() - ask.chunk.started_at > BLOCKED_LIMIT:
            who = (
                "No proxy worked, or all were refused,"
                if paused.by_proxies
                else "The marketplace refused every request"
            )
            return GiveUp("blocked", f"{who} for {BLOCKED_LIMIT}.")
        return Retry(paused.until, "blocked", _NO_PROXY if paused.by_proxies else _REFUSES)

    def _retries(self, ask: Ask) -> int:
        if ask.chunk.reparse_of is not None or (ask.again and ask.step.optional):
            return 0  # an archived page would be the same again, and what the target did without was tried before
        most = self._of_job(ask)
        return most if ask.target.attempts + 1 < (most + 1) * ask.most_steps else 0

    def _of_job(self, ask: Ask) -> int:
        own = ask.chunk.config.max_retries
        return self.max_retries if own is None else own


def _other(got: Got) -> str:
    """What a page of another kind shows than was asked for."""
    wanted = find_kind(got.ask.step.reads).page_name
    return f"The marketplace answered with {_a_page(got.parsed.kind)}, not {_a_page(wanted)}."


def _a_page(kind: str) -> str:
    words = f"{kind.replace('_', ' ')} page"
    return f"an {words}" if words[0] in "aeiou" else f"a {words}"


async def attempt(ask: Ask, sources: Sources, rule: RetryRule) -> Attempt:
    """Never raises FetchError: what went wrong is in the decision."""
    if rule.crashed_too_often(ask):
        return Attempt(GiveUp("parse_error", "Reading this page ended the worker each time it was tried."))
    if ask.host not in ask.request.hosts:
        return Attempt(
            GiveUp("parse_error", f"{ask.host} is not a host of {ask.asked.target.kind} jobs. Report it as a bug.")
        )
    try:
        got = await sources.kept.page(ask) or await sources.fetched.page(ask)
    except FetchError as error:
        return Attempt(rule.failure(ask, error))
    if isinstance(got, Paused):
        decision = rule.pause(ask, got)
        return Attempt(decision, postponed=isinstance(decision, Retry))
    return Attempt(rule.page(got), got)
