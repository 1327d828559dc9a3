"""``azscraper backup`` while a job runs, ``azscraper restore`` on an empty machine: everything is there, and the job goes on."""

import subprocess
import sys
import tarfile
from pathlib import Path

import orjson
import psycopg
import pytest

from acceptance.conftest import clean_environ, free_port, running, running_service, wait_until
from acceptance.json_client import JsonClient
from azscraper.client import AzScraper
from azscraper.demo.goods.catalogue import products
from azscraper.demo.goods.locales import EN_US
from azscraper.demo.server import base_urls
from azscraper.operate.backups import without_password
from azscraper.store.embedded.server import embedded_server

TABLES = ("users", "credit_entries", "audit", "webhooks", "pages", "results", "targets")


def azscraper(*arguments, **settings):
    command = [sys.executable, "-m", "azscraper", *map(str, arguments)]
    return subprocess.run(
        command, env=clean_environ(**settings), capture_output=True, text=True, check=False, timeout=120
    )


def counts(url):
    with psycopg.connect(url) as conn:
        return {table: conn.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in TABLES}


def rows(client, job_id):
    """What a job brought, less when."""
    return sorted(
        orjson.dumps({key: value for key, value in row.items() if key != "fetchedAt"}, option=orjson.OPT_SORT_KEYS)
        for row in client.results(job_id)
    )


def segments(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (folder / "archive").rglob("*.warc.gz")}


@pytest.fixture(scope="module")
def installation(marketplace, tmp_path_factory):
    """A service with a job that is over and one that runs; a backup of it; what the second job brought in the end."""
    file = tmp_path_factory.mktemp("backups") / "azscraper.backup"
    settings = {
        "MARKETPLACE_BASE_URL": orjson.dumps(base_urls(marketplace)).decode(),
        "CRAWL_RATE": "40",
        "DEFAULT_PLAN": "credits",
        "REGISTRATION_CREDITS": "100000",
    }
    with running_service(**settings) as service:
        client, asins = service.client, [product.asin for product in products(EN_US)]
        first = client.create_job(service.project_id, "details", asins[:20])["id"]
        service.finish(first)
        with AzScraper(service.url, token=service.token) as reader:
            cursor = next(reader.row_pages()).cursor
        second = client.create_job(service.project_id, "details", asins[:200])["id"]
        wait_until(lambda: client.job(second)["progress"]["succeeded"] >= 10, "the second job's first rows")
        made = azscraper("backup", file, DATA_DIR=str(service.data_dir))
        assert made.returncode == 0, made.stderr
        assert service.finish(second)["progress"]["succeeded"] == 200
        yield settings, service, file, (first, second, cursor), rows(client, first), rows(client, second)


def test_a_backup_of_a_running_service_restored_elsewhere_goes_on(installation, tmp_path):
    settings, service, file, (first, second, cursor), first_rows, second_rows = installation
    assert file.stat().st_mode & 0o777 == 0o600
    kept = [service.data_dir / "archive", *(service.data_dir / "archive").rglob("*")]
    assert {path.stat().st_mode & 0o777 for path in kept if path.is_dir()} == {0o700}
    assert {path.stat().st_mode & 0o777 for path in kept if path.is_file()} == {0o600}
    assert [path.name for path in file.parent.iterdir()] == [file.name]
    elsewhere = tmp_path / "an empty machine"
    restored = azscraper("restore", file, DATA_DIR=str(elsewhere))
    assert restored.returncode == 0, restored.stderr
    assert sorted(path.name for path in elsewhere.iterdir()) == [
        "archive", "jwt-secret", "postgres", "postgres.lock",
    ]  # fmt: skip
    assert (elsewhere / "jwt-secret").read_text().strip() == (service.data_dir / "jwt-secret").read_text().strip()
    originals = segments(service.data_dir)
    for name, content in segments(elsewhere).items():
        assert originals[name].startswith(content)
    with embedded_server(elsewhere) as server, psycopg.connect(server.url) as conn:
        places = conn.execute("SELECT segment, start + length FROM pages").fetchall()
        done = conn.execute("SELECT succeeded FROM jobs WHERE id = %s", [second]).fetchone()[0]
        assert counts(server.url)["users"] == 1
    assert len(places) >= 30
    assert all((elsewhere / "archive" / segment).stat().st_size >= end for segment, end in places)
    assert 10 <= done < 200
    port = free_port()
    with (
        running(["azscraper", "up", "--port", str(port)], clean_environ(DATA_DIR=str(elsewhere), **settings)),
        JsonClient(f"http://127.0.0.1:{port}") as client,
    ):
        wait_until(client.is_healthy, "the start after the restore")
        client.login("ann@example.com", "correct horse")
        wait_until(lambda: client.job(second)["status"] == "completed", "the end of the job that went on")
        assert rows(client, first) == first_rows
        assert rows(client, second) == second_rows
        with AzScraper(f"http://127.0.0.1:{port}", token=service.token) as reader:
            behind = [orjson.loads(row) for row in reader.rows(cursor=cursor, raw=True)]
        assert {row["meta"]["jobId"] for row in behind} == {second}
        assert sorted(row["meta"]["ordinal"] for row in behind) == list(range(200)), (
            "a kept cursor goes on, each row once"
        )
    with embedded_server(elsewhere) as there, embedded_server(service.data_dir) as here:
        query = "SELECT kind, sum(amount), count(*) FROM credit_entries GROUP BY kind ORDER BY kind"
        ledgers = []
        for url in (there.url, here.url):
            with psycopg.connect(url) as conn:
                ledgers.append(conn.execute(query).fetchall())
    assert ledgers[0] == ledgers[1]


def test_a_restore_into_something_is_refused(installation, empty_database_url, database_url, tmp_path):
    _, service, file, (first, *_), *_ = installation
    refused = azscraper("restore", file, DATA_DIR=str(service.data_dir))
    assert (refused.returncode, refused.stdout) == (2, "")
    assert "is already run by process" in refused.stderr
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "postgres").mkdir()
    assert "name an empty --data-dir" in azscraper("restore", file, DATA_DIR=str(tmp_path / "full")).stderr
    into_tables = azscraper("restore", file, DATA_DIR=str(tmp_path / "new"), DATABASE_URL=database_url)
    assert into_tables.stderr == "azscraper: The database has tables already; restore into an empty one\n"
    assert not list((tmp_path / "new").iterdir())
    other = azscraper(
        "restore", file, DATA_DIR=str(tmp_path / "new"), JWT_SECRET="another secret, of 36 characters 123"
    )
    assert "AZSCRAPER_JWT_SECRET is not the secret of the backup" in other.stderr
    into_empty = azscraper("restore", file, DATA_DIR=str(tmp_path / "new"), DATABASE_URL=empty_database_url)
    assert into_empty.returncode == 0, into_empty.stderr
    with psycopg.connect(empty_database_url) as conn:
        assert conn.execute("SELECT status FROM jobs WHERE id = %s", [first]).fetchone() == ("completed",)
    assert segments(tmp_path / "new")


def test_what_is_no_backup_is_refused(tmp_path):
    cases = {"text": b"not a tar", "empty": b"", "other.tar": None}
    for name, content in cases.items():
        if content is None:
            with tarfile.open(tmp_path / name, "w") as tar:
                tar.add(__file__, "x.py")
        else:
            (tmp_path / name).write_bytes(content)
        refused = azscraper("restore", tmp_path / name, DATA_DIR=str(tmp_path / "data"))
        assert (refused.returncode, refused.stdout) == (2, "")
        assert "is not a backup of AzScraper" in refused.stderr
    assert "No such file" in azscraper("restore", tmp_path / "absent", DATA_DIR=str(tmp_path / "data")).stderr
    assert not (tmp_path / "data").exists()
    unwritable = azscraper("backup", tmp_path / "no" / "folder", DATABASE_URL="postgresql://127.0.0.1:1/x")
    assert unwritable.returncode == 2


def test_a_password_stays_off_the_command_line():
    assert without_password("postgresql://ann:secret@db.example.com/azscraper?sslmode=require") == (
        "user=ann dbname=azscraper host=db.example.com sslmode=require",
        "secret",
    )
