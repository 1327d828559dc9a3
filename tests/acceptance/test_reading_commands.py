"""Commands that only read: they ask the service that is named, make no database, and end quietly with their reader."""

import subprocess
import sys

import orjson
import pytest

from acceptance.conftest import clean_environ
from azscraper.client import AzScraper

COMMANDS = [
    ["export", "0" * 24, "-o", "rows.csv"],
    ["replay", "0" * 24],
    ["prune", "--older-than", "90d"],
    ["admin", "promote", "ann@example.com", "--yes"],
    ["admin", "invitations"],
]


def run(*arguments, cwd, piped_to=None, **environ):
    command = [sys.executable, "-m", "azscraper", *arguments]
    environ = clean_environ(**environ) | {"XDG_CONFIG_HOME": str(cwd), "HOME": str(cwd)}
    if piped_to:
        command = ["bash", "-c", f'set -o pipefail; "$@" | {piped_to}', "-", *command]
    return subprocess.run(command, cwd=cwd, env=environ, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("arguments", COMMANDS, ids=lambda words: words[1] if words[0] == "admin" else words[0])
def test_no_reading_command_makes_a_database(tmp_path, arguments):
    done = run(*arguments, cwd=tmp_path)
    assert done.returncode == 2
    assert (
        "There is no database in azscraper-data, so no jobs and no accounts; name its folder with --data-dir"
        in done.stderr
    )
    assert not (tmp_path / "azscraper-data").exists()


@pytest.fixture(scope="module")
def job(service):
    with AzScraper(service.url, token=service.token) as client:
        yield client.run("search", ["kettle"], pages=2).wait().id


def test_export_asks_the_service_that_is_named(service, job, tmp_path):
    done = run("export", job, "-o", "rows.json", cwd=tmp_path, URL=service.url, TOKEN=service.token)
    assert (done.returncode, done.stderr) == (0, "")
    assert orjson.loads((tmp_path / "rows.json").read_bytes())[0]["keyword"] == "kettle"
    assert not (tmp_path / "azscraper-data").exists()


@pytest.mark.parametrize("arguments", [["results", "{job}", "--json"], ["results", "{job}"]], ids=["json", "table"])
def test_a_reader_that_has_enough_is_no_failed_job(service, job, tmp_path, arguments):
    words = [word.format(job=job) for word in arguments]
    done = run(*words, cwd=tmp_path, piped_to="true", URL=service.url, TOKEN=service.token)
    assert (done.returncode, done.stderr) == (141, ""), "1 is the code of a job that failed"
