"""Large jobs: does a target cost the same in a job of 100,000 as in one of 10,000, and is memory flat?

``python bench/large.py [TARGETS …]`` (10,000 and 100,000 when none are given) crawls small pages from a local server with the pace
off: API, one worker and PostgreSQL, pages archived. Writes the section "Large jobs" of ``docs/benchmarks.md``.
"""

import argparse
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import orjson
import psycopg

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "bench")]

import report
from footprint import Footprint
from peers.run import asin, shop, small_pages

from acceptance.conftest import Service, running_service

_DEADLINE_SECONDS = 7200
_TENTHS = 10
_WARM_UP = 3_000
"""Targets; a tenth of them is more than a fast machine ends between two looks."""


@dataclass(frozen=True)
class Large:
    """What one job took."""

    targets: int
    post_seconds: float
    seconds: float
    cpu_seconds: float
    tenths: list[float]
    """CPU milliseconds a target in each tenth of the job."""
    worker_mib: tuple[float, float]
    """Resident after a tenth of the job, and at its end."""
    api_mib: tuple[float, float]
    """Before the job was posted, and at its end."""
    in_place: float
    """Share of the updates of targets that left the indexes alone."""


def measure(service: Service, host: str, first: int, count: int) -> Large:
    targets = [f"https://{host}/dp/{asin(n)}" for n in range(first, first + count)]
    footprint = Footprint(service.process.pid, service.data_dir)
    updates = _updates(service)
    api_before, cpu_before, start = footprint.mib("api"), footprint.cpu_seconds(), time.perf_counter()
    job_id = service.client.create_job(service.project_id, "details", targets)["id"]
    post_seconds = time.perf_counter() - start
    seen, tenths, worker_mib = (0, cpu_before), [], 0.0
    for tenth in range(1, _TENTHS + 1):
        ended = _wait(service, job_id, count * tenth // _TENTHS)
        cpu = footprint.cpu_seconds()
        tenths.append(1000 * (cpu - seen[1]) / (ended - seen[0]))
        seen = ended, cpu
        worker_mib = worker_mib or footprint.mib("worker")
    seconds = time.perf_counter() - start
    assert service.client.job(job_id)["resultCount"] == count
    after = _updates(service)
    return Large(
        count,
        post_seconds,
        seconds,
        footprint.cpu_seconds() - cpu_before,
        tenths,
        (worker_mib, footprint.mib("worker")),
        (api_before, footprint.mib("api")),
        (after[1] - updates[1]) / max(1, after[0] - updates[0]),
    )


def _wait(service: Service, job_id: str, ended: int) -> int:
    deadline = time.monotonic() + _DEADLINE_SECONDS
    while True:
        job = service.client.job(job_id)
        assert job["progress"]["failed"] == 0, job
        if job["progress"]["succeeded"] >= ended:
            return int(job["progress"]["succeeded"])
        assert time.monotonic() < deadline, f"no end within {_DEADLINE_SECONDS} s"
        time.sleep(0.2)


def _updates(service: Service) -> tuple[int, int]:
    folder = service.data_dir / "postgres"
    with psycopg.connect(f"postgresql://postgres:@/postgres?host={folder}") as conn:
        row = conn.execute(
            """SELECT sum(n_tup_upd)::bigint, sum(n_tup_hot_upd)::bigint FROM pg_stat_user_tables
               WHERE relname LIKE 'targets_%'"""
        ).fetchone()
    assert row is not None
    return row


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("targets", type=int, nargs="*", default=[10_000, 100_000])
    counts = parser.parse_args().targets
    pages = small_pages()
    with tempfile.TemporaryDirectory(prefix="bench-") as name, shop(pages, Path(name)) as base:
        urls = {page.host: f"{base}/{page.host}" for page in pages}
        settings = {"MARKETPLACE_BASE_URL": orjson.dumps(urls).decode(), "CRAWL_RATE": "0", "OBEY_ROBOTS": "false"}
        with running_service(**settings) as service:
            measure(service, pages[0].host, 0, _WARM_UP)
            measured = []
            for number, count in enumerate(counts, 1):
                measured.append(measure(service, pages[0].host, 1_000_000 * number, count))
                print(measured[-1], file=sys.stderr)
    report.section("large", ["", *_table(measured), "", *_tenths(measured)])


def _table(measured: list[Large]) -> list[str]:
    heads = [
        "targets", "POST, s", "targets/s", "CPU ms a target", "worker MiB, after a tenth and at the end",
        "API MiB, before and at the end", "updates in place",
    ]  # fmt: skip
    rows = [
        [
            f"{one.targets:,}",
            f"{one.post_seconds:.2f}",
            f"{one.targets / one.seconds:.0f}",
            f"{1000 * one.cpu_seconds / one.targets:.2f}",
            f"{one.worker_mib[0]:.0f}, {one.worker_mib[1]:.0f}",
            f"{one.api_mib[0]:.0f}, {one.api_mib[1]:.0f}",
            f"{100 * one.in_place:.0f} %",
        ]
        for one in measured
    ]
    return report.table(heads, rows)


def _tenths(measured: list[Large]) -> list[str]:
    rows = [[f"{one.targets:,}", *(f"{ms:.2f}" for ms in one.tenths)] for one in measured]
    heads = ["CPU ms a target in each tenth", *(str(n) for n in range(1, _TENTHS + 1))]
    return report.table(heads, rows)


if __name__ == "__main__":
    main()
