"""What the pages of targets say about themselves, and how much of it their rows hold."""

import orjson

from azscraper.running.save import Outcome
from integration.test_api import run_chunk

COVERAGE = {"have": 30, "total": 100, "complete": False, "reason": "not_served"}
WHOLE = {"have": 3, "total": None, "complete": True, "reason": None}
SUMMARIES = {
    "first": ((2, {"page": 2}), (1, {"page": 1})),
    "second": ((1, {"page": 1}), (0, {"title": "Toys", "coverage": COVERAGE})),
    "third": (),
    "fourth": ((0, {"coverage": WHOLE}),),
}


def outcome(target):
    summaries = tuple((number, orjson.dumps(said)) for number, said in SUMMARIES[target.value])
    return Outcome(target.ordinal, target.claim, "success", 1, summaries=summaries)


async def test_each_target_has_its_own_summary_or_that_of_its_first_page(tenant, pool):
    job = await tenant.post_job(type="search", targets=list(SUMMARIES))
    await run_chunk(pool, job["id"], outcome)
    path = f"/jobs/{job['id']}/summaries"
    first = (await tenant.http.get(path, params={"limit": 2})).json()
    assert first["data"] == [
        {"target": "first", "ordinal": 0, "summary": {"page": 1}},
        {"target": "second", "ordinal": 1, "summary": {"title": "Toys", "coverage": COVERAGE}},
    ]
    assert first["meta"]["total"] == 3
    cursor = first["meta"]["nextCursor"]
    rest = (await tenant.http.get(path, params={"limit": 2, "cursor": cursor})).json()
    assert [one["ordinal"] for one in rest["data"]] == [3]
    assert rest["meta"]["nextCursor"] is None


async def test_targets_say_how_much_their_rows_cover(tenant, pool):
    job = await tenant.post_job(type="search", targets=list(SUMMARIES))
    await run_chunk(pool, job["id"], outcome)
    listed = (await tenant.http.get(f"/jobs/{job['id']}/targets")).json()["data"]
    assert [one["coverage"] for one in listed] == [None, COVERAGE, None, WHOLE]
