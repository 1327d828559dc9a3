"""Server-sent events, over a socket: a stream is told of, resumed, and ended from either side."""

import asyncio
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime

import httpx
import orjson
import psycopg
import pytest
import uvicorn

from azscraper.errors import UnavailableError
from azscraper.jobs.changes import JobChanges
from azscraper.operate import suspensions
from azscraper.store.db import scalar, transaction
from azscraper.tenants.principal import Principal
from azscraper.web import waiting
from azscraper.web.api import events
from dbproxy import Mode, database_proxy
from integration.one_app import App
from integration.test_api import failed, run_chunk, succeeded


@dataclass
class Event:
    """Lines up to an empty one."""

    fields: dict[str, str] = field(default_factory=dict)
    comment: str | None = None

    @property
    def data(self):
        return orjson.loads(self.fields["data"])


async def read(response):
    """Events and comments as a browser would take them."""
    event = Event()
    async for line in response.aiter_lines():
        if not line:
            if "data" in event.fields or event.comment:
                yield event
            event = Event()
        elif line.startswith(":"):
            event.comment = line
        else:
            name, _, value = line.partition(": ")
            event.fields[name] = value


@pytest.fixture
async def server(services, database_url):
    config = uvicorn.Config(App(services), port=0, log_level="warning", http="httptools", lifespan="off")
    server = uvicorn.Server(config)
    object.__setattr__(services, "stopping", lambda: server.should_exit)
    serving = asyncio.create_task(server.serve())
    listening = asyncio.create_task(services.changes.listen(database_url))
    while not server.started:
        await asyncio.wait([serving], timeout=0.01)
    yield server
    server.should_exit = True
    await serving
    listening.cancel()


@pytest.fixture
async def client(server, tenant):
    port = server.servers[0].sockets[0].getsockname()[1]
    headers = {"Authorization": f"Bearer {tenant.token}"}
    async with httpx.AsyncClient(
        base_url=f"http://127.0.0.1:{port}", headers=headers, timeout=10, trust_env=False
    ) as client:
        yield client


async def test_progress_until_the_end(client, tenant, pool):
    job = await tenant.post_job(targets=[f"B{n:09}" for n in range(30)])
    seen = []
    async with client.stream("GET", f"/jobs/{job['id']}/events") as response:
        assert response.headers["content-type"].startswith("text/event-stream")
        async for event in read(response):
            seen.append(event)
            if len(seen) == 1:
                await run_chunk(pool, job["id"], succeeded)
            elif len(seen) == 2:
                await run_chunk(pool, job["id"], failed, lane=1)
    assert [event.fields["event"] for event in seen] == ["progress"] * (len(seen) - 1) + ["end"]
    numbers = [int(event.fields["id"]) for event in seen]
    assert numbers == sorted(set(numbers))
    last = seen[-1].data
    assert last["status"] == "completed"
    assert last["progress"] == {"total": 30, "pending": 0, "running": 0, "succeeded": 25, "failed": 5, "cancelled": 0}
    assert last == {
        k: v for k, v in (await tenant.http.get(f"/jobs/{job['id']}")).json()["data"].items() if k != "targets"
    }


async def first_event(client, job, last=None):
    headers = {"Last-Event-ID": last} if last else {}
    async with client.stream("GET", f"/jobs/{job['id']}/events", headers=headers) as response:
        return await anext(read(response))


async def test_a_stream_resumes_behind_its_last_event(client, tenant, pool):
    job = await tenant.post_job()
    first = await first_event(client, job)
    waiting = asyncio.create_task(first_event(client, job, first.fields["id"]))
    await asyncio.wait([waiting], timeout=0.3)
    assert not waiting.done(), "told again"
    await run_chunk(pool, job["id"], succeeded)
    end = await waiting
    while end.fields["event"] != "end":
        end = await first_event(client, job, end.fields["id"])
    assert int(end.fields["id"]) > int(first.fields["id"])
    over = await client.get(f"/jobs/{job['id']}/events", headers={"Last-Event-ID": end.fields["id"]})
    assert (over.status_code, over.content) == (204, b"")


@pytest.mark.parametrize("last", ["nonsense", "-1", "999999999", "9" * 40, "٣"])
async def test_an_id_that_never_was_is_no_id(client, tenant, pool, last):
    job = await tenant.post_job()
    await run_chunk(pool, job["id"], succeeded)
    assert (await first_event(client, job, last.encode())).fields["event"] == "end"


async def test_a_quiet_stream_is_kept_open(client, tenant, monkeypatch):
    monkeypatch.setattr(events, "_HEARTBEAT_SECONDS", 0.1)
    job = await tenant.post_job()
    async with client.stream("GET", f"/jobs/{job['id']}/events") as response:
        kinds = []
        async for event in read(response):
            kinds.append("comment" if event.comment else event.fields["event"])
            if len(kinds) == 3:
                break
    assert kinds == ["progress", "comment", "comment"]


async def test_a_cancelled_job_ends_its_streams(client, tenant):
    job = await tenant.post_job()
    async with client.stream("GET", f"/jobs/{job['id']}/events") as response:
        statuses = []
        async for event in read(response):
            statuses.append(event.data["status"])
            if statuses == ["queued"]:
                await tenant.http.post(f"/jobs/{job['id']}/cancel")
    assert statuses == ["queued", "cancelled"]


@pytest.fixture
def rechecked(services):
    object.__setattr__(services, "recheck_seconds", 0.1)


async def log_out(_, tenant):
    await tenant.http.post("/auth/logout")


async def suspend(pool, tenant):
    organization_id = (await tenant.http.get("/me")).json()["data"]["organizationId"]
    async with transaction(pool) as conn:
        service, now = Principal(organization_id), datetime.now(UTC)
        await suspensions.suspend(conn, service, organization_id, cancel_jobs=False, now=now)


@pytest.mark.usefixtures("rechecked")
@pytest.mark.parametrize("end", [log_out, suspend])
@pytest.mark.parametrize("path", ["/jobs/{}/events", "/app/jobs/{}/events"])
async def test_a_stream_ends_with_its_session(client, tenant, pool, end, path):
    job = await tenant.post_job()
    client.cookies.set("azscraper_session", tenant.token)
    names = []
    async with client.stream("GET", path.format(job["id"])) as response:
        async for event in read(response):
            names.append(event.fields["event"])
            await end(pool, tenant)
    assert names == ["progress"]


@pytest.mark.usefixtures("rechecked")
async def test_a_stream_ends_with_its_key(client, tenant):
    job = await tenant.post_job()
    url = f"/projects/{tenant.project_id}/api-keys"
    key = (await tenant.http.post(url, json={"name": "k"})).json()["data"]
    del client.headers["Authorization"]
    seen = 0
    async with client.stream("GET", f"/jobs/{job['id']}/events", headers={"X-API-Key": key["key"]}) as response:
        async for _ in read(response):
            seen += 1
            await tenant.http.delete(f"{url}/{key['id']}")
    assert seen == 1


async def test_a_stream_ends_with_the_service(client, server, tenant):
    job = await tenant.post_job()
    async with client.stream("GET", f"/jobs/{job['id']}/events") as response:
        names = []
        async for event in read(response):
            names.append(event.fields["event"])
            server.should_exit = True
    assert names == ["progress"]


async def test_a_client_that_goes_away_leaves_nothing_behind(client, server, tenant, pool):
    job = await tenant.post_job()
    await first_event(client, job)
    if server.server_state.tasks:
        _, left = await asyncio.wait(server.server_state.tasks, timeout=5)
        assert not left
    async with transaction(pool) as conn:
        assert (await (await conn.execute("SELECT 1")).fetchone())[0] == 1


async def test_the_document_tells_of_the_stream(client):
    answers = (await client.get("/openapi.json")).json()["paths"]["/jobs/{job_id}/events"]["get"]["responses"]
    assert list(answers["200"]["content"]) == ["text/event-stream"]
    assert "204" in answers


async def test_a_hundred_streams_share_the_pool(client, tenant, pool):
    job = await tenant.post_job()

    async def last_status():
        async with client.stream("GET", f"/jobs/{job['id']}/events") as response:
            return [event.data["status"] async for event in read(response)][-1]

    streams = [asyncio.create_task(last_status()) for _ in range(100)]
    await run_chunk(pool, job["id"], succeeded)
    assert set(await asyncio.gather(*streams)) == {"completed"}


async def test_an_organization_has_a_hundred_streams_and_gets_them_back(client, server, tenant, services):
    job = await tenant.post_job()
    organization = (await tenant.http.get("/me")).json()["data"]["organizationId"]
    with ExitStack() as others:
        for _ in range(99):
            others.enter_context(services.streams.taken(organization))
        for _ in range(2):
            assert (await first_event(client, job)).fields["event"] == "progress"
            if server.server_state.tasks:
                await asyncio.wait(server.server_state.tasks, timeout=5)
        others.enter_context(services.streams.taken(organization))
        for path in (f"/jobs/{job['id']}/events", f"/app/jobs/{job['id']}/events"):
            answer = await client.get(path, headers={"Cookie": f"azscraper_session={tenant.token}"})
            assert (answer.status_code, answer.headers["Retry-After"]) == (429, "5"), path


async def test_the_end_is_told_by_a_notification_and_not_by_looking(client, tenant, pool, monkeypatch):
    for name in ("_TOGETHER_SECONDS", "_LOOK_SECONDS"):
        monkeypatch.setattr(events, name, 3600.0)
    job = await tenant.post_job()
    async with client.stream("GET", f"/jobs/{job['id']}/events") as response:
        told = read(response)
        assert (await anext(told)).fields["event"] == "progress"
        await run_chunk(pool, job["id"], succeeded)
        assert (await anext(told)).fields["event"] == "end"


def failing_once(monkeypatch, module, opened="transaction"):
    """The module's next transaction finds no database; how many there were."""
    real, asked = getattr(module, opened), []

    def transaction(pool):
        asked.append(1)
        if len(asked) == 1:
            raise UnavailableError("The database does not answer")
        return real(pool)

    monkeypatch.setattr(module, opened, transaction)
    monkeypatch.setattr(module, "_AGAIN_SECONDS", 0.01)
    return asked


async def test_a_database_that_goes_away_for_a_moment_costs_a_stream_nothing(client, tenant, pool, monkeypatch):
    job = await tenant.post_job()
    async with client.stream("GET", f"/jobs/{job['id']}/events") as response:
        told = read(response)
        await anext(told)
        asked = failing_once(monkeypatch, events)
        await run_chunk(pool, job["id"], succeeded)
        assert [event.fields["event"] async for event in told][-1] == "end"
    assert len(asked) > 1


async def test_a_stream_ends_when_the_database_stays_away(client, tenant, monkeypatch):
    job = await tenant.post_job()
    async with client.stream("GET", f"/jobs/{job['id']}/events") as response:
        told = read(response)
        await anext(told)
        monkeypatch.setattr(events, "_SILENT_SECONDS", 0.0)
        failing_once(monkeypatch, events)
        assert [event async for event in told] == []


async def test_who_waits_for_a_job_waits_through_a_restart_of_the_database(tenant, pool, services, monkeypatch):
    job = await tenant.post_job()
    await run_chunk(pool, job["id"], succeeded)
    async with transaction(pool) as conn:
        organization_id = await scalar(conn, str, "SELECT organization_id FROM jobs WHERE id = %s", [job["id"]])
    asked = failing_once(monkeypatch, waiting, "looking")
    found = await waiting.until_over(services, Principal(organization_id), job["id"], seconds=5)
    assert found.status == "completed"
    assert len(asked) == 2


async def test_a_change_that_no_notification_told_is_found_by_looking(client, tenant, pool, services, monkeypatch):
    monkeypatch.setattr(services.changes, "_wake", lambda _: None)
    monkeypatch.setattr(events, "_LOOK_SECONDS", 0.2)
    job = await tenant.post_job()
    async with client.stream("GET", f"/jobs/{job['id']}/events") as response:
        told = read(response)
        await anext(told)
        await run_chunk(pool, job["id"], succeeded)
        assert [event.fields["event"] async for event in told][-1] == "end"


async def test_whoever_waits_is_woken_when_the_connection_is_back(database_url):
    changes = JobChanges()
    with database_proxy(database_url) as proxy, changes.of("a job") as changed:
        listening = asyncio.create_task(changes.listen(proxy.url))
        changed.clear()
        await asyncio.wait_for(changed.wait(), 10)
        changed.clear()
        proxy.mode = Mode.RESET
        async with await psycopg.AsyncConnection.connect(database_url, autocommit=True) as conn:
            await conn.execute("NOTIFY azscraper_jobs, 'another'")
        opener = asyncio.get_running_loop().call_later(0.5, setattr, proxy, "mode", Mode.OPEN)
        await asyncio.wait_for(changed.wait(), 10)
        opener.cancel()
        listening.cancel()


async def test_progress_is_told_at_most_every_quarter_of_a_second_and_the_end_always(tenant, pool, database_url):
    job = await tenant.post_job()
    async with await psycopg.AsyncConnection.connect(database_url, autocommit=True) as conn:
        await conn.execute("LISTEN azscraper_jobs")
        async with transaction(pool) as other:
            await other.execute("UPDATE jobs SET told_at = NULL WHERE id = %s", [job["id"]])
        for _ in range(5):
            async with transaction(pool) as other:
                await other.execute("UPDATE jobs SET updated_at = now(), told_at = clock_timestamp()")
        await tenant.http.post(f"/jobs/{job['id']}/cancel")
        told = [notify.payload async for notify in conn.notifies(timeout=2, stop_after=3)]
    assert told
    assert set(told) == {job["id"]}
    assert len(told) <= 3
