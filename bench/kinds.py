"""Milliseconds of CPU a page of each kind, beside the bare parse of the same bytes, and the bound that each kind must keep.

``python bench/kinds.py [KIND…]`` reads the recorded pages (AZSCRAPER_PAGES, and the folder ``pages-kinds`` beside it). The page and its bare parse
take turns, so that a busy machine is busy for both. *First* is a page's first reading in a process that has read others; *again* the best of four,
which finds the texts that it remembers (``azscraper.parse.remembered``).
"""

import gc
import gzip
import json
import os
import statistics
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import orjson
from rich.console import Console
from rich.table import Table
from selectolax.lexbor import LexborHTMLParser

from azscraper.kinds.recognise import read_page, recognise
from azscraper.parse.page import Page

ROOT = Path(__file__).parents[1]
FOLDER = Path(os.environ.get("AZSCRAPER_PAGES", ROOT.parent / "shared" / "pages"))
_ROUNDS = 4
_EACH = {"details": 6, "search": 3}
"""Every n-th of the kinds that have hundreds of pages."""
BOUNDS = {"search": 4.6, "suggestions": 2.0}
BOUND = 3.0
JSON_READS = 50
"""At a time: one takes less than the clock can tell."""


@dataclass(frozen=True)
class Recorded:
    """A page as it was fetched."""

    body: bytes
    url: str
    media_type: str

    def page(self) -> Page:
        return Page(self.body, self.url, self.media_type)


@dataclass(frozen=True)
class Timed:
    """Seconds of CPU of one page."""

    bare: float
    first: float
    again: float
    tree: float
    """Of ``again``: the tree, its ids, and which kind it is."""


def recorded(folder: Path) -> Iterator[Recorded]:
    """The pages of a folder and of that of the other kinds beside it, at the addresses that the labels name."""
    urls = dict(_labelled())
    for place in (folder, folder.parent / "pages-kinds"):
        for line in _lines(place / "manifest.jsonl"):
            body = gzip.decompress((place / line["file"]).read_bytes())
            media_type = "application/json" if line["kind"] == "suggest" else "text/html"
            yield Recorded(body, urls.get(line["file"]) or _url(line), media_type)


def _labelled() -> Iterator[tuple[str, str]]:
    for file in (ROOT / "tests" / "labels").glob("*.jsonl"):
        yield from ((line["file"], line["url"]) for line in _lines(file) if "url" in line and "file" in line)


def _lines(file: Path) -> list[dict[str, str]]:
    return [json.loads(line) for line in file.read_text("utf-8").splitlines()] if file.exists() else []


def _url(line: dict[str, str]) -> str:
    path = f"dp/{line['asin']}" if line.get("asin") else f"s?k={line['keyword']}" if line.get("keyword") else ""
    return f"https://{line['marketplace']}/{path}"


def of_kinds(wanted: list[str]) -> dict[str, list[Recorded]]:
    """The recorded pages by kind."""
    found: dict[str, list[Recorded]] = defaultdict(list)
    for one in recorded(FOLDER):
        kind = recognise(one.page())
        if kind is not None and (not wanted or kind.name in wanted):
            found[kind.name].append(one)
    return {name: pages[:: _EACH.get(name, 1)] for name, pages in found.items()}


def measure(kinds: dict[str, list[Recorded]]) -> dict[str, list[Timed]]:
    """Each page of each kind; all of them between two readings of the same."""
    pages = [(name, one) for name, ones in kinds.items() for one in ones]
    rounds = [[_times(one) for _, one in pages] for _ in range(_ROUNDS)]
    timed: dict[str, list[Timed]] = defaultdict(list)
    for place, (name, _) in enumerate(pages):
        bare, again, tree = (min(one[place][part] for one in rounds) for part in range(3))
        timed[name].append(Timed(bare, rounds[0][place][1], again, tree))
    return timed


def _times(one: Recorded) -> tuple[float, float, float]:
    """Bare, read, and of that recognised; of a small body the mean of many."""
    is_json = one.media_type != "text/html"
    times = JSON_READS if is_json else 1
    bare = _seconds(lambda: (orjson.loads if is_json else LexborHTMLParser)(one.body), times)
    return bare, _seconds(lambda: read_page(one.page()), times), _seconds(lambda: recognise(one.page()), times)


def _seconds(call, times: int) -> float:
    start = time.process_time()
    for _ in range(times):
        call()
    return (time.process_time() - start) / times


def table(timed: dict[str, list[Timed]]) -> Table:
    """A row a kind."""
    heads = (
        "ms bare",
        "ms first",
        "ms again",
        "of it tree and kind",
        "x bare, first",
        "x bare, again",
        "worst",
        "bound",
    )
    shown = Table("kind", "pages", *heads, title="Reading by kind, one core")
    for name, ones in timed.items():
        bare, first, again, tree = (
            statistics.mean(getattr(one, part) for one in ones) for part in ("bare", "first", "again", "tree")
        )
        cells = [f"{1000 * seconds:.2f}" for seconds in (bare, first, again, tree)]
        ratios = [first / bare, again / bare, max(one.again / one.bare for one in ones), BOUNDS.get(name, BOUND)]
        shown.add_row(name, str(len(ones)), *cells, *(f"{ratio:.1f}" for ratio in ratios))
    return shown


def read_made_up() -> None:
    """Reads the saved cases, so that no module is imported while something is measured."""
    for case in sorted((ROOT / "tests" / "cases").glob("*/case.json")):
        file = next(case.parent.glob("page.*"))
        body = gzip.decompress(file.read_bytes()) if file.suffix == ".gz" else file.read_bytes()
        media_type = "application/json" if ".json" in file.suffixes else "text/html"
        read_page(Page(body, json.loads(case.read_text())["url"], media_type))


def kinds_table(wanted: list[str]) -> Table | None:
    """None where the recorded pages are not at hand."""
    if not (FOLDER / "manifest.jsonl").exists():
        return None
    read_made_up()
    kinds = of_kinds(wanted)
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 20)  # as workers have it
    return table(measure(kinds))


if __name__ == "__main__":
    found = kinds_table(sys.argv[1:])
    Console(width=140).print(found or "No recorded pages: name their folder in AZSCRAPER_PAGES.")
