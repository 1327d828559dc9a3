"""Webhooks over HTTP: secrets are shown once, deliveries can be seen and sent again."""

import pytest

from azscraper.store.db import transaction
from azscraper.webhooks import endpoints
from azscraper.webhooks.endpoints import Event
from azscraper.words import EventType

URL = "https://hooks.example.com/azscraper"


async def post(tenant, **body):
    response = await tenant.http.post(f"/projects/{tenant.project_id}/webhooks", json={"url": URL} | body)
    assert response.status_code == 201, response.text
    return response.json()["data"]


async def deliveries_of(tenant, webhook, query=""):
    return (await tenant.http.get(f"/webhooks/{webhook['id']}/deliveries{query}")).json()


async def emit(pool, tenant, *numbers):
    async with transaction(pool) as conn:
        events = [Event(EventType.JOB_STARTED, {"n": number}) for number in numbers]
        await endpoints.emit(conn, tenant.project_id, "a" * 24, events)


async def test_the_secret_is_shown_when_it_is_made_and_never_again(tenant):
    made = await post(tenant)
    secret = made.pop("secret")
    assert secret.startswith("whsec_")
    assert len(secret) == 6 + 44
    assert made["events"] == list(EventType)
    assert (made["url"], made["enabled"], made["disabledReason"]) == (URL, True, None)
    path = f"/webhooks/{made['id']}"
    assert (await tenant.http.get(path)).json()["data"] == made
    other = await post(tenant, events=["job.failed"])
    del other["secret"]
    listed = (await tenant.http.get(f"/projects/{tenant.project_id}/webhooks")).json()
    assert listed["data"] == [other, made]
    assert listed["meta"]["total"] == 2
    rotated = (await tenant.http.post(f"{path}/rotate-secret")).json()["data"]
    assert rotated["secret"].startswith("whsec_")
    assert rotated["secret"] != secret
    assert rotated["previousSecretUntil"] > rotated["createdAt"]
    assert "secret" not in (await tenant.http.get(path)).json()["data"]


async def test_changes(tenant):
    made = await post(tenant)
    path = f"/webhooks/{made['id']}"
    changed = (await tenant.http.patch(path, json={"events": ["job.failed"]})).json()["data"]
    assert (changed["events"], changed["url"]) == (["job.failed"], URL)
    changed = (await tenant.http.patch(path, json={"url": URL + "/2", "enabled": False})).json()["data"]
    assert (changed["url"], changed["enabled"], changed["events"]) == (URL + "/2", False, ["job.failed"])
    assert (await tenant.http.post(f"{path}/test")).json()["error"]["code"] == "CONFLICT"
    assert (await tenant.http.patch(path, json={"enabled": True})).json()["data"]["enabled"] is True
    assert (await tenant.http.delete(path)).status_code == 204
    assert (await tenant.http.get(path)).status_code == 404


async def test_a_project_has_twenty_webhooks_at_most(tenant, monkeypatch):
    monkeypatch.setattr(endpoints, "MOST_PER_PROJECT", 1)
    await post(tenant)
    response = await tenant.http.post(f"/projects/{tenant.project_id}/webhooks", json={"url": URL})
    assert (response.status_code, response.json()["error"]["code"]) == (409, "CONFLICT")


async def test_deliveries_are_listed_newest_first_in_pages(tenant, pool):
    webhook = await post(tenant)
    await emit(pool, tenant, *range(5))
    whole = await deliveries_of(tenant, webhook)
    assert whole["meta"] | {"total": 5, "nextCursor": None} == whole["meta"]
    first = await deliveries_of(tenant, webhook, "?limit=3")
    second = await deliveries_of(tenant, webhook, f"?limit=3&cursor={first['meta']['nextCursor']}")
    assert first["data"] + second["data"] == whole["data"]
    assert second["meta"]["nextCursor"] is None
    assert {(one["type"], one["subject"], one["status"], one["attempts"]) for one in whole["data"]} == {
        ("job.started", "a" * 24, "pending", 0)
    }
    assert (await deliveries_of(tenant, webhook, "?status=failed"))["data"] == []


async def test_switching_off_gives_up_what_is_pending_and_it_can_be_sent_again(tenant, pool):
    webhook = await post(tenant)
    await emit(pool, tenant, 1)
    await tenant.http.patch(f"/webhooks/{webhook['id']}", json={"enabled": False})
    [old] = (await deliveries_of(tenant, webhook))["data"]
    assert (old["status"], old["error"]) == ("failed", "The webhook was switched off")
    path = f"/deliveries/{old['id']}/redeliver"
    assert (await tenant.http.post(path)).status_code == 409
    await tenant.http.patch(f"/webhooks/{webhook['id']}", json={"enabled": True})
    response = await tenant.http.post(path)
    assert response.status_code == 201
    new = response.json()["data"]
    assert new["id"] != old["id"]
    assert (new["eventId"], new["status"], new["attempts"]) == (old["eventId"], "pending", 0)


async def test_a_test_goes_to_the_one_webhook_whatever_it_listens_to(tenant):
    webhook, other = await post(tenant, events=["job.failed"]), await post(tenant)
    response = await tenant.http.post(f"/webhooks/{webhook['id']}/test")
    assert response.status_code == 201
    assert response.json()["data"]["type"] == "webhook.test"
    assert (await deliveries_of(tenant, webhook))["data"] == [response.json()["data"]]
    assert (await deliveries_of(tenant, other))["data"] == []


@pytest.mark.parametrize("url", ["http://127.0.0.1:1/", "http://localhost/hook"])
async def test_in_development_an_endpoint_may_be_this_machine(tenant, services, url):
    body = {"url": url}
    assert (await tenant.http.post(f"/projects/{tenant.project_id}/webhooks", json=body)).status_code == 400
    object.__setattr__(services, "webhook_allow_loopback", True)
    assert (await tenant.http.post(f"/projects/{tenant.project_id}/webhooks", json=body)).status_code == 201
