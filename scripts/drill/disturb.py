"""What the drill does to the system: kills at random, and one spell of trouble after the other, each of them in every round."""

import random
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from functools import partial
from pathlib import Path

import psutil
from parts import wait_for
from system import System

from dbproxy import Mode

_KILLS = {"worker": 6, "api": 3, "postgres": 1}
_ROUND_SECONDS = 180.0
_LONGEST_SECONDS = 20.0
_END_SECONDS = 20.0
"""For all that a killed ``up`` ran: its parts promise to end within 10 s, the database after them."""
_CLOCK_HOURS = 3

Spell = Callable[[System, random.Random], AbstractContextManager[None]]


class Disturber:
    """Disturbs the system until told to have done; a seed makes the choices."""

    def __init__(self, system: System, rng: random.Random, diary: Path) -> None:
        self.counts: Counter[str] = Counter()
        self.found: list[str] = []
        self._system = system
        self._kill_rng, self._spell_rng = random.Random(rng.random()), random.Random(rng.random())
        self._diary = diary
        self._began = time.monotonic()
        self._spells: dict[str, Spell] = {
            **{f"stopped {kind}": partial(_stopped, kind=kind) for kind in _KILLS},
            **{f"{mode} database": partial(_relayed, mode=mode) for mode in (Mode.SILENT, Mode.SLOW, Mode.RESET)},
            "read-only database": _read_only,
            "killed up": self._killed_up,
        }
        if system.disk.is_mounted:
            self._spells["full disk"] = _full_disk
        else:
            print("drill: without a full disk, which needs the right to mount a filesystem")
        if _libfaketime():
            self._spells["wrong clock"] = _wrong_clock
        else:
            print("drill: without a wrong clock, which needs libfaketime (Debian's package of that name)")

    def run(self, seconds: float, pause: float) -> None:
        """Kill every ``pause`` seconds in the mean, and meanwhile let each spell come at least once."""
        end = time.monotonic() + seconds
        spells = threading.Thread(target=self._cast, args=(seconds,), daemon=True)
        spells.start()
        while (left := end - time.monotonic()) > 0:
            time.sleep(min(self._kill_rng.expovariate(1 / pause), left))
            self._kill(self._kill_rng.choices([*_KILLS], [*_KILLS.values()])[0])
        spells.join()

    def _kill(self, kind: str) -> None:
        if victims := self._system.processes(kind):
            self._note(f"{kind} killed", kind)
            with suppress(psutil.NoSuchProcess):
                self._kill_rng.choice(victims).kill()

    def _cast(self, seconds: float) -> None:
        rounds = max(1, round(seconds / _ROUND_SECONDS))
        slot = seconds / rounds / len(self._spells)
        for name in [
            name for _ in range(rounds) for name in self._spell_rng.sample([*self._spells], len(self._spells))
        ]:
            end = time.monotonic() + slot
            length = min(_LONGEST_SECONDS, slot * self._spell_rng.uniform(0.5, 0.9))
            with self._spells[name](self._system, self._spell_rng):
                self._note(f"{name} for {length:.1f} s", name)
                time.sleep(length)
            self._note(f"{name} over")
            time.sleep(max(0.0, end - time.monotonic()))

    def _note(self, what: str, counted: str | None = None) -> None:
        if counted:
            self.counts[counted] += 1
        with self._diary.open("a") as diary:
            diary.write(f"{time.strftime('%H:%M:%S')} {time.monotonic() - self._began:7.1f} {what}\n")

    @contextmanager
    def _killed_up(self, system: System, _: random.Random) -> Iterator[None]:
        up, *below = system.up.tree() or [None]
        if up is not None:
            with suppress(psutil.NoSuchProcess):
                up.kill()
            if not wait_for(lambda: not [process for process in below if _lives(process)], _END_SECONDS):
                self.found.append(f"parts of a killed `azscraper up` live on: {[p for p in below if _lives(p)]}")
        yield


def _lives(process: psutil.Process) -> bool:
    with suppress(psutil.NoSuchProcess):
        return bool(process.is_running() and process.status() != psutil.STATUS_ZOMBIE)
    return False


@contextmanager
def _stopped(system: System, rng: random.Random, *, kind: str) -> Iterator[None]:
    """As a machine that sleeps, or a debugger."""
    trees = [[process, *_below(process)] for process in system.processes(kind)]
    tree = rng.choice(trees) if trees else []
    for process in tree:
        with suppress(psutil.NoSuchProcess):
            process.send_signal(signal.SIGSTOP)
    try:
        yield
    finally:
        for process in tree:
            with suppress(psutil.NoSuchProcess):
                process.send_signal(signal.SIGCONT)


def _below(process: psutil.Process) -> list[psutil.Process]:
    with suppress(psutil.NoSuchProcess):
        return process.children(recursive=True)
    return []


@contextmanager
def _relayed(system: System, _: random.Random, *, mode: Mode) -> Iterator[None]:
    system.relay.mode = mode
    try:
        yield
    finally:
        system.relay.mode = Mode.OPEN


@contextmanager
def _read_only(system: System, _: random.Random) -> Iterator[None]:
    system.alter("SET default_transaction_read_only = on")
    try:
        yield
    finally:
        system.alter("RESET default_transaction_read_only")


@contextmanager
def _full_disk(system: System, _: random.Random) -> Iterator[None]:
    with system.disk.full():
        yield


@contextmanager
def _wrong_clock(system: System, rng: random.Random) -> Iterator[None]:
    """A worker of a machine whose clock is hours ahead or behind. (libfaketime makes ``time.sleep`` fail, so it has no watchdog then.)"""
    right = system.worker.environ
    system.worker.environ = right | {
        "LD_PRELOAD": str(_libfaketime()),
        "FAKETIME": f"{rng.choice('+-')}{_CLOCK_HOURS}h",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
    }
    system.worker.kill()
    try:
        yield
    finally:
        system.worker.environ = right
        system.worker.kill()


def _libfaketime() -> Path | None:
    return next(iter(sorted(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"))), None)
