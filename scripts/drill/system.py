"""The whole system as processes that may be killed: PostgreSQL, two APIs, two workers, a marketplace, a receiver."""

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
from collections.abc import Callable
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Self

import httpx
import orjson
import psycopg

from azscraper.demo.server import base_urls
from azscraper.embedded.programs import account_for, program_for
from azscraper.embedded.server import embedded_server

_SECRET = "a secret of the drill, 32 characters and more"  # noqa: S105 - of made-up accounts
_APIS = 2
_WORKERS = 2


def wait_for(condition: Callable[[], Any], seconds: float, pause: float = 0.1) -> bool:
    """Whether the condition came true in time."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(pause)
    return True


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Part:
    """A process that is started again whenever it ends, until ``stop``."""

    def __init__(
        self, name: str, command: list[str], environ: dict[str, str], log: Path, user: str | None = None
    ) -> None:
        self.name = name
        self._command = command
        self._environ = environ
        self._log = log
        self._user = user
        self._stopping = False
        self.process = self._start()
        self._keeper = threading.Thread(target=self._keep, daemon=True)
        self._keeper.start()

    def _start(self) -> subprocess.Popen[bytes]:
        with self._log.open("ab") as log:
            return subprocess.Popen(
                self._command, env=self._environ, stdout=log, stderr=log, user=self._user, start_new_session=True
            )

    def _keep(self) -> None:
        while True:
            self.process.wait()
            if self._stopping:
                return
            time.sleep(0.3)
            self.process = self._start()

    def kill(self) -> None:
        with suppress(ProcessLookupError):
            self.process.kill()

    def stop(self, number: int = signal.SIGTERM) -> None:
        self._stopping = True
        with suppress(ProcessLookupError):
            self.process.send_signal(number)
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


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


class System:
    """Everything that runs. Use with ``with``; ends what it started."""

    def __init__(self, folder: Path, logs: Path) -> None:
        self._folder = folder
        self._logs = logs
        self.kills: Counter[str] = Counter()
        self.receiver = Receiver()
        self._marketplace: Part | None = None
        self._parts: list[Part] = []
        self._ports = [free_port() for _ in range(_APIS)]
        self._market_port = free_port()
        folder.chmod(0o755)  # PostgreSQL does not run as root
        with embedded_server(folder):
            pass  # made, and stopped again
        self.postgres = self._start_postgres()
        self.database_url = f"postgresql://postgres@/postgres?host={folder / 'postgres'}"
        if not wait_for(self.answers, 60):
            raise RuntimeError("PostgreSQL does not start")

    def _start_postgres(self) -> Part:
        data = self._folder / "postgres"
        account = account_for(data)
        command = [str(program_for(account, "postgres")), "-D", str(data), "-k", str(data), "-h", ""]
        user = account.name if os.geteuid() == 0 else None
        return Part("postgres", command, dict(os.environ), self._logs / "postgres.log", user)

    def answers(self) -> bool:
        with suppress(psycopg.OperationalError), psycopg.connect(self.database_url, connect_timeout=2):
            return True
        return False

    def start_marketplace(self, faults: str, *, seed: int) -> None:
        """The marketplace on its port, instead of the one before."""
        if self._marketplace is not None:
            self._marketplace.stop()
        command = ["-m", "azscraper.demo", "--port", str(self._market_port), "--faults", faults, "--seed", str(seed)]
        self._marketplace = Part(
            "marketplace", [sys.executable, *command], dict(os.environ), self._logs / "marketplace.log"
        )
        wait_for(lambda: _is_up(f"http://127.0.0.1:{self._market_port}/robots.txt"), 60)

    def start(self) -> None:
        """The APIs and the workers."""
        environ = {name: value for name, value in os.environ.items() if not name.startswith("AZSCRAPER_")} | {
            "AZSCRAPER_DATABASE_URL": self.database_url,
            "AZSCRAPER_DATA_DIR": str(self._folder / "data"),
            "AZSCRAPER_JWT_SECRET": _SECRET,
            "AZSCRAPER_MARKETPLACE_BASE_URL": orjson.dumps(base_urls(f"http://127.0.0.1:{self._market_port}")).decode(),
            "AZSCRAPER_CRAWL_RATE": "400",
            "AZSCRAPER_CRAWL_RETRIES": "20",
            "AZSCRAPER_RETRY_BASE_SECONDS": "0.2",
            "AZSCRAPER_BREAKER_SECONDS": "0.2",
            "AZSCRAPER_DEFAULT_PLAN": "credits",
            "AZSCRAPER_REGISTRATION_CREDITS": "1000000",
            "AZSCRAPER_WEBHOOK_ALLOW_LOOPBACK": "true",
        }
        azscraper = [sys.executable, "-m", "azscraper"]
        for number, port in enumerate(self._ports):
            self._add(f"api{number}", [*azscraper, "api", "--port", str(port)], environ)
        for number in range(_WORKERS):
            self._add(f"worker{number}", [*azscraper, "worker"], environ)
        if not wait_for(lambda: all(_is_up(f"{url}/health/ready") for url in self.urls), 120):
            raise RuntimeError("the service does not start")

    def _add(self, name: str, command: list[str], environ: dict[str, str]) -> None:
        self._parts.append(Part(name, command, environ, self._logs / f"{name}.log"))

    @property
    def urls(self) -> list[str]:
        return [f"http://127.0.0.1:{port}" for port in self._ports]

    def kill(self, kind: str, rng: random.Random) -> None:
        """SIGKILL to one of the kind; it is started again."""
        self.kills[kind] += 1
        if kind == "postgres":
            self.postgres.kill()
        else:
            rng.choice([part for part in self._parts if part.name.startswith(kind)]).kill()

    def query(self, sql: str) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.database_url) as conn:
            return conn.execute(sql.encode()).fetchall()

    def is_drained(self) -> bool:
        """Whether every job is over, every message sent, the queue empty."""
        try:
            [(left,)] = self.query(
                """SELECT (SELECT count(*) FROM jobs WHERE status IN ('queued', 'running'))
                        + (SELECT count(*) FROM webhook_deliveries WHERE status = 'pending')
                        + (SELECT count(*) FROM procrastinate_jobs)"""
            )
        except psycopg.OperationalError:
            return False
        return int(left) == 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for part in [*self._parts, *([self._marketplace] if self._marketplace else [])]:
            part.stop()
        self.postgres.stop(signal.SIGINT)
        self.receiver.close()


def _is_up(url: str) -> bool:
    try:
        return httpx.get(url, timeout=2, trust_env=False).is_success
    except httpx.TransportError:
        return False
