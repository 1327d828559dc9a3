"""Real pages, where the folder is at hand: every page is read, and is what the manifest says, save a written list."""

import gzip
import json
import os
from pathlib import Path

import pytest

from azscraper.kinds.recognise import parse
from azscraper.records import PageKind

PAGES = Path(os.environ.get("AZSCRAPER_PAGES") or Path(__file__).parents[3] / "shared" / "pages")
MANIFEST = PAGES / "manifest.jsonl"
pytestmark = pytest.mark.skipif(not MANIFEST.exists(), reason="the folder of real pages is not here")
KINDS = {
    "details": PageKind.PRODUCT,
    "search": PageKind.SEARCH,
    "blocked": PageKind.BLOCKED,
    "notfound": PageKind.NOT_FOUND,
    "other": PageKind.UNKNOWN,
}
DISAGREEMENTS = {
    "a19c70532b2b": (PageKind.PRODUCT, "called a landing page; it is a book's mobile page with price and cart button"),
    "354699629637": (PageKind.PRODUCT, "called other; it is an app's page with title, maker, rating and reviews"),
}
UNREADABLE = {"0007085ecfde": ("videos",)}  # its gallery counts six films; the saved page lists none of them
ENTRIES = [json.loads(line) for line in MANIFEST.read_text().splitlines()] if MANIFEST.exists() else []


def _address(entry: dict[str, str]) -> str:
    if entry["asin"]:
        return f"https://{entry['marketplace']}/dp/{entry['asin']}"
    return f"https://{entry['marketplace']}/" + ("s?k=x" if entry["kind"] == "search" else "")


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry["id"])
def test_every_page_is_what_it_is(entry: dict[str, str]) -> None:
    parsed = parse(gzip.decompress((PAGES / entry["file"]).read_bytes()), _address(entry))
    expected = DISAGREEMENTS[entry["id"]][0] if entry["id"] in DISAGREEMENTS else KINDS[entry["kind"]]
    assert parsed.kind is expected
    if parsed.record is not None:
        assert parsed.record.title
        assert parsed.record.warnings == UNREADABLE.get(entry["id"], ())


@pytest.mark.parametrize(
    "entry", [entry for entry in ENTRIES if entry["kind"] == "details"][::6], ids=lambda entry: entry["id"]
)
def test_half_a_product_page_is_truncated(entry: dict[str, str]) -> None:
    body = gzip.decompress((PAGES / entry["file"]).read_bytes())
    assert parse(body[: len(body) // 2], _address(entry)).kind is PageKind.TRUNCATED
