"""The public page, line by line, against a started service of which only the base URL differs."""

import ast
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from urllib.parse import quote

import httpx
import psycopg
import pytest

from acceptance.public_page import blocks, mismatch, quick_reference
from azscraper.store.embedded.server import embedded_server

_PAGES = sorted((Path(__file__).parents[3] / "shared" / "seeds").glob("*.txt"))
pytestmark = pytest.mark.skipif(not _PAGES, reason="the public page is absent")
_PRINT_JSON = "data:text/javascript," + quote(
    "console.log = v => process.stdout.write(typeof v === 'string' ? v : JSON.stringify(v))"
)
"""Node prints objects in a form of its own; the snippet itself stays as it is."""
_COMMANDS = {
    "curl": ["bash", "-c"],
    "python": [sys.executable, "-c"],
    "node": ["node", "--input-type=module", "--import", _PRINT_JSON, "-e"],
}
_SAME_AS = {"Update project": "Create project", "Retry job": "Create job", "Cancel job": "Get job by id"}
"""The page prints no shape of its own for these: the job, the project again."""
_CANCELLED_LACKS = ("resultSetId",)


@pytest.fixture(scope="module")
def page():
    return _PAGES[0].read_text()


@pytest.fixture(scope="module")
def shapes(page):
    """(section, whether of success): the JSON that the page prints."""
    printed = [block for block in blocks(page) if block.language == "json"]
    return {(block.section, '"error"' not in block.code, block.label): json.loads(block.code) for block in printed}


@pytest.fixture(scope="module")
def done(service):
    job = service.client.create_job(service.project_id, "search", ["kettle"], {"lang": "en-US"})
    assert service.finish(job["id"])["status"] == "completed"
    return job["id"]


@pytest.fixture(scope="module")
def poor(service):
    """Another organization, on the plan whose limits the page prints, which has used up its jobs of the month."""
    with httpx.Client(base_url=service.url, trust_env=False, timeout=60) as http:
        session = http.post("/auth/register", json={"email": "poor@example.com", "password": "correct horse"}).json()
        http.headers["Authorization"] = f"Bearer {session['accessToken']}"
        with embedded_server(service.data_dir) as server, psycopg.connect(server.url) as conn:
            conn.execute("UPDATE organizations SET plan = 'free' WHERE id = %s", [session["user"]["organizationId"]])
        http.project_id = http.post("/projects", json={"name": "x"}).json()["data"]["id"]
        jobs = f"/projects/{http.project_id}/jobs"
        answers = [http.post(jobs, json={"type": "details", "targets": ["B0DEMO0000"]}) for _ in range(10)]
        assert {answer.status_code for answer in answers} == {201}
        yield http


def success(shapes, section):
    return next(shape for (of, good, _), shape in shapes.items() if good and of == _SAME_AS.get(section, section))


def failure(shapes, section):
    return next(shape for (of, good, _), shape in shapes.items() if not good and of == section)


def run(block, service, folder, *, token=None, project_id=None, job_id="", archived=""):
    environ = {
        "PATH": os.environ["PATH"],
        "API_BASE": service.url,
        "TOKEN": token or service.token,
        "PROJECT_ID": project_id or service.project_id,
        "JOB_ID": job_id,
    }
    command = [*_COMMANDS[block.language], block.code.replace("67d2ab...", archived)]
    ended = subprocess.run(command, env=environ, cwd=folder, capture_output=True, text=True, timeout=60, check=False)
    assert ended.returncode == 0, (block, ended.stderr)
    return ended.stdout


def value_of(language, printed):
    return ast.literal_eval(printed) if language == "python" else json.loads(printed)


def test_every_snippet_runs_and_prints_the_shape_that_the_page_prints(service, page, shapes, done, tmp_path):
    seen = []
    for block in (block for block in blocks(page) if block.language != "json"):
        if block.language == "node" and shutil.which("node") is None:
            continue
        seen.append(block.language)
        job_id, archived = done, service.client.create_project("to archive")["id"]
        if block.section == "Cancel job":
            many = [f"mug {n}" for n in range(500)]
            job_id = service.client.create_job(service.project_id, "search", many, {"lang": "en-US"})["id"]
        printed = run(block, service, tmp_path, job_id=job_id, archived=archived)
        if block.section == "Export job results":
            check_file(block, printed, tmp_path, job_id)
        elif block.section == "Create project" and block.language != "curl":
            assert mismatch(printed.strip(), success(shapes, block.section)["data"]["id"]) is None
        else:
            shape = success(shapes, block.section)
            if block.section == "Cancel job":
                shape = {"data": {key: of for key, of in shape["data"].items() if key not in _CANCELLED_LACKS}}
            assert (mismatch(value_of(block.language, printed), shape), block) == (None, block)
    assert seen.count("curl") == page.count("\ncurl ") == 11
    assert seen.count("python") == page.count("\nimport os") == 6
    assert seen.count("node") in {0, 6}


def check_file(block, printed, folder, job_id):
    if block.language == "curl":
        assert (folder / f"job-{job_id}.csv").read_bytes().startswith(b"url,")
    elif block.language == "python":
        assert json.loads((folder / "export.json").read_text())
    else:
        assert printed.startswith('[{"')


def test_a_bad_body_gives_the_printed_error(service, shapes):
    answer = httpx.post(f"{service.url}/projects", json={"name": ""}, headers=bearer(service), timeout=60)
    assert answer.status_code == 400
    assert mismatch(answer.json(), failure(shapes, "Create project")) is None
    assert answer.json()["error"]["code"] == failure(shapes, "Create project")["error"]["code"]
    assert answer.json()["error"]["details"][0]["field"] == "name"


def test_what_is_not_there_gives_the_printed_error(service, shapes):
    answer = httpx.get(f"{service.url}/jobs/{'0' * 24}", headers=bearer(service), timeout=60)
    assert (answer.status_code, answer.json()) == (404, failure(shapes, "Get job by id"))
    export = httpx.get(f"{service.url}/jobs/{'0' * 24}/export", headers=bearer(service), timeout=60)
    assert (export.status_code, export.json()) == (404, failure(shapes, "Get job by id"))


def test_the_job_over_the_limit_gives_the_printed_error(service, poor, page, shapes, tmp_path):
    block = next(block for block in blocks(page) if (block.section, block.language) == ("Create job", "curl"))
    token = poor.headers["Authorization"].removeprefix("Bearer ")
    printed = run(block, service, tmp_path, token=token, project_id=poor.project_id)
    assert json.loads(printed) == failure(shapes, "Create job")
    again = poor.post(f"/projects/{poor.project_id}/jobs", json={"type": "search", "targets": ["kettle"]})
    assert again.status_code == 403


def test_usage_has_the_printed_shape_and_limits(poor, shapes):
    usage, shape = poor.get("/usage").json(), success(shapes, "Usage")
    assert mismatch(usage, shape) is None
    assert usage["data"]["limits"] == shape["data"]["limits"]
    assert usage["data"]["used"] == {"jobsThisMonth": 10, "targetsThisMonth": 10, "exportsThisMonth": 0}
    assert usage["data"]["remaining"] == {"jobsPerMonth": 0, "targetsPerMonth": 90, "exportsPerMonth": 20}


def test_schedules_take_what_the_page_names(service):
    with httpx.Client(base_url=service.url, headers=bearer(service), timeout=60) as http:
        project = http.post("/projects", json={"name": "scheduled"}).json()["data"]["id"]
        crawl = {"type": "search", "targets": ["kettle"], "config": {"lang": "en-US"}}
        made = http.post(f"/projects/{project}/schedules", json={"cron": "0 6 * * *", "crawlConfig": crawl})
        shape = {"data": {"id": "67...", "cron": "x", "enabled": True, "crawlConfig": crawl}}
        assert (made.status_code, mismatch(made.json(), shape)) == (201, None)
        listed = http.get(f"/projects/{project}/schedules").json()
        assert [one["id"] for one in listed["data"]] == [made.json()["data"]["id"]]
        url = f"/schedules/{made.json()['data']['id']}"
        for change in ({"enabled": False}, {"cron": "@daily"}, {"crawlConfig": {**crawl, "targets": ["mug"]}}):
            assert change.items() <= http.patch(url, json=change).json()["data"].items()


def test_the_list_of_jobs_is_capped_and_paged_as_told(service, done):
    with httpx.Client(
        base_url=f"{service.url}/projects/{service.project_id}", headers=bearer(service), timeout=60
    ) as http:
        default, large = http.get("/jobs").json(), http.get("/jobs", params={"limit": 5000}).json()
        assert (default["meta"]["limit"], default["meta"]["offset"], large["meta"]["limit"]) == (20, 0, 100)
        total = large["meta"]["total"]
        assert http.get("/jobs", params={"offset": total}).json()["data"] == []
        completed = http.get("/jobs", params={"status": "completed", "limit": 100}).json()["data"]
        assert {job["status"] for job in completed} == {"completed"}
        assert done in {job["id"] for job in completed}


def test_the_quick_reference_names_what_is_there_and_who_may_ask(service, page):
    rows = quick_reference(page)
    assert len(rows) == 21
    with httpx.Client(base_url=service.url, timeout=60) as http:
        document = http.get("/openapi.json").json()["paths"]
        documented = {(path.split("{")[0], path.count("{"), method) for path in document for method in document[path]}
        for path, method, auth in rows:
            assert (path.split(":")[0], path.count(":"), method.lower()) in documented, path
            answer = http.request(method, path.replace(":id", "0" * 24).replace(":projectId", "0" * 24))
            assert answer.status_code in ({401} if auth == "Y" else {200, 400}), (path, answer.text)
        assert http.get("/referral/me", headers=bearer(service)).is_success
        assert http.get("/admin/stats").status_code == 401
        assert http.get("/admin/stats", headers=bearer(service)).status_code == 403


def test_a_session_opens_hands_over_and_closes(service):
    person = {"email": "eve@example.com", "password": "correct horse"}
    session = {"accessToken": "x", "user": {"id": "67...", "email": person["email"]}}
    with httpx.Client(base_url=service.url, timeout=60) as http:
        registered = http.post("/auth/register", json=person)
        assert (registered.status_code, mismatch(registered.json(), {"data": session, **session})) == (201, None)
        logged_in = http.post("/auth/login", json=person)
        assert (logged_in.status_code, mismatch(logged_in.json(), {"data": session, **session})) == (200, None)
        code = http.post("/auth/login-handoff", json=person).json()["data"]["code"]
        handed = http.post("/auth/verify-handoff", json={"code": code})
        assert mismatch(handed.json(), {"data": session, **session}) is None
        assert http.post("/auth/verify-handoff", json={"code": code}).status_code == 401
        assert http.post("/auth/logout").status_code == 200
        mine = {"Authorization": f"Bearer {handed.json()['accessToken']}"}
        assert http.get("/projects", headers=mine).status_code == 200
        assert http.post("/auth/logout", headers=mine).status_code == 200
        assert http.get("/projects", headers=mine).status_code == 401


def bearer(service):
    return {"Authorization": f"Bearer {service.token}"}
