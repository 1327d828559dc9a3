"""A marketplace that misbehaves: each fault ends as the right code, and what passes is tried again until it is good."""

import orjson
import pytest

from acceptance.conftest import running_service
from azscraper.demo.faults import TRIGGERS
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
