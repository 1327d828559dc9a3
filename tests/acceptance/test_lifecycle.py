"""``azscraper up`` as a whole: every part of it comes back, the database too; a killed one leaves nothing and the next one starts."""

import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import httpx
import psutil

from acceptance.conftest import clean_environ, free_port, prepared_database, running, wait_until


def up(port: int, *options: str) -> list[str]:
    return ["azscraper", "up", "--port", str(port), *options]


def is_ready(port: int) -> bool:
    try:
        return httpx.get(f"http://127.0.0.1:{port}/health/ready", timeout=5, trust_env=False).status_code == 200
    except httpx.TransportError:
        return False


def postmaster(data_dir: Path) -> int | None:
    try:
        return int((data_dir / "postgres" / "postmaster.pid").read_text().split()[0])
    except FileNotFoundError:
        return None


def below(process: subprocess.Popen) -> list[psutil.Process]:
    return psutil.Process(process.pid).children(recursive=True)


def marketplace(process: subprocess.Popen) -> psutil.Process | None:
    """The built-in marketplace, once it serves."""
    for each in below(process):
        with suppress(psutil.NoSuchProcess):
            if "azscraper.demo" in each.cmdline()[-4:] and each.net_connections():
                return each
    return None


def gone(processes: list[psutil.Process]) -> bool:
    return not any(process.is_running() and process.status() != psutil.STATUS_ZOMBIE for process in processes)


def test_every_part_comes_back_and_a_killed_up_leaves_nothing_in_the_way(tmp_path):
    data_dir = tmp_path / "a folder, with spaces"
    data_dir.mkdir()
    subprocess.run(["cp", "-a", prepared_database(), data_dir], check=True)
    environ, port = clean_environ(DATA_DIR=str(data_dir)), free_port()
    with running(up(port, "--demo"), environ) as first:
        wait_until(lambda: is_ready(port) and marketplace(first), "the first start")
        shop = marketplace(first)
        shop_command = shop.cmdline()
        shop.kill()
        wait_until(lambda: marketplace(first) not in {None, shop}, "the return of the marketplace")
        assert marketplace(first).cmdline() == shop_command
        killed = postmaster(data_dir)
        os.kill(killed, signal.SIGKILL)
        wait_until(lambda: postmaster(data_dir) not in {None, killed} and is_ready(port), "the return of the database")
        second = subprocess.run(
            [sys.executable, "-m", *up(port)], env=environ, capture_output=True, text=True, check=False, timeout=60
        )
        assert second.returncode == 2
        assert f"is already run by process {first.pid}; stop that" in second.stderr
        left = below(first)
        assert len(left) >= 3
        first.kill()
        first.wait()
        said, group = tmp_path / "said", {"start_new_session": True}
        with said.open("w") as log, running(up(port, "--demo"), environ, stderr=log, **group) as third:  # at once
            wait_until(lambda: is_ready(port) and marketplace(third), "the next start on the same port")
            assert gone(left)
            ours = below(third)
            os.killpg(third.pid, signal.SIGINT)  # as Ctrl-C does
            assert third.wait(30) == 0
        assert gone(ours)
        assert "started again" not in said.read_text()
        assert postmaster(data_dir) is None


def test_a_stop_during_the_first_start_leaves_nothing(tmp_path):
    environ = clean_environ(DATA_DIR=str(tmp_path / "data"))
    with running(up(free_port()), environ) as process:
        wait_until(lambda: list((tmp_path / "data").glob("postgres*/PG_VERSION")), "the beginning of the database")
        started = below(process)
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 128 + signal.SIGTERM
    assert gone(started)
    assert not (tmp_path / "data" / "postgres.new").exists()
    subprocess.run([sys.executable, "-m", "azscraper", "migrate"], env=environ, check=True, timeout=120)
