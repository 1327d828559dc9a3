"""The folders stay small enough to be read as a drawing, and so do modules and functions."""

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[2] / "src" / "azscraper"
FOLDERS = [path.parent for path in sorted(PACKAGE.rglob("__init__.py"))]
MODULES = sorted(PACKAGE.rglob("*.py"))
LISTS_OF_PEERS = {
    "",
    "kinds/details",
    "web/api",
    "web/dashboard/pages",
    "store/migrations/versions",
    "wire",
    "records",
    "cli/remote",
}
"""The words, a module for each group of a product's fields, a router for each resource, a step for each change of the schema,
the bodies of each resource, the records of each kind of page, the commands of each noun."""


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda it: it.relative_to(PACKAGE).as_posix())
def test_a_folder_has_2_to_16_modules(folder):
    count = len(list(folder.glob("*.py")))
    assert count >= 2
    assert count <= 16 or folder.relative_to(PACKAGE).as_posix().strip(".") in LISTS_OF_PEERS


def test_no_module_is_over_400_lines():
    assert [path.name for path in MODULES if path.read_text().count("\n") > 400] == []


def test_no_function_is_over_60_lines():
    functions = [
        (f"{path.name}:{node.lineno}", _lines(node))
        for path in MODULES
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]
    assert [name for name, lines in functions if lines > 60] == []


def _lines(function):
    """Without its docstring."""
    first = function.body[1 if ast.get_docstring(function) and len(function.body) > 1 else 0]
    return function.end_lineno - function.lineno - (first.lineno - function.body[0].lineno)
