"""Customers of the drill: each posts jobs until told to stop, and repeats what got no answer under the same key."""

import itertools
import random
import threading
import time
from dataclasses import dataclass
from typing import Any

import httpx
from parts import wait_for
from system import System

from azscraper.demo.goods.catalogue import products
from azscraper.demo.goods.locales import LOCALES
from azscraper.ids import new_id

URLS = [f"https://{locale.host}/dp/{product.asin}" for locale in LOCALES for product in products(locale)]
KEYWORDS = ["kettle", "mug", "book", "jacket", "tea", "lamp", "garden", "wireless", "steel", "set", "coffee", "shirt"]
_FAULT_OF_OURS = 500
"""An outage is 503."""
Rows = list[dict[str, Any]]


@dataclass(frozen=True)
class Reference:
    """What each target brings when nothing goes wrong: rows by the target as it was sent."""

    details: dict[str, Rows]
    search: dict[str, Rows]

    def of(self, kind: str, target: str) -> Rows | None:
        return (self.details if kind == "details" else self.search).get(target)


class Customer:
    """An organization with a project and a webhook; posts from a thread of its own."""

    def __init__(self, system: System, name: str, reference: Reference, rng: random.Random) -> None:
        self._system = system
        self._reference = reference
        self._rng = rng
        self._http = httpx.Client(timeout=20, trust_env=False)
        self._turns = itertools.count(rng.randrange(2))
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._post_until_stopped, daemon=True)
        self.accepted: dict[str, dict[str, Any]] = {}
        self.cancelled: set[str] = set()
        self.targets = 0
        self.repeated = 0
        account = {"email": f"{name}@example.com", "password": "correct horse"}
        self._http.headers["Authorization"] = f"Bearer {self.ask('POST', '/auth/register', account)['accessToken']}"
        self.project_id = self.ask("POST", "/projects", {"name": "Drill"})["id"]
        hook = {"url": system.receiver.url, "events": ["job.started", "job.completed", "job.failed", "job.cancelled"]}
        self.ask("POST", f"/projects/{self.project_id}/webhooks", hook)

    def ask(self, method: str, path: str, body: Any = None, *, ok: tuple[int, ...] = ()) -> Any:
        """The answer's data; asked again, of the other API too, until there is one. ``ok`` are refusals to take."""
        headers = {"Idempotency-Key": new_id()}
        while True:
            url = self._system.urls[next(self._turns) % len(self._system.urls)] + path
            try:
                response = self._http.request(method, url, json=body, headers=headers)
            except httpx.TransportError:
                response = None
            if response is not None and response.status_code in ok:
                return None
            if response is not None and response.status_code == _FAULT_OF_OURS:
                self._system.faults_of_ours.append(f"{method} {path}: {response.text[:200]}")
            if response is not None and not response.is_server_error:
                response.raise_for_status()
                return response.json()["data"]
            self.repeated += 1
            time.sleep(0.2)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        self._thread.join()

    def _post_until_stopped(self) -> None:
        while not self._stopping.is_set():
            kind = self._rng.choice(["details", "details", "search"])
            if kind == "details":
                self.post(kind, self._rng.sample(URLS, self._rng.randrange(1, 90)))
            else:
                self.post(kind, self._rng.sample(KEYWORDS, self._rng.randrange(1, len(KEYWORDS))), {"pages": 2})
            if self._rng.random() < 0.1:
                self._cancel(self._rng.choice(list(self.accepted)))
            self._stopping.wait(self._rng.uniform(0.5, 2.5))

    def post(self, kind: str, targets: list[str], config: dict[str, Any] | None = None) -> str:
        body = {"type": kind, "targets": targets, "config": config or {}}
        job = self.ask("POST", f"/projects/{self.project_id}/jobs", body)
        self.accepted[job["id"]] = body
        self.targets += len(targets)
        return str(job["id"])

    def _cancel(self, job_id: str) -> None:
        self.cancelled.add(job_id)  # it may also have ended before, or its first answer been lost
        self.ask("POST", f"/jobs/{job_id}/cancel", ok=(409,))

    def rows(self, job_id: str) -> Rows:
        return [_without_time(row) for row in self.ask("GET", f"/jobs/{job_id}/results")]


def reference_of(customer: Customer) -> Reference:
    """The run without faults and kills."""
    details, search = customer.post("details", URLS), customer.post("search", KEYWORDS, {"pages": 2})
    for job_id in (details, search):
        if not wait_for(lambda job_id=job_id: customer.ask("GET", f"/jobs/{job_id}")["status"] == "completed", 180):
            raise RuntimeError("the run without faults does not end")
    return Reference(
        _by_target(URLS, customer.rows(details), _url), _by_target(KEYWORDS, customer.rows(search), _keyword)
    )


def _by_target(targets: list[str], rows: Rows, key: Any) -> dict[str, Rows]:
    found: dict[str, Rows] = {target: [] for target in targets}
    for row in rows:
        found[key(row)].append(row)
    return found


def _url(row: dict[str, Any]) -> str:
    return f"https://{row['marketplace']}/dp/{row['requestedAsin']}"


def _keyword(row: dict[str, Any]) -> str:
    return str(row["keyword"])


def _without_time(row: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in row.items() if key != "fetchedAt"}
