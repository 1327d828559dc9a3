"""``make bench-peers``: AzScraper whole beside Scrapy, Crawlee and two scripts, on the same pages from the same local server.

Each contender crawls the same URLs with sixteen fetches in flight a process and keeps its rows. What a contender needs to
start is measured with no URL and taken off; AzScraper is a running service, measured from POST to the end of the job, all its
processes and PostgreSQL included. The contenders take turns, ``--rounds`` times; medians count. 10,000 pages and more are crawled once:
that takes minutes, over which the machine evens out.
"""

import argparse
import gzip
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import orjson

ROOT = Path(__file__).parents[2]
HERE = Path(__file__).parent
PEERS = ROOT / ".venv-bench" / "bin" / "python"
sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "bench")]

import report
from footprint import Footprint

from acceptance.conftest import Service, running_service

_IN_FLIGHT = 16
_DEADLINE_SECONDS = 1800
_MANY = 10_000
_LARGEST = 50
"""Half of the recorded product pages: 1.9 MB mean, as full pages of today are; the others are old, mobile or cut."""
_COMMANDS = {
    "Scrapy": ["crawl_scrapy.py"],
    "Crawlee": ["crawl_crawlee.py"],
    "aiohttp + parsel script": ["crawl_script.py", "parsel"],
    "aiohttp + Lexbor script": ["crawl_script.py", "lexbor"],
}


@dataclass(frozen=True)
class Page:
    """A page to serve, gzip'd on disk, and the host that it came from."""

    path: Path
    host: str


@dataclass(frozen=True)
class Cost:
    """What one crawl took."""

    seconds: float
    cpu_seconds: float
    peak_mib: float


@contextmanager
def shop(pages: list[Page], folder: Path) -> Iterator[str]:
    """The server in a process of its own; yields its base URL."""
    names = folder / "pages.txt"
    names.write_text("\n".join(str(page.path) for page in pages))
    command = [sys.executable, str(HERE / "server.py"), str(names)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            yield process.stdout.readline().strip()
        finally:
            process.terminate()


def asin(number: int) -> str:
    return f"B{number:09d}"


def crawl_with_peer(name: str, urls: list[str], folder: Path) -> Cost:
    """A whole process of the peer, from its start to its end."""
    listed, rows = folder / "urls.txt", folder / "rows.jsonl"
    listed.write_text("\n".join(urls))
    rows.unlink(missing_ok=True)
    script, *arguments = _COMMANDS[name]
    with tempfile.TemporaryDirectory(prefix="bench-peer-") as storage:
        environ = dict(os.environ) | {"CRAWLEE_STORAGE_DIR": storage}
        start = time.perf_counter()
        process = subprocess.Popen([PEERS, HERE / script, listed, rows, *arguments], env=environ, cwd=storage)
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0, name
    kept = rows.read_bytes().count(b"\n") if rows.exists() else 0
    assert kept == len(urls), f"{name} kept {kept} rows of {len(urls)}"
    return Cost(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def peers(numbers: range, pages: list[Page], base: str, folder: Path) -> dict[str, Cost]:
    """Each peer once, its start taken off."""
    urls = [f"{base}/{pages[n % len(pages)].host}/dp/{asin(n)}" for n in numbers]
    costs = {}
    for name in _COMMANDS:
        idle, busy = crawl_with_peer(name, [], folder), crawl_with_peer(name, urls, folder)
        costs[name] = Cost(busy.seconds - idle.seconds, busy.cpu_seconds - idle.cpu_seconds, busy.peak_mib)
    return costs


def azscraper(numbers: range, pages: list[Page], base: str, *, workers: int) -> Cost:
    """A job from POST to its end, on a service that runs; its peak is that of the largest worker."""
    targets = [f"https://{pages[n % len(pages)].host}/dp/{asin(n)}" for n in numbers]
    urls = {page.host: f"{base}/{page.host}" for page in pages}
    settings = {
        "MARKETPLACE_BASE_URL": orjson.dumps(urls).decode(),
        "CRAWL_RATE": "0",
        "CRAWL_CONCURRENCY": str(_IN_FLIGHT),
        "OBEY_ROBOTS": "false",
    }
    with running_service("--workers", str(workers), **settings) as service:
        warm_up = service.client.create_job(service.project_id, "details", targets[: len(pages)])
        _wait(lambda: service.client.job(warm_up["id"])["status"] == "completed")
        footprint = Footprint(service.process.pid, service.data_dir)
        before, start = footprint.cpu_seconds(), time.time()
        job_id = service.client.create_job(service.project_id, "details", targets)["id"]
        _wait(lambda: _newest(service)["status"] == "completed")  # without its targets, as who waits would look
        cpu_seconds = footprint.cpu_seconds() - before
        job = _newest(service)
        assert (job["id"], job["resultCount"]) == (job_id, len(targets))
        seconds = datetime.fromisoformat(job["completedAt"]).timestamp() - start
        return Cost(seconds, cpu_seconds, footprint.peak_mib("worker"))


def _newest(service: Service) -> dict:
    return service.client.jobs(service.project_id)[0]


def _wait(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + _DEADLINE_SECONDS
    while not condition():
        assert time.monotonic() < deadline, f"no end within {_DEADLINE_SECONDS} s"
        time.sleep(0.2)


def compare(numbers: range, pages: list[Page], *, workers: list[int], rounds: int) -> dict[str, Cost]:
    """The medians of some rounds, each contender once a round."""
    seen: dict[str, list[Cost]] = {}
    with tempfile.TemporaryDirectory(prefix="bench-") as name, shop(pages, Path(name)) as base:
        for _ in range(rounds):
            costs = peers(numbers, pages, base, Path(name))
            costs |= {
                f"AzScraper, {n} worker{'s'[: n > 1]}": azscraper(numbers, pages, base, workers=n) for n in workers
            }
            for contender, cost in costs.items():
                print(f"{contender}: {cost}", file=sys.stderr)
                seen.setdefault(contender, []).append(cost)
    return {name: _median(costs) for name, costs in seen.items()}


def _median(costs: list[Cost]) -> Cost:
    return Cost(*(statistics.median(getattr(cost, name) for cost in costs) for name in Cost.__dataclass_fields__))


def recorded_pages(folder: Path) -> list[Page]:
    """The recorded product pages."""
    lines = [json.loads(line) for line in (folder / "manifest.jsonl").read_text().splitlines()]
    kinds = {line["file"]: line["kind"] for line in map(json.loads, (ROOT / "tests/labels/kinds.jsonl").open())}
    return [
        Page(folder / line["file"], line["marketplace"])
        for line in lines
        if line["kind"] == "details" and kinds[line["file"]] == "product"
    ]


def small_pages() -> list[Page]:
    """The product pages of the project's own cases."""
    cases = sorted((ROOT / "tests/cases").glob("*-en/case.json"))
    products = [case for case in cases if "record" in json.loads(case.read_text())["expected"]]
    return [Page(case.with_name("page.html.gz"), "www.amazon.com") for case in products]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--targets", type=int, default=800, help="recorded pages to crawl")
    parser.add_argument("--pages", nargs="*", choices=["all", "largest"], default=["all", "largest"], help="recorded")
    parser.add_argument("--small", type=int, nargs="*", default=[1_000, 10_000], help="small pages to crawl")
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2, 4], help="worker processes of AzScraper")
    parser.add_argument("--rounds", type=int, default=3)
    chosen = parser.parse_args()
    tables: dict[str, tuple[int, list[Page]]] = {}
    folder = Path(os.environ.get("AZSCRAPER_PAGES", ROOT.parent / "shared" / "pages"))
    if (folder / "manifest.jsonl").exists():
        recorded = recorded_pages(folder)
        if "all" in chosen.pages:
            tables[f"{chosen.targets:,} recorded product pages"] = chosen.targets, recorded
        if "largest" in chosen.pages:
            largest = sorted(recorded, key=_bytes, reverse=True)[:_LARGEST]
            tables[f"{chosen.targets:,} large recorded product pages"] = chosen.targets, largest
    for targets in chosen.small:
        tables[f"{targets:,} small product pages"] = targets, small_pages()
    lines: list[str] = []
    for title, (targets, pages) in tables.items():
        rounds = chosen.rounds if targets < _MANY else 1
        costs = compare(range(targets), pages, workers=chosen.workers, rounds=rounds)
        lines += [
            "",
            f"### {title}, {_mean_mb(pages):.2f} MB mean",
            "",
            *_table(targets, costs),
            "",
            *_plots(title, targets, costs),
        ]
    report.section("peers", lines)


def _bytes(page: Page) -> int:
    return len(gzip.decompress(page.path.read_bytes()))


def _mean_mb(pages: list[Page]) -> float:
    return statistics.mean(map(_bytes, pages)) / 1e6


def _table(targets: int, costs: dict[str, Cost]) -> list[str]:
    scrapy = costs["Scrapy"].cpu_seconds
    rows = [
        [
            name,
            f"{targets / cost.seconds:,.1f}",
            f"{1000 * cost.cpu_seconds / targets:.1f}",
            f"{cost.cpu_seconds / scrapy:.2f}",
            f"{cost.peak_mib:,.0f}",
        ]
        for name, cost in costs.items()
    ]
    return report.table(["contender", "targets/s", "CPU ms a target", "of Scrapy's CPU", "peak MiB"], rows)


def _plots(title: str, targets: int, costs: dict[str, Cost]) -> list[str]:
    speed = {name: targets / cost.seconds for name, cost in costs.items()}
    cpu = {name: 1000 * cost.cpu_seconds / targets for name, cost in costs.items()}
    images = report.PAGE.parent / "images"
    images.mkdir(exist_ok=True)
    names = {
        f"{report.slug(title)}-speed.svg": (speed, "targets/s"),
        f"{report.slug(title)}-cpu.svg": (cpu, "CPU ms a target"),
    }
    for name, (values, unit) in names.items():
        report.bars(images / name, title, values, unit)
    return [f"![{title}: {unit}](images/{name})" for name, (_, unit) in names.items()]


if __name__ == "__main__":
    main()
