"""What stands in deploy/ is what its readers understand, and names what the product has."""

import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import kubernetes_validate
import pytest
import yaml
from typer.main import get_command

from azscraper.cli import app
from azscraper.config import PREFIX, Settings

DEPLOY = Path(__file__).parents[2] / "deploy"
UNITS = sorted((DEPLOY / "systemd").glob("*.service"))
PODS = list(yaml.safe_load_all((DEPLOY / "kubernetes" / "azscraper.yaml").read_text()))
COMPOSE = yaml.safe_load((DEPLOY / "compose.yaml").read_text())


@pytest.mark.parametrize("pod", PODS, ids=lambda pod: pod["kind"])
def test_kubernetes_takes_each_document(pod):
    assert kubernetes_validate.validate(pod, "1.36", strict=True) == "1.36"


def test_compose_takes_its_file():
    checker = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec"]
    checked = subprocess.run([*checker, DEPLOY / "compose.yaml"], capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stdout


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_systemd_takes_each_unit(unit, tmp_path):
    if shutil.which("systemd-analyze") is None:
        pytest.skip("this system has no systemd")
    here = tmp_path / unit.name  # a unit whose program is not installed is refused
    here.write_text(unit.read_text().replace("/opt/azscraper/bin/azscraper", "/bin/true"))
    verified = subprocess.run(["systemd-analyze", "verify", here], capture_output=True, text=True, check=False)
    assert (verified.returncode, verified.stderr) == (0, "")


def commands() -> list[list[str]]:
    """What each manifest gives to azscraper."""
    pods = [container["args"] for pod in PODS if pod["kind"] == "Deployment" for container in containers(pod)]
    parts = [part["command"] for part in COMPOSE["services"].values() if "command" in part]
    lines = [re.search(r"^ExecStart=\S+ (.*)", unit.read_text(), re.MULTILINE)[1] for unit in UNITS]
    return [*pods, *parts, *map(shlex.split, lines)]


def containers(pod: dict) -> list[dict]:
    return pod["spec"]["template"]["spec"]["containers"]


@pytest.mark.parametrize("command", commands(), ids=" ".join)
def test_each_command_is_one_of_ours(command):
    name, *arguments = command
    get_command(app).commands[name].make_context(name, arguments)


def test_each_variable_is_a_setting():
    known = {f"{PREFIX}{name.upper()}" for name in Settings.model_fields}
    texts = {path: path.read_text() for path in DEPLOY.rglob("*") if path.is_file()}
    named = {path.name: set(re.findall(rf"{PREFIX}[A-Z_]+", text)) for path, text in texts.items()}
    assert {name: variables - known for name, variables in named.items() if variables - known} == {}
    assert any(named.values())
