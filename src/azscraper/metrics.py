"""Numbers for Prometheus. The only module that knows its client.

What a process does itself is counted here as it happens. What all processes share (queue, pace, breakers, deliveries,
fill rates) stands in the database: whoever serves it reads ``gauges`` and publishes them.
"""

import hmac
import math
import shutil
import socket
import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from socketserver import ThreadingMixIn
from typing import cast
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server
from wsgiref.types import StartResponse, WSGIEnvironment

from prometheus_client import CONTENT_TYPE_LATEST as CONTENT_TYPE
from prometheus_client import REGISTRY, Counter, Gauge, Histogram, generate_latest, make_wsgi_app
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from azscraper.heartbeats import Heartbeats

__all__ = ["CONTENT_TYPE"]

_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)

TARGETS = Counter(
    "azscraper_targets",
    "Targets worked on: success, retry, or failed with its error code.",
    ["type", "outcome", "code"],
)
FETCH_SECONDS = Histogram(
    "azscraper_fetch_seconds", "From asking a marketplace to the last byte.", ["marketplace"], buckets=_SECONDS
)
PARSE_SECONDS = Histogram("azscraper_parse_seconds", "Reading a page, by its kind.", ["kind"], buckets=_SECONDS)
STORE_SECONDS = Histogram("azscraper_store_seconds", "Writing a batch of outcomes with their rows.", buckets=_SECONDS)
POSTS = Counter("azscraper_webhook_posts", "Webhook messages sent, by the answer's class or none.", ["answer"])
MESSAGES = Counter("azscraper_channel_messages", "Messages of channels sent, by type and outcome.", ["type", "outcome"])
REQUESTS = Histogram(
    "azscraper_http_request_seconds", "HTTP requests answered.", ["method", "route", "status"], buckets=_SECONDS
)
ARCHIVE_FAILURES = Counter("azscraper_archive_failures", "Batches of pages that the archive did not take.")
DISK_FREE = Gauge("azscraper_disk_free_bytes", "Room in the file system of a folder of this process.", ["folder"])
LOOP_FAILURES = Counter("azscraper_loop_failures", "Rounds of a worker's upkeep that failed.", ["loop"])
LOOP_SUCCESS = Gauge(
    "azscraper_loop_last_success_seconds", "When a loop of a worker's upkeep last ended well, Unix time.", ["loop"]
)
LOGIN_FAILURES = Counter(
    "azscraper_login_failures", "Log-ins refused: a wrong password, or too many tries before.", ["reason"]
)

GAUGES = {
    "azscraper_queue_tasks": ("Tasks in the queue.", ("queue", "state")),
    "azscraper_queue_oldest_seconds": ("How long the oldest task that could run has waited.", ("queue",)),
    "azscraper_jobs_open": ("Jobs that are not over.", ("status",)),
    "azscraper_targets_open": ("Targets of open jobs.", ("state",)),
    "azscraper_workers": ("Queues that living worker processes serve.", ()),
    "azscraper_pace_slowdown": ("Factor on the interval between requests, 1 to 16.", ("marketplace",)),
    "azscraper_pace_paused_seconds": ("How long a marketplace is not asked from now on.", ("marketplace",)),
    "azscraper_breaker_state": ("0 closed, 1 half-open, 2 open.", ("marketplace", "proxy")),
    "azscraper_schedule_lag_seconds": ("How late the schedule is that has been due longest.", ()),
    "azscraper_upkeep_age_seconds": ("Since any worker's round of this loop last ended well.", ("loop",)),
    "azscraper_database_bytes": ("Size of the database.", ()),
    "azscraper_database_connections": ("Connections to the database server, of everybody.", ()),
    "azscraper_database_connections_most": ("The database server's max_connections.", ()),
    "azscraper_webhooks_switched_off": ("Webhooks that were switched off because they failed.", ()),
    "azscraper_webhook_pending": ("Webhook messages that have not arrived yet.", ()),
    "azscraper_webhook_lag_seconds": ("Age of the oldest webhook message that has not arrived yet.", ()),
    "azscraper_unread_pages": ("Pages of each layout that were looked at today.", ("kind", "device", "title")),
    "azscraper_unread_share": (
        "Share of those pages that show a named region which no source reads, the 50 most frequent.",
        ("kind", "device", "title", "region"),
    ),
    "azscraper_fill_rate": ("Share of the last day's records in which a field has a value.", ("marketplace", "field")),
}
"""Name of each shared gauge: its help and its labels."""


@dataclass(frozen=True, slots=True)
class Sample:
    """One value of a gauge."""

    gauge: str
    value: float
    labels: tuple[str, ...] = ()


class _Shared(Collector):
    """What was published last; nothing until then, so that a process that reads no database shows no zeros."""

    def __init__(self) -> None:
        self.samples: tuple[Sample, ...] = ()

    def collect(self) -> Iterator[GaugeMetricFamily]:
        families = {name: GaugeMetricFamily(name, text, labels=labels) for name, (text, labels) in GAUGES.items()}
        for sample in self.samples:
            families[sample.gauge].add_metric(sample.labels, sample.value)
        yield from (family for family in families.values() if family.samples)


_shared = _Shared()
REGISTRY.register(_shared)


def publish(samples: Iterable[Sample]) -> None:
    """Show these values of the shared gauges from now on, and no others."""
    _shared.samples = tuple(samples)


def target_ended(kind: str, outcome: str, code: str | None) -> None:
    """Count a target that was worked on."""
    TARGETS.labels(kind, outcome, code or "").inc()


def watch_disk(folder: str, path: Path) -> None:
    """Show how much room there is, whenever somebody looks; not a number where the folder is not there."""

    def free() -> float:
        try:
            return float(shutil.disk_usage(path).free)
        except OSError:
            return math.nan

    DISK_FREE.labels(folder).set_function(free)


def page() -> bytes:
    """All numbers of this process in Prometheus's text format."""
    return generate_latest(REGISTRY)


def serve(host: str, port: int, heartbeats: Heartbeats) -> Callable[[], None]:
    """Serve the numbers, and under ``/health`` whether the process works (200, else 503), from threads of their own until it ends; what ends that sooner.

    Raises OSError when the port is taken.
    """
    numbers = make_wsgi_app()

    def answer(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if environ.get("PATH_INFO") != "/health":
            return cast("Iterable[bytes]", numbers(environ, start_response))
        silent = heartbeats.is_silent()
        start_response(
            "503 Service Unavailable" if silent else "200 OK",
            [("Content-Type", "application/json"), ("Cache-Control", "no-store")],
        )
        return [b'{"status":"silent"}' if silent else b'{"status":"ok"}']

    _Server.address_family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
    server = make_server(host, port, answer, server_class=_Server, handler_class=_Quiet)
    threading.Thread(target=server.serve_forever, name="metrics", daemon=True).start()
    silences = _Silences(heartbeats)
    REGISTRY.register(silences)

    def stop() -> None:
        REGISTRY.unregister(silences)
        server.shutdown()
        server.server_close()

    return stop


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _Quiet(WSGIRequestHandler):
    timeout = 10

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
        """Being looked at is nothing to log."""


class _Silences(Collector):
    """How long each queue's engine of this process has been silent; nothing where it serves none."""

    def __init__(self, heartbeats: Heartbeats) -> None:
        self._heartbeats = heartbeats

    def collect(self) -> Iterator[GaugeMetricFamily]:
        family = GaugeMetricFamily(
            "azscraper_worker_silent_seconds", "Since what serves a queue in this process last beat.", labels=["queue"]
        )
        for queue, seconds in self._heartbeats.silences().items():
            family.add_metric([queue], seconds)
        if family.samples:
            yield family


def is_token(given: str, token: str) -> bool:
    """Whether the credential is the token; takes the same time whatever it is."""
    return hmac.compare_digest(given.encode(), token.encode())
