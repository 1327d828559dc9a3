"""The numbers: what is counted, what is published, and a Grafana dashboard that asks for nothing that is not there."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from azscraper import metrics, tracing
from azscraper.metrics import GAUGES, Sample

DASHBOARD = Path(__file__).parents[2] / "deploy" / "grafana" / "azscraper.json"
_SUFFIXES = {"counter": ("_total",), "histogram": ("_bucket", "_count", "_sum"), "gauge": ("",)}


def families():
    return {family.name: family for family in text_string_to_metric_families(metrics.page().decode())}


def test_published_gauges_are_shown_and_replaced():
    metrics.publish([Sample("azscraper_workers", 3), Sample("azscraper_fill_rate", 0.5, ("www.amazon.de", "price"))])
    shown = families()
    assert shown["azscraper_workers"].samples[0].value == 3
    assert shown["azscraper_fill_rate"].samples[0].labels == {"marketplace": "www.amazon.de", "field": "price"}
    metrics.publish([])
    assert not GAUGES.keys() & families().keys()


def test_a_target_is_counted_by_its_outcome():
    def count():
        sample = {"type": "details", "outcome": "failed", "code": "not_found"}
        values = [s.value for s in families()["azscraper_targets"].samples if s.labels == sample]
        return values[0] if values else 0

    before = count()
    metrics.target_ended("details", "failed", "not_found")
    assert count() == before + 1


def test_the_dashboard_asks_for_numbers_that_exist():
    own = {f"{name}{suffix}" for name, family in families().items() for suffix in _SUFFIXES.get(family.type, ())}
    asked = set()
    for panel in json.loads(DASHBOARD.read_text())["panels"]:
        for target in panel["targets"]:
            asked |= set(re.findall(r"azscraper_\w+", target["expr"]))
    assert asked - own - GAUGES.keys() == set()
    assert GAUGES.keys() <= asked


def test_the_dashboards_labels_exist():
    text = DASHBOARD.read_text()
    grouped = {label.strip() for group in re.findall(r"by \(([^)]*)\)", text) for label in group.split(",")}
    known = {label for _, labels in GAUGES.values() for label in labels}
    known |= {
        "type",
        "outcome",
        "code",
        "marketplace",
        "kind",
        "answer",
        "method",
        "route",
        "status",
        "le",
        "instance",
        "folder",
    }
    assert grouped <= known


@pytest.mark.parametrize("given", ["", "wrong", "the right token ", "ä"])
def test_only_the_token_opens(given):
    assert metrics.is_token("the right token", "the right token")
    assert not metrics.is_token(given, "the right token")


def test_traces_cost_no_import_while_they_are_off():
    code = """
import sys
from azscraper import tracing, worker
with tracing.span("x", parent="y", a=1):
    assert tracing.traceparent() is None
assert not any(name.startswith("opentelemetry") for name in sys.modules)
"""
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
    assert not tracing.is_on()
