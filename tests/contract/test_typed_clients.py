"""Type checkers and generators see what strangers need: typed rows in generated clients, and a typed client of our own."""

import importlib
import os
import re
import subprocess
import sys
from pathlib import Path

import orjson
import pytest

from azscraper.kinds.registry import kinds
from integration.one_app import plain

pytestmark = pytest.mark.xdist_group("typed clients")
ROOT = Path(__file__).parents[2]
BIN = Path(sys.executable).parent
NODE = ROOT / "tests" / "contract" / "node" / "node_modules" / ".bin"

TYPESCRIPT = """
import type { components, paths } from "./api";

type Job = components["schemas"]["NewJob"];
type Rows = paths["/jobs/{job_id}/results"]["get"]["responses"][200]["content"]["application/json"];
type Feed = paths["/projects/{project_id}/rows"]["get"]["responses"][200]["content"]["application/json"];

export const job: Job = { type: "search", targets: ["kettle"] };
// @ts-expect-error there is no such type of job
export const wrong: Job = { type: "searches", targets: ["kettle"] };

export function prices(rows: Rows): (number | undefined)[] {
  // @ts-expect-error a row is not anything
  rows.data.map((row) => row.pryce);
  const titles: (string | null | undefined)[] = rows.data.flatMap((row) => (row.record === "Product" ? [row.title] : []));
  return rows.data.flatMap((row) => (row.record === "Product" ? [row.price?.amount] : []));
}

export function sellers(feed: Feed): string[] {
  return feed.data.flatMap((row) =>
    "record" in row && row.record === "OfferRow" ? [`${row.seller?.name} ${row.meta.rowId}`] : [],
  );
}

export function positions(rows: Rows): number[] {
  return rows.data.flatMap((row) => (row.record === "SearchRow" ? [row.position] : []));
}
"""
META = {
    "jobId": "0" * 24,
    "projectId": "1" * 24,
    "scheduleId": None,
    "listId": None,
    "target": "kettle",
    "ordinal": 0,
    "position": 1,
    "jobCreatedAt": "2026-01-01T00:00:00.000Z",
    "storedAt": "2026-01-01T00:00:01.000Z",
    "rowId": "0-0-1",
    "cached": False,
}
PYTHON = """
from typing import assert_type

from visitor import AuthenticatedClient
from visitor.api.jobs import create_job, get_results
from visitor.models import (
    AuthorTitle,
    ChartRow,
    DealRow,
    JobType,
    NewJob,
    OfferRow,
    PartOfRow,
    Product,
    ReviewRow,
    SearchRow,
    SellerProfile,
    StoreItem,
    Suggestion,
)


def titles(client: AuthenticatedClient) -> list[object]:
    create_job.sync("0" * 24, client=client, body=NewJob(type_=JobType.SEARCH, targets=["kettle"]))
    rows = get_results.sync("0" * 24, client=client)
    assert rows is not None and not hasattr(rows, "error")
    for row in rows.data:
        assert_type(
            row,
            Product
            | SearchRow
            | ChartRow
            | OfferRow
            | ReviewRow
            | SellerProfile
            | Suggestion
            | DealRow
            | StoreItem
            | AuthorTitle
            | PartOfRow,
        )
    return [row.price for row in rows.data if isinstance(row, OfferRow)]
"""


def run(command, folder, **environ):
    path = f"{BIN}{os.pathsep}{os.environ['PATH']}"
    return subprocess.run(
        command, cwd=folder, env=os.environ | {"PATH": path} | environ, capture_output=True, text=True, check=False
    )


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder with the document of the service in it, as strangers save it."""
    made = tmp_path_factory.mktemp("stranger")
    (made / "openapi.json").write_bytes(orjson.dumps(plain().openapi()))
    return made


def test_linters_of_openapi_documents_find_no_error(folder):
    lint = run([NODE / "redocly", "lint", "openapi.json"], folder, REDOCLY_TELEMETRY="off")
    assert lint.returncode == 0, lint.stdout + lint.stderr
    (folder / ".spectral.yaml").write_text('extends: ["spectral:oas"]\n')
    lint = run([NODE / "spectral", "lint", "openapi.json"], folder)
    assert lint.returncode == 0, lint.stdout + lint.stderr


def test_typescript_sees_typed_rows(folder):
    made = run([NODE / "openapi-typescript", "openapi.json", "-o", "api.ts"], folder)
    assert made.returncode == 0, made.stderr
    (folder / "program.ts").write_text(TYPESCRIPT)
    checked = run([NODE / "tsc", "--strict", "--noEmit", "--target", "es2022", "program.ts"], folder)
    assert checked.returncode == 0, checked.stdout


@pytest.fixture(scope="module")
def generated(folder):
    """The same folder with the package ``visitor``, made by openapi-python-client."""
    (folder / "config.yaml").write_text("package_name_override: visitor\npost_hooks: []\n")
    command = [BIN / "openapi-python-client", "generate", "--path", "openapi.json", "--config", "config.yaml"]
    made = run([*command, "--meta", "none"], folder)
    assert (made.returncode, "Warning" in made.stdout) == (0, False), made.stdout
    return folder


def test_a_generated_python_client_has_typed_rows(generated):
    (generated / "program.py").write_text(PYTHON)
    checked = run([BIN / "mypy", "--strict", "program.py"], generated)
    assert checked.returncode == 0, checked.stdout


def test_a_generated_python_client_tells_the_records_apart(generated, monkeypatch):
    monkeypatch.syspath_prepend(generated)
    models = importlib.import_module("visitor.models")
    product = {"asin": "B0DEMO0001", "title": "A kettle", "parentAsin": None, "features": []}
    tile = {"asin": "B0DEMO0002", "keyword": "kettle", "page": 1, "position": 3}
    named = [{"record": record.__name__} | _least(record) for kind in kinds().values() for record in kind.records]
    found = {"data": [product, tile, *named], "meta": {"total": 2, "status": "completed"}}
    rows = models.Rows.from_dict(found)
    assert [type(row).__name__ for row in rows.data] == ["Product", "SearchRow", *(one["record"] for one in named)]
    feed = {"limit": 9, "nextCursor": "1.0.1", "hasMore": False, "skipped": 0}
    stored = models.FeedPage.from_dict({"data": [one | {"meta": META} for one in named], "meta": feed})
    assert [type(row).__name__ for row in stored.data] == [f"Stored{one['record']}" for one in named]
    assert stored.data[0].meta.job_id == META["jobId"]


def test_a_generated_python_client_reads_what_fields_chose_of_a_row(generated, monkeypatch):
    monkeypatch.syspath_prepend(generated)
    models = importlib.import_module("visitor.models")
    part = {"asin": "B0DEMO0001", "price": {"amount": 9.5, "currency": "USD"}}
    found = models.Rows.from_dict({"data": [part], "meta": {"total": 1, "status": "completed"}})
    feed = {"limit": 9, "nextCursor": "1.0.1", "hasMore": False, "skipped": 0}
    stored = models.FeedPage.from_dict({"data": [part], "meta": feed})
    for row in (found.data[0], stored.data[0]):
        assert (type(row).__name__, row["asin"], row["price"]) == ("PartOfRow", "B0DEMO0001", part["price"])


def test_a_generated_python_client_has_the_routes_that_take_files(generated):
    for name in ("lists/put_items", "history/import_history"):
        assert (generated / "visitor" / "api" / f"{name}.py").exists()


def _least(record):
    """What every row of the type has, as the service writes it."""
    texts = {field.alias: "B000000001" for field in record.model_fields.values() if field.is_required()}
    others = {"page": 1, "position": 1, "rank": 1, "list": "best_sellers"}
    row = record.model_validate({name: others.get(name, text) for name, text in texts.items()})
    return orjson.loads(row.model_dump_json(by_alias=True))


def test_type_checkers_accept_the_first_program_and_see_what_the_client_returns(tmp_path):
    program = tmp_path / "program.py"
    program.write_text(re.search(r"```python\n(.*?)```", (ROOT / "README.md").read_text(), re.DOTALL)[1])
    files = [program, ROOT / "tests" / "typing" / "client_types.py"]
    checked = run([BIN / "mypy", "--strict", *files], tmp_path)
    assert checked.returncode == 0, checked.stdout
    checked = run([NODE / "pyright", "--pythonpath", sys.executable, *files], tmp_path)
    assert checked.returncode == 0, checked.stdout
