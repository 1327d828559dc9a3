"""A Python client that a stranger generates from the served OpenAPI document works."""

import re
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import httpx
import pytest
from pydantic.alias_generators import to_snake

from acceptance.conftest import running_api


@pytest.fixture
def api_url(database_url):
    with running_api(database_url) as (url, _):
        yield url


def test_a_generated_client_lists_jobs(api_url, tmp_path, monkeypatch):
    document = httpx.get(f"{api_url}/openapi.json", timeout=60)
    (tmp_path / "openapi.json").write_bytes(document.content)
    (tmp_path / "config.yaml").write_text("package_name_override: stranger\npost_hooks: []\n")  # no formatting
    tool = Path(sys.executable).with_name("openapi-python-client")
    command = [tool, "generate", "--path", "openapi.json", "--config", "config.yaml", "--meta", "none"]
    made = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False)
    said = made.stdout + made.stderr
    # It has no words for CSV and SVG, and leaves those out where there is more than one form.
    left_out = re.findall(r"WARNING parsing (\w+) (\S+)", said)
    assert (made.returncode, said.count("Unsupported content")) == (0, len(left_out)), said
    named = {one["operationId"] for path in document.json()["paths"].values() for one in path.values()}
    assert {to_snake(name) for name in named} <= {path.stem for path in (tmp_path / "stranger" / "api").rglob("*.py")}
    monkeypatch.syspath_prepend(tmp_path)

    client = import_module("stranger")
    models = import_module("stranger.models")
    call = {
        name: import_module(f"stranger.api.{tag}.{name}").sync
        for tag, name in [
            ("auth", "register"),
            ("projects", "create_project"),
            ("jobs", "create_job"),
            ("jobs", "list_jobs"),
        ]
    }
    person = models.Registration(email="ann@example.com", password="correct horse")
    with client.Client(base_url=api_url) as anyone:
        session = call["register"](client=anyone, body=person)
    with client.AuthenticatedClient(base_url=api_url, token="stale") as stale:
        assert call["list_jobs"]("0" * 24, client=stale).error.code == "UNAUTHORIZED"
    with client.AuthenticatedClient(base_url=api_url, token=session.access_token) as ann:
        project = call["create_project"](client=ann, body=models.NewProject(name="EU keywords")).data
        job = models.NewJob(type_=models.JobType.SEARCH, targets=["wireless earbuds"])
        made = call["create_job"](project.id, client=ann, body=job).data
        listed = call["list_jobs"](project.id, client=ann)
    assert [(one.id, one.status, one.type_) for one in listed.data] == [(made.id, "queued", "search")]
    assert listed.meta.total == 1
