"""Whether a worker still works."""

import subprocess
import sys

from azscraper.heartbeats import EXIT_SILENT, Heartbeats


class _Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


def test_the_longest_silence_of_a_part_counts() -> None:
    clock = _Clock()
    beats = Heartbeats(clock)
    assert (beats.silences(), beats.is_silent()) == ({}, False)
    beats.begin()
    clock.now += 50
    beats.beat("default")
    beats.beat("webhooks")
    clock.now += 50
    beats.beat("default")
    assert beats.silences() == {"default": 0, "webhooks": 50}
    assert beats.overdue() is None
    clock.now += 11
    assert beats.is_silent()
    assert beats.overdue() == "the worker does nothing any more"
    beats.begin()
    assert beats.overdue() is None


def test_a_start_that_never_brings_an_engine_is_a_silence() -> None:
    clock = _Clock()
    beats = Heartbeats(clock)
    beats.begin()
    clock.now += 61
    assert beats.is_silent()


def test_a_worker_that_was_told_to_stop_has_nine_seconds() -> None:
    clock = _Clock()
    beats = Heartbeats(clock)
    beats.beat("default")
    beats.stopping()
    clock.now += 8
    assert beats.overdue() is None
    clock.now += 2
    assert beats.overdue() == "the worker was told to stop and has not ended"


def test_a_process_that_is_overdue_ends_itself_whatever_it_waits_for() -> None:
    code = """
import threading
from azscraper import heartbeats
heartbeats.LONGEST_SILENCE_SECONDS = 0.1
beats = heartbeats.Heartbeats()
beats.beat("default")
heartbeats.watch(beats)
threading.Event().wait()
"""
    run = subprocess.run([sys.executable, "-c", code], check=False, capture_output=True, text=True, timeout=60)
    assert run.returncode == EXIT_SILENT
    assert "the worker does nothing any more" in run.stdout + run.stderr
