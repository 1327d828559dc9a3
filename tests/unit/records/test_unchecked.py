"""Rows that readers make without pydantic's check of their values: they would pass it."""

import gzip
import json
import random
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from azscraper.kinds.recognise import parse
from azscraper.records import PageRecord
from azscraper.records.bestsellers import ChartRow
from azscraper.records.unchecked import unchecked

CASES = [case.parent for case in sorted((Path(__file__).parents[2] / "cases").glob("*/case.json"))]
NUMBERS = (b"0", b"-1", b"1.5", b"9" * 30, b"null", b'"7"', b"true", "٣".encode())
DAMAGES = 20


def pages(case: Path) -> Iterator[bytes]:
    """The page of a case, and the same with other numbers here and there."""
    file = next(case.glob("page.*"))
    body = gzip.decompress(file.read_bytes()) if file.suffix == ".gz" else file.read_bytes()
    yield body
    dice = random.Random(case.name)
    for _ in range(DAMAGES):
        yield re.sub(rb"\d+", lambda found: dice.choice(NUMBERS) if dice.random() < 0.05 else found[0], body)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_rows_pass_the_check_that_their_readers_leave_out(case: Path) -> None:
    url = json.loads((case / "case.json").read_text("utf-8"))["url"]
    media_type = "application/json" if next(case.glob("page.*json*"), None) else "text/html"
    rows = [row for body in pages(case) for row in parse(body, url, media_type=media_type).read.records]
    assert [repr(checked(row)) for row in rows] == list(map(repr, rows))


def checked(row: PageRecord) -> PageRecord:
    """Made again by pydantic, which converts nothing."""
    return type(row).model_validate(dict(row), strict=True)


def test_a_row_is_as_if_its_class_had_made_it():
    values = {"list": "best_sellers", "rank": 3, "asin": "B0DEMO0011", "price_range": None}
    row = unchecked(ChartRow)(**values)
    assert row == ChartRow(**values)
    assert row.model_dump_json() == ChartRow(**values).model_dump_json()
    assert row.model_copy(update={"rank": 4}) == ChartRow(**values | {"rank": 4})
    assert row.rank == 3
    with pytest.raises(ValueError, match="frozen"):
        row.rank = 4
