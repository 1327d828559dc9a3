"""Real search pages, where the folder is at hand: every page is read, and as many tiles as a reader counts.

The counts were made on the rendered pages: what the page offers as results, advertisements among them included.
"""

import gzip
import json
import os
from pathlib import Path

import pytest

from azscraper.parse.document import Document
from azscraper.parse.search import SearchPage, parse_search
from azscraper.records import SearchRow

PAGES = Path(os.environ.get("AZSCRAPER_PAGES") or Path(__file__).parents[3] / "shared" / "pages")
MANIFEST = PAGES / "manifest.jsonl"
pytestmark = pytest.mark.skipif(not MANIFEST.exists(), reason="the folder of real pages is not here")

TILES = {  # file: (tiles, sponsored ones among them)
    "07d91c68afbc": (59, 12),
    "155f94f6ad3b": (22, 6),
    "1766002b73c5": (16, 0),
    "1fe857294705": (22, 6),
    "2038de640f8b": (22, 6),
    "25cdf0ee012e": (22, 6),
    "363e458c94a6": (1, 0),
    "37b9deafebad": (22, 6),
    "3bcdbd7730fa": (22, 6),
    "3cb576b2051d": (59, 12),
    "41fa2ea76a91": (16, 0),
    "4a9155f25aef": (24, 0),
    "5667eadb403b": (27, 3),
    "56ead1cbe586": (16, 0),
    "6d9682010ba1": (22, 6),
    "712be4258abf": (52, 4),
    "722649b61bec": (16, 0),
    "7d7072199e40": (32, 8),
    "82e2a1402f63": (20, 4),
    "836410eb25cf": (47, 12),
    "84dccbf022fa": (60, 12),
    "86f4a58e768a": (20, 4),
    "894953d95a94": (22, 6),
    "8a1d7a04fb39": (48, 0),
    "8d69f263c8b0": (22, 6),
    "9aaa12642828": (60, 12),
    "9d186e478d72": (33, 9),
    "a32834b08f29": (22, 6),
    "ab5c9dabd4ea": (60, 12),
    "adca100289f6": (24, 0),
    "af7f8a9976b0": (51, 3),
    "b2a5baafe1e5": (20, 4),
    "b40b8e3c5479": (16, 0),
    "b60ee0db4648": (48, 0),
    "baa4989bfd8a": (16, 0),
    "c01bcb148612": (60, 12),
    "c3cb5f12574e": (60, 12),
    "c7a7a34fb732": (22, 6),
    "d7d38b4e53a2": (21, 5),
    "d7e5bcfade1e": (13, 12),
    "dd515e0eccab": (60, 12),
    "eac53223e8c3": (24, 0),
    "f1a1e8f2b5a8": (16, 0),
    "f57dcf5f572a": (20, 4),
    "f862f6956e82": (59, 12),
}


@pytest.fixture(scope="module")
def pages() -> dict[str, SearchPage]:
    entries = [json.loads(line) for line in MANIFEST.read_text("utf-8").splitlines()]
    return {entry["file"]: read(entry) for entry in entries if entry["kind"] == "search"}


def read(entry: dict[str, str]) -> SearchPage:
    url = f"https://{entry['marketplace']}/s"
    body = gzip.decompress((PAGES / entry["file"]).read_bytes())
    return parse_search(Document(body, url), url)


@pytest.mark.parametrize("name", TILES)
def test_as_many_tiles_as_a_reader_counts(pages: dict[str, SearchPage], name: str) -> None:
    rows = pages[f"search/{name}.html.gz"].rows
    assert (len(rows), sum(row.sponsored for row in rows)) == TILES[name]


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
