"""The command line: one line and exit 2 for what the caller can fix, JSON for saved pages."""

import gzip
import json
import socket
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from acceptance.conftest import clean_environ, free_port, running, wait_until
from azscraper import __version__
from azscraper.client import AzScraper

PRODUCT = b"""<!doctype html><html lang="en-us"><head><title>Amazon.com: Blue mug</title></head><body><div id="dp">
<input type="hidden" id="ASIN" name="ASIN" value="B0DEMO0001"><span id="productTitle"> Blue mug </span>
<div id="corePrice_feature_div"><span class="a-price"><span class="a-offscreen">$9.99</span></span></div>
<div id="availability"><span>In Stock</span></div></div></body></html>"""
CAPTCHA = b"""<!doctype html><html><head><title>Robot Check</title></head><body>
<form action="/errors/validateCaptcha"><input id="captchacharacters"></form></body></html>"""


def azscraper(*arguments, stdin=b"", **settings):
    command = [sys.executable, "-m", "azscraper", *arguments]
    environ = clean_environ(**settings)
    return subprocess.run(command, input=stdin, env=environ, capture_output=True, timeout=60, check=False)


def pages(run):
    assert run.returncode == 0, run.stderr
    return [json.loads(line) for line in run.stdout.splitlines()]


def test_extract_reads_files_and_standard_input(tmp_path):
    plain, packed = tmp_path / "page.html", tmp_path / "page.html.gz"
    plain.write_bytes(PRODUCT)
    packed.write_bytes(gzip.compress(PRODUCT))
    url = "https://www.amazon.com/dp/B0DEMO0001"
    first, second, third = pages(azscraper("extract", "--url", url, str(plain), str(packed), "-", stdin=PRODUCT))
    assert [page["file"] for page in (first, second, third)] == [str(plain), str(packed), "-"]
    assert first["kind"] == "product"
    assert first["record"] == second["record"] == third["record"]
    assert first["record"]["asin"] == "B0DEMO0001"
    assert first["record"]["title"] == "Blue mug"
    assert first["record"]["price"] == {"amount": 9.99, "currency": "USD"}
    assert first["warnings"] == []


def test_extract_explains_a_field():
    (page,) = pages(azscraper("extract", "--explain", "title", "-", stdin=PRODUCT))
    (found,) = page["explanations"]
    assert found["value"] == "Blue mug"
    assert {"source": "#productTitle", "value": "Blue mug", "used": True} in found["sources"]


def test_extract_names_a_blocked_page_and_exits_with_0():
    (page,) = pages(azscraper("extract", "--kind", "details", "-", stdin=CAPTCHA))
    assert page["kind"] == "blocked"
    assert "record" not in page


def test_extract_of_the_other_kind_warns():
    (page,) = pages(
        azscraper("extract", "--kind", "search", "--url", "https://www.amazon.com/dp/B0DEMO0001", "-", stdin=PRODUCT)
    )
    assert page["kind"] == "product"
    assert page["warnings"] == ["not a search page"]


@pytest.mark.parametrize("body", [b"", b"\x00\xff", b"\x1f\x8bnot gzip", b"<" * 1000])
def test_extract_of_rubbish(body):
    run = azscraper("extract", "-", stdin=body)
    assert run.returncode in {0, 2}
    assert b"Traceback" not in run.stderr


@pytest.mark.parametrize(
    ("arguments", "settings", "words"),
    [
        (["extract", "/nowhere.html"], {}, "/nowhere.html"),
        (["extract"], {}, "files"),
        (["extract", "--kind", "invoices", "-"], {}, "invoices"),
        (["extract", "--explain", "colour", "/dev/null"], {}, "color"),
        (["extract", "--explain", "listprice", "/dev/null"], {}, "did you mean 'listPrice'?"),
        (["nonsense"], {}, "nonsense"),
        (["run", "detials", "kettle"], {}, "'detials'. Did you mean 'details'"),
        (["schedules", "serach"], {}, "'serach'. Did you mean 'search'?"),
        (["up"], {"CRAWL_RATE": "fast"}, "AZSCRAPER_CRAWL_RATE"),
        (["worker"], {"PROXIES": "nonsense"}, "AZSCRAPER_PROXIES"),
        (["api"], {"DEFAULT_PLAN": "golden"}, "golden"),
        (["up", "--workers", "0"], {}, "--workers"),
        (["export", "x" * 24, "-o", "rows.json"], {}, "no job"),
        (["export", "x" * 24, "-o", "rows.docx"], {}, ".parquet"),
        (["migrate", "--data-dir", "/dev/null/here"], {}, "--data-dir"),
        (["migrate"], {"DATABASE_URL": "postgresql://127.0.0.1:1/x"}, "database"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_errors_are_one_line_and_exit_2(arguments, settings, words, tmp_path):
    run = azscraper(*arguments, **{"DATA_DIR": str(tmp_path)} | settings)
    assert run.returncode == 2, run.stderr
    said = [line for line in run.stderr.decode().splitlines() if line.startswith("azscraper: ")]
    assert len(said) == 1, run.stderr
    assert words.lower() in said[0].lower()
    assert not {"Traceback", "Usage:"} & set(run.stderr.decode().split())


def test_the_version():
    run = azscraper("--version")
    assert (run.returncode, run.stdout.decode().strip()) == (0, f"azscraper {__version__}")


def test_up_says_when_its_port_is_taken(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        run = azscraper("up", "--port", str(taken.getsockname()[1]), DATA_DIR=str(tmp_path))
    assert run.returncode == 2
    assert b"--port" in run.stderr


def test_help_of_every_command():
    for command in ("up", "api", "worker", "migrate", "demo", "extract", "export"):
        run = azscraper(command, "--help")
        assert run.returncode == 0
        assert command.encode() in run.stdout


def test_a_part_that_runs_alone_ends_its_database_with_itself():
    with TemporaryDirectory(prefix="azscraper-data-") as folder:
        port = free_port()
        with running(["azscraper", "api", "--port", str(port)], clean_environ(DATA_DIR=folder)) as process:
            with AzScraper(f"http://127.0.0.1:{port}") as client:
                wait_until(client.is_healthy, "the start of the service")
            process.terminate()
            assert process.wait(20) == 0
        assert not (Path(folder) / "postgres" / "postmaster.pid").exists()


@pytest.mark.parametrize("age", ["soon", "90", "-1d", "123456d"])
def test_prune_takes_days(age):
    run = azscraper("prune", f"--older-than={age}")
    assert (run.returncode, run.stdout) == (2, b"")
    assert run.stderr.decode() == f"azscraper: --older-than {age}: write days, for example 90d\n"
