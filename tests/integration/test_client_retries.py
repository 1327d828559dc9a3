"""The client in front of a service with bad manners, in both colours."""

import inspect
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import orjson
import pytest

from azscraper.client import AsyncAzScraper, AzScraper, RateLimitedError, UnavailableError

JOB = {
    "id": "0" * 24, "projectId": "1" * 24, "organizationId": "2" * 24, "type": "details", "status": "completed",
    "config": {}, "bullJobId": "000000000000000000000001", "resultCount": 1, "createdAt": "2026-01-01T00:00:00.000Z", "updatedAt": "2026-01-01T00:00:00.000Z",
    "progress": {"total": 1, "pending": 0, "running": 0, "succeeded": 1, "failed": 0, "cancelled": 0},
}  # fmt: skip


@dataclass
class Peer:
    """Plays its answers one after the other; an answer takes the handler and does as it likes."""

    url: str = ""
    answers: list[Callable] = field(default_factory=list)
    requests: list[tuple[str, dict]] = field(default_factory=list)


def says(status, body=None, **headers):
    def play(handler):
        handler.send_response(status)
        payload = orjson.dumps(body) if body is not None else b""
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.send_header("Content-Length", str(len(payload)))
        handler.end_headers()
        handler.wfile.write(payload)

    return play


def breaks_after(text=b"", length=1000):
    """Sends the beginning of an answer and hangs up; without text, before the first byte."""

    def play(handler):
        if text:
            handler.send_response(200)
            handler.send_header("Content-Length", str(length))
            handler.end_headers()
            handler.wfile.write(text)
        handler.close_connection = True

    return play


@pytest.fixture
def peer():
    peer = Peer()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self):
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            peer.requests.append((f"{self.command} {self.path}", dict(self.headers)))
            peer.answers.pop(0)(self)

        def do_GET(self):
            self.do_POST()

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    peer.url = f"http://127.0.0.1:{server.server_port}"
    yield peer
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(params=["sync", "async"])
async def client(request, peer):
    if request.param == "sync":
        with AzScraper(peer.url, token="t") as client:
            yield client
    else:
        async with AsyncAzScraper(peer.url, token="t") as client:
            yield client


async def got(value):
    return await value if inspect.isawaitable(value) else value


async def listed(items):
    return [item async for item in items] if hasattr(items, "__aiter__") else list(items)


async def test_a_job_is_posted_again_under_the_same_key(peer, client):
    peer.answers = [breaks_after(), says(503, Retry_After="0"), says(201, {"data": JOB})]
    job = await got(client.run("details", "B0DEMO0001", project="1" * 24))
    assert job.id == JOB["id"]
    keys = {headers["Idempotency-Key"] for _, headers in peer.requests}
    assert len(peer.requests) == 3
    assert len(keys) == 1


async def test_a_request_without_a_key_is_not_sent_twice(peer, client):
    peer.answers = [breaks_after()]
    with pytest.raises(UnavailableError, match="does not answer"):
        await got(client.click_referral("code"))
    assert len(peer.requests) == 1


async def test_the_pause_that_is_asked_for_is_kept_or_told(peer, client):
    limited = {"success": False, "error": {"code": "RATE_LIMIT_EXCEEDED", "message": "Later", "details": []}}
    peer.answers = [says(429, limited, Retry_After="0"), says(429, limited, Retry_After="300")]
    with pytest.raises(RateLimitedError) as told:
        await got(client.marketplaces())
    assert told.value.retry_after_seconds == 300


async def test_nobody_there():
    with AzScraper("http://127.0.0.1:9") as client, pytest.MonkeyPatch.context() as patch:
        patch.setattr("azscraper.client.retry.ATTEMPTS", 2)
        assert not client.is_healthy()
        with pytest.raises(UnavailableError, match="does not answer"):
            client.marketplaces()


async def test_a_page_of_raw_rows_is_read_again_until_it_is_whole(peer, client):
    rows = b'{"a":1}\n{"a":2}\n'
    end = b'{"_meta":{"limit":9,"nextCursor":"2.0.2","hasMore":false,"skipped":0}}\n'
    peer.answers = [breaks_after(rows[:12]), breaks_after(rows + end, length=len(rows + end))]
    assert await listed(client.rows("1" * 24, raw=True)) == [b'{"a":1}', b'{"a":2}']
    peer.answers = [breaks_after(rows, length=len(rows))]
    with pytest.raises(UnavailableError, match="page of rows"):
        await listed(client.rows("1" * 24, raw=True))


async def test_a_file_has_its_name_once_it_is_whole(peer, client, tmp_path):
    job = await done(peer, client)
    peer.answers = [breaks_after(b'[{"a":1'), says(200, [{"a": 1}])]
    path = await got(job.export(tmp_path / "rows.json"))
    assert path.read_bytes() == b'[{"a":1}]'
    peer.answers = [says(404, {"success": False, "error": {"code": "NOT_FOUND", "message": "gone", "details": []}})]
    with pytest.raises(Exception, match="gone"):
        await got(job.export(tmp_path / "other.json"))
    assert [entry.name for entry in tmp_path.iterdir()] == ["rows.json"]


async def done(peer, client):
    peer.answers = [says(200, {"data": JOB})]
    return await got(client.job(JOB["id"]))


async def test_a_broken_stream_of_events_is_taken_up_where_it_broke(peer, client):
    job = await done(peer, client)
    running = orjson.dumps(JOB | {"status": "running"})
    over = b"id: 5\nevent: end\ndata: " + orjson.dumps(JOB) + b"\n\n"
    peer.answers = [
        breaks_after(b"retry: 1\n\nid: 4\nevent: progress\ndata: " + running + b"\n\nid: 5\neve", length=9999),
        breaks_after(over, length=len(over)),
    ]
    assert [state.status for state in await listed(job.events())] == ["running", "completed"]
    assert peer.requests[-1][1]["Last-Event-ID"] == "4"


async def test_a_stream_that_was_told_to_its_end(peer, client):
    job = await done(peer, client)
    peer.answers = [says(204)]
    assert await listed(job.events()) == []


async def test_another_service_is_no_traceback(peer, client):
    peer.answers = [says(200, {"hello": "world"}), says(200, {"data": {"id": 1}}), says(418)]
    for _ in range(3):
        with pytest.raises(UnavailableError):
            await got(client.usage())
