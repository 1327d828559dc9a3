"""Real pages, damaged: whatever bytes come in, a page kind comes out, and nothing is raised.

Two hundred mutants in a normal run, chosen by fixed seeds; ``AZSCRAPER_MUTANTS=2000`` asks for more.
"""

import gzip
import json
import os
import random
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from azscraper.kinds.recognise import parse
from azscraper.records import PageKind, Parsed

PAGES = Path(os.environ.get("AZSCRAPER_PAGES") or Path(__file__).parents[3] / "shared" / "pages")
MANIFEST = PAGES / "manifest.jsonl"
pytestmark = pytest.mark.skipif(not MANIFEST.exists(), reason="the folder of real pages is not here")
ENTRIES = [json.loads(line) for line in MANIFEST.read_text("utf-8").splitlines()] if MANIFEST.exists() else []
MUTANTS = int(os.environ.get("AZSCRAPER_MUTANTS", "200"))
BATCH = 20  # mutants of a test
OTHERS = Path(os.environ.get("AZSCRAPER_KIND_PAGES") or PAGES.parent / "pages-kinds")
OTHER_ENTRIES = (
    [json.loads(line) for line in (OTHERS / "manifest.jsonl").read_text("utf-8").splitlines()]
    if (OTHERS / "manifest.jsonl").exists()
    else []
)
FEW, MANY = 3, 200  # mutants of each page of the other kinds, in a normal run and in make fuzz

TAG = re.compile(rb"<[a-zA-Z/][^<>]{0,2000}>")
ATTRIBUTE = re.compile(rb"\s[a-zA-Z-]+=\"[^\"<>]{0,2000}\"")
DIGITS = re.compile(rb"\d+")


def cut(body: bytes, dice: random.Random) -> bytes:
    return body[: dice.randrange(len(body) + 1)]


def cut_at_the_front(body: bytes, dice: random.Random) -> bytes:
    return body[dice.randrange(len(body) + 1) :]


def drop_a_stretch(body: bytes, dice: random.Random) -> bytes:
    start, end = sorted(dice.randrange(len(body) + 1) for _ in range(2))
    return body[:start] + body[end:]


def drop_tags(body: bytes, dice: random.Random) -> bytes:
    share = dice.choice([0.01, 0.1, 0.5])
    return TAG.sub(lambda tag: b"" if dice.random() < share else tag[0], body)


def shuffle_attributes(body: bytes, dice: random.Random) -> bytes:
    def shuffled(tag: re.Match[bytes]) -> bytes:
        found = ATTRIBUTE.findall(tag[0])
        dice.shuffle(found)
        return ATTRIBUTE.sub(lambda _: found.pop(), tag[0])

    return TAG.sub(shuffled, body)


def swap_values(body: bytes, dice: random.Random) -> bytes:
    """Every attribute may take the value of another one of its tag: ids in addresses, classes in labels."""

    def swapped(tag: re.Match[bytes]) -> bytes:
        found = ATTRIBUTE.findall(tag[0])
        values = [attribute.partition(b"=")[2] for attribute in found]
        dice.shuffle(values)
        return ATTRIBUTE.sub(lambda name: name[0].partition(b"=")[0] + b"=" + values.pop(), tag[0])

    return TAG.sub(lambda tag: swapped(tag) if dice.random() < 0.1 else tag[0], body)


def another_charset(body: bytes, dice: random.Random) -> bytes:
    codec = dice.choice(["utf-16", "cp1252", "cp932", "gb18030"])
    if dice.random() < 0.5:
        return body.decode("utf-8", "replace").encode(codec, "replace")
    return re.sub(rb"charset=[\"']?[A-Za-z0-9_-]+", b"charset=" + codec.encode(), body)


def flip_bytes(body: bytes, dice: random.Random) -> bytes:
    damaged = bytearray(body)
    for _ in range(min(len(damaged), dice.choice([1, 100, 5000]))):
        damaged[dice.randrange(len(damaged))] = dice.randrange(256)
    return bytes(damaged)


def other_numbers(body: bytes, dice: random.Random) -> bytes:
    odd = [b"", b"0", b"-1", b"9" * 400, "٣".encode(), b"1,2,3.4.5", b"1e400"]
    return DIGITS.sub(lambda found: dice.choice(odd) if dice.random() < 0.05 else found[0], body)


DAMAGES: tuple[Callable[[bytes, random.Random], bytes], ...] = (
    cut,
    cut_at_the_front,
    drop_a_stretch,
    drop_tags,
    shuffle_attributes,
    swap_values,
    another_charset,
    flip_bytes,
    other_numbers,
)


def address(entry: dict[str, str]) -> str:
    path = f"dp/{entry['asin']}" if entry["asin"] else "s?k=kettle" if entry["kind"] == "search" else ""
    return f"https://{entry['marketplace']}/{path}"


@pytest.mark.parametrize("first", range(0, MUTANTS, BATCH))
def test_damaged_pages_are_read_without_complaint(first: int) -> None:
    """Mutant by mutant the next page and, every round of the pages, the next damage."""
    for number in range(first, min(first + BATCH, MUTANTS)):
        turn, place = divmod(number, len(ENTRIES))
        damage = DAMAGES[(place + turn) % len(DAMAGES)]
        entry = ENTRIES[place]
        body = gzip.decompress((PAGES / entry["file"]).read_bytes())
        parsed = parse(damage(body, random.Random(number)), address(entry))
        assert_whole(parsed, f"{entry['file']}, mutant {number}: {damage.__name__}")


LISTS_OF_PRODUCTS = (PageKind.SEARCH, "category", "seller_products")


def assert_whole(parsed: Parsed, which: str) -> None:
    """A record where there is a product, rows where there is a list of products; all of it can be written as JSON."""
    assert (parsed.record is not None) == (parsed.kind is PageKind.PRODUCT), which
    assert bool(parsed.rows) == (parsed.kind in LISTS_OF_PRODUCTS), which
    records = [*parsed.rows, *filter(None, (parsed.record, parsed.summary))]
    assert all(record.model_dump_json(by_alias=True) for record in records), which


@pytest.mark.parametrize("entry", OTHER_ENTRIES, ids=lambda entry: f"{entry['kind']}-{entry['id']}")
def test_damaged_pages_of_other_kinds_are_read_without_complaint(
    entry: dict[str, str], request: pytest.FixtureRequest
) -> None:
    """What is read, whatever the kind, can be written as JSON."""
    body = gzip.decompress((OTHERS / entry["file"]).read_bytes())
    media_type = "application/json" if ".json" in entry["file"] else "text/html"
    first = int(entry["id"], 16) % len(DAMAGES)
    for number in range(MANY if request.config.getoption("--whole") else FEW):
        damage = DAMAGES[(first + number) % len(DAMAGES)]
        parsed = parse(damage(body, random.Random(number)), address(entry), media_type=media_type)
        records = [*parsed.read.records, *filter(None, [parsed.summary])]
        assert all(record.model_dump_json(by_alias=True) for record in records), f"mutant {number}: {damage.__name__}"
