"""Saved cases (``azscraper extract --save-case``): one item a field, so that a wrong price is one red price.

The pages are made up: they come from the built-in marketplace or were written by hand.
"""

import gzip
import json
from pathlib import Path

import pytest

from azscraper.kinds.recognise import parse

CASES = Path(__file__).parents[2] / "cases"
IGNORED = {"parserVersion", "fetchedAt", "record"}


def fields():
    for path in sorted(CASES.glob("*/case.json")):
        expected = json.loads(path.read_text())["expected"]
        yield from ((path.parent.name, "record", name) for name in expected.get("record", {}) if name not in IGNORED)
        yield from ((path.parent.name, "summary", name) for name in expected.get("summary", {}))
        yield from ((path.parent.name, "rows", number) for number in range(len(expected.get("rows", []))))
        yield path.parent.name, "kind", ""


@pytest.fixture(scope="session")
def read():
    """What the parser makes of each case, read once."""
    cases = {}
    for path in CASES.glob("*/case.json"):
        case = json.loads(path.read_text())
        parsed = parse(gzip.decompress((path.parent / "page.html.gz").read_bytes()), case["url"])
        found = {"kind": parsed.kind.value, "rows": [row.model_dump(mode="json", by_alias=True) for row in parsed.rows]}
        for part in ("record", "summary"):
            value = getattr(parsed, part)
            found[part] = value.model_dump(mode="json", by_alias=True) if value else {}
        cases[path.parent.name] = (case["expected"], found)
    return cases


def without(value):
    return {key: part for key, part in value.items() if key not in IGNORED} if isinstance(value, dict) else value


@pytest.mark.parametrize(("case", "part", "name"), list(fields()), ids=str)
def test_field(read, case, part, name):
    expected, found = read[case]
    if part == "kind":
        assert found["kind"] == expected["kind"]
    elif part == "rows":
        assert len(found["rows"]) == len(expected["rows"])
        assert without(found["rows"][name]) == without(expected["rows"][name])
    else:
        assert found[part].get(name) == expected[part][name]
