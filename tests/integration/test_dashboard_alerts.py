"""Alerts in the dashboard: changed with all of their conditions, tested, and none in an archived project."""

import html
import re

import pytest

from integration.test_dashboard_pages import SLACK, browser_of, form_token_of

__all__ = ["browser_of"]  # a fixture


async def test_an_alert_is_changed_where_it_stands(tenant, browser_of):
    async with browser_of(tenant.token) as browser:
        url = f"/app/projects/{tenant.project_id}/alerts"
        token = await form_token_of(browser)
        sentence = {"what": "", "product": "price_drops", "product_value": "10", "form_token": token}
        alert = (await browser.post(url, data=sentence)).headers["location"].partition("?")[0]
        page = html.unescape((await browser.get(alert)).text)
        assert 'value="10"' in page
        name = re.search(r'name="name" type="text" value="([^"]+)"', page)[1]
        form = {"form_token": token, "action": "revise", "name": name, "value_0": "5", "digest": "daily"}
        assert (await browser.post(alert, data=form | seen(page))).status_code == 303
        page = html.unescape((await browser.get(alert)).text)
        assert f"<dd>{name[0].lower()}{name[1:].replace('10', '5')}</dd>" in page, page
        assert f'value="{name.replace("10", "5")}"' in page
        assert (await browser.post(alert, data=form | seen(page) | {"value_0": "much"})).status_code == 400


def seen(page):
    return {"seen": re.search(r'name="seen" value="([^"]+)"', page)[1]}


async def test_all_conditions_are_changed_and_what_another_changed_is_kept(tenant, browser_of):
    below = {"field": "price", "op": "below", "value": 20}
    drops = {"field": "price", "op": "drops_by", "value": 10, "unit": "percent", "days": 7}
    body = {"when": [below, drops], "what": {"marketplaces": ["de"]}, "currency": "EUR"}
    made = (await tenant.http.post(f"/projects/{tenant.project_id}/alerts", json=body)).json()["data"]
    url = f"/app/alerts/{made['id']}"
    async with browser_of(tenant.token) as browser:
        page = html.unescape((await browser.get(url)).text)
        form = {"form_token": await form_token_of(browser), "action": "revise", "match": "any"} | seen(page)
        values = {"value_0": "19,90", "value_1": "15", "days_1": "30"}
        assert (await browser.post(url, data=form | values)).status_code == 303
        changed = (await tenant.http.get(f"/alerts/{made['id']}")).json()["data"]
        assert [(one["value"], one["days"]) for one in changed["when"]] == [(19.9, None), (15.0, 30)]
        assert changed["match"] == "any"
        assert (await browser.post(url, data=form | values)).status_code == 409  # the page is from before
        form |= seen((await browser.get(url)).text)
        assert (await browser.post(url, data=form | {"leave_0": "1"})).status_code == 303
    assert len((await tenant.http.get(f"/alerts/{made['id']}")).json()["data"]["when"]) == 1


async def test_a_condition_joins_the_others_and_leaves_again(tenant, browser_of):
    drops = {"field": "price", "op": "drops_by", "value": 10, "unit": "percent"}
    project = f"/projects/{tenant.project_id}"
    made = (await tenant.http.post(f"{project}/alerts", json={"when": [drops]})).json()["data"]
    url = f"/app/alerts/{made['id']}"

    async def conditions():
        return (await tenant.http.get(f"/alerts/{made['id']}")).json()["data"]["when"]

    async with browser_of(tenant.token) as browser:
        page = html.unescape((await browser.get(url)).text)
        assert "costs less than<" not in page  # of a rule without a currency, which a price needs
        form = {"form_token": await form_token_of(browser), "action": "revise"} | seen(page)
        joined = form | {"product": "buy_box_lost", "product_seller": "Anna"}
        for wrong, field in (("rank_enters", "product_value"), ("price_below", "product"), ("x", "product")):
            refused = await browser.post(url, data=form | {"product": wrong}, headers={"HX-Request": "true"})
            assert (refused.status_code, f'data-field="{field}"' in refused.text) == (400, True), wrong
        assert "Nothing that this watches was checked." in (await browser.post(f"{url}/preview", data=joined)).text
        assert len(await conditions()) == 1
        assert (await browser.post(url, data=joined)).status_code == 303
        assert [(one["field"], one["value"]) for one in await conditions()] == [("price", 10.0), ("buyBoxLost", "Anna")]
        page = html.unescape((await browser.get(url)).text)
        assert page.count("Leave this condition out") == 2
        form |= seen(page) | {"leave_0": "1"}
        gone = (await browser.post(f"{url}/preview", data=form | {"leave_1": "1"})).text
        assert "Keep at least one condition." in gone
        gone = await browser.post(url, data=form | {"leave_1": "1"}, headers={"HX-Request": "true"})
        assert 'data-field="leave_0" hidden>' in gone.text  # a sentence of its own, without the name of a field
        assert (await browser.post(url, data=form)).status_code == 303
        assert [one["field"] for one in await conditions()] == ["buyBoxLost"]


async def test_an_alert_is_tested_on_its_page(tenant, browser_of):
    project = f"/projects/{tenant.project_id}"
    channel = (await tenant.http.post(f"{project}/channels", json={"url": SLACK})).json()["data"]["id"]
    body = {"when": [{"field": "price", "op": "changes"}]}
    alert = (await tenant.http.post(f"{project}/alerts", json=body)).json()["data"]["id"]
    url = f"/app/alerts/{alert}"
    async with browser_of(tenant.token) as browser:
        token = {"form_token": await form_token_of(browser)}
        assert "Send a test" not in (await browser.get(url)).text
        assert (await browser.post(f"{url}/test", data=token)).status_code == 409
        await tenant.http.patch(f"/alerts/{alert}", json={"channels": [channel]})
        assert "Send a test" in (await browser.get(url)).text
        answer = await browser.post(f"{url}/test", data=token)
        assert answer.headers["location"] == f"{url}?notice=message_sent"
        sent = (await tenant.http.get(f"/channels/{channel}/messages")).json()["data"]
        assert [one["kind"] for one in sent] == ["test", "test"]  # the first one is the channel's own
        statuses = [(await browser.post(f"{url}/test", data=token)).status_code for _ in range(5)]
        assert statuses == [303] * 4 + [429]


@pytest.mark.parametrize("is_form", [False, True])
async def test_an_archived_project_takes_nothing_new(tenant, browser_of, is_form):
    base = f"/projects/{tenant.project_id}"
    new = {"name": "L", "type": "details", "marketplaces": ["us"]}
    made = (await tenant.http.post(f"{base}/lists", json=new)).json()["data"]["id"]
    await tenant.http.patch(base, json={"archived": True})
    refused = "The project is archived; reopen it first"
    if is_form:
        async with browser_of(tenant.token) as browser:
            token = {"form_token": await form_token_of(browser)}
            for path, fields in (
                (f"{base}/alerts", {"product": "price_changes"}),
                (f"{base}/channels", {"address": SLACK}),
                (f"{base}/webhooks", {"url": "https://hooks.example.com/x", "events": "job.failed"}),
                (f"{base}/lists", {"name": "M", "type": "details", "marketplaces": "us", "targets": "B0DEMO0001"}),
                (f"{base}/schedules", {"cron": "@daily", "type": "search", "targets": "kettle"}),
                (f"/lists/{made}/items", {"targets": "B0DEMO0002"}),
            ):
                answer = await browser.post(f"/app{path}", data=token | fields)
                assert answer.status_code == 409, path
                assert refused in answer.text, path
            for path in ("alerts", "channels", "webhooks"):
                page = (await browser.get(f"/app{base}/{path}")).text
                assert 'id="new"' not in page, path
                assert "This project is archived" in page, path
        return
    for path, body in (
        (f"{base}/jobs", {"type": "search", "targets": ["mug"]}),
        (f"{base}/alerts", {"when": [{"field": "price", "op": "changes"}]}),
        (f"{base}/channels", {"url": SLACK}),
        (f"{base}/webhooks", {"url": "https://hooks.example.com/x"}),
        (f"{base}/lists", new | {"name": "M"}),
        (f"{base}/schedules", {"cron": "@daily", "crawlConfig": {"type": "search", "targets": ["x"]}}),
        (f"/lists/{made}/items", {"items": [{"target": "B0DEMO0001"}]}),
    ):
        answer = await tenant.http.post(path, json=body)
        assert (answer.status_code, answer.json()["error"]["message"]) == (409, refused), path
