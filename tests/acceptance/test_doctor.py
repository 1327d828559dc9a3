"""``azscraper doctor`` on an installation that works, that has lost its worker, that is stopped, and where there is none."""

import signal
import subprocess
import sys

import orjson
import psutil

from acceptance.conftest import clean_environ, running_service, wait_until
from azscraper.demo.goods.catalogue import products
from azscraper.demo.goods.locales import EN_US
from azscraper.demo.server import base_urls


def doctor(*arguments, **settings):
    command = [sys.executable, "-m", "azscraper", "doctor", *map(str, arguments)]
    return subprocess.run(
        command, env=clean_environ(**settings), capture_output=True, text=True, check=False, timeout=120
    )


def checked(*arguments, **settings):
    """The exit code, and the findings but those of the machine that the test runs on."""
    ran = doctor("--json", *arguments, **settings)
    report = orjson.loads(ran.stdout)
    found = [one for one in report["checks"] if one["check"] != "disk"]
    assert ran.returncode == {"ok": 0, "warning": 1, "failed": 2}[report["state"]]
    return report["state"], {(one["check"], one["subject"]): (one["state"], one["message"]) for one in found}


def files(data_dir):
    return sorted(path for path in data_dir.rglob("*") if "postgres" not in path.parts)


def test_a_healthy_installation_and_a_sick_one(marketplace, tmp_path):
    settings = {"MARKETPLACE_BASE_URL": orjson.dumps(base_urls(marketplace)).decode(), "CRAWL_RATE": "0"}
    with running_service(**settings) as service:
        job = service.client.create_job(service.project_id, "details", [products(EN_US)[0].asin])
        service.finish(job["id"])
        before = files(service.data_dir)
        _, found = checked("--data-dir", service.data_dir, **settings)
        assert {key: value for key, value in found.items() if value[0] != "ok"} == {}
        assert ("robots", None) in found
        assert files(service.data_dir) == before

        [worker] = [part for part in psutil.Process(service.process.pid).children() if part.cmdline()[-1] == "worker"]
        worker.suspend()
        wait_until(
            lambda: checked("--data-dir", service.data_dir)[1]["workers", None][0] == "failed", "word of the worker"
        )
        worker.resume()

        service.process.send_signal(signal.SIGTERM)
        service.process.wait(60)
        before = files(service.data_dir)
        ran = doctor("--data-dir", service.data_dir)
        assert (ran.returncode, "No database runs" in " ".join(ran.stdout.split())) == (2, True)
        assert "failed" in ran.stderr
        assert files(service.data_dir) == before

    nowhere = tmp_path / "nowhere"
    state, found = checked(DATA_DIR=str(nowhere))
    assert state == "failed"
    assert "azscraper up" in found["database", None][1]
    assert {value[0] for key, value in found.items() if key[0] == "queue"} == {"unknown"}
    assert not nowhere.exists()
