"""Crawlee with its parsel crawler and its dataset on disk. Arguments: file of URLs, file to write."""

import asyncio
import logging
import sys
from datetime import timedelta
from pathlib import Path

from crawlee import ConcurrencySettings
from crawlee.crawlers import ParselCrawler, ParselCrawlingContext
from fields import parsel_row


async def main() -> None:
    crawler = ParselCrawler(
        concurrency_settings=ConcurrencySettings(min_concurrency=16, desired_concurrency=16, max_concurrency=16),
        max_request_retries=0,
        configure_logging=False,
        request_handler_timeout=timedelta(minutes=5),
    )

    @crawler.router.default_handler
    async def handle(context: ParselCrawlingContext) -> None:
        await context.push_data(parsel_row(context.selector.css))

    urls = Path(sys.argv[1]).read_text().split()
    if urls:
        await crawler.run(urls)
    rows = (await crawler.get_data(limit=1)).total if urls else 0
    Path(sys.argv[2]).write_text("{}\n" * rows)


logging.disable(logging.WARNING)
asyncio.run(main())
