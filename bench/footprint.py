"""What the processes of a running ``azscraper up`` take, its PostgreSQL included."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import psutil


class Footprint:
    """The process tree of ``up`` and that of its database, which is no child of it. Processes may end while they are looked at."""

    def __init__(self, pid: int, data_dir: Path) -> None:
        postmaster = int((data_dir / "postgres" / "postmaster.pid").read_text().split()[0])
        self._roots = [psutil.Process(pid), psutil.Process(postmaster)]

    def cpu_seconds(self) -> float:
        """User and system time so far, of the living and of those that ended."""
        return sum(self._each(lambda process: sum(process.cpu_times()[:4])))

    def peak_mib(self, part: str) -> float:
        """The largest resident size that a process of this part (``api``, ``worker``) has had."""
        return max(self._each(lambda process: _peak_mib(process.pid), part))

    def mib(self, part: str) -> float:
        """The resident size of this part now; of its largest process."""
        return max(self._each(lambda process: process.memory_info().rss / 1024**2, part))

    def _each(self, read: Callable[[psutil.Process], float], part: str | None = None) -> Iterator[float]:
        for root in self._roots:
            for process in [root, *root.children(recursive=True)]:
                with suppress(psutil.NoSuchProcess, FileNotFoundError):
                    if part is None or part in process.cmdline():
                        yield read(process)


def _peak_mib(pid: int) -> float:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM"))
