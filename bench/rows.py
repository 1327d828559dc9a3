"""``client.rows`` of a project beside ``psql``'s COPY of the same rows: rows a second, and the memory of the reader.

``python bench/rows.py [ROWS]``; part of ``make bench``.
"""

import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console
from rich.table import Table

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "bench")]

from results import copy_to
from stored import stored

_ROWS = 1_000_000
_ROUNDS = 3
_TYPED_SHARE = 10
_READER = """
import resource, sys, time
from azscraper.client import AzScraper
url, token, project, raw, most = sys.argv[1:]
with AzScraper(url, token=token) as client:
    next(client.rows(project, raw=raw == "raw"))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start, count = time.perf_counter(), 0
    for count, row in enumerate(client.rows(project, raw=raw == "raw", most=int(most)), 1):
        pass
    seconds = time.perf_counter() - start
print(count, seconds, (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024)
"""


def rows_table(rows: int = _ROWS) -> Table:
    """Rows a second, the median of some rounds; typed rows of a tenth."""
    rates: dict[str, list[float]] = {"COPY": [], "raw": [], "typed": []}
    memory: dict[str, float] = {}
    with TemporaryDirectory() as folder, stored() as service:
        job_id = service.job(rows)
        token = service.http.headers["Authorization"].removeprefix("Bearer ")
        for _ in range(_ROUNDS):
            start = time.perf_counter()
            copy_to(service, job_id, Path(folder) / "copy")
            rates["COPY"].append(rows / (time.perf_counter() - start))
            for way, most in (("raw", rows), ("typed", rows // _TYPED_SHARE)):
                command = [sys.executable, "-c", _READER, service.url, token, service.project_id, way, str(most)]
                said = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
                count, seconds, grown = map(float, said)
                assert count == most
                rates[way].append(count / seconds)
                memory[way] = grown
    table = Table("way", "rows/s", "ratio", "memory grows by MB", title=f"{rows} rows, median of {_ROUNDS}")
    copied = sorted(rates["COPY"])[_ROUNDS // 2]
    for way, name in (("COPY", "psql COPY"), ("raw", "client.rows(raw=True)"), ("typed", "client.rows()")):
        rate = sorted(rates[way])[_ROUNDS // 2]
        table.add_row(name, f"{rate:,.0f}", f"{rate / copied:.2f}", f"{memory[way]:.0f}" if way in memory else "")
    return table


def main() -> None:
    Console(width=120).print(rows_table(int(sys.argv[1]) if len(sys.argv) > 1 else _ROWS))


if __name__ == "__main__":
    main()
