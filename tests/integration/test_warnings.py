"""What has no effect is said, and refused where no published contract lets it pass."""

import orjson
import pytest

from azscraper.client.routes import crawl_config
from azscraper.errors import InvalidInputError
from azscraper.jobs import options
from azscraper.records.options import RESERVED
from azscraper.web import warnings

SEARCH = {"type": "search", "targets": ["kettle"]}


@pytest.mark.parametrize(
    ("kind", "key", "said"),
    [
        ("search", "page", "is not an option, it has no effect; did you mean 'pages'?"),
        ("search", "maxprice", "is not an option, it has no effect; did you mean 'maxPrice'?"),
        ("search", "zzz", "is not an option, it has no effect"),
        ("search", "variant", "has no effect: it is an option of details jobs"),
        ("details", "sort", "has no effect: it is an option of search, category and reviews jobs"),
        ("details", "postalCode", RESERVED["postalCode"]),
        ("search", "pages", None),
        ("details", "maxAge", None),
        ("details", "variant", None),
    ],
)
def test_options_without_effect(kind, key, said):
    found = options.without_effect(kind, {key: 1, "lang": "de"})
    assert [(one.field, one.message) for one in found] == ([(f"config.{key}", said)] if said else [])


@pytest.mark.parametrize(
    ("kind", "target", "pages", "warned"),
    [
        ("search", "https://www.amazon.com/s?k=kettle&page=3&ref=x", None, True),
        ("auto", "https://www.amazon.com/s?page=3&k=kettle", 2, True),
        ("reviews", "https://www.amazon.com/product-reviews/B0DEMO0001?pageNumber=2", None, True),
        ("search", "https://www.amazon.com/s?k=kettle&page=3", 3, False),
        ("search", "https://www.amazon.com/s?k=kettle&page=1", None, False),
        ("search", "kettle page=3", None, False),
        ("details", "https://www.amazon.com/dp/B0DEMO0001?page=3", None, False),
    ],
)
def test_the_address_of_a_later_page_is_read_from_the_first_one_on(kind, target, pages, warned):
    found = options.without_effect(kind, {"pages": pages} if pages else {}, [target])
    assert [one.field for one in found] == (["config.pages"] if warned else [])


async def test_a_job_says_which_of_its_options_have_no_effect_and_keeps_them(tenant):
    config = {"pges": 3, "postalCode": "10115", "lang": "de-DE", "pages": 2.0, "minPrice": 10}
    for _ in range(2):  # the second answer is the kept one
        made = await tenant.http.post(
            f"/projects/{tenant.project_id}/jobs", json={**SEARCH, "config": config}, headers={"Idempotency-Key": "one"}
        )
        assert made.status_code == 201
        assert orjson.dumps(made.json()["data"]["config"]) == orjson.dumps(config), (
            "in the order, with the numbers, as sent"
        )
        assert [one["field"] for one in made.json()["meta"]["warnings"]] == ["config.pges", "config.postalCode"]
    made = await tenant.http.post(f"/projects/{tenant.project_id}/jobs", json={**SEARCH, "config": {"lang": "de-DE"}})
    assert "meta" not in made.json()


async def test_a_second_list_of_a_name_is_made_and_warned_of(tenant):
    body = {"name": "Kettles", "type": "details", "marketplaces": ["us"]}
    first, second = [
        (await tenant.http.post(f"/projects/{tenant.project_id}/lists", json=body)).json() for _ in range(2)
    ]
    assert "meta" not in first or not first["meta"].get("warnings")
    assert second["meta"]["warnings"] == [
        {"field": "name", "message": "is the name of another list too; tell them apart by their ids"}
    ]


async def test_a_schedule_says_it_too(tenant):
    body = {"cron": "0 8 * * *", "crawlConfig": {**SEARCH, "config": {"variant": "auto"}}}
    made = (await tenant.http.post(f"/projects/{tenant.project_id}/schedules", json=body)).json()
    assert [one["field"] for one in made["meta"]["warnings"]] == ["crawlConfig.config.variant"]
    schedule = f"/schedules/{made['data']['id']}"
    changed = (await tenant.http.patch(schedule, json={"crawlConfig": body["crawlConfig"]})).json()
    assert changed["meta"] == made["meta"]


async def test_a_parameter_that_is_there_twice_is_refused_or_warned_of(tenant):
    answer = await tenant.http.get(f"/projects/{tenant.project_id}/rows?type=search&type=details&limit=1&limit=2")
    assert answer.status_code == 400
    assert {one["field"]: one["message"] for one in answer.json()["error"]["details"]} == {
        "type": "is there twice",
        "limit": "is there twice",
    }
    listed = (await tenant.http.get(f"/projects/{tenant.project_id}/jobs?limit=5&limit=3")).json()
    assert listed["meta"]["limit"] == 3
    assert [one["field"] for one in listed["meta"]["warnings"]] == ["limit"]


async def test_published_routes_ignore_unknown_parameters_and_say_so(tenant):
    listed = (await tenant.http.get(f"/projects/{tenant.project_id}/jobs?limt=5&limit=3&x=1")).json()
    assert listed["meta"] == {
        "total": 0,
        "limit": 3,
        "offset": 0,
        "warnings": [
            {"field": "limt", "message": "is not a parameter of this route; did you mean 'limit'?"},
            {"field": "x", "message": "is not a parameter of this route"},
        ],
    }


async def test_a_stream_ignores_unknown_parameters_too(tenant):
    job_id = (await tenant.post_job())["id"]
    rows = await tenant.http.get(f"/jobs/{job_id}/results?limt=5&limit=1&limit=2")
    assert (rows.status_code, rows.json()["data"]) == (200, [])
    assert [one["field"] for one in rows.json()["meta"]["warnings"]] == ["limt", "limit"]
    file = await tenant.http.get(f"/jobs/{job_id}/export?partial=true&guards=false")
    assert (file.status_code, file.json()) == (200, [])


ELSEWHERE = [
    ("marketplace", "de", "did you mean 'config.marketplace'?"),
    ("amazon_domain", "amazon.de", "did you mean 'config.marketplace'?"),
    ("max_pages", 2, ""),
    ("max_page", 2, "did you mean 'config.pages'?"),
    ("sort", "price-asc", "did you mean 'config.sort'?"),
    ("wait_second", 3, "did you mean 'wait_seconds'?"),
]


@pytest.mark.parametrize(("key", "value", "hint"), ELSEWHERE)
async def test_a_key_that_a_body_does_not_have_is_refused_or_warned_of(tenant, key, value, hint):
    said = f"is not a field of this body{'; ' if hint else ''}{hint}"
    project = f"/projects/{tenant.project_id}"
    made = await tenant.http.post(f"{project}/jobs", json={**SEARCH, key: value})
    assert (made.status_code, made.json()["meta"]["warnings"]) == (201, [{"field": key, "message": said}])
    asked = {"type": "search", "target": "kettle", "waitSeconds": 0, key: value}
    refused = await tenant.http.post(f"{project}/ask", json=asked)
    assert (refused.status_code, refused.json()["error"]["message"]) == (400, f"{key}: {said}")


async def test_keys_of_objects_in_a_body_are_looked_at_too(tenant):
    crawl = {**SEARCH, "marketplace": "de", "config": {"own": {"marketplace": 1}}}
    body = {"cron": "0 8 * * *", "every": "day", "crawlConfig": crawl, "wait_seconds": 1}
    made = (await tenant.http.post(f"/projects/{tenant.project_id}/schedules", json=body)).json()
    fields = [one["field"] for one in made["meta"]["warnings"]]
    assert fields == ["every", "crawlConfig.marketplace", "wait_seconds", "crawlConfig.config.own"]
    project = await tenant.http.patch(f"/projects/{tenant.project_id}", json={"changeThresholds": {"price": 3}})
    assert [one["field"] for one in project.json()["meta"]["warnings"]] == ["changeThresholds.price"]


async def test_of_a_body_of_unknown_keys_alone_a_few_are_told(tenant, monkeypatch):
    looked_up = []
    monkeypatch.setattr(warnings, "nearest", lambda key, _known: looked_up.append(key) or "")
    body = SEARCH | {f"k{n}" * 60: n for n in range(20_000)}
    made = await tenant.http.post(f"/projects/{tenant.project_id}/jobs", json=body)
    told = made.json()["meta"]["warnings"]
    assert (made.status_code, len(told), {len(one["field"]) for one in told}) == (201, 20, {100})
    assert max(map(len, looked_up), default=0) <= 100


def test_what_other_services_call_a_parameter_leads_to_its_name_here():
    known = ["target", "marketplace", "pages", "sort", "since"]
    assert [options.nearest(name, known) for name in ("asin", "domain", "sort_by", "include")] == [
        "; did you mean 'target'?",
        "; did you mean 'marketplace'?",
        "; did you mean 'sort'?",
        "",
    ]


@pytest.mark.parametrize("path", ["/me?x=1", "/credits?x=1", "/marketplaces?x=1", "/products/B0DEMO0001/history?asn=x"])
async def test_routes_added_since_refuse_them(tenant, path):
    answer = await tenant.http.get(path)
    assert answer.status_code == 400
    assert answer.json()["error"]["details"][0]["message"].startswith("is not a parameter of this route")


async def test_a_cursor_that_is_none_is_said_in_words_too(tenant):
    for path in ("rows", "changes", "jobs"):
        answer = await tenant.http.get(f"/projects/{tenant.project_id}/{path}?cursor=next")
        said = answer.json()["error"]["message"] if answer.status_code == 400 else ""
        assert said in {"cursor: is not a cursor: send the nextCursor of an answer as it is", ""}, path
    assert (await tenant.http.get(f"/projects/{tenant.project_id}/rows?cursor=next")).status_code == 400


async def test_who_sends_no_credential_is_told_of_both(tenant):
    answer = await tenant.http.get("/ask/details?target=B0DEMO0001&api_key=azs_x", headers={"Authorization": ""})
    assert answer.status_code == 401
    assert all(word in answer.json()["error"]["message"] for word in ("Authorization: Bearer", "X-API-Key", "key"))


def test_the_client_refuses_what_is_not_an_option():
    with pytest.raises(InvalidInputError, match=r"min_prize: is not an option; did you mean 'min_price'\?"):
        crawl_config("search", "kettle", {"min_prize": 3})
    assert crawl_config("search", "kettle", {"minPrice": 3, "max_price": 4})["config"] == {"minPrice": 3, "maxPrice": 4}
