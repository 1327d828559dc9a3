"""What the processes of a running ``azscraper up`` take, its PostgreSQL included."""

from pathlib import Path

import psutil


class Footprint:
    """The process tree of ``up`` and that of its database, which is no child of it."""

    def __init__(self, pid: int, data_dir: Path) -> None:
        postmaster = int((data_dir / "postgres" / "postmaster.pid").read_text().split()[0])
        self._roots = [psutil.Process(pid), psutil.Process(postmaster)]

    def cpu_seconds(self) -> float:
        """User and system time so far, of the living and of those that ended."""
        return sum(sum(process.cpu_times()[:4]) for process in self._processes())

    def peak_mib(self, part: str) -> float:
        """The largest resident size that a process of this part (``api``, ``worker``) has had."""
        return max(_peak_mib(process.pid) for process in self._processes() if part in process.cmdline())

    def mib(self, part: str) -> float:
        """The resident size of this part now; of its largest process."""
        sizes = [process.memory_info().rss for process in self._processes() if part in process.cmdline()]
        return max(sizes) / 1024**2

    def _processes(self) -> list[psutil.Process]:
        return [process for root in self._roots for process in [root, *root.children(recursive=True)]]


def _peak_mib(pid: int) -> float:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM"))
