"""Shows what the parsers read from a folder of real pages: fill rate per field and marketplace, classification, time.

The folder has a manifest.jsonl (file, kind, subtype, marketplace, asin) and gzip'd pages; it is never part of the project.

    .venv/bin/python scripts/fill_rate.py [FOLDER] [--json]
"""

import argparse
import gzip
import json
import os
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.progress import track
from rich.table import Table
from selectolax.lexbor import LexborHTMLParser

from azscraper.kinds.recognise import parse
from azscraper.records import PageKind, Parsed, Product, SearchRow
from azscraper.records.parts import OfferState, Record

ROOT = Path(__file__).resolve().parent.parent
EXPECTED = {
    "details": {PageKind.PRODUCT},
    "search": {PageKind.SEARCH},
    "blocked": {PageKind.BLOCKED},
    "notfound": {PageKind.NOT_FOUND},
    "other": set(PageKind) - {PageKind.PRODUCT, PageKind.SEARCH, PageKind.EMPTY_SEARCH},
}
ALWAYS = {"fetched_at", "parser_version", "warnings", "page", "position", "sponsored", "requested_asin"}
"""Fields whose presence says nothing about the page."""


@dataclass(frozen=True, slots=True)
class Page:
    """A page of the folder, parsed."""

    file: str
    kind: str
    subtype: str
    marketplace: str
    parsed: Parsed
    parse_seconds: float
    """For the whole extraction."""
    tree_seconds: float
    """For the HTML parser alone."""


def main() -> None:
    default = os.environ.get("AZSCRAPER_PAGES") or str(ROOT.parent / "shared" / "pages")
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("folder", nargs="?", type=Path, default=Path(default), help="default: %(default)s")
    arguments.add_argument("--json", action="store_true", help="print one JSON object")
    chosen = arguments.parse_args()
    manifest = [json.loads(line) for line in (chosen.folder / "manifest.jsonl").read_text("utf-8").splitlines() if line]
    console = Console(stderr=True, quiet=chosen.json)
    pages = [read(chosen.folder, entry) for entry in track(manifest, "Parsing", console=console)]
    report = summary(pages)
    if chosen.json:
        print(json.dumps(report, indent=1, default=str))
    else:
        show(report, pages)


def read(folder: Path, entry: dict[str, str]) -> Page:
    body = gzip.decompress((folder / entry["file"]).read_bytes())
    url = address(entry)
    start = time.perf_counter()
    LexborHTMLParser(body)
    between = time.perf_counter()
    parsed = parse(body, url)
    return Page(
        file=entry["file"],
        kind=entry["kind"],
        subtype=entry.get("subtype") or "",
        marketplace=entry["marketplace"],
        parsed=parsed,
        parse_seconds=time.perf_counter() - between,
        tree_seconds=between - start,
    )


def address(entry: dict[str, str]) -> str:
    """An address of the page's kind that gives nothing of its content away but the ASIN."""
    host = entry["marketplace"]
    if entry["kind"] == "search":
        return f"https://{host}/s"
    return f"https://{host}/dp/{entry['asin']}" if entry.get("asin") else f"https://{host}/"


def summary(pages: list[Page]) -> dict[str, object]:
    products = [(page.marketplace, page.parsed.record) for page in pages if page.parsed.record is not None]
    rows = [(page.marketplace, row) for page in pages for row in page.parsed.rows]
    return {
        "pages": len(pages),
        "disagreements": [
            {"file": page.file, "expected": page.kind, "subtype": page.subtype, "got": page.parsed.kind}
            for page in pages
            if page.parsed.kind not in EXPECTED[page.kind]
        ],
        "classification": {
            kind: dict(Counter(page.parsed.kind.value for page in pages if page.kind == kind)) for kind in EXPECTED
        },
        "warnings": dict(Counter(name for page in pages for name in page.parsed.warnings)),
        "milliseconds": {kind: times([page for page in pages if page.kind == kind]) for kind in EXPECTED},
        "product": fill(Product, products),
        "searchRow": fill(SearchRow, rows),
    }


def times(pages: list[Page]) -> dict[str, float]:
    """Means a page: the whole extraction, the HTML parser alone, and their ratio."""
    whole = sum(page.parse_seconds for page in pages) / max(len(pages), 1) * 1000
    tree = sum(page.tree_seconds for page in pages) / max(len(pages), 1) * 1000
    return {"whole": round(whole, 2), "tree": round(tree, 2), "ratio": round(whole / tree, 2) if tree else 0.0}


def fill(record: type[Record], found: Iterable[tuple[str, Record]]) -> dict[str, dict[str, float]]:
    """For each field, the share of records that have it: over all sites and for each."""
    have: dict[str, Counter[str]] = defaultdict(Counter)
    count: Counter[str] = Counter()
    for marketplace, one in found:
        filled = list(filled_fields(one))
        for group in ("all", marketplace):
            count[group] += 1
            have[group].update(filled)
    names = [name for name in record.model_fields if name not in ALWAYS]
    return {
        name: {group: round(have[group][name] / total, 3) for group, total in count.most_common()} for name in names
    } | {"(records)": {group: float(total) for group, total in count.most_common()}}


def filled_fields(record: Record) -> Iterator[str]:
    for name in type(record).model_fields:
        value = getattr(record, name)
        if value not in (None, (), {}, OfferState.NONE):
            yield name


def show(report: dict[str, object], pages: list[Page]) -> None:
    console = Console(width=max(Console().width, 160))
    for title in ("product", "searchRow"):
        console.print(fill_table(title, report[title]))
    console.print(classification_table(report["classification"]))
    for page in pages:
        if page.parsed.kind not in EXPECTED[page.kind]:
            console.print(f"  {page.file}: expected {page.kind} ({page.subtype}), got {page.parsed.kind}")
    console.print("Warnings:", report["warnings"])
    console.print("Milliseconds a page:", report["milliseconds"])


def fill_table(title: str, rates: dict[str, dict[str, float]]) -> Table:
    groups = list(rates["(records)"])
    table = Table(title=f"Fill rate of {title}", row_styles=["", "dim"])
    table.add_column("field")
    for group in groups:
        table.add_column(group.removeprefix("www.amazon."), justify="right")
    table.add_row("records", *(f"{rates['(records)'][group]:.0f}" for group in groups), end_section=True)
    for name, of_group in rates.items():
        if name != "(records)":
            table.add_row(name, *(f"{of_group[group]:.0%}" if of_group[group] else "·" for group in groups))
    return table


def classification_table(counts: dict[str, dict[str, int]]) -> Table:
    kinds = sorted({got for row in counts.values() for got in row})
    table = Table(title="Classification: expected down, got across")
    table.add_column("expected")
    for got in kinds:
        table.add_column(got, justify="right")
    for expected, row in counts.items():
        table.add_row(expected, *(str(row.get(got, "·")) for got in kinds))
    return table


if __name__ == "__main__":
    main()
