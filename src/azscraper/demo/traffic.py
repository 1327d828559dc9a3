"""What was asked of the pretend marketplace, and when: bounded, in memory, for tests of politeness and retries."""

import time
from collections import Counter, deque
from dataclasses import dataclass
from typing import Any

_REQUESTS_KEPT = 100_000
"""Requests remembered with their time, and pages whose requests are counted; older ones are forgotten."""
_PAGES = ("product", "search")


@dataclass(frozen=True, slots=True)
class Asking:
    """One request."""

    at: float
    """Monotonic seconds."""
    kind: str
    """``product``, ``search``, ``robots``, ``image`` or ``other``."""
    host: str


class Traffic:
    """The log of requests."""

    def __init__(self) -> None:
        self._log: deque[Asking] = deque(maxlen=_REQUESTS_KEPT)
        self._asked: dict[str, int] = {}
        self._kinds: Counter[str] = Counter()
        self._faults: Counter[str] = Counter()

    def note(self, kind: str, host: str, key: str) -> int:
        """Enter a request for the page ``key``; returns how often it has been asked for, this time included."""
        self._log.append(Asking(time.monotonic(), kind, host))
        self._kinds[kind] += 1
        if key not in self._asked and len(self._asked) >= _REQUESTS_KEPT:
            del self._asked[next(iter(self._asked))]
        self._asked[key] = self._asked.get(key, 0) + 1
        return self._asked[key]

    def note_fault(self, name: str) -> None:
        """Enter that a request was answered with a fault."""
        self._faults[name] += 1

    def clear(self) -> None:
        """Forget everything; pages that fail a few times start over."""
        self._log.clear()
        self._asked.clear()
        self._kinds.clear()
        self._faults.clear()

    def stats(self) -> dict[str, Any]:
        """For ``/__stats``.

        ``counts`` by kind; ``faults`` by name; ``asked``: requests a page, by ``host/dp/ASIN`` or
        ``host/s?keyword&page``; ``hosts``: for each host the monotonic seconds of its page requests and robots
        requests, and its page requests in each second since its first.
        """
        hosts = sorted({asking.host for asking in self._log})
        return {
            "counts": dict(self._kinds),
            "faults": dict(self._faults),
            "asked": dict(self._asked),
            "hosts": {host: self._host(host) for host in hosts},
        }

    def _host(self, host: str) -> dict[str, Any]:
        pages = [asking.at for asking in self._log if asking.host == host and asking.kind in _PAGES]
        robots = [asking.at for asking in self._log if asking.host == host and asking.kind == "robots"]
        per_second = Counter(int(at - pages[0]) for at in pages)
        return {
            "pages": pages,
            "robots": robots,
            "pagesPerSecond": {str(second): count for second, count in sorted(per_second.items())},
        }
