"""What the drill starts: processes that are started again whenever they end, a disk of its own, a receiver of webhooks."""

import ctypes
import itertools
import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import orjson
import psutil

from azscraper.launch import ending_with_us

_CLONE_NEWNS = 0x20000
"""Of Linux: a namespace of mounts."""
_DISK_BYTES = 4 * 2**30
_PAGE_BYTES = 65_536


def wait_for(condition: Callable[[], Any], seconds: float, pause: float = 0.1) -> bool:
    """Whether the condition came true in time."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(pause)
    return True


def free_ports(count: int) -> list[int]:
    """One after the other, as ``azscraper up`` numbers the metrics ports of its parts.

    Below those that systems give to connections: while a part is down, any client might be given its port for hours.
    """
    while True:
        first = random.SystemRandom().randrange(20_000, 32_000)
        with suppress(OSError):
            for port in range(first, first + count):
                socket.create_server(("127.0.0.1", port)).close()
            return list(range(first, first + count))


class Part:
    """A process that is started again whenever it ends, until ``stop``: what an init system does."""

    def __init__(self, name: str, command: list[str], environ: dict[str, str], log: Path) -> None:
        self.name = name
        self.environ = environ
        """Of the next start."""
        self.ends: Counter[int] = Counter()
        """How often it ended with which code; a signal's number is negative."""
        self._command = command
        self._log = log
        self._stopping = False
        self.process = self._start()
        self._keeper = threading.Thread(target=self._keep, daemon=True)
        self._keeper.start()

    def _start(self) -> "subprocess.Popen[bytes]":
        with self._log.open("ab") as log:
            command = ending_with_us(self._command)
            return subprocess.Popen(command, env=self.environ, stdout=log, stderr=log, start_new_session=True)

    def _keep(self) -> None:
        while True:
            code = self.process.wait()
            if self._stopping:
                return
            self.ends[code] += 1
            time.sleep(0.3)
            self.process = self._start()

    def tree(self) -> list[psutil.Process]:
        """The process and all below it; nothing where it has just ended."""
        with suppress(psutil.NoSuchProcess):
            process = psutil.Process(self.process.pid)
            return [process, *process.children(recursive=True)]
        return []

    def kill(self) -> None:
        with suppress(ProcessLookupError):
            self.process.kill()

    def stop(self) -> None:
        self._stopping = True
        for process in self.tree():
            with suppress(psutil.NoSuchProcess):
                process.resume()  # a spell may have stopped it
        with suppress(ProcessLookupError):
            self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


class Disk:
    """A filesystem in memory over a folder, which can be full. Needs the right to mount; without it the folder stays as it is.

    Only this process and those that it starts from now on see it, so that it is gone with them.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(mode=0o700)
        self.is_mounted = _mounts_are_ours() and self._mount(f"size={_DISK_BYTES},mode=700", "-t", "tmpfs", "drill")

    def _mount(self, options: str, *arguments: str) -> bool:
        command = ["mount", "-o", options, *arguments, str(self._folder)]
        return subprocess.run(command, check=False, capture_output=True).returncode == 0

    @contextmanager
    def full(self) -> Iterator[None]:
        """Hardly a byte more can be written."""
        used = os.statvfs(self._folder)
        size = (used.f_blocks - used.f_bfree) * used.f_frsize
        while not self._mount(f"remount,size={size}"):  # it may not become smaller than what is on it, which grows
            size += _PAGE_BYTES
        try:
            yield
        finally:
            self._mount(f"remount,size={_DISK_BYTES}")

    def close(self) -> None:
        if self.is_mounted:
            subprocess.run(["umount", str(self._folder)], check=False)


def _mounts_are_ours() -> bool:
    unshared = sys.platform == "linux" and ctypes.CDLL(None).unshare(_CLONE_NEWNS) == 0
    return unshared and subprocess.run(["mount", "--make-rprivate", "/"], check=False).returncode == 0


class Receiver:
    """Takes webhooks, and refuses one in ten, once: a second refusal would be tried again in five minutes."""

    def __init__(self) -> None:
        self.refused: set[str] = set()
        self.seen: dict[str, dict[str, Any]] = {}
        self.count = 0
        receiver, numbers = self, itertools.count(1)

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                message_id = self.headers["webhook-id"]
                refuse = message_id not in receiver.refused and next(numbers) % 10 == 0
                if refuse:
                    receiver.refused.add(message_id)
                else:
                    receiver.count += 1
                    receiver.seen.setdefault(message_id, orjson.loads(body))
                self.send_response(500 if refuse else 204)
                self.end_headers()

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/hook"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
