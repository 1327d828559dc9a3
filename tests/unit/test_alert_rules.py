"""The alert rules ask for numbers that are served, by labels that these have, and the operations page explains each."""

import re
from pathlib import Path

import pytest
import yaml
from prometheus_client.parser import text_string_to_metric_families

from azscraper import metrics
from azscraper.heartbeats import Heartbeats
from azscraper.metrics import GAUGES, Sample

ROOT = Path(__file__).parents[2]
[GROUP] = yaml.safe_load((ROOT / "deploy" / "prometheus" / "rules.yaml").read_text())["groups"]
RULES = {rule["alert"]: rule for rule in GROUP["rules"]}
_FROM_THE_SCRAPE = {"instance", "job"}


@pytest.fixture(scope="module")
def served():
    """Each series that a process with workers and the shared numbers shows: its labels."""
    heartbeats = Heartbeats()
    heartbeats.beat("default")
    stop = metrics.serve("127.0.0.1", 0, heartbeats)
    metrics.publish([Sample(name, 1, ("x",) * len(labels)) for name, (_, labels) in GAUGES.items()])
    metrics.target_ended("details", "success", None)
    metrics.POSTS.labels("2xx").inc(0)
    metrics.REQUESTS.labels("GET", "/x", "200").observe(0)
    metrics.LOOP_FAILURES.labels("x")
    metrics.watch_disk("data", ROOT)
    families = list(text_string_to_metric_families(metrics.page().decode()))
    metrics.publish([])
    stop()
    return {sample.name: sample.labels.keys() for family in families for sample in family.samples}


def test_names_are_unique():
    assert len(RULES) == len(GROUP["rules"])


@pytest.mark.parametrize("name", RULES)
def test_a_rule_asks_for_what_is_served(name, served):
    expr = RULES[name]["expr"]
    asked = set(re.findall(r"azscraper_\w+", expr))
    assert asked
    assert asked <= served.keys()
    labels = {label for group in re.findall(r"by \(([^)]*)\)", expr) for label in group.split(", ")}
    labels |= {label for group in re.findall(r"{([^}]*)}", expr) for label in re.findall(r"(\w+)[=!]~?", group)}
    assert labels <= _FROM_THE_SCRAPE.union(*(served[metric] for metric in asked))
    assert expr.count("(") == expr.count(")")


@pytest.mark.parametrize("name", RULES)
def test_a_rule_says_how_bad_it_is_and_what_to_do(name):
    rule = RULES[name]
    assert rule.keys() <= {"alert", "expr", "for", "labels", "annotations"}
    assert rule["labels"].keys() == {"severity"}
    assert rule["labels"]["severity"] in {"critical", "warning"}
    assert re.fullmatch(r"\d+[smh]", rule.get("for", "0s"))
    assert rule["annotations"].keys() == {"summary", "runbook"}
    assert all(text.endswith(".") for text in rule["annotations"].values())
    shown = {*re.findall(r"\$labels\.(\w+)", rule["annotations"]["summary"])}
    grouped = {label for group in re.findall(r"by \(([^)]*)\)", rule["expr"]) for label in group.split(", ")}
    assert shown <= grouped


def test_the_operations_page_has_each_alert():
    text = (ROOT / "docs" / "operations" / "watch.md").read_text()
    assert set(re.findall(r"^\| `(AzScraper\w+)`", text, re.MULTILINE)) == RULES.keys()
