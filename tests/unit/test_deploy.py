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


TMP = "/tmp"  # noqa: S108 - a path of the manifests
DEPLOYMENTS = [pod for pod in PODS if pod["kind"] == "Deployment"]
OURS = {name: part for name, part in COMPOSE["services"].items() if name != "database"}


@pytest.mark.parametrize("deployment", DEPLOYMENTS, ids=lambda deployment: deployment["metadata"]["name"])
def test_a_pod_can_do_no_more_than_it_needs(deployment):
    pod = deployment["spec"]["template"]["spec"]
    assert pod["automountServiceAccountToken"] is False
    assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    assert pod["securityContext"]["runAsNonRoot"] is True
    volumes = {volume["name"]: volume for volume in pod["volumes"]}
    for container in containers(deployment):
        rights = {"allowPrivilegeEscalation": False, "readOnlyRootFilesystem": True, "capabilities": {"drop": ["ALL"]}}
        assert container["securityContext"] == rights
        assert {"cpu", "memory"} <= container["resources"]["limits"].keys()
        mounted = {mount["mountPath"]: volumes[mount["name"]] for mount in container["volumeMounts"]}
        assert mounted.keys() == {TMP, "/var/lib/azscraper"}
        assert all(volume["emptyDir"]["sizeLimit"] for volume in mounted.values())


def test_a_worker_that_hangs_is_started_again():
    [worker] = [pod for pod in DEPLOYMENTS if pod["metadata"]["labels"]["part"] == "worker"]
    [container] = containers(worker)
    [settings] = [pod["data"] for pod in PODS if pod["kind"] == "ConfigMap"]
    [port] = [port["containerPort"] for port in container["ports"] if port["name"] == "metrics"]
    assert container["livenessProbe"]["httpGet"] == {"path": "/health", "port": "metrics"}
    where = (settings["AZSCRAPER_METRICS_HOST"], settings["AZSCRAPER_METRICS_PORT"])
    assert where == ("0.0.0.0", str(port))  # noqa: S104 - a pod is reached by its address alone


def test_pods_connect_to_the_internet_and_the_database_alone():
    policies = {
        pod["spec"]["podSelector"]["matchLabels"]["part"]: pod["spec"] for pod in PODS if pod["kind"] == "NetworkPolicy"
    }
    assert policies.keys() == {pod["metadata"]["labels"]["part"] for pod in DEPLOYMENTS}
    for policy in policies.values():
        assert policy["policyTypes"] == ["Ingress", "Egress"]
        assert {port["port"] for rule in policy["egress"] for port in rule["ports"]} == {53, 5432, 443}
        [inside] = [rule["to"] for rule in policy["egress"] if rule["ports"] == [{"port": 443}]]
        assert "169.254.0.0/16" in inside[0]["ipBlock"]["except"]


@pytest.mark.parametrize("name", COMPOSE["services"])
def test_a_container_can_do_no_more_than_it_needs(name):
    part = COMPOSE["services"][name]
    assert part["cap_drop"] == ["ALL"]
    assert "cap_add" not in part or name == "database"
    assert part["security_opt"] == ["no-new-privileges:true"]
    assert part["read_only"] is True
    assert TMP in part["tmpfs"]
    assert {"mem_limit", "pids_limit"} <= part.keys()


def test_the_image_says_whether_it_works():
    text = (DEPLOY / "Dockerfile").read_text()
    port = re.search(r"AZSCRAPER_METRICS_PORT=(\d+)", text)[1]
    assert re.search(rf"^HEALTHCHECK .*\\\n.*:{port}/health", text, re.MULTILINE)
    assert f":{port}/health" in str(OURS["worker"]["healthcheck"])
    assert re.search(r"^USER 10001$", text, re.MULTILINE)


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_a_unit_can_do_no_more_than_it_needs(unit):
    lines = unit.read_text().splitlines()
    for line in (
        "UMask=0077",
        "CapabilityBoundingSet=",
        "NoNewPrivileges=yes",
        "ProtectSystem=strict",
        "RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX",
        "SystemCallFilter=@system-service",
    ):
        assert line in lines
    assert any(line.startswith("MemoryMax=") for line in lines)
    if shutil.which("systemd-analyze") is not None:
        rating = ["systemd-analyze", "security", "--offline=true", "--threshold=25", unit]
        assert subprocess.run(rating, capture_output=True, check=False).returncode == 0
