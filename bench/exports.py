"""Exports of a million rows over HTTP: how fast, and what the API process needs of memory beyond a small export.

``python bench/exports.py [ROWS]`` writes its table into ``docs/benchmarks.md`` where it ran the whole million.
"""

import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "bench")]

import report
from stored import Stored, stored

from azscraper.results.formats import Format

_ROWS = 1_000_000
_LIMIT_MIB = 64
_SAMPLE_SECONDS = 0.05


@dataclass(frozen=True)
class Measured:
    """One export."""

    bytes: int
    seconds: float
    grown_mib: float


def measure(service: Stored, job_id: str, file_format: Format) -> Measured:
    """Read the file to its end; resident memory is looked at all the while."""
    before, peak, over = service.process.memory_info().rss, [0], threading.Event()

    def watch() -> None:
        while not over.wait(_SAMPLE_SECONDS):
            peak[0] = max(peak[0], service.process.memory_info().rss)

    watcher = threading.Thread(target=watch)
    watcher.start()
    start, size = time.perf_counter(), 0
    with service.http.stream("GET", f"/jobs/{job_id}/export", params={"format": file_format}) as response:
        response.raise_for_status()
        for block in response.iter_raw():
            size += len(block)
    seconds = time.perf_counter() - start
    over.set()
    watcher.join()
    return Measured(size, seconds, max(0, peak[0] - before) / 1024**2)


def main() -> None:
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else _ROWS
    lines = []
    with stored() as service:
        small, large = service.job(1000), service.job(rows)
        for file_format in Format:
            measure(service, small, file_format)  # loads the format's library
        for file_format in Format:
            found = measure(service, large, file_format)
            cells = [
                file_format,
                f"{found.bytes / 1e6:,.0f} MB",
                f"{rows / found.seconds:,.0f}",
                f"{found.grown_mib:.0f} MiB",
            ]
            print(*cells, sep="  ", flush=True)
            assert found.grown_mib < _LIMIT_MIB, f"{file_format} took {found.grown_mib:.0f} MiB"
            lines.append(cells)
    if rows == _ROWS:
        report.section(
            "exports", report.table(["format", "size", "rows per second", "growth of the API process"], lines)
        )


if __name__ == "__main__":
    main()
