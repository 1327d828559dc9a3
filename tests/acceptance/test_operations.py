"""Operations: several API and worker processes on one external PostgreSQL, a back-up that is restored, a rolling restart."""

import signal
import subprocess
from contextlib import ExitStack, contextmanager
from pathlib import Path

import orjson
import psycopg
import pytest

from acceptance.conftest import clean_environ, free_port, running, wait_until
from acceptance.json_client import JsonClient
from azscraper.demo.goods.catalogue import products
from azscraper.demo.goods.locales import EN_US
from azscraper.demo.server import base_urls
from azscraper.store.embedded.programs import program

SECRET = "a master secret of at least thirty-two characters"


@pytest.fixture
def environ(database_url, marketplace, tmp_path):
    urls = orjson.dumps(base_urls(marketplace)).decode()
    settings = {"DATABASE_URL": database_url, "JWT_SECRET": SECRET, "DATA_DIR": str(tmp_path)}
    return clean_environ(MARKETPLACE_BASE_URL=urls, CRAWL_RATE="100", **settings)


@contextmanager
def api(environ):
    port = free_port()
    with running(["azscraper", "api", "--port", str(port)], environ), JsonClient(f"http://127.0.0.1:{port}") as client:
        wait_until(client.is_healthy, "the start of the service")
        yield client


def details(client, project_id):
    return client.create_job(project_id, "details", [product.asin for product in products(EN_US)[:100]])["id"]


def completed(client, job_id):
    return client.job(job_id)["status"] == "completed"


def test_any_api_answers_for_what_another_took_and_workers_can_be_changed_in_the_middle(environ):
    with api(environ) as one, api(environ) as other, ExitStack() as old, ExitStack() as new:
        first = old.enter_context(running(["azscraper", "worker"], environ))
        one.register("ann@example.com", "correct horse")
        other.login("ann@example.com", "correct horse")
        job_id = details(one, one.create_project("EU keywords")["id"])
        wait_until(lambda: other.job(job_id)["progress"]["succeeded"] >= 20, "the job's first rows")
        new.enter_context(running(["azscraper", "worker"], environ))
        first.send_signal(signal.SIGTERM)
        assert first.wait(20) == 0
        wait_until(lambda: completed(other, job_id), "the end of the job")
        assert other.job(job_id)["progress"]["succeeded"] == 100
        assert len(other.results(job_id)) == 100


def test_a_dump_restored_elsewhere_is_the_whole_service(environ, server_url, tmp_path):
    with api(environ) as before, running(["azscraper", "worker"], environ):
        before.register("ann@example.com", "correct horse")
        job_id = details(before, before.create_project("EU keywords")["id"])
        wait_until(lambda: completed(before, job_id), "the end of the job")
        rows = before.results(job_id)
    restored = restore(environ["AZSCRAPER_DATABASE_URL"], server_url, tmp_path / "azscraper.dump")
    with api(environ | {"AZSCRAPER_DATABASE_URL": restored}) as after:
        after.login("ann@example.com", "correct horse")
        assert after.results(job_id) == rows
        again = details(after, after.job(job_id)["projectId"])
        with running(["azscraper", "worker"], environ | {"AZSCRAPER_DATABASE_URL": restored}):
            wait_until(lambda: completed(after, again), "the end of a job after the restore")


def restore(url: str, server_url: str, dump: Path) -> str:
    """The database dumped and restored beside itself, as docs/operations says; the new one's URL."""
    subprocess.run([program("pg_dump"), "--format=custom", f"--file={dump}", url], check=True)
    with psycopg.connect(server_url, autocommit=True) as conn:
        conn.execute("CREATE DATABASE restored")
    restored = server_url.replace("/postgres?", "/restored?")
    subprocess.run([program("pg_restore"), "--exit-on-error", f"--dbname={restored}", dump], check=True)
    return restored
