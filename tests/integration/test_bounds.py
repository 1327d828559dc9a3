"""How much a tenant may have of a thing, and how often: one more is refused in words, also when several come at once."""

import asyncio
from datetime import UTC, datetime

from azscraper.crawl import archive_index
from azscraper.crawl.archive import Location
from azscraper.crawl.archive_index import ArchivedPage
from azscraper.jobs.reparses import A_DAY
from azscraper.store.db import transaction
from azscraper.tenants import api_keys, projects
from azscraper.tracking import schedules
from azscraper.webhooks.deliveries import REDELIVERIES_A_MINUTE, TESTS_A_MINUTE

SCHEDULE = {"cron": "0 6 * * *", "crawlConfig": {"type": "search", "targets": ["mug"]}}


async def fill(pool, sql, *values):
    async with transaction(pool) as conn:
        await conn.execute(sql, values)


async def posted(tenant, path, body=None, times=3):
    """The statuses of the same request sent several times at once, and one of the refusals."""
    answers = await asyncio.gather(*(tenant.http.post(path, json=body) for _ in range(times)))
    refused = [answer for answer in answers if answer.status_code >= 400]
    return sorted(answer.status_code for answer in answers), refused[0]


def message(answer):
    return answer.json()["error"]["message"]


async def test_an_organization_has_100_open_projects_and_1000_in_all(tenant, pool):
    sql = """INSERT INTO projects (id, organization_id, name, archived)
             SELECT lpad(n::text, 24, '0'), organization_id, 'x', %s FROM projects, generate_series(%s::int, %s::int) n
             WHERE id = %s"""
    await fill(pool, sql, "f", 1, projects.MOST_OPEN - 2, tenant.project_id)
    statuses, refused = await posted(tenant, "/projects", {"name": "one more"})
    assert statuses == [201, 409, 409]
    assert message(refused) == "An organization has at most 100 open projects; archive one that you no longer need"
    closed = {"archived": True}
    assert (await tenant.http.patch(f"/projects/{tenant.project_id}", json=closed)).status_code == 200
    assert (await tenant.http.post("/projects", json={"name": "in its location"})).status_code == 201
    assert (await tenant.http.patch(f"/projects/{tenant.project_id}", json={"archived": False})).status_code == 409
    await fill(pool, sql, "t", 1000, 1000 + projects.MOST_WITH_ARCHIVED - projects.MOST_OPEN - 2, tenant.project_id)
    await tenant.http.patch(f"/projects/{1:024}", json=closed)
    assert "archived ones included" in message(await tenant.http.post("/projects", json={"name": "x"}))


async def test_a_project_has_50_keys(tenant, pool):
    sql = """INSERT INTO api_keys (id, organization_id, project_id, name, lookup, key_hash, key_hint)
             SELECT lpad(n::text, 24, '0'), organization_id, id, 'x', lpad(n::text, 8, 'a'), decode(md5('a') || md5('b'), 'hex'), 'abcd'
             FROM projects, generate_series(2, %s::int) n WHERE id = %s"""
    await fill(pool, sql, api_keys.MOST_PER_PROJECT, tenant.project_id)
    statuses, refused = await posted(tenant, f"/projects/{tenant.project_id}/api-keys", {"name": "one more"})
    assert statuses == [201, 409, 409]
    assert message(refused) == "A project has at most 50 API keys; delete one that nobody uses"


async def test_a_project_has_100_schedules_and_20_webhooks(tenant, pool):
    sql = """INSERT INTO schedules (id, organization_id, project_id, cron, timezone, enabled, type, targets, config)
             SELECT lpad(n::text, 24, '0'), organization_id, id, '@daily', 'UTC', false, 'search', '{a}', '{}'
             FROM projects, generate_series(2, %s::int) n WHERE id = %s"""
    await fill(pool, sql, schedules.MOST_PER_PROJECT, tenant.project_id)
    assert (await posted(tenant, f"/projects/{tenant.project_id}/schedules", SCHEDULE))[0] == [201, 409, 409]
    webhook = {"url": "https://hooks.example.com/"}
    statuses, _ = await posted(tenant, f"/projects/{tenant.project_id}/webhooks", webhook, times=22)
    assert statuses == [201] * 20 + [409] * 2


async def test_webhooks_are_tested_six_times_a_minute_and_redelivered_sixty_times(tenant, stranger, pool):
    async def webhook_of(who):
        made = await who.http.post(f"/projects/{who.project_id}/webhooks", json={"url": "https://hooks.example.com/"})
        return made.json()["data"]["id"]

    one, other = [await webhook_of(tenant) for _ in range(2)]
    for _ in range(TESTS_A_MINUTE - 1):
        delivery = (await tenant.http.post(f"/webhooks/{one}/test")).json()["data"]["id"]
    statuses, refused = await posted(tenant, f"/webhooks/{other}/test")
    assert statuses == [201, 429, 429]
    assert message(refused) == "At most 6 such messages can be sent per minute"
    assert refused.headers["retry-after"] == "60"
    assert (await stranger.http.post(f"/webhooks/{await webhook_of(stranger)}/test")).status_code == 201
    statuses, _ = await posted(tenant, f"/deliveries/{delivery}/redeliver", times=REDELIVERIES_A_MINUTE + 1)
    assert statuses == [201] * REDELIVERIES_A_MINUTE + [429]
    a_minute_ago = "ARRAY(SELECT t - interval '1 min' FROM unnest(recent_tests) t)"
    await fill(pool, f"UPDATE organizations SET recent_tests = {a_minute_ago}")
    assert (await tenant.http.post(f"/webhooks/{one}/test")).status_code == 201


async def end_with_a_page(pool, job_id):
    page = ArchivedPage(
        "1", 1, b"x" * 16, accepted=True, fetched_at=datetime.now(UTC), location=Location("pages/x", 0, 9)
    )
    async with transaction(pool) as conn:
        await archive_index.add(conn, job_id, [(0, page)])
        await conn.execute("UPDATE jobs SET status = 'completed' WHERE id = %s", [job_id])


async def test_a_job_is_read_again_once_at_a_time_and_three_times_a_day(tenant, pool):
    job = latest = (await tenant.post_job())["id"]
    await end_with_a_page(pool, job)
    for _ in range(A_DAY):  # each of the last one, which has read the same pages
        statuses, refused = await posted(tenant, f"/jobs/{latest}/reparse")
        assert statuses == [201, 409, 409]
        assert "wait until that job is over" in message(refused)
        assert (await tenant.http.post(f"/jobs/{job}/reparse")).status_code == 409
        latest = (await tenant.http.get(f"/projects/{tenant.project_id}/jobs")).json()["data"][0]["id"]
        await end_with_a_page(pool, latest)
    for job_id in (job, latest):
        refused = await tenant.http.post(f"/jobs/{job_id}/reparse")
        assert (refused.status_code, message(refused)) == (429, "The pages of a job are read again 3 times a day")
        assert 86_000 < int(refused.headers["retry-after"]) <= 86_400
    await fill(pool, "UPDATE jobs SET created_at = created_at - interval '1 day' WHERE reparse_of = %s", job)
    assert (await tenant.http.post(f"/jobs/{job}/reparse")).status_code == 201
