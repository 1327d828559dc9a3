"""This version beside another one, in turns: CPU of a whole answer, of a crawl, of a start.

``python bench/beside.py OTHER [ROUNDS]``: OTHER is a checkout with its own ``.venv``. A ratio is this version's CPU seconds by the
other's, pair by pair; its median has a 95 % bound by resampling. Other load on the machine reaches both alike.
"""

import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

HERE = Path(__file__).parents[1]
_ROWS = 100_000, 50_000
_TARGETS = 300
_ROUNDS = 21
_RESAMPLED = 4000


def main() -> None:
    other, rounds = Path(sys.argv[1]).resolve(), int(sys.argv[2]) if len(sys.argv) > 2 else _ROUNDS
    print("| what | the other, CPU s | this, CPU s | ratio | 95 % of the median |\n| --- | --- | --- | --- | --- |")
    print(_row("`azscraper --version`", *_turns(_start(other), _start(HERE), rounds)), flush=True)
    for what, ways in _WAYS.items():
        with ExitStack() as stack:
            before, now = (stack.enter_context(_serving(one, what, other)) for one in (other, HERE))
            for way in ways:
                print(_row(way, *_turns(_asks(before, way), _asks(now, way), rounds)), flush=True)


_WAYS = {
    "rows": [f"results {n}" for n in _ROWS] + [f"export?format=ndjson {_ROWS[0]}"],
    "crawl": [f"crawl of {_TARGETS} small pages"],
}


def _turns(a: Callable[[], float], b: Callable[[], float], rounds: int) -> tuple[list[float], list[float]]:
    a(), b()
    pairs = []
    for number in range(rounds):
        first = a() if number % 2 else None
        second = b()
        pairs.append((a() if first is None else first, second))
    return [one for one, _ in pairs], [one for _, one in pairs]


def _row(what: str, before: list[float], now: list[float]) -> str:
    ratios = [b / a for a, b in zip(before, now, strict=True)]
    medians = sorted(statistics.median(random.choices(ratios, k=len(ratios))) for _ in range(_RESAMPLED))  # noqa: S311
    low, high = medians[_RESAMPLED // 40], medians[-_RESAMPLED // 40]
    cells = [f"{statistics.median(side):.3f}" for side in (before, now, ratios)]
    return f"| {what} | {' | '.join(cells)} | {low:.3f} to {high:.3f} |"


def _start(root: Path) -> Callable[[], float]:
    def run() -> float:
        process = subprocess.Popen([root / ".venv/bin/azscraper", "--version"], stdout=subprocess.DEVNULL, cwd=root)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = status
        assert status == 0
        return usage.ru_utime + usage.ru_stime

    return run


@contextmanager
def _serving(root: Path, what: str, pages: Path) -> Iterator[subprocess.Popen]:
    """A process of that checkout, which does what a line on its input says and answers with CPU seconds."""
    command = [root / ".venv/bin/python", __file__, "--serve", root, what, pages]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=root) as process:
        try:
            yield process
        finally:
            process.stdin.close()
            process.stdout.read()


def _asks(process: subprocess.Popen, way: str) -> Callable[[], float]:
    def ask() -> float:
        process.stdin.write(f"{way}\n")
        process.stdin.flush()
        while not (line := process.stdout.readline()).startswith("{"):
            assert line, "the service ended"
        return json.loads(line)["cpu"]

    return ask


def _serve(root: Path, what: str, pages: Path) -> None:
    sys.path[:0] = [str(root / "tests"), str(root / "bench")]
    with _rows() if what == "rows" else _crawls(pages) as do:
        for line in sys.stdin:
            print(json.dumps({"cpu": do(line.strip())}), flush=True)


@contextmanager
def _rows() -> Iterator[Callable[[str], float]]:
    from stored import stored

    with stored() as service:
        jobs = {str(n): service.job(n) for n in _ROWS}
        postgres = _postmaster(Path(service.database_url.partition("host=")[2]))

        def get(way: str) -> float:
            path, _, rows = way.rpartition(" ")
            before = _cpu(service.process.pid, postgres)
            command = [
                "curl",
                "-fsS",
                "-H",
                f"Authorization: {service.http.headers['Authorization']}",
                "-o",
                os.devnull,
            ]
            subprocess.run([*command, f"{service.url}/jobs/{jobs[rows]}/{path}"], check=True)
            return _cpu(service.process.pid, postgres) - before

        yield get


@contextmanager
def _crawls(root: Path) -> Iterator[Callable[[str], float]]:
    from peers import run

    from acceptance.conftest import running_service

    run.ROOT = root  # both read the same pages
    pages = run.small_pages()
    with tempfile.TemporaryDirectory(prefix="bench-") as name, run.shop(pages, Path(name)) as base:
        urls = json.dumps({page.host: f"{base}/{page.host}" for page in pages})
        with running_service(MARKETPLACE_BASE_URL=urls, CRAWL_RATE="0", OBEY_ROBOTS="false") as service:
            first, host = 0, pages[0].host
            postgres = _postmaster(service.data_dir / "postgres")

            def crawl(_: str) -> float:
                nonlocal first
                first += _TARGETS
                before = _cpu(service.process.pid, postgres)
                targets = [f"https://{host}/dp/{run.asin(n)}" for n in range(first, first + _TARGETS)]
                job = service.finish(service.client.create_job(service.project_id, "details", targets)["id"])
                assert job["progress"]["succeeded"] == _TARGETS, job["progress"]
                return _cpu(service.process.pid, postgres) - before

            yield crawl


def _postmaster(folder: Path) -> int:
    return int((folder / "postmaster.pid").read_text().splitlines()[0])


def _cpu(*roots: int) -> float:
    """Seconds that these processes and those below them have had a processor, to the nanosecond; ended ones are left out."""
    pids = {pid for root in roots for pid in _tree(root)}  # a database may be below the service, or beside it
    return sum(int(task.read_text().split()[0]) for pid in pids for task in _tasks(pid, "schedstat")) / 1e9


def _tree(pid: int) -> Iterator[int]:
    yield pid
    for task in _tasks(pid, "children"):
        for child in task.read_text().split():
            yield from _tree(int(child))


def _tasks(pid: int, name: str) -> Iterator[Path]:
    return Path(f"/proc/{pid}/task").glob(f"*/{name}")


if __name__ == "__main__":
    if sys.argv[1] == "--serve":
        _serve(Path(sys.argv[2]), sys.argv[3], Path(sys.argv[4]))
    else:
        main()
