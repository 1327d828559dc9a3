"""What the client's methods return, as type checkers see it: read by them, never run."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any, assert_type

from azscraper.client import Async, AsyncAzScraper, AzScraper, Job, Product, SearchRow, Sync
from azscraper.client.models import Progress, RowMeta, Target
from azscraper.records import OfferRow, OffersSummary
from azscraper.records.parts import Money
from azscraper.records.rows import Row
from azscraper.wire.stored_rows import StoredOfferRow


def sync(client: AzScraper) -> None:
    job = client.run("details", ["B0DEMO0001"], marketplace="de")
    assert_type(job, Job[Sync])
    assert_type(job.wait(), Job[Sync])
    assert_type(job.progress, Progress)
    assert_type(job.results(), Iterator[Product | SearchRow])
    assert_type(job.rows(), Iterator[Row | dict[str, Any]])
    assert_type(job.targets(), Iterator[Target])
    assert_type(job.export("rows.csv"), Path)
    for product in job.products():
        assert_type(product, Product)
        assert_type(product.price, Money | None)
    for row in job.search_rows():
        assert_type(row.position, int)
    for offer in job.rows():
        if isinstance(offer, OfferRow):
            assert_type(offer.landed_price, Money | None)
    for stored in client.rows():
        if isinstance(stored, StoredOfferRow):
            assert_type(stored.meta, RowMeta)
            assert_type(stored.landed_price, Money | None)
    answer = client.ask("offers", "B0DEMO0001")
    assert_type(answer.rows, list[Row | dict[str, Any]])
    assert_type(answer.of(OfferRow), list[OfferRow])
    if isinstance(answer.summary, OffersSummary):
        assert_type(answer.summary.lowest.new, Money | None)


async def concurrent(client: AsyncAzScraper) -> None:
    job = await client.run("search", ["kettle"])
    assert_type(job, Job[Async])
    assert_type(await job.wait(), Job[Async])
    assert_type(job.results(), AsyncIterator[Product | SearchRow])
    assert_type(job.rows(), AsyncIterator[Row | dict[str, Any]])
    async for row in job.search_rows():
        assert_type(row.title, str | None)
