"""Figures into ``docs/benchmarks.md``: a section is replaced between its two marks, the rest of the page stays."""

import json
import re
import subprocess
from pathlib import Path
from typing import Any

from rich.table import Table

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "benchmarks.md"
PEERS = ROOT / ".venv-bench" / "bin" / "python"


def section(name: str, lines: list[str]) -> None:
    """Write the lines between ``<!-- name -->`` and ``<!-- /name -->``. Raises ValueError where the page has no such marks."""
    begin, end = f"<!-- {name} -->", f"<!-- /{name} -->"
    before, begins, rest = PAGE.read_text().partition(begin)
    _, ends, after = rest.partition(end)
    if not begins or not ends:
        raise ValueError(f"{PAGE.name} has no section {name}")
    PAGE.write_text("\n".join([before + begin, *lines, end]) + after)


def table(heads: list[str], rows: list[list[str]]) -> list[str]:
    """A Markdown table."""
    return [_row(heads), _row(["---"] * len(heads)), *map(_row, rows)]


def markdown(shown: Table) -> list[str]:
    """A table for the terminal as a Markdown table."""
    cells = zip(*(map(str, column.cells) for column in shown.columns), strict=True)
    return table([str(column.header) for column in shown.columns], [list(row) for row in cells])


def _row(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"


def bars(path: Path, title: str, values: dict[str, float], unit: str) -> None:
    """A bar chart as SVG, drawn by matplotlib of the peers' environment."""
    figure: dict[str, Any] = {"path": str(path), "title": title, "values": values, "unit": unit}
    subprocess.run([PEERS, ROOT / "bench" / "bars.py"], input=json.dumps(figure), text=True, check=True)


def slug(title: str) -> str:
    """A file's name for a title."""
    return re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")
