"""One service, one browser and one account with something to see, for all tests that look at pages.

The browser ends with the module: Playwright's own event loop must be gone before the next asynchronous test.
"""

import email
import email.policy
import http.server
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from pathlib import Path
from typing import Any, Self

import httpx
import orjson
import psycopg
import pytest
from aiosmtpd.controller import Controller
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from acceptance.conftest import clean_environ, free_port, running, running_marketplace, wait_until
from azscraper.demo.server import base_urls
from databases import Databases

DESKTOP = {"width": 1280, "height": 860}
PHONE = {"width": 390, "height": 844}
PICTURES = Path(__file__).parents[2] / "build" / "screenshots"
PASSWORD = "correct horse"
ASINS = [f"B0DEMO{number:04}" for number in range(1, 51)]
COOKIE = "azscraper_session"
expect.set_options(timeout=30_000)  # two cores, shared with everything else that is tested


@dataclass
class Stand:
    """A running service with its marketplace and its database."""

    url: str
    database_url: str
    marketplace: str

    def sql(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.database_url) as conn:
            cursor = conn.execute(statement, values or None)
            return cursor.fetchall() if cursor.description else []


@dataclass
class Account:
    """A user with a project, over the API."""

    stand: Stand
    email: str
    token: str
    project_id: str
    ids: dict[str, str] = field(default_factory=dict)

    def api(self, method: str, path: str, **body: Any) -> Any:
        headers = {"Authorization": f"Bearer {self.token}"}
        response = httpx.request(method, self.stand.url + path, json=body or None, headers=headers, timeout=60)
        assert response.is_success, response.text
        return response.json()["data"] if response.content else None

    def run(self, **job: Any) -> str:
        job_id = self.api("POST", f"/projects/{self.project_id}/jobs", **job)["id"]
        over = {"completed", "failed", "cancelled"}
        wait_until(lambda: self.api("GET", f"/jobs/{job_id}")["status"] in over, "the end of the job")
        return job_id


@dataclass
class Visit:
    """A page, and what it asked for and complained of."""

    page: Page
    url: str
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    """Errors that no script caught."""

    def go(self, path: str) -> Page:
        self.page.goto(self.url + path)
        return self.page

    def shoot(self, name: str, *, full: bool = True) -> None:
        """Keep what is to be seen, as an artefact."""
        PICTURES.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(
            path=PICTURES / f"{name}.png", full_page=full, animations="disabled", style="", timeout=120_000
        )


class Mailbox:
    """An SMTP server on this machine, and what it was given."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []

    async def handle_DATA(self, _server: object, _session: object, envelope: Any) -> str:  # noqa: N802 - aiosmtpd calls it
        self.mails.append(email.message_from_bytes(envelope.content, policy=email.policy.default))
        return "250 OK"

    def to(self, address: str) -> list[EmailMessage]:
        return [mail for mail in self.mails if mail["To"] == address]


@pytest.fixture(scope="session")
def mailbox() -> Iterator[tuple[Mailbox, str]]:
    """The box, and its address as the service's setting."""
    box, port = Mailbox(), free_port()
    server = Controller(box, hostname="127.0.0.1", port=port, server_hostname="mail.example")
    server.start()
    yield box, f"smtp://127.0.0.1:{port}"
    server.stop()


@pytest.fixture(scope="session")
def stand(server_url: str, databases: Databases, tmp_path_factory, mailbox: tuple[Mailbox, str]) -> Iterator[Stand]:
    with psycopg.connect(server_url, autocommit=True) as conn:
        conn.execute(f"CREATE DATABASE browser TEMPLATE {databases.template}")
    database_url = server_url.replace("/postgres?", "/browser?")
    port = free_port()
    with running_marketplace() as marketplace:
        stand = Stand(f"http://127.0.0.1:{port}", database_url, marketplace)
        settings = {
            "DATABASE_URL": database_url,
            "DATA_DIR": str(tmp_path_factory.mktemp("data")),
            "MARKETPLACE_BASE_URL": orjson.dumps(base_urls(marketplace)).decode(),
            "CRAWL_RATE": "0",
            "RETRY_BASE_SECONDS": "0.1",
            "WEBHOOK_ALLOW_LOOPBACK": "true",
            "SMTP_URL": mailbox[1],
            "PUBLIC_URL": stand.url,
            "REGISTRATION": "open",
            "REFERRER_CREDITS": "50",
            "REFERRED_CREDITS": "50",
        }
        with running(["azscraper", "up", "--port", str(port)], clean_environ(**settings)):
            wait_until(lambda: _is_healthy(stand.url), "the start of the service")
            yield stand
    with psycopg.connect(server_url, autocommit=True) as conn:
        conn.execute("DROP DATABASE browser WITH (FORCE)")


def _is_healthy(url: str) -> bool:
    try:
        return httpx.get(f"{url}/health", timeout=5).is_success
    except httpx.HTTPError:
        return False


def register(stand: Stand, email: str, project: str) -> Account:
    body = {"email": email, "password": PASSWORD, "name": "Ann Archer"}
    made = httpx.post(f"{stand.url}/auth/register", json=body, timeout=60).json()
    account = Account(stand, email, made["accessToken"], "")
    account.project_id = account.api("POST", "/projects", name=project)["id"]
    return account


@pytest.fixture(scope="session")
def owner(stand: Stand, receiver: "Receiver") -> Account:
    """An operator whose project has one of everything, and a month of history."""
    account = register(stand, "ann@example.com", "Kettles, Europe")
    stand.sql("UPDATE users SET role = 'admin' WHERE email = 'ann@example.com'")
    project = f"/projects/{account.project_id}"
    hook = account.api("POST", f"{project}/webhooks", url=receiver.url, events=["job.completed", "product.changed"])
    crawl = {"type": "details", "targets": ASINS}
    account.ids = {
        "project": account.project_id,
        "organization": account.api("GET", "/me")["organizationId"],
        "webhook": hook["id"],
        "key": account.api("POST", f"{project}/api-keys", name="nightly export")["id"],
        "schedule": account.api(
            "POST", f"{project}/schedules", cron="0 6 * * 1-5", timezone="Europe/Berlin", crawlConfig=crawl
        )["id"],
        "list": account.api(
            "POST",
            f"{project}/lists",
            name="Kettles and coffee",
            type="details",
            marketplaces=["us", "de"],
            items=[{"target": asin} for asin in ASINS[:12]],
        )["id"],
        "keywords": account.api(
            "POST", f"{project}/lists", name="Words", type="search", marketplaces=["us"], items=[{"target": "kettle"}]
        )["id"],
        "alert": account.api("POST", f"{project}/alerts", when=[{"field": "price", "op": "changes"}])["id"],
        "job": account.run(type="details", targets=[*ASINS, "B0DEMO9999", "B0FAULTROB"]),
        "search": account.run(type="search", targets=["kettle", "coffee"]),
        "asin": ASINS[2],
    }
    _remember(stand)
    return account


def _remember(stand: Stand) -> None:
    """A month in which prices, ranks and positions went up and down, before what was just seen."""
    stand.sql(
        """INSERT INTO product_observations (organization_id, project_id, job_id, marketplace, asin, observed_at, price,
               currency, rating, rating_count, rank, rank_category, availability)
           SELECT organization_id, project_id, job_id, marketplace, asin, observed_at - day * interval '1 day',
               round(price * (1 + 0.08 * sin(day * 0.55) + 0.03 * cos(day * 1.7))::numeric, 2), currency,
               round((rating + 0.1 * sin(day * 0.3))::numeric, 1), rating_count - day * 2,
               greatest(1, round(rank * (1 + 0.3 * sin(day * 0.4)))::int), rank_category, availability
           FROM product_observations, generate_series(1, 30) day WHERE price IS NOT NULL AND rank IS NOT NULL"""
    )
    stand.sql(
        """INSERT INTO product_series (project_id, marketplace, place, asin, field, observed_at, value_number, value_text,
               is_change, before_number, before_text, job_id, source)
           SELECT project_id, marketplace, '', asin, field, observed_at, n, t, before IS NOT NULL, before, t, job_id, 'details'
           FROM (SELECT *, lag(n) OVER (PARTITION BY asin, field ORDER BY observed_at) AS before
                 FROM product_observations, LATERAL (VALUES ('price', price, currency), ('rank', rank::numeric, rank_category),
                     ('rating', rating::numeric, NULL)) AS f (field, n, t)) seen
           WHERE price IS NOT NULL AND rank IS NOT NULL ON CONFLICT DO NOTHING"""
    )
    stand.sql(
        """INSERT INTO keyword_observations (organization_id, project_id, job_id, marketplace, keyword, sort, category,
               pages, observed_at, asins, sponsored)
           SELECT organization_id, project_id, job_id, marketplace, keyword, sort, category, pages,
               observed_at - day * interval '1 day',
               asins[(day * 5) % 11 + 1:] || asins[:(day * 5) % 11], sponsored
           FROM keyword_observations, generate_series(1, 30) day"""
    )


class Receiver:
    """A webhook's other end on this machine."""

    def __init__(self) -> None:
        self.messages: list[dict[str, Any]] = []
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                outer.messages.append({"headers": dict(self.headers), "body": orjson.loads(body), "raw": body})
                self.send_response(204)
                self.end_headers()

            def log_message(self, *_: object) -> None:
                pass

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/hook"
        self._thread = threading.Thread(target=self._server.serve_forever)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


@pytest.fixture(scope="session")
def receiver() -> Iterator[Receiver]:
    with Receiver() as receiver:
        yield receiver


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    executable = os.environ.get("CHROMIUM", "/usr/bin/chromium")
    if not Path(executable).exists():
        pytest.skip(f"there is no Chromium at {executable}; CHROMIUM names another")
    with sync_playwright() as playwright:
        arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        browser = playwright.chromium.launch(executable_path=executable, args=arguments)
        yield browser
        browser.close()


@contextmanager
def visiting(browser: Browser, stand: Stand, token: str | None, **options: Any) -> Iterator[Visit]:
    """A fresh browser profile; at its end, every page of it has kept to itself and complained of nothing."""
    context = browser.new_context(**{"viewport": DESKTOP, "locale": "en-US", "timezone_id": "Europe/Berlin"} | options)
    context.set_default_timeout(30_000)
    if token:
        context.add_cookies([{"name": COOKIE, "value": token, "url": stand.url}])
    with _closing(context):
        visit = Visit(context.new_page(), stand.url)
        context.on("request", lambda request: visit.requests.append(request.url))
        context.on(
            "console", lambda message: visit.complaints.append(message.text) if message.type == "error" else None
        )
        context.on("weberror", lambda error: visit.faults.append(str(error.error)))
        yield visit
    elsewhere = [url for url in visit.requests if not url.startswith((stand.url, "blob:"))]
    assert not elsewhere, "a page asked for something elsewhere"
    assert not visit.faults
    assert not [text for text in visit.complaints if "Content Security Policy" in text], visit.complaints


@contextmanager
def _closing(context: BrowserContext) -> Iterator[None]:
    try:
        yield
    finally:
        context.close()


@pytest.fixture
def visit(browser: Browser, stand: Stand) -> Callable[..., Any]:
    return lambda token=None, **options: visiting(browser, stand, token, **options)
