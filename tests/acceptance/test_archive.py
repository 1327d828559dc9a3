"""Fetched pages are kept and read again, by real processes: nothing is asked of the marketplace a second time."""

import subprocess
import sys

import httpx
import orjson
import psutil
import pytest

from acceptance.conftest import clean_environ, running_marketplace, running_service, wait_until
from acceptance.json_client import ServiceAnsweredError
from azscraper.demo.goods.catalogue import products
from azscraper.demo.goods.locales import EN_US
from azscraper.demo.server import base_urls
from integration.s3server import BUCKET, running_s3

ASINS = [product.asin for product in products(EN_US)[:60]]


class Shop:
    def __init__(self, base):
        self.base = base
        self.settings = {"MARKETPLACE_BASE_URL": orjson.dumps(base_urls(base)).decode(), "CRAWL_RATE": "0"}

    def asked(self):
        counts = httpx.get(f"{self.base}/__stats", trust_env=False, timeout=60).json()["counts"]
        return counts.get("product", 0) + counts.get("search", 0)


@pytest.fixture(scope="module")
def shop():
    with running_marketplace() as base:
        yield Shop(base)


@pytest.fixture(scope="module")
def kept(shop):
    with running_service("--workers", "2", **shop.settings) as service:
        yield service


@pytest.fixture
def kept_in_s3(shop):
    with running_s3() as environ, pytest.MonkeyPatch.context() as patch:
        for name, value in environ.items():
            patch.setenv(name, value)
        with running_service(ARCHIVE_URL=f"s3://{BUCKET}/wide", **shop.settings) as service:
            yield service


def crawl(service, kind, targets, **config):
    job = service.finish(service.client.create_job(service.project_id, kind, targets, config)["id"])
    assert job["status"] == "completed", job
    return job


def test_a_job_is_read_again_without_fetching(kept, shop):
    asked = shop.asked()
    details = crawl(kept, "details", [*ASINS, "B000NOWHERE"[:10]])
    search = crawl(kept, "search", ["coffee", "mug"], pages=2)
    assert shop.asked() >= asked + 64
    asked = shop.asked()
    for job in (details, search):
        again = kept.finish(kept.client.reparse(job["id"])["id"])
        assert (again["status"], again["reparseOf"]) == ("completed", job["id"])
        assert again["progress"] == job["progress"]
        assert again["config"] == job["config"]
        assert kept.client.results(again["id"]) == kept.client.results(job["id"])  # fetchedAt and all
        twice = kept.finish(kept.client.reparse(again["id"])["id"])
        assert twice["resultCount"] == job["resultCount"]
    assert shop.asked() == asked


def test_the_pages_may_be_in_an_object_store(kept_in_s3, shop):
    job = crawl(kept_in_s3, "details", ASINS)
    asked = shop.asked()
    again = kept_in_s3.finish(kept_in_s3.client.reparse(job["id"])["id"])
    assert kept_in_s3.client.results(again["id"]) == kept_in_s3.client.results(job["id"])
    assert shop.asked() == asked


def test_a_worker_that_dies_while_it_reads_loses_nothing(kept, shop):
    job = crawl(kept, "details", ASINS)
    asked = shop.asked()
    again = kept.client.reparse(job["id"])["id"]
    workers = [p for p in psutil.Process(kept.process.pid).children() if p.cmdline()[-1] == "worker"]
    workers[0].kill()
    kept.finish(again)
    assert kept.client.results(again) == kept.client.results(job["id"])
    assert shop.asked() == asked
    wait_until(lambda: len(psutil.Process(kept.process.pid).children()) >= 3, "the return of the worker")


def test_a_page_that_was_fetched_lately_is_used_again_where_that_is_wanted(kept, shop):
    first = crawl(kept, "details", ASINS[:30])
    asked = shop.asked()
    second = crawl(kept, "details", ASINS[:30], maxAge=3600)
    assert shop.asked() == asked
    assert kept.client.results(second["id"]) == kept.client.results(first["id"])
    for config in ({"maxAge": 0}, {"maxAge": 3600, "lang": "es"}, {}):
        asked = shop.asked()
        crawl(kept, "details", ASINS[:5], **config)
        assert shop.asked() == asked + 5
    kept.client.register("bob@example.com", "correct horse")
    try:
        asked = shop.asked()
        project_id = kept.client.create_project("Bob's")["id"]
        job = kept.client.create_job(project_id, "details", ASINS[:5], {"maxAge": 3600})
        kept.finish(job["id"])
        assert shop.asked() == asked + 5  # another organization's pages are not used
        with pytest.raises(ServiceAnsweredError) as refused:
            kept.client.reparse(first["id"])
        assert refused.value.status == 404
    finally:
        kept.client.login("ann@example.com", "correct horse")


def test_the_operator_replays_a_job_on_the_command_line(kept, shop):
    job = crawl(kept, "details", ASINS[:30])
    asked = shop.asked()
    environ = clean_environ(DATA_DIR=str(kept.data_dir), **shop.settings)
    command = [sys.executable, "-m", "azscraper", "replay", job["id"]]
    run = subprocess.run(command, env=environ, capture_output=True, text=True, timeout=100, check=True)
    again = run.stdout.strip()
    assert kept.client.job(again)["status"] == "completed"
    assert kept.client.results(again) == kept.client.results(job["id"])
    assert shop.asked() == asked


def test_the_operator_prunes_on_the_command_line(kept, shop):
    job = crawl(kept, "details", ASINS[:3])
    environ = clean_environ(DATA_DIR=str(kept.data_dir), **shop.settings)
    command = [sys.executable, "-m", "azscraper", "prune", "--export", str(kept.data_dir / "old"), "--older-than"]
    run = subprocess.run([*command, "1d"], env=environ, capture_output=True, text=True, timeout=100, check=True)
    assert run.stdout == "0 jobs pruned, 0 months dropped, 0 files written\n"
    run = subprocess.run([*command, "0d"], env=environ, capture_output=True, text=True, timeout=100, check=True)
    assert int(run.stdout.split()[0]) >= 1
    assert kept.client.job(job["id"])["prunedAt"]
    assert list((kept.data_dir / "old").glob(f"*/*/job-{job['id']}.parquet"))
    with pytest.raises(ServiceAnsweredError, match="were removed on"):
        kept.client.results(job["id"])


def test_pages_that_are_gone_are_told(kept):
    job = crawl(kept, "details", ASINS[:3])
    segments = list(kept.data_dir.glob("archive/pages/*/*/*/*.warc.gz"))
    assert segments
    for segment in segments:
        segment.unlink()
    gone = kept.finish(kept.client.reparse(job["id"])["id"])
    assert (gone["status"], gone["error"]["code"]) == ("failed", "not_archived")
