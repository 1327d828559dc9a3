"""Forms of the dashboard: what they carry over, what they ask, and what they refuse."""

import html
import re

import httpx
import pytest

from azscraper.kinds.observations import Ranking
from azscraper.store.db import transaction
from azscraper.tracking import observed
from azscraper.tracking.observed import Source
from azscraper.web.dashboard import views
from azscraper.web.dashboard.render import place_code, place_name, place_of_job
from integration.one_app import App
from integration.test_history import NOW

ORIGIN = {"Origin": "http://test"}


@pytest.fixture
async def browser(services, tenant):
    transport = httpx.ASGITransport(App(services))
    cookies = {"azscraper_session": tenant.token}
    async with httpx.AsyncClient(transport=transport, base_url="http://test", headers=ORIGIN, cookies=cookies) as it:
        yield it


async def fields_of(browser, path):
    """What a browser would send of the page's form for a new thing, as it came."""
    page = (await browser.get(path)).text
    form = page[page.index('id="schedule"') :].partition("</form>")[0]
    found = {
        tag[1]: html.unescape(tag[2])
        for tag in re.finditer(r'<input[^>]* name="(\w+)"[^>]* value="([^"]*)"[^>]*>', form)
        if tag[1] != "type" and ('type="checkbox"' not in tag[0] or " checked" in tag[0])
    }
    [found["type"]] = re.findall(r'name="type" value="(\w+)" checked', form)
    [found["targets"]] = re.findall(r"<textarea[^>]*>([^<]*)</textarea>", form)
    for name, choices in re.findall(r'<select[^>]* name="(\w+)"[^>]*>(.*?)</select>', form, re.DOTALL):
        if chosen := re.search(r'<option value="([^"]*)" selected', choices):
            found[name] = chosen[1]
    return page, found


@pytest.mark.parametrize(
    "job",
    [
        {
            "type": "search",
            "targets": ["kettle", "tea & <pot>"],
            "config": {
                "marketplace": "www.amazon.de", "lang": "de-DE", "pages": 2, "sort": "price-asc", "minPrice": 5,
                "maxPrice": 9.5, "category": "kitchen", "currency": "EUR", "maxAge": 3600, "maxRetries": 0, "weight": 3,
            },
        },
        {"type": "details", "targets": ["B000000001"], "config": {"marketplace": "www.amazon.de", "variant": "auto", "maxAge": 0, "weight": 10}},
    ],
)  # fmt: skip
async def test_a_schedule_made_from_a_job_keeps_all_its_options(tenant, browser, job):
    made = await tenant.post_job(**job)
    path = f"/app/projects/{tenant.project_id}/schedules"
    page, fields = await fields_of(browser, f"{path}/new?job={made['id']}")
    assert "max_age" in page
    response = await browser.post(path, data=fields)
    assert response.status_code == 303, response.text
    [schedule] = (await tenant.http.get(f"/projects/{tenant.project_id}/schedules")).json()["data"]
    assert schedule["crawlConfig"]["config"] == job["config"]
    fields = fields | {"type": "details", "targets": "B000000009"}  # the reader chose products after all
    assert (await browser.post(path, data=fields)).status_code == 303
    found = (await tenant.http.get(f"/projects/{tenant.project_id}/schedules")).json()["data"]
    assert not any(
        "minPrice" in each["crawlConfig"]["config"] for each in found if each["crawlConfig"]["type"] == "details"
    )


@pytest.mark.parametrize(
    "given",
    [{"options": "x"}, {"options": "[]"}, {"options": "1"}, {"weight": "11"}, {"min_price": "3", "max_price": "2"}],
)
async def test_options_that_no_page_of_ours_has_are_refused(tenant, browser, given):
    path = f"/app/projects/{tenant.project_id}/schedules"
    _, fields = await fields_of(browser, f"{path}/new?keyword=kettle")
    assert fields["targets"] == "kettle"
    assert (await browser.post(path, data=fields | given)).status_code == 400


async def test_a_schedule_from_a_job_leaves_out_what_is_no_target(tenant, browser):
    made = await tenant.post_job(targets=["B000000001", "no such thing"], onInvalid="skip")
    path = f"/app/projects/{tenant.project_id}/schedules"
    _, fields = await fields_of(browser, f"{path}/new?job={made['id']}")
    assert fields["targets"] == "B000000001"
    assert (await browser.post(path, data=fields)).status_code == 303


async def test_a_schedule_has_the_jobs_name_and_tags_and_may_change_them(tenant, browser):
    made = await tenant.post_job(name="Kettles & more", tags=["tea", "daily"])
    _, fields = await fields_of(browser, f"/app/projects/{tenant.project_id}/schedules/new?job={made['id']}")
    assert (fields["name"], fields["tags"]) == ("Kettles & more", "tea, daily")
    there = (await browser.post(f"/app/projects/{tenant.project_id}/schedules", data=fields)).headers["location"]
    url = there.partition("?")[0]
    change = {"form_token": fields["form_token"], "action": "label", "name": "Tea", "tags": " hot,cold ,"}
    assert (await browser.post(url, data=change)).status_code == 303
    schedule = (await tenant.http.get(f"/schedules/{url.rpartition('/')[2]}")).json()["data"]
    assert (schedule["name"], schedule["tags"]) == ("Tea", ["hot", "cold"])
    listed = f"/app/projects/{tenant.project_id}/schedules"
    assert ">Tea</a>" in (await browser.get(f"{listed}?q=te&tag=cold")).text
    assert "No such schedules" in (await browser.get(f"{listed}?tag=daily")).text


async def test_a_job_is_called_something_else_where_it_is_shown(tenant, browser):
    url = f"/app/jobs/{(await tenant.post_job(name='Kettles', tags=['tea', 'daily']))['id']}"
    page = (await browser.get(url)).text
    assert 'value="Kettles"' in page
    assert 'value="tea, daily"' in page
    token = re.search(r'name="form_token" value="([^"]+)"', page)[1]
    change = {"form_token": token, "name": "Pots & pans", "tags": "de"}
    assert (await browser.post(f"{url}/label", data=change)).headers["location"].startswith(f"{url}?")
    page = (await browser.get(url)).text
    assert "Pots &amp; pans</h1>" in page
    assert "jobs?tag=de" in page
    there = (await browser.post(f"{url}/label", data={"form_token": token, "view": "rows"})).headers["location"]
    assert there.startswith(f"{url}/rows?")
    job = (await tenant.http.get(f"/jobs/{url.rpartition('/')[2]}")).json()["data"]
    assert {"name", "tags"}.isdisjoint(job)
    refused = await browser.post(f"{url}/label", data=change | {"name": "n" * 121})
    assert refused.status_code == 400


async def test_a_schedule_from_a_pruned_job_says_that_its_targets_are_gone(tenant, browser, pool):
    made = await tenant.post_job(config={"weight": 2})
    async with transaction(pool) as conn:
        await conn.execute("DELETE FROM targets WHERE job_id = %s", [made["id"]])
        await conn.execute("UPDATE jobs SET status = 'cancelled', pruned_at = now() WHERE id = %s", [made["id"]])
    page = (await browser.get(f"/app/projects/{tenant.project_id}/schedules/new?job={made['id']}")).text
    assert "The targets of this job were removed" in page
    assert "weight" in page


async def test_a_price_limit_that_no_price_meets_is_told(tenant, browser):
    path = f"/app/projects/{tenant.project_id}/jobs"
    page = (await browser.get(f"{path}/new")).text
    token = re.search(r'name="form_token" value="([^"]+)"', page)[1]
    fields = {"form_token": token, "type": "search", "targets": "kettle", "min_price": "20", "max_price": "5"}
    response = await browser.post(path, data=fields, headers={"HX-Request": "true"})
    assert response.status_code == 400
    assert "Write a price that is not below the lowest price." in response.text
    assert 'data-fields="config.maxPrice"' in response.text


async def test_archiving_asks_first(tenant, browser):
    page = (await browser.get(f"/app/projects/{tenant.project_id}/settings")).text
    assert re.search(r'data-asks="Archive the project[^"]*"[^>]*>.*value="archive"', page)


async def test_a_form_that_is_sent_twice_creates_one_thing(tenant, browser):
    project = f"/app/projects/{tenant.project_id}"
    page = (await browser.get(f"{project}/jobs/new")).text
    form = dict(re.findall(r'<input type="hidden" name="(form_\w+)" value="([^"]+)"', page))
    job = form | {"type": "details", "targets": "B000000001\nB000000002"}
    schedule = job | {"cron": "0 6 * * *", "timezone": "UTC"}
    for path, fields, listed in (
        (f"{project}/jobs", job, f"/projects/{tenant.project_id}/jobs"),
        (f"{project}/schedules", schedule, f"/projects/{tenant.project_id}/schedules"),
        ("/app/projects", form | {"name": "Once"}, "/projects"),
    ):
        before = len((await tenant.http.get(listed)).json()["data"])
        first, again = [await browser.post(path, data=fields) for _ in range(2)]
        assert first.status_code == again.status_code == 303, first.text
        assert first.headers["location"] == again.headers["location"]
        edited = {"targets": "B000000003", "name": "Another"}
        other = fields | {name: value for name, value in edited.items() if name in fields}
        assert (await browser.post(path, data=other)).headers["location"] != first.headers["location"]
        fresh = await browser.post(path, data=fields | {"form_key": "of another loading"})
        assert fresh.headers["location"] != first.headers["location"]
        assert len((await tenant.http.get(listed)).json()["data"]) == before + 3


async def test_run_again_runs_once_per_click(tenant, browser):
    made = await tenant.post_job(type="details", targets=["B000000001"])
    assert (await tenant.http.post(f"/jobs/{made['id']}/cancel")).is_success
    page = (await browser.get(f"/app/jobs/{made['id']}")).text
    form = dict(re.findall(r'<input type="hidden" name="(form_\w+)" value="([^"]+)"', page))
    first, again = [await browser.post(f"/app/jobs/{made['id']}/retry", data=form) for _ in range(2)]
    assert first.status_code == 303
    assert first.headers["location"] == again.headers["location"]


async def test_what_failed_is_offered_to_be_corrected(tenant, browser, pool):
    made = await tenant.post_job(targets=["B000000001", "B000000009"], config={"marketplace": "www.amazon.de"})
    async with transaction(pool) as conn:
        await conn.execute(
            "UPDATE targets SET status = CASE value WHEN 'B000000009' THEN 'failed' ELSE 'success' END, error_code = 'not_found'"
            " WHERE job_id = %s",
            [made["id"]],
        )
        await conn.execute(
            "UPDATE jobs SET status = 'completed', pending = 0, succeeded = 1, failed = 1, completed_at = now() WHERE id = %s",
            [made["id"]],
        )
    way = f"/app/projects/{tenant.project_id}/jobs/new?correct={made['id']}"
    assert f'href="{way}"' in (await browser.get(f"/app/jobs/{made['id']}")).text
    form = (await browser.get(way)).text
    assert ">B000000009</textarea>" in form
    assert re.search(r'value="www.amazon.de" checked', form)


async def test_each_kind_says_what_its_targets_look_like(tenant, browser):
    for place in ("jobs", "lists", "schedules"):
        page = (await browser.get(f"/app/projects/{tenant.project_id}/{place}/new")).text
        assert '<span data-for="bestsellers" hidden>One per line: a department, such as kitchen' in page
        assert '<span data-for="details">' in page


async def test_a_check_that_a_product_starts_leads_back_to_it(tenant, browser):
    page = (await browser.get(f"/app/projects/{tenant.project_id}/jobs/new")).text
    form = dict(re.findall(r'<input type="hidden" name="(form_\w+)" value="([^"]+)"', page))
    asked = form | {"marketplace": "www.amazon.de", "asin": "B000000001"}
    for what in ("check", "offers"):
        path = f"/app/projects/{tenant.project_id}/products/{what}"
        back = (await browser.post(path, data=asked | {"back": "product", "form_key": what})).headers["location"]
        assert re.search(r"/products/B000000001\?marketplace=www.amazon.de&job=\w+$", back)
        assert (
            "/app/jobs/" in (await browser.post(path, data=asked | {"form_key": f"table {what}"})).headers["location"]
        )


async def test_a_new_key_comes_with_a_call_to_try(tenant, browser):
    page = (await browser.get(f"/app/projects/{tenant.project_id}/api-keys")).text
    form = dict(re.findall(r'<input type="hidden" name="(form_\w+)" value="([^"]+)"', page))
    shown = (await browser.post(f"/app/projects/{tenant.project_id}/api-keys", data=form | {"name": "curl"})).text
    key = re.search(r'<code id="secret">([^<]+)<', shown)[1]
    assert f'curl "http://test/ask/search?target=kettle" -H "Authorization: Bearer {key}"' in html.unescape(shown)


async def test_what_is_followed_is_not_taken_for_ones_own(tenant, browser, pool):
    me = (await tenant.http.get("/me")).json()["data"]
    job = await tenant.post_job(type="search", targets=["kettle"])
    ranking = Ranking("www.amazon.com", "kettle", "", "", 1, NOW, ("B000000001", "B000000002"), (False, False))
    async with transaction(pool) as conn:
        await observed.add_rankings(
            conn, Source(me["organizationId"], tenant.project_id, job["id"], "search"), [ranking]
        )
    rank = f"/app/projects/{tenant.project_id}/keywords/rank?keyword=kettle"
    followed = {"name": "All", "type": "details", "marketplaces": ["us"], "items": [{"target": "B000000001"}]}
    await tenant.http.post(f"/projects/{tenant.project_id}/lists", json=followed)
    page = (await browser.get(rank)).text
    assert ('class="own-share"' in page, "Mark products as yours" in page) == (False, True)
    own = {"name": "Mine", "type": "details", "marketplaces": ["us"], "items": [{"target": "B000000009"}]}
    await tenant.http.post(f"/projects/{tenant.project_id}/lists", json=own)
    page = (await browser.get(rank)).text
    assert "<b>0%</b> of it is yours." in page
    assert "None of your products is in these results." in page


async def test_a_list_of_best_sellers_is_called_and_checked_as_one(tenant, browser, pool):
    me = (await tenant.http.get("/me")).json()["data"]
    address = "https://www.amazon.de/gp/bestsellers/kitchen"
    asked = {"keyword": address, "marketplace": "www.amazon.de"}
    job = await tenant.post_job(type="bestsellers", targets=["kitchen"], config={"marketplace": "www.amazon.de"})
    ranking = Ranking("www.amazon.de", address, "", "", 1, NOW, ("B000000001",), (False,), (None,), (1,))
    async with transaction(pool) as conn:
        await observed.add_rankings(
            conn, Source(me["organizationId"], tenant.project_id, job["id"], "bestsellers"), [ranking]
        )
    mine = {"name": "Mine", "type": "details", "marketplaces": ["de"], "items": [{"target": "B000000001"}]}
    await tenant.http.post(f"/projects/{tenant.project_id}/lists", json=mine)
    listed = (await browser.get(f"/app/projects/{tenant.project_id}/keywords")).text
    assert ">Bestsellers: Kitchen</a>" in listed
    assert 'data-label="My best position"><b>1</b>' in listed
    followed = {"name": "Charts", "type": "bestsellers", "marketplaces": ["de"], "items": [{"target": "kitchen"}]}
    one = (await tenant.http.post(f"/projects/{tenant.project_id}/lists", json=followed)).json()["data"]["id"]
    assert "keywords/rank?keyword=https" in (await browser.get(f"/app/lists/{one}")).text
    page = (await browser.get(f"/app/projects/{tenant.project_id}/keywords/rank", params=asked)).text
    assert f'<a class="button" href="/app/lists/{one}">' in page
    assert "<b>100%</b> of it is yours." in page
    assert "Checked once so far." in page
    assert "ponsored" not in page[page.index("<h1") :]  # a list of best sellers has no places to buy
    await tenant.http.delete(f"/lists/{one}")
    page = (await browser.get(f"/app/projects/{tenant.project_id}/keywords/rank", params=asked)).text
    way = html.unescape(re.search(r'href="([^"]+/lists/new[^"]+)"', page[page.index("<h1") :])[1])
    form = (await browser.get(way)).text
    assert re.search(
        r'value="bestsellers" checked.*>kitchen</textarea>|>kitchen</textarea>.*value="bestsellers" checked',
        form,
        re.DOTALL,
    )
    assert re.findall(r'value="(www[^"]+)" checked', form) == ["www.amazon.de"]
    assert '<h1 dir="auto">Bestsellers: Kitchen</h1>' in page
    assert f'href="{address}"' in page
    form = dict(re.findall(r'<input type="hidden" name="(form_\w+)" value="([^"]+)"', page))
    way = await browser.post(f"/app/projects/{tenant.project_id}/keywords/check", data=form | asked)
    posted = (await tenant.http.get(f"/jobs/{way.headers['location'].rpartition('/')[2]}")).json()["data"]
    assert posted["type"] == "bestsellers"
    daily = (await browser.get(f"/app/projects/{tenant.project_id}/schedules/new", params=asked)).text
    assert 'value="bestsellers" checked' in daily
    assert ">kitchen</textarea>" in daily


def test_a_file_can_have_the_columns_that_the_table_shows_at_first():
    asked = views.read_query("details", "columns=shown")
    assert asked.keys == list(dict.fromkeys(each.path[0] for each in views.columns_of("details") if each.shown))
    assert views.read_query("details", "").keys == []


@pytest.mark.parametrize("said", ["de", "www.amazon.de", "DE"])
def test_a_marketplace_has_one_name_however_it_was_said(said):
    assert (place_code(said), place_name(said)) == ("DE", "amazon.de")


@pytest.mark.parametrize(
    ("said", "first", "host"),
    [
        (None, "https://www.amazon.de/dp/B000000001", "www.amazon.de"),
        ("fr", "amazon.de/dp/B000000001", "www.amazon.de"),
        ("fr", "B000000001", "fr"),
        ("fr", "coffee/tea", "fr"),
        (None, None, "www.amazon.com"),
    ],
)
def test_a_job_is_where_its_first_target_leads(said, first, host):
    assert place_of_job(said, first) == host


async def test_home_and_jobs_name_the_marketplace_of_an_address(tenant, browser):
    job = await tenant.post_job(type="details", targets=["https://www.amazon.de/dp/B000000001"], name="One")
    base = f"/app/projects/{tenant.project_id}"
    assert '<span class="muted">DE · ' in (await browser.get(base)).text
    assert '<span class="place">DE</span>' in (await browser.get(f"{base}/jobs")).text
    assert "<span>amazon.de</span>" in (await browser.get(f"/app/jobs/{job['id']}")).text


async def test_the_preview_of_an_alert_says_that_a_price_needs_a_marketplace(tenant, browser):
    page = (await browser.get(f"/app/projects/{tenant.project_id}/alerts")).text
    form = {"form_token": re.search(r'name="form_token" value="([^"]+)"', page)[1]}
    asked = form | {"product": "price_below", "product_value": "20"}
    said = (await browser.post(f"/app/projects/{tenant.project_id}/alerts/preview", data=asked)).text
    assert "Choose a marketplace: it sets the currency of the price." in said
