"""A kind of page from nothing: its files written by ``scripts/new_kind``, its blanks filled, its test passed."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
IGNORED = shutil.ignore_patterns("__pycache__", "static", "migrations", "locale")
KIND = "src/azscraper/kinds/wish_lists/__init__.py"
PAGE = "src/azscraper/kinds/wish_lists/page.py"
RECORDS = "src/azscraper/records/wish_lists.py"
REGISTRY = "src/azscraper/kinds/registry.py"
TEST = "tests/unit/kinds/test_wish_lists.py"
FILLED = {
    KIND: {
        "TODO: what these pages are, as rows of what": "Charts, as rows of their products",
        "/TODO/": "/hz/wishlist/",
        "TODO: what a key is": "the name of a chart",
        "TODO: what its rows are, for people": "Wish lists",
        "TODO: what its jobs read: a sentence": "Read charts: a row for each product",
        "TODO: what its targets are, for people": "Names of charts",
        "TODO-a-target": "toys-and-games",
        "TODO: what to do about a target that the marketplace does not have": "Check the name of the chart",
    },
    PAGE: {"TODO-id-of-the-list": "zg-list", "TODO-class-of-a-row": "zg-row", "TODO-class-of-a-title": "zg-title"},
    RECORDS: {
        "TODO: what these pages are": "Charts",
        "TODO: what a row is": "One product of a chart",
        "TODO: what the option does; or leave it out, and its part of the address": "Order of the rows",
    },
}
CHART = """<!doctype html><html lang="en-us"><body><ol id="zg-list"><li class="zg-row"><b class="zg-title">Kettle</b></li>
<li class="zg-row"><b class="zg-title">Lamp</b></li></ol></body></html>"""


@pytest.fixture
def tree(tmp_path):
    """What a new kind needs of the repository."""
    for folder in ("src/azscraper", "scripts"):
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=IGNORED)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def run(tree, *command):
    env = os.environ | {"PYTHONPATH": str(tree / "src"), "HYPOTHESIS_STORAGE_DIRECTORY": str(ROOT / ".hypothesis")}
    ended = subprocess.run([*map(str, command)], cwd=tree, env=env, capture_output=True, text=True, check=False)
    return ended.returncode, ended.stdout + ended.stderr


def test_a_kind_from_the_template_to_its_passed_test(tree):
    code, said = run(tree, "scripts/new_kind", "wish_lists")
    assert code == 0, said
    assert run(tree, "scripts/new_kind", "wish_lists")[1].strip() == f"{KIND} is there already: choose another name"

    check = (sys.executable, "-m", "pytest", "-q", "-n", "0", "-p", "no:cacheprovider", TEST)
    code, said = run(tree, *check)
    assert code == 1
    assert "The kind's label is still a blank: TODO: what its rows are, for people" in said
    assert "wish_lists-example has no page: azscraper extract wish_lists-example.html --save-case" in said

    for name, texts in FILLED.items():
        file = tree / name
        for blank, text in texts.items():
            assert blank in file.read_text()
            file.write_text(file.read_text().replace(blank, text))
    registry = (tree / REGISTRY).read_text()
    line = "from azscraper.kinds.bestsellers import BESTSELLERS\n"
    registry = registry.replace(line, f"from azscraper.kinds.wish_lists import WISH_LISTS\n{line}")
    (tree / REGISTRY).write_text(registry.replace("DETAILS,", "DETAILS, WISH_LISTS,", 1))
    run(
        tree, sys.executable, "-m", "ruff", "check", "--fix", "--select", "I", REGISTRY
    )  # whatever kinds there are by then
    page = tree / "wish_lists-example.html"
    page.write_text(CHART)
    address = "https://www.amazon.com/hz/wishlist/toys-and-games"
    extract = (sys.executable, "-m", "azscraper", "extract", page.name, "--url", address, "--save-case", "tests/cases")
    code, said = run(tree, *extract)
    assert code == 0, said
    case = json.loads((tree / "tests/cases/wish_lists-example/case.json").read_text())
    assert [row["title"] for row in case["expected"]["rows"]] == ["Kettle", "Lamp"]

    code, said = run(tree, *check)
    assert code == 0, said
    assert "TODO" not in "".join((tree / name).read_text() for name in FILLED)
    code, said = run(
        tree, sys.executable, "-m", "ruff", "check", "src/azscraper/kinds", "src/azscraper/records", "tests"
    )
    assert code == 0, said


@pytest.mark.parametrize("name", ["wish-lists", "a" * 41, "--help"])
def test_a_bad_name_is_refused(name):
    code, said = run(ROOT, "scripts/new_kind", name)
    assert code == 1
    assert "such as wish_lists" in said
