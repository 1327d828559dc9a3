"""Webhooks between real processes: a receiver with faults, and workers that die while they deliver."""

import threading

import httpx
import psutil
import pytest

from acceptance.conftest import running_service, wait_until
from acceptance.receiver import Receiver, dribble, hold, listening, status


@pytest.fixture(scope="module")
def service():
    with running_service("--workers", "2", WEBHOOK_ALLOW_LOOPBACK="true") as service:
        yield service


@pytest.fixture(scope="module")
def http(service):
    headers = {"Authorization": f"Bearer {service.token}"}
    with httpx.Client(base_url=service.url, headers=headers, trust_env=False, timeout=60) as http:
        yield http


def data(response):
    assert response.is_success, response.text
    return response.json()["data"]


def listen(http, service, url):
    return data(http.post(f"/projects/{service.project_id}/webhooks", json={"url": url}))


def ping(http, webhook):
    return data(http.post(f"/webhooks/{webhook['id']}/test"))["eventId"]


def deliveries(http, webhook):
    return data(http.get(f"/webhooks/{webhook['id']}/deliveries"))[::-1]


def workers(service):
    return [p for p in psutil.Process(service.process.pid).children() if p.cmdline()[-1] == "worker"]


def test_workers_killed_while_they_deliver_lose_no_event(http, service):
    killed = threading.Event()
    with listening(Receiver(hold(killed), status(500), dribble(5, 0.1))) as receiver:
        webhook = listen(http, service, receiver.url)
        events = [ping(http, webhook) for _ in range(5)]
        wait_until(lambda: receiver.messages, "the first message")
        for worker in workers(service):
            worker.kill()
        killed.set()
        wait_until(lambda: receiver.ids()[-1:] == events[-1:], "the last message")
        wait_until(lambda: deliveries(http, webhook)[-1]["status"] == "delivered", "its record")
    # in order, none lost; the first one again after the death and after the 500
    assert receiver.ids() == [events[0]] * 3 + events[1:]
    assert [event["type"] for event in receiver.verified(webhook["secret"])] == ["webhook.test"] * 7
    found = deliveries(http, webhook)
    assert [(one["eventId"], one["status"]) for one in found] == [(event, "delivered") for event in events]
    assert found[0]["statusCode"] == 200


def test_a_redirect_to_this_machine_is_not_followed_and_410_ends_it(http, service):
    with listening(Receiver()) as inside:
        with listening(Receiver(status(302, Location=inside.url), status(410))) as receiver:
            webhook = listen(http, service, receiver.url)
            ping(http, webhook)
            wait_until(lambda: deliveries(http, webhook)[0]["attempts"] >= 1, "the redirect's record")
            assert deliveries(http, webhook)[0]["statusCode"] == 302
            wait_until(lambda: not data(http.get(f"/webhooks/{webhook['id']}"))["enabled"], "the end by 410")
        assert inside.messages == []
    assert len(set(receiver.ids())) == 1
    assert data(http.get(f"/webhooks/{webhook['id']}"))["disabledReason"]
