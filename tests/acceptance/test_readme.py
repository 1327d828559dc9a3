"""The README's first real job, as a newcomer would type it."""

import os
import re
import subprocess
import sys
from pathlib import Path

README = (Path(__file__).parents[2] / "README.md").read_text()


def block(language, beginning):
    found = [code for code in re.findall(rf"```{language}\n(.*?)```", README, re.DOTALL) if code.startswith(beginning)]
    assert len(found) == 1
    return found[0]


def run(command, tmp_path):
    environ = {"PATH": os.environ["PATH"]}
    done = subprocess.run(command, cwd=tmp_path, env=environ, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr


def test_the_first_job_in_the_shell(service, tmp_path):
    *lines, export = block("sh", "export API_BASE").replace("http://127.0.0.1:8000", service.url).strip().splitlines()
    finished = 'until curl -sS "$API_BASE/jobs/$JOB_ID" -H "Authorization: Bearer $TOKEN" | grep -q completed; do sleep 0.1; done'
    run(["bash", "-ec", "\n".join([*lines, finished, export])], tmp_path)
    rows = (tmp_path / "kettles.csv").read_text().splitlines()
    assert len(rows) > 5


def test_the_same_in_python(service, tmp_path):
    service.client.register("reader@example.com", "correct horse")
    code = block("python", "from azscraper.client").replace("http://127.0.0.1:8000", service.url)
    code = code.replace("me@example.com", "reader@example.com")
    run([sys.executable, "-c", code], tmp_path)
    assert "B0DEMO0001" in (tmp_path / "products.json").read_text()
    service.client.login("ann@example.com", "correct horse")
