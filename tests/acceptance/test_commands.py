"""The commands for any service, against a running one: by hand, in scripts, and what they answer when something is wrong."""

import datetime as dt
import json
import signal
import subprocess
import sys

import httpx
import pytest

from acceptance.conftest import clean_environ, free_port, read, running
from azscraper.cli.remote.connection import login_path
from azscraper.webhooks.signing import signed_headers
from unit.jobs.list_files import FILES, book

ASINS = ["B0DEMO0001", "B0DEMO0002"]
LISTS = {
    "phone numbers left of it",
    "a sheet for each marketplace",
    "links behind names",
    "plain notes",
    "short links",
    "GBK",
    "numbers for ISBNs",
    "ASINs beside them",
    "Japanese in cp932",
    "Brand Analytics with its first line",
}
"""Of the files that the reader is tried with, those that come through the command line as well."""


def process(*arguments, environ, stdin="", **settings):
    """Runs a command as a process of its own."""
    command = [sys.executable, "-m", "azscraper", *arguments]
    return subprocess.run(
        command,
        input=stdin,
        env=clean_environ(**settings) | environ,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_the_log_in_is_kept_for_its_owner_alone(cli, service, seller):
    assert login_path().stat().st_mode & 0o777 == 0o600
    assert "correct horse" not in login_path().read_text()
    who = cli("whoami")
    assert service.url in who.stdout
    assert seller in who.stdout
    assert read(cli("whoami", "--json"))["email"] == seller
    assert read(cli("usage", "--json"))["plan"] == "unlimited"
    assert "unlimited" in cli("usage").stdout


def test_a_spreadsheet_of_asins_becomes_a_file(cli, tmp_path):
    sheet, rows = tmp_path / "mine.csv", tmp_path / "out.csv"
    sheet.write_text("\ufeffname;ASIN\nmug;B0DEMO0001\nkettle;B0DEMO0002\n;\n")
    done = cli("run", "details", "--file", sheet, "-m", "de", "--csv", rows, "-o", tmp_path / "out.parquet")
    assert "completed: 2 of 2 targets, 2 rows" in done.stderr
    assert len(rows.read_text().splitlines()) > 2
    assert (tmp_path / "out.parquet").read_bytes().startswith(b"PAR1")
    piped = cli("run", "details", "--file", "-", "-m", "de", stdin=sheet.read_text())
    assert "-: 2 products in the column 'ASIN'" in piped.stderr


@pytest.mark.parametrize("file", [file for file in FILES if file.id in LISTS], ids=lambda file: file.id)
def test_a_file_as_people_have_it_is_read_right(cli, tmp_path, file):
    path = tmp_path / file.name
    path.write_bytes(file.body)
    posted = cli("run", file.type, "--file", path, "--skip-invalid")
    targets = read(cli("job", posted.stdout.strip(), "--targets", "--json", exit_code=None))
    assert tuple(each["value"] for each in targets if (each["error"] or {}).get("code") != "invalid") == file.targets
    assert f"{file.name}: {len(file.targets)} " in posted.stderr


def test_the_choice_of_a_column_is_said_and_can_be_made(cli, tmp_path):
    path = tmp_path / "list.xlsx"
    path.write_bytes(book(("Info", [["Read me"]]), ("List", [["parent_asin", "ASIN"], ["B0PARENT01", ASINS[0]]])))
    assert "1 product in the column 'ASIN' of the sheet 'List'" in cli("run", "details", "-f", path).stderr
    chosen = cli("run", "details", "-f", path, "--sheet", "List", "--column", "parent_asin")
    assert "1 product in the column 'parent_asin' of the sheet 'List'" in chosen.stderr
    refused = cli("run", "search", "-f", path, exit_code=2)
    assert "looks like products" in str(refused.exception)


def test_what_is_no_target_is_named_with_its_row_and_can_be_left_out(cli, tmp_path):
    path = tmp_path / "list.csv"
    path.write_text(f"Title,ASIN\nx,{ASINS[0]}\n\ny,B0DEMO 0002\nz,N/A\nw,https://amzn.in/3x\n")
    refused = str(cli("run", "details", "-f", path, exit_code=2).exception)
    assert "list.csv: 2 entries are not products\n  row 4: 'B0DEMO 0002' is neither" in refused
    assert "did you mean B0DEMO0002?\n  row 6: 'https://amzn.in/3x' is a short link" in refused
    assert refused.endswith("--skip-invalid")
    done = cli("run", "details", "-f", path, "--skip-invalid", "-m", "de", "--watch", exit_code=1)
    assert "1 row is passed over as no targets: 5" in done.stderr
    assert "completed: 1 of 3 targets" in done.stderr
    made = read(cli("schedules", "details", "@daily", "-f", path, "--skip-invalid", "--json"))
    assert made["crawlConfig"]["onInvalid"] == "skip"
    cli("schedules", "delete", made["id"])


def test_every_bad_target_is_named(service, environ):
    settings = {"URL": service.url, "TOKEN": service.token, "PROJECT": service.project_id}
    said = process(
        "run", "details", ASINS[0], "nope", "https://www.amazon.com/gp/cart", environ=environ, **settings
    ).stderr
    assert "azscraper: targets.1: 'nope'" in said
    assert "  targets.2: 'https://www.amazon.com/gp/cart' " in said


def test_a_search_is_watched(cli):
    done = cli("run", "search", "kettle", "--pages", "2", "--watch")
    assert "Position" in done.stdout
    assert "completed: 1 of 1 targets" in done.stderr


def test_a_job_from_posting_to_rows(cli, tmp_path):
    job_id = cli("run", "details", "-", stdin="B0DEMO0001\n\nB0DEMO0002\n").stdout.strip()
    assert read(cli("job", job_id, "--watch", "--json"))["progress"]["succeeded"] == 2
    assert job_id in cli("jobs").stdout
    assert [job["id"] for job in read(cli("jobs", "--limit", "1", "--json"))] == [job_id]
    assert "Kettles #de" in cli("label", job_id, "--name", "Kettles", "--tag", "de").stdout
    today = f"{dt.datetime.now(dt.UTC):%Y-%m-%d}"
    assert [job["name"] for job in read(cli("jobs", "--tag", "de", "--until", today, "--json"))] == ["Kettles"]
    assert read(cli("jobs", "--until", "2020-01-01", "--json")) == []
    assert not read(cli("label", job_id, "--no-tags", "--json"))["tags"]
    assert "--name" in str(cli("label", job_id, exit_code=2).exception)
    assert "B0DEMO0001" in cli("job", job_id, "--targets").stdout
    assert [target["value"] for target in read(cli("job", job_id, "--targets", "--json"))] == ASINS
    assert "B0DEMO0002" in cli("results", job_id).stdout
    rows = [json.loads(line) for line in cli("results", job_id, "--json").stdout.splitlines()]
    assert [row["requestedAsin"] for row in rows] == ASINS
    chosen = ("--where", f'requestedAsin="{ASINS[1]}"', "--fields", "asin,price.amount")
    (row,) = [json.loads(line) for line in cli("results", job_id, "--json", "--meta", *chosen).stdout.splitlines()]
    assert (list(row), list(row["price"]), row["meta"]["ordinal"]) == (["asin", "price", "meta"], ["amount"], 1)
    assert "price.amount" in cli("results", job_id, *chosen).stdout
    cli("results", job_id, "--csv", tmp_path / "rows.csv", "--names", "snake", "--record", "product", *chosen)
    assert (tmp_path / "rows.csv").read_text(encoding="utf-8-sig").splitlines()[0] == "asin,price_amount"
    assert "--output" in str(cli("results", job_id, "--names", "snake", exit_code=2).exception)
    cli("results", job_id, "--output", tmp_path / "rows.xlsx")
    assert (tmp_path / "rows.xlsx").read_bytes().startswith(b"PK")
    assert "completed" in cli("job", job_id).stdout
    again = cli("retry", job_id, "--watch", "--json")
    assert read(again)["status"] == "completed"
    cli("cancel", job_id, exit_code=2)
    long = cli("run", "search", "-", stdin="\n".join(f"mug {n}" for n in range(3000))).stdout.strip()
    assert "cancelled" in cli("cancel", long).stderr


def test_lists(cli, tmp_path):
    cli("lists", "create", "Mine", "B0DEMO0001", "B0DEMO0002", "--every", "day", "--at", "08:00", "-m", "us,de")
    cli("lists", "add", "Mine", "B0DEMO0003", "--tag", "competitor", "--target-price", "9.5")
    cli("lists", "items", "Mine", "-o", tmp_path / "items.csv")
    cli("lists", "export", "Mine", "-o", tmp_path / "mine.csv", "--names", "labels")
    assert (tmp_path / "mine.csv").read_text("utf-8-sig").startswith("Title,ASIN,Marketplace,Price,")
    assert "2 removed" in cli("lists", "remove", "Mine", "B0DEMO0001", "B0DEMO0003").stderr
    assert [one["target"] for one in read(cli("lists", "items", "Mine", "--json"))] == ["B0DEMO0002"]
    assert "2 added, 1 changed" in cli("lists", "add", "Mine", "--file", tmp_path / "items.csv").stderr
    again = cli("lists", "create", "Mine", "B0DEMO0001")
    assert "another list is called 'Mine' already" in again.stderr
    assert "1 item, refreshes by hand" in again.stderr
    cli("lists", "delete", again.stdout.strip())
    sheet = tmp_path / "sheet.xlsx"
    sheet.write_bytes(book(("List", [["ASIN", "Target price"], ["b0demo0004", "$ 12.50"], ["typo", 1]])))
    assert "not recognized" in cli("lists", "add", "Mine", "--file", sheet, exit_code=2).exception.message
    assert "1 added" in cli("lists", "add", "Mine", "--file", sheet, "--skip-invalid").stderr
    assert len(read(cli("lists", "refresh", "Mine", "--json"))) == 2
    cli("lists", "change", "Mine", "--every", "week")
    assert "every week" in cli("lists", "show", "Mine").stdout
    assert "Mine" in cli("lists").stdout


def test_history(cli):
    cli("run", "details", "B0DEMO0001", "-m", "de", "--watch")
    assert "www.amazon.de" in cli("history", "product", "B0DEMO0001", "-m", "de").stdout
    (point, *_) = read(cli("history", "product", "B0DEMO0001", "-m", "de", "--since", "2020-01-01", "--json"))
    assert point["asin"] == "B0DEMO0001"
    cli("run", "search", "kettle", "--watch")
    (point,) = read(cli("history", "keyword", "kettle", "B0DEMO0001", "--limit", "1", "--json"))
    assert point["keyword"] == "kettle"
    assert "Nobody" in cli("history", "keyword", "none such", "B0DEMO0001").stderr
    (shelf,) = read(cli("keywords", "share", "kettle", "--by", "asin", "--placement", "organic", "--json"))
    assert abs(sum(one["share"] for one in shelf["shares"]) - 1) < 1e-9
    assert "%" in cli("keywords", "share", "kettle").stdout
    cli("lists", "create", "Ranked", "B0DEMO0002", "B0DEMO0001", "--every", "day", "--at", "08:00", "-m", "us")
    standing = read(cli("keywords", "positions", "kettle", "--list", "Ranked", "--brand", "none such", "--json"))
    assert [one["name"] for one in standing][:2] == ["B0DEMO0002", "B0DEMO0001"]
    assert "best organic" in cli("keywords", "positions", "kettle", "--asin", "B0DEMO0001").stdout
    assert "another order" in cli("keywords", "moves", "kettle").stderr
    assert "azscraper run offers B0DEMO0007" in cli("history", "sellers", "B0DEMO0007").stderr
    cli("run", "offers", "B0DEMO0008", "--pages", "5", "-m", "us", "--watch")
    (sold,) = read(cli("history", "sellers", "B0DEMO0008", "-m", "us", "--json"))
    assert (sold["looks"], sold["new"], sold["lost"]) == (1, 0, 0)
    assert sold["sellers"][0]["seller"] in cli("history", "sellers", "B0DEMO0008", "-m", "us").stdout.replace("\n", " ")
    assert "percent" in cli("history", "sellers", "B0DEMO0008", "-m", "us", "--gaps").stdout
    assert "azscraper run bestsellers" in cli("keywords", "share", "https://www.amazon.com/gp/bestsellers/none").stderr


def test_exit_codes_tell_how_a_job_ended(cli):
    some = cli("run", "details", "B0DEMO0001", "B0FAULT404", "--watch", exit_code=1)
    assert "completed: 1 of 2" in some.stderr
    assert "B0FAULT404: not_found" in some.stderr
    none = read(cli("run", "details", "B0FAULT404", "--watch", "--json", exit_code=1))
    assert none["status"] == "failed"
    assert "not_found" in cli("job", none["id"], exit_code=1).output
    cli("retry", none["id"], "--only-failed", "--watch", exit_code=1)


def test_schedules(cli):
    made = read(cli("schedules", "search", "0 6 * * mon", "kettle", "--timezone", "Europe/Berlin", "--json"))
    assert made["id"] in cli("schedules").stdout
    assert "switched off" in cli("schedules", "pause", made["id"]).stderr
    assert "runs next" in cli("schedules", "resume", made["id"]).stderr
    cli("schedules", "details", "@daily", *ASINS, "-m", "de", "--name", "My products", "--tag", "mine", "--tag", "de")
    assert len(read(cli("schedules", "--json"))) == 2
    (mine,) = read(cli("schedules", "--tag", "de", "--search", "products", "--json"))
    assert read(cli("schedules", "label", mine["id"], "--name", "", "--no-tags", "--json"))["tags"] == []
    assert read(cli("schedules", "--tag", "de", "--json")) == []
    cli("schedules", "delete", made["id"])
    wrong = cli("schedules", "search", "every day", "kettle", exit_code=2)
    assert "cron" in str(wrong.exception)


def test_projects_and_keys(cli, service):
    project = cli("projects", "create", "EU").stdout.strip()
    assert project in cli("projects").stdout
    key = cli("keys", "create", "nightly", "--project", "EU").stdout.strip()
    listed = read(cli("keys", "--project", "EU", "--json"))
    assert [one["keyHint"] for one in listed] == [key[-4:]]
    robot = {"AZSCRAPER_API_KEY": key, "AZSCRAPER_URL": service.url}
    assert "the key of project EU" in cli("whoami", **robot).stdout
    job_id = cli("run", "details", "B0DEMO0001", **robot).stdout.strip()
    assert [job["id"] for job in read(cli("jobs", "--json", **robot))] == [job_id]
    cli("keys", "disable", listed[0]["id"], "--project", "EU")
    cli("whoami", exit_code=2, **robot)
    cli("keys", "enable", listed[0]["id"], "--project", "EU")
    cli("keys", "delete", listed[0]["id"], "--project", "EU")
    assert "no keys" in cli("keys", "--project", "EU").stderr
    assert "Name a project" in str(cli("jobs", exit_code=2).exception)
    cli("projects", "rename", "EU", "Europe")
    cli("projects", "archive", "Europe")
    assert [one["name"] for one in read(cli("projects", "--archived", "--json"))] == ["Europe"]
    cli("projects", "reopen", project)
    cli("projects", "archive", project)


def test_webhooks(cli):
    assert "no webhooks" in cli("webhooks").stderr
    made = read(cli("webhooks", "create", "https://example.com/hook", "-e", "job.completed", "--json"))
    assert made["secret"].startswith("whsec_")
    assert "https://example.com/hook" in cli("webhooks").stdout
    assert cli("webhooks", "rotate", made["id"]).stdout.strip() != made["secret"]
    cli("webhooks", "disable", made["id"])
    cli("webhooks", "test", made["id"], exit_code=2)
    cli("webhooks", "enable", made["id"])
    assert "no deliveries" in cli("webhooks", "deliveries", made["id"]).stderr
    cli("webhooks", "delete", made["id"])
    assert "https" in str(cli("webhooks", "create", "http://127.0.0.1:1/", exit_code=2).exception)


def test_listening_verifies_and_prints(environ):
    port = free_port()
    secret = "whsec_" + "QUJD" * 8
    command = ["azscraper", "webhooks", "listen", "--secret", secret, "--port", str(port), "--count", "2", "--json"]
    with running(
        command, clean_environ() | environ, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as listening:
        assert "listening" in listening.stderr.readline()

        def post(number, headers):
            body = b'{"type":"webhook.test","timestamp":"2026-01-01T00:00:00Z","data":{"n":%d}}' % number
            signed = signed_headers([secret], message_id=f"m{number}", now=dt.datetime.now(dt.UTC), body=body)
            assert (
                httpx.post(f"http://127.0.0.1:{port}/", content=body, headers=signed | headers, timeout=60).status_code
                == 204
            )

        post(1, {"webhook-signature": "v1,AAAA"})
        for number in (1, 1, 2):
            post(number, {})
        out, err = listening.communicate(timeout=20)
    assert [json.loads(line)["data"]["n"] for line in out.splitlines()] == [1, 2]
    assert err.count("refused") == 1


@pytest.mark.usefixtures("cli")
def test_a_process_of_its_own(environ):
    done = process("jobs", "--json", environ=environ)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)
    missing = process("job", "0" * 24, environ=environ)
    assert (missing.returncode, missing.stdout) == (2, "")
    assert missing.stderr == "azscraper: Job not found\n"
    away = process("jobs", environ=environ, URL="http://127.0.0.1:9", TOKEN="t")
    assert away.returncode == 3
    assert away.stderr.count("\n") == 1
    elsewhere = process("jobs", environ=environ, URL="http://localhost:9")
    assert elsewhere.returncode == 2, "a kept token must not go to another service"
    assert "azscraper login" in elsewhere.stderr


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion(shell, environ):
    answer = process(environ=environ | {
        "_AZSCRAPER_COMPLETE": f"complete_{shell}", "COMP_WORDS": "azscraper sch", "COMP_CWORD": "1",
        "_TYPER_COMPLETE_ARGS": "azscraper sch", "_TYPER_COMPLETE_FISH_ACTION": "get-args",
    })  # fmt: skip
    assert "schedules" in answer.stdout, answer.stderr


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["run", "details", "B0DEMO0001", "--csv", "rows.txt"], ".csv"),
        (["run", "details", "B0DEMO0001", "-o", "rows.doc"], ".parquet"),
        (["run", "details", "B0DEMO0001", "-o", "/nowhere/rows.csv"], "/nowhere"),
        (["run", "details", "--file", "/nowhere.txt"], "/nowhere.txt"),
        (["run", "details", "-"], "no targets"),
        (["run", "details", "nonsense"], "targets.0"),
        (["run", "search", "x", "--pages", "99"], "--pages"),
        (["run", "details", "B0DEMO0001", "-m", "mars"], "mars"),
        (["run", "details", "B0DEMO0001", "-p", "None"], "None"),
        (["login", "--url", "nonsense", "--email", "a@example.com"], "http"),
        (["login", "--code", "nonsense"], "code"),
        (["schedules", "pause", "1"], "not an id"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_what_is_wrong_is_said_and_is_2(cli, arguments, words):
    done = cli(*arguments, exit_code=2)
    assert words.lower() in (done.output + str(done.exception)).lower()


def test_interrupting_leaves_the_job_running(service, environ):
    keywords = [f"slow {n}" for n in range(3000)]
    settings = {"URL": service.url, "TOKEN": service.token, "PROJECT": service.project_id}
    command = ["azscraper", "run", "search", *keywords, "--watch"]
    with running(command, clean_environ(**settings) | environ, stderr=subprocess.PIPE, text=True) as watching:
        job_id = watching.stderr.readline().removeprefix("following job ").strip()
        watching.send_signal(signal.SIGINT)
        _, said = watching.communicate(timeout=60)
    assert f"The job goes on: azscraper job {job_id} --watch" in said
    assert service.client.job(job_id)["status"] in {"queued", "running"}
    service.client.cancel(job_id)


def test_logging_out_revokes_the_token(cli, service):
    token = json.loads(login_path().read_text())["token"]
    cli("logout")
    assert not login_path().exists()
    cli("whoami", exit_code=2)
    assert "UNAUTHORIZED" in cli("whoami", exit_code=2, AZSCRAPER_TOKEN=token, AZSCRAPER_URL=service.url).exception.code
    assert "not logged in" in cli("logout").stderr
