"""The shared numbers out of a real database, and who may see them."""

import threading
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from azscraper import metrics, tracing
from azscraper.operate import gauges
from azscraper.store import queue
from azscraper.store.db import transaction
from integration.one_app import App

TOKEN = "a token for Prometheus"


@pytest.fixture
async def scrape(services):
    transport = httpx.ASGITransport(App(replace(services, metrics_token=TOKEN)))
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:

        async def get(token=TOKEN):
            return await client.get("/metrics", headers={"Authorization": f"Bearer {token}"} if token else {})

        yield get
    metrics.publish([])


async def test_metrics_need_their_token(scrape):
    assert (await scrape(None)).status_code == 401
    assert (await scrape("another one")).status_code == 401
    answer = await scrape()
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/plain")


async def test_without_a_token_there_are_none(http):
    assert (await http.get("/metrics")).status_code == 404


async def test_queue_jobs_pace_and_requests_are_shown(scrape, tenant, pool):
    await tenant.post_job()
    async with transaction(pool) as conn:
        await conn.execute(
            """INSERT INTO hosts (host, slowdown, open_until)
               VALUES ('www.amazon.de', 4, now() + interval '1 minute'), ('www.amazon.fr', 1, NULL)"""
        )
        await conn.execute(
            "INSERT INTO routes (host, proxy, open_until) VALUES ('www.amazon.de', 'http://one:1', now())"
        )
    await scrape()
    answer = await scrape()
    values = {
        (sample.name, *sorted(sample.labels.values())): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }
    assert values["azscraper_queue_tasks", "default", "due"] == 1
    assert values["azscraper_queue_oldest_seconds", "default"] >= 0
    assert values["azscraper_jobs_open", "queued"] == 1
    assert values["azscraper_targets_open", "pending"] == 2
    assert values["azscraper_pace_slowdown", "www.amazon.de"] == 4
    assert 0 < values["azscraper_pace_paused_seconds", "www.amazon.de"] <= 60
    assert values["azscraper_breaker_state", "", "www.amazon.de"] == 2
    assert values["azscraper_breaker_state", "http://one:1", "www.amazon.de"] == 1
    assert values["azscraper_breaker_state", "", "www.amazon.fr"] == 0
    assert values["azscraper_webhook_pending",] == 0
    assert values["azscraper_http_request_seconds_count", "/metrics", "200", "GET"] >= 1


async def test_fill_rates_of_the_last_day_are_weighed_by_records(tenant, pool):
    jobs = [(await tenant.post_job())["id"] for _ in range(2)]
    async with transaction(pool) as conn:
        await conn.execute("UPDATE jobs SET completed_at = now()")
        for job_id, records, filled in zip(jobs, (10, 30), (10, 0), strict=True):
            await conn.execute(
                "INSERT INTO fill_rates VALUES (%s, 'www.amazon.de', '1', %s, jsonb_build_object('price', %s::int))",
                [job_id, records, filled],
            )
        found = [sample for sample in await gauges.read(conn) if sample.gauge == "azscraper_fill_rate"]
    assert found == [metrics.Sample("azscraper_fill_rate", 0.25, ("www.amazon.de", "price"))]


@pytest.fixture
def collector():
    bodies = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            bodies.append(self.rfile.read(int(self.headers["content-length"])))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_):
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    tracing.start(f"http://127.0.0.1:{server.server_port}/v1/traces", "test")
    yield bodies
    tracing.stop()
    server.shutdown()
    thread.join()
    server.server_close()


async def test_a_task_belongs_to_the_trace_of_the_request_that_put_it_into_the_queue(pool, collector):
    with tracing.span("POST /jobs"):
        trace_id = tracing.traceparent().split("-")[1]
        async with transaction(pool) as conn:
            await queue.defer(conn, "scrape", job_id="a", lane=0)
    async with transaction(pool) as conn:
        cursor = await conn.execute("SELECT args FROM procrastinate_jobs")
        [(args,)] = await cursor.fetchall()
    assert args["traceparent"].split("-")[1] == trace_id
    with tracing.span("scrape", parent=args["traceparent"], job_id="a"), tracing.span("fetch"):
        assert tracing.traceparent().split("-")[1] == trace_id
    tracing.stop()
    sent = b"".join(collector)
    assert sent.count(bytes.fromhex(trace_id)) == 3
    assert b"fetch" in sent
    assert tracing.traceparent() is None
