"""Instructions that reading a page of each kind takes, beside the bare parse of the same bytes, and the bound that each kind must keep.

``python bench/instructions.py [KIND…]`` needs valgrind, whose cachegrind counts; what else the machine does makes no difference. All pages of a kind are
read one after the other, and all of them once more: *first* is a page's first reading in a process that has read the made-up ones, *again* the
second, which finds the texts that it remembers (``azscraper.parse.remembered``). *Bare* is a second one, too.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections import defaultdict
from pathlib import Path

from kinds import BOUND, BOUNDS, FOLDER
from rich.console import Console
from rich.table import Table

_LEFT_OUT = "Instructions were not counted: valgrind is not installed."


def instructions_table(wanted: list[str]) -> Table | str | None:
    """None where the recorded pages are not at hand; where valgrind isn't, words that say so."""
    if not (FOLDER / "manifest.jsonl").exists():
        return None
    return table(_counted(wanted)) if shutil.which("valgrind") else _LEFT_OUT


def _counted(wanted: list[str]) -> dict[str, dict[str, float]]:
    """By kind: its pages, and the millions of instructions of each part, a page."""
    found: dict[str, dict[str, float]] = defaultdict(dict)
    with tempfile.TemporaryDirectory(prefix="azscraper-bench-") as folder:
        tool = ["valgrind", "--quiet", "--tool=cachegrind", "--cache-sim=no", f"--cachegrind-out-file={folder}/%p"]
        child = [*tool, sys.executable, str(Path(__file__).with_name("counted.py")), *wanted]
        done = subprocess.run(child, env=os.environ | {"PYTHONHASHSEED": "0"}, stdout=subprocess.PIPE, check=True)
        for line in map(json.loads, done.stdout.splitlines()):
            found[line["kind"]]["pages"] = line["pages"]
            found[line["kind"]][line["part"]] = _summary(Path(folder) / str(line["process"])) / line["readings"] / 1e6
    return found


def _summary(file: Path) -> int:
    return int(file.read_text("utf-8").rpartition("summary:")[2])


def table(counted: dict[str, dict[str, float]]) -> Table:
    """A row a kind."""
    heads = ("M bare", "M first", "M again", "x bare, first", "x bare, again", "bound")
    shown = Table("kind", "pages", *heads, title="Instructions of reading by kind")
    for name, part in counted.items():
        bare, again = (part[f"{one} twice"] - part[one] for one in ("bare", "read"))
        first = part["read"] - part["nothing"]
        millions = (f"{one:.{2 if one < 10 else 1}f}" for one in (bare, first, again))
        ratios = (f"{one / bare:.2f}" for one in (first, again))
        shown.add_row(name, str(part["pages"]), *millions, *ratios, f"{BOUNDS.get(name, BOUND):.1f}")
    return shown


if __name__ == "__main__":
    found = instructions_table(sys.argv[1:])
    Console(width=140).print(found or "No recorded pages: name their folder in AZSCRAPER_PAGES.")
