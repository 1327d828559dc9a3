"""A service with a job whose rows were made by the database itself, for measures of what leaves."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx
import psutil
import psycopg

from acceptance.conftest import running_api
from azscraper.records import SearchRow
from azscraper.records.parts import Money
from azscraper.store.embedded.server import embedded_server

_SHAPE = SearchRow(
    asin="B0_ROW_NUMBER",
    keyword="wireless earbuds",
    page=1,
    position=1,
    title="Wireless earbuds with charging case, 40 hours of play, for work and sport, number _ROW_NUMBER",
    url="https://www.amazon.com/dp/B0_ROW_NUMBER",
    image="https://m.media-amazon.com/images/I/B0_ROW_NUMBER.jpg",
    price=Money(amount="29.99", currency="USD"),
    list_price=Money(amount="39.99", currency="USD"),
    rating=4.5,
    rating_count=1234,
    bought_past_month=2000,
    is_prime=True,
    marketplace="www.amazon.com",
    language="en-US",
)
"""About as long as a tile of a real page is."""


@dataclass
class Stored:
    """The running service and one of its jobs."""

    url: str
    database_url: str
    process: psutil.Process
    http: httpx.Client
    project_id: str

    def job(self, rows: int) -> str:
        """The id of a job that is over, with that many rows."""
        body = {"type": "search", "targets": ["wireless earbuds"]}
        job_id: str = self.http.post(f"/projects/{self.project_id}/jobs", json=body).json()["data"]["id"]
        shape = _SHAPE.model_dump_json(by_alias=True)
        with psycopg.connect(self.database_url, autocommit=True) as conn:
            conn.execute(
                """INSERT INTO results (job_id, ordinal, position, record)
                   SELECT %(id)s, 0, n, replace(%(shape)s, '_ROW_NUMBER', lpad(n::text, 8, '0'))::json
                   FROM generate_series(1, %(rows)s) n""",
                {"id": job_id, "shape": shape, "rows": rows},
            )
            conn.execute("UPDATE targets SET status = 'success', result_count = %s WHERE job_id = %s", [rows, job_id])
            conn.execute(
                """UPDATE jobs SET status = 'completed', pending = 0, succeeded = 1, result_count = %s,
                       completed_at = now() WHERE id = %s""",
                [rows, job_id],
            )
            conn.execute("VACUUM ANALYZE results")
        return job_id


@contextmanager
def stored() -> Iterator[Stored]:
    """PostgreSQL and one API process, from nothing."""
    with (
        TemporaryDirectory(prefix="azscraper-bench-") as folder,
        embedded_server(Path(folder)) as server,
        running_api(server.url) as (url, process),
        httpx.Client(base_url=url, timeout=3600, trust_env=False) as http,
    ):
        session = http.post("/auth/register", json={"email": "ann@example.com", "password": "correct horse"}).json()
        http.headers["Authorization"] = f"Bearer {session['accessToken']}"
        project_id = http.post("/projects", json={"name": "bench"}).json()["data"]["id"]
        yield Stored(url, server.url, psutil.Process(process.pid), http, project_id)
