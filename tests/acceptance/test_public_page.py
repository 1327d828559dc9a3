"""The public page's own curl lines and snippets, run against a started service with only the base URL changed."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

_PAGES = sorted((Path(__file__).parents[3] / "shared" / "seeds").glob("*.txt"))
_SECTIONS = ("Projects", "List projects", "Create project", "Update project", "Create job", "List jobs for a project",
             "Get job by id", "Get results", "Export job results", "Retry job", "Cancel job", "Health (no auth)")  # fmt: skip
_PROSE = re.compile(r"^(Success|Error|Response|Not found|status is one of|Query:|\{|POST |GET |PATCH )")
_SHAPES = {
    "List projects": {"data": [{"id", "name", "organizationId", "archived", "createdAt", "updatedAt"}]},
    "Create project": {"data": {"id", "name", "organizationId", "archived", "createdAt", "updatedAt"}},
    "Update project": {"data": {"id", "name", "organizationId", "archived", "createdAt", "updatedAt"}},
    "Create job": {"data": {"id", "projectId", "organizationId", "type", "status", "targets", "config", "createdAt",
                            "updatedAt", "bullJobId"}},
    "List jobs for a project": {"data": [{"id", "status", "type"}], "meta": {"total"}},
    "Get job by id": {"data": {"id", "projectId", "organizationId", "type", "status", "targets", "config",
                               "resultSetId", "createdAt", "updatedAt", "completedAt"}},
    "Get results": {"data": [{"asin", "title"}], "meta": {"total"}},
    "Retry job": {"data": {"id", "type", "status", "targets", "config"}},
    "Health (no auth)": {"status"},
}  # fmt: skip


def snippets(text):
    """(section, language, code) for each block of code on the page."""
    section, language, code = "", "", []
    for line in [*text.splitlines(), ""]:
        started = next(
            (
                name
                for name, start in (("curl", "curl "), ("node", "const "), ("python", "import os"))
                if line.startswith(start)
            ),
            None,
        )
        if started == "node" and language == "node":
            started = None
        ended = language and (_PROSE.match(line) or line in _SECTIONS or (started and started != language))
        ended = ended or (language == "curl" and code and not code[-1].endswith("\\"))
        if ended:
            yield section, language, "\n".join(code)
            language, code = "", []
        if started and not language:
            language = started
        if language:
            code.append(line)
        elif line in _SECTIONS:
            section = line


def matches(value, shape):
    if isinstance(shape, set):
        assert shape <= value.keys()
    elif isinstance(shape, list):
        assert value
        for item in value:
            matches(item, shape[0])
    else:
        for key, part in shape.items():
            matches(value[key], part)


@pytest.mark.skipif(not _PAGES, reason="the public page is absent")
def test_every_snippet_runs_and_gives_the_shape_that_the_page_prints(service, tmp_path):
    done = service.client.create_job(service.project_id, "search", ["kettle"])
    service.finish(done["id"])
    commands = {"curl": ["bash", "-c"], "python": [sys.executable, "-c"], "node": ["node", "--input-type=module", "-e"]}
    seen = []
    for section, language, code in snippets(_PAGES[0].read_text()):
        if language == "node" and shutil.which("node") is None:
            continue
        job_id = done["id"]
        if section == "Cancel job":
            job_id = service.client.create_job(service.project_id, "search", [f"mug {n}" for n in range(500)])["id"]
        archived = service.client.create_project("to archive")["id"]
        environ = {
            "PATH": os.environ["PATH"],
            "API_BASE": service.url,
            "TOKEN": service.token,
            "PROJECT_ID": service.project_id,
            "JOB_ID": job_id,
        }
        command = [*commands[language], code.replace("67d2ab...", archived)]
        run = subprocess.run(
            command, env=environ, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False
        )
        assert run.returncode == 0, (section, language, code, run.stderr)
        if language == "curl" and section in _SHAPES:
            matches(json.loads(run.stdout), _SHAPES[section])
        if language == "curl" and section == "Export job results":
            assert (tmp_path / f"job-{job_id}.csv").read_text().startswith("url,")
        assert "success: false" not in run.stdout
        seen.append((section, language))
    assert json.loads((tmp_path / "export.json").read_text())
    assert len([one for one in seen if one[1] == "curl"]) == 11
    assert len([one for one in seen if one[1] == "python"]) == 6
