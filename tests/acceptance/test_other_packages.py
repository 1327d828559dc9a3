"""A kind of page from another package, installed beside the service: jobs, files, forms, commands and schemas know it."""

import csv
import html
import io
import os
import re
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx
import orjson
import pytest

from acceptance.conftest import clean_environ, running_service

PACKAGE = Path(__file__).parents[1] / "packages" / "lamps"
WATTS = {"Globe": 40, "Tiffany": 60, "Flood": 500}
PAGES = {
    "/lamps/lumen": ("text/html", b'<html><body><p id="lamps">Globe, Tiffany</p></body></html>'),
    "/lumen/note.json": ("application/json", b'{"note": "By hand."}'),
    "/lamps/lumen/more": ("text/html", b'<html><body><p id="lamps">Flood</p></body></html>'),
    "/lumen/watts.json": ("application/json", orjson.dumps({"watts": WATTS})),
}
NAMES = ["Globe", "Tiffany", "Flood"]


class _Shop(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        media_type, body = PAGES.get(self.path.split("?", 1)[0], ("text/html", b""))
        self.send_response(200 if body else 404)
        self.send_header("Content-Type", media_type)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Not on the test's terminal."""


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """The folder that a package manager put it into."""
    folder = tmp_path_factory.mktemp("packages")
    options = ("--no-deps", "--no-build-isolation", "--no-index", "--target", folder)
    subprocess.run([sys.executable, "-m", "pip", "install", "-q", *options, PACKAGE], check=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", os.pathsep.join(filter(None, [str(folder), os.environ.get("PYTHONPATH")])))
        yield folder


@pytest.fixture(scope="module")
def shop():
    with ThreadingHTTPServer(("127.0.0.1", 0), _Shop) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture(scope="module")
def service(installed, shop):
    assert (installed / "azscraper_lamps.py").exists()
    urls = orjson.dumps({"www.amazon.com": shop, "notes.amazon.com": shop}).decode()
    with running_service(MARKETPLACE_BASE_URL=urls, CRAWL_RATE="0") as service:
        yield service


@pytest.fixture(scope="module")
def http(service):
    with httpx.Client(base_url=service.url, headers={"Authorization": f"Bearer {service.token}"}, timeout=60) as http:
        yield http


@pytest.fixture(scope="module")
def job(service, http):
    body = {"type": "lamps", "targets": ["Lumen"], "config": {"shade": "red", "pages": 99}}
    made = http.post(f"/projects/{service.project_id}/jobs", json=body).json()
    assert "config.pages" in {one["field"] for one in made["meta"]["warnings"]}
    return service.finish(made["data"]["id"])


@pytest.fixture(scope="module")
def command(service, tmp_path_factory):
    home = str(tmp_path_factory.mktemp("home"))
    environ = clean_environ(URL=service.url, TOKEN=service.token, PROJECT=service.project_id) | {"HOME": home}

    def run(*arguments, exit_code=0):
        line = [sys.executable, "-m", "azscraper", *arguments]
        done = subprocess.run(line, env=environ, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)
        assert done.returncode == exit_code, (done.stdout, done.stderr)
        return done

    return run


def hidden_in(page):
    return {name: html.unescape(value) for name, value in re.findall(r'name="(form_\w+)" value="([^"]*)"', page)}


def names_in(text):
    return [row["name"] for row in csv.DictReader(io.StringIO(text))]


def test_its_job_brings_rows_and_files(job, http):
    assert (job["status"], job["progress"]["succeeded"]) == ("completed", 1)
    rows = http.get(f"/jobs/{job['id']}/results").json()["data"]
    assert [(row["record"], row.get("name")) for row in rows] == [
        *(("Lamp", name) for name in NAMES),
        ("LampNote", None),
    ]
    answer = http.get(f"/jobs/{job['id']}/export", params={"format": "csv"})
    assert names_in(answer.text) == NAMES
    assert answer.headers["x-other-records"] == "LampNote"


def test_it_is_among_the_kinds_and_has_schemas(http):
    (lamps,) = [one for one in http.get("/kinds").json()["data"] if one["type"] == "lamps"]
    assert (lamps["records"], lamps["summary"], lamps["credits"]) == (["lamp", "lamp-note"], "lamp-summary", 3)
    for name in (*lamps["records"], lamps["summary"], lamps["options"]):
        assert http.get(f"/schemas/{name}").json()["properties"]
    described = http.get("/openapi.json").json()["components"]["schemas"]
    assert "lamps" in described["JobType"]["enum"]


@pytest.mark.parametrize(
    ("targets", "config", "field"),
    [
        (["lumen"], {"shade": "blue"}, "config.shade"),
        (["4711"], {}, "targets.0"),
        (["lumen"], {"weight": 99}, "config.weight"),
    ],
)
def test_what_it_refuses_is_named(service, http, targets, config, field):
    body = {"type": "lamps", "targets": targets, "config": config}
    answer = http.post(f"/projects/{service.project_id}/jobs", json=body)
    assert answer.status_code == 400
    assert [one["field"] for one in answer.json()["error"]["details"]] == [field]


def test_the_command_line_has_it(command, tmp_path):
    assert "--brightest" in command("run", "lamps", "--help").stdout
    listed = tmp_path / "makers.csv"
    listed.write_text("lumen\n")
    file = tmp_path / "lamps.csv"
    command("run", "lamps", "--file", str(listed), "--brightest", "100", "--csv", str(file))
    assert names_in(file.read_text()) == ["Globe", "Tiffany"]
    shown = command("run", "lamps", "lumen", "--watch").stdout
    assert "Watts" in shown
    assert "Tiffany" in shown
    made = command("schedules", "lamps", "@daily", "lumen", "--shade", "green", "--json")
    assert orjson.loads(made.stdout)["crawlConfig"]["config"] == {"shade": "green"}
    assert "lamps" in command("kinds").stdout


def test_the_dashboard_has_it(service, job):
    headers = {"Origin": service.url}
    with httpx.Client(base_url=service.url, headers=headers, follow_redirects=True, timeout=30) as browser:
        form = hidden_in(browser.get("/app/login").text)
        browser.post("/app/login", data=form | {"email": "ann@example.com", "password": "correct horse"})
        page = browser.get(f"/app/projects/{service.project_id}/jobs/new").text
        assert 'value="lamps"' in page
        assert 'name="brightest"' in page
        form = hidden_in(page) | {
            "type": "lamps",
            "targets": "lumen\n4711",
            "marketplace": "www.amazon.com",
            "brightest": "50",
        }
        seen = browser.post(f"/app/projects/{service.project_id}/jobs/preview", data=form).text
        assert 'data-found="1"' in seen
        posted = browser.post(f"/app/projects/{service.project_id}/jobs", data=form)
        assert posted.status_code == 200, posted.text[:500]
        (job_id,) = re.findall(r"/app/jobs/([0-9a-f]{24})", str(posted.url))
        assert service.finish(job_id)["resultCount"] == 2
        rows = browser.get(f"/app/jobs/{job_id}/rows").text
        assert "Globe" in rows
        assert browser.get(f"/app/jobs/{job['id']}").status_code == 200
        schedules = f"/app/projects/{service.project_id}/schedules"
        form = hidden_in(browser.get(f"{schedules}/new").text) | {"type": "lamps", "targets": "lumen", "cron": "@daily"}
        made = browser.post(schedules, data=form | {"marketplace": "www.amazon.com", "shade": "green"})
        assert "/app/schedules/" in str(made.url), made.text[:500]
        assert "green" in made.text
