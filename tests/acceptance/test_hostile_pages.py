"""Pages that are made to freeze whoever reads them, against real processes."""

import subprocess
import sys

import orjson
import pytest

from acceptance.conftest import running_service, wait_until
from acceptance.hostile_shop import ATTRIBUTES, DISGUISED, GOOD, PAGES, hostile_shop
from acceptance.json_client import JsonClient
from azscraper.marketplaces import MARKETPLACES


@pytest.fixture(scope="module")
def attacked():
    with hostile_shop() as url:
        shops = orjson.dumps(dict.fromkeys(MARKETPLACES, url)).decode()
        with running_service("--workers", "2", MARKETPLACE_BASE_URL=shops, CRAWL_RATE="0") as service:
            yield service


def targets_of(service, job_id):
    return {target["value"]: target for target in service.client.targets(job_id)}


def test_a_page_of_300_000_attributes_fails_at_once_and_is_not_built(attacked):
    job = attacked.finish(attacked.client.create_job(attacked.project_id, "details", [ATTRIBUTES])["id"])
    assert job["status"] == "failed"
    (target,) = targets_of(attacked, job["id"]).values()
    assert (target["error"]["code"], target["attempts"]) == ("parse_error", 1)


def test_a_reading_without_end_is_ended_from_outside_and_costs_nobody_else_a_try(attacked):
    job_id = attacked.client.create_job(attacked.project_id, "details", [DISGUISED, *GOOD])["id"]
    with JsonClient(attacked.url) as stranger:
        stranger.register("bob@example.com", "correct horse")
        theirs = stranger.create_job(stranger.create_project("Theirs")["id"], "details", GOOD[:3])["id"]
        wait_until(lambda: stranger.job(theirs)["status"] == "completed", "the end of another customer's job")
    assert attacked.client.job(job_id)["progress"]["failed"] == 0, "the page is still being read"
    job = attacked.finish(job_id)
    assert (job["progress"]["succeeded"], job["progress"]["failed"]) == (len(GOOD), 1)
    targets = targets_of(attacked, job_id)
    assert targets[DISGUISED]["error"]["code"] == "parse_error"
    assert {target["attempts"] for target in targets.values()} == {1}


def test_extract_says_what_it_did_not_read(tmp_path):
    page = tmp_path / "page.html"
    page.write_bytes(PAGES[f"/dp/{ATTRIBUTES}"])
    run = subprocess.run([sys.executable, "-m", "azscraper", "extract", page], capture_output=True, check=True)
    assert orjson.loads(run.stdout)["kind"] == "unreadable"
