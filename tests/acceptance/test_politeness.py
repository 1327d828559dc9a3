"""What a marketplace sees of several worker processes, and what their customers see of one another."""

from itertools import pairwise

import httpx
import orjson
import pytest

from acceptance.conftest import running_marketplace, running_service, stats, wait_until
from azscraper.demo.goods.catalogue import products
from azscraper.demo.goods.locales import LOCALES
from azscraper.demo.server import base_urls

_RATE = 50
_BURST = _RATE // 4
"""A quarter of a second's worth: what lapses if it is not used in time, and what is late on the way."""
_HOST = LOCALES[0].host


@pytest.fixture(scope="module")
def paced():
    """A marketplace that is asked by four worker processes at 50 requests a second."""
    with running_marketplace() as marketplace:
        # its first page takes so long to make that the requests behind it would be counted in one bunch
        httpx.get(
            f"{base_urls(marketplace)[_HOST]}/dp/{products(LOCALES[0])[0].asin}", trust_env=False, timeout=60
        ).raise_for_status()
        settings = {"MARKETPLACE_BASE_URL": orjson.dumps(base_urls(marketplace)).decode(), "CRAWL_RATE": str(_RATE)}
        with running_service("--workers", "4", **settings) as service:
            yield service, marketplace


def most_in_a_second(times):
    first, most = 0, 0
    for last, time in enumerate(times):
        while times[first] <= time - 1:
            first += 1
        most = max(most, last - first + 1)
    return most


def test_four_workers_together_keep_the_pace_of_one(paced):
    service, marketplace = paced
    asins = [product.asin for product in products(LOCALES[0])]
    seen = len(stats(marketplace)["hosts"][_HOST]["pages"])
    posted = [service.client.create_job(service.project_id, "details", asins[n::4]) for n in range(4)]
    for job in posted:
        assert service.finish(job["id"])["status"] == "completed"
    times = stats(marketplace)["hosts"][_HOST]["pages"][seen:]
    assert len(times) >= len(asins)
    assert all(earlier <= later for earlier, later in pairwise(times))
    assert most_in_a_second(times) <= _RATE + _BURST


def test_a_small_job_behind_ten_large_ones_is_served_with_the_next_two_seconds_worth_of_the_pace(paced):
    service, marketplace = paced
    large = [f"B0{n:08}" for n in range(2000)]  # none of them exists
    posted = [service.client.create_job(service.project_id, "details", large)["id"] for _ in range(10)]
    wait_until(lambda: all(service.client.job(job_id)["status"] == "running" for job_id in posted), "ten large jobs")
    before = stats(marketplace)["counts"]["product"]
    small = service.client.create_job(service.project_id, "details", [products(LOCALES[0])[0].asin])["id"]
    service.finish(small)
    elsewhere = stats(marketplace)["counts"]["product"] - before
    for job_id in posted:
        service.client.cancel(job_id)
    assert elsewhere <= 2 * _RATE
