"""Whom the overseer of a worker ends, and whom not."""

import socket
import subprocess
import sys
from contextlib import contextmanager

import pytest

from azscraper.running import overseer
from azscraper.running.readings import Readings

BUSY = "while True: pass"
IDLE = "input()"


@pytest.fixture
def ended(monkeypatch):
    """The targets whose reading was ended."""
    targets = []
    monkeypatch.setattr(overseer.Overseer, "_end", lambda _, note: targets.append(note.ordinal))
    return targets


@contextmanager
def watched(script):
    readings = Readings()
    ours, theirs = socket.socketpair()
    with ours, theirs, subprocess.Popen([sys.executable, "-c", script], stdin=subprocess.PIPE) as worker:
        try:
            yield readings, worker, overseer.Overseer(readings, theirs, worker.pid)
        finally:
            worker.kill()


def test_a_killed_workers_page_is_not_blamed_for_its_end(ended):
    with watched(IDLE) as (readings, worker, watching), readings.page("a chunk", 7):
        watching.look()
        worker.kill()
        worker.wait()
        watching.look()
    assert ended == []


def test_a_page_that_takes_its_time_is_ended_and_the_next_one_is_not(ended, monkeypatch):
    monkeypatch.setattr(overseer, "CPU_SECONDS", 0.2)
    with watched(BUSY) as (readings, _, watching):
        with readings.page("a chunk", 7):
            while not ended:
                watching.look()
        with readings.page("a chunk", 8):
            watching.look()
    assert ended == [7]


def test_what_was_used_after_the_page_is_not_the_pages(ended, monkeypatch):
    """The overseer was put aside between its look at the page and its look at the clock."""
    with watched(IDLE) as (readings, _, watching), readings.page("a chunk", 7):
        watching.look()

        def late(_):
            readings.page("a chunk", 8).__enter__()
            return 100.0

        monkeypatch.setattr(overseer, "_cpu_seconds", late)
        watching.look()
    assert ended == []
