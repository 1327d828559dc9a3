"""Alerts and notices over HTTP."""

import pytest

from azscraper.tracking.alerts import alerts

PRICE = {"field": "price", "op": "below", "value": 20}
SLACK = {"url": "slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ"}


async def post(tenant, **body):
    return await tenant.http.post(f"/projects/{tenant.project_id}/alerts", json={"when": [PRICE]} | body)


async def test_an_alert_from_its_making_to_its_end(tenant):
    channel = (await tenant.http.post(f"/projects/{tenant.project_id}/channels", json=SLACK)).json()["data"]
    made = (
        await post(
            tenant,
            what={"products": ["b000000001"], "marketplaces": ["de"]},
            channels=["Slack", channel["id"]],
            quietHours={"from": "21:00", "to": "07:00", "timezone": "Europe/Berlin"},
            digest={"every": "weekly", "weekday": "friday", "at": "09:30"},
            rearm={"after": "hours", "hours": 12},
            note="mine",
        )
    ).json()["data"]
    assert (made["name"], made["currency"], made["match"], made["enabled"]) == (
        "price below €20.00",
        "EUR",
        "all",
        True,
    )
    assert made["what"] == {
        "products": ["B000000001"],
        "listId": None,
        "tag": None,
        "seller": None,
        "keyword": None,
        "node": None,
        "runs": False,
        "scheduleId": None,
        "marketplaces": ["www.amazon.de"],
    }
    assert made["when"] == [PRICE | {"value": 20.0, "unit": "amount", "days": None}]
    assert made["channels"] == [channel["id"]]
    assert made["quietHours"] == {"from": "21:00", "to": "07:00", "timezone": "Europe/Berlin"}
    assert made["digest"] == {"every": "weekly", "weekday": "friday", "at": "09:30", "timezone": "UTC"}
    path = f"/alerts/{made['id']}"
    assert (await tenant.http.get(path)).json()["data"] == made | {"leftOut": 0}
    changed = (await tenant.http.patch(path, json={"quietHours": None, "enabled": False, "channels": []})).json()[
        "data"
    ]
    assert (changed["quietHours"], changed["enabled"], changed["channels"]) == (None, False, [])
    assert changed["beganAt"] == made["beganAt"]
    changed = (await tenant.http.patch(path, json={"when": [PRICE | {"value": 10}]})).json()["data"]
    assert changed["beganAt"] > made["beganAt"]
    listed = (await tenant.http.get(f"/projects/{tenant.project_id}/alerts")).json()
    assert listed["data"] == [changed]
    assert (await tenant.http.post(f"{path}/test")).status_code == 409
    await tenant.http.patch(path, json={"channels": ["Slack"]})
    assert (await tenant.http.post(f"{path}/test")).json()["data"] == {"sentTo": [channel["id"]], "leftOut": []}
    assert (await tenant.http.delete(path)).status_code == 204
    assert (await tenant.http.get(path)).status_code == 404


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "currency"),
        ({"when": []}, "when"),
        ({"when": [{"field": "colour", "op": "changes"}]}, "when"),
        ({"when": [{"field": "price", "op": "below"}]}, "when"),
        ({"when": [{"field": "price"}]}, "when"),
        ({"when": [{"field": "title", "op": "below", "value": 1}]}, "when"),
        ({"when": [{"field": "rating", "op": "below", "value": "target"}]}, "when"),
        ({"when": [{"field": "rating", "op": "below", "value": "own"}]}, "when"),
        ({"when": [{"field": "price", "op": "below", "value": -1}], "currency": "EUR"}, "when.0.value"),
        ({"when": [{"field": "price", "op": "lowest_in_days"}]}, "when"),
        ({"when": [{"field": "position", "op": "enters_top", "value": 3}]}, "when"),
        ({"when": [{"field": "buyBoxLost"}]}, "when"),
        ({"when": [{"field": "failed"}]}, "when"),
        ({"when": [{"field": "failed"}, PRICE], "what": {"runs": True}}, "when"),
        ({"when": [{"field": "failed", "value": "many"}], "what": {"runs": True}}, "when"),
        ({"when": [{"field": "overdue", "value": "target"}], "what": {"runs": True}}, "when"),
        ({"when": [{"field": "rating", "op": "changes_to", "value": "four"}]}, "when"),
        ({"when": [{"field": "seller", "op": "changes_to", "value": 4}]}, "when"),
        ({"when": [{"field": "availability", "op": "changes_to", "value": "nonsense"}]}, "when"),
        ({"when": [{"field": "reviewBelow"}]}, "when"),
        ({"when": [{"field": "reviewBelow", "value": "three"}]}, "when"),
        ({"when": [{"field": "reviewBelow", "value": 3}, {"field": "title", "op": "changes"}]}, "when"),
        ({"when": [{"field": "reviewBelow", "value": 3}], "what": {"seller": "Acme"}}, "when"),
        ({"when": [{"field": "reviewBelow", "value": 3}], "what": {"keyword": "kettle"}}, "when"),
        ({"currency": "EUR", "channels": ["nobody"]}, "channels"),
        ({"currency": "EUR", "what": {"marketplaces": ["amazon.xx"]}}, "marketplace"),
        ({"currency": "EUR", "digest": {"timezone": "Europe/Nowhere"}}, "digest.timezone"),
        ({"currency": "EUR", "quietHours": {"from": "7:00", "to": "08:00"}}, "quietHours.from"),
        ({"currency": "EUR", "quietHours": {"from": "07:00", "to": "07:00"}}, "quietHours"),
    ],
)
async def test_what_is_refused(tenant, body, field):
    response = await post(tenant, **body)
    assert response.status_code == 400, response.text
    assert response.json()["error"]["details"][0]["field"] == field


async def test_an_address_gets_its_channel_for_a_user_and_not_for_a_key(tenant, services):
    object.__setattr__(services, "sends_mail", True)
    key = (await tenant.http.post(f"/projects/{tenant.project_id}/api-keys", json={"name": "k"})).json()["data"]["key"]
    body = {"when": [PRICE], "currency": "EUR", "channels": ["email:me@example.com"]}
    path = f"/projects/{tenant.project_id}/alerts"
    refused = await tenant.http.post(path, json=body, headers={"Authorization": f"Bearer {key}"})
    assert refused.json()["error"]["details"][0]["field"] == "channels"
    made = (await tenant.http.post(path, json=body)).json()["data"]
    again = (await tenant.http.post(path, json=body, headers={"Authorization": f"Bearer {key}"})).json()["data"]
    assert again["channels"] == made["channels"]
    [channel] = (await tenant.http.get(f"/projects/{tenant.project_id}/channels")).json()["data"]
    assert (channel["id"], channel["confirmedAt"]) == (made["channels"][0], None)


async def test_a_project_has_a_thousand_alerts_at_most(tenant, monkeypatch):
    monkeypatch.setattr(alerts, "MOST_PER_PROJECT", 1)
    assert (await post(tenant, currency="EUR")).status_code == 201
    assert (await post(tenant, currency="EUR")).status_code == 409


async def test_notices_are_listed_and_marked(tenant, pool):
    path = f"/projects/{tenant.project_id}/notices"
    async with pool.connection() as conn:
        for at in range(3):
            await conn.execute(
                """INSERT INTO notices (id, organization_id, project_id, kind, marketplace, place, subject, title, reasons,
                       observed_at)
                   SELECT %s, organization_id, id, 'channel_disabled', '', '', 'c', 'team',
                       '[{"reason": "It failed for 5 days"}]', now() FROM projects WHERE id = %s""",
                [f"{at:024x}", tenant.project_id],
            )
    first = (await tenant.http.get(f"{path}?limit=2")).json()
    second = (await tenant.http.get(f"{path}?limit=2&cursor={first['meta']['nextCursor']}")).json()
    assert [one["id"] for one in first["data"] + second["data"]] == [f"{at:024x}" for at in (2, 1, 0)]
    assert first["data"][0]["text"] == "Channel “team” was switched off: It failed for 5 days"
    assert (await tenant.http.patch(path, json={"ids": [f"{1:024x}"]})).json()["data"] == {"marked": 1}
    assert (await tenant.http.get(f"{path}?unread=true")).json()["meta"]["total"] == 2
    assert (await tenant.http.patch(path, json={})).json()["data"] == {"marked": 2}
    assert (await tenant.http.patch(path, json={"read": False})).json()["data"] == {"marked": 3}


async def test_a_preview_shows_what_would_have_been_told_and_creates_nothing(tenant):
    path = f"/projects/{tenant.project_id}/alerts"
    body = {"when": [PRICE], "what": {"marketplaces": ["de"]}}
    found = (await tenant.http.post(f"{path}/preview", json=body)).json()["data"]
    assert found.keys() == {"since", "count", "lookedAt", "isComplete", "notices"}
    assert (found["count"], found["lookedAt"], found["isComplete"], found["notices"]) == (0, 0, True, [])
    assert (await tenant.http.get(path)).json()["data"] == []
    refused = await tenant.http.post(f"{path}/preview", json={"when": [PRICE | {"op": "happens"}]})
    assert (refused.status_code, refused.json()["error"]["details"][0]["field"]) == (400, "when")
    made = (await tenant.http.post(path, json=body)).json()["data"]
    assert (await tenant.http.get(f"/alerts/{made['id']}/preview")).json()["data"]["count"] == 0
    assert (await tenant.http.post(f"/projects/{'0' * 24}/alerts/preview", json=body)).status_code == 404
