"""A job of every kind of page, end to end over HTTP, against the built-in marketplace: made of the registry, so that none is forgotten."""

import csv
import io
from contextlib import asynccontextmanager

import httpx
import pytest
from pydantic import ValidationError

from azscraper.demo.faults import Fault, Faults, RobotsAnswer
from azscraper.demo.server import base_urls, running_marketplace
from azscraper.kinds.registry import kinds
from integration.crawling import ended, running
from integration.one_app import App
from integration.test_dashboard_session import COOKIE

TARGETS = {
    "details": "B0DEMO0001",
    "search": "kettle",
    "offers": "B0DEMO0001",
    "reviews": "B0DEMO0001",
    "suggestions": "ke",
}
"""Of the built-in marketplace, where it does not have the example of the kind."""


SHARED = ("/robots.txt", "/dp/B0DEMO0001", "/s?k=&page=1", "/other")
"""Pages that several kinds ask for; the last is what the marketplace counts those as that it does not have."""


@pytest.fixture
async def browser(services, tenant):
    transport = httpx.ASGITransport(App(services), raise_app_exceptions=False)
    cookies = {COOKIE: tenant.token}
    async with httpx.AsyncClient(transport=transport, base_url="http://test", cookies=cookies) as client:
        yield client


@asynccontextmanager
async def crawled(tenant, pool, database_url, faults=None):
    """A job of each kind, over; and what the marketplace was asked for."""
    async with running_marketplace(faults) as url:
        made = {
            name: await tenant.post_job(type=name, targets=[TARGETS.get(name, kind.example)], config={"maxRetries": 2})
            for name, kind in kinds().items()
        }
        async with running(database_url, url, marketplace_base_url=base_urls(url)):
            for job in made.values():
                await ended(pool, job["id"])
        async with httpx.AsyncClient(base_url=url, trust_env=False) as shop:
            yield made, (await shop.get("/__stats")).json()


async def targets_of(tenant, job):
    return (await tenant.http.get(f"/jobs/{job['id']}/targets")).json()["data"]


async def answer_of(tenant, job):
    """Its target, rows, summary and file."""
    path = f"/jobs/{job['id']}"
    (target,) = await targets_of(tenant, job)
    rows = (await tenant.http.get(f"{path}/results")).json()["data"]
    summaries = (await tenant.http.get(f"{path}/summaries")).json()["data"]
    file = await tenant.http.get(f"{path}/export", params={"format": "csv"})
    return target, rows, summaries, file


def problems_of(kind, target, rows, summaries, file):
    """What is wrong with the answer."""
    if target["status"] != "success":
        return [f"the target is {target['status']}: {target['error']}"]
    found = [] if rows else ["there are no rows"]
    models = {record.__name__: record for record in kind.records}
    for row in rows:
        if row.get("record") not in models:
            found.append(f"a row is {row.get('record')}")
            continue
        try:
            models[row["record"]].model_validate(row, extra="forbid")
        except ValidationError as exc:
            found.append(f"a row does not hold: {exc}")
    main = [row for row in rows if row.get("record") == kind.record.__name__]
    if len(list(csv.DictReader(io.StringIO(file.text)))) != len(main):
        found.append("the file has other rows")
    return found + summary_problems(kind, target, rows, summaries)


def summary_problems(kind, target, rows, summaries):
    if kind.summary is None:
        return ["there is a summary"] if summaries else []
    if len(summaries) != 1:
        return [f"there are {len(summaries)} summaries"]
    try:
        kind.summary.model_validate(summaries[0]["summary"], extra="forbid")
    except ValidationError as exc:
        return [f"the summary does not hold: {exc}"]
    coverage = target["coverage"]
    if coverage and coverage["have"] != len(rows):
        return [f"coverage says {coverage['have']} of {len(rows)} rows"]
    return []


async def test_a_job_of_each_kind(tenant, pool, database_url, browser):
    async with crawled(tenant, pool, database_url) as (made, stats):
        answers = {name: await answer_of(tenant, job) for name, job in made.items()}
        pages = {
            name: [await browser.get(f"/app/jobs/{job['id']}{of}", follow_redirects=True) for of in ("", "/rows")]
            for name, job in made.items()
        }
    assert {name: {page.status_code for page in shown} for name, shown in pages.items()} == {
        name: {200} for name in made
    }
    wrong = {name: problems_of(kinds()[name], *answer) for name, answer in answers.items()}
    assert {name: problems[:3] for name, problems in wrong.items() if problems} == {}
    again = {page: count for page, count in stats["asked"].items() if count > 1}
    assert not {page for page in again if not page.endswith(SHARED)}


async def test_what_robots_txt_forbids_is_never_asked(tenant, pool, database_url):
    async with crawled(tenant, pool, database_url, Faults(robots=RobotsAnswer.DISALLOW_ALL)) as (made, stats):
        found = {name: (await targets_of(tenant, job))[0]["error"]["code"] for name, job in made.items()}
    assert found == dict.fromkeys(kinds(), "robots_disallowed")
    assert set(stats["counts"]) == {"robots"}


async def test_a_sign_in_is_asked_once_and_never_again(tenant, pool, database_url):
    async with crawled(tenant, pool, database_url, Faults(rates={Fault.SIGN_IN: 1.0})) as (made, stats):
        found = {name: (await targets_of(tenant, job))[0]["error"]["code"] for name, job in made.items()}
    assert found == dict.fromkeys(kinds(), "sign_in_required")
    asked = {page: count for page, count in stats["asked"].items() if not page.endswith("/robots.txt")}
    assert max(asked.values()) <= 3  # three kinds may ask for the same product
    assert sum(asked.values()) <= 2 * len(kinds())


def test_each_kind_claims_addresses():
    """So that ``auto`` finds it. What completes searches answers on hosts that nobody pastes from."""
    assert [name for name, kind in kinds().items() if kind.claims is None] == ["suggestions"]
