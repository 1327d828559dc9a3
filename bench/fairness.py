"""Fairness: a job of one target, posted behind ten jobs of 100,000 targets that have work for hours. When does it start?

``python bench/fairness.py [JOBS] [TARGETS]`` (10 and 100,000 when not given) crawls small pages from a local server at 50 requests a
second with two worker processes. The small jobs are posted one after another by another project of the same organization, which is
the harder case: other organizations have a share of their own. Writes the section "A small job behind large ones".
"""

import argparse
import sys
import tempfile
import time
from pathlib import Path

import orjson

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "bench")]

import report
from first_row import seconds_to_first_row
from peers.run import asin, shop, small_pages

from acceptance.conftest import Service, running_service

_SMALL_JOBS = 20
_RATE = 50


def crowd(service: Service, host: str, jobs: int, targets: int) -> list[float]:
    """Posts the large jobs; seconds of each POST."""
    seconds = []
    for job in range(jobs):
        first = 1_000_000 + job * targets
        urls = [f"https://{host}/dp/{asin(n)}" for n in range(first, first + targets)]
        start = time.perf_counter()
        service.client.create_job(service.project_id, "details", urls)
        seconds.append(time.perf_counter() - start)
    return seconds


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("jobs", type=int, nargs="?", default=10)
    parser.add_argument("targets", type=int, nargs="?", default=100_000)
    given = parser.parse_args()
    pages = small_pages()
    host = pages[0].host
    with tempfile.TemporaryDirectory(prefix="bench-") as name, shop(pages, Path(name)) as base:
        urls = orjson.dumps({page.host: f"{base}/{page.host}" for page in pages}).decode()
        settings = {"MARKETPLACE_BASE_URL": urls, "CRAWL_RATE": str(_RATE), "OBEY_ROBOTS": "false"}
        with running_service("--workers", "2", **settings) as service:
            posts = sorted(crowd(service, host, given.jobs, given.targets))
            project_id = service.client.create_project("small")["id"]
            waits = sorted(
                seconds_to_first_row(service, project_id, f"https://{host}/dp/{asin(n)}") for n in range(_SMALL_JOBS)
            )
    heads = ["measure", "seconds"]
    rows = [
        [f"POST of {given.targets:,} targets, median and slowest of {given.jobs}", f"{posts[len(posts) // 2]:.2f}, {posts[-1]:.2f}"],
        [f"one target's POST to its row, median and slowest of {_SMALL_JOBS}", f"{waits[_SMALL_JOBS // 2]:.2f}, {waits[-1]:.2f}"],
    ]  # fmt: skip
    report.section("fairness", ["", *report.table(heads, rows)])


if __name__ == "__main__":
    main()
