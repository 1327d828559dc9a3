"""The table of 10,000 products in a browser: how long until it is there, sorted, filtered and found, and pages of its kind.

``python bench/dashboard.py``; needs Chromium. Times are a browser's own, from the click to the end of loading.
"""

import os
import statistics
import sys
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx
import psycopg
from playwright.sync_api import Page, sync_playwright
from rich.console import Console
from rich.table import Table

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "bench")]

import history
import orjson
import report

from acceptance.conftest import clean_environ, free_port, running, wait_until
from azscraper.store import migrations, partitions
from azscraper.store.embedded.server import embedded_server

PRODUCTS, POINTS = 10_000, 60
ELSEWHERE = PRODUCTS // 5
"""Of them, on a second marketplace too."""
_ELSEWHERE = """CREATE TEMP TABLE copied AS SELECT * FROM {table} WHERE right(asin, 6)::int < {elsewhere};
    UPDATE copied SET marketplace = 'www.amazon.de'; INSERT INTO {table} SELECT * FROM copied; DROP TABLE copied"""
_ROUNDS = 15
_QUESTIONS = {
    "opened": "",
    "sorted by price": "sort=price",
    "sorted by the change in a day": "sort=d1",
    "sorted by the change in 7 days": "sort=d7",
    "sorted by the change in 30 days": "sort=-d30",
    "sorted by title": "sort=title",
    "fallen in 7 days": "moved=fell",
    "found by title": "q=number 1234",
    "last page": "page=200",
    "of all marketplaces": "marketplace=all",
    "of all marketplaces, by the change in 30 days": "marketplace=all&sort=-d30",
}


def fill(url: str, project_id: str, now: datetime) -> None:
    """Products with a year of points each."""
    fact = orjson.dumps([1700000000000] * 3 + [10, 1700000000000, 99, 1700000000000, "USD"]).decode()
    params = {"project": project_id, "host": "www.amazon.com", "now": now, "points": POINTS, "products": PRODUCTS, "fact": fact}  # fmt: skip
    with psycopg.connect(url, autocommit=True) as conn:
        conn.execute(history._SERIES, params)  # noqa: SLF001 - the same data as there
        conn.execute(history._STATES, params)  # noqa: SLF001
        conn.execute("UPDATE series_states SET texts = texts - 'image'")  # pictures come from elsewhere
        for table in ("series_states", "product_series"):
            conn.execute(_ELSEWHERE.format(table=table, elsewhere=ELSEWHERE))
    partitions.ensure(url, now=now)
    with psycopg.connect(url, autocommit=True) as conn:
        conn.execute("VACUUM ANALYZE")


def opened(page: Page, url: str) -> float:
    """Milliseconds from asking to the end of loading."""
    page.goto(url)
    page.wait_for_load_state("load")
    return float(page.evaluate("performance.getEntriesByType('navigation')[0].loadEventEnd"))


def measured(service: str, token: str, project_id: str) -> list[tuple[str, float, float]]:
    base = f"{service}/app/projects/{project_id}"
    pages = {f"products, {name}": f"{base}/products?{query}" for name, query in _QUESTIONS.items()}
    pages |= {"home": base, "a product": f"{base}/products/B000005000?marketplace=www.amazon.com&days=365"}
    executable = os.environ.get("CHROMIUM", "/usr/bin/chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=["--no-sandbox", "--disable-gpu"])
        context = browser.new_context(viewport={"width": 1440, "height": 900})
        context.add_cookies([{"name": "azscraper_session", "value": token, "url": service}])
        page = context.new_page()
        opened(page, base)  # style, font and scripts are kept from then on
        times = {name: [opened(page, url) for _ in range(_ROUNDS)] for name, url in pages.items()}
        browser.close()
    return [(name, min(all_), statistics.median(all_)) for name, all_ in times.items()]


def table() -> Table:
    now = datetime.now(UTC)
    with TemporaryDirectory(prefix="azscraper-bench-") as folder, embedded_server(Path(folder) / "db") as server:
        migrations.migrate(server.url)
        port = free_port()
        service = f"http://127.0.0.1:{port}"
        settings = {"DATABASE_URL": server.url, "DATA_DIR": str(Path(folder) / "data"), "CRAWL_RATE": "0"}
        with running(["azscraper", "up", "--port", str(port)], clean_environ(**settings)):
            wait_until(lambda: _answers(service), "the start of the service")
            body = {"email": "a@example.com", "password": "correct horse"}
            token = httpx.post(f"{service}/auth/register", json=body, timeout=60).json()["accessToken"]
            headers = {"Authorization": f"Bearer {token}"}
            made = httpx.post(f"{service}/projects", json={"name": "P"}, headers=headers, timeout=60).json()["data"]
            fill(server.url, made["id"], now)
            found = measured(service, token, made["id"])
    out = Table(f"{PRODUCTS:,} products, load {os.getloadavg()[0]:.0f}", "least, ms", "median, ms")
    for name, least, median in found:
        out.add_row(name, f"{least:.0f}", f"{median:.0f}")
    return out


def _answers(service: str) -> bool:
    try:
        return httpx.get(f"{service}/health", timeout=5).is_success
    except httpx.HTTPError:
        return False


def main() -> None:
    found = table()
    Console(width=120).print(found)
    report.section("dashboard", ["", *report.markdown(found)])


if __name__ == "__main__":
    main()
