"""``make bench``: what AzScraper costs, beside what people would pick instead, measured in one run.

Prints its tables and writes them into ``docs/benchmarks.md``.
"""

import os
import sys
from datetime import datetime
from pathlib import Path

import orjson
from rich.console import Console
from rich.table import Table

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "bench")]

import history
import httpx
import parsing
import report
from alerting import alerting_table
from asking import asking_table
from first_row import seconds_to_end_event, seconds_to_first_row
from instructions import instructions_table
from kinds import kinds_table
from results import results_table
from rows import rows_table

from acceptance.conftest import running_marketplace, running_service
from azscraper.demo.goods.catalogue import products
from azscraper.demo.goods.locales import EN_US, LOCALES
from azscraper.demo.server import base_urls

_ROUNDS = 3
_FIRST_ROWS = 200
_PERCENTS = (50, 99)
_WORKERS = (1, 2, 4)


def demo_pages(base: str) -> tuple[list[parsing.Page], list[parsing.Page]]:
    """A hundred product pages and a search page of the built-in marketplace."""
    with httpx.Client(base_url=base, headers={"X-Forwarded-Host": "www.amazon.com"}, trust_env=False) as http:
        asins = [product.asin for product in products(EN_US)[:100]]
        details = [(http.get(f"/dp/{asin}").content, f"https://www.amazon.com/dp/{asin}") for asin in asins]
        search = [(http.get("/s", params={"k": "coffee"}).content, "https://www.amazon.com/s?k=coffee")] * 100
    return details, search


def parsing_table(base: str) -> Table:
    details, search = demo_pages(base)
    return parsing.table(
        [
            parsing.PageSet("built-in marketplace, product", details, parsing.parsel_product, parsing.soup_product),
            parsing.PageSet("built-in marketplace, search", search, parsing.parsel_search, parsing.soup_search),
            *parsing.page_sets(Path(os.environ.get("AZSCRAPER_PAGES", ROOT.parent / "shared" / "pages"))),
        ]
    )


def system_table(base: str) -> Table:
    settings = {"MARKETPLACE_BASE_URL": orjson.dumps(base_urls(base)).decode(), "CRAWL_RATE": "0"}
    targets = [f"https://{locale.host}/dp/{p.asin}" for locale in LOCALES for p in products(locale)]
    speed = f"targets/s, a job of {len(targets)}, median of {_ROUNDS}"
    waits = (f"POST to {end}, p{n} of {_FIRST_ROWS}, ms" for end in ("first row", "event `end`") for n in _PERCENTS)
    table = Table("worker processes", speed, *waits)
    for workers in _WORKERS:
        with running_service("--workers", str(workers), **settings) as service:
            speeds = sorted(_targets_per_second(service, targets) for _ in range(_ROUNDS))
            waits = [
                sorted(wait(service, service.project_id, targets[n % len(targets)]) for n in range(_FIRST_ROWS))
                for wait in (seconds_to_first_row, seconds_to_end_event)
            ]
        cells = (f"{wait[_FIRST_ROWS * percent // 100] * 1000:.0f}" for wait in waits for percent in _PERCENTS)
        table.add_row(str(workers), f"{speeds[_ROUNDS // 2]:.0f}", *cells)
    return table


def _targets_per_second(service, targets: list[str]) -> float:
    job = service.finish(service.client.create_job(service.project_id, "details", targets)["id"])
    assert job["progress"]["succeeded"] == len(targets), job["progress"]
    started, ended = (_unix(job[key]) for key in ("createdAt", "completedAt"))
    return len(targets) / (ended - started)


def _unix(stamp: str) -> float:
    return datetime.fromisoformat(stamp).timestamp()


def main() -> None:
    console = Console(width=120)
    console.print(f"{os.cpu_count()} cores; Python {sys.version.split()[0]}")
    with running_marketplace() as base:
        tables = {"reading": parsing_table(base), "system": system_table(base), "results": results_table()}
    if (by_kind := kinds_table([])) is not None:
        tables["kinds"] = by_kind
    if isinstance(counted := instructions_table([]), Table):
        tables["instructions"] = counted
    elif counted is not None:
        console.print(counted)
    tables |= {"asking": asking_table(), "rows": rows_table()}
    tables |= zip(("history", "history-written"), history.tables(), strict=True)
    tables["alerting"] = alerting_table()
    for name, table in tables.items():
        console.print(table)
        report.section(name, ["", *report.markdown(table)])


if __name__ == "__main__":
    main()
