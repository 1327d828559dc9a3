"""A worker that dies loses nothing and doubles nothing; one that is told to stop hands back what runs."""

import asyncio
import email
import email.policy
import os
import random
import re
import signal
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import httpx
import orjson
import psutil
import psycopg
import pytest
from aiosmtpd.controller import Controller

from acceptance.conftest import DEADLINE_SECONDS, free_port, running_marketplace, running_service, wait_until
from azscraper.demo.goods.catalogue import products
from azscraper.demo.goods.locales import LOCALES
from azscraper.demo.server import base_urls
from azscraper.store.embedded.server import embedded_server

_TARGETS = 400


BEFORE, AFTER = "ann@example.com", "bob@example.com"


class Mailbox:
    """An SMTP server that can be made to wait: before it takes Ann's mail, and before it says that it took Bob's."""

    def __init__(self):
        self.mails, self.waits, self.waiting, self.released = [], set(), set(), threading.Event()

    async def _wait(self, address):
        if address in self.waits:
            self.waits.discard(address)
            self.waiting.add(address)
            await asyncio.to_thread(self.released.wait, 60)

    async def handle_RCPT(self, _server, _session, envelope, address, _options):  # noqa: N802 - aiosmtpd calls it
        if address == BEFORE:
            await self._wait(address)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server, _session, envelope):  # noqa: N802 - the same
        self.mails.append(email.message_from_bytes(envelope.content, policy=email.policy.default))
        if AFTER in envelope.rcpt_tos:
            await self._wait(AFTER)
        return "250 OK"

    def to(self, address):
        return [mail for mail in self.mails if mail["To"] == address]


@pytest.fixture(scope="module")
def mailbox():
    box = Mailbox()
    server = Controller(box, hostname="127.0.0.1", port=free_port(), server_hostname="mail.example")
    server.start()
    box.url = f"smtp://127.0.0.1:{server.port}"
    yield box
    server.stop()


@pytest.fixture(scope="module")
def paced(mailbox):
    """Two workers on a marketplace of their own at 100 requests per second: a job of 400 targets takes four seconds."""
    with running_marketplace() as marketplace:
        urls = orjson.dumps(base_urls(marketplace)).decode()
        settings = {"MARKETPLACE_BASE_URL": urls, "CRAWL_RATE": "100", "SMTP_URL": mailbox.url}
        with running_service("--workers", "2", **settings) as service:
            yield service


def targets():
    urls = [f"https://{locale.host}/dp/{p.asin}" for locale in LOCALES for p in products(locale)]
    return urls[:_TARGETS]


def workers(service):
    return [p for p in psutil.Process(service.process.pid).children() if p.cmdline()[-1] == "worker"]


def without_times(rows):
    return [{key: value for key, value in row.items() if key != "fetchedAt"} for row in rows]


def ended(service, job_id):
    counts = service.client.job(job_id)["progress"]
    return counts["succeeded"] + counts["failed"]


@pytest.fixture(scope="module")
def undisturbed(paced):
    job = paced.finish(paced.client.create_job(paced.project_id, "details", targets())["id"])
    assert job["progress"]["succeeded"] == _TARGETS
    return without_times(paced.client.results(job["id"]))


@pytest.mark.parametrize("seed", range(5))
def test_a_killed_worker_loses_nothing_and_doubles_nothing(paced, undisturbed, seed):
    rng = random.Random(seed)
    job_id = paced.client.create_job(paced.project_id, "details", targets())["id"]
    moment = rng.randrange(20, _TARGETS - 100)
    wait_until(lambda: ended(paced, job_id) >= moment, "the middle of the job")
    rng.choice(workers(paced)).kill()
    job = paced.finish(job_id)
    assert job["status"] == "completed"
    assert job["progress"]["succeeded"] == job["resultCount"] == _TARGETS
    assert without_times(paced.client.results(job_id)) == undisturbed
    wait_until(lambda: len(workers(paced)) == 2, "the return of the second worker")


def test_a_worker_told_to_stop_ends_within_ten_seconds_and_hands_back_what_runs(paced, undisturbed):
    job_id = paced.client.create_job(paced.project_id, "details", targets())["id"]
    wait_until(lambda: ended(paced, job_id) >= 50, "the middle of the job")
    worker = workers(paced)[0]
    worker.send_signal(signal.SIGTERM)
    worker.wait(10)
    job = paced.finish(job_id)
    assert job["progress"]["succeeded"] == job["resultCount"] == _TARGETS
    assert without_times(paced.client.results(job_id)) == undisturbed
    # nothing was tried twice: what ran was finished or handed back, not left to be found
    assert {target["attempts"] for target in paced.client.targets(job_id)} == {1}


def test_a_killed_database_costs_no_event_stream_its_end_and_no_repeated_request_its_answer(paced, undisturbed):
    body = {"type": "details", "targets": targets()}
    options = {"headers": {"Authorization": f"Bearer {paced.token}", "Idempotency-Key": "once"}, "timeout": 60}
    with httpx.Client(base_url=paced.url, trust_env=False, **options) as http, ThreadPoolExecutor() as threads:

        def post():
            return http.post(f"/projects/{paced.project_id}/jobs", json=body)

        job_id = post().json()["data"]["id"]
        events = threads.submit(followed, http, job_id)
        wait_until(lambda: ended(paced, job_id) >= 50, "the middle of the job")
        asked = threads.submit(lambda: [post() for _ in range(20)])
        os.kill(int((paced.data_dir / "postgres" / "postmaster.pid").read_text().split()[0]), signal.SIGKILL)
        assert {answer.status_code for answer in asked.result()} <= {201, 503}
        wait_until(lambda: post().status_code == 201, "the return of the database")
        assert post().json()["data"]["id"] == job_id
        told = events.result(DEADLINE_SECONDS)
    job = paced.finish(job_id)
    assert job["progress"]["succeeded"] == job["resultCount"] == _TARGETS
    assert without_times(paced.client.results(job_id)) == undisturbed
    assert (told[-1][0], told[-1][1]["status"]) == ("end", "completed")
    done = [data["progress"]["succeeded"] for _, data in told]
    assert done == sorted(done)


async def test_a_killed_database_loses_nothing_that_was_answered(paced):
    """Some commits of an ask do not wait for the disk: what was told must be there, and every ask ends when it is sent again."""
    rng = random.Random(1)
    before = next((job["id"] for job in paced.client.jobs(paced.project_id)), "")
    job_id = paced.client.create_job(paced.project_id, "details", targets()[:100])["id"]
    asked = [(target, f"crash {n}", rng.choice([0, 1, 20])) for n, target in enumerate(targets()[:40])]
    headers, limits = {"Authorization": f"Bearer {paced.token}"}, httpx.Limits(max_connections=50)
    async with httpx.AsyncClient(base_url=paced.url, headers=headers, limits=limits, timeout=90) as http:

        async def ask(target, key, seconds):
            body = {"type": "details", "target": target, "waitSeconds": seconds}
            try:
                return await http.post(f"/projects/{paced.project_id}/ask", json=body, headers={"Idempotency-Key": key})
            except httpx.TransportError:
                return httpx.Response(503)

        async def later(target, key, seconds):
            await asyncio.sleep(rng.random())
            return await ask(target, key, seconds)

        async def until_answered(*one):
            while (answer := await ask(*one)).status_code in {202, 503}:
                await asyncio.sleep(0.1)
            return answer

        asking = [asyncio.create_task(later(*one)) for one in asked]
        await asyncio.sleep(rng.uniform(0.3, 0.8))
        os.kill(int((paced.data_dir / "postgres" / "postmaster.pid").read_text().split()[0]), signal.SIGKILL)
        first = await asyncio.gather(*asking)
        assert {answer.status_code for answer in first} <= {200, 202, 503}
        async with asyncio.timeout(DEADLINE_SECONDS):
            final = await asyncio.gather(*(until_answered(*one) for one in asked))
        assert {answer.status_code for answer in final} == {200}
        for told, now in zip(first, final, strict=True):
            if told.status_code in {200, 202}:
                assert told.headers["x-job-id"] == now.headers["x-job-id"]
            if told.status_code == 200:
                assert told.json()["data"] == now.json()["data"]
        listed = (await http.get(f"/projects/{paced.project_id}/jobs?limit=100")).json()["data"]
    ids = [answer.headers["x-job-id"] for answer in final]
    assert sorted(job["id"] for job in listed if job["id"] > before) == sorted([job_id, *ids])
    assert paced.finish(job_id)["resultCount"] == 100


def followed(http, job_id):
    """The events of a job's stream to its end: name and data of each."""
    with http.stream("GET", f"/jobs/{job_id}/events") as response:
        lines = [line.partition(": ") for line in response.iter_lines()]
    names = [value for field, _, value in lines if field == "event"]
    return list(zip(names, [orjson.loads(value) for field, _, value in lines if field == "data"], strict=True))


def test_cancel_stops_running_work(paced):
    job_id = paced.client.create_job(paced.project_id, "details", targets())["id"]
    wait_until(lambda: ended(paced, job_id) >= 20, "the middle of the job")
    job = paced.client.cancel(job_id)
    assert job["status"] == "cancelled"
    rows = paced.client.results(job_id)
    time.sleep(2.0)  # what the contract allows running work; then it must be over
    assert paced.client.results(job_id) == rows
    assert len(rows) == job["resultCount"] == paced.client.job(job_id)["resultCount"]
    again = paced.finish(paced.client.retry(job_id)["id"])
    assert again["progress"]["succeeded"] == _TARGETS


def api(service, method, path, **body):
    headers = {"Authorization": f"Bearer {service.token}"}
    response = httpx.request(method, service.url + path, json=body or None, headers=headers, timeout=60)
    assert response.is_success, response.text
    return response.json()["data"] if response.content else None


def agreed(service, mailbox, address):
    """A channel whose recipient has agreed."""
    channel = api(service, "POST", f"/projects/{service.project_id}/channels", email=address)
    wait_until(lambda: mailbox.to(address), "the question to the recipient")
    path = re.search(r"/app/mail/confirm/\S+", body_of(mailbox.to(address)[0]))[0]
    httpx.post(service.url + path, timeout=60).raise_for_status()
    return channel["id"]


def body_of(mail):
    return mail.get_body(("plain",)).get_content()


def talks_to(process, url):
    port = int(url.rpartition(":")[2])
    return any(one.raddr and one.raddr.port == port for one in process.net_connections())


def test_an_alert_whose_workers_are_killed_arrives_and_keeps_its_id(paced, mailbox):
    """Ann's are killed with the notice stored and nothing sent; Bob's with the mail at the server, and nobody who noted it."""
    project, asin = f"/projects/{paced.project_id}", "B0DEMO0001"
    channels = {address: agreed(paced, mailbox, address) for address in (BEFORE, AFTER)}
    what, price = {"products": [asin], "marketplaces": ["us"]}, {"field": "price", "op": "above", "value": 0}
    api(paced, "POST", f"{project}/alerts", what=what, when=[price], channels=list(channels.values()))
    mailbox.waits |= {BEFORE, AFTER}
    paced.finish(paced.client.create_job(paced.project_id, "details", [f"https://www.amazon.com/dp/{asin}"])["id"])
    wait_until(lambda: mailbox.waiting == {BEFORE, AFTER}, "both mails on their way")
    [notice] = api(paced, "GET", f"{project}/notices")
    killed = [worker for worker in workers(paced) if talks_to(worker, mailbox.url)]
    for worker in killed:
        worker.kill()
    psutil.wait_procs(killed, 10)
    mailbox.released.set()
    with embedded_server(paced.data_dir) as server, psycopg.connect(server.url) as conn:  # the lease is over
        conn.execute("UPDATE channels SET sending_until = sending_until - interval '10 minutes'")
    wait_until(lambda: (len(mailbox.to(BEFORE)), len(mailbox.to(AFTER))) == (2, 3), "the mails")  # with the questions
    wait_until(lambda: len(workers(paced)) == 2, "the return of the workers")
    for address, copies in ((BEFORE, 1), (AFTER, 2)):
        found = mailbox.to(address)[1:]
        assert len(found) == copies
        assert len({(mail["Message-ID"], body_of(mail)) for mail in found}) == 1
        wait_until(lambda: _is_noted(paced, channels[address], found[0]), "the note that it arrived")  # noqa: B023 - at once
    assert api(paced, "GET", f"{project}/notices") == [notice]


def _is_noted(service, channel_id, mail):
    """Whether its message is delivered, under the id that the mail has."""
    [message] = [one for one in api(service, "GET", f"/channels/{channel_id}/messages") if one["kind"] == "alert"]
    assert mail["Message-ID"].startswith(f"<{message['id']}@")
    return message["status"] == "delivered"
