"""The whole system as processes that may be disturbed.

``azscraper up`` (the embedded PostgreSQL, an API, a worker), another API and another worker that reach the database through a
relay, a marketplace, a receiver.
"""

import os
import sys
import time
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any, Self

import httpx
import orjson
import psutil
import psycopg
from parts import Disk, Part, Receiver, free_ports, wait_for
from psycopg.conninfo import make_conninfo
from psycopg.types.string import TextLoader

from azscraper.demo.server import base_urls
from azscraper.store.embedded.folder import server_pid
from azscraper.store.roles import OWNER, SERVICE
from dbproxy import database_proxy

_SECRET = "a secret of the drill, 32 characters and more"  # noqa: S105 - of made-up accounts
_AZSCRAPER = [sys.executable, "-m", "azscraper"]
_ALIVE_SECONDS = 90.0
"""For all parts to be well again: the longest pause before a start is 30 s."""


class System:
    """Everything that runs. Use with ``with``; ends what it started."""

    def __init__(self, folder: Path, logs: Path) -> None:
        self._data = folder / "data"
        self._logs = logs
        self._stack = ExitStack()
        self.disk = Disk(self._data)
        self.database_url = f"postgresql://postgres@/postgres?host={self._data / 'postgres'}"
        self.relay = self._stack.enter_context(database_proxy(self.database_url))
        self.receiver = Receiver()
        self.faults_of_ours: list[str] = []
        """Requests that were answered with 500."""
        self._marketplace: Part | None = None
        self._up_port, self._api_port, self._market_port, *self._metrics_ports = free_ports(6)

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
        """The service's parts."""
        environ = {name: value for name, value in os.environ.items() if not name.startswith("AZSCRAPER_")} | {
            "AZSCRAPER_DATA_DIR": str(self._data),
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
        of_up, of_worker = self._metrics_ports[0], self._metrics_ports[2]
        self.up = self._part("up", ["--port", str(self._up_port)], environ, AZSCRAPER_METRICS_PORT=str(of_up))
        if not wait_for(lambda: _is_up(f"{self.urls[0]}/health/ready"), 120):
            raise RuntimeError("the service does not start")
        environ["AZSCRAPER_DATABASE_URL"] = make_conninfo(self.relay.url, user=SERVICE)
        environ["AZSCRAPER_DATABASE_OWNER_URL"] = make_conninfo(self.relay.url, user=OWNER)
        self.api = self._part("api", ["--port", str(self._api_port)], environ)
        self.worker = self._part("worker", [], environ, AZSCRAPER_METRICS_PORT=str(of_worker))
        if not wait_for(lambda: not self.unwell(), 120):
            raise RuntimeError(f"the service does not start: {self.unwell()}")

    def _part(self, name: str, arguments: list[str], environ: dict[str, str], **more: str) -> Part:
        return Part(name, [*_AZSCRAPER, name, *arguments], environ | more, self._logs / f"{name}.log")

    @property
    def parts(self) -> list[Part]:
        return [self.up, self.api, self.worker]

    @property
    def urls(self) -> list[str]:
        return [f"http://127.0.0.1:{port}" for port in (self._up_port, self._api_port)]

    def unwell(self) -> list[str]:
        """Where a part should say that it is well and does not."""
        workers = [f"http://127.0.0.1:{port}/health" for port in self._metrics_ports[1:]]
        return [url for url in [*(f"{url}/health/ready" for url in self.urls), *workers] if not _is_up(url)]

    def comes_back(self) -> bool:
        """Whether all parts are well again without a hand."""
        return wait_for(lambda: not self.unwell(), _ALIVE_SECONDS)

    def postmaster(self) -> psutil.Process | None:
        """The server's first process, while there is one."""
        with suppress(psutil.NoSuchProcess, OSError):
            pid = server_pid(self._data / "postgres")
            return psutil.Process(pid) if pid else None
        return None

    def processes(self, kind: str) -> list[psutil.Process]:
        """Those of a kind ("api", "worker", "postgres") that run just now."""
        if kind == "postgres":
            return [process for process in [self.postmaster()] if process]
        found = []
        for process in [*self.up.tree(), *self.api.tree()[:1], *self.worker.tree()[:1]]:
            with suppress(psutil.NoSuchProcess):
                words = process.cmdline()
                if "azscraper" in words[:4] and kind in words and process.parent().cmdline() != words:
                    found.append(process)  # not a worker's overseer, which is a copy of it
        return found

    def query(self, sql: str) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.database_url) as conn:
            conn.adapters.register_loader("timestamptz", TextLoader)  # some are -infinity, which no datetime holds
            return conn.execute(sql.encode()).fetchall()

    def alter(self, setting: str) -> None:
        """Change the server's configuration, however long that takes."""
        while True:
            with suppress(psycopg.Error):
                options = "-c default_transaction_read_only=off"
                with psycopg.connect(self.database_url, autocommit=True, connect_timeout=2, options=options) as conn:
                    conn.execute(f"ALTER SYSTEM {setting}".encode())
                    conn.execute("SELECT pg_reload_conf()")
                    return
            time.sleep(0.2)

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
        for part in [getattr(self, name, None) for name in ("api", "worker", "up", "_marketplace")]:
            if part is not None:
                part.stop()
        self._stack.close()
        self.receiver.close()
        self.disk.close()


def _is_up(url: str) -> bool:
    try:
        return httpx.get(url, timeout=2, trust_env=False).is_success
    except httpx.TransportError:
        return False
