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
LATER_KINDS: dict[str, str] = {
    "de5165d56aac": "category",
    "739507b4ed8e": "bestsellers",
    "feb21959b5e6": "bestsellers",
    "8abbe162f477": "bestsellers",
    "ab81861bddb2": "bestsellers",
    "ab847607fdb4": "reviews",
    "1b4732d8fcaf": "reviews",
    "8b26e1ade843": "reviews",
    "014ebc279f8e": "reviews",
    "19f3d02ba57e": "reviews",
    "1bd6ca504a22": "reviews",
    "1652592de715": "reviews",
    "e89706d5a3dd": "reviews",
    "6e881c3b3155": "reviews",
    "9c201b6c66a0": "empty_category",
    "68c8dad677fa": "empty_category",
    "df51bd739eda": "deals",
    "9cd60006bc3f": "offers",
    "f6be04727f07": "offers",
}
"""Pages that the manifest calls other, as it is older than the kinds that read them; by title and address of each."""
UNREADABLE = {"0007085ecfde": ("videos",)}  # its gallery counts six films; the saved page lists none of them
ENTRIES = [json.loads(line) for line in MANIFEST.read_text().splitlines()] if MANIFEST.exists() else []


def _address(entry: dict[str, str]) -> str:
    if entry["asin"]:
        return f"https://{entry['marketplace']}/dp/{entry['asin']}"
    return f"https://{entry['marketplace']}/" + ("s?k=x" if entry["kind"] == "search" else "")


def _expected(entry: dict[str, str]) -> str:
    if entry["id"] in DISAGREEMENTS:
        return DISAGREEMENTS[entry["id"]][0]
    return LATER_KINDS.get(entry["id"], KINDS[entry["kind"]])


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry["id"])
def test_every_page_is_what_it_is(entry: dict[str, str]) -> None:
    parsed = parse(gzip.decompress((PAGES / entry["file"]).read_bytes()), _address(entry))
    assert parsed.kind == _expected(entry)
    if parsed.record is not None:
        assert parsed.record.title
        assert parsed.record.warnings == UNREADABLE.get(entry["id"], ())


@pytest.mark.parametrize(
    "entry", [entry for entry in ENTRIES if entry["kind"] == "details"][::6], ids=lambda entry: entry["id"]
)
def test_half_a_product_page_is_truncated(entry: dict[str, str]) -> None:
    body = gzip.decompress((PAGES / entry["file"]).read_bytes())
    assert parse(body[: len(body) // 2], _address(entry)).kind is PageKind.TRUNCATED
