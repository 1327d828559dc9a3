"""Channels over HTTP: whoever may, what is shown, what is bounded."""

import pytest

from azscraper.channels import channels
from azscraper.channels.services import Hosts
from azscraper.store.db import transaction

URL = "slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ"


@pytest.fixture
def sends_mail(services):
    object.__setattr__(services, "sends_mail", True)


async def post(tenant, **body):
    return await tenant.http.post(f"/projects/{tenant.project_id}/channels", json=body)


@pytest.mark.usefixtures("sends_mail")
async def test_a_channel_from_its_making_to_its_end(tenant, pool):
    made = (await post(tenant, url=URL)).json()["data"]
    assert (made["name"], made["type"], made["address"], made["confirmedAt"]) == ("Slack", "slack", "slack://…", None)
    mail = (await post(tenant, email="Ann@Example.com", name="Ann", language="de")).json()["data"]
    assert (mail["name"], mail["type"], mail["address"], mail["language"]) == ("Ann", "email", "ann@example.com", "de")
    listed = await tenant.http.get(f"/projects/{tenant.project_id}/channels")
    assert listed.json()["data"] == [mail, made]
    assert "TIiajkdnlazkcOXrIdevi7FQ" not in listed.text
    async with transaction(pool) as conn:
        cursor = await conn.execute("SELECT count(*) FROM channels c WHERE c::text LIKE %s", ["%TIiajk%"])
        assert await cursor.fetchone() == (0,)
    path = f"/channels/{made['id']}"
    changed = (await tenant.http.patch(path, json={"name": "team", "enabled": False})).json()["data"]
    assert (changed["name"], changed["enabled"], changed["disabledReason"]) == ("team", False, None)
    assert (await tenant.http.post(f"{path}/test")).status_code == 409
    assert (await tenant.http.patch(path, json={"enabled": True})).json()["data"]["enabled"] is True
    sent = (await tenant.http.post(f"{path}/test")).json()["data"]
    assert (sent["kind"], sent["status"]) == ("test", "pending")
    log = (await tenant.http.get(f"{path}/messages?limit=1")).json()
    assert log["data"] == [sent]
    assert log["meta"]["total"] == 2
    assert (await tenant.http.delete(path)).status_code == 204
    assert (await tenant.http.get(path)).status_code == 404


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "body"),
        ({"email": "a@example.com", "url": URL}, "body"),
        ({"email": "no address"}, "email"),
        ({"url": "file:///etc/passwd"}, "url"),
        ({"url": "ntfy://10.0.0.1/x"}, "url"),
        ({"url": URL, "language": "xx"}, "language"),
        ({"url": URL, "name": " "}, "name"),
    ],
)
@pytest.mark.usefixtures("sends_mail")
async def test_what_is_refused(tenant, body, field):
    response = await post(tenant, **body)
    assert response.status_code == 400
    assert response.json()["error"]["details"][0]["field"] == field


async def test_without_a_mail_server_there_are_no_channels_of_mails(tenant):
    assert (await post(tenant, email="a@example.com")).json()["error"]["code"] == "CONFLICT"


async def test_keys_do_not_reach_channels_and_tests_are_six_a_minute(tenant):
    made = (await post(tenant, url=URL)).json()["data"]
    key = (await tenant.http.post(f"/projects/{tenant.project_id}/api-keys", json={"name": "k"})).json()["data"]["key"]
    with_key = {"Authorization": f"Bearer {key}"}
    assert (await tenant.http.get(f"/channels/{made['id']}", headers=with_key)).status_code == 403
    answers = [await tenant.http.post(f"/channels/{made['id']}/test") for _ in range(6)]
    assert [each.status_code for each in answers] == [201] * 5 + [429]  # the first test came with the channel
    assert answers[-1].headers["Retry-After"] == "60"


async def test_names_are_one_each_and_a_project_has_twenty(tenant, services, monkeypatch):
    object.__setattr__(services, "channel_hosts", Hosts.PUBLIC)
    monkeypatch.setattr(channels, "MOST_PER_PROJECT", 2)
    assert (await post(tenant, url="ntfys://ntfy.example.com/x")).json()["data"][
        "address"
    ] == "ntfys://ntfy.example.com/…"
    assert (await post(tenant, url="ntfys://ntfy.example.com/y")).status_code == 409
    other = (await post(tenant, url=URL)).json()["data"]
    assert (await tenant.http.patch(f"/channels/{other['id']}", json={"name": "ntfy"})).status_code == 409
    assert (await post(tenant, url=URL, name="third")).status_code == 409
