"""Real pages, replayed: every ASIN and every keyword of the folder through the whole system."""

import json
from pathlib import Path

import orjson
import pytest

from acceptance.conftest import running_service
from acceptance.replay import recorded, replaying

_KINDS = Path(__file__).parents[1] / "labels" / "kinds.jsonl"
_CODES = {"not_found": "not_found", "blocked": "blocked", "sign_in": "blocked", "consent": "blocked"}


@pytest.fixture(scope="module")
def replayed(pages_dir):
    pages = recorded(pages_dir)
    with replaying(pages_dir) as base:
        urls = orjson.dumps({host: f"{base}/{host}" for host, _ in pages}).decode()
        quick = {"CRAWL_RATE": "0", "RETRY_BASE_SECONDS": "0.05", "BREAKER_SECONDS": "0.05", "CRAWL_RETRIES": "0"}
        with running_service(MARKETPLACE_BASE_URL=urls, **quick) as service:
            yield service, pages


def check(service, job_id, pages, expected):
    """Each page that is what was asked for gave its target success; each other one failed it with the right code."""
    kinds = {page["file"]: page["kind"] for page in map(json.loads, _KINDS.read_text().splitlines())}
    targets = list(service.client.targets(job_id))
    assert len(targets) == len(pages)
    for target, page in zip(targets, pages, strict=True):
        kind = kinds[page["file"]]
        end = ("success", None) if kind in expected else ("failed", _CODES.get(kind, "parse_error"))
        assert (target["status"], target["error"] and target["error"]["code"]) == end, (page["file"], kind, target)


def test_all_asins(replayed):
    service, pages = replayed
    urls = [f"https://{host}/dp/{name.upper()}" for (host, name), page in pages.items() if not page["keyword"]]
    mine = [page for page in pages.values() if not page["keyword"]]
    job = service.finish(service.client.create_job(service.project_id, "details", urls)["id"])
    assert job["status"] == "completed"
    check(service, job["id"], mine, {"product"})
    rows = service.client.results(job["id"])
    assert all(row["asin"] and row["marketplace"] and row["fetchedAt"] for row in rows)


def test_all_keywords(replayed):
    service, pages = replayed
    for host in sorted({host for host, _ in pages}):
        mine = [page for page in pages.values() if page["keyword"] and page["marketplace"] == host]
        if not mine:
            continue
        keywords = [page["keyword"] for page in mine]
        job = service.client.create_job(service.project_id, "search", keywords, {"marketplace": host})
        job = service.finish(job["id"])
        check(service, job["id"], mine, {"search", "empty_search"})
        rows = service.client.results(job["id"])
        assert {row["marketplace"] for row in rows} <= {host}
