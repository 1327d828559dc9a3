"""A target's outcome out of its attempts: records, summaries, what is followed over time. Pure."""

from collections.abc import Sequence
from datetime import datetime

from azscraper.crawl.policy import Accept, Retry
from azscraper.records import Product, SearchRow
from azscraper.results import fill_rates
from azscraper.running.attempt import Attempt
from azscraper.running.chunks import Chunk, ClaimedTarget
from azscraper.running.save import Outcome
from azscraper.running.sources import Got
from azscraper.tracking import observations
from azscraper.tracking.observations import ProductObservation, Ranking
from azscraper.wire.crawls import JobConfig
from azscraper.words import JobType


def ended(target: ClaimedTarget, attempt: Attempt) -> Outcome:
    """Of a target whose last attempt went wrong: failed, or to be tried again."""
    decision, page = attempt.decision, attempt.got and attempt.got.page
    assert not isinstance(decision, Accept)  # noqa: S101 - the caller asked
    return Outcome(
        target.ordinal,
        target.claim,
        status="pending" if isinstance(decision, Retry) else "failed",
        attempts=target.attempts + (0 if attempt.postponed else 1),
        retry_at=decision.at if isinstance(decision, Retry) else None,
        error_code=decision.code,
        error_message=decision.message,
        http_status=page.status if page else None,
        fetched_at=page.fetched_at if page else None,
    )


def success(chunk: Chunk, target: ClaimedTarget, pages: Sequence[Got]) -> Outcome:
    """Of a target whose pages are all there."""
    last = pages[-1].page
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
        rankings=_ranked(chunk.config, target, rows, len(pages), last.fetched_at)
        if chunk.type is JobType.SEARCH
        else (),
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


def _products(target: ClaimedTarget, pages: Sequence[Got]) -> list[Product]:
    return [
        got.parsed.record.model_copy(update={"fetched_at": got.page.fetched_at, "requested_asin": target.asin})
        for got in pages
        if got.parsed.record is not None
    ]


def _search_rows(target: ClaimedTarget, pages: Sequence[Got]) -> list[SearchRow]:
    """Positions run on over all pages of the keyword."""
    rows: list[SearchRow] = []
    organic = 0
    for number, got in enumerate(pages, 1):
        for row in got.parsed.rows:
            organic += not row.sponsored
            update = {
                "keyword": target.value.strip(),
                "page": number,
                "position": len(rows) + 1,
                "organic_position": None if row.sponsored else organic,
                "fetched_at": got.page.fetched_at,
            }
            rows.append(row.model_copy(update=update))
    return rows


def _summaries(target: ClaimedTarget, pages: Sequence[Got]) -> list[tuple[int, bytes]]:
    keyword = target.value.strip()
    return [
        (
            number,
            got.parsed.summary.model_copy(update={"keyword": keyword, "page": number})
            .model_dump_json(by_alias=True)
            .encode(),
        )
        for number, got in enumerate(pages, 1)
        if got.parsed.summary is not None
    ]
