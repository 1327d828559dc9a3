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


def run(*arguments, cwd, piped_to=None, to=None, **environ):
    command = [sys.executable, "-m", "azscraper", *arguments]
    environ = clean_environ(**environ) | {"XDG_CONFIG_HOME": str(cwd), "HOME": str(cwd)}
    if piped_to:
        command = ["bash", "-c", f'set -o pipefail; "$@" | {piped_to}', "-", *command]
    if to:
        command = ["bash", "-c", f'"$@" > {to}', "-", *command]
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


@pytest.fixture
def rows(service, tmp_path):
    """Runs ``azscraper rows`` of a project: exit code, number of rows, what was said."""

    def read(*arguments, project=service.project_id, **more):
        named = {"URL": service.url, "TOKEN": service.token, "PROJECT": project}
        done = run("rows", "--limit", "1", *arguments, cwd=tmp_path, **named, **more)
        return done.returncode, done.stdout.count("\n"), done.stderr

    return read


@pytest.mark.usefixtures("job")
def test_a_bookmark_that_can_not_be_written_is_said_before_any_row(rows):
    said = "azscraper: nowhere/mark can't be written: No such file or directory\n"
    assert rows("--bookmark", "nowhere/mark") == (2, 0, said)
    assert rows("--bookmark", ".") == (2, 0, "azscraper: . is not a file with a cursor\n")


@pytest.mark.usefixtures("job")
def test_a_bookmark_behind_a_link_is_written_there(rows, tmp_path):
    (tmp_path / "kept").mkdir()
    (tmp_path / "mark").symlink_to("kept/mark")
    for number in ("1", "2"):
        assert rows("--bookmark", "mark")[:2] == (0, 1)
        assert (tmp_path / "kept" / "mark").read_text().startswith(f"{number}.")
    assert (tmp_path / "mark").is_symlink()
    assert [path.name for path in (tmp_path / "kept").iterdir()] == ["mark"]


@pytest.mark.usefixtures("job")
def test_a_bookmark_is_of_one_reader(rows, service, tmp_path):
    (tmp_path / "mark").write_text("1.0.1\n")  # of a release that noted nothing else
    search = ["--bookmark", "mark", "--type", "search"]
    assert rows(*search)[:2] == (0, 1)
    noted = (tmp_path / "mark").read_text()
    with AzScraper(service.url, token=service.token) as client:
        other = client.create_project("Of another bookmark").id
        refused = {
            "project": rows(*search, project=other),
            "feed": rows(*search, "--failures"),
            "type": rows("--bookmark", "mark"),
            "where": rows(*search, "--where", "sponsored=true"),
        }
        client.change_project(other, archived=True)
    for name, (code, count, said) in refused.items():
        assert (code, count, said.count("\n")) == (2, 0, 1)
        assert f"mark is of another reader ({name}: " in said
    assert (tmp_path / "mark").read_text() == noted
    assert rows(*search)[:2] == (0, 1)
    (tmp_path / "mark").write_text("1.0.1\nmilk, eggs\n")
    assert "mark does not contain a cursor" in rows(*search)[2]


@pytest.mark.usefixtures("job")
def test_a_full_disk_is_one_line(rows):
    code, _, said = rows(to="/dev/full")
    assert (code, said) == (2, "azscraper: The output can't be written: No space left on device\n")


@pytest.mark.parametrize("arguments", [["results", "{job}", "--json"], ["results", "{job}"]], ids=["json", "table"])
def test_a_reader_that_has_enough_is_no_failed_job(service, job, tmp_path, arguments):
    words = [word.format(job=job) for word in arguments]
    done = run(*words, cwd=tmp_path, piped_to="true", URL=service.url, TOKEN=service.token)
    assert (done.returncode, done.stderr) == (141, ""), "1 is the code of a job that failed"
