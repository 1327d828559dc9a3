"""``GET /jobs/:id/results`` beside ``psql``'s COPY of the same rows to a file, in turns.

``python bench/results.py [ROWS]``; part of ``make bench``.
"""

import shutil
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console
from rich.table import Table

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "bench")]

import psycopg
from stored import Stored, stored

_ROWS = 100_000
_ROUNDS = 7


def results_table(rows: int = _ROWS) -> Table:
    """Megabytes a second of both, the median of some rounds each."""
    with TemporaryDirectory() as folder, stored() as service:
        job_id = service.job(rows)
        rates: dict[str, list[float]] = {"COPY": [], "HTTP": []}
        for _ in range(_ROUNDS):
            rates["COPY"].append(_rate(copy_to, service, job_id, Path(folder) / "copy"))
            rates["HTTP"].append(_rate(_get, service, job_id, Path(folder) / "http"))
    copy, http = (sorted(rates[name])[_ROUNDS // 2] for name in ("COPY", "HTTP"))
    table = Table("way", "MB/s", "ratio", title=f"{rows} rows to a file, median of {_ROUNDS}")
    table.add_row("psql COPY" if shutil.which("psql") else "COPY by psycopg", f"{copy:.0f}", "1.00")
    table.add_row("GET /jobs/:id/results by curl", f"{http:.0f}", f"{http / copy:.2f}")
    return table


def _rate(way, service: Stored, job_id: str, file: Path) -> float:
    start = time.perf_counter()
    way(service, job_id, file)
    return file.stat().st_size / 1e6 / (time.perf_counter() - start)


def copy_to(service: Stored, job_id: str, file: Path) -> None:
    """The job's rows to a file, by psql where it is there."""
    sql = f"SELECT record FROM results WHERE job_id = '{job_id}' ORDER BY ordinal, position"
    if shutil.which("psql"):
        subprocess.run(["psql", "-qX", service.database_url, "-c", f"\\copy ({sql}) TO '{file}'"], check=True)
        return
    with (
        psycopg.connect(service.database_url) as conn,
        file.open("wb") as out,
        conn.cursor() as cursor,
        cursor.copy(f"COPY ({sql}) TO STDOUT") as copy,
    ):
        for block in copy:
            out.write(block)


def _get(service: Stored, job_id: str, file: Path) -> None:
    authorization = f"Authorization: {service.http.headers['Authorization']}"
    url = f"{service.url}/jobs/{job_id}/results"
    subprocess.run(["curl", "-fsS", "-H", authorization, "-o", file, url], check=True)


def main() -> None:
    Console(width=120).print(results_table(int(sys.argv[1]) if len(sys.argv) > 1 else _ROWS))


if __name__ == "__main__":
    main()
