"""Real pages, written otherwise: white space, comments and the order of attributes never change a record."""

import gzip
import json
import os
import random
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from azscraper.kinds.recognise import parse

PAGES = Path(os.environ.get("AZSCRAPER_PAGES") or Path(__file__).parents[3] / "shared" / "pages")
MANIFEST = PAGES / "manifest.jsonl"
pytestmark = pytest.mark.skipif(not MANIFEST.exists(), reason="the folder of real pages is not here")
ENTRIES = [json.loads(line) for line in MANIFEST.read_text("utf-8").splitlines()] if MANIFEST.exists() else []
SAMPLE = [entry for entry in ENTRIES if entry["kind"] in {"details", "search"}][::6]

VERBATIM = re.compile(
    rb"(<!--.*?-->|<(script|style|textarea|title|pre|noscript)\b.*?</\2\s*>)", re.DOTALL | re.IGNORECASE
)
TAG = re.compile(rb"<[a-zA-Z][^<>]*>")
ATTRIBUTE = re.compile(rb"\s+([a-zA-Z-]+)=(\"[^\"<>]*\"|'[^'<>]*')")
BETWEEN_TAGS = re.compile(rb">(\s+)<")


def outside_of_scripts(rewrite: Callable[[bytes], bytes], body: bytes) -> bytes:
    pieces = VERBATIM.split(body)
    return b"".join(piece if place % 3 == 1 else rewrite(piece) for place, piece in enumerate(pieces) if place % 3 != 2)


def other_order(piece: bytes) -> bytes:
    dice = random.Random(len(piece))

    def reordered(tag: re.Match[bytes]) -> bytes:
        found = [attribute[0] for attribute in ATTRIBUTE.finditer(tag[0])]
        names = [attribute.split(b"=")[0].strip().lower() for attribute in found]
        if len(set(names)) < len(names):  # of two with the same name the first counts
            return tag[0]
        dice.shuffle(found)
        return ATTRIBUTE.sub(lambda _: found.pop(), tag[0])

    return TAG.sub(reordered, piece)


def other_white_space(piece: bytes) -> bytes:
    return BETWEEN_TAGS.sub(lambda gap: b">" + gap[1] + b"\r\n\t " + b"<", piece)


def with_comments(piece: bytes) -> bytes:
    return BETWEEN_TAGS.sub(lambda gap: b">" + gap[1] + b"<!-- $9.99, 4.1 out of 5 -->" + b"<", piece)


@pytest.mark.parametrize("rewrite", [other_order, other_white_space, with_comments])
@pytest.mark.parametrize("entry", SAMPLE, ids=lambda entry: entry["id"])
def test_another_writing_of_a_page_is_the_same_page(rewrite: Callable[[bytes], bytes], entry: dict[str, str]) -> None:
    body = gzip.decompress((PAGES / entry["file"]).read_bytes())
    url = f"https://{entry['marketplace']}/" + (f"dp/{entry['asin']}" if entry["asin"] else "s?k=x")
    rewritten = outside_of_scripts(rewrite, body)
    assert rewritten != body
    assert parse(rewritten, url) == parse(body, url)
