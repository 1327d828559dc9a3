"""A target's outcome out of its attempts: records, summaries, what is followed over time. Pure."""

from collections.abc import Iterator
from typing import Any

from azscraper.crawl.policy import Accept, GiveUp, Retry
from azscraper.kinds.kind import Asked, Found, Kind
from azscraper.kinds.observations import NOTHING
from azscraper.records import PageRecord, Product
from azscraper.results import fill_rates
from azscraper.results.summaries import OF_TARGET
from azscraper.running.ask import Ask
from azscraper.running.attempt import Attempt
from azscraper.running.chunks import ClaimedTarget
from azscraper.running.save import FailedAt, Landed, Outcome, Row
from azscraper.running.sources import Got
from azscraper.running.walk import Walk


def ended(target: ClaimedTarget, attempt: Attempt, ask: Ask | None = None) -> Outcome:
    """Of a target whose last attempt, at ``ask``, went wrong: failed, or to be tried again."""
    decision, page = attempt.decision, attempt.got and attempt.got.page
    tries = 0 if attempt.postponed else 1
    assert not isinstance(decision, Accept)  # noqa: S101 - the caller asked
    return Outcome(
        target.ordinal,
        target.claim,
        status="pending" if isinstance(decision, Retry) else "failed",
        attempts=target.attempts + tries,
        failed_at=FailedAt(ask.step.name, ask.tries + tries) if ask and ask.most_steps > 1 else None,
        retry_at=decision.at if isinstance(decision, Retry) else None,
        error_code=decision.code,
        error_message=decision.message,
        http_status=page.status if page else None,
        fetched_at=page.fetched_at if page else None,
    )


def success(walk: Walk, target: ClaimedTarget, last: Got, *, cached: bool = False) -> Outcome:
    """Of a target whose pages are all there, ``last`` the last of them and all of them ``cached``; failed where they show nothing, and nothing is no answer."""
    asked, kind, done = walk.asked, walk.kind, walk.done
    found = kind.rows(asked, done)
    if not found.records and not kind.empty_is_success:
        return ended(target, Attempt(GiveUp("not_found", f"The page shows nothing of it. {kind.missing}"), last))
    return Outcome(
        target.ordinal,
        target.claim,
        status="success",
        attempts=target.attempts + 1,
        http_status=last.page.status,
        cached=cached,
        fetched_at=found.fetched_at,
        rows=tuple(_row(kind, record) for record in found.records),
        summaries=tuple(_summaries(found)),
        filled=tuple(fill_rates.filled(record) for record in found.records),
        observed=kind.follow(asked, found) if kind.follow else NOTHING,
        credits=kind.credits(asked, done),
        code=_code(asked, found),
        landed=Landed(asked.target.kind, asked.target.key, asked.target.marketplace.host) if walk.link else None,
    )


def _code(asked: Asked[Any], found: Found) -> tuple[str, str, tuple[str, ...]] | None:
    """What a code was found to be."""
    coded = [one for one in found.records if isinstance(one, Product) and one.requested_gtin == asked.target.key]
    asins = tuple(dict.fromkeys(one.asin or one.requested_asin or "" for one in coded))
    return (asked.target.marketplace.host, asked.target.key, asins) if coded else None


def _row(kind: Kind[Any], record: PageRecord) -> Row:
    name = None if type(record) is kind.record else type(record).__name__
    return Row(record.model_dump_json(by_alias=True).encode(), name)


def _summaries(found: Found) -> Iterator[tuple[int, bytes]]:
    of_target = [(OF_TARGET, found.summary)] if found.summary is not None else []
    for number, summary in (*of_target, *found.pages):
        yield number, summary.model_dump_json(by_alias=True).encode()
