"""What ``ask`` adds to a fetch and a reading: its wall time less those of the same bytes, one at a time; and kept answers.

``python bench/asking.py [ASKS]``; part of ``make bench``.
"""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import httpx
import orjson
from rich.console import Console
from rich.table import Table

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "bench")]

from acceptance.conftest import Service, running_marketplace, running_service
from azscraper.demo.goods.catalogue import products
from azscraper.demo.goods.locales import EN_US
from azscraper.demo.server import base_urls
from azscraper.kinds.recognise import read_page
from azscraper.parse.page import Page

_ASKS = 2000
_WARM = 50
"""Asks before the first that counts."""
_PERCENTS = (50, 95, 99)


@dataclass(frozen=True)
class _Bench:
    service: Service
    http: httpx.Client
    shop: httpx.Client

    def ask(self, asin: str, *, cached: bool) -> float:
        """Seconds to the answer."""
        config = {"maxAge": 86_400} if cached else {}
        body = {"type": "details", "target": asin, "config": config}
        start = time.perf_counter()
        answer = self.http.post(f"/projects/{self.service.project_id}/ask", json=body)
        seconds = time.perf_counter() - start
        found = answer.json()
        assert (answer.status_code, found["meta"]["cached"]) == (200, cached), answer.text
        return seconds

    def bare(self, asin: str) -> float:
        """Seconds to fetch the same page and to read it, as the worker does."""
        start = time.perf_counter()
        body = self.shop.get(f"/dp/{asin}").content
        parsed = read_page(Page(body, f"https://{EN_US.host}/dp/{asin}", "text/html", datetime.now(UTC)))
        assert parsed.read is not None
        b"".join(record.model_dump_json(by_alias=True).encode() for record in parsed.read.records)
        return time.perf_counter() - start


@contextmanager
def _opened() -> Iterator[_Bench]:
    with running_marketplace() as shop:
        settings = {"MARKETPLACE_BASE_URL": orjson.dumps(base_urls(shop)).decode(), "CRAWL_RATE": "0"}
        with (
            running_service(**settings) as service,
            httpx.Client(
                base_url=service.url,
                headers={"Authorization": f"Bearer {service.token}"},
                timeout=60,
                trust_env=False,
            ) as http,
            httpx.Client(base_url=shop, headers={"X-Forwarded-Host": EN_US.host}, trust_env=False) as pages,
        ):
            yield _Bench(service, http, pages)


def asking_table(asks: int = _ASKS) -> Table:
    """Milliseconds: of an ask less the fetch and the reading of the same page beside it, and of a kept answer."""
    asins = [product.asin for product in products(EN_US)]
    with _opened() as bench:
        for n in range(_WARM):
            bench.ask(asins[n % len(asins)], cached=False)
        whole, added, kept = [], [], []
        for n in range(asks):
            asin = asins[n % len(asins)]
            seconds = bench.ask(asin, cached=False)
            whole.append(seconds)
            added.append(seconds - bench.bare(asin))
            kept.append(bench.ask(asin, cached=True))
    table = Table(f"of {asks} asks, one at a time", *(f"p{n}, ms" for n in _PERCENTS))
    for name, found in (
        ("the whole ask", whole),
        ("less fetching and reading the page", added),
        ("a kept answer", kept),
    ):
        found.sort()
        table.add_row(name, *(f"{found[len(found) * n // 100] * 1000:.1f}" for n in _PERCENTS))
    return table


def main() -> None:
    Console(width=120).print(asking_table(int(sys.argv[1]) if len(sys.argv) > 1 else _ASKS))


if __name__ == "__main__":
    main()
