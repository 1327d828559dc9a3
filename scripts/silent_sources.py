"""``python scripts/silent_sources.py``: the sources of a product's fields that win on no recorded page. They may go.

Reads the folder of recorded pages (first argument, else AZSCRAPER_PAGES).
"""

import argparse
import gzip
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from azscraper.kinds.details.read import FIELDS
from azscraper.kinds.explain import sources_of
from azscraper.kinds.recognise import recognise
from azscraper.parse.document import Document
from azscraper.parse.page import Page
from azscraper.records import Product

ROOT = Path(__file__).parents[1]
Json = dict[str, Any]


def folder_of(arguments: argparse.ArgumentParser) -> argparse.Namespace:
    """What was asked for, with the folder of recorded pages; ends with status 2 where that holds none."""
    shared = ROOT.parent / "shared" / "pages"
    arguments.add_argument("folder", nargs="?", type=Path, default=Path(os.environ.get("AZSCRAPER_PAGES", shared)))
    given = arguments.parse_args()
    if not (given.folder / "manifest.jsonl").exists():
        arguments.exit(2, f"{given.folder} holds no recorded pages; name the folder, or set AZSCRAPER_PAGES\n")
    return given


def urls_of(folder: Path) -> dict[str, str]:
    """The addresses of the recorded pages, by file."""
    lines = map(json.loads, (folder / "manifest.jsonl").read_text().splitlines())
    return {line["file"]: f"https://{line['marketplace']}/{_path(line)}" for line in lines}


def _path(line: Json) -> str:
    if line["keyword"]:
        return f"s?k={line['keyword']}"
    return f"dp/{line['asin']}" if line["asin"] else ""


def silent_sources(folder: Path, urls: dict[str, str]) -> dict[str, list[str]]:
    """Of each field of a product the sources that win on no recorded page."""
    silent = {name: sources_of(Product, name) for name in FIELDS}
    for file, url in urls.items():
        body = gzip.decompress((folder / file).read_bytes())
        page = Page(body, url)
        kind = recognise(page)
        if kind is not None and kind.records[0] is Product:
            for name, winner in _winners(page.document):
                silent[name] = [source for source in silent[name] if source != winner]
    return {name: sources for name, sources in silent.items() if sources}


def _winners(document: Document) -> Iterator[tuple[str, str]]:
    for name, field_ in FIELDS.items():
        winner = next((source for source, value in field_.heard(document) if value), None)
        if winner:
            yield name, winner


def main() -> None:
    given = folder_of(argparse.ArgumentParser(description=__doc__))
    silent = silent_sources(given.folder, urls_of(given.folder))
    print("\n".join(f"{name}: {source}" for name, sources in silent.items() for source in sources))


if __name__ == "__main__":
    main()
