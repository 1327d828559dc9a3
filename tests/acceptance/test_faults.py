"""A marketplace that misbehaves: each fault ends as the right code, and what passes is tried again until it is good."""

import asyncio
from contextlib import asynccontextmanager

import httpx
import orjson
import psutil
import pytest

from acceptance.conftest import running_marketplace, running_service, stats, wait_until
from azscraper.demo.faults import TRIGGERS
from azscraper.demo.goods.catalogue import products
from azscraper.demo.goods.locales import EN_US
from azscraper.demo.server import base_urls

ENDS = {  # the "Sorry" page of a 500 or 503 is how Amazon turns crawlers away
    "CAP": "blocked",
    "C53": "blocked",
    "CON": "blocked",
    "503": "blocked",
    "RAS": "blocked",
    "RAD": "blocked",
    "429": "blocked",
    "500": "blocked",
    "SLO": None,
    "CUT": "http_error",
    "CHU": "http_error",
    "TRU": "parse_error",
    "RED": None,
    "OFF": "http_error",
    "CHR": None,
    "ZIP": "http_error",
    "EMP": "parse_error",
    "SGN": "sign_in_required",
    "404": "not_found",
}
FINAL = {"OFF", "ZIP", "404", "SGN"}
"""Trying again could not change these."""


@pytest.fixture(scope="module")
def quick(marketplace):
    settings = {
        "MARKETPLACE_BASE_URL": orjson.dumps(base_urls(marketplace)).decode(),
        "CRAWL_RATE": "0",
        "RETRY_BASE_SECONDS": "0.05",
        "BREAKER_SECONDS": "0.05",
    }
    with running_service(**settings) as service:
        yield service


def outcomes(service, asins, retries):
    job = service.client.create_job(service.project_id, "details", asins, {"maxRetries": retries})
    service.finish(job["id"])
    found = {target["value"]: target for target in service.client.targets(job["id"])}
    return found, {row["requestedAsin"]: row for row in service.client.results(job["id"])}


def test_every_fault_is_expected():
    assert {trigger.code for trigger in TRIGGERS} == ENDS.keys()


def test_each_fault_ends_with_its_code(quick):
    found, rows = outcomes(quick, [f"B0FAULT{code}" for code in ENDS] + ["B0FAULTROB"], retries=1)
    ends = {asin: target["error"] and target["error"]["code"] for asin, target in found.items()}
    assert ends == {f"B0FAULT{code}": end for code, end in ENDS.items()} | {"B0FAULTROB": "robots_disallowed"}
    for target in found.values():
        assert target["status"] == ("failed" if target["error"] else "success")
        assert not target["error"] or target["error"]["message"].endswith(".")
    assert rows.keys() == {f"B0FAULT{code}" for code, end in ENDS.items() if end is None}
    assert rows["B0FAULTRED"]["asin"] != "B0FAULTRED"


def test_what_passes_is_tried_again(quick):
    codes = [code for code in ENDS if code not in FINAL]
    found, rows = outcomes(quick, [f"B0FAIL1{code}" for code in codes], retries=3)
    assert {target["status"] for target in found.values()} == {"success"}, found
    for code in codes:
        assert found[f"B0FAIL1{code}"]["attempts"] == (1 if ENDS[code] is None else 2), code
    assert len(rows) == len(codes)


async def ask(http, service, target, key):
    body = {"type": "details", "target": target, "waitSeconds": 3}
    return await http.post(f"/projects/{service.project_id}/ask", json=body, headers={"Idempotency-Key": key})


async def until_answered(http, service, target, key):
    """As a client does: again while it is 202, and while no service is there."""
    while True:
        try:
            answer = await ask(http, service, target, key)
        except httpx.TransportError:
            continue
        if answer.status_code != 202:
            return answer


async def test_200_asks_at_once_are_all_answered_while_a_job_goes_on(quick):
    asins = [product.asin for product in products(EN_US)]
    job = quick.client.create_job(quick.project_id, "details", [f"/dp/{asin}" for asin in asins[:60]])
    async with open_http(quick) as http:
        wanted = [(asins[n % len(asins)], f"crowd {n}") for n in range(200)]
        first = await asyncio.gather(*(ask(http, quick, *one) for one in wanted))
        assert [answer.text for answer in first if answer.status_code not in {200, 202}] == []
        answers = await asyncio.gather(*(until_answered(http, quick, *one) for one in wanted))
    assert {answer.status_code for answer in answers} == {200}
    assert [answer.headers["x-job-id"] for answer in answers] == [answer.headers["x-job-id"] for answer in first]
    assert len({answer.headers["x-job-id"] for answer in answers}) == 200
    assert [answer.json()["data"][0]["requestedAsin"] for answer in answers] == [asin for asin, _ in wanted]
    assert quick.client.job(job["id"])["progress"]["succeeded"] > 0, "the job went on meanwhile"
    assert quick.finish(job["id"])["progress"]["succeeded"] == 60


async def test_an_api_that_is_killed_while_a_request_waits_loses_nothing(quick):
    async with open_http(quick) as http:
        before = {job["id"] for job in quick.client.jobs(quick.project_id)}
        waiting = asyncio.create_task(ask(http, quick, "B0FAIL1503", "killed"))
        while not (begun := {job["id"] for job in quick.client.jobs(quick.project_id)} - before):
            await asyncio.sleep(0.02)
        (api,) = (p for p in psutil.Process(quick.process.pid).children() if "api" in p.cmdline())
        api.kill()
        with pytest.raises(httpx.TransportError):
            await waiting
        answer = await until_answered(http, quick, "B0FAIL1503", "killed")
    assert (answer.status_code, answer.json()["meta"]["status"]) == (200, "success")
    assert answer.headers["x-job-id"] in begun


@asynccontextmanager
async def open_http(service):
    limits, headers = httpx.Limits(max_connections=250), {"Authorization": f"Bearer {service.token}"}
    async with httpx.AsyncClient(base_url=service.url, headers=headers, limits=limits, timeout=90) as http:
        yield http


def test_no_page_is_asked_for_while_robots_txt_can_not_be_read():
    with running_marketplace("--faults", '{"robots": "unavailable"}') as marketplace:
        settings = {
            "MARKETPLACE_BASE_URL": orjson.dumps(base_urls(marketplace)).decode(),
            "CRAWL_RATE": "0",
            "RETRY_BASE_SECONDS": "0.05",
        }
        with running_service("--workers", "2", **settings) as service:
            job_id = service.client.create_job(service.project_id, "details", ["B0DEMO0001", "B0DEMO0002"])["id"]

            def codes():
                return {target["error"] and target["error"]["code"] for target in service.client.targets(job_id)}

            wait_until(lambda: codes() == {"unreachable"}, "the look at robots.txt")
            seen = stats(marketplace)["counts"]
    assert set(seen) == {"robots"}
    assert seen["robots"] <= 2
