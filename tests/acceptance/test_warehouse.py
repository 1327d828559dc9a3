"""The recipes of the page on warehouses: run every night, each brings what is new, once."""

import os
import re
import subprocess
import sys
from pathlib import Path

import duckdb
import orjson
import psycopg
import pytest

from azscraper.client import AzScraper

PAGE = Path(__file__).parents[2] / "docs" / "howto" / "warehouse.md"
FIRST, SECOND = ["B0DEMO0001", "B0DEMO0002"], ["B0DEMO0003"]


def recipe(part):
    """The program below a heading."""
    below = PAGE.read_text().partition(f"## {part}\n")[2]
    return re.search(r"```(?:python|text)[^\n]*\n(.*?)```", below, re.DOTALL)[1]


@pytest.fixture(params=["DuckDB", "PostgreSQL"])
def night(request, tmp_path, monkeypatch, database_url):
    """Runs a recipe; what is in the table then, and where the cursor is."""
    program = compile(recipe(request.param), str(PAGE), "exec")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("WAREHOUSE_URL", database_url)

    def run():
        exec(program, {})  # noqa: S102 - the page's own program
        duck = request.param == "DuckDB"
        with duckdb.connect("warehouse.duckdb") if duck else psycopg.connect(database_url) as warehouse:
            rows = warehouse.execute("SELECT asin, price, row_id FROM products ORDER BY stored_at, row_id").fetchall()
            return rows, warehouse.execute("SELECT cursor FROM feeds").fetchall()

    return run


@pytest.fixture
def project(service, monkeypatch):
    """A project of its own; posts jobs."""
    with AzScraper(service.url, token=service.token) as client:
        made = client.create_project("Warehouse")
        monkeypatch.setenv("AZSCRAPER_URL", service.url)
        monkeypatch.setenv("AZSCRAPER_API_KEY", client.create_api_key("nightly", project=made.id).key)
        yield lambda asins: client.run("details", asins, marketplace="de", project=made.id).wait(timeout_seconds=60)
        client.change_project(made.id, archived=True)


def test_each_night_brings_what_is_new_once(project, night):
    project(FIRST)
    rows, (cursor,) = night()
    assert sorted(asin for asin, *_ in rows) == FIRST
    assert all(price for _, price, _ in rows)
    assert night() == (rows, [cursor])
    project(SECOND)
    later, (moved,) = night()
    assert [asin for asin, *_ in later[2:]] == SECOND
    assert later[:2] == rows
    assert moved != cursor


def test_the_recipe_for_bigquery_keeps_its_cursor_behind_the_merge(project, tmp_path):
    """With a ``bq`` that notes what it is given, and fails when it is told to."""
    project(FIRST)
    tool = tmp_path / "bq"
    tool.write_text('#!/bin/sh\necho "$@" >> calls\n[ "$1" = load ] && cat new.ndjson > loaded || [ ! -e broken ]\n')
    tool.chmod(0o755)
    environ = os.environ | {"PATH": f"{tmp_path}:{Path(sys.executable).parent}:{os.environ['PATH']}"}

    def night():
        done = subprocess.run(["bash", "-ec", recipe("BigQuery")], cwd=tmp_path, env=environ, check=False)
        return done.returncode, [orjson.loads(line) for line in (tmp_path / "loaded").read_bytes().splitlines()]

    (tmp_path / "broken").touch()
    failed, rows = night()
    assert (failed, sorted(row["asin"] for row in rows)) == (1, FIRST)
    assert set(rows[0]) == {"asin", "marketplace", "title", "price", "fetchedAt", "meta"}
    (tmp_path / "broken").unlink()
    assert night() == (0, rows)
    assert night() == (0, [])
    assert "MERGE INTO shop.products" in (tmp_path / "calls").read_text()
