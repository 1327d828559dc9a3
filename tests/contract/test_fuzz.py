"""schemathesis reads the served OpenAPI document and asks the running service whatever it can think of.

All its checks are on: no 500, no status, header or body that the document does not promise, nothing refused that fits
the document, nothing taken that does not, no route open that should be closed. ``make test`` gives it a small budget,
``make fuzz`` the whole one.
"""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import httpx
import psycopg
import pytest

from acceptance.conftest import SECRET, running_api
from azscraper.ids import new_id
from azscraper.records import SearchRow

HERE = Path(__file__).parent
SMALL = ["--phases", "examples,fuzzing,stateful", "--max-examples", "4", "--seed", "1"]
WHOLE = ["--phases", "examples,coverage,fuzzing,stateful", "--max-examples", "40"]
WHOLE_CASES = 2_000
IDS = (
    *("project_id", "job_id", "schedule_id", "webhook_id", "delivery_id", "key_id"),
    *("list_id", "item_id", "channel_id", "alert_id"),
)
NOT_EACH_TIME = {
    "POST /auth/login",  # passwords and codes are not to be guessed
    "POST /auth/login-handoff",
    "POST /auth/verify-handoff",
    "POST /auth/register",  # an address of nobody with a password that is none of the common ones: not each time
    "POST /referral/click",  # of a code that nobody has
    "GET /jobs/{job_id}/targets/{ordinal}/page",  # whose file is not there
    "POST /channels/{channel_id}/test",  # of few questions, behind those that delete the channels
    "POST /alerts/{alert_id}/test",  # the same
}


@dataclass
class Api:
    """A service with something of everything in it, and who may call it."""

    url: str
    ids: dict[str, list[str]]
    user: dict[str, str]
    key: str


@pytest.fixture
def api(database_url):
    with (
        running_api(database_url, DEFAULT_PLAN="unlimited") as (url, _),
        httpx.Client(base_url=url, timeout=60) as http,
    ):
        session = data(http.post("/auth/register", json={"email": "ann@example.com", "password": "correct horse"}))
        http.headers["Authorization"] = f"Bearer {session['accessToken']}"
        http.get(
            "/openapi.json", timeout=120
        ).raise_for_status()  # made at the first look, for which the asker waits 10 s
        ids = {name: [] for name in IDS}
        for _ in range(3):
            fill(http, ids)
        with psycopg.connect(database_url) as conn:
            conn.execute("UPDATE users SET role = 'admin'")
            for job_id in ids["job_id"][:-1]:  # two, because one may be retried or deleted before it is read again
                finish(conn, job_id)
            ids["user_id"] = [add_user(conn) for _ in range(3)]
            ids["organization_id"] = [session["user"]["organizationId"]]
        key = data(http.post(f"/projects/{ids['project_id'][0]}/api-keys", json={"name": "fuzz"}))["key"]
        yield Api(url, ids, session["user"], key)


def data(response):
    assert response.is_success, response.text
    return response.json()["data"]


def fill(http, ids):
    """A project with one of each in it."""
    project = data(http.post("/projects", json={"name": "EU keywords"}))["id"]
    crawl = {"type": "search", "targets": ["kettle", "mug"]}
    webhook = {"url": "https://hooks.example.com/rows"}
    ids["project_id"].append(project)
    ids["job_id"].append(data(http.post(f"/projects/{project}/jobs", json=crawl))["id"])
    schedule = {"cron": "@daily", "crawlConfig": crawl}
    ids["schedule_id"].append(data(http.post(f"/projects/{project}/schedules", json=schedule))["id"])
    ids["webhook_id"].append(data(http.post(f"/projects/{project}/webhooks", json=webhook))["id"])
    ids["delivery_id"].append(data(http.post(f"/webhooks/{ids['webhook_id'][-1]}/test"))["id"])
    ids["key_id"].append(data(http.post(f"/projects/{project}/api-keys", json={"name": "nightly"}))["id"])
    follow(http, ids, project)


def follow(http, ids, project):
    """A list of one product, and an alert of its changes."""
    items = [{"target": "B000000001"}]
    followed = {"name": "Mugs", "type": "details", "marketplaces": ["us"], "items": items}
    ids["list_id"].append(data(http.post(f"/projects/{project}/lists", json=followed))["id"])
    ids["item_id"].append(data(http.get(f"/lists/{ids['list_id'][-1]}/items"))[0]["id"])
    slack = {"url": "slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ"}
    ids["channel_id"].append(data(http.post(f"/projects/{project}/channels", json=slack))["id"])
    alert = {"when": [{"field": "price", "op": "changes"}], "channels": ids["channel_id"][-1:]}
    ids["alert_id"].append(data(http.post(f"/projects/{project}/alerts", json=alert))["id"])


def finish(conn, job_id):
    """A row and an archived page for the job, which is over."""
    record = SearchRow(asin="B000000001", keyword="kettle", title="=1+1").model_dump_json(by_alias=True)
    conn.execute(
        "INSERT INTO results (job_id, ordinal, position, record) VALUES (%(id)s, 0, 1, %(record)s)",
        {"id": job_id, "record": record},
    )
    conn.execute(
        """INSERT INTO pages (job_id, organization_id, ordinal, number, request, accepted, fetched_at, segment, start, length)
           SELECT id, organization_id, 0, 1, '', true, now(), 'pages/x.warc.gz', 0, 1 FROM jobs WHERE id = %s""",
        [job_id],
    )
    conn.execute("UPDATE targets SET status = 'success' WHERE job_id = %s", [job_id])
    conn.execute(
        """UPDATE jobs SET status = 'completed', pending = 0, succeeded = total, result_count = 1, started_at = now(),
               completed_at = now(), result_set_id = id WHERE id = %s""",
        [job_id],
    )


def add_user(conn):
    organization, user = new_id(), new_id()
    conn.execute("INSERT INTO organizations (id, name, plan) VALUES (%s, 'x', 'unlimited')", [organization])
    conn.execute(
        "INSERT INTO users (id, organization_id, email, password_hash, role) VALUES (%s, %s, %s, 'none', 'owner')",
        [user, organization, f"{user}@example.com"],
    )
    return user


def settings(api, folder):
    """The fuzzer's configuration, with ids that exist for half of its questions."""
    lines = [(HERE / "schemathesis.toml").read_text(), "[dictionaries]"]
    lines += [f"{name} = {{values = {json.dumps(values)}}}" for name, values in api.ids.items()]
    lines += ["[parameters]"]
    lines += [f'"path.{name}" = {{dictionary = "{name}", probability = 0.5}}' for name in api.ids]
    path = folder / "schemathesis.toml"
    path.write_text("\n".join(lines))
    return path


def fuzz(api, folder, caller, budget):
    report = folder / "report.json"
    command = [Path(sys.executable).with_name("schemathesis"), "--config-file", settings(api, folder)]
    command += ["run", f"{api.url}/openapi.json", "--checks", "all", "--no-shrink", *budget]
    command += ["--report", "json", "--report-json-path", report]
    environ = {"PATH": os.environ["PATH"], "PYTHONPATH": os.pathsep.join(sys.path), **caller}
    run = subprocess.run(command, env=environ, cwd=folder, capture_output=True, text=True, timeout=1800, check=False)
    assert run.returncode == 0, run.stdout[-20_000:] + run.stderr[-5_000:]
    return json.loads(report.read_text())


@pytest.fixture(params=["operator", "key"])
def caller(request):
    """Before the service is started."""
    if request.param == "key" and not request.config.getoption("--whole"):
        pytest.skip("a key reaches a part of what an operator does: make fuzz asks with it as well")
    return request.param


def test_the_service_keeps_what_its_document_promises(caller, api, tmp_path, request):
    whole = request.config.getoption("--whole")
    operator = {
        "CALLER_SECRET": SECRET,
        "CALLER_USER": api.user["id"],
        "CALLER_ORGANIZATION": api.user["organizationId"],
    }
    report = fuzz(
        api, tmp_path, operator if caller == "operator" else {"CALLER_KEY": api.key}, WHOLE if whole else SMALL
    )
    assert report["operations"]["tested"] == report["operations"]["total"] >= 58
    if whole:
        assert report["test_cases"]["generated"] >= WHOLE_CASES
    if whole and caller == "operator":
        assert unreached(report) <= NOT_EACH_TIME


def unreached(report):
    """Operations of which no question was answered with success."""
    rates = report["valid_rates"].items()
    return {name for name, phases in rates if not any(phase["accepted"] for phase in phases.values())}
