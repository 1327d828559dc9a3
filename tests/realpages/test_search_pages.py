"""Real search pages, where the folder is at hand: every page is read, and its tiles are those that a reader found.

The labels were made by reading the markup: what a page offers as results, advertisements among them included.
"""

import gzip
import json
import os
from pathlib import Path
from typing import Any

import pytest

from azscraper.kinds.search.read import SearchPage, parse_search
from azscraper.parse.document import Document
from azscraper.records import SearchRow

PAGES = Path(os.environ.get("AZSCRAPER_PAGES") or Path(__file__).parents[3] / "shared" / "pages")
MANIFEST = PAGES / "manifest.jsonl"
pytestmark = [
    pytest.mark.skipif(not MANIFEST.exists(), reason="the folder of real pages is not here"),
    pytest.mark.xdist_group("search pages"),  # each is read once
]

LABELS = Path(__file__).parents[1] / "labels" / "search.jsonl"
OWN_BRANDS = {"search/836410eb25cf.html.gz": 2}
"""Advertised by Amazon itself as "Our brand", through the same markup and counter of clicks: not counted in labels."""
LABELLED = [json.loads(line) for line in LABELS.read_text("utf-8").splitlines()]


@pytest.fixture(scope="module")
def pages() -> dict[str, SearchPage]:
    entries = [json.loads(line) for line in MANIFEST.read_text("utf-8").splitlines()]
    return {entry["file"]: read(entry) for entry in entries if entry["kind"] == "search"}


def read(entry: dict[str, str]) -> SearchPage:
    url = f"https://{entry['marketplace']}/s"
    body = gzip.decompress((PAGES / entry["file"]).read_bytes())
    return parse_search(Document(body, url), url)


@pytest.mark.parametrize("label", LABELLED, ids=lambda label: Path(label["file"]).name[:12])
def test_the_tiles_that_a_reader_found(pages: dict[str, SearchPage], label: dict[str, Any]) -> None:
    rows = pages[label["file"]].rows
    assert [row.asin for row in rows] == label["asins"]
    sponsored = label["sponsoredCount"] + OWN_BRANDS.get(label["file"], 0)
    assert (len(rows), sum(row.sponsored for row in rows)) == (label["tileCount"], sponsored)


def test_every_tile_has_what_every_tile_shows(pages: dict[str, SearchPage]) -> None:
    rows = [row for page in pages.values() for row in page.rows]
    assert [row.asin for row in rows if not row.title or not row.image] == []
    assert [row.asin for row in rows if row.warnings] == []


def test_positions_run_without_gaps(pages: dict[str, SearchPage]) -> None:
    for page in pages.values():
        assert [row.position for row in page.rows] == list(range(1, len(page.rows) + 1))
        organic = [row.organic_position for row in page.rows if not row.sponsored]
        assert organic == list(range(1, len(organic) + 1))


def test_amounts_make_sense_together(pages: dict[str, SearchPage]) -> None:
    rows = [row for page in pages.values() for row in page.rows]
    assert [row.asin for row in rows if _is_dearer_than_listed(row)] == []
    assert [row.asin for row in rows if row.price and row.price_range] == []
    assert [
        row.asin for row in rows if row.price_range and row.price_range.min.amount > row.price_range.max.amount
    ] == []


def test_pages_say_how_many_results_there_are(pages: dict[str, SearchPage]) -> None:
    for page in pages.values():
        assert page.summary.total_results is not None
        assert page.summary.total_results >= sum(not row.sponsored for row in page.rows)


def _is_dearer_than_listed(row: SearchRow) -> bool:
    return bool(row.price and row.list_price and row.price.amount >= row.list_price.amount)
